"""What changed since the baseline (TRUTH 5)."""

import pytest

from tests.building import BEGAN, case, failure, phases, put, pytest_xml, report_log, store_of
from tui.core.baseline import Baseline, Change, change
from tui.core.facts import Facts, gather
from tui.core.model import Outcome, SourceGone, SourceState
from tui.core.rules import Rules
from tui.core.store import Store

PASSED, FAILED, ERROR, SKIPPED = Outcome.PASSED, Outcome.FAILED, Outcome.ERROR, Outcome.SKIPPED
SKIP = "<skipped/>"


def store_against(then: dict[str, str], now: dict[str, str]) -> Store:
    store = Store(Rules())
    store.set_baseline(Baseline("baseline", tuple(store_of(dict(then)).known_tests())))
    for generation, (name, text) in enumerate(now.items(), 1):
        put(store, name, text, generation=generation)
    store.scanned = True
    return store


def against(then: dict[str, str], now: dict[str, str]) -> Facts:
    return gather(store_against(then, now), BEGAN + 3600)


@pytest.mark.parametrize(
    ("now", "then", "found"),
    [
        (FAILED, PASSED, Change.NEW_FAILURE),
        (ERROR, PASSED, Change.NEW_FAILURE),
        (FAILED, FAILED, Change.STILL_FAILING),
        (ERROR, FAILED, Change.STILL_FAILING),
        (PASSED, ERROR, Change.FIXED),
        (PASSED, PASSED, None),
        (SKIPPED, PASSED, Change.NEWLY_SKIPPED),
        (SKIPPED, FAILED, Change.NEWLY_SKIPPED),
        (SKIPPED, SKIPPED, None),
        (PASSED, SKIPPED, None),
        (FAILED, SKIPPED, None),
        (FAILED, None, Change.NEW_TEST),
        (PASSED, None, Change.NEW_TEST),
        (Outcome.RUNNING, PASSED, None),
        (Outcome.RUNNING, None, None),
    ],
)
def test_what_became_of_a_test(now: Outcome, then: Outcome | None, found: Change | None) -> None:
    assert change(now, then) is found


def test_every_change_is_counted_once() -> None:
    then = pytest_xml(case("a"), case("b", failure()), case("c", failure()), case("d"), case("gone"))
    now = pytest_xml(case("a", failure()), case("b", failure()), case("c"), case("d", SKIP), case("new"))
    numbers = against({"a.xml": then}, {"a.xml": now}).regressions.numbers
    assert numbers == dict.fromkeys(Change, 1)


def test_without_a_baseline_nothing_is_known() -> None:
    store = store_of({"a.xml": pytest_xml(case("a", failure()))})
    regressions = gather(store, BEGAN).regressions
    assert (regressions.known, regressions.numbers) == (False, {})
    assert gather(store, BEGAN).overall.delta is None


def test_a_test_that_has_not_run_yet_has_not_vanished() -> None:
    lines = [line for name in "abc" for line in phases(f"tests/test_a.py::{name}")]
    store = Store(Rules())
    store.set_baseline(Baseline("baseline", tuple(store_of({"r.jsonl": report_log(*lines)}).known_tests())))
    part = report_log(*lines[:3], finish=False)
    put(store, "r.jsonl", part, state=SourceState.GROWING)
    assert gather(store, BEGAN).regressions.numbers[Change.VANISHED] == 0
    whole = report_log(*lines[:3])
    put(store, "r.jsonl", whole, generation=2)
    assert gather(store, BEGAN).regressions.numbers[Change.VANISHED] == 2


def test_a_test_that_a_killed_run_never_came_to_did_not_run_and_has_not_vanished() -> None:
    lines = [line for name in "abc" for line in phases(f"tests/test_a.py::{name}")]
    store = Store(Rules())
    store.set_baseline(Baseline("baseline", tuple(store_of({"r.jsonl": report_log(*lines)}).known_tests())))
    put(store, "r.jsonl", report_log(*lines[:3], finish=False), state=SourceState.CUT_SHORT)
    facts = gather(store, BEGAN)
    assert facts.regressions.numbers[Change.VANISHED] == 0
    assert (facts.not_run.number, facts.overall.not_run, facts.overall.tally.tests) == (2, 2, 1)
    assert "r.jsonl: cut short" in facts.not_run.reason


def test_a_file_that_is_called_otherwise_now_is_still_compared() -> None:
    facts = against({"old.xml": pytest_xml(case("a"))}, {"new.xml": pytest_xml(case("a", failure()))})
    assert facts.regressions.numbers[Change.NEW_FAILURE] == 1
    assert not facts.regressions.vanished


def test_a_matrix_that_grew_by_one_has_new_tests() -> None:
    then = {"py311.xml": pytest_xml(case("a"))}
    now = {"py311.xml": pytest_xml(case("a")), "py312.xml": pytest_xml(case("a", failure()))}
    assert against(then, now).regressions.numbers == dict.fromkeys(Change, 0) | {Change.NEW_TEST: 1}


def test_when_the_known_one_goes_the_new_one_of_a_matrix_takes_its_place() -> None:
    then = {"py311.xml": pytest_xml(case("a"))}
    store = store_against(then, {**then, "py312.xml": pytest_xml(case("a", failure()))})
    store.apply(SourceGone("py311.xml"))
    numbers = gather(store, BEGAN).regressions.numbers
    assert (numbers[Change.NEW_TEST], numbers[Change.NEW_FAILURE], numbers[Change.VANISHED]) == (0, 1, 0)


def test_a_known_test_that_two_sources_meet_vanishes_with_the_second_of_them_only() -> None:
    xml = pytest_xml(case("a"))
    store = store_against({"old.xml": xml}, {"one.xml": xml, "two.xml": xml})
    store.apply(SourceGone("one.xml"))
    assert gather(store, BEGAN).regressions.numbers[Change.VANISHED] == 0
    store.apply(SourceGone("two.xml"))
    assert gather(store, BEGAN).regressions.numbers[Change.VANISHED] == 1


def cases(number: int, failing: int = 0) -> list[str]:
    return [case(f"t{n}", failure() if n < failing else "") for n in range(number)]


def test_a_delta_compares_the_tests_that_both_sides_have() -> None:
    then, now = pytest_xml(*cases(10)), pytest_xml(*cases(10, failing=2), case("new"))
    facts = against({"a.xml": then}, {"a.xml": now})
    assert (facts.overall.delta, facts.overall.delta_note) == (-20.0, "")


@pytest.mark.parametrize(("now", "comparable"), [(10, True), (8, True), (7, False)])
def test_fewer_than_four_fifths_shared_is_not_comparable(now: int, *, comparable: bool) -> None:
    facts = against({"a.xml": pytest_xml(*cases(10))}, {"a.xml": pytest_xml(*cases(now))})
    note = "" if comparable else f"not comparable: {now} tests now, 10 then"
    assert (facts.overall.delta is not None, facts.overall.delta_note) == (comparable, note)
    assert facts.regressions.comparable is comparable
