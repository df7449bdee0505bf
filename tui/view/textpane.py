"""A text of any length, drawn line by line: tracebacks and captured output.

May import Textual, rich and `view.ink`. Only the lines in sight are styled. Long lines are wrapped, or
reached by scrolling sideways.
"""

from collections.abc import Callable
from typing import ClassVar

from rich.cells import cell_len, chop_cells
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.view.ink import Inked, Piece, plain_text, width_of

Painter = Callable[[str], list[Piece]]
"""One line of the text, with its colours, -> pieces."""


def unpainted(line: str) -> list[Piece]:
    """The line as it is."""
    return [Piece(line)]


def chunks(line: str, width: int) -> list[str]:
    """`line` in pieces of at most `width` columns, cut behind a blank where there is one near the end."""
    if not line.isascii():
        return chop_cells(line, width) or [""]
    found = []
    while len(line) > width:
        cut = line.rfind(" ", width * 2 // 3, width) + 1 or width
        found.append(line[:cut])
        line = line[cut:]
    return [*found, line]


class TextPane(ScrollView, Inked, can_focus=True):
    """A text that can be scrolled."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_up", "Up", show=False, id="text.up"),
        Binding("down,j", "scroll_down", "Down", show=False, id="text.down"),
        Binding("left,h", "scroll_left", "Left", show=False, id="text.left"),
        Binding("right,l", "scroll_right", "Right", show=False, id="text.right"),
        Binding("pageup,ctrl+b", "page_up", "Page up", show=False, id="text.page_up"),
        Binding("pagedown,ctrl+f", "page_down", "Page down", show=False, id="text.page_down"),
        Binding("home,g", "scroll_home", "First", show=False, id="text.first"),
        Binding("end,G", "scroll_end", "Last", show=False, id="text.last"),
        Binding("w", "wrap", "Wrap", id="text.wrap"),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._text = ""
        self._painter: Painter = unpainted
        self._lines: list[str] = []
        self._rows: list[tuple[int, int]] = []
        self._wrap = True
        self._wrapped_at = 0

    def show(self, text: str, painter: Painter = unpainted) -> None:
        """Show `text` from its start; the same text stays where it is scrolled to."""
        if (text, painter) == (self._text, self._painter):
            return
        self._text, self._painter = text, painter
        self._lines = [line.expandtabs(8) for line in text.split("\n")]
        self._lay_out()
        self.scroll_to(0, 0, animate=False, immediate=True)

    def action_wrap(self) -> None:
        """Wrap long lines, or let them run out of sight."""
        self._wrap = not self._wrap
        self._lay_out()

    def on_resize(self) -> None:
        """Wrap for the new width."""
        if self.scrollable_content_region.width != self._wrapped_at:
            self._lay_out()

    def _lay_out(self) -> None:
        """Which part of which line stands in which row: (line, row within it)."""
        width = max(self.scrollable_content_region.width, 1)
        self._wrapped_at = width
        painted = map(self._shown, self._lines)
        if self._wrap:
            heights = (len(chunks(line, width)) for line in painted)
            self._rows = [(n, part) for n, height in enumerate(heights) for part in range(height)]
            self.virtual_size = Size(width, len(self._rows))
        else:
            self._rows = [(n, 0) for n in range(len(self._lines))]
            longest = max(map(cell_len, painted), default=0)
            self.virtual_size = Size(max(longest, width), len(self._rows))
        self.refresh()

    def _shown(self, line: str) -> str:
        """The characters of a line: colours take no room."""
        return plain_text(self._painter(line)) if "\x1b" in line else line

    def render_line(self, y: int) -> Strip:
        """Draw one row of the screen."""
        width = self.scrollable_content_region.width
        scroll_x, scroll_y = self.scroll_offset
        if scroll_y + y >= len(self._rows):
            return self.strip((), width)
        number, part = self._rows[scroll_y + y]
        line = self._painter(self._lines[number])
        whole = self.strip(line, max(width_of(line), 1))
        if not self._wrap:
            return whole.crop_extend(scroll_x, scroll_x + width, self.ink("plain"))
        parts = chunks(self._shown(self._lines[number]), self._wrapped_at)
        start = sum(map(cell_len, parts[:part]))
        end = start + cell_len(parts[part])
        return whole.crop(start, end).extend_cell_length(width, self.ink("plain"))
