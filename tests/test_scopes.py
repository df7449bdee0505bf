"""The same test in two sources: same run, rerun or matrix (TRUTH 1)."""

import pytest

from tests.building import (
    BEGAN,
    case,
    counts,
    facts_of,
    failure,
    only,
    outcomes,
    phases,
    pytest_xml,
    report_log,
    store_of,
)
from tui.core.model import Flag, Outcome, SourceGone
from tui.core.rules import Rules
from tui.core.scopes import Profile, Relation, RelationRule, relation

EARLY, LATE = "2026-01-13T10:00:00+00:00", "2026-01-13T11:00:00+00:00"
FULL = pytest_xml(case("test_a", failure()), case("test_b"), began=EARLY)
RERUN = pytest_xml(case("test_a"), began=LATE)
XML = pytest_xml(case("test_a", failure()), case("test_b"), began="2026-01-13T09:59:59+00:00")
LOG = report_log(*phases("tests/test_a.py::test_a", call="failed"), *phases("tests/test_a.py::test_b"))


def profile(
    path: str, tests: int, began: float | None, ended: float | None, format: str = "junit"
) -> Profile:
    return Profile(path, format, tests, began, ended)


def test_a_subset_that_started_after_the_other_ended_is_a_rerun() -> None:
    store = store_of({"run.xml": FULL, "again.xml": RERUN})
    assert counts(store.overall) == (2, 2, 0, 0, 0)
    (rerun,) = [result for result in store.tests.values() if result.test.name == "test_a"]
    assert rerun.flags == {Flag.FLAKY, Flag.RERUN}
    assert [attempt.source for attempt in rerun.attempts] == ["run.xml", "again.xml"]


def test_it_does_not_matter_which_of_the_two_is_read_first() -> None:
    store = store_of({"again.xml": RERUN, "run.xml": FULL})
    assert counts(store.overall) == (2, 2, 0, 0, 0)


def test_without_the_rerun_the_first_outcome_is_back() -> None:
    store = store_of({"run.xml": FULL, "again.xml": RERUN})
    store.apply(SourceGone("again.xml"))
    assert counts(store.overall) == (2, 1, 1, 0, 0)


def test_a_subset_that_started_earlier_or_meanwhile_is_a_matrix() -> None:
    while_it_ran = RERUN.replace(LATE, "2026-01-13T10:00:30+00:00")
    store = store_of({"run.xml": FULL, "again.xml": while_it_ran})
    assert counts(store.overall) == (3, 2, 1, 0, 0)


def test_a_matrix_stays_apart() -> None:
    store = store_of({"py311.xml": FULL, "py312.xml": FULL.replace(EARLY, LATE)})
    assert counts(store.overall) == (4, 2, 2, 0, 0)
    assert {key.scope for key in store.tests} == {"py311.xml", "py312.xml"}


def test_xml_and_report_log_of_one_run_are_one_run() -> None:
    facts = facts_of({"junit.xml": XML, "log.jsonl": LOG})
    assert counts(facts.overall.tally) == (2, 1, 1, 0, 0)
    said = {row.path: row.relation for row in facts.sources}
    assert said == {"junit.xml": "same run as log.jsonl", "log.jsonl": "same run as junit.xml"}


def test_one_run_says_the_same_as_xml_as_report_log_and_as_both() -> None:
    single = [store_of({"junit.xml": XML}), store_of({"log.jsonl": LOG})]
    both = store_of({"junit.xml": XML, "log.jsonl": LOG})
    assert outcomes(single[0]) == outcomes(single[1]) == outcomes(both)
    assert [counts(store.overall) for store in single] == [counts(both.overall)] * 2


def test_one_run_whose_sources_disagree_is_said() -> None:
    facts = facts_of({"junit.xml": XML.replace("failure", "skipped"), "log.jsonl": LOG})
    assert "tests/test_a.py::test_a: failed in log.jsonl, skipped in junit.xml" in facts.notes


def test_without_times_nothing_is_merged() -> None:
    no_time = XML.replace("timestamp=", "stamp=")
    assert store_of({"junit.xml": no_time, "log.jsonl": LOG}).overall.tests == 4


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (Relation.MATRIX, (3, 2, 1, 0, 0)),
        (Relation.RERUN, (2, 2, 0, 0, 0)),
        (Relation.SAME_RUN, (2, 1, 1, 0, 0)),
    ],
)
def test_the_configuration_decides_first(stated: Relation, expected: tuple[int, ...]) -> None:
    rules = Rules(relations=(RelationRule(("b*.xml",), stated),))
    assert counts(store_of({"a.xml": FULL, "b.xml": RERUN}, rules).overall) == expected


def test_a_rerun_of_a_rerun_is_the_third_attempt() -> None:
    third = pytest_xml(case("test_a", failure()), began="2026-01-13T12:00:00+00:00")
    rules = Rules(relations=(RelationRule(("*.xml",), Relation.RERUN),))
    store = store_of({"3.xml": third, "1.xml": FULL, "2.xml": RERUN}, rules)
    result = next(result for result in store.tests.values() if result.test.name == "test_a")
    assert [attempt.source for attempt in result.attempts] == ["1.xml", "2.xml", "3.xml"]
    assert result.outcome is Outcome.FAILED


@pytest.mark.parametrize("shared", [0, 3, 9])
def test_what_is_no_subset_is_no_rerun(shared: int) -> None:
    earlier, later = profile("a", 20, BEGAN, BEGAN + 1), profile("b", 10, BEGAN + 2, BEGAN + 3)
    assert relation(earlier, later, shared) is Relation.MATRIX


def test_the_same_ids_in_full_are_no_rerun() -> None:
    earlier, later = profile("a", 10, BEGAN, BEGAN + 1), profile("b", 10, BEGAN + 2, BEGAN + 3)
    assert relation(earlier, later, 10) is Relation.MATRIX


def test_a_test_that_only_the_other_source_of_a_run_has_counts_too() -> None:
    many = [case(f"test_{number}") for number in range(20)]
    lines = [line for number in range(20) for line in phases(f"tests/test_a.py::test_{number}")]
    store = store_of({"junit.xml": pytest_xml(*many, case("only_xml")), "log.jsonl": report_log(*lines)})
    assert store.overall.tests == 21
    assert len({key.scope for key in store.tests}) == 1


def test_a_single_test_has_the_scope_of_its_source() -> None:
    store = store_of({"a.xml": pytest_xml(case())})
    assert [key.scope for key in store.tests] == ["a.xml"]
    assert only(store).attempts[0].source == "a.xml"
