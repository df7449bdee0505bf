"""Criteria and the verdict (TRUTH 6)."""

import pytest
from msgspec.structs import replace

from tui.core.criteria import DEFAULT_CRITERIA, Criteria, Criterion, CriterionState, Part, Standing
from tui.core.golden import OrderState, PathVerdict
from tui.core.tally import Tally
from tui.core.verdict import Verdict, VerdictWord, judge

MET, NOT_MET, UNKNOWN = CriterionState.MET, CriterionState.NOT_MET, CriterionState.UNKNOWN
GOOD = Tally(tests=10, passed=10)
BAD = Tally(tests=10, passed=9, failed=1)
WHOLE = Part("", GOOD, regressions=(), vanished=(), not_run_number=0, planned=10)
STANDING = Standing(overall=WHOLE, ages=(("a.xml", 10.0),))
_OF_THE_WHOLE = {"regressions", "vanished", "not_run_number", "hollow", "disagreements", "to_come"}
PROVEN = PathVerdict("Chat", "PROVEN", OrderState.PROVEN, None, ())
BROKEN = PathVerdict("Chat", "FAILED", OrderState.NOT_PROVEN, "b before a, x line 2", ())


def standing_of(criteria: Criteria, change: dict[str, object], *, live: bool = False) -> Standing:
    """What holds everywhere but for `change`: fields of the whole, or of the standing."""
    tally = change.get("overall", GOOD)
    whole = {name: value for name, value in change.items() if name in _OF_THE_WHOLE}
    rest = {name: value for name, value in change.items() if name not in whole and name != "overall"}
    part = replace(WHOLE, tally=tally, demands=criteria, live=live, **whole)
    return replace(STANDING, overall=part, live=live, **rest)


def verdict(criteria: Criteria, *, live: bool = False, **change: object) -> Verdict:
    return judge(standing_of(criteria, change, live=live))


def only(found: Verdict) -> Criterion:
    (criterion,) = found.criteria
    return criterion


def component(tally: Tally, *, required: bool = False, demands: Criteria | None = None) -> Part:
    return Part("Core", tally, demands or Criteria(), required=required)


def test_the_defaults_judge_failures_required_components_golden_paths_and_sources() -> None:
    found = verdict(DEFAULT_CRITERIA, components=(component(GOOD, required=True),), golden_paths=(PROVEN,))
    assert [criterion.name for criterion in found.criteria] == [
        "no_failures",
        "golden_paths Chat",
        "required_components",
        "readable_sources",
    ]
    assert found.word is VerdictWord.READY


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
        (Criteria(), {"components": (component(BAD, demands=Criteria(min_rate=95)),)}, NOT_MET),
        (Criteria(min_tests=10), {}, MET),
        (Criteria(min_tests=11), {}, NOT_MET),
        (Criteria(min_tests=10), {"overall": Tally(tests=10, passed=9, skipped=1)}, NOT_MET),
        (Criteria(max_flaky=0), {}, MET),
        (Criteria(max_flaky=0), {"overall": Tally(tests=2, passed=2, flaky=1)}, NOT_MET),
        (Criteria(max_flaky=1), {"overall": Tally(tests=2, passed=2, flaky=1)}, MET),
        (Criteria(max_skipped=0), {"overall": Tally(tests=2, passed=1, skipped=1)}, NOT_MET),
        (Criteria(max_skipped=1), {"overall": Tally(tests=2, passed=1, skipped=1)}, MET),
        (Criteria(max_duration=1), {"overall": Tally(tests=1, passed=1, microseconds=1_000_000)}, MET),
        (Criteria(max_duration=1), {"overall": Tally(tests=1, passed=1, microseconds=1_000_001)}, NOT_MET),
        (Criteria(plan_complete=True), {}, MET),
        (Criteria(plan_complete=True), {"not_run_number": 1}, NOT_MET),
        (Criteria(plan_complete=True), {"not_run_number": None}, UNKNOWN),
        (Criteria(no_hollow=True), {}, MET),
        (Criteria(no_hollow=True), {"hollow": ("a: its name says that it stands in for another",)}, NOT_MET),
        (Criteria(sources_agree=True), {}, MET),
        (Criteria(sources_agree=True), {"disagreements": ("a: passed in x, failed in y",)}, NOT_MET),
    ],
)
def test_a_criterion_is_met_not_met_or_unknown(
    criteria: Criteria, change: dict[str, object], expected: CriterionState
) -> None:
    assert only(judge(standing_of(criteria, change))).state is expected


