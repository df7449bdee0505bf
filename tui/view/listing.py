"""A list of rows with columns, of any length: only what is in sight is drawn.

May import Textual, rich and `view.ink`. Invariants: the selection follows a row's key, never its
number; new rows never move the row under the cursor on the screen.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.view.bindings import bindings
from tui.view.ink import Framed, Inked, Line, Piece, fitted, width_of


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `width` None takes its `share` of what the others leave.

    `least` is the width of list that the column needs to be shown at all.
    """

    title: str
    width: int | None = None
    align: str = "left"
    least: int = 0
    share: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """What is drawn for one key: a cell for each column; `rule` draws a line instead.

    `spans`: the last of the cells has the width of all columns that are left.
    """

    cells: tuple[Line, ...] = ()
    rule: bool = False
    spans: bool = False


Key = Hashable


class Listing(ScrollView, Inked, Framed, can_focus=True):
    """Rows, one of them selected: the first one, until somebody moves the selection, or it sticks."""

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
        self._moved = self._sticks = False

    # --- what is shown ------------------------------------------------------------------------------

    def show(self, keys: Sequence[Key], build: Callable[[Key], Row], empty: Sequence[Line] = ()) -> None:
        """Show a row for each of `keys`; `empty` is said where there are none."""
        follows = self._moved or self._sticks
        before = self.selected if follows else None
        offset = self._index - self.scroll_offset.y
        self._keys, self._build = keys, build
        self._empty = [list(line) for line in empty]
        self._index = self._position(before) if follows else 0
        self._take_size(len(keys) + self._header)
        if keys and before is not None and self._index - offset != self.scroll_offset.y:
            self.scroll_to(y=max(self._index - offset, 0), animate=False, immediate=True)
        if self.selected != before and self.selected is not None:
            self.post_message(self.Selected(self, self.selected))
        self.redraw([self._line(y) for y in range(self.scrollable_content_region.height)])

    @property
    def is_untouched(self) -> bool:
        """Whether nobody has moved the selection yet."""
        return not self._moved

    @property
    def selected(self) -> Key | None:
        """The key of the selected row."""
        return self._keys[self._index] if self._index < len(self._keys) else None

    def _take_size(self, rows: int) -> None:
        """There are so many rows. Only where a scroll bar comes or goes, the screen is laid out anew."""
        size = Size(self.size.width, rows)
        scrolls = rows > self.container_size.height
        if self.styles.is_auto_height or scrolls is not self.show_vertical_scrollbar or not self.size:
            self.virtual_size = size
        elif size != self.virtual_size:
            self.set_reactive(Listing.virtual_size, size)
            self._scroll_update(size)

    def stick(self) -> None:
        """From now on the selection follows its row even if nobody moved it."""
        self._sticks = True

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
        line, index = self._line(y)
        self.drew(y, (line, index))
        return self.strip(line, self.scrollable_content_region.width, self._under(index))

    def _line(self, y: int) -> tuple[list[Piece], int | None]:
        """What stands in a row of the screen; and whether it is the cursor's, its place in the list."""
        width = self.scrollable_content_region.width
        if not self._keys:
            return (self._empty[y] if y < len(self._empty) else []), None
        if self._header and y == 0:
            return self._joined([[Piece(c.title, "muted")] for c in self._columns], width), None
        index = self.scroll_offset.y + y - self._header
        if index >= len(self._keys):
            return [], None
        row = self._build(self._keys[index])
        if row.rule:
            return [Piece("─" * width, "faint")], None
        return self._joined(row.cells, width, spans=row.spans), index if index == self._index else None

    def _under(self, index: int | None) -> Style | None:
        if index is None:
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
