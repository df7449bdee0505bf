"""Sources as they are shown: state, age, counts, relation to others, and what is wrong with them.

May import the rest of `core` but `facts`. Pure: `now` is handed in.
"""

from dataclasses import dataclass

from tui.core.model import Claimed, Problem, SourceState
from tui.core.scopes import Group
from tui.core.store import Store, source_problems
from tui.core.table import Table
from tui.core.tally import Tally
from tui.text import age

NOT_WHOLE = (SourceState.CUT_SHORT, SourceState.UNREADABLE, SourceState.EMPTY)


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source. `age` in seconds; `relation` says which other sources tell of the same tests."""

    path: str
    format: str
    producer: str
    state: SourceState
    reason: str
    age: float
    tally: Tally
    events: int
    planned: int
    claimed: Claimed | None
    repaired: int
    problems: tuple[Problem, ...]
    relation: str
    held_before: tuple[int, float] | None
    size: int


def source_rows(store: Store, now: float) -> tuple[SourceRow, ...]:
    """Every source in sight or being written, by its path."""
    tables = sorted([*store.tables.values(), *store.pending()], key=lambda table: table.source)
    return tuple(_row(store, table, now) for table in tables)


def _row(store: Store, table: Table, now: float) -> SourceRow:
    old = max(now - table.modified, 0.0)
    max_age = store.rules.criteria.max_age
    state, reason = table.state, table.reason
    if table.kept:
        state, reason = SourceState.GROWING, table.kept
    elif state is SourceState.COMPLETE and max_age is not None and old > max_age:
        state, reason = SourceState.STALE, f"{age(old)} old, more than {age(max_age)}"
    return SourceRow(
        path=table.source,
        format=table.format,
        producer=table.producer,
        state=state,
        reason=reason,
        age=old,
        tally=table.tally.copy() if table.source in store.tables else Tally(),
        events=len(table.events),
        planned=sum(not planned.is_module for planned in table.planned) if table.planned else 0,
        claimed=table.claimed,
        repaired=table.repaired,
        problems=source_problems(table),
        relation=_relation(store.group(table.source), table.source),
        held_before=table.held_before,
        size=table.size,
    )


def _relation(group: Group, source: str) -> str:
    said = []
    for position, run in enumerate(group.runs):
        if source not in run:
            continue
        twins = [path for path in run if path != source]
        if twins:
            said.append(f"same run as {', '.join(twins)}")
        if position:
            said.append(f"rerun of {', '.join(group.runs[position - 1])}")
    return "; ".join(said)


def copies(store: Store) -> list[str]:
    """Sources that say the very same, and are counted apart: nothing proves that they are one run."""
    alike: dict[tuple[object, ...], list[str]] = {}
    for path, table in sorted(store.tables.items()):
        if table.tests and table.started is not None and len(store.group(path).sources) == 1:
            said = (table.format, table.size, table.started, table.ended, len(table.tests))
            alike.setdefault(said, []).append(path)
    advice = 'copies? They are counted apart; [[sources]] as = "same run" joins them'
    return [
        f"{', '.join(paths)}: same tests, times and size: {advice}"
        for paths in alike.values()
        if len(paths) > 1
    ]
