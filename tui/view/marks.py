"""All tests that are marked as known, and what each does now: a screen over the views.

May import Textual, `core` and `view`. Invariant: what is outdated stands first, and nothing is taken off
unless somebody asks for it.
"""

from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.message import Message

from tui.core.claims.judged import JudgedPage
from tui.core.facts import Facts
from tui.core.marking import Change
from tui.core.marks import Known, Mark, Standing, name_of
from tui.core.store import Store
from tui.text import counted
from tui.view.bindings import bindings
from tui.view.following import Following
from tui.view.ink import INK_CLASSES, Line, Lines, Piece, folded
from tui.view.lists import listing
from tui.view.lists.listing import Column, Listing
from tui.view.pane import named, titled

_COLUMNS = (
    Column("", 1),
    Column("Test", share=3),
    Column("Now", 10),
    Column("Reason", share=2, least=70),
    Column("Who", 14, least=100),
    Column("Since", 10, least=110),
)
_ABSENT = "no result"
_ORDER = (Standing.PASSES, Standing.DIFFERENTLY, Standing.AS_KNOWN, Standing.RUNNING, Standing.SKIPPED, None)
_NOW: dict[Standing | None, tuple[str, str, str]] = {
    Standing.PASSES: ("✔", "passed", "passed"),
    Standing.DIFFERENTLY: ("≠", "differs", "warning"),
    Standing.AS_KNOWN: ("=", "as known", "muted"),
    Standing.RUNNING: ("▸", "running", "running"),
    Standing.SKIPPED: ("s", "skipped", "muted"),
    None: ("?", _ABSENT, "muted"),
}
_HINT: tuple[Line, ...] = (
    [Piece("No test is marked as known.", "muted")],
    [],
    [Piece("  m ", "key"), Piece("marks the failing tests that are selected", "muted")],
)


class MarkRow(NamedTuple):
    """A test of a mark, as the file names it."""

    name: str
    source: str


class Marks(Following):
    """Lists every marked test; below, what its mark says."""

    COMPONENT_CLASSES: ClassVar[set[str]] = INK_CLASSES
    BINDINGS: ClassVar[list[BindingType]] = bindings("marks")

    class Unwanted(Message):
        """Marks are to be taken off."""

        def __init__(self, change: Change) -> None:
            super().__init__()
            self.change = change

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self._rows: dict[MarkRow, tuple[Mark, Standing | None]] = {}

    def compose(self) -> ComposeResult:
        """The list, and the mark below it."""
        with Container(id="marks", classes="frame"):
            yield Listing(_COLUMNS, picks=True, id="marks-list")
            yield Lines(id="marks-why")

    def on_mount(self) -> None:
        """Fill the list."""
        self.query_one(Listing).focus()
        self.call_after_refresh(self.show)

    def on_resize(self) -> None:
        """The mark is folded to the new width."""
        self._explain()

    def follow(self, store: Store, facts: Facts, page: JudgedPage | None) -> None:
        """Show the facts as they are now."""
        del store, facts, page
        self.show()

    def show(self) -> None:
        """Show the marks as they are now."""
        now: dict[tuple[str, int], Known] = {}
        for key, known in self._store.marked:
            now[name_of(self._store.tests[key]), id(known.mark)] = known
        found: dict[MarkRow, tuple[Mark, Standing | None]] = {}
        for mark in self._store.marked.marks.marks:
            for name in mark.tests:
                known_now = now.get((name, id(mark)))
                found.setdefault(
                    MarkRow(name, mark.source), (mark, known_now.standing if known_now else None)
                )
        ordered = sorted(found.items(), key=lambda item: (_ORDER.index(item[1][1]), item[0]))
        self._rows = dict(ordered)
        chosen = self.query_one(Listing)
        chosen.picks.retain(self._rows.__contains__)
        chosen.show(list(self._rows), self._row, _HINT)
        self._say_title()
        self._explain()

    def _say_title(self) -> None:
        picks = len(self.query_one(Listing).picks)
        outdated = len(self._outdated())
        title = f"Known to fail: {counted(len(self._rows), 'test')}"
        if outdated:
            title += f", {outdated:,} outdated"
        if picks:
            title = f"{listing.PICKED} {picks:,} selected · {title}"
        told = "d takes the mark off · D all outdated · esc closes" if self._rows else "esc closes"
        titled(self.query_one("#marks"), title, told)

    def _outdated(self) -> list[MarkRow]:
        return [row for row, (_, standing) in self._rows.items() if standing is Standing.PASSES]

    def _row(self, key: listing.Key) -> listing.Row:
        mark, standing = self._rows[key]  # type: ignore[index]
        sign, told, ink = _NOW[standing]
        return listing.Row(
            (
                [Piece(sign, ink, bold=True)],
                named(key.name),  # type: ignore[attr-defined]
                [Piece(told, ink)],
                [Piece(mark.reason)],
                [Piece(mark.who, "muted")],
                [Piece(mark.date, "muted")],
            )
        )

    def _explain(self) -> None:
        lines = self.query_one("#marks-why", Lines)
        chosen = self.query_one(Listing).selected
        if not isinstance(chosen, MarkRow) or chosen not in self._rows:
            lines.show([])
            return
        mark, standing = self._rows[chosen]
        width = self.query_one("#marks").content_size.width or 60
        by = ", ".join(part for part in (mark.who, mark.date) if part)
        told = folded(f"{mark.reason}  {by}", "plain", width, Piece("known "))[:3]
        if mark.cause:
            told += folded(mark.cause, "muted", width, Piece("then  ", "muted"))[:2]
        now = standing.value if standing else "no result of it"
        if standing is Standing.PASSES:
            now += ": the mark is outdated"
        told += folded(now, _NOW[standing][2], width, Piece("now   ", "muted"))[:1]
        lines.show([[], *told])

    def on_listing_selected(self, event: Listing.Selected) -> None:
        """Explain the selected mark."""
        event.stop()
        self._explain()

    def on_listing_picked(self, event: Listing.Picked) -> None:
        """Say how many are selected."""
        event.stop()
        self._say_title()

    def action_dismiss_or_let_go(self) -> None:
        """Select nothing together any more; close where nothing was."""
        if not self.query_one(Listing).clear_picks():
            self.dismiss()

    def action_remove(self) -> None:
        """Take the selected marks off."""
        chosen = self.query_one(Listing)
        self._take_off([row for row in chosen.picks or [chosen.selected] if isinstance(row, MarkRow)])

    def action_remove_outdated(self) -> None:
        """Take off the marks of all tests that pass now."""
        self._take_off(self._outdated())

    def _take_off(self, rows: list[MarkRow]) -> None:
        if rows:
            self.query_one(Listing).picks.clear()
            self.post_message(self.Unwanted(Change(tuple((row.name, row.source) for row in rows))))
