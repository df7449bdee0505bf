"""Criteria as judged -> the verdict (TRUTH 6).

May import the rest of `core`. Pure. Invariants: NOT READY when one criterion is not met; else UNKNOWN when
one is unknown or there is no data; else READY. A live run is never READY, and says which way it can go.
"""

from enum import StrEnum

from msgspec import Struct

from tui.core.criteria import Criterion, CriterionState, Standing, judged

_ALL_PASS = (" pass", " passes")
_SOME = " of the remaining "
"""Stands in a condition that asks for some of what is to come only."""
_OF = " of "
"""Stands in a condition that is about some of the tests only."""


class VerdictWord(StrEnum):
    """Whether the whole is ready."""

    READY = "READY"
    NOT_READY = "NOT READY"
    UNKNOWN = "UNKNOWN"


class Verdict(Struct, frozen=True):
    """The word, with every criterion that made it; `outlook`: while live, which way it can still go."""

    word: VerdictWord
    criteria: tuple[Criterion, ...]
    outlook: str = ""


def judge(standing: Standing) -> Verdict:
    """The verdict with its criteria, kind by kind, that of the whole before those of components."""
    criteria = tuple(judged(standing))
    states = {criterion.state for criterion in criteria}
    if CriterionState.NOT_MET in states:
        word = VerdictWord.NOT_READY
    elif CriterionState.UNKNOWN in states or not standing.overall.tally.executed or standing.live:
        word = VerdictWord.UNKNOWN
    else:
        word = VerdictWord.READY
    return Verdict(word, criteria, _outlook(criteria) if standing.live else "")


def _outlook(criteria: tuple[Criterion, ...]) -> str:
    """What a live run can still come to, and what that takes."""
    lost = sum(criterion.state is CriterionState.NOT_MET for criterion in criteria)
    if lost:
        return f"cannot become READY: {lost:,} {'criterion' if lost == 1 else 'criteria'} already lost"
    open_ones = [criterion for criterion in criteria if criterion.state is CriterionState.UNKNOWN]
    blind = next((criterion for criterion in open_ones if criterion.pending is None), None)
    if blind is not None:
        return f"cannot become READY: {blind.name} cannot be judged, {blind.got}"
    conditions = dict.fromkeys(criterion.pending for criterion in open_ones if criterion.pending)
    if any(each.endswith(_ALL_PASS) and _OF not in each for each in conditions):
        # Where all of the rest has to pass, that some of it has to says no more.
        conditions = {each: None for each in conditions if _SOME not in each}
    if not conditions or any(not criterion.pending for criterion in open_ones):
        conditions["the run ends whole"] = None
    return f"READY if {_listed(list(conditions))}"


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
