"""What the harness found, each in its smallest form."""

import pytest

from tests.building import (
    SESSION_START,
    bad,
    case,
    failure,
    folded,
    json_lines,
    only,
    other_xml,
    phase_line,
    phases,
    pytest_xml,
    record,
    records,
    report_log,
    store_of,
    told,
)
from tests.building import read as read_text
from tui.core.model import AttemptOf, Claimed, Flag, Outcome, Phase
from tui.readers import formats
from tui.text import bounded

_DIGITS = "1" * 5000  # more than Python makes a number of


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.xml", pytest_xml(case("a", failure("m", f"t.py:{_DIGITS}: ValueError")))),
        ("a.xml", pytest_xml(case("a", failure("m", f'  File "t.py", line {_DIGITS}, in f')))),
        (
            "a.json",
            json_lines(
                {"Action": "run", "Package": "p", "Test": "T"},
                {"Action": "output", "Package": "p", "Test": "T", "Output": f"    a.go:{_DIGITS}: x\n"},
                {"Action": "fail", "Package": "p", "Test": "T"},
            ),
        ),
        (
            "a.json",
            json_lines(
                {"type": "suite", "event": "started", "test_count": 1},
                {
                    "type": "test",
                    "name": "a",
                    "event": "failed",
                    "stdout": f"thread 'a' panicked at a.rs:{_DIGITS}:1:\nx",
                },
            ),
        ),
    ],
)
def test_a_line_number_that_is_none_costs_only_itself(name: str, text: str) -> None:
    test = only(store_of({name: text}))
    assert test.outcome is Outcome.FAILED
    assert test.failures[0].location is None


def test_a_cut_does_not_go_through_a_colour() -> None:
    for before in range(10):
        text = "x" * (45 + before) + "\x1b[38;5;196m" + "y" * 500 + "\x1b[0m" + "z" * (45 + before)
        head, tail = bounded(text, 100).split("\n[... ")[0], bounded(text, 100).split("cut ...]\n")[1]
        assert head.count("\x1b") == head.count("m")
        assert not tail.startswith(("[", "0", "m"))


@pytest.mark.parametrize(
    "text",
    [
        other_xml(case("a", f'<skipped message="{"why " * 200}"/>')),
        report_log(*phases("t.py::a", call="skipped", longrepr=["t.py", 1, "why " * 200])),
        f"1..1\nok 1 - a # SKIP {'why ' * 200}\n",
    ],
)
def test_a_long_reason_is_one_line(text: str) -> None:
    reason = only(store_of({"a": text})).last.reason
    assert len(reason) <= 300
    assert "\n" not in reason


@pytest.mark.parametrize(
    "line",
    [
        b"7",
        b"[]",
        b'{"sections": [["a", "b", "c"]]}',
        b'{"longrepr": {"chain": 1}}',
        b'{"user_properties": {"a": 1}}',
        b'{"sections": [' + b"[" * 900 + b"]" * 900 + b"]}",
        b"[" * 100_000,
    ],
)
def test_the_detail_of_a_line_that_is_none_is_empty(line: bytes) -> None:
    detail = formats.BY_NAME["reportlog"].detail([line])
    assert not detail.tracebacks
    assert not detail.outputs


def test_very_many_attempts_are_counted_and_not_all_kept() -> None:
    result = folded(*[record()] * 200, record(bad()), *[record()] * 200)
    assert result.outcomes == 401
    assert result.executions == 401
    assert len(result.attempts) <= 100
    assert result.outcome is Outcome.PASSED
    assert Flag.FLAKY in result.flags


def test_a_failed_call_counts_however_many_errors_came_before_it() -> None:
    errors = [record(bad(Phase.SETUP), phase=Phase.CALL, final=False)] * 300
    result = folded(*errors, record(bad(), phase=Phase.CALL, final=False), record(phase=Phase.TEARDOWN))
    assert result.outcome is Outcome.FAILED
    assert len(result.failures) <= 100


def test_a_header_that_claims_less_than_nothing_claims_nothing() -> None:
    events = read_text(other_xml(case("a"), header='tests="-1" failures="-2"'))
    assert not [event for event in events if isinstance(event, Claimed)]


@pytest.mark.parametrize(
    "text",
    [
        other_xml(case("a").replace("0.5", stated), case("b").replace("0.5", stated))
        for stated in ("1e308", "-1", "inf")
    ]
    + [report_log(*phases("t.py::a", duration=duration)) for duration in (1e308, -1.0)]
    + [
        json_lines({"Action": "pass", "Package": "p", "Test": "T", "Elapsed": -1}),
        json_lines(
            {"type": "suite", "event": "started", "test_count": 1},
            {"type": "test", "name": "a", "event": "ok", "exec_time": -1},
        ),
    ],
)
def test_a_duration_that_no_test_has_is_none(text: str) -> None:
    store = store_of({"a": text})
    assert {result.duration for result in store.tests.values()} == {None}
    assert store.overall.duration == 0


def test_names_repeat_however_many_suites_stand_before_the_first_case() -> None:
    text = f"<testsuites>{'<testsuite/>' * 60}{other_xml(case('a'), case('a'))}</testsuites>"
    assert store_of({"a.xml": text}).overall.tests == 2


def test_a_line_of_a_report_log_that_is_nested_deep_costs_only_itself() -> None:
    deep = '{"$report_type": "TestReport", "nodeid": "a", "outcome": "failed", "longrepr": %s}\n'
    nested = deep % ("[" * 700 + "]" * 700)
    text = json_lines(SESSION_START) + nested + json_lines(phase_line("t.py::b", "call"))
    found = records(told(formats.BY_NAME["reportlog"].open(), [text.encode()]))
    assert found[-1].label == "t.py::b"


def test_the_label_of_what_went_wrong_with_a_suite_is_one_line() -> None:
    (found,) = records(read_text('<testsuite name="a&#10;b"><error message="m"/></testsuite>'))
    assert found.label == "a b"


def test_what_names_the_attempts_of_an_allure_test_is_safe_text() -> None:
    result = {"uuid": "1", "name": "a", "status": "passed", "historyId": "x\x1b[2J", "statusDetails": {}}
    (named,) = (event for event in read_text(json_lines(result)) if isinstance(event, AttemptOf))
    assert named.name == "x"
