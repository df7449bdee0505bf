"""The same test in two sources: same run, rerun or matrix (TRUTH 1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import (
    BEGAN,
    case,
    counts,
    facts_of,
    failure,
    only,
    outcomes,
    phases,
    put,
    pytest_xml,
    report_log,
    store_of,
)
from tui.core.model import Flag, Outcome, SourceGone, SourceState
from tui.core.rules import Rules
from tui.core.scopes import Profile, Relation, RelationRule, relation
from tui.core.sourcebook import SourceBook
from tui.core.store import Store

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


def test_what_somebody_ran_again_by_hand_may_have_been_mended_and_is_not_flaky() -> None:
    rules = Rules(relations=(RelationRule(("again*",), Relation.RERUN, by_hand=True),))
    store = store_of({"run.xml": FULL, "again.xml": RERUN}, rules)
    (rerun,) = [result for result in store.tests.values() if result.test.name == "test_a"]
    assert (rerun.outcome, rerun.flags) == (Outcome.PASSED, frozenset({Flag.RERUN}))
    assert store.overall.flaky == 0


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


def test_a_source_without_times_is_of_the_run_in_which_it_was_written() -> None:
    no_time = XML.replace("timestamp=", "stamp=")
    assert store_of({"junit.xml": no_time, "log.jsonl": LOG}).overall.tests == 2


def test_a_source_without_times_that_was_written_at_another_time_stays_apart() -> None:
    no_time = XML.replace("timestamp=", "stamp=")
    earlier = LOG.replace(str(BEGAN), str(BEGAN - 7000))
    assert store_of({"junit.xml": no_time, "log.jsonl": earlier}).overall.tests == 4


def test_without_any_times_nothing_is_merged() -> None:
    no_time = XML.replace("timestamp=", "stamp=")
    log = LOG.replace('"start"', '"began"')
    assert store_of({"junit.xml": no_time, "log.jsonl": log}).overall.tests == 4


@pytest.mark.parametrize("local", ["2026-01-13T10:00:00", "2026-01-13T05:00:00", "2026-01-13T15:45:00"])
def test_a_clock_that_does_not_say_its_zone_may_be_of_any(local: str) -> None:
    xml = pytest_xml(case("test_a", failure()), case("test_b"), began=local)
    assert store_of({"junit.xml": xml, "log.jsonl": LOG}).overall.tests == 2


def test_a_clock_without_a_zone_is_off_by_quarter_hours_and_not_by_minutes() -> None:
    xml = pytest_xml(case("test_a", failure()), case("test_b"), began="2026-01-13T15:52:00")
    assert store_of({"junit.xml": xml, "log.jsonl": LOG}).overall.tests == 4


MATRIX = {"py311.xml": FULL, "py312.xml": FULL.replace(EARLY, "2026-01-13T10:10:00+00:00")}


@pytest.mark.parametrize(
    ("files", "base"),
    [
        ({**MATRIX, "py311-again.xml": RERUN}, "py311.xml"),
        ({**MATRIX, "py312.rerun.xml": RERUN}, ""),
        ({"a/r.xml": FULL, "b/r.xml": MATRIX["py312.xml"], "b/x.xml": RERUN}, "b/r.xml"),
    ],
)
def test_a_rerun_joins_that_part_of_a_matrix_which_its_name_or_folder_says(
    files: dict[str, str], base: str
) -> None:
    base = base or "py312.xml"
    store = store_of(files)
    assert store.overall.tests == 4
    flaky = [key.scope for key, result in store.tests.items() if Flag.FLAKY in result.flags]
    assert flaky == [base]


def test_a_rerun_of_nobody_knows_which_part_of_a_matrix_stays_apart_and_says_so() -> None:
    facts = facts_of({**MATRIX, "again.xml": RERUN})
    assert counts(facts.overall.tally) == (5, 3, 2, 0, 0)
    said = {row.path: row.relation for row in facts.sources}
    assert said["again.xml"] == "may be a rerun of py311.xml or of py312.xml: counted apart"
    rules = Rules(relations=(RelationRule(("again.xml",), Relation.RERUN),))
    assert counts(store_of({**MATRIX, "again.xml": RERUN}, rules).overall) == (4, 3, 1, 0, 0)


def test_once_the_other_part_of_the_matrix_is_gone_there_is_no_doubt_left() -> None:
    store = store_of({**MATRIX, "again.xml": RERUN})
    store.apply(SourceGone("py311.xml"))
    assert counts(store.overall) == (2, 2, 0, 0, 0)


def test_a_later_part_with_a_test_of_its_own_may_be_a_matrix_so_it_stays_apart_and_says_so() -> None:
    full = pytest_xml(case("test_a", failure()), case("test_b"), case("test_c"), began=EARLY)
    facts = facts_of({"run.xml": full, "again.xml": pytest_xml(case("test_a"), case("new"), began=LATE)})
    assert facts.overall.tally.tests == 5
    (said,) = [row.relation for row in facts.sources if row.path == "again.xml"]
    assert said == "may be a rerun of run.xml: counted apart"


ONE_MORE = pytest_xml(
    case("test_a", failure()), case("test_b"), case("test_c"), began="2026-01-13T09:00:00+00:00"
)
KILLED = "".join(LOG.splitlines(keepends=True)[:4])


@pytest.mark.parametrize("log", [KILLED, LOG.removesuffix(LOG.splitlines(keepends=True)[-1])])
def test_a_run_that_goes_on_or_was_killed_replaces_the_file_that_its_end_would_have_written(log: str) -> None:
    facts = facts_of({"junit.xml": ONE_MORE, "log.jsonl": log})
    assert facts.overall.tally.tests == facts_of({"log.jsonl": log}).overall.tally.tests
    assert (facts.overall.tally.flaky, facts.overall.tally.outcomes) == (0, facts.overall.tally.tests)
    (old,) = [row for row in facts.sources if row.path == "junit.xml"]
    assert (old.state, old.relation) == (SourceState.STALE, "")
    assert old.reason == "from before the run in log.jsonl, and not counted"


def test_what_a_later_run_repeats_in_another_format_is_replaced() -> None:
    earlier = XML.replace("09:59:59", "09:00:00")
    facts = facts_of({"junit.xml": earlier, "log.jsonl": LOG})
    assert counts(facts.overall.tally) == (2, 1, 1, 0, 0)
    assert facts.notes == facts_of({"log.jsonl": LOG}).notes


def test_in_another_folder_or_with_its_own_report_log_a_run_is_not_replaced() -> None:
    assert facts_of({"a/junit.xml": ONE_MORE, "b/log.jsonl": KILLED}).overall.tally.tests == 3
    before = LOG.replace(str(BEGAN), str(BEGAN - 7200))
    earlier = XML.replace("09:59:59", "08:00:00")
    facts = facts_of({"1.jsonl": before, "1.xml": earlier, "2.jsonl": KILLED})
    assert {row.path for row in facts.sources if row.state is SourceState.STALE} == {"1.jsonl", "1.xml"}
    assert facts.overall.tally.tests == 2


def test_once_the_run_is_gone_what_it_replaced_is_back() -> None:
    store = store_of({"junit.xml": ONE_MORE, "log.jsonl": KILLED})
    store.apply(SourceGone("log.jsonl"))
    assert counts(store.overall) == (3, 2, 1, 0, 0)
    assert not store.replaced


def test_of_tests_that_are_counted_in_several_sources_a_note_says_so_until_one_is_gone() -> None:
    store = store_of(MATRIX)
    book = SourceBook(store)
    book.follow(BEGAN)
    said = "some of the same tests, each counted apart, as a matrix; [[sources]] can say otherwise"
    assert book.notes() == [f"py311.xml, py312.xml: {said}"]
    store.apply(SourceGone("py311.xml"))
    book.follow(BEGAN)
    assert book.notes() == []


AGAIN = Rules(relations=(RelationRule(("again*",), Relation.RERUN, by_hand=True),))


def test_a_rerun_says_nothing_of_a_run_that_began_after_it() -> None:
    rerun = pytest_xml(case("test_a", failure()), began="2026-01-13T09:00:00+00:00")
    store = store_of(
        {"run.xml": pytest_xml(case("test_a"), case("test_b"), began=EARLY), "again.xml": rerun}, AGAIN
    )
    assert (counts(store.overall), store.overall.flaky) == ((2, 2, 0, 0, 0), 0)
    assert store.replaced == {"again.xml"}


def test_nor_does_one_that_only_tells_of_a_module_that_could_not_be_imported() -> None:
    rerun = pytest_xml(case("", "<error/>", suite=""), began="2026-01-13T09:00:00+00:00")
    files = {"run.xml": FULL, "again.xml": rerun, "elsewhere/other.xml": RERUN}
    assert counts(store_of(files, AGAIN).overall) == counts(
        store_of({**files, "again.xml": RERUN}, AGAIN).overall
    )


EVERYTHING = {
    **MATRIX,
    "py312-again.xml": RERUN,
    "again.xml": pytest_xml(case("test_a", failure()), began="2026-01-13T12:00:00+00:00"),
    "log.jsonl": LOG,
    "b/new.xml": pytest_xml(case("test_a"), case("test_c"), began=LATE),
    "old.xml": ONE_MORE,
    "killed.jsonl": KILLED,
    "again-early.xml": pytest_xml(case("test_a", failure()), began="2026-01-13T09:30:00+00:00"),
    "again-elsewhere.xml": pytest_xml(case("", "<error/>", suite=""), began="2026-01-13T09:30:00+00:00"),
}


@given(
    st.lists(st.tuples(st.sampled_from(sorted(EVERYTHING)), st.booleans()), max_size=12),
    st.sampled_from([Rules(), AGAIN]),
)
def test_what_counts_does_not_hang_on_the_order_in_which_sources_came_and_went(
    steps: list[tuple[str, bool]], rules: Rules
) -> None:
    store, there = Store(rules), dict[str, str]()
    for generation, (name, comes) in enumerate(steps, 1):
        if comes:
            there[name] = EVERYTHING[name]
            put(store, name, EVERYTHING[name], generation=generation)
        else:
            there.pop(name, None)
            store.apply(SourceGone(name))
    fresh = store_of(dict(sorted(there.items())), rules)
    assert counts(store.overall) == counts(fresh.overall)
    assert {key: result.outcome for key, result in store.tests.items()} == {
        key: result.outcome for key, result in fresh.tests.items()
    }
    assert store.replaced == fresh.replaced
    for source in there:
        assert store.group(source) == fresh.group(source)
    assert {name: counts(store.tally(name)) for name in store.components} == {
        name: counts(fresh.tally(name)) for name in fresh.components
    }
    assert sorted(store.disagreements()) == sorted(fresh.disagreements())


def ant_suite(name: str, *cases: str, at: str, more: str = "") -> str:
    return (
        f'<testsuite errors="0" failures="0" hostname="vm" {more} name="{name}" {{package}} skipped="0" '
        f'tests="{len(cases)}" time="1" timestamp="{at}">{"".join(cases)}</testsuite>'
    )


def ant_files(seconds: str = "0.25") -> dict[str, str]:
    """What Ant writes: a file for each class, and one that repeats them all under other names."""
    first, second = (
        [f'<testcase classname="org.acme.{name}" name="{n}" time="{seconds}"/>' for n in "ab"]
        for name in ("OneTest", "TwoTest")
    )
    early, late = "2026-01-13T10:00:00", "2026-01-13T10:00:02"
    of_all = ant_suite("OneTest", *first, at=early, more='id="0"') + ant_suite(
        "TwoTest", *second, at=late, more='id="1"'
    )
    return {
        "TEST-org.acme.OneTest.xml": ant_suite("org.acme.OneTest", *first, at=early).format(package=""),
        "TEST-org.acme.TwoTest.xml": ant_suite("org.acme.TwoTest", *second, at=late).format(package=""),
        "TESTS-TestSuites.xml": "<testsuites>"
        + of_all.format(package='package="org.acme"')
        + "</testsuites>",
    }


@pytest.mark.parametrize("seconds", ["0.25", "0.0"])
def test_a_file_that_repeats_all_others_counts_no_test_twice(seconds: str) -> None:
    facts = facts_of(ant_files(seconds))
    assert counts(facts.overall.tally) == (4, 4, 0, 0, 0)
    assert {row.producer for row in facts.sources} == {"Ant"}
    said = {row.path: row.relation for row in facts.sources}
    assert said["TEST-org.acme.OneTest.xml"].endswith("TESTS-TestSuites.xml")
    assert said["TESTS-TestSuites.xml"].startswith("same run as TEST-org.acme.OneTest.xml, ")


def test_of_many_files_of_one_run_a_few_are_named() -> None:
    at = "2026-01-13T10:00:{:02}"
    cases = {n: f'<testcase classname="T{n}" name="a" time="0.{n}"/>' for n in range(10, 20)}
    files = {
        f"T{n}.xml": ant_suite(f"T{n}", one, at=at.format(n)).format(package="") for n, one in cases.items()
    }
    suites = "".join(files.values()).replace(' hostname="vm"  ', ' hostname="vm" id="0" ')
    facts = facts_of({**files, "TESTS.xml": f"<testsuites>{suites}</testsuites>"})
    assert facts.overall.tally.tests == 10
    (of_all,) = [row.relation for row in facts.sources if row.path == "TESTS.xml"]
    assert of_all == "same run as T10.xml, T11.xml, T12.xml, T13.xml, T14.xml, T15.xml and 4 more"


@pytest.mark.parametrize(
    "change", [('time="0.25"', 'time="0.26"'), ("T10:00:00", "T10:00:01"), ("/>", "><failure/></testcase>")]
)
def test_what_differs_in_a_result_or_a_time_is_no_repetition(change: tuple[str, str]) -> None:
    files = ant_files()
    name = "TEST-org.acme.OneTest.xml"
    files[name] = files[name].replace(*change)
    assert store_of(files).overall.tests == 6


def test_of_one_class_alone_several_equal_times_tell_that_it_is_repeated() -> None:
    cases = [f'<testcase classname="T" name="{n}" time="0.{n}"/>' for n in range(1, 5)]
    files = {
        "TEST-T.xml": ant_suite("T", *cases, at="2026-01-13T10:00:00").format(package=""),
        "TESTS.xml": ant_suite("T", *cases, at="2026-01-13T10:00:00", more='id="0"').format(package=""),
    }
    assert store_of(files).overall.tests == 4
    few = {name: text.replace('time="0.', 'stamp="0.') for name, text in files.items()}
    assert store_of(few).overall.tests == 8


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
