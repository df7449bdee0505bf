"""Appends a report log as pytest would write it: python -m benchmarks.live.writer FILE TESTS SECONDS.

A line at the start of each test, two at its end, at an even rate; one test in twenty fails, of five causes.
"""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

FAILS_EVERY = 20
_CAUSES = 5
_PER_MODULE = 25


def node_id(number: int) -> str:
    """The id of a test."""
    module = number // _PER_MODULE
    return f"tests/part_{module // 10}/test_{module}.py::TestIt::test_case_{number}"


def line(number: int, when: str, start: float, took: float, message: str = "") -> str:
    """One phase of a test."""
    module = node_id(number).partition("::")[0]
    trace = [f">   service.call({number})", *(f"    value_{n} = {n}" for n in range(8)), f"E   {message}"]
    longrepr = {
        "reprcrash": {"path": module, "lineno": 7, "message": message},
        "reprtraceback": {
            "reprentries": [
                {
                    "data": {
                        "lines": trace,
                        "reprfileloc": {"path": module, "lineno": 7, "message": message.partition(":")[0]},
                        "style": "long",
                    }
                }
            ],
            "style": "long",
        },
    }
    report = {
        "nodeid": node_id(number),
        "location": [module, number, f"TestIt.test_case_{number}"],
        "outcome": "failed" if message else "passed",
        "longrepr": longrepr if message else None,
        "when": when,
        "user_properties": [],
        "sections": [["Captured stdout call", "calling\n" * 5]] if message else [],
        "duration": took,
        "start": start,
        "stop": start + took,
        "$report_type": "TestReport",
    }
    return json.dumps(report) + "\n"


def parts(tests: int, seconds: float, clock: float) -> Iterator[tuple[float, str]]:
    """What is written, and when, in seconds from the start; `clock` is the time at the start."""
    each = seconds / tests
    yield 0.0, '{"pytest_version": "9.0.3", "$report_type": "SessionStart"}\n'
    for number in range(tests):
        at = number * each
        message = f"KeyError{number % _CAUSES}: 'part'" if number % FAILS_EVERY == FAILS_EVERY - 1 else ""
        yield at, line(number, "setup", clock + at, 0.0001)
        ended = line(number, "call", clock + at, each * 0.9, message)
        yield at + each * 0.9, ended + line(number, "teardown", clock + at + each * 0.9, 0.0001)
    yield seconds, '{"exitstatus": 1, "$report_type": "SessionFinish"}\n'


def main() -> None:
    """Write the file."""
    path, tests, seconds = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    began = time.time()
    with path.open("a", encoding="utf-8", buffering=1) as file:
        for at, text in parts(tests, seconds, began):
            time.sleep(max(began + at - time.time(), 0.0))
            file.write(text)
            file.flush()


if __name__ == "__main__":
    main()
