"""Text in named inks, drawn line by line: what every widget of the app is made of.

May import Textual, rich and `text`. A piece of text names its ink, never a colour; `app.tcss` says what
an ink looks like in a theme. Invariant: text is drawn as it is, never read as markup.
"""

import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple, Self

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.containers import Container, Horizontal, Vertical
from textual.content import Content
from textual.filter import ANSIToTruecolor, LineFilter
from textual.geometry import Region, Size
from textual.message import Message
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

INKS = (
    "plain",
    "strong",
    "muted",
    "faint",
    "passed",
    "failed",
    "error",
    "warning",
    "running",
    "accent",
    "key",
    "chip",
    "chip-on",
    "chip-term",
    "chip-text",
    "chip-not",
    "chip-fault",
    "link",
    "brand",
    "bar",
    "second",
    "cursor",
    "cursor-blurred",
    "marked",
    "wanted-part",
    "got-part",
    "found",
    "found-now",
    "code-keyword",
    "code-string",
    "code-number",
    "code-comment",
    "code-name",
)


INK_CLASSES = {f"ink--{name}" for name in INKS}
"""The component classes that a screen with inked widgets has to have."""


class Piece(NamedTuple):
    """A piece of a line.

    `ink` is one of INKS or a rich Style; `bold` adds weight. A click on the piece says `action`, where
    there is one. `name`: its end matters as much as its beginning, so that where it is too long it loses
    its middle.
    """

    text: str
    ink: str | Style = "plain"
    bold: bool = False
    action: str = ""
    name: bool = False


Line = Sequence[Piece]

_ACTION = "runwatch.action"
_READABLE = 8
_FILLED = frozenset(
    {"brand", "chip", "chip-on", "chip-term", "chip-text", "chip-not", "chip-fault"}
    | {"wanted-part", "got-part", "found", "found-now"}
)


def plain_text(line: Line) -> str:
    """The characters of a line."""
    return "".join(piece.text for piece in line)


def width_of(line: Line) -> int:
    """How many columns a line takes."""
    return sum(len(piece.text) if piece.text.isascii() else cell_len(piece.text) for piece in line)


def fitted(line: Line, width: int, *, align: str = "left") -> list[Piece]:
    """`line` in exactly `width` columns: cut with an ellipsis, or filled with blanks."""
    missing = width - width_of(line)
    if missing >= 0:
        blanks = Piece(" " * missing)
        return [blanks, *line] if align == "right" else [*line, blanks]
    if width <= 0:
        return []
    if line[0].name:
        return _fitted_name(line, width)
    kept: list[Piece] = []
    left = width - 1
    for piece in line:
        length = cell_len(piece.text)
        if length <= left:
            kept.append(piece)
            left -= length
            continue
        kept.append(piece._replace(text=set_cell_size(piece.text, left)))
        kept.append(piece._replace(text="…"))
        break
    return kept


