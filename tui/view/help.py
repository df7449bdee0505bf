"""The keys, generated from the bindings that are in force. May import Textual and `view.ink`."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen

from tui.view.ink import INK_CLASSES, Line, Lines, Piece

_NAMES = {
    "question_mark": "?",
    "slash": "/",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "plus": "+",
    "escape": "esc",
    "pageup": "page up",
    "pagedown": "page down",
    "shift+tab": "shift tab",
}


def key_name(keys: str) -> str:
    """How a binding's keys are written: "j, down"."""
    return "  ".join(_NAMES.get(key, key.replace("ctrl+", "^")) for key in keys.split(","))


class Help(ModalScreen[None]):
    """Lists the keys of the focused pane and of the app."""

    COMPONENT_CLASSES: ClassVar[set[str]] = INK_CLASSES
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q", "dismiss", "Close"),
    ]

    def __init__(self, sections: Sequence[tuple[str, Iterable[tuple[str, str]]]]) -> None:
        super().__init__()
        self._sections = [(title, list(keys)) for title, keys in sections]

    def compose(self) -> ComposeResult:
        """One list of keys."""
        with VerticalScroll(id="help", can_focus=True) as frame:
            frame.border_title = Content("Keys")
            frame.border_subtitle = Content("esc closes")
            yield Lines(id="help-lines")

    def on_mount(self) -> None:
        """Fill the list."""
        lines: list[Line] = []
        for title, keys in self._sections:
            if not keys:
                continue
            if lines:
                lines.append([])
            lines.append([Piece(title, "strong", bold=True)])
            lines += [[Piece(f"  {key_name(key):<26}", "key"), Piece(does)] for key, does in keys]
        self.query_one(Lines).show(lines)
        self.query_one("#help").focus()
