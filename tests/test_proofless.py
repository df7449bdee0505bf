"""Zero tests is never green, and a run that broke off is no whole run (TRUTH 1 and 6)."""

import pytest

from tests.building import (
    SESSION_START,
    case,
    facts_of,
    json_lines,
    phases,
    pytest_xml,
    report_log,
)
from tui.core.criteria import CriterionState
from tui.core.verdict import VerdictWord

GREEN = pytest_xml(case())


def verdict_of(files: dict[str, str]) -> tuple[VerdictWord, CriterionState, str]:
    facts = facts_of(files)
    criterion = facts.criterion("readable_sources")
    assert criterion is not None
    return facts.verdict.word, criterion.state, criterion.got


@pytest.mark.parametrize(
    "nothing", ["<testsuites/>", '<testsuites tests="0" errors="0"></testsuites>', pytest_xml()]
)
def test_a_source_without_tests_leaves_open_whether_all_went_well(nothing: str) -> None:
    assert verdict_of({"a.xml": GREEN})[0] is VerdictWord.READY
    said = verdict_of({"a.xml": GREEN, "b.xml": nothing})
    assert said == (VerdictWord.UNKNOWN, CriterionState.UNKNOWN, "1 source lists no test")
    (row,) = facts_of({"b.xml": nothing}).sources
    assert [problem.message for problem in row.problems] == [
        "it lists no test: nothing is known to have passed"
    ]


def test_a_source_that_claims_results_and_lists_none_is_not_whole() -> None:
    said = verdict_of({"a.xml": GREEN, "b.xml": '<testsuites tests="3"/>'})
    assert said == (VerdictWord.NOT_READY, CriterionState.NOT_MET, "1 source not whole")


def test_a_file_whose_tests_were_skipped_as_a_whole_says_why_it_has_none() -> None:
    assert verdict_of({"a.xml": GREEN, "b.tap": "TAP version 13\n1..0 # SKIP no database\n"})[0] == "READY"


def test_an_event_log_need_not_hold_tests() -> None:
    assert verdict_of({"a.xml": GREEN, "b.events.jsonl": '{"event": "started"}\n'})[0] == "READY"


@pytest.mark.parametrize(("status", "word"), [(0, "READY"), (2, "NOT READY"), (3, "NOT READY")])
def test_a_run_that_was_interrupted_after_passing_tests_is_not_whole(status: int, word: str) -> None:
    log = report_log(*phases("tests/test_a.py::test_a"))
    log = log.replace('"exitstatus": 0', f'"exitstatus": {status}')
    assert verdict_of({"log.jsonl": log})[0] == word


def test_a_run_that_collected_nothing_leaves_it_open() -> None:
    log = json_lines(SESSION_START, {"$report_type": "SessionFinish", "exitstatus": 5})
    assert verdict_of({"a.xml": GREEN, "log.jsonl": log})[0] is VerdictWord.UNKNOWN


def test_a_test_that_was_stopped_leaves_no_whole_run() -> None:
    said = verdict_of({"a.xml": pytest_xml(case(), '<testcase time="0.1"/>')})
    assert said[0] is VerdictWord.NOT_READY