def _fitted_name(line: Line, width: int) -> list[Piece]:
    """A name and what stands behind it: "test_order_un…[b-a]", alone if little else could be read."""
    name = line[0]
    missing = width - cell_len(name.text)
    if missing >= _READABLE:
        return fitted([name._replace(name=False), *line[1:]], width)
    if missing >= 0:
        return [name, Piece(" " * missing)]
    tail = max(width // 2 - 1, 0)
    end = name.text[-tail:] if tail else ""
    return fitted(
        [name._replace(text=f"{set_cell_size(name.text, width - tail - 1)}…{end}", name=False)], width
    )


def overlaid(line: Line, stretches: Iterable[tuple[int, int, str]]) -> list[Piece]:
    """`line` with the ink of each stretch (start, end, ink) on its characters; they do not overlap."""
    pieces: list[Piece] = []
    waiting = iter(sorted(stretches))
    start, end, ink = next(waiting, (-1, -1, ""))
    place = 0
    for piece in line:
        text = piece.text
        while text:
            if ink and end <= place:
                start, end, ink = next(waiting, (-1, -1, ""))
                continue
            inside = bool(ink) and start <= place
            until = end if inside else start if ink else place + len(text)
            part, text = text[: until - place], text[max(until - place, 0) :]
            pieces.append(piece._replace(text=part, ink=ink) if inside else piece._replace(text=part))
            place += len(part)
    return pieces


def parted(line: Line, lengths: Iterable[int]) -> Iterator[list[Piece]]:
    """`line` in parts of so many characters each."""
    pieces = iter(line)
    left = Piece("")
    for length in lengths:
        part: list[Piece] = []
        while length > 0:
            if not left.text:
                following = next(pieces, None)
                if following is None:
                    break
                left = following
            taken = left._replace(text=left.text[:length])
            part.append(taken)
            left = left._replace(text=left.text[length:])
            length -= len(taken.text)  # noqa: PLW2901  # what is still missing of this part
        yield part


def wrapped(items: Iterable[Line], width: int, gap: int) -> list[list[Piece]]:
    """Several short lines side by side, `gap` columns apart, in as many lines as `width` demands."""
    lines: list[list[Piece]] = []
    used = 0
    for item in items:
        length = width_of(item)
        if lines and used + gap + length <= width:
            lines[-1] += [Piece(" " * gap), *item]
            used += gap + length
        else:
            lines.append([*item])
            used = length
    return lines


@lru_cache(maxsize=256)  # what is to be noted is mostly the same at the next paint
def _broken(text: str, width: int) -> tuple[str, ...]:
    return tuple(textwrap.wrap(text, width)) or ("",)


def folded(text: str, ink: str, width: int, mark: Piece) -> list[list[Piece]]:
    """A sentence in lines of at most `width` columns, the first one after `mark`, the rest below it."""
    indent = cell_len(mark.text)
    rows = _broken(text, max(width - indent, 10))
    blanks = Piece(" " * indent)
    return [[mark if not number else blanks, Piece(row, ink)] for number, row in enumerate(rows)]


class Kept(Widget):
    """A widget whose lines are made once, until something about it changes.

    At each paint Textual asks for all lines of every widget that lies where something changed, whatever it
    was: of those beside and behind it, too.
    """

    _kept: tuple[Region, list[Strip]] | None = None

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        """Paint anew."""
        self._kept = None
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def notify_style_update(self) -> None:
        """The theme may be another."""
        self._kept = None
        super().notify_style_update()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a part of it."""
        if self._kept is None or self._kept[0] != crop:
            self._kept = crop, super().render_lines(crop)
        return self._kept[1]


class Sheet(Screen[None], Kept):
    """A screen that holds the inks: it knows what the theme makes of each.

    They are kept once a screen and not once a widget, because Textual works out the style of every
    component class of every widget whenever a style sheet is applied.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = INK_CLASSES
    # The view in sight says what has the keyboard: to give it twice is to work out styles twice.
    AUTO_FOCUS = ""


def entitle(widget: Widget, title: str, subtitle: str) -> None:
    """Write into a widget's frame: text, never markup. What is there already is not painted anew."""
    fresh = Content(title), Content(subtitle)
    if widget.border_title != fresh[0].markup:
        widget.border_title = fresh[0]
    if widget.border_subtitle != fresh[1].markup:
        widget.border_subtitle = fresh[1]


class Framed(Kept):
    """A widget in a frame, whose title can change without all that is in it being painted anew."""

    _entitled = "", ""
    _row_alone: int | None = None

    def entitle(self, title: str, subtitle: str) -> None:
        """Write into the frame: text, never markup."""
        before, self._entitled = self._entitled, (title, subtitle)
        if title != before[0]:
            self._row_alone = 0
            self.border_title = Content(title)
        if subtitle != before[1]:
            self._row_alone = self.outer_size.height - 1
            self.border_subtitle = Content(subtitle)
        self._row_alone = None

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        """Paint anew; while a title is written, its row of the frame alone."""
        if self._row_alone is not None and self.outer_size:
            x, y = self.content_offset
            regions = (Region(-x, self._row_alone - y, self.outer_size.width, 1),)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)


class Frame(Framed, Container):
    """A frame around other widgets."""


class Across(Horizontal, Kept):
    """Widgets beside each other."""


class Down(Vertical, Kept):
    """Widgets one below the other."""


