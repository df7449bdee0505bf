"""Zero tests is never green, and a run that broke off is no whole run (TRUTH 1 and 6)."""

import pytest

from tests.building import (
    BEGAN,
    SESSION_START,
    case,
    facts_of,
    json_lines,
    only,
    phases,
    put,
    pytest_xml,
    report_log,
    store_of,
)
from tui.core.criteria import CriterionState
from tui.core.facts import gather
from tui.core.model import Outcome
from tui.core.verdict import VerdictWord
from tui.report import as_text, words

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


def test_a_run_that_broke_off_is_named_alike_wherever_it_is_said() -> None:
    log = report_log(*phases("tests/test_a.py::test_a")).replace('"exitstatus": 0', '"exitstatus": 2')
    facts = facts_of({"a.xml": GREEN, "log.jsonl": log})
    (row,) = [row for row in facts.sources if row.path == "log.jsonl"]
    assert (row.state, row.reason) == ("not whole", "pytest ended with exit status 2: interrupted")
    said = f"log.jsonl: not whole, {row.reason}"
    criterion = facts.criterion("readable_sources")
    assert criterion is not None
    assert criterion.evidence == (said,)
    assert said in facts.notes
    assert "log.jsonl: not whole" in words.unverified(facts)
    assert said in as_text.render_verdict(facts.verdict)


def test_of_a_run_that_broke_off_it_is_said_what_its_file_held_before() -> None:
    store = store_of({"a.xml": pytest_xml(*(case(f"test_{n}") for n in range(3)))})
    put(store, "a.xml", pytest_xml(case("test_0"), '<testcase time="0.0"/>'), generation=2)
    store.scanned = True
    (note,) = [note for note in gather(store, BEGAN).notes if "not whole" in note]
    assert note.endswith("; held 3 tests before, 1 now")


def test_how_long_a_test_took_that_was_cut_off_is_unknown() -> None:
    setup, *_ = phases("tests/test_a.py::test_a")
    result = only(store_of({"log.jsonl": report_log(setup)}))
    assert (result.outcome, result.duration) == (Outcome.ERROR, None)


def test_a_run_that_collected_nothing_leaves_it_open() -> None:
    log = json_lines(SESSION_START, {"$report_type": "SessionFinish", "exitstatus": 5})
    assert verdict_of({"a.xml": GREEN, "log.jsonl": log})[0] is VerdictWord.UNKNOWN


def test_a_test_that_was_stopped_leaves_no_whole_run() -> None:
    said = verdict_of({"a.xml": pytest_xml(case(), '<testcase time="0.1"/>')})
    assert said[0] is VerdictWord.NOT_READY
