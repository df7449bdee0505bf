"""A long sorted list, of which only what comes into sight is sorted.

May import `core.inblocks`, `core.model` and `core.numbering`. Pure. Invariants: every entry of a bucket comes
before every one of the next; how many there are is known of each; a bucket never changes.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable, Iterator, Sequence
from copy import copy
from itertools import accumulate, compress
from operator import itemgetter
from typing import Any, Protocol

from tui.core.inblocks import Mask
from tui.core.model import TestId, TestKey
from tui.core.numbering import Numbering

Entry = tuple[Any, str, TestKey]
"""What a test is sorted by: a rank, which is a number or a text; its label; itself."""
Low = tuple[Any, str]
"""The rank and the label from which on a bucket has its entries."""

OWN: Any = object()
"""In place of a rank: each test has its own, the time it took."""

Run = tuple[Any, Sequence[int]]
"""Numbered tests of one rank, or those that have each its own: a range, or an array of their numbers."""

_SORTED_KEPT = 64
"""So many buckets that came into sight stay sorted."""
_GROWN = 2048
_HALF = 512
"""A bucket with so many entries of its own is cut into several, of so many each."""


class Ranks(Protocol):
    """What a test is ranked by that has a rank of its own."""

    def of_time(self, seconds: float | None) -> float:
        """The rank of so much time."""


class Bucket:
    """Neighbours: some with their entries, and `runs` of numbered tests."""

    __slots__ = ("entries", "low", "number", "runs")

    def __init__(self, low: Low, entries: list[Entry], runs: list[Run], number: int | None = None) -> None:
        self.low = low
        self.entries = entries
        self.runs = runs
        numbered = sum(len(numbers) for _, numbers in runs) if number is None else number
        self.number = len(entries) + numbered

    def holds(self, number: int) -> bool:
        """Whether a numbered test is there."""
        return any(number in numbers for _, numbers in self.runs)


class Buckets:
    """Buckets in their order. Of their numbered tests those are there that the `mask` means."""

    def __init__(
        self,
        buckets: list[Bucket],
        ranks: Ranks | None = None,
        numbering: Numbering | None = None,
        mask: Mask = None,
    ) -> None:
        self._buckets = buckets
        self._ranks = ranks
        self._numbering = numbering
        self._mask = mask
        self._starts = [0, *accumulate(bucket.number for bucket in buckets)]
        self._lows = [bucket.low for bucket in buckets]
        self._sorted: dict[int, list[Entry]] = {}
        self._number = self._starts[-1]

    def __len__(self) -> int:
        return self._number

    def __getitem__(self, place: int) -> Entry:
        while place >= self._starts[-1]:
            self._count(len(self._starts))
        at = bisect_right(self._starts, place) - 1
        return self._entries(at)[place - self._starts[at]]

    def __iter__(self) -> Iterator[Entry]:
        self._count_all()
        for at in range(len(self._buckets)):
            yield from self._entries(at)

    def __reversed__(self) -> Iterator[Entry]:
        self._count_all()
        for at in reversed(range(len(self._buckets))):
            yield from reversed(self._entries(at))

    def place(self, entry: Entry, number: int | None = None) -> int | None:
        """Where an entry stands, of a test with this number, where it has one; None where it is not there."""
        at = self._bucket_of(entry, number)
        if at is None:
            return None
        self._count(at + 1)
        entries = self._entries(at)
        place = bisect_left(entries, entry)
        if place >= len(entries) or entries[place] != entry:
            # It is ranked in another way by now than where it stands.
            place = next((n for n, each in enumerate(entries) if each[-1] == entry[-1]), -1)
        return self._starts[at] + place if place >= 0 else None

    def changed(
        self, left: Iterable[Entry], lost: Iterable[tuple[Entry, int]], added: Iterable[Entry]
    ) -> "Buckets":
        """The same without those that `left`, and the numbered ones that are `lost`; and with others."""
        self._count_all()
        changes: dict[int, tuple[set[TestKey], set[int], list[Entry]]] = {}

        def at(place: int) -> tuple[set[TestKey], set[int], list[Entry]]:
            return changes.setdefault(place, (set(), set(), []))

        for entry in left:
            at(self._near(entry))[0].add(entry[-1])
        for entry, number in lost:
            place = self._bucket_of(entry, number)
            if place is not None:
                at(place)[1].add(number)
        for entry in added:
            at(self._near(entry))[2].append(entry)
        buckets: list[Bucket] = []
        for place, bucket in enumerate(self._buckets or [Bucket((), [], [])]):  # type: ignore[arg-type]
            buckets += self._with(bucket, *changes[place]) if place in changes else [bucket]
        return Buckets(buckets, self._ranks, self._numbering, self._mask)

    def only(self, mask: bytes, number: int) -> "Buckets":
        """The same with those tests only, so many, that `mask` means. All that are numbered have to be there.

        How many of each bucket they are is counted when it is asked for: what is first in sight is most often
        at the top.
        """
        assert self._mask is None
        some = copy(self)
        some._buckets = self._buckets.copy()  # noqa: SLF001  # one of our own
        some._mask, some._number, some._starts, some._sorted = mask, number, [0], {}  # noqa: SLF001
        return some

    def _count_all(self) -> None:
        self._count(len(self._buckets))

    def _count(self, stop: int) -> None:
        """See to it that the buckets before `stop` have those tests only that are meant."""
        if stop < len(self._starts) or self._mask is None:
            return
        assert self._numbering is not None
        mask, find, starts, buckets = self._mask, self._numbering.find, self._starts, self._buckets
        for at in range(len(starts) - 1, stop):
            bucket = buckets[at]
            entries = bucket.entries
            if entries:
                entries = [each for each in entries if (n := find(each[-1])) is not None and mask[n]]
            number = sum(meant(numbers, mask) for _, numbers in bucket.runs)
            buckets[at] = Bucket(bucket.low, entries, bucket.runs if number else [], number)
            starts.append(starts[-1] + buckets[at].number)

    def _with(
        self, bucket: Bucket, left: Container[TestKey], lost: set[int], added: list[Entry]
    ) -> list[Bucket]:
        entries = [entry for entry in bucket.entries if entry[-1] not in left] + added
        runs, number = bucket.runs, bucket.number - len(bucket.entries) - len(lost)
        if lost:
            # What is meant is counted already: the others are not there.
            runs = [(rank, array("I", (n for n in numbers if n not in lost))) for rank, numbers in runs]
        if len(entries) < _GROWN:
            return [Bucket(bucket.low, entries, runs if number else [], number)]
        return self._parted(bucket.low, sorted(entries), runs if number else [])

    def _parted(self, low: Low, entries: list[Entry], runs: list[Run]) -> list[Bucket]:
        """A bucket that has grown too large as several."""
        cut = _cut(low, entries)
        lows = [bucket.low for bucket in cut]
        parts: list[dict[Any, array[int]]] = [{} for _ in cut]
        for rank, numbers in runs:
            some = numbers if self._mask is None else list(compress(numbers, _of(numbers, self._mask)))
            found: list[Entry] = []
            self._add(found, rank, some)
            for entry, number in zip(found, some, strict=True):
                at = max(bisect_right(lows, entry[:2]) - 1, 0)
                parts[at].setdefault(rank, array("I")).append(number)
        return [
            Bucket(bucket.low, bucket.entries, list(part.items()))
            for bucket, part in zip(cut, parts, strict=True)
        ]

    def _near(self, entry: Entry) -> int:
        return max(bisect_right(self._lows, entry[:2]) - 1, 0)

    def _bucket_of(self, entry: Entry, number: int | None) -> int | None:
        if not self._buckets:
            return None
        at = self._near(entry)
        if number is None or self._buckets[at].holds(number):
            return at
        return next((n for n, bucket in enumerate(self._buckets) if bucket.holds(number)), None)

    def _entries(self, at: int) -> list[Entry]:
        entries = self._sorted.get(at)
        if entries is None:
            bucket = self._buckets[at]
            entries = bucket.entries.copy()
            for rank, numbers in bucket.runs:
                self._add(entries, rank, numbers)
            entries.sort()
            self._sorted[at] = entries
            if len(self._sorted) > _SORTED_KEPT:
                del self._sorted[next(iter(self._sorted))]
        return entries

    def _add(self, entries: list[Entry], rank: Any, numbers: Sequence[int]) -> None:  # noqa: ANN401
        """Add the entries of numbered tests."""
        numbering, ranks, mask = self._numbering, self._ranks, self._mask
        assert numbering is not None
        assert ranks is not None
        first, results, singles = numbering.first, numbering.results, numbering.singles
        start = stop = first
        names: list[str] = []
        times: Sequence[float] = ()
        some = numbers if mask is None else compress(numbers, _of(numbers, mask))
        for number in some:
            if number < first:
                result = results[number]
                own = rank if rank is not OWN else ranks.of_time(result.duration)
                entries.append((own, result.label, singles[number]))
                continue
            if not start <= number < stop:
                block, row = numbering.place(number)
                start = number - row
                stop = start + len(block)
                names, times = block.name_list(), block.seconds
                source, suite, stands = block.source, block.suite, block.place
            name = names[number - start]
            own = rank if rank is not OWN else ranks.of_time(times[number - start])
            entries.append((own, stands + name, TestKey(source, TestId(suite, name))))


def meant(numbers: Sequence[int], mask: bytes) -> int:
    """How many of these tests a mask means."""
    if isinstance(numbers, range):
        return mask.count(1, numbers.start, numbers.stop)
    return sum(_of(numbers, mask))


def _of(numbers: Sequence[int], mask: bytes) -> Sequence[int]:
    """The bytes of these tests."""
    if isinstance(numbers, range):
        return mask[numbers.start : numbers.stop]
    if len(numbers) < 2:
        return [mask[number] for number in numbers]
    found: tuple[int, ...] = itemgetter(*numbers)(mask)  # a third of the time of a loop
    return found


def cut(entries: list[Entry], ranks: Ranks | None = None, numbering: Numbering | None = None) -> Buckets:
    """Entries that are sorted, as buckets."""
    return Buckets(_cut(entries[0][:2], entries) if entries else [], ranks, numbering)


def _cut(low: Low, entries: list[Entry]) -> list[Bucket]:
    some = [entries[start : start + _HALF] for start in range(0, len(entries), _HALF)]
    lows = [low, *(each[0][:2] for each in some[1:])]
    return [Bucket(low, each, []) for low, each in zip(lows, some, strict=True)]
