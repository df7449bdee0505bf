"""Sources as they are shown: state, age, counts, relation to others, and what is wrong with them.

May import the rest of `core` but `facts`. Pure: `now` is handed in.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from tui.core.model import Claimed, Problem, SourceState
from tui.core.scopes import Group
from tui.core.store import Store
from tui.core.table import Table
from tui.core.tally import Tally
from tui.text import age, counted

# What a run that broke off leaves in a source that is whole.
_BROKE_OFF = ("exit status", "nameless", "nothing listed", "run")
_LISTED = 6
_NOT_WHOLE = (SourceState.CUT_SHORT, SourceState.NOT_WHOLE, SourceState.UNREADABLE, SourceState.EMPTY)


class SourceRow(Struct, frozen=True):
    """One source; `relation` says which other sources tell of the same tests."""

    path: str
    format: str
    producer: str
    state: SourceState
    reason: str
    modified: float
    tally: Tally
    events: int
    planned: int
    claimed: Claimed | None
    repaired: int
    problems: tuple[Problem, ...]
    relation: str
    held_before: tuple[int, float] | None
    size: int

    def age(self, now: float) -> float:
        """How many seconds ago it was written to last."""
        return max(now - self.modified, 0.0)


def row_of(store: Store, table: Table, now: float) -> SourceRow:
    """What there is to say of one source."""
    old = max(now - table.modified, 0.0)
    max_age = store.rules.criteria.max_age
    state, reason = table.state, table.reason
    if newer := store.group(table.source).replaced_by:
        state, reason = SourceState.STALE, f"from before the run in {newer}, and not counted"
    elif table.kept:
        state, reason = SourceState.GROWING, table.kept
    elif state is SourceState.COMPLETE and (broke_off := _broke_off(table)):
        # The file has its end; the run that wrote it did not come to its own.
        state, reason = SourceState.NOT_WHOLE, broke_off
    elif state is SourceState.COMPLETE and max_age is not None and old > max_age:
        state, reason = SourceState.STALE, f"{age(old)} old, more than {age(max_age)}"
    elif state is SourceState.COMPLETE and (newer := _unended(store, table.source)):
        state, reason = SourceState.STALE, f"from before the run in {newer}, which has not come to its end"
    return SourceRow(
        path=table.source,
        format=table.format,
        producer=table.producer,
        state=state,
        reason=reason,
        modified=table.modified,
        tally=table.tally.copy() if table.source in store.tables else Tally(),
        events=len(table.events),
        planned=sum(not planned.is_module for planned in table.planned) if table.planned else 0,
        claimed=table.claimed,
        repaired=table.repaired,
        problems=_problems(table),
        relation=_relation(store.group(table.source), table.source),
        held_before=table.held_before,
        size=table.size,
    )


def lists_nothing(table: Table) -> bool:
    """Whether a source that is whole tells of nothing at all, and gives no reason."""
    told = table.tests or table.events or any(problem.kind == "skipped" for problem in table.problems)
    is_plan = any(not planned.is_module for planned in table.planned)
    return table.state is SourceState.COMPLETE and not told and not is_plan


def _problems(table: Table) -> tuple[Problem, ...]:
    """What is wrong with a source, and what was left out of that list."""
    problems = list(table.problems)
    if lists_nothing(table) and not problems:
        problems.append(Problem("no tests", "it lists no test: nothing is known to have passed"))
    if table.problems_left_out:
        problems.append(Problem("more", f"and {table.problems_left_out:,} more problems"))
    if table.state in (SourceState.CUT_SHORT, SourceState.UNREADABLE, SourceState.EMPTY):
        problems.insert(0, Problem(str(table.state), table.reason))
    return tuple(problems)


def not_whole(row: SourceRow) -> str:
    """Why a source does not tell of a whole run; empty where it does, as far as anybody can see."""
    return f"{row.path}: {row.state}, {row.reason}" if row.state in _NOT_WHOLE else ""


def held_more(row: SourceRow) -> str:
    """How many tests it held before, where these were more; a verdict does not hang on that."""
    then = row.held_before[0] if row.held_before is not None else 0
    return f"held {counted(then, 'test')} before, {row.tally.tests:,} now" if then > row.tally.tests else ""


def _broke_off(table: Table) -> str:
    """Why the run that a source tells of did not come to its end; empty where it did."""
    if not (table.tests or table.claimed):
        return ""
    return next((problem.message for problem in table.problems if problem.kind in _BROKE_OFF), "")


def _unended(store: Store, source: str) -> str:
    """A later run of the tests of `source` that goes on, or was cut short; empty where there is none."""
    runs = store.group(source).runs
    own = next(at for at, run in enumerate(runs) if source in run)
    tables = (store.tables[path] for run in runs[own + 1 :] for path in run if path in store.tables)
    return next((t.source for t in tables if t.is_live or t.state is SourceState.CUT_SHORT), "")


def _relation(group: Group, source: str) -> str:
    said = [f"may be a rerun of {' or of '.join(group.doubt)}: counted apart"] if group.doubt else []
    for position, run in enumerate(group.runs):
        if source not in run:
            continue
        twins = [path for path in run if path != source]
        if twins:
            said.append(f"same run as {_listed(twins)}")
        if position:
            said.append(f"rerun of {_listed(group.runs[position - 1])}")
    return "; ".join(said)


def _listed(sources: Sequence[str]) -> str:
    more = len(sources) - _LISTED
    return ", ".join(sources) if more <= 0 else f"{', '.join(sources[:_LISTED])} and {more:,} more"


def repeated_note(sources: Sequence[str]) -> list[str]:
    """Of sources that hold some of the same tests and are neither one run nor reruns: all are counted."""
    if not sources:
        return []
    told = _listed(sorted(sources))
    return [f"{told}: some of the same tests, each counted apart, as a matrix; [[sources]] can say otherwise"]


def said_alike(store: Store, table: Table) -> object:
    """What two copies of one source say of themselves alike; None for one that nobody takes for a copy.

    Whether they hold the same tests is asked of such only: see `same_tests`.
    """
    if not table.tests or table.started is None or len(store.group(table.source).sources) > 1:
        return None
    return table.format, table.size, table.started, table.ended, len(table.tests)


def same_tests(table: Table) -> int:
    """The same number for sources that hold the same tests, in whatever order."""
    return sum(map(hash, table.tests))


def copy_notes(alike: Iterable[Iterable[str]]) -> list[str]:
    """Of sources that say the very same, and are counted apart: nothing proves that they are one run."""
    advice = 'copies? They are counted apart; [[sources]] as = "same run" joins them'
    listed = sorted(sorted(paths) for paths in alike)
    return [f"{', '.join(paths)}: same tests, times and size: {advice}" for paths in listed]
