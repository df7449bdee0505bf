"""A long sorted list, of which only what comes into sight is sorted.

May import `core.blocks`, `core.inblocks` and `core.model`. Pure. Invariants: every entry of a bucket comes
before every one of the next; how many there are is known of each; a bucket never changes.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

from tui.core.blocks import Block
from tui.core.inblocks import Mask, names, size, without
from tui.core.model import TestId, TestKey

Entry = tuple[Any, str, TestKey]
"""What a test is sorted by: a rank, which is a number or a text; its label; itself."""
Low = tuple[Any, str]
"""The rank and the label from which on a bucket has its entries."""
Ranks = Callable[[Block], Any]
"""The rank of the tests of a block; a list where each has its own."""
Part = tuple[Block, Mask]

ROW_BITS = 32
_SORTED_KEPT = 64
_GROWN = 2048
_HALF = 512
_STEP = 20


class Bucket:
    """Neighbours: single tests, those of `parts` of blocks, and `rows` of numbered blocks."""

    __slots__ = ("entries", "low", "number", "parts", "rows", "singles")

    def __init__(self, low: Low, singles: list[Entry], parts: list[Part], rows: "array[int]") -> None:
        self.low = low
        self.singles = singles
        self.parts = parts
        self.rows = rows
        self.number = len(singles) + sum(size(*part) for part in parts) + len(rows)
        self.entries: list[Entry] | None = None

    def sorted(self, ranks: Ranks, blocks: Sequence[Block]) -> list[Entry]:
        """All entries, in their order."""
        found = self.singles.copy()
        for block, mask in self.parts:
            rank, source, suite, place = ranks(block), block.source, block.suite, block.place
            found += [
                (rank, place + name, TestKey(source, TestId(suite, name))) for name in names(block, mask)
            ]
        last = -1
        for reference in self.rows:
            number, row = reference >> ROW_BITS, reference & ((1 << ROW_BITS) - 1)
            if number != last:
                last, block = number, blocks[number]
                every, rank = block.name_list(), ranks(block)
                own = rank if isinstance(rank, list) else [rank] * len(every)
            key = TestKey(block.source, TestId(block.suite, every[row]))
            found.append((own[row], block.place + every[row], key))
        found.sort()
        return found


class Buckets:
    """Buckets in their order. `blocks` are those that are numbered, `ranks` says what tests are sorted by."""

    def __init__(
        self, buckets: list[Bucket], ranks: Ranks = lambda _block: 0, blocks: Sequence[Block] = ()
    ) -> None:
        self._buckets = buckets
        self._ranks = ranks
        self._blocks = blocks
        self._starts = [0, *accumulate(bucket.number for bucket in buckets)]
        self._lows = [bucket.low for bucket in buckets]
        self._recent: deque[Bucket] = deque()

    def __len__(self) -> int:
        return self._starts[-1]

    def __getitem__(self, place: int) -> Entry:
        at = bisect_right(self._starts, place) - 1
        return self._entries(self._buckets[at])[place - self._starts[at]]

    def __iter__(self) -> Iterator[Entry]:
        for bucket in self._buckets:
            yield from self._entries(bucket)

    def __reversed__(self) -> Iterator[Entry]:
        for bucket in reversed(self._buckets):
            yield from reversed(self._entries(bucket))

    def place(self, entry: Entry) -> int | None:
        """Where an entry stands; None where it is not there."""
        at = self._bucket_of(entry)
        entries = self._entries(self._buckets[at]) if self._buckets else []
        place = bisect_left(entries, entry)
        return self._starts[at] + place if place < len(entries) and entries[place] == entry else None

    def changed(
        self, left: Iterable[Entry], lost: Iterable[tuple[Entry, Block, int]], added: Iterable[Entry]
    ) -> "Buckets":
        """The same without the single tests that `left` and those that blocks `lost`, and with others."""
        changes: dict[int, tuple[set[TestKey], list[tuple[Block, int]], list[Entry]]] = {}

        def of(entry: Entry) -> tuple[set[TestKey], list[tuple[Block, int]], list[Entry]]:
            return changes.setdefault(self._bucket_of(entry), (set(), [], []))

        for entry in left:
            of(entry)[0].add(entry[-1])
        for entry, block, row in lost:
            of(entry)[1].append((block, row))
        for entry in added:
            of(entry)[2].append(entry)
        buckets: list[Bucket] = []
        for at, bucket in enumerate(self._buckets or [Bucket((), [], [], array("Q"))]):  # type: ignore[arg-type]
            buckets += self._with(bucket, *changes[at]) if at in changes else [bucket]
        return Buckets(buckets, self._ranks, self._blocks)

    def only(self, singles: Container[TestKey], rows: Mapping[Block, Mask]) -> "Iterator[Buckets]":
        """The same with some of its tests only, last of all; each step before is of what was done so far.

        All tests of its blocks have to be there.
        """
        buckets: list[Bucket] = []
        for number, bucket in enumerate(self._buckets):
            some = [entry for entry in bucket.singles if entry[-1] in singles]
            parts = [(block, rows[block]) for block, _ in bucket.parts if block in rows]
            kept = array("Q", self._kept(bucket.rows, rows)) if bucket.rows else bucket.rows
            if some or parts or kept:
                buckets.append(Bucket(bucket.low, some, parts, kept))
            if not number % _STEP:
                yield self
        yield Buckets(buckets, self._ranks, self._blocks)

    def _kept(self, references: Iterable[int], rows: Mapping[Block, Mask]) -> Iterator[int]:
        last, is_there, mask = -1, False, None
        for reference in references:
            number = reference >> ROW_BITS
            if number != last:
                last, block = number, self._blocks[number]
                is_there, mask = block in rows, rows.get(block)
            if is_there and (mask is None or mask[reference & ((1 << ROW_BITS) - 1)]):
                yield reference

    def _with(
        self, bucket: Bucket, left: set[TestKey], lost: list[tuple[Block, int]], added: list[Entry]
    ) -> list[Bucket]:
        singles = [entry for entry in bucket.singles if entry[-1] not in left] + added
        parts, rows = bucket.parts, bucket.rows
        for block, row in lost:
            place = next((n for n, part in enumerate(parts) if part[0] is block), None)
            if place is None:
                number = next(n for n, each in enumerate(self._blocks) if each is block)
                rows = array("Q", rows)
                rows.remove(number << ROW_BITS | row)
            else:
                mask = without(block, parts[place][1], row)
                parts = [*parts[:place], *([(block, mask)] if 1 in mask else []), *parts[place + 1 :]]
        if parts or rows or len(singles) < _GROWN:
            return [Bucket(bucket.low, singles, parts, rows)]
        return _cut(bucket.low, sorted(singles))

    def _bucket_of(self, entry: Entry) -> int:
        return max(bisect_right(self._lows, entry[:2]) - 1, 0)

    def _entries(self, bucket: Bucket) -> list[Entry]:
        if bucket.entries is None:
            bucket.entries = bucket.sorted(self._ranks, self._blocks)
            self._recent.append(bucket)
            if len(self._recent) > _SORTED_KEPT:
                self._recent.popleft().entries = None
        return bucket.entries


def cut(entries: list[Entry]) -> Buckets:
    """Entries that are sorted, as buckets."""
    return Buckets(_cut(entries[0][:2], entries) if entries else [])


def _cut(low: Low, entries: list[Entry]) -> list[Bucket]:
    some = [entries[start : start + _HALF] for start in range(0, len(entries), _HALF)]
    lows = [low, *(each[0][:2] for each in some[1:])]
    return [Bucket(low, each, [], array("Q")) for low, each in zip(lows, some, strict=True)]
