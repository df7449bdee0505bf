"""Criteria -> met, not met or unknown -> the verdict (TRUTH 6).

May import the rest of `core`. Pure: it judges a `Standing`, a small summary of the facts. Invariants:
NOT READY when one criterion is not met; else UNKNOWN when one is unknown or there is no data; else
READY. While a run is live, what later results can still turn is unknown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tui.core.golden import PathVerdict
from tui.core.tally import Tally
from tui.text import age, counted

_EVIDENCE_SHOWN = 5


class CriterionState(StrEnum):
    """Whether a criterion holds."""

    MET = "met"
    NOT_MET = "not met"
    UNKNOWN = "unknown"


class VerdictWord(StrEnum):
    """Whether the whole is ready."""

    READY = "READY"
    NOT_READY = "NOT READY"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Criteria:
    """What is demanded; what is None or False is not judged. `max_age` in seconds."""

    no_failures: bool = False
    min_rate: float | None = None
    max_regressions: int | None = None
    max_vanished: int | None = None
    golden_paths: bool = False
    required_components: bool = False
    max_age: float | None = None
    readable_sources: bool = False


DEFAULT_CRITERIA = Criteria(
    no_failures=True, golden_paths=True, required_components=True, readable_sources=True
)


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion as judged. `short` is its name on a narrow screen."""

    name: str
    short: str
    needed: str
    got: str
    state: CriterionState
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The word, with every criterion that made it."""

    word: VerdictWord
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class ComponentStanding:
    """What the criteria need to know of one component."""

    name: str
    tally: Tally
    required: bool
    min_rate: float | None
    live: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What the criteria judge. `regressions` and `vanished` are None without a baseline.

    `ages`: of every source that holds tests, its path and age in seconds. `unreadable`: what cannot be
    read or was cut short, in words.
    """

    overall: Tally
    components: tuple[ComponentStanding, ...]
    golden_paths: tuple[PathVerdict, ...]
    regressions: tuple[str, ...] | None
    vanished: tuple[str, ...] | None
    ages: tuple[tuple[str, float], ...]
    unreadable: tuple[str, ...]
    live: bool


def judge(criteria: Criteria, standing: Standing) -> Verdict:
    """The verdict with its criteria, in the order in which they are declared."""
    judged = tuple(_judged(criteria, standing))
    states = {criterion.state for criterion in judged}
    if CriterionState.NOT_MET in states:
        word = VerdictWord.NOT_READY
    elif CriterionState.UNKNOWN in states or not standing.overall.executed or standing.live:
        word = VerdictWord.UNKNOWN
    else:
        word = VerdictWord.READY
    return Verdict(word, judged)


def _judged(criteria: Criteria, standing: Standing) -> Iterator[Criterion]:
    if criteria.no_failures:
        yield _no_failures(standing)
    if criteria.min_rate is not None:
        yield _min_rate("min_rate", "rate", criteria.min_rate, standing.overall, live=standing.live)
    for component in standing.components:
        if component.min_rate is not None:
            yield _min_rate(
                f"min_rate {component.name}",
                component.name,
                component.min_rate,
                component.tally,
                live=component.live or (standing.live and not component.tally.tests),
            )
    if criteria.max_regressions is not None:
        yield _at_most(
            "max_regressions", "regressions", criteria.max_regressions, standing.regressions, standing
        )
    if criteria.max_vanished is not None:
        yield _at_most("max_vanished", "vanished", criteria.max_vanished, standing.vanished, standing)
    if criteria.golden_paths and standing.golden_paths:
        for path in standing.golden_paths:
            yield _golden_path(path, standing)
    required = [component for component in standing.components if component.required]
    if criteria.required_components and required:
        yield _required(required, standing)
    if criteria.max_age is not None:
        yield _max_age(criteria.max_age, standing)
    if criteria.readable_sources:
        yield _readable(standing)


def _no_failures(standing: Standing) -> Criterion:
    tally = standing.overall
    state = CriterionState.NOT_MET if tally.bad else _once_ended(standing, CriterionState.MET)
    got = f"{tally.failed:,} failed, {counted(tally.errors, 'error')} of {counted(tally.tests, 'test')}"
    return Criterion("no_failures", "no failures", "0 failed, 0 errors", got, state)


