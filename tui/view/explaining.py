"""What is behind a number or a word: rule, arithmetic and records, beside a list of all that can be asked.

May import Textual, `core` and `view`. It shows the facts of the moment, also while they change.
"""

import textwrap
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal

from tui.core.claims.judged import JudgedPage
from tui.core.explain import Explanation, UnknownSubjectError, explain, subjects
from tui.core.facts import Facts
from tui.core.store import Store
from tui.view.bindings import bindings
from tui.view.detail.document import Drawn, Prepared
from tui.view.detail.textpane import TextPane
from tui.view.following import Following
from tui.view.ink import INK_CLASSES, Piece
from tui.view.lists import listing
from tui.view.lists.listing import Column, Listing
from tui.view.pane import titled

_NARROW = 100
_NARROWEST = 20
_RULE, _WORKED_OUT, _RECORD = "  ", "  = ", "  · "


class Explaining(Following):
    """Explains one subject; the list beside it leads to the others."""

    COMPONENT_CLASSES: ClassVar[set[str]] = INK_CLASSES
    BINDINGS: ClassVar[list[BindingType]] = bindings("explaining")

    def __init__(self, store: Store, facts: Facts, subject: str) -> None:
        super().__init__()
        self._store = store
        self._facts = facts
        self._titles: dict[str, str] = {}
        self._subject = subject
        self._explained = ""

    def compose(self) -> ComposeResult:
        """What can be asked on the left, the answer on the right."""
        with Horizontal(id="explaining"):
            asked = Listing((Column(""),), header=False, id="explain-subjects")
            asked.add_class("frame", "master")
            yield asked
            answer = TextPane(id="explain-answer")
            answer.add_class("frame", "detail")
            yield answer

    def on_mount(self) -> None:
        """Begin with what was asked."""
        self.show(self._store, self._facts)
        self.query_one(Listing).select(self._subject)
        self._answer()
        self.query_one(TextPane if self.has_class("narrow") else Listing).focus()

    def follow(self, store: Store, facts: Facts, page: JudgedPage | None) -> None:
        """Show the facts as they are now."""
        del page
        self.show(store, facts)

    def show(self, store: Store, facts: Facts) -> None:
        """Explain with the facts as they are now."""
        self._store, self._facts = store, facts
        self._titles = {subject.id: subject.title for subject in subjects(facts)}
        # A single test is no subject of the list, unless it is the one that was asked for.
        self._titles.setdefault(self._subject, self._subject.removeprefix("test:"))
        asked = self.query_one(Listing)
        asked.show(list(self._titles), self._row)
        titled(asked, "Explain", "esc closes")
        self._answer()

    def _row(self, key: listing.Key) -> listing.Row:
        return listing.Row(([Piece(self._titles[str(key)], name=True)],))

    def on_listing_selected(self, event: Listing.Selected) -> None:
        """Explain another subject."""
        event.stop()
        self._answer()

    def on_listing_opened(self, event: Listing.Opened) -> None:
        """Go into the answer."""
        event.stop()
        self.query_one(TextPane).focus()

    def on_resize(self) -> None:
        """The list goes where there is no room for both."""
        self.set_class(self.size.width < _NARROW, "narrow")

    def _answer(self) -> None:
        subject = self.query_one(Listing).selected
        pane = self.query_one(TextPane)
        try:
            found = explain(self._store, self._facts, str(subject))
        except UnknownSubjectError:
            titled(pane, "Gone")
            self._show("This is not among the results any more.")
            return
        titled(pane, found.title)
        self._show(_text(found))

    def _show(self, text: str) -> None:
        """What is explained already stays where it was scrolled to."""
        subject = str(self.query_one(Listing).selected)
        stay, self._explained = subject == self._explained, subject
        self.query_one(TextPane).show((subject, text), lambda width: _drawn(text, width), stay=stay)


def _text(found: Explanation) -> str:
    """Every part in lines; how a line begins says what it is."""
    lines: list[str] = []
    for part in found.parts:
        lines += [f"{part.name.replace('_', ' ')}: {part.value}", f"{_RULE}{part.rule}"]
        lines += [_WORKED_OUT + line for line in part.arithmetic]
        lines += [_RECORD + line for line in part.records]
        lines.append("")
    return "\n".join(lines)


def _drawn(text: str, width: int) -> Prepared:
    """The lines, wrapped at blanks; further rows of one stand below what it says."""
    lines: list[Drawn] = []
    for line in text.split("\n"):
        begins = next((each for each in (_WORKED_OUT, _RECORD, _RULE) if line.startswith(each)), "")
        room = max(width - len(begins), _NARROWEST)
        rows = textwrap.wrap(line[len(begins) :], room, break_on_hyphens=False)
        first, *rest = rows or [""]
        pieces = _painted(begins + first)
        further = (Piece(" " * len(begins) + row, pieces[-1].ink) for row in rest)
        lines += [Drawn(pieces), *(Drawn([piece]) for piece in further)]
    return Prepared(lines)


def _painted(line: str) -> list[Piece]:
    if line.startswith(_WORKED_OUT):
        return [Piece(line, "running")]
    if line.startswith(_RECORD):
        return [Piece(line)]
    if line.startswith(_RULE):
        return [Piece(line, "muted")]
    name, colon, value = line.partition(": ")
    return [Piece(name, "strong", bold=True), Piece(f"{colon}{value}", "key")]
