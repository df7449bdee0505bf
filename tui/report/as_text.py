"""The report for a terminal or a log: text in a fixed order, drawn by rich where it has colours.

May import `core`, and `sections`, `document`, `plainly` and `drawn` beside it.
"""

from itertools import zip_longest
from typing import TYPE_CHECKING, Protocol

from tui.core.verdict import Verdict
from tui.report import document, plainly, sections
from tui.report.document import (
    Block,
    Document,
    Excerpt,
    Items,
    Line,
    Part,
    Piece,
    Section,
    Sentence,
    Table,
    plain,
)

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
    page.add(tuple(head))
    page.add((Piece(report.made, "muted"),))
    page.add(())
    page.add((report.verdict, Piece("  "), *report.rate))
    page.add(report.account, 2)
    for section in report.sections:
        _section(page, section)
    return page.text


def render_verdict(verdict: Verdict, *, width: int | None = None, colour: bool = False) -> str:
    """The verdict with its criteria."""
    page = _Page(width or _WIDTH, colour=colour)
    page.add((sections.verdict(verdict),))
    _blocks(page, sections.criteria(verdict, evidence=True).blocks, 2)
    return page.text


def render_explanation(found: "Explanation", *, width: int | None = None, colour: bool = False) -> str:
    """Every part of an explanation: value, rule, arithmetic, records."""
    page = _Page(width or _WIDTH, colour=colour)
    page.add((Piece(found.title, "title"),))
    for part in found.parts:
        page.add(())
        page.add((Piece(f"{part.name} ", "title"), Piece(part.value, "running")))
        page.add((Piece(part.rule, "muted"),), 2)
        for line in part.arithmetic:
            page.add((Piece(f"= {line}"),), 2)
        for line in part.records:
            page.add((Piece(f"- {line}"),), 2)
    return page.text


class _Drawer(Protocol):
    """Draws for so many columns: rows of text, and none for a table that there is no room for."""

    def line(self, _line: Line, _width: int, /) -> list[str]: ...
    def table(self, _table: Table, _width: int, _fixed: int | None, /) -> list[str] | None: ...


class _Page:
    """Lines of text, of at most `width` columns where they can be broken."""

    def __init__(self, width: int, *, colour: bool) -> None:
        self.width = width
        self._lines: list[str] = []
        self._drawer: _Drawer = plainly
        if colour:
            self._drawer = self._rich(colour=True)

    def _rich(self, *, colour: bool) -> _Drawer:
        from tui.report.drawn import Coloured  # noqa: PLC0415  # importing rich takes as long as a whole check

        return Coloured(self.width, colour=colour)

    def drawn(self, table: Table, fixed: int | None, indent: int = 0) -> list[str]:
        """The lines that a table takes; see `drawn.grid` for `fixed`."""
        room = max(self.width - indent, 20)
        rows = self._drawer.table(table, room, fixed)
        if rows is None:
            rows = self._rich(colour=False).table(table, room, fixed)
        return _indented(rows or [], indent)

    def add(self, line: Line, indent: int = 0) -> None:
        """Write `line` below what is there."""
        self._lines += _indented(self._drawer.line(line, max(self.width - indent, 20)), indent)

    def take(self, line: str) -> None:
        """Write a line that was drawn before."""
        self._lines.append(line)

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self._lines) + "\n"


def _indented(rows: list[str], indent: int) -> list[str]:
    return [f"{' ' * indent}{row}".rstrip() for row in rows]


def _section(page: _Page, section: Section) -> None:
    # The criteria stand under the verdict, and the components are known by their headings.
    if section.part is not Part.CRITERIA:
        page.add(())
    if section.part not in (Part.CRITERIA, Part.COMPONENTS):
        page.add((Piece(section.title, "title"), Piece("  "), *section.said))
    _blocks(page, section.blocks, 0 if section.part is Part.COMPONENTS else 2)


def _blocks(page: _Page, blocks: tuple[Block, ...], indent: int) -> None:
    for block in blocks:
        match block:
            case Table():
                _table(page, block, indent)
            case Items(lines, more):
                for line in lines:
                    page.add((Piece("- "), *line), indent)
                _more(page, more, indent)
            case Sentence(line):
                page.add(line, indent)
            case Excerpt(text=text):
                page.add((Piece(text),), indent)


def _table(page: _Page, table: Table, indent: int) -> None:
    width = page.width - indent if table.is_open else None
    lines = page.drawn(table, width, indent) if table.rows else []
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
        page.add((Piece(more, "muted"),), indent)
