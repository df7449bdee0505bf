"""The keys, generated from the bindings that are in force. May import Textual, `keys` and `view.ink`."""

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen

from tui.keys import PANES, shown
from tui.view.bindings import bindings
from tui.view.ink import INK_CLASSES, Line, Lines, Piece


class Help(ModalScreen[None]):
    """Lists the keys that are in force now, pane by pane, the whole app last."""

    COMPONENT_CLASSES: ClassVar[set[str]] = INK_CLASSES
    BINDINGS: ClassVar[list[BindingType]] = bindings("keys")

    def __init__(self, active: Iterable[Binding]) -> None:
        super().__init__()
        self._keys: dict[str, list[str]] = {}
        for binding in active:
            self._keys.setdefault(binding.id or "", []).append(binding.key)

    def compose(self) -> ComposeResult:
        """One list of keys."""
        with VerticalScroll(id="help", can_focus=True) as frame:
            frame.border_title = Content("Keys")
            frame.border_subtitle = Content("esc closes")
            yield Lines(id="help-lines")

    def on_mount(self) -> None:
        """Fill the list."""
        lines: list[Line] = []
        for _, pane in sorted(PANES.items(), key=lambda item: item[0] == "app"):
            told = [action for action in pane.actions if action.id in self._keys]
            if not told:
                continue
            lines += [[], [Piece(pane.title, "strong", bold=True)]]
            for action in told:
                keys = shown(",".join(self._keys[action.id]))
                lines.append([Piece(f"  {keys:<26}", "key"), Piece(action.title)])
        lines += [[Piece(f"  {'tab  shift tab':<26}", "key"), Piece("Next pane, previous pane")]]
        self.query_one(Lines).show(lines[1:])
        self.query_one("#help").focus()
