"""All attempts of a test in one picture: a table, and where there is room what two of them say.

May import `core`, `report.words` and, of the view, `document`, `ink` and `traceback_lines`. Pure.
"""

from collections.abc import Sequence
from itertools import zip_longest

from tui.core.model import Attempt
from tui.core.tracebacks.reading import read
from tui.report import words
from tui.view.detail.document import Drawn, Prepared
from tui.view.detail.traceback_lines import Unfolded, traceback
from tui.view.ink import Line, Piece, fitted

_WIDE = 96
_BETWEEN = [Piece(" │ ", "faint")]
_COLUMNS = (("", 2, "right"), ("Outcome", 10, "left"), ("Time", 9, "right"), ("Where", 12, "left"))


def attempts_side_by_side(attempts: Sequence[Attempt], width: int) -> Prepared:
    """A row for each attempt; below it the last that failed beside the one before or after it."""
    has_workers = any(attempt.worker for attempt in attempts)
    columns = _COLUMNS if has_workers else _COLUMNS[:-1]
    titles: list[Line] = [[Piece(title, "muted")] for title, _, _ in columns]
    lines = [Drawn(_row([*titles, [Piece("What it said", "muted")]], columns, width))]
    for number, attempt in enumerate(attempts, 1):
        ink = words.OUTCOME_STYLES[attempt.outcome]
        said = attempt.failures[0].headline if attempt.failures else attempt.reason
        cells: list[Line] = [
            [Piece(str(number), "strong", bold=True)],
            [Piece(f"{words.OUTCOME_SIGNS[attempt.outcome]} {attempt.outcome}", ink, bold=True)],
            [Piece(words.seconds(attempt.duration), "muted")],
            *([[Piece(attempt.worker, "muted")]] if has_workers else []),
            [Piece(said, ink if attempt.outcome.is_bad else "muted")],
        ]
        lines.append(Drawn(_row(cells, columns, width)))
    lines.append(Drawn(()))
    told = [(number, attempt) for number, attempt in enumerate(attempts, 1) if attempt.failures]
    shown = told[-2:] if width >= _WIDE else told[-1:]
    if len(shown) == 1:
        lines += _told(*shown[0], width)
    elif shown:
        half = (width - len(_BETWEEN[0].text)) // 2
        left, right = (_told(number, attempt, half) for number, attempt in shown)
        for one, other in zip_longest(left, right, fillvalue=Drawn(())):
            pair = [*fitted(one.line, half), *_BETWEEN, *fitted(other.line, half)]
            lines.append(Drawn(pair))
    return Prepared(lines)


def _row(cells: Sequence[Line], columns: Sequence[tuple[str, int, str]], width: int) -> list[Piece]:
    line: list[Piece] = []
    for cell, (_, wide, align) in zip(cells, columns, strict=False):
        line += [*fitted(cell, wide, align=align), Piece("  ")]
    used = sum(wide + 2 for _, wide, _ in columns)
    return [*line, *fitted(cells[-1], max(width - used, 1))]


def _told(number: int, attempt: Attempt, width: int) -> list[Drawn]:
    """What an attempt says, below its number; its folds stay closed."""
    text = "\n\n".join(failure.text or failure.headline for failure in attempt.failures)
    document = traceback(read(text), width, Unfolded())
    head = Drawn([Piece(f"Attempt {number}", "strong", bold=True)])
    return [head, *(document[line]._replace(stop="") for line in range(len(document)))]
