"""The report for a terminal or a log: plain text in a fixed order, drawn by rich.

May import rich, `core`, and `sections`, `document` and `drawn` beside it. Text from results
reaches rich as `Text` only, never as markup.
"""

import io
from itertools import zip_longest
from typing import TYPE_CHECKING

from rich.console import Console, RenderableType
from rich.text import Text

from tui.core.verdict import Verdict
from tui.report import document, drawn, sections
from tui.report.document import Block, Document, Excerpt, Items, Part, Piece, Section, Sentence, Table, plain

if TYPE_CHECKING:
    from tui.core.explain import Explanation  # for its name only: what explains is large

_WIDTH = 110
_BELOW = 4
"""By how many columns that which stands below a row is indented."""


def render(report: Document, *, width: int | None = None, colour: bool = False) -> str:
    """The whole report. `width` in columns; `colour` adds ANSI colours."""
    page = _Page(width or _WIDTH, colour=colour)
    head = [Piece(report.title, "title")]
    if report.title != report.directory:
        head.append(Piece(f"  {report.directory}", "muted"))
    page.add(drawn.text(tuple(head)))
    page.add(Text(report.made, style="muted"))
    page.add(Text())
    page.add(drawn.text((report.verdict, Piece("  "), *report.rate)))
    page.add(drawn.text(report.account), 2)
    for section in report.sections:
        _section(page, section)
    return page.text


def render_verdict(verdict: Verdict, *, width: int | None = None, colour: bool = False) -> str:
    """The verdict with its criteria."""
    page = _Page(width or _WIDTH, colour=colour)
    page.add(drawn.text((sections.verdict(verdict),)))
    _blocks(page, sections.criteria(verdict).blocks, 2)
    return page.text


def render_explanation(found: "Explanation", *, width: int | None = None, colour: bool = False) -> str:
    """Every part of an explanation: value, rule, arithmetic, records."""
    page = _Page(width or _WIDTH, colour=colour)
    page.add(Text(found.title, style="title"))
    for part in found.parts:
        page.add(Text.assemble("\n", (f"{part.name} ", "title"), (part.value, "running")))
        page.add(Text(part.rule, style="muted"), 2)
        for line in part.arithmetic:
            page.add(Text(f"= {line}"), 2)
        for line in part.records:
            page.add(Text(f"- {line}"), 2)
    return page.text


class _Page:
    """Lines of text, of at most `width` columns where they can be broken."""

    def __init__(self, width: int, *, colour: bool) -> None:
        self.width = width
        self._lines: list[str] = []
        self._console = Console(
            file=io.StringIO(),
            width=width,
            theme=drawn.STYLES,
            force_terminal=colour,
            no_color=not colour,
            color_system="standard" if colour else None,
            highlight=False,
            legacy_windows=False,
        )

    def drawn(self, what: RenderableType, indent: int = 0) -> list[str]:
        """The lines that `what` takes."""
        with self._console.capture() as capture:
            self._console.print(what, width=max(self.width - indent, 20))
        lines = capture.get().removesuffix("\n").split("\n")
        return [f"{' ' * indent}{line}".rstrip() for line in lines]

    def add(self, what: RenderableType, indent: int = 0) -> None:
        """Write `what` below what is there."""
        self._lines += self.drawn(what, indent)

    def take(self, line: str) -> None:
        """Write a line that was drawn before."""
        self._lines.append(line)

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self._lines) + "\n"


def _section(page: _Page, section: Section) -> None:
    # The criteria stand under the verdict, and the components are known by their headings.
    if section.part is not Part.CRITERIA:
        page.add(Text())
    if section.part not in (Part.CRITERIA, Part.COMPONENTS):
        page.add(drawn.text((Piece(section.title, "title"), Piece("  "), *section.said)))
    _blocks(page, section.blocks, 0 if section.part is Part.COMPONENTS else 2)


def _blocks(page: _Page, blocks: tuple[Block, ...], indent: int) -> None:
    for block in blocks:
        match block:
            case Table():
                _table(page, block, indent)
            case Items(lines, more):
                for line in lines:
                    page.add(drawn.text((Piece("- "), *line)), indent)
                _more(page, more, indent)
            case Sentence(line):
                page.add(drawn.text(line), indent)
            case Excerpt(text=text):
                page.add(Text(text), indent)


def _table(page: _Page, table: Table, indent: int) -> None:
    width = page.width - indent if table.is_open else None
    lines = page.drawn(drawn.grid(table, width), indent) if table.rows else []
    if table.is_open:
        headings, rows = lines[: int(table.headed)], lines[int(table.headed) :]
        for heading in headings:
            page.take(heading)
        for row, line in zip_longest(table.rows, rows):
            page.take(line)
            _below(page, row, indent + _BELOW)
    else:
        for line in lines:
            page.take(line)
    _more(page, table.more, indent)


def _below(page: _Page, row: document.Row, indent: int) -> None:
    for block in row.below:
        if isinstance(block, Table):
            _names(page, block, indent)
        else:
            _blocks(page, (block,), indent)


def _names(page: _Page, table: Table, indent: int) -> None:
    """The rows of a table below a row: their essence, whole, each on a line of its own."""
    kept = [place for place, column in enumerate(table.columns) if not column.detail]
    for row in table.rows:
        page.take(" " * indent + "  ".join(filter(None, (plain(row.cells[place]) for place in kept))))
        _below(page, row, indent + _BELOW)
    _more(page, table.more, indent)


def _more(page: _Page, more: str, indent: int) -> None:
    if more:
        page.add(Text(more, style="muted"), indent)
