"""The golden paths: every event with its grade, and every piece of evidence down to file and line.

Below its events a path lists what its instances show beside them: each instance with its events and the
gaps between them, hollow tests, open pairs, extras. May import Textual, `core`, `report.words` and `view`.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from textual.app import ComposeResult

from tui.core.facts import Facts
from tui.core.filters.matching import Found
from tui.core.golden import Instance, OrderState, PathVerdict
from tui.core.model import TestKey
from tui.core.store import Store
from tui.report import words
from tui.text import counted
from tui.view.ink import Line, Piece
from tui.view.lists import golden_rows as rows
from tui.view.lists import listing
from tui.view.lists.listing import Listing
from tui.view.pane import View, titled

_HINT: tuple[Line, ...] = (
    [Piece("No golden path is configured.", "muted")],
    [],
    [Piece("  [[golden_path]]", "accent")],
    [Piece('  name = "Checkout"', "accent")],
    [Piece('  events = ["cart_opened", "payment_taken", "receipt_sent"]', "accent")],
    [],
    [Piece("docs/golden-paths.md sets one up in ten minutes.", "muted")],
)
_LISTED_AT_ONCE = 3
"""How many pieces of evidence are listed before somebody asks for more."""


class _Entry(NamedTuple):
    """A row: how it is drawn, the test that it opens, whether it folds."""

    row: Callable[[], listing.Row]
    test: str | None = None
    folds: bool = False


Entries = Iterator[tuple[tuple[object, ...], _Entry]]


class GoldenPaths(View):
    """A tree: path, then its events with their evidence, then what its instances show beside them."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._paths: tuple[PathVerdict, ...] = ()
        self._store: Store | None = None
        self._entries: dict[listing.Key, _Entry] = {}
        self._unfolded: set[listing.Key] = set()
        self._seen: set[listing.Key] = set()

    def compose(self) -> ComposeResult:
        """One list."""
        events = Listing(rows.COLUMNS, id="golden-list")
        events.add_class("frame")
        yield events

    def show(self, store: Store, facts: Facts, wanted: Found) -> None:
        """Show the facts as they are now."""
        del wanted
        self._store, self._paths = store, facts.golden_paths
        self._list()

    def _list(self) -> None:
        events = self.query_one(Listing)
        self._entries = {key: entry for path in self._paths for key, entry in self._of_path(path)}
        events.show(list(self._entries), lambda key: self._entries[key].row(), _HINT)
        proven = sum(path.is_proven for path in self._paths)
        titled(events, "Golden paths", f"{proven} of {counted(len(self._paths), 'path')} proven")

    def subject(self) -> str:
        """The selected path or event."""
        match self.query_one(Listing).selected:
            case (str(path), "event", str(name), *_):
                return f"golden:{path}/{name}"
            case (str(path), *_):
                return f"golden:{path}"
        return super().subject()

    def meant(self) -> tuple[TestKey, ...]:
        """The test that the selected piece of evidence comes from."""
        entry = self._entries.get(self.query_one(Listing).selected)
        key = self._store.find(entry.test) if self._store is not None and entry and entry.test else None
        return () if key is None else (key,)

    def on_listing_opened(self, event: Listing.Opened) -> None:
        """What folds is folded; a piece of evidence opens its test."""
        event.stop()
        entry = self._entries[event.key]
        if entry.folds:
            self._unfolded ^= {event.key}
            self._list()
        elif self._store is not None and entry.test and (key := self._store.find(entry.test)):
            self.post_message(self.TestWanted(key))

    def on_resize(self) -> None:
        """Where a place is shown depends on the width."""
        self._list()

    # --- the tree -----------------------------------------------------------------------------------

    @property
    def _is_wide(self) -> bool:
        return self.size.width >= rows.PLACES_FROM

    def _of_path(self, path: PathVerdict) -> Entries:
        yield (path.name,), _Entry(partial(rows.path, path))
        if path.first_break:
            yield (path.name, "break"), _Entry(partial(rows.broken, path.first_break))
        for event in path.events:
            key = (path.name, "event", event.name)
            if event.evidence and key not in self._seen:
                self._seen.add(key)
                self._unfolded |= {key} if len(event.evidence) <= _LISTED_AT_ONCE else set()
            is_open = key in self._unfolded
            yield key, _Entry(partial(rows.event, event, is_open=is_open), folds=bool(event.evidence))
            for number, told in enumerate(event.evidence if is_open else ()):
                yield (*key, number), _Entry(partial(rows.evidence, told, is_wide=self._is_wide), told.test)
        yield from self._beside(path)

    def _beside(self, path: PathVerdict) -> Entries:
        """What the instances show: unfolded where somebody asks."""
        whole = sum(instance.order is OrderState.PROVEN for instance in path.instances)
        of_all = f"{counted(len(path.instances), 'instance')}, {whole:,} whole and in order"
        yield from self._instances((path.name, "instances"), of_all, "plain", path.instances)
        yield from self._instances((path.name, "hollow"), words.hollow(path), "warning", path.hollow)
        for pairs in words.open_pairs(path):
            first = pairs[0][1]
            key = (path.name, "open", first.opens, first.closes)
            is_open = key in self._unfolded
            ink = "failed" if first.breaks else "warning"
            yield key, _Entry(partial(rows.section, words.open_pair(pairs), ink, is_open=is_open), folds=True)
            for number, (instance, pair) in enumerate(pairs if is_open else ()):
                row = partial(rows.opened, instance, pair, is_wide=self._is_wide)
                yield (*key, number), _Entry(row, instance.owner.test)
        if path.extras:
            yield (path.name, "extras"), _Entry(partial(rows.section, words.extras(path), "muted"))

    def _instances(self, key: tuple[str, str], told: str, ink: str, instances: Sequence[Instance]) -> Entries:
        """A line that unfolds to instances, each of which unfolds to its events."""
        if not instances:
            return
        is_open = key in self._unfolded
        yield key, _Entry(partial(rows.section, told, ink, is_open=is_open), folds=True)
        for instance in instances if is_open else ():
            inner = (*key, instance.first)
            is_inner_open = inner in self._unfolded
            row = partial(rows.instance, instance, is_open=is_inner_open, is_wide=self._is_wide)
            yield inner, _Entry(row, folds=True)
            for number, (name, step) in enumerate(instance.steps if is_inner_open else ()):
                yield (
                    (*inner, number),
                    _Entry(partial(rows.step, name, step, is_wide=self._is_wide), step.test),
                )
