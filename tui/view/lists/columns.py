"""The columns of a list: how wide each is, and a row laid out in them.

May import `view.ink`. Pure. Invariant: a row that is laid out is never wider than the list.
"""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from tui.view.ink import Line, Piece, fitted, width_of


class Column(Struct, frozen=True):
    """A column. `width` None takes its `share` of what the others leave.

    `least` is the width of list that the column needs to be shown at all. `sort` names the order that a
    click on its title asks for. `counts`: it holds counts, and grows with them.
    """

    title: str
    width: int | None = None
    align: str = "left"
    least: int = 0
    share: int = 1
    sort: str = ""
    counts: bool = False


class Row(Struct, frozen=True):
    """What is drawn for one key: a cell for each column; `rule` draws a line instead.

    `spans`: the last of the cells has the width of all columns that are left. `note` stands at the right
    end, and the columns have what it leaves them; in a row that spans it gives way to the cells, from its
    end on, as long as these need more.
    """

    cells: tuple[Line, ...] = ()
    rule: bool = False
    spans: bool = False
    note: Line = ()


def grown(columns: Sequence[Column], largest: int) -> tuple[Column, ...]:
    """`columns` with room for counts up to `largest`."""
    least = len(f"{largest:,}")
    return tuple(
        replace(column, width=max(column.width, least)) if column.counts and column.width else column
        for column in columns
    )


def widths(columns: Sequence[Column], width: int, gap: int) -> list[tuple[int, int]]:
    """The number of each column that is shown in `width`, and its own width."""
    shown = [number for number, column in enumerate(columns) if width >= column.least]
    shares = sum(columns[number].share for number in shown if columns[number].width is None)
    rest = max(width - sum(columns[number].width or 0 for number in shown) - gap * (len(shown) - 1), 0)
    found = []
    for number in shown:
        column = columns[number]
        wanted = column.width
        if wanted is None:
            wanted = rest * column.share // shares
            rest, shares = rest - wanted, shares - column.share
        found.append((number, wanted))
    return found


def joined(columns: Sequence[Column], row: Row, width: int, gap: int) -> list[Piece]:
    """The cells of a row side by side, each in its column."""
    if row.note and row.spans and _needed(row.cells, width) > width - width_of(row.note) - gap:
        return joined(columns, replace(row, note=row.note[:-1]), width, gap)
    if row.note:
        left = max(width - width_of(row.note) - gap, 0)
        return [*joined(columns, replace(row, note=()), left, gap), Piece(" " * gap), *row.note]
    cells, spans = row.cells, row.spans
    line: list[Piece] = []
    for shown, (number, wanted) in enumerate(widths(columns, width, gap), 1):
        if line:
            line.append(Piece(" " * gap))
        cell = cells[number] if number < len(cells) else ()
        if spans and shown == len(cells):
            return line + fitted(cell, width - width_of(line))
        line += fitted(cell, wanted, align=columns[number].align)
    return line


def _needed(cells: Sequence[Line], width: int) -> int:
    """What cells need of a row of that width: a name that is very long leaves a third to the note."""
    return min(sum(map(width_of, cells)), width * 2 // 3)


def column_at(columns: Sequence[Column], x: int, width: int, gap: int) -> Column | None:
    """The column that is drawn at `x`, the gap behind it included."""
    start = 0
    for number, wanted in widths(columns, width, gap):
        if start <= x < start + wanted + gap:
            return columns[number]
        start += wanted + gap
    return None
