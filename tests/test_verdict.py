"""Criteria and the verdict (TRUTH 6)."""

from dataclasses import replace

import pytest

from tui.core.golden import OrderState, PathVerdict
from tui.core.tally import Tally
from tui.core.verdict import (
    DEFAULT_CRITERIA,
    ComponentStanding,
    Criteria,
    CriterionState,
    Standing,
    VerdictWord,
    judge,
)

MET, NOT_MET, UNKNOWN = CriterionState.MET, CriterionState.NOT_MET, CriterionState.UNKNOWN
GOOD = Tally(tests=10, passed=10)
BAD = Tally(tests=10, passed=9, failed=1)
STANDING = Standing(
    overall=GOOD,
    components=(),
    golden_paths=(),
    regressions=(),
    vanished=(),
    ages=(("a.xml", 10.0),),
    unreadable=(),
    live=False,
)
PROVEN = PathVerdict("Chat", "PROVEN", OrderState.PROVEN, None, ())
BROKEN = PathVerdict("Chat", "FAILED", OrderState.NOT_PROVEN, "b before a, x line 2", ())


def state(criteria: Criteria, standing: Standing) -> CriterionState:
    (criterion,) = judge(criteria, standing).criteria
    return criterion.state


def component(tally: Tally, *, required: bool = False, min_rate: float | None = None) -> ComponentStanding:
    return ComponentStanding("Core", tally, required, min_rate, live=False)


def test_the_defaults_judge_failures_required_components_golden_paths_and_sources() -> None:
    standing = replace(STANDING, components=(component(GOOD, required=True),), golden_paths=(PROVEN,))
    verdict = judge(DEFAULT_CRITERIA, standing)
    assert [criterion.name for criterion in verdict.criteria] == [
        "no_failures",
        "golden_paths Chat",
        "required_components",
        "readable_sources",
    ]
    assert verdict.word is VerdictWord.READY


@pytest.mark.parametrize(
    ("criteria", "change", "expected"),
    [
        (Criteria(no_failures=True), {}, MET),
        (Criteria(no_failures=True), {"overall": BAD}, NOT_MET),
        (Criteria(no_failures=True), {"overall": Tally(tests=1, errors=1)}, NOT_MET),
        (Criteria(no_failures=True), {"overall": Tally()}, UNKNOWN),
        (Criteria(min_rate=90), {"overall": BAD}, MET),
        (Criteria(min_rate=90.1), {"overall": BAD}, NOT_MET),
        (Criteria(min_rate=0), {"overall": Tally(tests=2, skipped=2)}, UNKNOWN),
        (Criteria(max_regressions=0), {}, MET),
        (Criteria(max_regressions=0), {"regressions": ("a",)}, NOT_MET),
        (Criteria(max_regressions=1), {"regressions": ("a",)}, MET),
        (Criteria(max_regressions=0), {"regressions": None}, UNKNOWN),
        (Criteria(max_vanished=0), {"vanished": ("a",)}, NOT_MET),
        (Criteria(max_vanished=0), {"vanished": None}, UNKNOWN),
        (Criteria(golden_paths=True), {"golden_paths": (PROVEN,)}, MET),
        (Criteria(golden_paths=True), {"golden_paths": (BROKEN,)}, NOT_MET),
        (Criteria(required_components=True), {"components": (component(BAD, required=True),)}, MET),
        (Criteria(required_components=True), {"components": (component(Tally(), required=True),)}, NOT_MET),
        (
            Criteria(required_components=True),
            {"components": (component(Tally(tests=1, skipped=1), required=True),)},
            NOT_MET,
        ),
        (Criteria(max_age=10), {}, MET),
        (Criteria(max_age=9), {}, NOT_MET),
        (Criteria(max_age=9), {"ages": ()}, UNKNOWN),
        (Criteria(readable_sources=True), {}, MET),
        (Criteria(readable_sources=True), {"unreadable": ("a.xml: cut short",)}, NOT_MET),
        (Criteria(readable_sources=True), {"unreadable": ("a.xml: x",), "overall": Tally()}, NOT_MET),
        (Criteria(), {"components": (component(BAD, min_rate=95),)}, NOT_MET),
    ],
)
def test_a_criterion_is_met_not_met_or_unknown(
    criteria: Criteria, change: dict[str, object], expected: CriterionState
) -> None:
    assert state(criteria, replace(STANDING, **change)) is expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("criteria", "change", "expected"),
    [
        (Criteria(no_failures=True), {}, UNKNOWN),
        (Criteria(no_failures=True), {"overall": BAD}, NOT_MET),
        (Criteria(min_rate=90), {}, UNKNOWN),
        (Criteria(min_rate=95), {"overall": BAD}, UNKNOWN),
        (Criteria(max_regressions=0), {}, UNKNOWN),
        (Criteria(max_regressions=0), {"regressions": ("a",)}, NOT_MET),
        (Criteria(golden_paths=True), {"golden_paths": (PROVEN,)}, UNKNOWN),
        (Criteria(golden_paths=True), {"golden_paths": (BROKEN,)}, UNKNOWN),
        (Criteria(required_components=True), {"components": (component(Tally(), required=True),)}, UNKNOWN),
        (Criteria(required_components=True), {"components": (component(GOOD, required=True),)}, MET),
        (Criteria(readable_sources=True), {}, UNKNOWN),
        (Criteria(readable_sources=True), {"unreadable": ("a.xml: cut short",)}, NOT_MET),
    ],
)
def test_while_a_run_is_live_only_what_cannot_turn_is_decided(
    criteria: Criteria, change: dict[str, object], expected: CriterionState
) -> None:
    assert state(criteria, replace(STANDING, live=True, **change)) is expected  # type: ignore[arg-type]


def test_one_criterion_that_is_not_met_outweighs_one_that_is_unknown() -> None:
    standing = replace(STANDING, overall=BAD, regressions=None)
    verdict = judge(Criteria(no_failures=True, max_regressions=0), standing)
    assert {criterion.state for criterion in verdict.criteria} == {NOT_MET, UNKNOWN}
    assert verdict.word is VerdictWord.NOT_READY


def test_one_unknown_criterion_is_enough_to_know_nothing() -> None:
    verdict = judge(Criteria(no_failures=True, max_regressions=0), replace(STANDING, regressions=None))
    assert verdict.word is VerdictWord.UNKNOWN


@pytest.mark.parametrize("tally", [Tally(), Tally(tests=3, skipped=3)])
def test_where_nothing_was_executed_nothing_is_ready(tally: Tally) -> None:
    assert judge(Criteria(), replace(STANDING, overall=tally)).word is VerdictWord.UNKNOWN


def test_a_live_run_is_never_ready() -> None:
    assert judge(Criteria(), replace(STANDING, live=True)).word is VerdictWord.UNKNOWN


def test_what_is_not_named_is_not_judged() -> None:
    verdict = judge(Criteria(min_rate=50), replace(STANDING, overall=BAD, unreadable=("x",)))
    assert (verdict.word, len(verdict.criteria)) == (VerdictWord.READY, 1)


def test_a_criterion_says_what_was_needed_what_was_got_and_the_evidence() -> None:
    standing = replace(STANDING, regressions=tuple("abcdefg"))
    (criterion,) = judge(Criteria(max_regressions=2), standing).criteria
    assert (criterion.needed, criterion.got) == ("at most 2", "7")
    assert criterion.evidence == ("a", "b", "c", "d", "e", "and 2 more")
