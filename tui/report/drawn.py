"""Lines and tables of a document, drawn by rich: for text in colours, and for the picture.

May import rich, `columns` and `document`. Text reaches rich as `Text` only, never as markup.
"""

import io

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.table import Table as Grid
from rich.text import Text
from rich.theme import Theme

from tui.report.columns import GAP, cells, shared
from tui.report.document import Line, Table

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
    drawn = Grid(box=None, show_header=table.headed, padding=(0, GAP, 0, 0), header_style="muted")
    rows = [[text(cell) for cell in cells(table, row)] for row in table.rows]
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


def _widths(table: Table, rows: list[list[Text]], width: int) -> list[int | None]:
    headings = [cell_len(column.heading) if table.headed else 0 for column in table.columns]
    wanted = [
        max(pair) for pair in zip(headings, *([cell.cell_len for cell in row] for row in rows), strict=True)
    ]
    return [*shared(table, wanted, width)]


class Coloured:
    """Draws for a terminal, with colours."""

    def __init__(self, width: int, *, colour: bool = True) -> None:
        self._console = Console(
            file=io.StringIO(),
            width=width,
            theme=STYLES,
            force_terminal=colour,
            no_color=not colour,
            color_system="standard" if colour else None,
            highlight=False,
            legacy_windows=False,
        )

    def line(self, line: Line, width: int) -> list[str]:
        """The rows that a line takes, where there are `width` columns."""
        return self._rows(text(line), width)

    def table(self, table: Table, width: int, fixed: int | None) -> list[str]:
        """The rows of a table; see `grid` for a `fixed` width."""
        return self._rows(grid(table, fixed), width)

    def _rows(self, what: RenderableType, width: int) -> list[str]:
        with self._console.capture() as capture:
            self._console.print(what, width=width)
        return capture.get().removesuffix("\n").split("\n")
