"""Lines and tables of a document as text without colours, laid out as rich lays them out for `drawn`.

May import `columns`, `document`, and rich's measure of cells only: importing all of rich takes longer
than the rest of a check. Invariant: what is drawn here is what rich draws, letter for letter but for blanks
at the end of a line (the tests hold both side by side).
"""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from rich.cells import cell_len, chop_cells, set_cell_size

from tui.regex import regex
from tui.report.columns import GAP, cells, shared
from tui.report.document import Line, Table, plain

_TAB = 8
_WORD = regex(r"\s*\S+\s*")


def line(drawn: Line, width: int) -> list[str]:
    """The rows that a line takes: it may hold several lines, each is broken where it has to be."""
    return [row for each in plain(drawn).split("\n") for row in _wrapped(each, width)]


def table(drawn: Table, width: int, fixed: int | None) -> list[str] | None:
    """The rows of a table, as `drawn.grid` has them: with a `fixed` width one row each.

    None where there is no room for it.
    """
    rows = [[column.heading for column in drawn.columns]] if drawn.headed else []
    rows += [list(map(plain, cells(drawn, row))) for row in drawn.rows]
    wanted = [max(map(cell_len, texts)) for texts in zip(*rows, strict=True)]
    if fixed is not None:
        wanted = shared(drawn, wanted, fixed)
    widths = _fitted(wanted, width, may_wrap=fixed is None)
    if any(room < min(wish, 1) for room, wish in zip(widths, wanted, strict=True)):
        return None
    found: list[str] = []
    for number, row in enumerate(rows):
        parts = [
            _cell(text, room, right=column.right, wraps=fixed is None)
            for text, room, column in zip(row, widths, drawn.columns, strict=True)
        ]
        if drawn.headed and not number:  # headings stand right above what they head
            highest = max(map(len, parts))
            parts = [[""] * (highest - len(part)) + part for part in parts]
        blank = [" " * room for room in widths]
        for side_by_side in zip_longest(*parts):
            filled = (part or empty for part, empty in zip(side_by_side, blank, strict=True))
            found.append((" " * GAP).join(filled))
    return found


def _cell(text: str, width: int, *, right: bool, wraps: bool) -> list[str]:
    """The rows of a cell, each exactly `width` columns wide."""
    found = []
    for row in _wrapped(text, width) if wraps else [text]:
        kept = row.rstrip() if right else row
        if cell_len(kept) > width:
            kept = set_cell_size(kept, width) if wraps else set_cell_size(kept, width - 1) + "…"
        blanks = " " * (width - cell_len(kept))
        found.append(blanks + kept if right else kept + blanks)
    return found


def _wrapped(text: str, width: int) -> list[str]:
    """`text` in rows of `width` columns: broken between words, a word only where it is longer than a row."""
    if "\t" in text:
        text = text.expandtabs(_TAB)
    if cell_len(text) <= width:
        return [text]
    ends = [*_breaks(text, width), len(text)]
    return [text[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def _breaks(text: str, width: int) -> Iterator[int]:
    """Where a row ends and the next one begins."""
    taken = 0
    for word in _WORD.finditer(text):
        start, length = word.start(), cell_len(word[0].rstrip())
        if length <= width - taken:
            taken += cell_len(word[0])
        elif length > width:
            for piece in chop_cells(word[0], width):
                if start:
                    yield start
                start += len(piece)
                taken = cell_len(piece)
        elif taken and start:
            yield start
            taken = cell_len(word[0])


def _fitted(wanted: Sequence[int], width: int, *, may_wrap: bool) -> list[int]:
    """How wide the texts of each column may be, where the table has `width`."""
    widths = [min(each + GAP, width) for each in wanted]
    while may_wrap and (excess := sum(widths) - width) > 0:
        widest = max(widths)  # those give way first, down to the next
        step = min(excess, widest - max((each for each in widths if each != widest), default=0))
        widths = _reduced(widths, excess, [step if each == widest else 0 for each in widths])
    if (excess := sum(widths) - width) > 0:
        widths = _reduced(widths, excess, widths)
    return [min(each, room - GAP) for each, room in zip(wanted, widths, strict=True)]


def _reduced(widths: Sequence[int], excess: int, most: Sequence[int]) -> list[int]:
    """Narrower by `excess` in all, as evenly as goes, each by so much at `most`."""
    giving = sum(each > 0 for each in most)
    found = []
    for width, limit in zip(widths, most, strict=True):
        taken = min(limit, round(excess / giving)) if limit > 0 else 0
        giving -= limit > 0
        excess -= taken
        found.append(width - taken)
    return found
