"""Lines and tables of a document, drawn by rich: for text, and for the picture.

May import rich and `document`. Text reaches rich as `Text` only, never as markup.
"""

from rich.cells import cell_len
from rich.table import Table as Grid
from rich.text import Text
from rich.theme import Theme

from tui.report.document import Column, Line, Table

_GAP = 2
STYLES = Theme(
    {
        "passed": "green",
        "failed": "bold red",
        "error": "yellow",
        "warning": "yellow",
        "running": "cyan",
        "muted": "dim",
        "title": "bold",
    }
)


def text(line: Line) -> Text:
    """A line with its styles."""
    return Text.assemble(*((piece.text, piece.style) for piece in line))


def grid(table: Table, width: int | None = None) -> Grid:
    """A table without what stands below its rows.

    With a `width`, each row takes one line of it: what is flexible is cut short where it must be.
    """
    drawn = Grid(box=None, show_header=table.headed, padding=(0, _GAP, 0, 0), header_style="muted")
    rows = [
        [_cell(table, column, cell) for column, cell in zip(table.columns, row.cells, strict=True)]
        for row in table.rows
    ]
    widths = _widths(table, rows, width) if width is not None else [None] * len(table.columns)
    for column, fixed in zip(table.columns, widths, strict=True):
        drawn.add_column(
            Text(column.heading),
            justify="right" if column.right else "left",
            width=fixed,
            no_wrap=fixed is not None,
            overflow="fold" if fixed is None else "ellipsis",
        )
    for row in rows:
        drawn.add_row(*row)
    return drawn


def _cell(table: Table, column: Column, cell: Line) -> Text:
    drawn = text(cell)
    if column.lead and cell and not table.headed:
        return Text.assemble((column.lead, cell[0].style), drawn)
    return drawn


def _widths(table: Table, rows: list[list[Text]], width: int) -> list[int | None]:
    """A width for each column: the flexible ones share what the others leave, the least wanting first."""
    headings = [cell_len(column.heading) if table.headed else 0 for column in table.columns]
    wanted = [
        max(pair) for pair in zip(headings, *([cell.cell_len for cell in row] for row in rows), strict=True)
    ]
    flexible = sorted((wanted[place], place) for place, column in enumerate(table.columns) if column.flexible)
    left = width - _GAP * len(wanted) - sum(wanted) + sum(wish for wish, _ in flexible)
    for number, (wish, place) in enumerate(flexible):
        wanted[place] = max(min(wish, left // (len(flexible) - number)), 1)
        left -= wanted[place]
    return list(wanted)
