"""What an input costs grows as the input does: work is counted at two sizes, never timed."""

from collections.abc import Iterator
from functools import partial

import pytest
from _pytest.mark import ParameterSet

from tests.building import case, failure, json_lines, other_xml, outcomes, records, store_of, told
from tests.fuzz import invariants, seeds
from tests.fuzz.limits import calls, limited
from tui.core import fold
from tui.core.model import SourceState
from tui.core.table import Table
from tui.readers import formats

_FEW, _TIMES = 40, 4
_LONG = 100_000


def documents() -> Iterator[ParameterSet]:
    for name, built_in in seeds.BUILT_IN.items():
        for number, document in enumerate(built_in):
            yield pytest.param(name, document, id=f"{name}{number}")


def read(name: str, data: bytes) -> None:
    table = Table("a", name, 1)
    table.apply(told(formats.BY_NAME[name].open(), [data]))
    table.settle(SourceState.CUT_SHORT, "ends here", 0.0, 1)


@pytest.mark.parametrize(("name", "document"), list(documents()))
def test_a_line_many_times_costs_as_much_each_time(
    name: str, document: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fold, "_KEPT", 8)  # below it, an attempt costs as much as there were before
    parts = document.splitlines(keepends=True)
    for at, line in enumerate(parts):
        before, after = b"".join(parts[:at]), b"".join(parts[at:])
        few, many = (
            calls(partial(read, name, before + line * times + after)) for times in (_FEW, _FEW * _TIMES)
        )
        assert many < few * 2 * _TIMES, line  # the square would be twice that


@pytest.mark.parametrize("token", [b"<?", b"<!--", b"<!DOCTYPE x[", b"\n", b"\n ", b"{", b'"event"', b"ok "])
def test_telling_a_format_does_not_hang(token: bytes) -> None:
    head = token * (2_000_000 // len(token))
    with limited():
        for known in formats.BY_NAME.values():
            known.recognise(head)
        formats.description(head)
        formats.foreign(head, "a-result.json")


@pytest.mark.parametrize("blank", ["\n", "\n ", " ", "\t\n"])
def test_a_traceback_of_blanks_does_not_hang(blank: str) -> None:
    text = blank * (300_000 // len(blank))
    with limited():
        invariants.check("junit", other_xml(case("a", failure("m", text))).encode(), [])
        line = {"$report_type": "TestReport", "nodeid": "a", "when": "call", "outcome": "failed"}
        invariants.check("reportlog", json_lines(line | {"longrepr": text}).encode(), [])


@pytest.mark.parametrize(
    "said", ["thread 'a' panicked at '", "thread 'a' panicked at 'x', a:1:", "' panicked at "]
)
def test_panics_in_a_row_do_not_hang(said: str) -> None:
    began = {"type": "suite", "event": "started", "test_count": 1}
    ended = {"type": "test", "name": "a", "event": "failed", "stdout": said * 1500}
    with limited():
        read("libtest", json_lines(began, *[ended] * 50).encode())


def many(name: str) -> str:
    """A document in which fifty tests stand below one long name."""
    suite = {"name": name, "testsuite": [{"name": f"t{number}"} for number in range(50)]}
    return {
        "junit": f'<testsuite name="{name}">' + "".join(f'<testcase name="t{n}"/>' for n in range(50)),
        "robot": f'<robot><suite name="{name}" source="{name}">'
        + "".join(f'<test name="t{n}" line="1"><status status="PASS"/></test>' for n in range(50))
        + "</suite></robot>",
        "trx": f'<TestRun><TestDefinitions><UnitTest id="1"><TestMethod className="{name}"/></UnitTest>'
        "</TestDefinitions><Results>"
        + '<UnitTestResult testId="1" testName="t" outcome="Passed"/>' * 50
        + "</Results></TestRun>",
        "gtest": json_lines({"tests": 1, "failures": 0, "disabled": 0, "testsuites": [suite]}),
        "tap": f"TAP version 14\n# Subtest: {name}\n" + "    ok\n" * 50,
    }[name[: name.index(" ")]]


@pytest.mark.parametrize("name", ["junit", "robot", "trx", "gtest", "tap"])
def test_a_long_name_that_many_tests_carry_is_cut_and_told_from_others(name: str) -> None:
    suites = set()
    for end in "ab":
        text = many(f"{name} {'x' * _LONG}{end}")
        found = records(told(formats.BY_NAME[name].open(), [text.encode()]))
        assert len(found) == 50
        assert sum(len(each.label) for each in found) < 50 * 1200
        assert all(each.location is found[0].location or each.location == found[0].location for each in found)
        suites |= {each.test.suite for each in found}
    assert len(suites) == 2


def test_a_path_of_many_long_names_is_bounded() -> None:
    names = "".join(f'<testsuite name="{"x" * 900}{number}">' for number in range(400))
    (label,) = outcomes(store_of({"a.xml": names + '<testcase name="t"/>'}))
    assert len(label) < 1200
