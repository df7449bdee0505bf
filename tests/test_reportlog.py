"""pytest's report log: every phase a line, written while the tests run."""

import json
from typing import Any

import pytest

from tests.building import (
    BEGAN,
    counts,
    only,
    outcomes,
    phase_line,
    phases,
    problems,
    put,
    read,
    records,
    report_log,
    store_of,
)
from tui.core.model import EventSeen, Flag, Outcome, Phase, SourceState, TestId
from tui.core.rules import Rules
from tui.core.store import Store

A = "tests/test_a.py::test_a"


def test_the_three_lines_of_a_test_are_one_outcome() -> None:
    store = store_of({"r.jsonl": report_log(*phases(A))})
    assert counts(store.overall) == (1, 1, 0, 0, 0)
    assert store.overall.outcomes == 1
    assert only(store).duration == 0.75


@pytest.mark.parametrize(
    ("setup", "call", "teardown", "outcome"),
    [
        ("passed", "failed", "passed", Outcome.FAILED),
        ("passed", "failed", "failed", Outcome.FAILED),
        ("passed", "passed", "failed", Outcome.ERROR),
        ("failed", None, "passed", Outcome.ERROR),
        ("failed", None, "failed", Outcome.ERROR),
        ("skipped", None, "passed", Outcome.SKIPPED),
        ("passed", "skipped", "passed", Outcome.SKIPPED),
        ("passed", "skipped", "failed", Outcome.ERROR),
    ],
)
def test_the_outcome_follows_from_the_phases(
    setup: str, call: str | None, teardown: str, outcome: Outcome
) -> None:
    lines = phases(A, setup=setup, call=call, teardown=teardown)
    assert only(store_of({"r.jsonl": report_log(*lines)})).outcome is outcome


def test_a_failure_with_a_bad_teardown_has_its_flag_and_two_outcomes() -> None:
    store = store_of({"r.jsonl": report_log(*phases(A, call="failed", teardown="failed"))})
    assert only(store).flags == {Flag.TEARDOWN_ERROR}
    assert (store.overall.tests, store.overall.outcomes) == (1, 2)


def test_a_rerun_is_an_attempt_and_a_pass_after_it_is_flaky() -> None:
    store = store_of({"r.jsonl": report_log(*phases(A, call="rerun"), *phases(A))})
    result = only(store)
    assert [attempt.outcome for attempt in result.attempts] == [Outcome.FAILED, Outcome.PASSED]
    assert result.flags == {Flag.FLAKY, Flag.RERUN}


def test_a_failing_subtest_is_part_of_the_test_that_holds_it() -> None:
    setup, call, teardown = phases(A)
    part = phase_line(A, "call", "failed") | {"$report_type": "SubTestReport"}
    store = store_of({"r.jsonl": report_log(setup, part, call, teardown)})
    assert counts(store.overall) == (1, 0, 1, 0, 0)
    assert len(only(store).attempts) == 1


def test_a_test_whose_worker_crashed_is_an_error_as_in_the_xml_of_the_run() -> None:
    crashed = phase_line(A, "???", "failed") | {"longrepr": "worker 'gw1' crashed", "start": 0}
    result = only(store_of({"r.jsonl": report_log(phases(A)[0], crashed)}))
    assert (result.outcome, result.last.finished) == (Outcome.ERROR, True)
    assert result.failures[0].headline == "worker 'gw1' crashed"


def test_an_expected_failure_is_skipped_and_an_unexpected_pass_is_passed_each_with_its_flag() -> None:
    lines = [*phases("a.py::x", call="skipped", wasxfail="known"), *phases("a.py::p", wasxfail="known")]
    store = store_of({"r.jsonl": report_log(*lines)})
    said = {result.label: (result.outcome, result.flags) for result in store.tests.values()}
    assert said == {
        "a.py::x": (Outcome.SKIPPED, frozenset({Flag.XFAIL})),
        "a.py::p": (Outcome.PASSED, frozenset({Flag.XPASS})),
    }


def test_a_module_that_could_not_be_collected_is_one_test_in_error() -> None:
    line = {
        "$report_type": "CollectReport",
        "nodeid": "tests/test_a.py",
        "outcome": "failed",
        "longrepr": "E   ImportError: no x",
    }
    result = only(store_of({"r.jsonl": report_log(line)}))
    assert (result.label, result.outcome) == ("tests/test_a.py", Outcome.ERROR)
    assert result.failure is not None
    assert (result.failure.phase, result.failure.type) == (Phase.COLLECT, "ImportError")


def test_a_test_of_which_only_the_setup_is_there_runs() -> None:
    store = Store(Rules())
    put(store, "r.jsonl", report_log(phases(A)[0], finish=False), state=SourceState.GROWING)
    assert only(store).outcome is Outcome.RUNNING
    assert [result.label for _, result in store.running()] == [A]
    assert (store.overall.tests, store.overall.running) == (1, 1)


