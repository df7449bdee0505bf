"""The rows of all sources, and what follows from them, brought up to date by what changed.

May import the rest of `core` but `facts`. Pure. Invariant: it holds what a look at every source would show;
only a limit on their age costs such a look.
"""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator
from typing import TypeVar

from tui.core.model import SourceState
from tui.core.sourcerows import (
    SourceRow,
    copy_notes,
    held_more,
    lists_nothing,
    not_whole,
    repeated_note,
    row_of,
    said_alike,
    same_tests,
)
from tui.core.store import Store
from tui.core.table import claim_gaps
from tui.text import counted

_NOTES_PER_SOURCE = 3
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class _Extreme:
    """The least or the greatest of some values, each of which may change or go."""

    def __init__(self, pick: Callable[..., float | None]) -> None:
        self._pick = pick
        self._values: dict[str, float] = {}
        self.value: float | None = None

    def put(self, path: str, value: float | None) -> None:
        before = self._values.pop(path, None)
        if value is not None:
            self._values[path] = value
            if self.value is None or self._pick(value, self.value) == value:
                self.value = value
                return
        if before is not None and before == self.value:
            self.value = self._pick(self._values.values(), default=None)


class SourceBook:
    """What there is to say of the sources of one Store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._seen = -1
        self._paths: list[str] = []
        self._rows: list[SourceRow] = []
        self._told: tuple[SourceRow, ...] | None = None
        self._notes: dict[str, list[str]] = {}
        self._not_whole: dict[str, str] = {}
        self._silent: set[str] = set()
        self._began, self._ended, self._modified = _Extreme(min), _Extreme(max), _Extreme(max)
        self._said: dict[str, object] = {}
        self._alike: dict[object, set[str]] = {}
        self._tests: dict[str, int] = {}
        self._copies: list[str] = []
        self._stirred: set[object] = set()
        self._same_by_word: dict[object, list[list[str]]] = {}
        self._copied: set[str] = set()
        self._cut_short: set[str] = set()
        self._repeated: set[str] = set()

    def follow(self, now: float) -> None:
        """Take in what the Store says at `now`."""
        store = self._store
        changed = store.touched.since(self._seen)
        self._seen = store.touched.last
        if changed is None or store.rules.criteria.max_age is not None:
            changed = {*self._paths, *store.tables, *(table.source for table in store.pending())}
        for path in changed:
            self._look_at(path, now)

    def rows(self) -> tuple[SourceRow, ...]:
        """Every source in sight or being written, by its path."""
        if self._told is None:
            self._told = tuple(self._rows)
        return self._told

    def notes(self) -> list[str]:
        """What has to be known of them, in words."""
        every = [note for path in sorted(self._notes) for note in self._notes[path]]
        self._look_for_copies()
        return every + self._copies + self._repeated_note()

    def _repeated_note(self) -> list[str]:
        """Of a pair of sources one at least was looked at since it became one; copies are told of already."""
        found = dict.fromkeys(self._repeated)
        for path in self._repeated:
            found.update(dict.fromkeys(self._store.repeated_in(path)))
        alone = [path for path in found if path not in self._copied]
        return repeated_note([path for path in alone if any(self._store.repeated_in(path))])

    def not_whole(self) -> tuple[str, ...]:
        """Why the results of some do not tell of a whole run."""
        return tuple(self._not_whole[path] for path in sorted(self._not_whole))

    def silent(self) -> tuple[str, ...]:
        """Those that are whole and tell of nothing."""
        return tuple(sorted(self._silent))

    @property
    def cut_short(self) -> int:
        """How many of them are cut short."""
        return len(self._cut_short)

    @property
    def began(self) -> float | None:
        """When the first of their runs began; reruns, which may come much later, are none."""
        return self._began.value

    @property
    def ended(self) -> float | None:
        """When the last of their runs ended, as far as it is known by now."""
        return self._ended.value

    @property
    def modified(self) -> float | None:
        """When the last of them was written to."""
        return self._modified.value

    def _look_at(self, path: str, now: float) -> None:
        table = self._store.tables.get(path) if path not in self._store.replaced else None
        shown = self._store.shown(path)
        row = row_of(self._store, shown, now) if shown is not None else None
        self._put(path, row)
        _keep(self._notes, path, _notes_of(row) if row is not None else [])
        _keep(self._not_whole, path, not_whole(row) if row is not None else "")
        (self._silent.add if table is not None and lists_nothing(table) else self._silent.discard)(path)
        is_first = table is not None and path in self._store.group(path).runs[0]
        self._began.put(path, table.started if table is not None and is_first else None)
        self._ended.put(path, table.ended if table is not None and is_first else None)
        self._modified.put(path, (table.modified or None) if table is not None else None)
        is_repeated = table is not None and any(self._store.repeated_in(path))
        (self._repeated.add if is_repeated else self._repeated.discard)(path)
        is_cut = row is not None and row.state is SourceState.CUT_SHORT
        (self._cut_short.add if is_cut else self._cut_short.discard)(path)
        self._tests.pop(path, None)
        self._compare(path, said_alike(self._store, table) if table is not None else None)

    def _look_for_copies(self) -> None:
        """Look anew among those sources that say the same of themselves as one that has changed."""
        for said in self._stirred:
            same = list(self._same(self._alike.get(said, ())))
            _keep(self._same_by_word, said, same)
        if self._stirred:
            same = [paths for found in self._same_by_word.values() for paths in found]
            self._copied = {path for paths in same for path in paths}
            self._copies = copy_notes(same)
            self._stirred.clear()

    def _same(self, alike: Collection[str]) -> Iterator[list[str]]:
        """Those of some sources that hold the same tests."""
        by_tests: dict[int, list[str]] = {}
        for path in alike if len(alike) > 1 else ():
            if path not in self._tests:
                self._tests[path] = same_tests(self._store.tables[path])
            by_tests.setdefault(self._tests[path], []).append(path)
        yield from (same for same in by_tests.values() if len(same) > 1)

    def _compare(self, path: str, said: object) -> None:
        """Keep what a source says that a copy of it would say, too."""
        before = self._said.pop(path, None)
        if before is not None:
            self._stirred.add(before)
            self._alike[before].discard(path)
            if not self._alike[before]:
                del self._alike[before]
        if said is not None:
            self._said[path] = said
            self._stirred.add(said)
            self._alike.setdefault(said, set()).add(path)

    def _put(self, path: str, row: SourceRow | None) -> None:
        self._told = None
        place = bisect_left(self._paths, path)
        known = place < len(self._paths) and self._paths[place] == path
        if row is None:
            if known:
                del self._paths[place], self._rows[place]
        elif known:
            self._rows[place] = row
        else:
            self._paths.insert(place, path)
            self._rows.insert(place, row)


def _keep(kept: dict[_Key, _Value], key: _Key, value: _Value) -> None:
    if value:
        kept[key] = value
    else:
        kept.pop(key, None)


def _notes_of(row: SourceRow) -> list[str]:
    notes = []
    if why := not_whole(row):
        notes.append("; ".join(filter(None, (why, held_more(row)))))
    if row.claimed is not None:
        notes += [f"{row.path}: {gap}" for gap in claim_gaps(row.claimed, row.tally)[:_NOTES_PER_SOURCE]]
    if row.repaired:
        notes.append(f"{row.path}: repaired, {counted(row.repaired, 'character')} replaced")
    return notes
