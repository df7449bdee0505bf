"""A list of rows with columns, of any length: only what is in sight is drawn.

May import Textual, rich and `view.ink`. Invariants: the selection follows a row's key, never its
number; new rows never move the row under the cursor on the screen.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import ClassVar

from msgspec import Struct
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.view.bindings import bindings
from tui.view.ink import Inked, Line, Piece, fitted, width_of


class Column(Struct, frozen=True):
    """A column. `width` None takes its `share` of what the others leave.

    `least` is the width of list that the column needs to be shown at all.
    """

    title: str
    width: int | None = None
    align: str = "left"
    least: int = 0
    share: int = 1


class Row(Struct, frozen=True):
    """What is drawn for one key: a cell for each column; `rule` draws a line instead.

    `spans`: the last of the cells has the width of all columns that are left.
    """

    cells: tuple[Line, ...] = ()
    rule: bool = False
    spans: bool = False


Key = Hashable


class Listing(ScrollView, Inked, can_focus=True):
    """Rows, one of them selected: the first one, until somebody moves the selection."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("list")

    class Selected(Message):
        """The selection moved to another key."""

        def __init__(self, listing: "Listing", key: Key) -> None:
            super().__init__()
            self.listing = listing
            self.key = key

    class Opened(Message):
        """Enter or a click on the selected row asks for more."""

        def __init__(self, listing: "Listing", key: Key) -> None:
            super().__init__()
            self.listing = listing
            self.key = key

    def __init__(
        self, columns: Sequence[Column], *, header: bool = True, gap: int = 2, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self._columns = tuple(columns)
        self._header = header
        self._gap = gap
        self._keys: Sequence[Key] = ()
        self._build: Callable[[Key], Row] = lambda _key: Row()
        self._empty: list[list[Piece]] = []
        self._index = 0
        self._moved = False

    # --- what is shown ------------------------------------------------------------------------------

    def show(self, keys: Sequence[Key], build: Callable[[Key], Row], empty: Sequence[Line] = ()) -> None:
        """Show a row for each of `keys`; `empty` is said where there are none."""
        before = self.selected if self._moved else None
        offset = self._index - self.scroll_offset.y
        self._keys, self._build = keys, build
        self._empty = [list(line) for line in empty]
        self._index = self._position(before) if self._moved else 0
        self.virtual_size = Size(self.size.width, len(keys) + self._header)
        if keys and before is not None and self._index - offset != self.scroll_offset.y:
            self.scroll_to(y=max(self._index - offset, 0), animate=False, immediate=True)
        if self.selected != before and self.selected is not None:
            self.post_message(self.Selected(self, self.selected))
        self.refresh()

    @property
    def is_untouched(self) -> bool:
        """Whether nobody has moved the selection yet."""
        return not self._moved

    @property
    def selected(self) -> Key | None:
        """The key of the selected row."""
        return self._keys[self._index] if self._index < len(self._keys) else None

    def select(self, key: Key) -> bool:
        """Select the row of `key`; whether there is one."""
        if key not in self._keys:
            return False
        self._go(self._keys.index(key))
        return True

    def _position(self, key: Key | None) -> int:
        """Where `key` is now; where it is gone, the same place."""
        if key is not None and self._index < len(self._keys) and self._keys[self._index] == key:
            return self._index
        try:
            return self._keys.index(key)
        except ValueError:
            return max(min(self._index, len(self._keys) - 1), 0)

    # --- moving -------------------------------------------------------------------------------------

    def action_move(self, step: int) -> None:
        """Select the row `step` further down; a rule is passed over."""
        target = self._index + step
        while 0 <= target < len(self._keys) and self._build(self._keys[target]).rule:
            target += step
        if 0 <= target < len(self._keys):
            self._go(target)

    def action_page(self, step: int) -> None:
        """Select the row a page further down."""
        page = max(self.scrollable_content_region.height - self._header - 1, 1)
        self._go(self._index + step * page)

    def action_first(self) -> None:
        """Select the first row."""
        self._go(0)

    def action_last(self) -> None:
        """Select the last row."""
        self._go(len(self._keys) - 1)

    def action_open(self) -> None:
        """Ask for more of the selected row."""
        if self.selected is not None:
            self.post_message(self.Opened(self, self.selected))

    def _go(self, index: int) -> None:
        index = max(min(index, len(self._keys) - 1), 0)
        moved = index != self._index
        self._index, self._moved = index, True
        # The header row stays in place, so the row above has to be kept free for it.
        self.scroll_to_region(Region(0, index, 1, 1 + self._header), animate=False, immediate=True)
        self.refresh()
        if moved and self.selected is not None:
            self.post_message(self.Selected(self, self.selected))

    def on_click(self, event: events.Click) -> None:
        """Select the row under the pointer; a click on the selected one opens it."""
        offset = event.get_content_offset(self)
        row = offset.y - self._header if offset is not None else -1
        if row < 0:
            return
        index = self.scroll_offset.y + row
        if index >= len(self._keys) or self._build(self._keys[index]).rule:
            return
        if index == self._index and self.has_focus and event.chain > 1:
            self.action_open()
        else:
            self._go(index)

    # --- drawing ------------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """Draw one row of the screen."""
        width = self.scrollable_content_region.width
        if not self._keys:
            line = self._empty[y] if y < len(self._empty) else ()
            return self.strip(line, width)
        if self._header and y == 0:
            return self.strip(self._joined([[Piece(c.title, "muted")] for c in self._columns], width), width)
        index = self.scroll_offset.y + y - self._header
        if index >= len(self._keys):
            return self.strip((), width)
        row = self._build(self._keys[index])
        if row.rule:
            return self.strip([Piece("─" * width, "faint")], width)
        return self.strip(self._joined(row.cells, width, spans=row.spans), width, self._under(index))

    def _under(self, index: int) -> Style | None:
        if index != self._index:
            return None
        return self.ink("cursor" if self.has_focus else "cursor-blurred")

    def _joined(self, cells: Sequence[Line], width: int, *, spans: bool = False) -> list[Piece]:
        padded = [*cells, *([()] * (len(self._columns) - len(cells)))]
        shown = [
            (column, cell)
            for column, cell in zip(self._columns, padded, strict=True)
            if width >= column.least
        ]
        shares = sum(column.share for column, _ in shown if column.width is None)
        rest = max(width - sum(c.width or 0 for c, _ in shown) - self._gap * (len(shown) - 1), 0)
        line: list[Piece] = []
        for number, (column, cell) in enumerate(shown, 1):
            if line:
                line.append(Piece(" " * self._gap))
            if spans and number == len(cells):
                return line + fitted(cell, width - width_of(line))
            wanted = column.width
            if wanted is None:
                wanted = rest * column.share // shares
                rest, shares = rest - wanted, shares - column.share
            line += fitted(cell, wanted, align=column.align)
        return line

    def on_focus(self) -> None:
        """The cursor is drawn stronger."""
        self.refresh()

    def on_blur(self) -> None:
        """The cursor is drawn weaker."""
        self.refresh()
