"""All tests of a Store at one revision, numbered: some of them are a mask, which has a byte for each.

May import `core.blocks`, `core.inblocks`, `core.model` and `core.store`. Pure. Single tests come first, in
their order, then those in blocks, block by block, by where they stand. Invariants: what is numbered never
changes, though the Store may; a byte of a mask is 1 where a test is meant, else 0.
"""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate, compress
from operator import attrgetter

from tui.core.blocks import Block
from tui.core.inblocks import Mask, part
from tui.core.model import TestKey, TestResult
from tui.core.store import Store

_STEP = 4096


class Numbering:
    """The tests of a `revision`: `singles` with their `results`, and those of `blocks`.

    `first` is the first number of a test in a block, `starts` has that of each block, and the very end.
    """

    def __init__(
        self, revision: int, singles: list[TestKey], results: list[TestResult], blocks: list[Block]
    ) -> None:
        self.revision = revision
        self.singles = singles
        self.results = results
        self.blocks = blocks
        self.first = len(singles)
        self.starts = list(accumulate(map(len, blocks), initial=self.first))
        self._numbers: dict[TestKey, int] = {}
        self._places: dict[Block, int] = {}
        self._suites: dict[str, list[int]] | None = None

    def __len__(self) -> int:
        return self.starts[-1]

    def prepare(self) -> Iterator[None]:
        """Get ready to find tests, in steps."""
        for start in range(0, self.first, _STEP):
            some = self.singles[start : start + _STEP]
            self._numbers.update(zip(some, range(start, start + len(some)), strict=True))
            yield
        for start in range(0, len(self.blocks), _STEP):
            several = self.blocks[start : start + _STEP]
            self._places.update(zip(several, range(start, start + len(several)), strict=True))
            yield

    def find(self, key: TestKey, place: tuple[Block, int] | None = None) -> int | None:
        """The number of a test. `place`: where the Store has it, which is most often where it is here."""
        number = self._numbers.get(key)
        if number is not None or not self.blocks or key.test.ordinal != 1:
            return number
        if place is not None and (at := self._places.get(place[0])) is not None:
            return self.starts[at] + place[1]
        if self._suites is None:
            self._suites = {}
            for at, block in enumerate(self.blocks):
                self._suites.setdefault(block.suite, []).append(at)
        for at in self._suites.get(key.test.suite, ()):
            block = self.blocks[at]
            row = block.row(key.test.name) if block.source == key.scope else None
            if row is not None:
                return self.starts[at] + row
        return None

    def place(self, number: int) -> tuple[Block, int]:
        """The block and the row of a test that is in a block."""
        at = bisect_right(self.starts, number) - 1
        return self.blocks[at], number - self.starts[at]

    def key(self, number: int) -> TestKey:
        """The test with this number."""
        if number < self.first:
            return self.singles[number]
        block, row = self.place(number)
        return block.key(row)

    def result(self, number: int) -> TestResult:
        """What was known of it."""
        if number < self.first:
            return self.results[number]
        block, row = self.place(number)
        return block.result(row)

    def seconds(self, number: int) -> float | None:
        """How long it took."""
        if number < self.first:
            return self.results[number].duration
        block, row = self.place(number)
        return block.seconds[row]

    def keys(self, mask: Mask) -> Iterator[TestKey]:
        """All tests that a mask means."""
        yield from self.singles if mask is None else compress(self.singles, mask)
        for block, some in self.parts(mask):
            tests = block.tests()
            yield from tests if some is None else compress(tests, some)

    def parts(self, mask: Mask) -> Iterator[tuple[Block, Mask]]:
        """The blocks of which any test is meant."""
        if mask is None:
            yield from ((block, None) for block in self.blocks)
            return
        starts = self.starts
        at = mask.find(1, self.first)
        while at >= 0:  # so that what is not meant costs nothing
            number = bisect_right(starts, at) - 1
            stop = starts[number + 1]
            yield self.blocks[number], part(mask[starts[number] : stop])
            at = mask.find(1, stop)


class Some:
    """Some numbered tests: those that a mask means, less those that were taken."""

    def __init__(self, numbering: Numbering, mask: Mask = None, number: int | None = None) -> None:
        self.numbering = numbering
        self.mask = mask
        self._lost = set[int]()
        if number is None:
            number = len(numbering) if mask is None else mask.count(1)
        self._number = number

    def __len__(self) -> int:
        return self._number - len(self._lost)

    @property
    def numbered(self) -> int:
        """How many they were before any was taken."""
        return self._number

    def taken(self) -> Iterator[TestKey]:
        """Those that were taken."""
        return map(self.numbering.key, self._lost)

    def find(self, key: TestKey, place: tuple[Block, int] | None = None) -> int | None:
        """The number of a test that is one of them: see `Numbering.find`."""
        number = self.numbering.find(key, place)
        if number is None or number in self._lost or (self.mask is not None and not self.mask[number]):
            return None
        return number

    def take(self, number: int) -> None:
        """A test is not one of them any more."""
        self._lost.add(number)

    def single_items(self) -> list[tuple[TestKey, TestResult]]:
        """The single ones, each with its result."""
        numbering, mask = self.numbering, self.mask
        numbers = range(numbering.first) if mask is None else compress(range(numbering.first), mask)
        return [(numbering.singles[n], numbering.results[n]) for n in numbers if n not in self._lost]

    def parts(self) -> Iterator[tuple[Block, Mask]]:
        """The blocks of which any test is one of them."""
        mask = self.mask
        if self._lost:
            marks = bytearray(mask or b"\1" * len(self.numbering))
            for number in self._lost:
                marks[number] = 0
            mask = bytes(marks)
        return self.numbering.parts(mask)


def of_some(tests: list[tuple[TestKey, TestResult]], parts: dict[Block, Mask]) -> tuple[Numbering, Mask]:
    """Some tests and no others: they are what the mask means."""
    blocks = sorted(parts, key=_place)
    numbering = Numbering(-1, [key for key, _ in tests], [result for _, result in tests], blocks)
    if all(mask is None for mask in parts.values()):
        return numbering, None
    masks = [b"\1" * len(tests)]
    masks += [mask if (mask := parts[block]) is not None else b"\1" * len(block) for block in blocks]
    return numbering, b"".join(masks)


def numbered(store: Store) -> Iterator[Numbering | None]:
    """The tests of a Store, numbered, last of all; None for each step before."""
    revision = store.revision
    # Lists of what there is already: pairs would be a hundred thousand new objects at once. All in one step:
    # between two, a test may go from one to the other, and would be numbered twice.
    singles, results = list(store.singles), list(store.singles.values())
    blocks = list(store.blocks)
    yield None
    for start in range(0, len(blocks), _STEP):
        some = blocks[start : start + _STEP]
        some.sort(key=_place)
        blocks[start : start + _STEP] = some
        yield None
    blocks.sort(key=_place)  # of runs that are sorted: quick
    yield None
    numbering = Numbering(revision, singles, results, blocks)
    for _ in numbering.prepare():
        yield None
    yield numbering


_place = attrgetter("place")