class Inked(Kept):
    """A widget that draws lines of pieces. It lies on a screen with INK_CLASSES.

    It knows what stands in each of its rows, so that facts that say the same again cost no painting.
    """

    HAS_ONLY_INKS: ClassVar[bool] = True
    """Whether nothing in it has colours of the terminal's own, as what a test printed may have."""

    def __init__(self, *children: Widget, **options: Any) -> None:  # noqa: ANN401  # Textual's own
        super().__init__(*children, **options)
        self._standing: dict[int, object] = {}
        self._inks: dict[str, Style] = {}
        self._styles: dict[tuple[str | Style, bool, Style | None], Style] = {}
        self._inks_on: object = None

    def notify_style_update(self) -> None:
        """The theme may be another: every ink is asked for anew."""
        self._forget_inks()
        super().notify_style_update()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What turns the terminal's own colours into those of a theme is not asked where there are none."""
        filters = super().get_line_filters()
        if self.HAS_ONLY_INKS:
            return [each for each in filters if not isinstance(each, ANSIToTruecolor)]
        return filters

    def _forget_inks(self) -> None:
        self._inks.clear()
        self._styles.clear()

    def drew(self, y: int, what: object) -> None:
        """`what` stands in row `y` from now on."""
        self._standing[y] = what

    def redraw(self, rows: Sequence[object]) -> None:
        """Draw those rows anew in which something else than these is to stand."""
        width = self.size.width
        changed = [Region(0, y, width, 1) for y, row in enumerate(rows) if self._standing.get(y, self) != row]
        if changed:
            self.refresh(*changed)

    def ink(self, name: str) -> Style:
        """What the theme makes of an ink, on the widget's own background: worked out once a style."""
        if self._inks_on is not self.visual_style:
            self._inks_on = self.visual_style
            self._forget_inks()
        found = self._inks.get(name)
        if found is None:
            found = self._inks[name] = self._worked_out(name)
        return found

    def _worked_out(self, name: str) -> Style:
        ink = self.screen.get_component_styles(f"ink--{name}")
        under = self.visual_style.background or ink.background
        background = under + ink.background if ink.has_rule("background") else under
        colour = background + (
            ink.color if ink.has_rule("color") else self.visual_style.foreground or ink.color
        )
        return Style.from_color(colour.rich_color, background.rich_color) + ink.text_style

    def style_of(self, piece: Piece, under: Style | None = None) -> Style:
        """The style of a piece, on the background of `under` where that is given."""
        plain = self.ink("plain")  # also sees to it that the inks are those of now
        wanted = piece.ink, piece.bold, under
        style = self._styles.get(wanted)
        if style is None:
            style = self.ink(piece.ink) if isinstance(piece.ink, str) else plain + piece.ink
            if under is not None and piece.ink not in _FILLED:
                style += Style(bgcolor=under.bgcolor)
            if piece.bold:
                style += Style(bold=True)
            self._styles[wanted] = style
        return style + Style.from_meta({_ACTION: piece.action}) if piece.action else style

    def strip(
        self, line: Line, width: int, under: Style | None = None, *, after: Piece | None = None
    ) -> Strip:
        """`line` as a strip of exactly `width` columns, after a piece of one column where that is given."""
        self.ink("plain")  # sees to it that the inks are those of now
        # A strip has many pieces, most of them blanks: neighbours of one style are one segment.
        segments: list[Segment] = []
        text, style = "", None
        for piece in fitted(line, width):
            known = None if piece.action else self._styles.get((piece.ink, piece.bold, under))
            of_piece = self.style_of(piece, under) if known is None else known
            if of_piece is not style:
                if text:
                    segments.append(Segment(text, style))
                text, style = "", of_piece
            text += piece.text
        if text:
            segments.append(Segment(text, style))
        if after is None:
            return Strip(segments, width)
        return Strip([Segment(after.text, self.style_of(after)), *segments], width + 1)


class Lines(Inked, Framed):
    """A few lines, as many rows high as they are."""

    class Clicked(Message):
        """A piece that has an action was clicked."""

        def __init__(self, lines: "Lines", what: str) -> None:
            super().__init__()
            self.lines = lines
            self.what = what

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._lines: list[list[Piece]] = []

    def show(self, lines: Sequence[Line]) -> None:
        """Show these lines from now on."""
        fresh = [list(line) for line in lines]
        if fresh == self._lines:
            return
        resized = len(fresh) != len(self._lines)
        self._lines = fresh
        if resized:
            self.refresh(layout=True)
        else:
            self.redraw(fresh)

    def clicked(self, event: events.Click) -> str:
        """What the piece under the pointer does; empty where there is none that does anything."""
        return str(event.style.meta.get(_ACTION) or "")

    def on_click(self, event: events.Click) -> None:
        """Say what was clicked."""
        what = self.clicked(event)
        if what:
            event.stop()
            self.post_message(self.Clicked(self, what))

    def get_content_height(self, *_: object) -> int:
        """One row a line."""
        return len(self._lines)

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        line = self._lines[y] if y < len(self._lines) else []
        self.drew(y, line)
        return self.strip(line, self.size.width)


class Flowing(Inked):
    """Lines that are laid out for the width that there is, as many rows high as that takes."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lay_out: Callable[[int], Sequence[Line]] = lambda _: []
        self._lines: Sequence[Line] = []
        self._laid_out_for = 0

    def flow(self, lay_out: Callable[[int], Sequence[Line]]) -> None:
        """Show from now on what `lay_out` makes of a width in columns."""
        self._lay_out = lay_out
        self._draw()

    def on_resize(self) -> None:
        """Lay out for the new width."""
        self._draw()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as it takes."""
        del container, viewport
        return len(self._lay_out(width)) if width else 0

    def render_line(self, y: int) -> Strip:
        """Draw one row; the first time, that is before anybody has told of a size."""
        if self._laid_out_for != self.size.width:
            self._take_lines()
        line = self._lines[y] if y < len(self._lines) else []
        self.drew(y, line)
        return self.strip(line, self.size.width)

    def _take_lines(self) -> None:
        self._laid_out_for = self.size.width
        self._lines = self._lay_out(self.size.width) if self.size.width else []

    def _draw(self) -> None:
        before = len(self._lines)
        self._take_lines()
        if before != len(self._lines):
            self.refresh(layout=True)
        else:
            self.redraw(self._lines)
