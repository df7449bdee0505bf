"""Tests, single ones and those in blocks -> buckets, in steps: the first half of a sort.

May import `core.blocks`, `core.buckets`, `core.inblocks` and `core.model`. Pure. First the tests are put on
shelves by their labels, block by block: blocks of which no test stands between those of others need not be
opened. Then each shelf in turn is put into the buckets of its ranks, so that these too come to be in the
order of labels.
"""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import compress, islice, pairwise, repeat
from math import inf, nextafter
from typing import Any

from tui.core.blocks import Block
from tui.core.buckets import ROW_BITS, Bucket, Buckets, Entry, Part, Ranks
from tui.core.inblocks import Mask, size
from tui.core.model import TestKey, TestResult

_FEW = 512
_MANY = 4096
_STEP = 2000
_SORTED_AT_ONCE = 4096
_SAMPLES = 4
_LOOKED_AT = 32
"""After so many shelves all slots are looked at, where each shelf fills most of them."""

Pair = tuple[TestKey, TestResult]


class _Shelf:
    """The tests with labels from `low` on: single ones, numbered blocks, and rows of blocks."""

    __slots__ = ("low", "number", "parts", "rows", "singles")

    def __init__(self, low: str) -> None:
        self.low = low
        self.number = 0
        self.singles: list[Pair] = []
        self.parts: list[tuple[int, Block, Mask]] = []
        self.rows: array[int] = array("Q")


class _Slot:
    """The buckets of a rank, or of several neighbouring ranks: then it `is_mixed`, and has one bucket."""

    __slots__ = ("buckets", "in_parts", "is_mixed", "label", "low", "parts", "rows", "singles")

    def __init__(self, low: Any, *, is_mixed: bool) -> None:  # noqa: ANN401  # a number or a text
        self.low = low
        self.is_mixed = is_mixed
        self.buckets: list[Bucket] = []
        self._begin("")

    def _begin(self, label: str) -> None:
        self.label = label
        self.singles: list[Entry] = []
        self.parts: list[Part] = []
        self.rows: array[int] = array("Q")
        self.in_parts = 0

    def close(self, label: str, least: int) -> None:
        """The bucket is full if it holds so much: all that follows has labels from `label` on."""
        if not self.is_mixed and len(self.rows) + len(self.singles) + self.in_parts >= least:
            self.buckets.append(Bucket((self.low, self.label), self.singles, self.parts, self.rows))
            self._begin(label)

    def ended(self) -> list[Bucket]:
        """All its buckets."""
        if self.singles or self.parts or self.rows:
            self.buckets.append(Bucket((self.low, self.label), self.singles, self.parts, self.rows))
        return self.buckets


