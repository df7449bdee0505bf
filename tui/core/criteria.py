"""What READY demands, and how each demand is judged (TRUTH 6).

May import the rest of `core` but `verdict`. Pure: it judges a `Standing`, a small summary of the facts.
Invariants: what is not named is not judged; what later results can still turn is unknown, what they cannot
turn is not met; what nobody can know (no baseline, no plan) is unknown, never met.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from functools import partial
from typing import Any, NamedTuple

from msgspec import Struct

from tui.core.golden import PathVerdict
from tui.core.tally import Tally
from tui.text import age, counted

_EVIDENCE_SHOWN = 5


class CriterionState(StrEnum):
    """Whether a criterion holds."""

    MET = "met"
    NOT_MET = "not met"
    UNKNOWN = "unknown"


class Criteria(Struct, frozen=True):
    """What is demanded, of the whole or of one component; what is None or False is not judged.

    Times are in seconds. `min_tests` counts executed tests; `max_duration` is of all tests' times added.
    """

    no_failures: bool = False
    min_rate: float | None = None
    min_tests: int | None = None
    max_flaky: int | None = None
    max_skipped: int | None = None
    max_duration: float | None = None
    max_regressions: int | None = None
    max_vanished: int | None = None
    plan_complete: bool = False
    no_hollow: bool = False
    sources_agree: bool = False
    golden_paths: bool = False
    required_components: bool = False
    max_age: float | None = None
    readable_sources: bool = False


NO_CRITERIA = Criteria()
DEFAULT_CRITERIA = Criteria(
    no_failures=True, golden_paths=True, required_components=True, readable_sources=True
)
WHOLE_ONLY = ("golden_paths", "required_components", "max_age", "readable_sources")
"""What can be demanded of the whole only."""


class Criterion(Struct, frozen=True):
    """One criterion as judged. `short` is its name on a narrow screen.

    `evidence` is a few lines of what decided it. `pending`: what has yet to come true for it to be met,
    empty where the run only has to end so, None where nothing that may still come can turn it.
    `arithmetic` is how `got` was worked out, `kind` its name in the configuration and `component` whom it
    is demanded of, the whole where that is empty.
    """

    name: str
    short: str
    needed: str
    got: str
    state: CriterionState
    evidence: tuple[str, ...] = ()
    pending: str | None = None
    arithmetic: str = ""
    kind: str = ""
    component: str = ""


class Part(Struct, frozen=True):
    """What the criteria need to know of the whole (its `name` is empty) or of one component.

    `to_come`: how many tests have yet to run or to end, None where nobody knows. `regressions`, `vanished`
    and `not_run` hold test ids and are None where there is nothing to tell them by; `not_run_number` counts
    also what has no id. `hollow` and `disagreements` are in words.
    """

    name: str
    tally: Tally
    demands: Criteria = NO_CRITERIA
    required: bool = False
    live: bool = False
    to_come: int | None = None
    regressions: tuple[str, ...] | None = None
    vanished: tuple[str, ...] | None = None
    not_run_number: int | None = None
    not_run: tuple[str, ...] = ()
    planned: int = 0
    hollow: tuple[str, ...] = ()
    disagreements: tuple[str, ...] = ()


class Standing(Struct, frozen=True):
    """What the criteria judge.

    `ages`: of every source that holds tests, its path and age in seconds. `unreadable`: what cannot be
    read, was cut short or broke off, in words. `silent`: sources that are whole and tell of no test.
    `compared`: whether there is a baseline.
    """

    overall: Part
    components: tuple[Part, ...] = ()
    golden_paths: tuple[PathVerdict, ...] = ()
    ages: tuple[tuple[str, float], ...] = ()
    unreadable: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    live: bool = False


def judged(standing: Standing) -> Iterator[Criterion]:
    """Every criterion that is demanded: kind by kind, of the whole and then of the components."""
    for kind, judge in _KINDS.items():
        for part in (standing.overall, *standing.components):
            limit = getattr(part.demands, kind)
            if limit is None or limit is False or (part.name and kind in WHOLE_ONLY):
                continue
            yield from judge(_Demand(kind, limit, part, standing))


class _Demand(NamedTuple):
    """One criterion while it is judged: its kind and limit, and whom it is demanded of."""

    kind: str
    limit: Any
    part: Part
    standing: Standing

    @property
    def live(self) -> bool:
        """Whether results may still come that this is judged by."""
        return self.part.live or (self.standing.live and not self.part.tally.tests)

    def criterion(self, short: str, needed: str, got: str, state: CriterionState, **more: Any) -> Criterion:  # noqa: ANN401  # the fields of Criterion
        """The criterion, named as the configuration has it; that of a component has its name too."""
        part = self.part
        return Criterion(
            f"{self.kind} {part.name}".rstrip(),
            f"{part.name} {short}".lstrip(),
            needed,
            got,
            state,
            kind=self.kind,
            component=part.name,
            **more,
        )

    def once_ended(self, state: CriterionState) -> CriterionState:
        """`state`, unless later results can still turn it, or there are none at all."""
        return CriterionState.UNKNOWN if self.live or not self.part.tally.tests else state

    def rest_passes(self) -> str:
        """That everything which is still to come passes."""
        to_come = self.part.to_come
        if not to_come:
            return f"all that is still to come{self.whose} passes" if to_come is None else ""
        return f"the remaining {to_come:,}{self.whose} pass"

    @property
    def whose(self) -> str:
        """Whose tests a condition is about, where it is not about all."""
        return f" of {self.part.name}" if self.part.name else ""


Judge = Callable[[_Demand], Iterator[Criterion]]


def _no_failures(demand: _Demand) -> Iterator[Criterion]:
    tally = demand.part.tally
    state = CriterionState.NOT_MET if tally.bad else demand.once_ended(CriterionState.MET)
    got = f"{tally.failed:,} failed, {counted(tally.errors, 'error')} of {counted(tally.tests, 'test')}"
    yield demand.criterion("no failures", "0 failed, 0 errors", got, state, pending=demand.rest_passes())


def _min_rate(demand: _Demand) -> Iterator[Criterion]:
    tally, least, to_come = demand.part.tally, float(demand.limit), demand.part.to_come
    needed, short = f"{least:.1f} %", f"rate ≥ {least:g}%" if not demand.part.name else f"≥ {least:g}%"
    pending = demand.rest_passes()
    if tally.rate is None:
        waits = pending if demand.live else None
        yield demand.criterion(short, needed, "nothing executed", CriterionState.UNKNOWN, pending=waits)
        return
    got = f"{tally.rate:.2f} % ({tally.fraction})"
    said = f"{tally.passed:,} passed of {tally.executed:,} executed = {tally.rate:.4f} %"
    if not demand.live:
        state = CriterionState.MET if tally.rate >= least else CriterionState.NOT_MET
        yield demand.criterion(short, needed, got, state, arithmetic=said)
        return
    state = CriterionState.UNKNOWN
    if to_come is not None:
        then = tally.executed + to_come
        most = tally.passed + to_come
        wanted = max(math.ceil(least * then / 100 - 1e-9) - tally.passed, 0)
        said += f"; at best {most:,} of {then:,} = {100 * most / then:.4f} %"
        got += f" so far, at best {100 * most / then:.2f} %"
        if 100 * most < least * then:
            state = CriterionState.NOT_MET
        elif wanted < to_come:
            pending = f"at least {wanted:,} of the remaining {to_come:,}{demand.whose} pass"
    elif (lacking := _lacking(tally, least)) is None:
        state, got = CriterionState.NOT_MET, f"{got} so far, and no number of passing tests makes it {needed}"
    else:
        got += " so far"
        if lacking:
            said += f"; {lacking:,} more that all pass make it {needed}"
            pending = f"at least {lacking:,} more{demand.whose} come, all pass"
    yield demand.criterion(short, needed, got, state, pending=pending, arithmetic=said)


def _lacking(tally: Tally, least: float) -> int | None:
    """How many more tests, all passing, lift the rate to `least` %; None where no number does."""
    short = least * tally.executed - 100 * tally.passed
    if short <= 0:
        return 0
    return math.ceil(short / (100 - least) - 1e-9) if least < 100 else None


def _min_tests(demand: _Demand) -> Iterator[Criterion]:
    executed, least, to_come = demand.part.tally.executed, int(demand.limit), demand.part.to_come
    state = CriterionState.MET if executed >= least else CriterionState.NOT_MET
    if demand.live and state is CriterionState.NOT_MET:
        can_turn = to_come is None or executed + to_come >= least
        state = CriterionState.UNKNOWN if can_turn else CriterionState.NOT_MET
    yield demand.criterion(
        f"≥ {counted(least, 'test')}",
        f"at least {counted(least, 'executed test')}",
        f"{executed:,} executed",
        state,
        pending=f"{least - executed:,} more are executed",
        arithmetic=f"{demand.part.tally.tests:,} tests - {demand.part.tally.skipped:,} skipped"
        f" - {demand.part.tally.running:,} running = {executed:,} executed",
    )


def _at_most(count: str, what: str, demand: _Demand) -> Iterator[Criterion]:
    """No more than so many; what is counted only grows."""
    number, most = int(getattr(demand.part.tally, count)), int(demand.limit)
    state = CriterionState.NOT_MET if number > most else demand.once_ended(CriterionState.MET)
    short = f"no {what}" if most == 0 else f"{what} ≤ {most}"
    got = f"{number:,} of {counted(demand.part.tally.tests, 'test')}"
    yield demand.criterion(
        short, f"at most {most:,} {what}", got, state, pending=f"at most {most - number:,} more are {what}"
    )


def _max_duration(demand: _Demand) -> Iterator[Criterion]:
    took, most = demand.part.tally.duration, float(demand.limit)
    state = CriterionState.NOT_MET if took > most else demand.once_ended(CriterionState.MET)
    got = f"{took:.1f} s, the times of {counted(demand.part.tally.tests, 'test')} added"
    yield demand.criterion(
        f"takes ≤ {age(most)}",
        f"at most {most:g} s",
        got,
        state,
        pending=f"the rest takes at most {max(most - took, 0):.1f} s",
    )


def _compared(field_name: str, what: str, demand: _Demand) -> Iterator[Criterion]:
    """No more of some change since the baseline; without one nobody knows."""
    found, most = getattr(demand.part, field_name), int(demand.limit)
    short = f"no {what}" if most == 0 else f"{what} ≤ {most}"
    needed = f"at most {most}"
    if found is None:
        yield demand.criterion(short, needed, "no baseline to compare with", CriterionState.UNKNOWN)
        return
    state = CriterionState.NOT_MET if len(found) > most else demand.once_ended(CriterionState.MET)
    yield demand.criterion(short, needed, f"{len(found):,}", state, evidence=_shown(found), pending="")


def _plan_complete(demand: _Demand) -> Iterator[Criterion]:
    part = demand.part
    needed, number = "every planned test has a result", part.not_run_number
    if number is None:
        yield demand.criterion("plan complete", needed, "no plan to hold it against", CriterionState.UNKNOWN)
        return
    state = CriterionState.NOT_MET if number else CriterionState.MET
    yield demand.criterion(
        "plan complete",
        needed,
        f"{number:,} of {counted(part.planned, 'planned test')} not run",
        CriterionState.UNKNOWN if demand.live else state,
        evidence=_shown(part.not_run),
        pending=f"the remaining {number:,} run",
    )


def _none_of(
    demand: _Demand, *, field: str, short: str, needed: str, one: str, clean: str
) -> Iterator[Criterion]:
    """None of something; what was found while a run goes on may still go."""
    found = getattr(demand.part, field)
    state = CriterionState.NOT_MET if found else demand.once_ended(CriterionState.MET)
    yield demand.criterion(
        short,
        needed,
        counted(len(found), one) if found else clean,
        CriterionState.UNKNOWN if demand.live else state,
        evidence=_shown(found),
        pending="",
    )


def _golden_paths(demand: _Demand) -> Iterator[Criterion]:
    paths = demand.standing.golden_paths
    for path in paths:
        got = f"{path.proven}/{path.demanded} proven, {path.order_in_words}"
        state = CriterionState.MET if path.is_proven else CriterionState.NOT_MET
        evidence = [
            f"{event.name}: {event.word}" for event in path.events if event.word not in ("PROVEN", "OPTIONAL")
        ]
        if path.first_break:
            evidence.append(path.first_break)
        short = f"golden path {path.proven}/{path.demanded}"
        if path.proven == path.demanded and not path.is_proven:
            short += f", {path.order_in_words}"
        if len(paths) > 1:
            short = f"{path.name} {path.proven}/{path.demanded}"
        yield Criterion(
            f"golden_paths {path.name}",
            short,
            "every event proven in order",
            got,
            demand.once_ended(state),
            _shown(evidence),
            pending=f"the golden path {path.name} is proven",
            kind=demand.kind,
        )


def _required_components(demand: _Demand) -> Iterator[Criterion]:
    required = [component for component in demand.standing.components if component.required]
    if not required:
        return
    absent = [component.name for component in required if not component.tally.executed]
    ran = f"{required[0].name} ran" if len(required) == 1 else "required components ran"
    yield demand.criterion(
        ran,
        f"{counted(len(required), 'required component')} executed",
        f"{len(required) - len(absent)} of {len(required)} ran",
        demand.once_ended(CriterionState.NOT_MET) if absent else CriterionState.MET,
        evidence=tuple(f"{name}: NOT RUN" for name in absent),
        pending=f"{', '.join(absent)} runs",
    )


def _max_age(demand: _Demand) -> Iterator[Criterion]:
    most, ages = float(demand.limit), demand.standing.ages
    needed = f"at most {age(most)} old"
    if not ages:
        waits = "results come" if demand.live else None
        yield demand.criterion("fresh", needed, "no results", CriterionState.UNKNOWN, pending=waits)
        return
    old = [f"{path}: {age(seconds)} old" for path, seconds in ages if seconds > most]
    oldest = max(seconds for _, seconds in ages)
    state = CriterionState.NOT_MET if old else CriterionState.MET
    yield demand.criterion("fresh", needed, f"oldest {age(oldest)}", state, evidence=_shown(old))


def _readable_sources(demand: _Demand) -> Iterator[Criterion]:
    broken, silent = demand.standing.unreadable, demand.standing.silent
    if broken:
        state, got = CriterionState.NOT_MET, f"{counted(len(broken), 'source')} not whole"
    elif silent:
        state = CriterionState.UNKNOWN
        got = f"{counted(len(silent), 'source')} {'lists' if len(silent) == 1 else 'list'} no test"
    else:
        state = demand.once_ended(CriterionState.MET)
        got = "all" if demand.part.tally.tests else "no results yet"
    yield demand.criterion(
        "files whole",
        "every source read whole",
        got,
        state,
        evidence=_shown(broken or silent),
        pending="",
    )


_KINDS: dict[str, Judge] = {
    "no_failures": _no_failures,
    "min_rate": _min_rate,
    "min_tests": _min_tests,
    "max_flaky": partial(_at_most, "flaky", "flaky"),
    "max_skipped": partial(_at_most, "skipped", "skipped"),
    "max_duration": _max_duration,
    "max_regressions": partial(_compared, "regressions", "regressions"),
    "max_vanished": partial(_compared, "vanished", "vanished tests"),
    "plan_complete": _plan_complete,
    "no_hollow": partial(
        _none_of,
        field="hollow",
        short="nothing hollow",
        needed="no mark of a hollow proof",
        one="mark",
        clean="none",
    ),
    "sources_agree": partial(
        _none_of,
        field="disagreements",
        short="sources agree",
        needed="sources of one run say the same",
        one="disagreement",
        clean="all agree",
    ),
    "golden_paths": _golden_paths,
    "required_components": _required_components,
    "max_age": _max_age,
    "readable_sources": _readable_sources,
}


def _shown(evidence: Sequence[str]) -> tuple[str, ...]:
    more = len(evidence) - _EVIDENCE_SHOWN
    return (*evidence[:_EVIDENCE_SHOWN], f"and {more:,} more") if more > 0 else tuple(evidence)
