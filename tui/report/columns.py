"""What the columns of a table hold, and how wide they are: the same for all that draw it as text.

May import `document`.
"""

from collections.abc import Sequence

from tui.report.document import Line, Piece, Row, Table

GAP = 2
"""The blanks behind a column."""


def cells(table: Table, row: Row) -> list[Line]:
    """The cells of a row; a lead stands before them where no heading says what they are."""
    return [
        (Piece(column.lead, cell[0].style), *cell) if column.lead and cell and not table.headed else cell
        for column, cell in zip(table.columns, row.cells, strict=True)
    ]


def shared(table: Table, wanted: Sequence[int], width: int) -> list[int]:
    """A width for each column: the flexible ones share what the others leave, the least wanting first."""
    widths = list(wanted)
    flexible = sorted((wanted[place], place) for place, column in enumerate(table.columns) if column.flexible)
    left = width - GAP * len(widths) - sum(widths) + sum(wish for wish, _ in flexible)
    for number, (wish, place) in enumerate(flexible):
        widths[place] = max(min(wish, left // (len(flexible) - number)), 1)
        left -= widths[place]
    return widths
