"""What was to run and has no result: not run, still to come, or vanished (TRUTH 2 and 5).

May import the rest of `core` but `facts`. Pure. A test that a plan names did not run; one that only the
baseline has vanished, unless its run is known to have stopped before it could come to it.
"""

from collections import Counter
from collections.abc import Mapping

from msgspec import Struct

from tui.core.baseline import KnownTest
from tui.core.model import Flag, SourceState
from tui.core.store import Store
from tui.core.table import Table
from tui.text import counted


class NotRun(Struct, frozen=True):
    """The planned tests that have no result. Those that a format counts as errors (TAP) are included.

    `known`: whether anything says what is to run. `number`, and `by_component`: how many did not run, once
    their runs are over; `to_come`: how many may still run, None where nobody knows. `modules` were
    collected, and no test of theirs has a result. `plans`: who says what is to run; `reason`: why it did
    not, as far as the sources tell. `awaited` (they may still run), `unreached` and `vanished` are
    tests of the baseline.
    """

    known: bool = False
    planned: int = 0
    number: int = 0
    by_component: Mapping[str, int] | None = None
    to_come: int | None = None
    to_come_by_component: Mapping[str, int] | None = None
    plans: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    reason: str = ""
    problem: str = ""
    awaited: tuple[KnownTest, ...] = ()
    unreached: tuple[KnownTest, ...] = ()
    vanished: tuple[KnownTest, ...] = ()

    def of(self, component: str) -> int | None:
        """How many tests of a component did not run; None where nobody knows."""
        return self.by_component.get(component, 0) if self.by_component is not None else None

    def to_come_of(self, component: str) -> int | None:
        """How many tests of a component may still run; None where nobody knows."""
        return self.to_come_by_component.get(component, 0) if self.to_come_by_component is not None else None


def look(store: Store, live_components: frozenset[str], *, live: bool) -> NotRun:
    """What the plans and the baseline have that no source tells of."""
    stopped = [table for table in store.active() if _stopped(table)]
    awaited, unreached, vanished = _missing(store, stopped, live_components, live=live)
    left = store.left_by_component()
    errors = Counter({name: store.tally(name).not_run for name in store.components})
    numbers = [table.planned_number for table in store.active() if table.planned_number is not None]
    is_planned = store.plan.known or bool(numbers)
    known = is_planned or bool(unreached)
    missed = Counter(test.component for test in unreached) + errors
    if not live:
        missed += left
    to_come = left if store.plan.known else Counter(test.component for test in awaited)
    foretold = live and (store.plan.known or store.comparison is not None)
    ran = sum(tally.tests for tally in map(store.tally, store.components))
    return NotRun(
        known=known,
        planned=store.plan.number + sum(numbers) if is_planned else ran + len(unreached),
        number=missed.total(),
        by_component=missed if known else None,
        to_come=to_come.total() if foretold else None,
        to_come_by_component=to_come if foretold else None,
        plans=(
            *store.plan.sources,
            *(t.source for t in store.active() if t.planned_number is not None),
        ),
        modules=() if live else store.plan.untouched_modules(store.suites),
        reason=_reason(store, stopped) if missed.total() else "",
        problem=store.plan_problem,
        awaited=awaited,
        unreached=unreached,
        vanished=vanished,
    )


def _missing(
    store: Store, stopped: list[Table], live_components: frozenset[str], *, live: bool
) -> tuple[tuple[KnownTest, ...], tuple[KnownTest, ...], tuple[KnownTest, ...]]:
    """The baseline's tests that are not there: still to come, not reached, vanished."""
    awaited: list[KnownTest] = []
    unreached: list[KnownTest] = []
    vanished: list[KnownTest] = []
    reached = frozenset[str]().union(*(store.reach(table.source) for table in stopped))
    missing = store.comparison.missing() if store.comparison else ()
    empty = {name for name in {test.component for test in missing} if not store.tally(name).tests}
    for test in missing:
        has_none = test.component in empty
        if test.component in live_components or (live and has_none):
            awaited.append(test)
        elif test.key.test in store.plan.left:
            continue  # the plan still has it
        elif stopped and (has_none or test.component in reached):
            unreached.append(test)
        else:
            vanished.append(test)
    return tuple(awaited), tuple(unreached), tuple(vanished)


def labels(store: Store, found: NotRun, component: str | None = None) -> tuple[str, ...]:
    """The ids of the tests that did not run, of one component or of all."""
    neighbours = store.component_of_planned
    told = [
        planned.label
        for test, planned in store.plan.left.items()
        if component in (None, neighbours(test, planned))
    ]
    told += [test.label for test in found.unreached if component in (None, test.component)]
    if store.overall.not_run:
        told += [
            result.label
            for key, result in store.tests.items()
            if Flag.NOT_RUN in result.flags and component in (None, store.component(key))
        ]
    return tuple(dict.fromkeys(told))


def _stopped(table: Table) -> bool:
    return bool(table.stopped) or (table.state is SourceState.CUT_SHORT and bool(table.tests))


def _reason(store: Store, stopped: list[Table]) -> str:
    """Why not everything ran, in the words of the sources; without any, how their runs ended."""
    said = [f"{table.source}: {table.stopped or f'cut short, {table.reason}'}" for table in stopped]
    if not said:
        said = [
            f"{table.source} ended with exit status {table.exit_status} after "
            f"{counted(table.tally.bad, 'failure')}"
            for table in store.active()
            if table.exit_status
        ]
    return "; ".join(said)
