"""A list of rows with columns, of any length: only what is in sight is drawn.

May import Textual, rich and `view`. Invariants: the selection follows a row's key, never its number; new
rows never move the row under the cursor on the screen.
"""

from collections.abc import Callable, Hashable, Sequence
from math import ceil
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.strip import Strip

from tui.view.bindings import bindings
from tui.view.ink import Framed, Inked, Line, Piece
from tui.view.lists.columns import Column, Row, column_at, grown, joined
from tui.view.lists.picking import MOST, Picks

__all__ = ["PICKED", "Column", "Key", "Listing", "Row"]

Key = Hashable

_MOST_BUILT = 500
"""So many rows that were made are kept, about."""
PICKED, PARTLY = "◆", "◇"
"""The signs of a row that is selected together with others, and of one of which a part is."""


class Listing(ScrollView, Inked, Framed, can_focus=True):
    """Rows, one of them selected: the first one, until somebody moves the selection, or it sticks.

    `picks`: several can be selected at once. A sign at their left end says so.
    """

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

    class Picked(Message):
        """Other rows are selected together."""

        def __init__(self, listing: "Listing") -> None:
            super().__init__()
            self.listing = listing

    class OrderWanted(Message):
        """The title of a column was clicked: sort by it, or the other way round."""

        def __init__(self, listing: "Listing", sort: str) -> None:
            super().__init__()
            self.listing = listing
            self.sort = sort

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        header: bool = True,
        gap: int = 2,
        picks: bool = False,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id, classes="picking" if picks else None)
        self._columns = tuple(columns)
        self._header = header
        self._gap = gap
        self._keys: Sequence[Key] = ()
        self._build: Callable[[Key], Row] = lambda _key: Row()
        self._built: dict[int, Row] = {}
        self._strips: dict[int, tuple[str, Strip]] = {}
        self._measured: tuple[Size, bool] | None = None
        self._measured_width = 0
        self._empty: list[list[Piece]] = []
        self._index = 0
        self._moved = self._sticks = False
        self._stays = False
        self._gutter = int(picks)
        self._order = ("", "")
        self._titles = self._head()
        self._partly: Callable[[Key], bool] = lambda _key: False
        self.picks = Picks()

    # --- what is shown ------------------------------------------------------------------------------

    def grow(self, largest: int) -> None:
        """Have room for counts up to `largest`."""
        columns = grown(self._columns, largest)
        if columns != self._columns:
            self._columns = columns
            self._titles = self._head()
            self.refresh()

    def show(
        self,
        keys: Sequence[Key],
        build: Callable[[Key], Row],
        empty: Sequence[Line] = (),
        *,
        instead: Key | None = None,
    ) -> None:
        """Show a row for each of `keys`; `empty` is said where there are none.

        `instead` is selected where the row is gone that was.
        """
        follows = self._moved or self._sticks
        was = self.selected
        before = was if follows else None
        offset = self._index - self.scroll_offset.y
        self._keys, self._build = keys, build
        self._forget_rows()
        self._empty = [list(line) for line in empty]
        self._index = self._position(before, instead) if follows else 0
        self._take_size(len(keys) + self._header)
        if not self._moved and not self.scroll_offset.y:
            # Nobody looks further down: what comes above is shown, and the selection stays in sight.
            self._index = self._index if self._index < self._page else 0
        elif keys and before is not None and self._index - offset != self.scroll_offset.y:
            self._stays = True
            self.scroll_to(y=max(self._index - offset, 0), animate=False, immediate=True)
            self._stays = False
        if self.selected != was and self.selected is not None:
            self.post_message(self.Selected(self, self.selected))
        top = self.scroll_offset.y
        self.redraw([self._standing_in(y, top) for y in range(self.scrollable_content_region.height)])

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
            before = self.virtual_size.height
            self.set_reactive(Listing.virtual_size, size)
            if rows < before or self._thumb(rows, self.scroll_y) != self._thumb(before, self.scroll_y):
                self._scroll_update(size)
            else:  # the bar looks the same
                self.vertical_scrollbar.set_reactive(ScrollBar.window_virtual_size, rows)

    def _thumb(self, rows: int, top: float) -> tuple[int, int]:
        """Where the thumb of the scroll bar begins, `top` being the first row, and its length: in eighths."""
        height = self.container_size.height
        if rows <= height:
            return 0, 0
        length = max(height / rows * height, 1.0)
        start = (height - length) * top / (rows - height)
        return int(start * 8), ceil(length * 8)

    def stick(self) -> None:
        """From now on the selection follows its row even if nobody moved it."""
        self._sticks = True

    def select(self, key: Key) -> bool:
        """Select the row of `key`; whether there is one."""
        try:
            self._go(self._keys.index(key))
        except ValueError:
            return False
        return True

    def hold(self) -> None:
        """The selection stays with its row from now on, as if somebody had moved it there."""
        self._moved = True

    def show_order(self, sort: str, arrow: str) -> None:
        """Say by an arrow which column the rows are sorted by, and which way."""
        if self._order != (sort, arrow):
            self._order = sort, arrow
            self._titles = self._head()

    def show_partly(self, is_partly: Callable[[Key], bool]) -> None:
        """Say of which rows a part is selected together with others."""
        self._partly = is_partly

    def _position(self, key: Key | None, instead: Key | None) -> int:
        """Where `key` is now; where it is gone, `instead`, or the same place."""
        if key is not None and self._index < len(self._keys) and self._keys[self._index] == key:
            return self._index
        for each in (key, instead):
            try:
                return self._keys.index(each)
            except ValueError:
                continue
        return max(min(self._index, len(self._keys) - 1), 0)

    # --- moving -------------------------------------------------------------------------------------

    def action_move(self, step: int) -> None:
        """Select the row `step` further down; a rule is passed over."""
        target = self._index + step
        while 0 <= target < len(self._keys) and self._row(target).rule:
            target += step
        if 0 <= target < len(self._keys):
            self._go(target)

    def action_page(self, step: int) -> None:
        """Select the row a page further down."""
        self._go(self._index + step * max(self._page - 1, 1))

    def action_first(self) -> None:
        """Select the first row."""
        self._go(0)

    def action_last(self) -> None:
        """Select the last row."""
        self._go(len(self._keys) - 1)

    def action_open(self) -> None:
        """Ask for more of the selected row."""
        if self.selected is not None:
            self._moved = True
            self.post_message(self.Opened(self, self.selected))

    # --- several at once ----------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Not every list has anything to do with several rows."""
        del parameters
        return bool(self._gutter) if action in ("pick", "pick_range", "extend") else True

    def action_pick(self, step: int = 0) -> None:
        """Select the row together with others, or do so no longer; go `step` rows on."""
        if self.selected is not None:
            self.picks.toggle(self.selected)
            self._repick()
            if step:
                self.action_move(step)

    def action_pick_range(self) -> None:
        """Select every row from the one that was toggled last to this one."""
        if self.selected is not None:
            self._pick_up_to(self._index)

    def action_extend(self, step: int) -> None:
        """Go one row on, and select every row from where that began."""
        start = self._index
        self.action_move(step)
        if self.selected is not None:
            self._pick_up_to(start)

    def clear_picks(self) -> bool:
        """Select nothing together any more; whether anything was."""
        if not self.picks:
            return False
        self.picks.clear()
        self._repick()
        return True

    def _pick_up_to(self, start: int) -> None:
        """Select every row from the anchor, or else `start`, to the selected one."""
        if not self.picks.extend(self._keys, start, self._index):
            self.notify(f"At most {MOST:,} rows are selected together.", severity="warning")
        self._repick()

    def _repick(self) -> None:
        self._moved = True
        self.post_message(self.Picked(self))
        self.refresh()

    def _go(self, index: int) -> None:
        index = max(min(index, len(self._keys) - 1), 0)
        before, top = self._index, self.scroll_offset.y
        moved = index != before
        self._index, self._moved = index, True
        # The header row stays in place, so the row above has to be kept free for it.
        self.scroll_to_region(Region(0, index, 1, 1 + self._header), animate=False, immediate=True)
        if self.scroll_offset.y == top:  # a key held down costs two rows, not all that are in sight
            rows = (row - top + self._header for row in (before, index))
            self.refresh(*(Region(0, row, self.size.width, 1) for row in rows))
        else:
            self.refresh()
        if moved and self.selected is not None:
            self.post_message(self.Selected(self, self.selected))

    def on_click(self, event: events.Click) -> None:
        """Select the row under the pointer; a click on the selected one opens it.

        With ctrl it is selected together with others, with shift all are up to it.
        """
        offset = event.get_content_offset(self)
        if offset is None:
            return
        row = offset.y - self._header
        if row < 0:
            self._click_title(offset.x - self._gutter)
            return
        index = self.scroll_offset.y + row
        if index >= len(self._keys) or self._row(index).rule:
            return
        if self._gutter and (event.ctrl or event.shift):
            start = self._index
            self._go(index)
            if event.ctrl:
                self.action_pick()
            else:
                self._pick_up_to(start)
        elif index == self._index and self.has_focus and event.chain > 1:
            self.action_open()
        else:
            self._go(index)

    def _click_title(self, x: int) -> None:
        column = column_at(self._columns, x, self.row_width, self._gap)
        if column is not None and column.sort and self._keys:
            self.post_message(self.OrderWanted(self, column.sort))

    # --- drawing ------------------------------------------------------------------------------------

    @property
    def _page(self) -> int:
        """How many rows are in sight at once."""
        return max(self.scrollable_content_region.height - self._header, 1)

    @property
    def row_width(self) -> int:
        """How many columns a row has."""
        measured = self.outer_size, self.show_vertical_scrollbar
        if self._measured != measured:  # to ask takes as long as to lay out a row
            self._measured = measured
            self._measured_width = self.scrollable_content_region.width - self._gutter
            self._forget_rows()  # rows say more where there is more room
        return self._measured_width

    def _forget_rows(self) -> None:
        self._built.clear()
        self._strips.clear()

    def _forget_inks(self) -> None:
        """The theme may be another."""
        super()._forget_inks()
        self._measured = None

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Where rows came above, those in sight stay: which of them are others is for `redraw` to find."""
        rows = self.virtual_size.height
        if self._thumb(rows, old_value) != self._thumb(rows, new_value):
            self.vertical_scrollbar.position = new_value
        elif self.show_vertical_scrollbar:  # it looks the same
            self.vertical_scrollbar.set_reactive(ScrollBar.position, new_value)
        if not self._stays and round(old_value) != round(new_value):
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one row of the screen."""
        width, top = self.row_width, self.scroll_offset.y
        standing = self._standing_in(y, top)
        self.drew(y, standing)
        sign, what, selected = standing
        place = top + y - self._header if self._keys and (y or not self._header) else -1
        self.ink("plain")  # sees to it that the inks are those of now
        kept = self._strips.get(place)
        if kept is not None and kept[0] == sign and selected is None:
            return kept[1]
        gutter = Piece(sign, "running", bold=True) if self._gutter else None
        strip = self.strip(self._laid_out(what, width), width, self._under(selected), after=gutter)
        if place >= 0 and selected is None:
            self._strips[place] = sign, strip
        return strip

    def _standing_in(self, y: int, top: int) -> tuple[str, Row | Line, int | None]:
        """What stands in a row of the screen, `top` being the first in sight.

        The sign at its left end; what it is; and whether it is the cursor's, its place in the list.
        """
        if not self._keys:
            return " ", (self._empty[y] if y < len(self._empty) else ()), None
        if self._header and y == 0:
            return " ", self._titles, None
        index = top + y - self._header
        if index >= len(self._keys):
            return " ", (), None
        sign = self._sign(self._keys[index]) if self.picks else " "
        return sign, self._row(index), index if index == self._index else None

    def _row(self, index: int) -> Row:
        """A row of the list, made once: it is compared, drawn, and drawn again further up or down."""
        row = self._built.get(index)
        if row is None:
            if len(self._built) >= _MOST_BUILT:
                self._forget_rows()
            row = self._built[index] = self._build(self._keys[index])
        return row

    def _sign(self, key: Key) -> str:
        """What stands left of a row where some are selected together."""
        return PICKED if key in self.picks else PARTLY if self._partly(key) else " "

    def _laid_out(self, what: Row | Line, width: int) -> Line:
        """A row with its cells in their columns."""
        if not isinstance(what, Row):
            return what
        if what.rule:
            return [Piece("─" * width, "faint")]
        return joined(self._columns, what, width, self._gap)

    def _under(self, index: int | None) -> Style | None:
        if index is None:
            return None
        return self.ink("cursor" if self.has_focus else "cursor-blurred")

    def _head(self) -> Row:
        return Row(tuple(map(self._title, self._columns)))

    def _title(self, column: Column) -> list[Piece]:
        sort, arrow = self._order
        if not column.sort or column.sort != sort:
            return [Piece(column.title, "muted")]
        return [Piece(f"{column.title} {arrow}".strip(), "running", bold=True)]

    def on_focus(self) -> None:
        """The cursor is drawn stronger."""
        self.refresh()

    def on_blur(self) -> None:
        """The cursor is drawn weaker."""
        self.refresh()
