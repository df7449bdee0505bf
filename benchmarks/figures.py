"""What was measured: a row of the table, and how a figure is held against its aim. Pure.

Invariants: a row that was not measured says why and is never "reached"; a ratio is of two figures of the
same run.
"""

import statistics
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

Unit = Literal["s", "ms", "%", "MB", "bytes", "a second", "x", ""]


class Aim(Struct, frozen=True):
    """How far it is to go: the `figure` or the `ratio`, at most or at least so much."""

    limit: float
    of: Literal["figure", "ratio"] = "ratio"
    least: bool = False

    def reached(self, figure: float | None, ratio: float | None) -> bool | None:
        """Whether it is; None where nothing was measured."""
        value = figure if self.of == "figure" else ratio
        if value is None:
            return None
        return value >= self.limit if self.least else value <= self.limit

    def words(self, unit: Unit) -> str:
        """As the table says it."""
        sign = "≥" if self.least else "≤"
        return f"{sign} {self.limit:g}x" if self.of == "ratio" else f"{sign} {shown(self.limit, unit)}"


class Row(Struct, frozen=True):
    """One line of the table.

    `theme`: the part that it belongs to; `reference`: what was measured beside it; `note`: how many samples,
    and what the reader has to know; `failed`: why there is no figure; `series` and `at`: the line of the plot
    that the figure belongs to, and for how many tests.
    """

    theme: str
    what: str
    figure: float | None = None
    unit: Unit = "s"
    reference: str = ""
    against: float | None = None
    ratio: float | None = None
    aim: Aim | None = None
    note: str = ""
    failed: str = ""
    samples: tuple[float, ...] = ()
    series: str = ""
    at: int = 0

    @property
    def reached(self) -> bool | None:
        """Whether the aim is reached; None where there is none, or no figure."""
        return self.aim.reached(self.figure, self.ratio) if self.aim else None


class Sample(Struct, frozen=True):
    """Something and its reference, measured in turns."""

    ours: tuple[float, ...]
    theirs: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """The median of the ratios of each turn."""
        return statistics.median(one / other for one, other in zip(self.ours, self.theirs, strict=True))


def quantile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed; the largest of few."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def shown(value: float | None, unit: Unit) -> str:
    """A figure with its unit."""
    if value is None:
        return ""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    number = f"{value:,.{digits}f}"
    if unit == "s" and abs(value) < 1:
        number = f"{value:.3f}"
    return f"{number} {unit}".strip() if unit != "x" else f"{number}x"


def spread(values: Sequence[float], unit: Unit) -> str:
    """How many there are and how far they lie apart."""
    return f"n={len(values)}, min {shown(min(values), unit)}, max {shown(max(values), unit)}"
