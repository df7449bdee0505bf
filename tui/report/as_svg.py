"""The overview as a picture: the same document, laid out by rich on a grid of characters, written as SVG.

May import rich, `document` and `drawn`. Invariants: the same document gives the same picture; nothing in
it is fetched or runs; every text is escaped. Frames and the bar are drawn as shapes, so that they are
whole in any font.
"""

import io
import re
from collections.abc import Iterable, Iterator
from html import escape

from msgspec.structs import replace
from rich.box import ROUNDED
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.measure import Measurement
from rich.padding import Padding
from rich.panel import Panel
from rich.segment import Segment
from rich.style import Style
from rich.table import Table as Grid
from rich.text import Text
from rich.theme import Theme

from tui.report import drawn
from tui.report.document import (
    Block,
    Document,
    Excerpt,
    Items,
    Part,
    Piece,
    Section,
    Sentence,
    Table,
    plain,
)

_WIDTH = 132
_GAP = 1
_INSET = 4
"""What a frame takes of the width: its two sides, and a blank at each."""
_COLUMN, _LINE, _SIZE, _MARGIN = 9.6, 20.0, 16, 18
_BACK, _EDGE, _TEXT = "#16161e", "#3b4261", "#e6e6f0"
_COLOURS = Theme(
    {
        "passed": "#7bd88f",
        "failed": "#fc618d",
        "error": "#fc9867",
        "warning": "#fce566",
        "running": "#5ad4e6",
        "muted": "#8f96b8",
        "title": f"bold {_TEXT}",
        "edge": _EDGE,
    }
)
_FONTS = "Fira Code, ui-monospace, Menlo, Consolas, DejaVu Sans Mono, monospace"
# What XML cannot hold, not even as a reference; all else that is unsafe is gone already.
_NOT_XML = re.compile("[\ufffe\uffff]")
_BAR = "━"
# From the middle of a cell, the ways in which a line of a frame leaves it.
_FRAME = {"─": "lr", "│": "tb", "╭": "rb", "╮": "lb", "╰": "rt", "╯": "lt"}

_RUNS = re.compile("─+|[│╭╮╰╯]|━+|[^─│╭╮╰╯━]+")


def render(report: Document) -> str:
    """The picture, as SVG."""
    console = Console(
        file=io.StringIO(),
        width=_WIDTH,
        theme=_COLOURS,
        force_terminal=True,
        color_system="truecolor",
        legacy_windows=False,
    )
    lines = [line for part in _parts(report) for line in console.render_lines(part, pad=False)]
    width, height = _WIDTH * _COLUMN + 2 * _MARGIN, len(lines) * _LINE + 2 * _MARGIN
    told = _safe(f"{report.verdict.text}: {report.title}, {plain(report.account)}")
    shapes = "\n".join(shape for number, line in enumerate(lines) for shape in _shapes(line, number))
    font = f'font-family="{_FONTS}" font-size="{_SIZE}" fill="{_TEXT}" xml:space="preserve"'
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{told}">
<title>{told}</title>
<rect width="{width:g}" height="{height:g}" rx="10" fill="{_BACK}"/>
<g transform="translate({_MARGIN} {_MARGIN})" {font}>
{shapes}
</g>
</svg>
"""


# --- the layout -------------------------------------------------------------------------------------


def _parts(report: Document) -> Iterator[RenderableType]:
    head = [Piece("runwatch  ", "running"), Piece(report.title, "title")]
    if report.title != report.directory:
        head.append(Piece(f"  {report.directory}", "muted"))
    yield drawn.text(tuple(head))
    yield Text()
    verdict = drawn.text((report.verdict,))
    verdict.stylize("bold")
    yield Text("   ").join([verdict, drawn.text(report.rate), drawn.text(report.account)])
    yield _bar(report)
    criteria = [each for each in report.sections if each.part is Part.CRITERIA]
    for section in criteria:
        yield Padding(Group(*_blocks(section.blocks, _WIDTH - 2)), (0, 0, 1, 2))
    yield from _framed([each for each in report.sections if each not in criteria])
    yield Text(report.made, style="muted")


def _bar(report: Document) -> Text:
    """The whole as a bar: every kind that there is takes at least one column."""
    total = sum(count for count, _ in report.shares)
    widths = [max(1, _WIDTH * count // total) for count, _ in report.shares]
    if widths:
        widths[widths.index(max(widths))] += _WIDTH - sum(widths)
    return Text.assemble(
        *((_BAR * width, piece.style) for width, (_, piece) in zip(widths, report.shares, strict=True))
    )


def _framed(sections: Iterable[Section]) -> Iterator[RenderableType]:
    """A frame for each section, in their order, side by side where they fit."""
    row: list[tuple[Section, int]] = []
    for section in sections:
        wanted = min(_natural(section), _WIDTH)
        if row and sum(width + _GAP for _, width in row) + wanted > _WIDTH:
            yield _beside(row)
            row = []
        row.append((section, wanted))
    yield _beside(row)


def _beside(row: list[tuple[Section, int]]) -> RenderableType:
    """Frames of one height; what is left of the width goes to the first."""
    widths = [width for _, width in row]
    widths[0] += _WIDTH - sum(widths) - _GAP * (len(row) - 1)
    frames = [_frame(section, width) for (section, _), width in zip(row, widths, strict=True)]
    console = Console(width=_WIDTH, theme=_COLOURS)
    height = max(len(console.render_lines(frame)) for frame in frames)
    beside = Grid.grid(padding=(0, _GAP, 0, 0))
    for frame in frames:
        frame.height = height
        beside.add_column(width=frame.width)
    beside.add_row(*frames)
    return beside


def _natural(section: Section) -> int:
    """The width that a section's frame takes if no row in it is broken or cut short."""
    console = Console(width=1000, theme=_COLOURS)
    # A sentence may be broken anywhere.
    broad = [block for block in section.blocks if not isinstance(block, Sentence)]
    parts: list[RenderableType] = [Text(section.title + " " * 6)]
    for block in broad:
        parts += [drawn.grid(_essence(block))] if isinstance(block, Table) else _blocks([block], _WIDTH)
    return max(Measurement.get(console, console.options, part).maximum for part in parts) + _INSET


