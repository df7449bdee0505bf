"""A report as a document that no format owns: sections of tables, lists and excerpts.

Imports nothing of runwatch. Invariants: every text is one line but an excerpt's, and is text, never
markup; a style is the name of a meaning (`words`), and what it means is said in the text beside it; what
is left out is counted in `more`.
"""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

_ONE_LINE = str.maketrans("\n\t", "  ")


class Piece(Struct, frozen=True):
    """Some text in one style."""

    text: str
    style: str = ""


Line = tuple[Piece, ...]


def said(text: str, style: str = "") -> Line:
    """A line of one piece; of none where `text` is empty."""
    return (Piece(text.translate(_ONE_LINE), style),) if text else ()


def plain(line: Line) -> str:
    """What a line says."""
    return "".join(piece.text for piece in line)


class Column(Struct, frozen=True):
    """A column of a table.

    `flexible`: its texts are long, and it is the one to give way. `detail`: left out where there is
    room for the essence only. `code`: its texts are names that a program gave. `lead`: what goes before
    its texts where no heading stands above them.
    """

    heading: str
    right: bool = False
    flexible: bool = False
    detail: bool = False
    code: bool = False
    lead: str = ""


class Row(Struct, frozen=True):
    """A row of a table, and what stands `below` it: folded where a format can fold."""

    cells: tuple[Line, ...]
    below: tuple["Block", ...] = ()
    whole: bool = False


class Table(Struct, frozen=True):
    """Rows under columns; `headed` where they are not understood without the headings."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    headed: bool = False
    more: str = ""

    @property
    def is_open(self) -> bool:
        """Whether anything stands below one of its rows."""
        return any(row.below for row in self.rows)


def table(columns: Sequence[Column], rows: Sequence[Row], *, headed: bool = False, more: str = "") -> Table:
    """A table of these rows, without the columns that are empty in all of them."""
    kept = [place for place in range(len(columns)) if any(row.cells[place] for row in rows)]
    return Table(
        tuple(columns[place] for place in kept),
        tuple(replace(row, cells=tuple(row.cells[place] for place in kept)) for row in rows),
        headed,
        more,
    )


class Items(Struct, frozen=True):
    """A plain list."""

    lines: tuple[Line, ...]
    more: str = ""


class Sentence(Struct, frozen=True):
    """A line on its own."""

    line: Line


class Excerpt(Struct, frozen=True):
    """Text of several lines, as the runner wrote it but for its colours: a traceback."""

    title: str
    text: str


Block = Table | Items | Sentence | Excerpt


class Part(StrEnum):
    """What a section is about; the order is that of every report."""

    CRITERIA = "criteria"
    COMPONENTS = "components"
    GOLDEN = "golden"
    FAILURES = "failures"
    NOT_RUN = "not-run"
    REGRESSIONS = "regressions"
    SOURCES = "sources"
    NOTES = "notes"
    CLAIMS = "claims"
    UNVERIFIED = "unverified"
    TESTS = "tests"


class Section(Struct, frozen=True):
    """A part of the report. `said` sums it up beside its title."""

    part: Part
    title: str
    said: Line = ()
    blocks: tuple[Block, ...] = ()


class Document(Struct, frozen=True):
    """The whole report. `shares`: how many tests had which outcome, each with its style; for a bar."""

    title: str
    directory: str
    made: str
    verdict: Piece
    rate: Line
    account: Line
    shares: tuple[tuple[int, Piece], ...]
    sections: tuple[Section, ...]
