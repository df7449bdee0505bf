"""How long the tests took: a strip of bars below their list.

May import `core.durations`, `text` and `view`. Invariant: the numbers beside the bars add up to the tests
with a duration; how many have none is said.
"""

from tui.core.durations import Durations
from tui.text import counted
from tui.view.ink import Line, Piece

_TITLE = 13
BINS = 8
"""How many bins are shown at most."""


def bars(durations: Durations, width: int) -> list[Line]:
    """A row for each bin: its ends, its bar, its number."""
    bins = durations.bins(BINS)
    most = max((each.number for each in bins), default=0)
    digits = len(f"{most:,}")
    room = max(width - _TITLE - digits - 2, 1)
    lines: list[Line] = []
    for each in bins:
        halves = -(-each.number * room * 2 // most) if most else 0
        bar = "━" * (halves // 2) + "╸" * (halves % 2)
        lines.append(
            [
                Piece(f"{each.title:>{_TITLE - 1}} ", "muted"),
                Piece(f"{bar:<{room}}", "running"),
                Piece(f" {each.number:>{digits},}", "strong" if each.number else "faint"),
            ]
        )
    return lines


def told(durations: Durations) -> str:
    """How many tests the bars count, and how many they do not."""
    said = f"{counted(durations.number, 'test')} with a duration"
    return said + (f", {durations.without:,} without" if durations.without else "")
