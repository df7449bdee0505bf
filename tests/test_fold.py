"""One test, one outcome (TRUTH 1): how the records of one test become its attempts."""

from typing import Any

import pytest
from msgspec.structs import replace

from tests.building import bad, folded, record
from tui.core import fold
from tui.core.model import Flag, Location, Outcome, Phase, Span, TestId, TestResult, TestStarted

SETUP, CALL, TEARDOWN = Phase.SETUP, Phase.CALL, Phase.TEARDOWN


def test_a_single_record_is_one_test_with_one_outcome() -> None:
    result = folded(record())
    assert (result.outcome, result.outcomes, result.flags) == (Outcome.PASSED, 1, frozenset())


def test_a_failed_call_is_never_hidden_by_its_teardown() -> None:
    result = folded(record(bad(CALL)), record(bad(TEARDOWN), phase=TEARDOWN))
    assert result.outcome is Outcome.FAILED
    assert result.flags == {Flag.TEARDOWN_ERROR}
    assert [failure.phase for failure in result.failures] == [CALL, TEARDOWN]


def test_a_failed_call_with_a_bad_teardown_is_one_attempt_of_two_outcomes() -> None:
    result = folded(record(bad(CALL)), record(bad(TEARDOWN), phase=TEARDOWN))
    assert len(result.attempts) == 1
    assert result.outcomes == 2


def test_a_passed_call_with_a_bad_teardown_is_an_error() -> None:
    result = folded(
        record(phase=SETUP, final=False),
        record(phase=CALL, final=False),
        record(bad(TEARDOWN), phase=TEARDOWN),
    )
    assert result.outcome is Outcome.ERROR
    assert result.outcomes == 1
    assert Flag.TEARDOWN_ERROR not in result.flags


def test_a_bad_setup_is_an_error_and_its_good_teardown_does_not_mend_it() -> None:
    result = folded(record(bad(SETUP), phase=SETUP, final=False), record(phase=TEARDOWN))
    assert (result.outcome, len(result.attempts)) == (Outcome.ERROR, 1)


def test_the_failure_that_decides_is_the_one_of_the_call() -> None:
    result = folded(record(bad(TEARDOWN, "late"), bad(CALL, "true cause"), outcome=Outcome.FAILED))
    assert result.outcome is Outcome.FAILED
    assert result.failure is not None
    assert result.failure.message == "true cause"


def test_a_phantom_pass_before_a_pass_is_a_failed_attempt_and_the_test_is_flaky() -> None:
    result = folded(record(), record())
    assert [attempt.outcome for attempt in result.attempts] == [Outcome.FAILED, Outcome.PASSED]
    assert result.outcome is Outcome.PASSED
    assert result.flags == {Flag.FLAKY, Flag.RERUN}
    assert result.attempts[0].failures[0].message


def test_phantom_passes_before_a_failure_leave_it_failed_and_not_flaky() -> None:
    result = folded(record(), record(), record(bad()))
    assert [attempt.outcome for attempt in result.attempts] == [Outcome.FAILED] * 3
    assert (result.outcome, result.flags) == (Outcome.FAILED, frozenset({Flag.RERUN}))


def test_an_attempt_after_a_skip_is_the_outcome_and_no_flake() -> None:
    result = folded(record(outcome=Outcome.SKIPPED), record())
    assert (result.outcome, result.flags) == (Outcome.PASSED, frozenset({Flag.RERUN}))


def test_failed_attempts_that_a_record_tells_of_come_before_it() -> None:
    result = folded(record(earlier=(bad(None, "first"), bad(None, "second"))))
    assert [attempt.outcome for attempt in result.attempts] == [
        Outcome.FAILED,
        Outcome.FAILED,
        Outcome.PASSED,
    ]
    assert result.flags == {Flag.FLAKY, Flag.RERUN}
    assert result.outcomes == 1


def test_a_second_teardown_error_is_an_attempt_of_its_own() -> None:
    fail, teardown = record(bad(CALL)), record(bad(TEARDOWN), phase=TEARDOWN)
    result = folded(fail, teardown, fail, teardown)
    assert (len(result.attempts), result.outcomes) == (2, 4)


def test_setup_and_call_alone_are_still_running() -> None:
    result = folded(record(phase=SETUP, final=False), record(phase=CALL, final=False))
    assert result.outcome is Outcome.RUNNING
    assert result.last.phase is TEARDOWN


def test_a_setup_after_an_unfinished_attempt_begins_another() -> None:
    setup, call = record(phase=SETUP, final=False), record(phase=CALL, final=False)
    result = folded(setup, call, setup, call, record(phase=TEARDOWN))
    assert (len(result.attempts), result.outcome) == (2, Outcome.PASSED)


def test_a_part_that_fails_makes_the_test_that_holds_it_fail() -> None:
    part = record(bad(CALL), phase=CALL, final=False)
    result = folded(
        record(phase=SETUP, final=False), part, record(phase=CALL, final=False), record(phase=TEARDOWN)
    )
    assert (result.outcome, len(result.attempts)) == (Outcome.FAILED, 1)


def test_a_test_in_flight_when_its_run_stopped_is_an_error_with_a_flag() -> None:
    started = fold.begin(None, TestStarted(TestId("s", "t"), "s::t"), "a.xml")
    assert started.outcome is Outcome.RUNNING
    stopped = fold.cut_short(started, "ends at line 3")
    assert (stopped.outcome, stopped.flags) == (Outcome.ERROR, frozenset({Flag.CUT_SHORT}))
    assert stopped.failure is not None
    assert "ends at line 3" in stopped.failure.message


def test_a_test_that_had_failed_when_its_run_stopped_stays_failed() -> None:
    result = fold.cut_short(folded(record(bad(CALL), phase=CALL, final=False)), "killed")
    assert (result.outcome, result.flags) == (Outcome.FAILED, frozenset({Flag.CUT_SHORT}))


def test_runs_laid_over_each_other_are_attempts_and_the_last_one_counts() -> None:
    result = fold.overlay((folded(record(bad())), folded(record())))
    assert (result.outcome, len(result.attempts)) == (Outcome.PASSED, 2)
    assert result.flags == {Flag.FLAKY, Flag.RERUN}


def test_a_rerun_that_fails_takes_a_pass_away() -> None:
    result = fold.overlay((folded(record()), folded(record(bad()))))
    assert (result.outcome, result.flags) == (Outcome.FAILED, frozenset({Flag.RERUN}))


def test_durations_of_one_attempt_add_up() -> None:
    told = [record(phase=SETUP, final=False), record(phase=CALL, final=False), record(phase=TEARDOWN)]
    result = folded(*(replace(each, duration=0.25) for each in told))
    assert result.duration == 0.75


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"duration": None, "started": 5.0, "worker": "gw1"},
        {"phase": TEARDOWN, "flags": frozenset({Flag.XPASS}), "reason": "why"},
        {"location": Location("a.py", 3), "span": Span(7, 9)},
    ],
)
def test_the_short_way_of_a_test_that_passed_leads_where_the_long_one_does(change: dict[str, Any]) -> None:
    passed = replace(record(), **change)
    begun = TestResult(passed.test, passed.label, passed.outcome, (), location=passed.location)
    assert fold.fold(None, passed, "a") == fold._with_attempts(begun, (fold._attempt(passed, "a"),))
