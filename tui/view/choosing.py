"""One of several things, chosen from a list: baselines, what to copy.

May import Textual and `view`.
"""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import ModalScreen

from tui.view.bindings import bindings
from tui.view.ink import INK_CLASSES, Piece
from tui.view.lists import listing
from tui.view.lists.listing import Column, Listing
from tui.view.pane import titled


class Choice(NamedTuple):
    """Something to choose: what it is called, and a word on it. `id` is what the choice answers."""

    id: str
    title: str
    hint: str = ""


class Choosing(ModalScreen[str | None]):
    """Shows choices; answers the id of the chosen one, or None."""

    COMPONENT_CLASSES: ClassVar[set[str]] = INK_CLASSES
    BINDINGS: ClassVar[list[BindingType]] = bindings("choosing")

    def __init__(self, title: str, choices: Sequence[Choice], chosen: str = "") -> None:
        super().__init__()
        self._title = title
        self._choices = {choice.id: choice for choice in choices}
        self._chosen = chosen

    def compose(self) -> ComposeResult:
        """One list."""
        choices = Listing((Column(""), Column("", share=2)), header=False, id="choices")
        choices.add_class("frame")
        yield choices

    def on_mount(self) -> None:
        """Fill the list; what is chosen now is selected."""
        choices = self.query_one(Listing)
        choices.show(list(self._choices), self._row)
        choices.styles.height = len(self._choices) + 2
        choices.select(self._chosen)
        titled(choices, self._title, "enter chooses · esc closes")
        choices.focus()

    def _row(self, key: listing.Key) -> listing.Row:
        choice = self._choices[str(key)]
        mark = "● " if choice.id == self._chosen else "  "
        return listing.Row(([Piece(mark, "running"), Piece(choice.title)], [Piece(choice.hint, "muted")]))

    def on_listing_opened(self, event: Listing.Opened) -> None:
        """Answer."""
        event.stop()
        self.dismiss(str(event.key))
