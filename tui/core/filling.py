"""Tests, single ones and those in blocks -> buckets, in steps: the first half of a sort.

May import `core.blocks`, `core.buckets` and `core.inblocks`. Pure. First the tests are put on shelves by their
labels, block by block: blocks of which no test stands between those of others need not be opened. Then each
shelf in turn is put into the buckets of its ranks, so that these too come to be in the order of labels.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from math import inf, nextafter
from typing import Any

from tui.core.blocks import Block
from tui.core.buckets import ROW_BITS, Bucket, Buckets, Entry, Part, Ranks
from tui.core.inblocks import Mask, size

_FEW = 512
_MANY = 4096
_STEP = 2000
_SORTED_AT_ONCE = 4096
_SAMPLES = 4


class _Shelf:
    """The tests with labels from `low` on: single ones, numbered blocks, and rows of blocks."""

    __slots__ = ("low", "number", "parts", "rows", "singles")

    def __init__(self, low: str) -> None:
        self.low = low
        self.number = 0
        self.singles: list[Entry] = []
        self.parts: list[tuple[int, Block, Mask]] = []
        self.rows: array[int] = array("Q")


class _Slot:
    """The buckets of a rank, or of several neighbouring ranks: then it `is_mixed`, and has one bucket."""

    __slots__ = ("buckets", "is_mixed", "label", "low", "parts", "rows", "singles")

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

    def close(self, label: str, least: int) -> None:
        """The bucket is full if it holds so much: all that follows has labels from `label` on."""
        if self.is_mixed or not (self.singles or self.parts or self.rows):
            return
        bucket = Bucket((self.low, self.label), self.singles, self.parts, self.rows)
        if bucket.number >= least:
            self.buckets.append(bucket)
            self._begin(label)

    def ended(self) -> list[Bucket]:
        """All its buckets."""
        if self.singles or self.parts or self.rows:
            self.buckets.append(Bucket((self.low, self.label), self.singles, self.parts, self.rows))
        return self.buckets


class Filling:
    """Fills buckets by ranks. `each_its_own`: most tests of a block have a rank, a number, of their own."""

    def __init__(self, ranks: Ranks, *, each_its_own: bool) -> None:
        self.buckets = Buckets([])
        self._ranks = ranks
        self._each_its_own = each_its_own
        self._blocks: list[Block] = []
        self._slots: dict[Any, _Slot] = {}
        self._splits: list[float] = []

    def run(self, entries: Sequence[Entry], rows: Mapping[Block, Mask]) -> Iterator[None]:
        """Fill, in steps."""
        parts: list[Part] = list(rows.items())
        yield
        for start in range(0, len(parts), _SORTED_AT_ONCE):
            some = parts[start : start + _SORTED_AT_ONCE]
            some.sort(key=_place)
            parts[start : start + _SORTED_AT_ONCE] = some
            yield
        parts.sort(key=_place)  # of runs that are sorted: quick
        self._blocks = [block for block, _ in parts]
        yield
        shelves: list[_Shelf] = []
        for step in self._shelve(entries, parts):
            shelves = step
            yield
        if self._each_its_own:
            self._split(entries, parts)
        filled = 0
        for number, shelf in enumerate(shelves):
            before = shelves[number + 1].low if number + 1 < len(shelves) else ""
            self._fill(shelf, before)
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
            if not number % _STEP:
                yield
        self.buckets = Buckets(buckets, self._ranks, self._blocks)

    # --- shelves ------------------------------------------------------------------------------------

    def _shelve(self, entries: Sequence[Entry], parts: Sequence[Part]) -> Iterator[list[_Shelf]]:
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
                yield shelves
        lows = [shelf.low for shelf in shelves]
        for start in range(0, len(entries), _STEP):
            for entry in entries[start : start + _STEP]:
                shelf = shelves[bisect_right(lows, entry[1]) - 1]
                shelf.singles.append(entry)
                shelf.number += 1
            yield shelves
        cut: list[_Shelf] = []
        for shelf in shelves:
            if shelf.number <= _MANY:
                cut.append(shelf)
                continue
            pieces: list[_Shelf] = []
            for pieces in _cut(shelf):
                yield shelves
            cut += pieces
        yield cut

    # --- slots --------------------------------------------------------------------------------------

    def _fill(self, shelf: _Shelf, before: str) -> None:
        """Put a shelf into its slots; the labels of the next begin with `before`."""
        touched: dict[_Slot, None] = {}
        splits, slots, ranks = self._splits, self._slots, self._ranks
        for entry in shelf.singles:
            slot = self._slot(entry[0])
            slot.singles.append(entry)
            touched[slot] = None
        for number, block, mask in shelf.parts:
            rank = ranks(block)
            if not isinstance(rank, list):
                slot = self._slot(rank)
                slot.parts.append((block, mask))
                touched[slot] = None
                continue
            base = number << ROW_BITS
            places = [bisect_right(splits, each) for each in rank] if self._each_its_own else rank
            for row, place in enumerate(places):
                if mask is None or mask[row]:
                    found = slots.get(place)
                    if found is None:
                        found = self._slot(rank[row])
                    found.rows.append(base | row)
                    touched[found] = None
        self._fill_rows(shelf.rows, touched)
        for slot in touched:
            slot.close(before, _FEW)

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
        place = bisect_right(self._splits, rank) if self._each_its_own else rank
        slot = self._slots.get(place)
        if slot is None:
            low, is_mixed = rank, False
            if self._each_its_own:
                splits = self._splits
                low = splits[place - 1] if place else -inf
                high = splits[place] if place < len(splits) else None
                is_mixed = low != inf and high != nextafter(low, inf)
            slot = self._slots[place] = _Slot(low, is_mixed=is_mixed)
        return slot

    def _split(self, entries: Sequence[Entry], parts: Sequence[Part]) -> None:
        """Find ranks between which there are about as many tests, by a sample of them."""
        total = len(entries) + sum(len(block) for block, _ in parts)
        if total <= _MANY:
            return
        wanted = total // _FEW * _SAMPLES
        sample = [entry[0] for entry in entries[:: max(total // wanted, 1)]]
        share = (total - len(entries)) * wanted // total
        step = max(len(parts) // max(share, 1), 1)
        each = max(share // max(len(parts), 1), 1)
        for block, _ in parts[::step]:
            own = self._ranks(block)
            sample += own[:: max(len(own) // each, 1)]
        sample.sort()
        picked = sample[_SAMPLES::_SAMPLES]
        splits = set(picked)
        # A rank of very many tests has a bucket for itself, or rather several, by their labels.
        splits |= {nextafter(one, inf) for one, other in zip(picked, picked[1:], strict=False) if one == other}
        self._splits = sorted(splits)


def _place(part: Part) -> str:
    return part[0].place


def _cut(shelf: _Shelf) -> Iterator[list[_Shelf]]:
    """A shelf with very many tests as several, by a sample of their labels; blocks are opened for it."""
    step = max(_FEW // _SAMPLES, 1)
    sample = [entry[1] for entry in shelf.singles[::step]]
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
    for entry in shelf.singles:
        piece = cut[bisect_right(lows, entry[1]) - 1]
        piece.singles.append(entry)
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
