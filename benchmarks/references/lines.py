"""A list of lines and a cursor, drawn line by line: the least that scrolls. lines.py ROWS [CHANGES A SECOND].

Tuned as far as Textual goes: an offset of its own, no layout, nothing for the collector to look at again.
"""

import gc
import sys
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

_PLAIN = Style.parse("#e0e0e0 on #101018")
_BAR = Style.parse("#e0e0e0 on #404060")


class Lines(Widget, can_focus=True):
    """So many rows."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)"),
        Binding("k,up", "move(-1)"),
        Binding("pagedown", "move(30)"),
    ]
    DEFAULT_CSS = "Lines { height: 1fr; }"

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.rows = rows
        self.cursor = self.top = self.changes = 0

    def render_line(self, y: int) -> Strip:
        """A row."""
        number = self.top + y
        style = _BAR if number == self.cursor else _PLAIN
        text = (
            f" P  test_case_{number}  tests/unit/test_{number // 20}.py  {self.changes if y == 5 else 0} ms"
        )
        return Strip([Segment(text.ljust(self.size.width), style)])

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        before, top = self.cursor, self.top
        self.cursor = min(max(self.cursor + by, 0), self.rows - 1)
        height = max(self.size.height, 1)
        self.top = min(max(self.top, self.cursor - height + 1), self.cursor)
        if self.top != top:
            self.refresh()
            return
        for number in (before, self.cursor):
            self.refresh(Region(0, number - self.top, self.size.width, 1))

    def change(self) -> None:
        """Change one cell."""
        self.changes += 1
        self.refresh(Region(0, 5, self.size.width, 1))


class Minimal(App[None]):
    """The list, alone."""

    def __init__(self, rows: int, rate: float) -> None:
        super().__init__()
        self.list, self.rate = Lines(rows), rate

    def compose(self) -> ComposeResult:
        """The list."""
        yield self.list

    def on_mount(self) -> None:
        """Begin."""
        self.list.focus()
        gc.collect()
        gc.freeze()
        if self.rate:
            self.set_interval(1 / self.rate, self.list.change)


if __name__ == "__main__":
    Minimal(int(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 0).run()