def test_a_test_in_flight_when_its_run_was_cut_short_is_an_error() -> None:
    store = store_of({"r.jsonl": report_log(*phases("b.py::b"), phases(A)[0], finish=False)})
    assert outcomes(store) == {"b.py::b": Outcome.PASSED, A: Outcome.ERROR}
    assert store.tests[next(key for key in store.tests if key.test.name == "test_a")].flags == {
        Flag.CUT_SHORT
    }


def test_a_test_in_flight_when_its_session_ended_is_an_error_too() -> None:
    store = store_of({"r.jsonl": report_log(phases(A)[0])})
    assert store.tables["r.jsonl"].state is SourceState.COMPLETE
    assert (only(store).outcome, only(store).flags) == (Outcome.ERROR, frozenset({Flag.CUT_SHORT}))


def test_a_second_session_in_one_file_takes_the_place_of_the_first() -> None:
    first = report_log(*phases(A, call="failed"), *phases("b.py::b"))
    store = store_of({"r.jsonl": first + report_log(*phases(A))})
    assert outcomes(store) == {A: Outcome.PASSED}


def test_a_session_that_collected_nothing_is_a_problem() -> None:
    text = report_log(finish=False) + json.dumps({"$report_type": "SessionFinish", "exitstatus": 5}) + "\n"
    assert [problem.message for problem in problems(read(text))] == [
        "pytest ended with exit status 5: no tests collected"
    ]


def test_where_a_test_stands_counts_lines_from_one() -> None:
    (record, *_) = records(read(report_log(*phases(A, location=["tests/test_a.py", 6, "test_a"]))))
    assert str(record.location) == "tests/test_a.py:7"


def test_ids_are_those_that_pytest_writes_in_its_xml() -> None:
    node_id = "tests/unit/test_a.py::TestUser::test_x[a/b.py::c]"
    (record, *_) = records(read(report_log(*phases(node_id))))
    assert record.test == TestId("tests.unit.test_a.TestUser", "test_x[a/b.py::c]")


def test_golden_events_come_from_the_last_line_of_a_test() -> None:
    printed = "::golden event=thinking\nnoise ::golden event=no\n"
    more: dict[str, Any] = {
        "user_properties": [["golden_event", "started"], ["golden.Chat", "one two"], ["other", "x"]],
        "sections": [["Captured stdout call", printed], ["Captured log call", "::golden event=logged"]],
    }
    events = [event.event for event in read(report_log(*phases(A, **more))) if isinstance(event, EventSeen)]
    assert [(event.name, event.path) for event in events] == [
        ("started", None),
        ("one", "Chat"),
        ("two", "Chat"),
        ("thinking", None),
    ]


# --- lines that are not as they should be ------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "[1, 2]",
        '{"no": "type"}',
        "[" * 100_000,
        "null",
        "9" * 5000,
    ],
)
def test_a_line_of_something_else_is_left_out_and_said(line: str) -> None:
    events = read(report_log(*phases(A), finish=False) + line + "\n" + report_log(start=False))
    assert len(records(events)) == 3
    assert [(problem.kind, problem.line) for problem in problems(events)] == [("noise", 5)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"nodeid": 7},
        {"outcome": "exploded"},
        {"sections": 5},
        {"user_properties": [["a"]]},
        {"longrepr": {"reprcrash": {"path": "x", "lineno": "seven"}}, "outcome": "failed"},
        {"when": []},
        {"location": 5},
    ],
)
def test_a_line_with_a_wrong_value_costs_that_line_only(wrong: dict[str, object]) -> None:
    text = report_log(phase_line(A, "teardown") | wrong, *phases("b.py::b"))
    store = store_of({"r.jsonl": text})
    assert outcomes(store)["b.py::b"] is Outcome.PASSED
    assert [problem.kind for problem in store.tables["r.jsonl"].problems] == ["bad line"]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "1" + "0" * 400])
def test_a_time_that_is_no_number_is_none(number: str) -> None:
    text = report_log(*phases(A)).replace('"duration": 0.25', f'"duration": {number}')
    text = text.replace(f'"start": {BEGAN}', f'"start": {number}')
    store = store_of({"r.jsonl": text})
    assert only(store).duration is None
    assert store.tables["r.jsonl"].started is None
    assert store.overall.duration == 0.0


def test_what_a_line_says_is_made_safe() -> None:
    hostile = "a.py::t[\x1b]0;x\x07\ud800\u202e]"
    result = only(store_of({"r.jsonl": report_log(*phases(hostile, call="failed"))}))
    assert result.label == "a.py::t[\ufffd]"
    assert result.test.name == "t[\ufffd]"
