"""Numbered tests -> buckets, in steps: the first half of a sort.

May import `core.blocks`, `core.buckets`, `core.model` and `core.numbering`. Pure. First the tests are put on
shelves by their labels, block by block: blocks of which no test stands between those of others need not be
opened. Then each shelf in turn is put into the buckets of its ranks, so that these too come to be in the
order of labels.
"""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise, repeat
from math import inf, nextafter
from typing import Any, Protocol

from tui.core.blocks import Block
from tui.core.buckets import OWN, Bucket, Buckets, Entry, Low, Ranks, Run
from tui.core.model import TestKey, TestResult
from tui.core.numbering import Numbering

_FEW = 1024
"""A bucket is full with so many tests: all of it is sorted when some of it comes into sight."""
_MANY = 4096
"""A shelf with more tests is cut."""
_STEP = 2000
_SAMPLES = 4
"""So many of a sample come before each place where it is cut."""
_LOOKED_AT = 32
"""After so many shelves all slots are looked at, where each shelf fills most of them."""


class Ranking(Ranks, Protocol):
    """What tests are sorted by. `is_own`: each by the time it took.

    `rank_of_all`: that of all tests in blocks, where it is the same.
    """

    is_own: bool
    rank_of_all: Any

    def rank(self, key: TestKey, result: TestResult) -> Any:  # noqa: ANN401  # a number or a text
        """The rank of a single test."""

    def ranks(self, block: Block) -> Any:  # noqa: ANN401
        """The rank of the tests of a block; a list where each has its own."""

    def of_times(self, seconds: Sequence[float]) -> Sequence[float]:
        """The ranks of so much time each."""

    def is_fixed(self, result: TestResult) -> bool:
        """Whether its rank stays as it is."""


class _Shelf:
    """The tests with labels from `low` on: `single` ones, the blocks of `some`, and `rows` of blocks."""

    __slots__ = ("low", "number", "rows", "single", "some")

    def __init__(self, low: str, at: int = 0) -> None:
        self.low = low
        self.number = 0
        self.single: array[int] = array("I")
        self.some = range(at, at)
        self.rows: array[int] = array("I")


class _Slot:
    """The buckets of a rank, or of several neighbouring ranks, `is_mixed`: then it has but one bucket."""

    __slots__ = ("buckets", "entries", "is_mixed", "label", "low", "number", "rank", "rows", "runs")

    def __init__(self, low: Any, rank: Any, *, is_mixed: bool) -> None:  # noqa: ANN401  # a number or a text
        self.low = low
        self.rank = rank
        self.is_mixed = is_mixed
        self.buckets: list[Bucket] = []
        self._begin("")

    def _begin(self, label: str) -> None:
        self.label = label
        self.number = 0
        self.entries: list[Entry] = []
        self.runs: list[Run] = []
        self.rows: array[int] = array("I")

    def add(self, numbers: range) -> None:
        """Take in tests whose numbers are in a row."""
        self.number += len(numbers)
        if self.runs and self.runs[-1][1].stop == numbers.start:  # type: ignore[attr-defined]
            numbers = range(self.runs.pop()[1][0], numbers.stop)
        self.runs.append((self.rank, numbers))

    def close(self, label: str, least: int) -> None:
        """The bucket is full if it holds so much: all that follows has labels from `label` on."""
        if not self.is_mixed and self.number + len(self.rows) + len(self.entries) >= least:
            self.buckets.append(self._bucket())
            self._begin(label)

    def ended(self) -> list[Bucket]:
        """All its buckets."""
        if self.entries or self.runs or self.rows:
            self.buckets.append(self._bucket())
        return self.buckets

    def _bucket(self) -> Bucket:
        low: Low = (self.low, self.label)
        return Bucket(low, self.entries, self.runs + ([(self.rank, self.rows)] if self.rows else []))


