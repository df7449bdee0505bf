"""A document of any length, drawn line by line, that can be searched.

May import Textual, rich, `view.ink`, and `document` and `searching` beside it. Only the lines in sight are
drawn. Long lines are wrapped, or reached by scrolling sideways. Lines that can be chosen are marked where
there is nothing left to scroll; enter or a click chooses one.
"""

from bisect import bisect_left
from collections.abc import Callable, Hashable, Sequence
from typing import ClassVar

from rich.cells import cell_len, chop_cells
from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.view.bindings import bindings
from tui.view.detail.document import EMPTY, PLACE, Document
from tui.view.detail.searching import NOTHING_FOUND, Search
from tui.view.ink import Inked, overlaid, parted, width_of

Make = Callable[[int], Document]
"""How many columns there are -> what is shown in them."""

_ABOVE_START = 3  # a document that starts further down is shown with this share of the height above
_MOST_KEPT = 400


def chunks(line: str, width: int, hang: int = 0) -> list[str]:
    """`line` in pieces of at most `width` columns, cut behind a blank where there is one near the end.

    All but the first leave room for an indent of `hang` columns.
    """
    if not line.isascii():
        # Marks that combine with nothing take no column, and are in no chop.
        first = (chop_cells(line[:width], width) or [line])[0]
        rest = line[len(first) :]
        return [first, *((chop_cells(rest, max(width - hang, 2)) or [rest]) if rest else ())]
    found = []
    room = width
    while len(line) > room:
        cut = line.rfind(" ", room * 2 // 3, room) + 1 or room
        found.append(line[:cut])
        line = line[cut:]
        room = max(width - hang, 1)
    return [*found, line]


def _columns(line: str) -> int:
    return len(line) if line.isascii() else cell_len(line)


class TextPane(ScrollView, Inked, can_focus=True):
    """A text that can be scrolled."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("text")
    HAS_ONLY_INKS: ClassVar[bool] = False

    class Chosen(Message):
        """A line was chosen that stands for something."""

        def __init__(self, what: str) -> None:
            super().__init__()
            self.what = what

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._identity: Hashable = None
        self._make: Make = lambda _: EMPTY
        self._document: Document = EMPTY
        self._rows: list[tuple[int, int]] = []
        self._stops: list[int] = []
        self._stop = 0
        self._strips: dict[int, list[Strip]] = {}
        self._search = NOTHING_FOUND
        self._wrap = True
        self._laid_out_for = 0

    def show(self, identity: Hashable, make: Make, *, stay: bool = False) -> None:
        """Show what `make` makes; what is `identity` already stays as it is.

        `stay`: it is another form of what is shown, and is not scrolled to its start.
        """
        if identity == self._identity:
            return
        self._identity, self._make = identity, make
        if not stay:
            self._stop = 0
        self._lay_out()
        if not stay:
            above = self.scrollable_content_region.height // _ABOVE_START if self._document.start else 0
            self._go(max(self._row_of(self._document.start) - above, 0))

    # --- searching ----------------------------------------------------------------------------------

    @property
    def search(self) -> Search:
        """What is searched for, and where it was found."""
        return self._search

    def find(self, wanted: str) -> None:
        """Mark all places of `wanted`, and go to the first one from here on."""
        first = self._rows[self.scroll_offset.y][0] if self.scroll_offset.y < len(self._rows) else 0
        self._search = Search.of(wanted, self._document, first)
        self._show_found()

    def find_next(self, step: int) -> None:
        """Go to the next place, or the one before."""
        self._search = self._search.moved(step)
        self._show_found()

    def _show_found(self) -> None:
        self._draw_anew()
        found = self._search.current
        if found is not None:
            row = self._row_of(found.line, found.start)
            height = self.scrollable_content_region.height
            if not 0 <= row - self.scroll_offset.y < height:
                self._go(max(row - height // 2, 0))

    # --- moving -------------------------------------------------------------------------------------

    def action_step(self, step: int) -> None:
        """Scroll by a line; where there is nothing to scroll, go to the next line that can be chosen."""
        if 0 <= self.scroll_offset.y + step <= self.max_scroll_y:
            self._go(self.scroll_offset.y + step)
        elif stops := self._stops_in_sight():
            self._mark(stops, step)

    # At once, all of them: to glide through a text would take a second.

    def action_scroll_home(self) -> None:
        """Go to the first line; from there to its beginning."""
        self.scroll_home(animate=False, immediate=True, x_axis=not self.scroll_y)

    def action_scroll_end(self) -> None:
        """Go to the last line; from there to its end."""
        self.scroll_end(animate=False, immediate=True, x_axis=self.is_vertical_scroll_end)

    def action_page_up(self) -> None:
        """Scroll up by a page."""
        self.scroll_page_up(animate=False)

    def action_page_down(self) -> None:
        """Scroll down by a page."""
        self.scroll_page_down(animate=False)

    def action_mark(self, step: int) -> None:
        """Mark the next line that can be chosen, or the one before, and bring it into sight."""
        if self._stops:
            self._mark(self._stops, step)
            row = self._row_of(self._stop)
            height = max(self.scrollable_content_region.height, 1)
            if not 0 <= row - self.scroll_offset.y < height:
                self._go(max(row - height // _ABOVE_START, 0))

    def _mark(self, stops: Sequence[int], step: int) -> None:
        chosen = self._chosen()
        if chosen in stops:
            self._stop = stops[max(min(stops.index(chosen) + step, len(stops) - 1), 0)]
        else:
            self._stop = stops[0 if step > 0 else -1]
        self._draw_anew()

    def action_choose(self) -> None:
        """Choose the marked line."""
        if self.chosen_stop:
            self.post_message(self.Chosen(self.chosen_stop))

    @property
    def chosen_stop(self) -> str:
        """What the marked line stands for; empty where there is none in sight."""
        chosen = self._chosen()
        return self._document[chosen].stop if chosen >= 0 else ""

    def on_click(self, event: events.Click) -> None:
        """Choose the line under the pointer; one that leads out of the app has to be marked before."""
        offset = event.get_content_offset(self)
        row = self.scroll_offset.y + offset.y if offset is not None else len(self._rows)
        if row < len(self._rows):
            number = self._rows[row][0]
            stop = self._document[number].stop
            if stop:
                was_marked, self._stop = self._stop == number, number
                self._draw_anew()
                if was_marked or not stop.startswith(PLACE):
                    self.post_message(self.Chosen(stop))

    def _go(self, row: int) -> None:
        self.scroll_to(y=row, animate=False, immediate=True)

    def _row_of(self, line: int, character: int = 0) -> int:
        """The row in which a character of a line stands."""
        row = bisect_left(self._rows, (line, 0))
        if self._wrap and character and line < len(self._document):
            for part in self._parts(line):
                if character < len(part):
                    break
                character -= len(part)
                row += 1
        return row

    def _stops_in_sight(self) -> list[int]:
        top = self.scroll_offset.y
        rows = self._rows[top : top + max(self.scrollable_content_region.height, 1)]
        if not rows or not self._stops:
            return []
        first, last = rows[0][0], rows[-1][0]
        return self._stops[bisect_left(self._stops, first) : bisect_left(self._stops, last + 1)]

    def _chosen(self) -> int:
        """The line that is marked: the one last chosen, or else the first in sight that is no place."""
        stops = self._stops_in_sight()
        if self._stop in stops:
            return self._stop
        return next((stop for stop in stops if not self._document[stop].stop.startswith(PLACE)), -1)

    # --- laying out ---------------------------------------------------------------------------------

    def action_wrap(self) -> None:
        """Wrap long lines, or let them run out of sight."""
        self._wrap = not self._wrap
        self._lay_out()

    def on_resize(self) -> None:
        """Wrap for the new width."""
        if self.scrollable_content_region.width != self._laid_out_for:
            self._lay_out()

    def _lay_out(self) -> None:
        """Make the document, and find which part of which line stands in which row."""
        width = max(self.scrollable_content_region.width, 1)
        self._laid_out_for = width
        self._document = document = self._make(width)
        numbers = range(len(document))
        longest = width
        if self._wrap:
            self._rows = rows = []
            for number in numbers:
                line = document.plain(number)
                if len(line) <= width and _columns(line) <= width:
                    rows.append((number, 0))
                else:
                    parts = chunks(line, width, document.hang(number))
                    rows += [(number, part) for part in range(len(parts))]
        else:
            self._rows = [(number, 0) for number in numbers]
            longest = max((_columns(document.plain(number)) for number in numbers), default=width)
        self._stops = [*document.stops]
        self._search = self._search.again(document)
        self.virtual_size = Size(max(longest, width), len(self._rows))
        self._draw_anew()

    def _parts(self, number: int) -> list[str]:
        return chunks(self._document.plain(number), self._laid_out_for, self._document.hang(number))

    # --- drawing ------------------------------------------------------------------------------------

    def _draw_anew(self) -> None:
        self._strips.clear()
        self.refresh()

    def notify_style_update(self) -> None:
        """The inks are others now."""
        self._strips.clear()
        super().notify_style_update()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Another line may be the marked one."""
        if self._stops:
            self._strips.clear()
        super().watch_scroll_y(old_value, new_value)

    def on_focus(self) -> None:
        """The marked line is drawn as such."""
        self._draw_anew()

    def on_blur(self) -> None:
        """No line is marked."""
        self._draw_anew()

    def render_line(self, y: int) -> Strip:
        """Draw one row of the screen."""
        width = self.scrollable_content_region.width
        scroll_x, scroll_y = self.scroll_offset
        if scroll_y + y >= len(self._rows):
            return self.strip((), width)
        number, part = self._rows[scroll_y + y]
        strips = self._strips.get(number)
        if strips is None:
            if len(self._strips) > _MOST_KEPT:
                self._strips.clear()
            strips = self._strips[number] = self._drawn(number, width)
        if self._wrap:
            return strips[part] if part < len(strips) else self.strip((), width)
        return strips[0].crop(scroll_x, scroll_x + width)

    def _drawn(self, number: int, width: int) -> list[Strip]:
        """The strips of a line: several where it is wrapped, else one of its whole length."""
        drawn = self._document[number]
        chosen = bool(drawn.stop) and self.has_focus and number == self._chosen()
        under = "cursor" if chosen else "marked" if drawn.marked else ""
        style = self.ink(under) if under else None
        found = self._search.on_line(number)
        pieces = overlaid(drawn.line, found) if found else drawn.line
        filling = style or self.ink("plain")
        if not self._wrap:
            whole = self.strip(pieces, max(width_of(pieces), 1), style)
            return [whole.extend_cell_length(self.virtual_size.width, filling)]
        indent = Strip([Segment(" " * drawn.hang, filling)])
        strips: list[Strip] = []
        for part in parted(pieces, map(len, self._parts(number))):
            strip = self.strip(part, max(width_of(part), 1), style)
            strip = Strip.join([indent, strip]) if strips else strip
            strips.append(strip.extend_cell_length(width, filling))
        return strips
