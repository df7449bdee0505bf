"""The data that is read: the same bytes every time, written fast.

JUnit XML in pytest's dialect: 9 % failed and 1 % errors, each with a traceback of 2 kB and 1 kB of output,
3 % skipped, 20 cases a class. Report logs of three lines a test, `go test -json` of 8.6 lines a test.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

_CLASS = 20
_AT_ONCE = 2000
_VERBS = ("reconnect", "overflow", "expire", "restart", "validate", "wait", "parse", "merge", "close", "drop")
_NOUNS = ("session", "manager", "frame", "socket", "buffer", "replay", "registry", "token", "limit", "event")
_OUTPUT = "\n".join(f"2026-01-01 12:00:{n:02} INFO service.call: step {n} of the call" for n in range(20))[
    :1000
]
_CAUSES = 100


def name(number: int) -> str:
    """The name of a test."""
    return f"test_{_VERBS[number % 7]}_{_NOUNS[number // 7 % 10]}_{number}"


def trace(number: int) -> str:
    """A traceback of 2 kB, as pytest prints it; one of a hundred causes."""
    cause = number // 10 % _CAUSES
    frames = "\n".join(
        f"app/part_{cause}/service.py:{10 * n + 7}: in step_{n}\n    value = self.call_{n}(request, {n})"
        for n in range(22)
    )
    return (
        f"self = &lt;test_{number // _CLASS}.TestIt object&gt;\n\n"
        f"    def {name(number)}(self):\n&gt;       assert call({number}) == 0\n\n{frames}\n"
        f"E   AssertionError: part {cause}: assert {number} == 0\n\n"
        f"tests/unit/test_{number // _CLASS}.py:{number % _CLASS + 3}: AssertionError"
    )


def outcome(number: int) -> str:
    """What became of a test: "failure", "error", "skipped" or ""."""
    if number % 10 == 0:
        return "error" if number % 100 == 0 else "failure"
    return "skipped" if number % 100 in (3, 33, 63) else ""


def executed(tests: int) -> int:
    """How many of the first so many tests ran: those that were not skipped."""
    whole, rest = divmod(tests, 100)
    return tests - 3 * whole - sum(outcome(n) == "skipped" for n in range(rest))


def case(number: int, kind: str) -> str:
    """A test case; `kind`: what became of it."""
    head = (
        f'<testcase classname="tests.unit.test_{number // _CLASS}.TestIt" name="{name(number)}" '
        f'time="{number * 7919 % 1000 / 1000:.3f}"'
    )
    if not kind:
        return head + " />"
    if kind == "skipped":
        return head + '><skipped type="pytest.skip" message="not here">a.py:1: not here</skipped></testcase>'
    return (
        f'{head}><{kind} message="AssertionError: part {number // 10 % _CAUSES}: assert {number} == 0">'
        f"{trace(number)}</{kind}><system-out>{_OUTPUT}</system-out></testcase>"
    )


def junit_text(tests: int, first: int = 0, kind: str | None = None) -> Iterator[str]:
    """JUnit XML of so many tests, in pieces; `kind`: what became of all of them."""
    yield '<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests">'
    yield f'<testsuite name="pytest" tests="{tests}" hostname="box" timestamp="2026-01-01T12:00:00">'
    numbers = range(first, first + tests)
    yield from _joined(case(n, outcome(n) if kind is None else kind) for n in numbers)
    yield "</testsuite></testsuites>"


def junit(path: Path, tests: int, first: int = 0, kind: str | None = None) -> Path:
    """A file of so many tests."""
    return _write(path, junit_text(tests, first, kind))


def folder(directory: Path, files: int, each: int = _CLASS) -> Path:
    """A directory of so many files."""
    directory.mkdir(parents=True, exist_ok=True)
    for number in range(files):
        junit(directory / f"part-{number:05}.xml", each, number * each)
    return directory


def report_line(number: int, when: str, failed: bool) -> str:  # noqa: FBT001  # a field of the line
    """One phase of a test in a report log."""
    place = f"tests/unit/test_{number // _CLASS}.py"
    crash = {"path": place, "lineno": 7, "message": f"AssertionError: assert {number} == 0"}
    entry = {
        "data": {"lines": trace(number).split("\n"), "reprfileloc": crash, "style": "long"},
        "type": "ReprEntry",
    }
    longrepr = {"reprcrash": crash, "reprtraceback": {"reprentries": [entry], "style": "long"}}
    return json.dumps(
        {
            "nodeid": f"{place}::TestIt::{name(number)}",
            "location": [place, number % _CLASS, f"TestIt.{name(number)}"],
            "keywords": {
                name(number): 1,
                "TestIt": 1,
                f"test_{number // _CLASS}.py": 1,
                "unit": 1,
                "tests": 1,
            },
            "outcome": "failed" if failed else "passed",
            "longrepr": longrepr if failed else None,
            "when": when,
            "user_properties": [],
            "sections": [["Captured stdout call", _OUTPUT]] if failed else [],
            "duration": 0.001,
            "start": 1.7e9 + number / 100,
            "stop": 1.7e9 + number / 100 + 0.001,
            "$report_type": "TestReport",
        }
    )


def report_lines(tests: int, first: int = 0) -> Iterator[str]:
    """Three lines a test; a tenth fails."""
    for number in range(first, first + tests):
        for when in ("setup", "call", "teardown"):
            yield report_line(number, when, failed=when == "call" and number % 10 == 0) + "\n"


def report_log(path: Path, tests: int) -> Path:
    """A report log that is whole."""
    start = ['{"pytest_version": "9.0.3", "$report_type": "SessionStart"}\n']
    end = ['{"exitstatus": 1, "$report_type": "SessionFinish"}\n']
    return _write(path, _joined(line for part in (start, report_lines(tests), end) for line in part))


def go_line(action: str, test: str, rest: str = "") -> str:
    """A line of test2json."""
    return (
        f'{{"Time":"2026-01-01T12:00:00.000000Z","Action":"{action}","Package":"example.com/live/unit"'
        f',"Test":"{test}"{rest}}}\n'
    )


def go_passed(number: int) -> str:
    """The one line that says that a test passed."""
    return go_line("pass", f"Test{number:07}", ',"Elapsed":0.01')


def go_lines(tests: int, first: int = 0) -> Iterator[str]:
    """8.6 lines a test; a tenth fails."""
    for number in range(first, first + tests):
        test = f"Test{number:07}"
        word, action = ("FAIL", "fail") if number % 10 == 0 else ("PASS", "pass")
        printed = [
            f"=== RUN   {test}",
            *(f"    unit_test.go:{n}: step {n}" for n in range(4 + (number % 5 < 3))),
        ]
        yield go_line("run", test)
        for line in (*printed, f"--- {word}: {test} (0.01s)"):
            yield go_line("output", test, f',"Output":"{line}\\n"')
        yield go_line(action, test, ',"Elapsed":0.01')


def go_json(path: Path, tests: int) -> Path:
    """A stream of `go test -json`, its package ended."""
    ended = '{"Action":"fail","Package":"example.com/live/unit","Elapsed":1}\n'
    return _write(path, _joined(line for part in (go_lines(tests), (ended,)) for line in part))


def _joined(parts: Iterable[str]) -> Iterator[str]:
    rest = iter(parts)
    while some := list(islice(rest, _AT_ONCE)):
        yield "".join(some)


def _write(path: Path, parts: Iterable[str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        file.writelines(parts)
    return path