class Shelves:
    """Numbered tests by their labels. They can be filled into buckets again and again, in any order."""

    def __init__(self, numbering: Numbering) -> None:
        self.numbering = numbering
        self.shelves: list[_Shelf] = []

    def filling(self) -> Iterator[None]:
        """Put the tests there, in steps."""
        numbering = self.numbering
        shelves = [_Shelf("")]
        root = None
        for at, block in enumerate(numbering.blocks):
            place = block.place
            # What begins with the root stands among tests of the root itself.
            if root is None or not place.startswith(root):
                root = place
                if shelves[-1].number >= _FEW // 2:
                    shelves.append(_Shelf(place, at))
            shelf = shelves[-1]
            shelf.some = range(shelf.some.start, at + 1)
            shelf.number = numbering.starts[at + 1] - numbering.starts[shelf.some.start]
            if not at % _STEP:
                yield
        lows = [shelf.low for shelf in shelves]
        for start in range(0, numbering.first, _STEP):
            for number, result in enumerate(numbering.results[start : start + _STEP], start):
                shelf = shelves[bisect_right(lows, result.label) - 1]
                shelf.single.append(number)
                shelf.number += 1
            yield
        cut: list[_Shelf] = []
        for shelf in shelves:
            if shelf.number <= _MANY:
                cut.append(shelf)
                continue
            pieces: list[_Shelf] = []
            for done in _cut(shelf, numbering):
                pieces = done
                yield
            cut += pieces
        self.shelves = cut


