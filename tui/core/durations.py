"""How long tests took, as a histogram with bins that grow: a millisecond and an hour fit into a few rows.

Imports nothing of runwatch. Pure. Invariant: the bins add up to the number of durations, whatever is merged
to fit; tests without a duration are counted apart.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import repeat
from math import inf
from typing import NamedTuple

EDGES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0)
"""Where a bin ends and the next begins, in seconds; the last has no end."""

_DECADE = 2
_WITHOUT = len(EDGES) + 2
_ZERO, _ONE = b"01"
_DIGITS = bytes([_ZERO, _ONE]).ljust(256, b"\0")
_EDGES_AND_ONE = (-inf, *EDGES)
"""So that what is less than the first edge is in bin 1."""


class Bin(NamedTuple):
    """How many durations are at least `low` and less than `high` seconds; None: there is no such end."""

    low: float | None
    high: float | None
    number: int

    @property
    def title(self) -> str:
        """Its ends as people write them: "10–30 ms"."""
        if self.low is None:
            return "any" if self.high is None else f"< {_shown(self.high)}"
        if self.high is None:
            return f"≥ {_shown(self.low)}"
        low, high = _shown(self.low), _shown(self.high)
        return f"{low.split()[0]}–{high}" if low.split()[1] == high.split()[1] else f"{low}–{high}"


class Durations:
    """Counts durations; one more costs the same however many there are."""

    def __init__(self) -> None:
        self._numbers = [0] * (len(EDGES) + 1)
        self.without = 0

    @property
    def number(self) -> int:
        """How many durations there are."""
        return sum(self._numbers)

    def count(self, duration: float | None, sign: int = 1) -> None:
        """Take in one test's duration, or take it out again."""
        if duration is None:
            self.without += sign
        else:
            self._numbers[bisect_right(EDGES, duration)] += sign

    def count_binned(self, binned: "Binned", mask: bytes | None) -> None:
        """Take in those of many tests that a mask means, of which the bins are known."""
        for code, number in binned.numbers(mask):
            if code == _WITHOUT:
                self.without += number
            else:
                self._numbers[code - 1] += number

    def bins(self, most: int) -> list[Bin]:
        """The bins from the first that is not empty to the last, merged until there are at most `most`."""
        filled = [place for place, number in enumerate(self._numbers) if number]
        if not filled:
            return []
        first, last = filled[0], filled[-1]
        # A decade ends with every second edge, counted from the first one.
        groups = [[place] for place in range(first, last + 1)]
        if len(groups) > most:
            decades: dict[int, list[int]] = {}
            for place in range(first, last + 1):
                decades.setdefault((place + 1) // _DECADE, []).append(place)
            groups = list(decades.values())
        while len(groups) > max(most, 1):
            groups[:2] = [groups[0] + groups[1]]
        return [self._bin(group[0], group[-1]) for group in groups]

    def _bin(self, first: int, last: int) -> Bin:
        low = EDGES[first - 1] if first else None
        high = EDGES[last] if last < len(EDGES) else None
        return Bin(low, high, sum(self._numbers[first : last + 1]))


def bins_of(durations: Iterable[float | None]) -> bytes:
    """A byte for the bin of each duration; none is 0."""
    return bytes(
        [_WITHOUT if duration is None else bisect_right(EDGES, duration) + 1 for duration in durations]
    )


def bins_of_all(durations: Iterable[float]) -> bytes:
    """The same, where each is there: a million in a twentieth of a second."""
    return bytes(map(bisect_right, repeat(_EDGES_AND_ONE), durations))


class Binned:
    """Of many tests, by bins, which are there: a bit for each, for some are counted at each letter typed.

    `bins` has a byte for each test: see `bins_of`.
    """

    def __init__(self) -> None:
        self._bits: dict[int, int] = {}

    def fill(self, bins: bytes) -> Iterator[None]:
        """Take in, in steps, all tests there are."""
        for code in range(1, _WITHOUT + 1):
            if code in bins:
                self._bits[code] = _bits(bins.translate(_equal(code)))
                yield

    def numbers(self, mask: bytes | None) -> Iterator[tuple[int, int]]:
        """How many tests of each bin a mask means."""
        some = -1 if mask is None else _bits(mask.translate(_DIGITS))
        for code, bits in self._bits.items():
            yield code, (bits & some).bit_count()


def _bits(digits: bytes) -> int:
    return int(digits or b"0", 2)


def _equal(code: int) -> bytes:
    return bytes(_ONE if each == code else _ZERO for each in range(256))


def _shown(seconds: float) -> str:
    return f"{seconds * 1000:g} ms" if seconds < 1 else f"{seconds:g} s"