class Shelves:
    """Tests by their labels. They can be filled into buckets again and again, in one order and another."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.shelves: list[_Shelf] = []
        self.number = 0

    def filling(self, tests: Sequence[Pair], rows: Mapping[Block, Mask]) -> Iterator[None]:
        """Put these tests there, in steps."""
        parts: list[Part] = list(rows.items())
        yield
        for start in range(0, len(parts), _SORTED_AT_ONCE):
            some = parts[start : start + _SORTED_AT_ONCE]
            some.sort(key=_place)
            parts[start : start + _SORTED_AT_ONCE] = some
            yield
        parts.sort(key=_place)  # of runs that are sorted: quick
        yield
        shelves = [_Shelf("")]
        root = None
        for number, (block, mask) in enumerate(parts):
            place = block.place
            # What begins with the root stands among tests of the root itself.
            if root is None or not place.startswith(root):
                root = place
                if shelves[-1].number >= _FEW // 2:
                    shelves.append(_Shelf(place))
            shelf = shelves[-1]
            shelf.parts.append((number, block, mask))
            shelf.number += size(block, mask)
            if not number % _STEP:
                yield
        lows = [shelf.low for shelf in shelves]
        for start in range(0, len(tests), _STEP):
            for pair in tests[start : start + _STEP]:
                shelf = shelves[bisect_right(lows, pair[1].label) - 1]
                shelf.singles.append(pair)
                shelf.number += 1
            yield
        cut: list[_Shelf] = []
        for shelf in shelves:
            if shelf.number <= _MANY:
                cut.append(shelf)
                continue
            pieces: list[_Shelf] = []
            for done in _cut(shelf):
                pieces = done
                yield
            cut += pieces
        self.blocks, self.shelves = [block for block, _ in parts], cut
        self.number = sum(shelf.number for shelf in cut)


class Filling:
    """Fills buckets by ranks. `each_its_own`: most tests of a block have a rank, a number, of their own."""

    def __init__(
        self, entry: Callable[[TestKey, TestResult], Entry], ranks: Ranks, *, each_its_own: bool
    ) -> None:
        self.buckets = Buckets([])
        self.known: dict[TestKey, Entry] = {}
        self._entry = entry
        self._ranks = ranks
        self._each_its_own = each_its_own
        self._blocks: Sequence[Block] = ()
        self._slots: dict[Any, _Slot] = {}
        self._splits: list[float] = []
        self._adding: list[Callable[[int], None]] = []

    def run(self, shelves: Shelves) -> Iterator[None]:
        """Fill, in steps."""
        self._blocks = shelves.blocks
        yield
        if self._each_its_own:
            self._split(shelves)
            for place in range(len(self._splits) + 1):
                self._slots[place] = self._slot_at(place)
            self._adding = [slot.rows.append for slot in self._slots.values()]
            yield
        filled = 0
        for number, shelf in enumerate(shelves.shelves, 1):
            touched = self._fill(shelf)
            is_due = not self._each_its_own or not number % _LOOKED_AT
            if is_due and number < len(shelves.shelves):
                for slot in self._slots.values() if self._each_its_own else touched:
                    slot.close(shelves.shelves[number].low, _FEW)
                self._adding = (
                    [slot.rows.append for slot in self._slots.values()] if self._each_its_own else []
                )
            filled += shelf.number
            if filled >= _STEP:
                filled = 0
                yield
        buckets: list[Bucket] = []
        for number, rank in enumerate(sorted(self._slots)):
            for bucket in self._slots[rank].ended():
                if buckets and buckets[-1].number + bucket.number <= _FEW:
                    last = buckets[-1]
                    buckets[-1] = Bucket(
                        last.low,
                        last.singles + bucket.singles,
                        last.parts + bucket.parts,
                        last.rows + bucket.rows,
                    )
                else:
                    buckets.append(bucket)
            if not number % (_STEP // 10):
                yield
        self.buckets = Buckets(buckets, self._ranks, self._blocks)

    # --- slots --------------------------------------------------------------------------------------

    def _fill(self, shelf: _Shelf) -> Collection[_Slot]:
        """Put a shelf into its slots, which are given back."""
        touched: dict[_Slot, None] = {}
        splits, adding, ranks = self._splits, self._adding, self._ranks
        known, entry_of = self.known, self._entry
        for key, result in shelf.singles:
            known[key] = entry = entry_of(key, result)
            slot = self._slot(entry[0])
            slot.singles.append(entry)
            touched[slot] = None
        for number, block, mask in shelf.parts:
            rank = ranks(block)
            if not isinstance(rank, list):
                slot = self._slot(rank)
                slot.parts.append((block, mask))
                slot.in_parts += size(block, mask)
                touched[slot] = None
                continue
            base = number << ROW_BITS
            references: Iterable[int] = range(base, base + len(rank))
            if mask is not None:
                rank, references = list(compress(rank, mask)), compress(references, mask)
            if self._each_its_own:
                # Each test of a million comes by here: no more than this is done for it.
                for place, reference in zip(map(bisect_right, repeat(splits), rank), references, strict=True):
                    adding[place](reference)
                continue
            for own, reference in zip(rank, references, strict=True):
                slot = self._slot(own)
                slot.rows.append(reference)
                touched[slot] = None
        self._fill_rows(shelf.rows, touched)
        return touched

    def _fill_rows(self, rows: Sequence[int], touched: dict[_Slot, None]) -> None:
        last, rank = -1, None
        for reference in rows:
            number = reference >> ROW_BITS
            if number != last:
                last, rank = number, self._ranks(self._blocks[number])
            own = rank[reference & ((1 << ROW_BITS) - 1)] if isinstance(rank, list) else rank
            slot = self._slot(own)
            slot.rows.append(reference)
            touched[slot] = None

    def _slot(self, rank: Any) -> _Slot:  # noqa: ANN401  # a number or a text
        if self._each_its_own:
            return self._slots[bisect_right(self._splits, rank)]
        slot = self._slots.get(rank)
        if slot is None:
            slot = self._slots[rank] = _Slot(rank, is_mixed=False)
        return slot

    def _slot_at(self, place: int) -> _Slot:
        splits = self._splits
        low = splits[place - 1] if place else -inf
        high = splits[place] if place < len(splits) else None
        return _Slot(low, is_mixed=low != inf and high != nextafter(low, inf))

    def _split(self, shelves: Shelves) -> None:
        """Find ranks between which there are about as many tests, by a sample of them."""
        if shelves.number <= _MANY:
            return
        wanted = shelves.number // _FEW * _SAMPLES
        singles = sum(len(shelf.singles) for shelf in shelves.shelves)
        step = max(shelves.number // wanted, 1)
        some = islice((pair for shelf in shelves.shelves for pair in shelf.singles), 0, None, step)
        sample = [self._entry(*pair)[0] for pair in some]
        share = (shelves.number - singles) * wanted // shelves.number
        every = max(len(shelves.blocks) // max(share, 1), 1)
        each = max(share // max(len(shelves.blocks), 1), 1)
        for block in shelves.blocks[::every]:
            own = self._ranks(block)
            sample += own[:: max(len(own) // each, 1)]
        sample.sort()
        picked = sample[_SAMPLES::_SAMPLES]
        splits = set(picked)
        # A rank of very many tests has a bucket for itself, or rather several, by their labels.
        splits |= {nextafter(one, inf) for one, other in pairwise(picked) if one == other}
        self._splits = sorted(splits)


def _place(part: Part) -> str:
    return part[0].place


def _cut(shelf: _Shelf) -> Iterator[list[_Shelf]]:
    """A shelf with very many tests as several, by a sample of their labels; blocks are opened for it."""
    step = max(_FEW // _SAMPLES, 1)
    sample = [result.label for _, result in shelf.singles[::step]]
    skipped = 0
    for number, block, mask in shelf.parts:
        skipped += size(block, mask)
        if skipped >= step:
            skipped = 0
            every = block.name_list()
            sample += [block.place + name for name in every[number % step :: step] or every[:1]]
        if not number % _STEP:
            yield []
    sample.sort()
    lows = [shelf.low, *sorted({label for label in sample[_SAMPLES::_SAMPLES] if label > shelf.low})]
    cut = [_Shelf(low) for low in lows]
    for pair in shelf.singles:
        piece = cut[bisect_right(lows, pair[1].label) - 1]
        piece.singles.append(pair)
        piece.number += 1
    yield cut
    opened = 0
    for number, block, mask in shelf.parts:
        place, base = block.place, number << ROW_BITS
        for row, name in enumerate(block.name_list()):
            if mask is None or mask[row]:
                piece = cut[bisect_right(lows, place + name) - 1]
                piece.rows.append(base | row)
                piece.number += 1
        opened += len(block)
        if opened >= _STEP:
            opened = 0
            yield cut
    yield cut
