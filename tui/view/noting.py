"""All notes on the results: what does not add up, what is not whole, what is to be known.

May import Textual, `core` and `view`. It shows the notes of the moment it was opened.
"""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import ModalScreen

from tui.text import counted
from tui.view.bindings import bindings
from tui.view.detail.document import Output
from tui.view.detail.textpane import TextPane
from tui.view.ink import INK_CLASSES, Piece
from tui.view.pane import titled

_MARK = "! "


class Noting(ModalScreen[None]):
    """Lists notes, in full."""

    COMPONENT_CLASSES: ClassVar[set[str]] = INK_CLASSES
    BINDINGS: ClassVar[list[BindingType]] = bindings("noting")

    def __init__(self, notes: Sequence[str]) -> None:
        super().__init__()
        self._notes = notes

    def compose(self) -> ComposeResult:
        """One text."""
        text = TextPane(id="notes-text")
        text.add_class("frame")
        yield text

    def on_mount(self) -> None:
        """Fill it."""
        text = self.query_one(TextPane)
        told = "\n".join(f"{_MARK}{note}" for note in self._notes)
        document = Output(told or "There is nothing to note.", _painted)
        text.show("notes", lambda _width: document)
        titled(text, counted(len(self._notes), "note"), "esc closes")
        text.focus()


def _painted(line: str) -> list[Piece]:
    mark, _, note = line.partition(_MARK)
    return [Piece(line, "muted")] if mark or not note else [Piece(_MARK, "warning", bold=True), Piece(note)]