def _min_rate(name: str, short: str, least: float, tally: Tally, *, live: bool) -> Criterion:
    needed = f"{least:.1f} %"
    short = f"{short} ≥ {least:g}%"
    if tally.rate is None:
        return Criterion(name, short, needed, "nothing executed", CriterionState.UNKNOWN)
    got = f"{tally.rate:.2f} % ({tally.fraction})"
    if live:
        return Criterion(name, short, needed, f"{got} so far", CriterionState.UNKNOWN)
    state = CriterionState.MET if tally.rate >= least else CriterionState.NOT_MET
    return Criterion(name, short, needed, got, state)


def _at_most(name: str, what: str, most: int, found: Sequence[str] | None, standing: Standing) -> Criterion:
    short = f"no {what}" if most == 0 else f"{what} ≤ {most}"
    needed = f"at most {most}"
    if found is None:
        return Criterion(name, short, needed, "no baseline to compare with", CriterionState.UNKNOWN)
    state = CriterionState.NOT_MET if len(found) > most else _once_ended(standing, CriterionState.MET)
    return Criterion(name, short, needed, f"{len(found):,}", state, _shown(found))


def _golden_path(path: PathVerdict, standing: Standing) -> Criterion:
    got = f"{path.proven}/{path.demanded} proven, {path.order_in_words}"
    if path.is_proven:
        state = _once_ended(standing, CriterionState.MET)
    else:
        state = _once_ended(standing, CriterionState.NOT_MET)
    evidence = [f"{event.name}: {event.word}" for event in path.events if event.word != "PROVEN"]
    if path.first_break:
        evidence.append(path.first_break)
    short = f"golden path {path.proven}/{path.demanded}"
    if path.proven == path.demanded and not path.is_proven:
        short += ", order not proven"
    if len(standing.golden_paths) > 1:
        short = f"{path.name} {path.proven}/{path.demanded}"
    return Criterion(
        f"golden_paths {path.name}", short, "every event proven in order", got, state, _shown(evidence)
    )


def _required(required: Sequence[ComponentStanding], standing: Standing) -> Criterion:
    absent = [component.name for component in required if not component.tally.executed]
    short = f"{required[0].name} ran" if len(required) == 1 else "required components ran"
    state = _once_ended(standing, CriterionState.NOT_MET) if absent else CriterionState.MET
    got = f"{len(required) - len(absent)} of {len(required)} ran"
    return Criterion(
        "required_components",
        short,
        f"{counted(len(required), 'required component')} executed",
        got,
        state,
        tuple(f"{name}: NOT RUN" for name in absent),
    )


def _max_age(most: float, standing: Standing) -> Criterion:
    needed = f"at most {age(most)} old"
    if not standing.ages:
        return Criterion("max_age", "fresh", needed, "no results", CriterionState.UNKNOWN)
    old = [f"{path}: {age(seconds)} old" for path, seconds in standing.ages if seconds > most]
    oldest = max(seconds for _, seconds in standing.ages)
    state = CriterionState.NOT_MET if old else CriterionState.MET
    return Criterion("max_age", "fresh", needed, f"oldest {age(oldest)}", state, _shown(old))


def _readable(standing: Standing) -> Criterion:
    number = len(standing.unreadable)
    if number:
        state, got = CriterionState.NOT_MET, f"{counted(number, 'source')} not whole"
    else:
        state = _once_ended(standing, CriterionState.MET)
        got = "all" if standing.overall.tests else "no results yet"
    return Criterion(
        "readable_sources",
        "files whole",
        "every source read whole",
        got,
        state,
        _shown(standing.unreadable),
    )


def _once_ended(standing: Standing, state: CriterionState) -> CriterionState:
    """`state`, unless later results can still turn it, or there are none at all."""
    if standing.live or (not standing.overall.tests and not standing.unreadable):
        return CriterionState.UNKNOWN
    return state


def _shown(evidence: Sequence[str]) -> tuple[str, ...]:
    more = len(evidence) - _EVIDENCE_SHOWN
    return (*evidence[:_EVIDENCE_SHOWN], f"and {more:,} more") if more > 0 else tuple(evidence)