@pytest.mark.parametrize(
    ("criteria", "change", "expected"),
    [
        (Criteria(no_failures=True), {}, UNKNOWN),
        (Criteria(no_failures=True), {"overall": BAD}, NOT_MET),
        (Criteria(min_rate=90), {}, UNKNOWN),
        (Criteria(min_rate=95), {"overall": BAD}, UNKNOWN),
        (Criteria(min_rate=95), {"overall": BAD, "to_come": 10}, UNKNOWN),
        (Criteria(min_rate=95), {"overall": BAD, "to_come": 9}, NOT_MET),
        (Criteria(min_tests=11), {}, UNKNOWN),
        (Criteria(min_tests=10), {}, MET),
        (Criteria(min_tests=11), {"to_come": 0}, NOT_MET),
        (Criteria(max_flaky=0), {}, UNKNOWN),
        (Criteria(max_flaky=0), {"overall": Tally(tests=2, passed=2, flaky=1)}, NOT_MET),
        (Criteria(max_duration=0), {"overall": Tally(tests=1, passed=1, microseconds=1)}, NOT_MET),
        (Criteria(plan_complete=True), {"not_run_number": 5}, UNKNOWN),
        (Criteria(no_hollow=True), {"hollow": ("a: b",)}, UNKNOWN),
        (Criteria(sources_agree=True), {"disagreements": ("a: b",)}, UNKNOWN),
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
    assert only(verdict(criteria, live=True, **change)).state is expected


def test_one_criterion_that_is_not_met_outweighs_one_that_is_unknown() -> None:
    found = verdict(Criteria(no_failures=True, max_regressions=0), overall=BAD, regressions=None)
    assert {criterion.state for criterion in found.criteria} == {NOT_MET, UNKNOWN}
    assert found.word is VerdictWord.NOT_READY


def test_one_unknown_criterion_is_enough_to_know_nothing() -> None:
    found = verdict(Criteria(no_failures=True, max_regressions=0), regressions=None)
    assert found.word is VerdictWord.UNKNOWN


@pytest.mark.parametrize("tally", [Tally(), Tally(tests=3, skipped=3)])
def test_where_nothing_was_executed_nothing_is_ready(tally: Tally) -> None:
    assert verdict(Criteria(), overall=tally).word is VerdictWord.UNKNOWN


def test_a_live_run_is_never_ready() -> None:
    assert verdict(Criteria(), live=True).word is VerdictWord.UNKNOWN


def test_what_is_not_named_is_not_judged() -> None:
    found = verdict(Criteria(min_rate=50), overall=BAD, unreadable=("x",))
    assert (found.word, len(found.criteria)) == (VerdictWord.READY, 1)


def test_a_criterion_says_what_was_needed_what_was_got_and_the_evidence() -> None:
    criterion = only(verdict(Criteria(max_regressions=2), regressions=tuple("abcdefg")))
    assert (criterion.needed, criterion.got) == ("at most 2", "7")
    assert criterion.evidence == ("a", "b", "c", "d", "e", "and 2 more")


def test_a_component_s_criterion_is_named_after_it_and_judged_by_its_own_tests() -> None:
    demands = Criteria(max_skipped=0, min_tests=5)
    part = component(Tally(tests=4, passed=3, skipped=1), demands=demands)
    found = verdict(Criteria(max_skipped=0), components=(part,))
    assert [(c.name, c.state) for c in found.criteria] == [
        ("min_tests Core", NOT_MET),
        ("max_skipped", MET),
        ("max_skipped Core", NOT_MET),
    ]


@pytest.mark.parametrize(
    ("criteria", "change", "expected"),
    [
        (Criteria(no_failures=True), {"to_come": 33}, "READY if the remaining 33 pass"),
        (Criteria(no_failures=True, min_rate=50), {"to_come": 33}, "READY if the remaining 33 pass"),
        (Criteria(no_failures=True), {}, "READY if all that is still to come passes"),
        (
            Criteria(min_rate=90),
            {"overall": BAD, "to_come": 10},
            "READY if at least 9 of the remaining 10 pass",
        ),
        (
            Criteria(min_rate=80, readable_sources=True),
            {"overall": Tally(tests=42, passed=20, failed=22)},
            "READY if at least 68 more come, all pass and the run ends whole",
        ),
        (Criteria(min_rate=90), {"overall": BAD}, "READY if all that is still to come passes"),
        (Criteria(min_rate=100), {"overall": BAD}, "cannot become READY: 1 criterion already lost"),
        (
            Criteria(min_rate=80),
            {"overall": Tally(tests=42, passed=20, failed=22), "to_come": 67},
            "cannot become READY: 1 criterion already lost",
        ),
        (
            Criteria(no_failures=True, readable_sources=True),
            {"to_come": 2},
            "READY if the remaining 2 pass and the run ends whole",
        ),
        (
            Criteria(no_failures=True, golden_paths=True),
            {"to_come": 2, "golden_paths": (BROKEN,)},
            "READY if the remaining 2 pass and the golden path Chat is proven",
        ),
        (
            Criteria(no_failures=True, min_rate=95),
            {"overall": BAD, "to_come": 1},
            "cannot become READY: 2 criteria already lost",
        ),
        (Criteria(no_failures=True), {"overall": BAD}, "cannot become READY: 1 criterion already lost"),
        (
            Criteria(no_failures=True, max_vanished=0),
            {"vanished": None},
            "cannot become READY: max_vanished cannot be judged, no baseline to compare with",
        ),
    ],
)
def test_while_a_run_is_live_the_verdict_says_which_way_it_can_still_go(
    criteria: Criteria, change: dict[str, object], expected: str
) -> None:
    assert verdict(criteria, live=True, **change).outlook == expected


def test_a_run_that_is_over_has_no_outlook() -> None:
    assert verdict(Criteria(no_failures=True)).outlook == ""


def test_what_a_component_still_needs_is_said_of_it() -> None:
    web = replace(component(GOOD, demands=Criteria(no_failures=True)), live=True, to_come=5)
    whole = replace(
        WHOLE, demands=Criteria(min_rate=50.0), tally=Tally(tests=2, passed=2), live=True, to_come=10
    )
    outlook = judge(replace(STANDING, overall=whole, components=(web,), live=True)).outlook
    assert "at least 4 of the remaining 10 pass" in outlook
    assert "the remaining 5 of Core pass" in outlook