class Filling:
    """Fills buckets by ranks. `known`: the entries of those that may be ranked in another way later."""

    def __init__(self, ranking: Ranking, shelves: Shelves) -> None:
        self.buckets = Buckets([])
        self.known: dict[TestKey, Entry] = {}
        self._ranking = ranking
        self._shelves = shelves.shelves
        self._numbering = shelves.numbering
        self._slots: dict[Any, _Slot] = {}
        self._splits: list[float] = []
        self._adding: list[Callable[[int], None]] = []
        self._touched: dict[_Slot, None] = {}

    def run(self) -> Iterator[None]:
        """Fill, in steps."""
        own = self._ranking.is_own
        yield
        if own:
            self._split()
            for place in range(len(self._splits) + 1):
                self._slots[place] = self._slot_at(place)
            self._adding = [slot.rows.append for slot in self._slots.values()]
            yield
        filled = 0
        for number, shelf in enumerate(self._shelves, 1):
            if own:
                self._fill_each(shelf)
            else:
                self._fill(shelf)
            if (not own or not number % _LOOKED_AT) and number < len(self._shelves):
                for slot in self._slots.values() if own else self._touched:
                    slot.close(self._shelves[number].low, _FEW)
                self._touched.clear()
                self._adding = [slot.rows.append for slot in self._slots.values()] if own else []
            filled += shelf.number
            if filled >= _STEP:
                filled = 0
                yield
        yield from self._join()

    def _join(self) -> Iterator[None]:
        """Make one list of all buckets, small neighbours joined."""
        buckets: list[Bucket] = []
        small: list[Bucket] = []
        number = 0
        for place, rank in enumerate(sorted(self._slots)):
            for bucket in self._slots[rank].ended():
                if small and number + bucket.number > _FEW:
                    buckets.append(_joined(small))
                    small, number = [], 0
                small.append(bucket)
                number += bucket.number
            if not place % (_STEP // 10):
                yield
        if small:
            buckets.append(_joined(small))
        self.buckets = Buckets(buckets, self._ranking, self._numbering)

    # --- slots --------------------------------------------------------------------------------------

    def _fill(self, shelf: _Shelf) -> None:
        """Put a shelf into its slots, by what the tests of a block have in common."""
        ranking, numbering = self._ranking, self._numbering
        self._fill_single(shelf)
        if ranking.rank_of_all is not None:
            slot = self._slot(ranking.rank_of_all)
            if shelf.some:
                slot.add(range(numbering.starts[shelf.some.start], numbering.starts[shelf.some.stop]))
            slot.rows.extend(shelf.rows)
            return
        for at in shelf.some:
            rank, start = ranking.ranks(numbering.blocks[at]), numbering.starts[at]
            if isinstance(rank, list):
                for number, each in enumerate(rank, start):
                    self._slot(each).rows.append(number)
            else:
                self._slot(rank).add(range(start, numbering.starts[at + 1]))
        stop, first, rank = 0, 0, None
        for number in shelf.rows:
            if not first <= number < stop:
                block, row = numbering.place(number)
                rank, first = ranking.ranks(block), number - row
                stop = first + len(block)
            each = rank[number - first] if isinstance(rank, list) else rank
            self._slot(each).rows.append(number)

    def _fill_each(self, shelf: _Shelf) -> None:
        """Put a shelf into its slots, by what each test has of its own."""
        numbering, splits, adding, of_time = (
            self._numbering,
            self._splits,
            self._adding,
            self._ranking.of_time,
        )
        own = [of_time(numbering.results[number].duration) for number in shelf.single]
        for place, number in zip(map(bisect_right, repeat(splits), own), shelf.single, strict=True):
            adding[place](number)
        numbers: Sequence[int] = ()
        times = array("d")
        if shelf.some:
            numbers = range(numbering.starts[shelf.some.start], numbering.starts[shelf.some.stop])
            some = numbering.blocks[shelf.some.start : shelf.some.stop]
            times.frombytes(b"".join([block.durations for block in some]))
        elif shelf.rows:
            numbers = shelf.rows
            times.extend(_times(numbering, numbers))
        ranks = self._ranking.of_times(times)
        # Each test of a million comes by here: no more than this is done for it.
        for place, number in zip(map(bisect_right, repeat(splits), ranks), numbers, strict=True):
            adding[place](number)

    def _fill_single(self, shelf: _Shelf) -> None:
        ranking = self._ranking
        singles, results = self._numbering.singles, self._numbering.results
        for number in shelf.single:
            key, result = singles[number], results[number]
            rank = ranking.rank(key, result)
            slot = self._slot(rank)
            if ranking.is_fixed(result):
                slot.rows.append(number)
            else:
                self.known[key] = entry = (rank, result.label, key)
                slot.entries.append(entry)

    def _slot(self, rank: Any) -> _Slot:  # noqa: ANN401  # a number or a text
        slot = self._slots.get(rank)
        if slot is None:
            slot = self._slots[rank] = _Slot(rank, rank, is_mixed=False)
        self._touched[slot] = None
        return slot

    def _slot_at(self, place: int) -> _Slot:
        splits = self._splits
        low = splits[place - 1] if place else -inf
        high = splits[place] if place < len(splits) else None
        return _Slot(low, OWN, is_mixed=low != inf and high != nextafter(low, inf))

    def _split(self) -> None:
        """Find ranks between which there are about as many tests, by a sample of them."""
        numbering, ranking = self._numbering, self._ranking
        if len(numbering) <= _MANY:
            return
        wanted = len(numbering) // _FEW * _SAMPLES
        step = max(len(numbering) // wanted, 1)
        sample = [ranking.of_time(result.duration) for result in numbering.results[::step]]
        numbers = range(numbering.first, len(numbering), step)
        sample += ranking.of_times(list(_times(numbering, numbers)))
        sample.sort()
        picked = sample[_SAMPLES::_SAMPLES]
        splits = set(picked)
        # A rank of very many tests has a bucket for itself, or rather several, by their labels.
        splits |= {nextafter(one, inf) for one, other in pairwise(picked) if one == other}
        self._splits = sorted(splits)


def _joined(buckets: list[Bucket]) -> Bucket:
    if len(buckets) == 1:
        return buckets[0]
    entries = [entry for bucket in buckets for entry in bucket.entries]
    return Bucket(buckets[0].low, entries, [run for bucket in buckets for run in bucket.runs])


def _times(numbering: Numbering, numbers: Sequence[int]) -> Iterator[float]:
    """How long tests in blocks took."""
    first = stop = 0
    seconds: Sequence[float] = ()
    for number in numbers:
        if not first <= number < stop:
            block, row = numbering.place(number)
            first, seconds = number - row, block.seconds
            stop = first + len(seconds)
        yield seconds[number - first]


def _cut(shelf: _Shelf, numbering: Numbering) -> Iterator[list[_Shelf]]:
    """A shelf with very many tests as several, by a sample of their labels; blocks are opened for it."""
    step = max(_FEW // _SAMPLES, 1)
    sample = [numbering.results[number].label for number in shelf.single[::step]]
    skipped = 0
    for at in shelf.some:
        block = numbering.blocks[at]
        skipped += len(block)
        if skipped >= step:
            skipped = 0
            every = block.name_list()
            sample += [block.place + name for name in every[at % step :: step] or every[:1]]
        if not at % _STEP:
            yield []
    sample.sort()
    lows = [shelf.low, *sorted({label for label in sample[_SAMPLES::_SAMPLES] if label > shelf.low})]
    cut = [_Shelf(low) for low in lows]
    for start in range(0, len(shelf.single), _STEP):
        for number in shelf.single[start : start + _STEP]:
            piece = cut[bisect_right(lows, numbering.results[number].label) - 1]
            piece.single.append(number)
        yield cut
    opened = 0
    for at in shelf.some:
        block = numbering.blocks[at]
        place = block.place
        for number, name in enumerate(block.name_list(), numbering.starts[at]):
            cut[bisect_right(lows, place + name) - 1].rows.append(number)
        opened += len(block)
        if opened >= _STEP:
            opened = 0
            yield cut
    for piece in cut:
        piece.number = len(piece.single) + len(piece.rows)
    yield cut