def _frame(section: Section, width: int) -> Panel:
    title = Text.assemble(" ", (section.title, "title"), " ")
    body = _blocks(section.blocks, width - _INSET)
    if section.said:
        told = drawn.text(section.said)
        told.stylize_before("muted")
        if title.cell_len + told.cell_len + _INSET + 3 <= width:
            title = Text.assemble(title, " ", told, " ")
        else:
            body.insert(0, told)
    if not body:
        body = [Text()]
    return Panel(
        Group(*body),
        box=ROUNDED,
        title=title,
        title_align="left",
        border_style="edge",
        padding=(0, 1),
        width=width,
    )


def _blocks(blocks: Iterable[Block], width: int) -> list[RenderableType]:
    drawn_blocks: list[RenderableType] = []
    for block in blocks:
        match block:
            case Table(more=more):
                drawn_blocks.append(drawn.grid(_essence(block), width))
            case Items(lines, more):
                drawn_blocks += [drawn.text((Piece("- ", "muted"), *line)) for line in lines]
            case Sentence(line):
                drawn_blocks.append(drawn.text(line))
                more = ""
            case Excerpt(text=text):
                drawn_blocks.append(Text(text))
                more = ""
        if more:
            drawn_blocks.append(Text(more, style="muted"))
    return drawn_blocks


def _essence(table: Table) -> Table:
    """A table without its details."""
    kept = [place for place, column in enumerate(table.columns) if not column.detail]
    rows = tuple(replace(row, cells=tuple(row.cells[place] for place in kept)) for row in table.rows)
    return replace(table, columns=tuple(table.columns[place] for place in kept), rows=rows)


# --- the shapes -------------------------------------------------------------------------------------


def _shapes(line: Iterable[Segment], number: int) -> Iterator[str]:
    column = 0
    for segment in line:
        style = segment.style or Style.null()
        colour = style.color.get_truecolor().hex if style.color else _TEXT
        for run in _RUNS.findall(segment.text):
            width = cell_len(run)
            if run[0] in _FRAME:
                yield _frame_shape(run, column, number)
            elif run[0] == _BAR:
                place = (
                    f'x="{column * _COLUMN:g}" y="{(number + 0.35) * _LINE:g}" width="{width * _COLUMN:g}"'
                )
                yield f'<rect {place} height="6" fill="{colour}"/>'
            elif run.strip():
                yield _text_shape(run, column, number, colour, bold=bool(style.bold))
            column += width


def _text_shape(run: str, column: int, number: int, colour: str, *, bold: bool) -> str:
    start = column + len(run) - len(run.lstrip(" "))
    run = run.strip(" ")
    look = "" if colour == _TEXT else f' fill="{colour}"'
    look += ' font-weight="bold"' if bold else ""
    place = (
        f'x="{start * _COLUMN:g}" y="{(number + 0.76) * _LINE:g}" textLength="{cell_len(run) * _COLUMN:g}"'
    )
    return f"<text {place}{look}>{_safe(run)}</text>"


def _frame_shape(run: str, column: int, number: int) -> str:
    """A piece of a frame: from the middle of its cell to the sides at which it goes on."""
    left, top, width = column * _COLUMN, number * _LINE, len(run) * _COLUMN
    sides = {
        "l": (left, top + _LINE / 2),
        "r": (left + width, top + _LINE / 2),
        "t": (left + width / 2, top),
        "b": (left + width / 2, top + _LINE),
    }
    (x1, y1), (x2, y2) = (sides[side] for side in _FRAME[run[0]])
    middle = f"{left + width / 2:g} {top + _LINE / 2:g}"
    return f'<path d="M{x1:g} {y1:g}Q{middle} {x2:g} {y2:g}" fill="none" stroke="{_EDGE}"/>'


def _safe(text: str) -> str:
    return escape(_NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text))
