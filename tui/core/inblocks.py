"""Some tests of some blocks, without an object a test: of each block all, or those that a mask marks.

May import `core.blocks` and `core.model`. Pure. Invariants: a mask has a byte for each test of its block, 1
where it is meant; a block of which nothing is meant is not there.
"""

from collections.abc import Iterator, Mapping
from itertools import compress, starmap

from tui.core.blocks import Block
from tui.core.model import TestKey, TestResult

Mask = bytes | None
"""Which tests of a block are meant; None: all are."""


class InBlocks:
    """Tests that are in blocks. `rows` says which; whoever has it may not change it.

    `number` says how many they are, where that is known.
    """

    def __init__(self, rows: Mapping[Block, Mask] | None = None, number: int | None = None) -> None:
        self.rows: Mapping[Block, Mask] = {} if rows is None else rows
        self._number = sum(starmap(size, self.rows.items())) if number is None else number
        self._owned: dict[Block, Mask] | None = None
        self._suites: dict[str, list[Block]] | None = None

    def __len__(self) -> int:
        return self._number

    def __iter__(self) -> Iterator[TestKey]:
        for block, mask in self.rows.items():
            tests = block.tests()
            yield from tests if mask is None else compress(tests, mask)

    def items(self) -> Iterator[tuple[TestKey, TestResult]]:
        """Every test with its result."""
        for block, mask in self.rows.items():
            pairs = zip(block.tests(), block.results(), strict=True)
            yield from pairs if mask is None else compress(pairs, mask)

    def holds(self, block: Block, row: int) -> bool:
        """Whether a test is meant."""
        if block not in self.rows:
            return False
        mask = self.rows[block]
        return mask is None or bool(mask[row])

    def find(self, key: TestKey) -> tuple[Block, int] | None:
        """The block and the row of a test that is meant."""
        if key.test.ordinal != 1:
            return None
        if self._suites is None:
            self._suites = {}
            for block in self.rows:
                self._suites.setdefault(block.suite, []).append(block)
        for block in self._suites.get(key.test.suite, ()):
            if block.source == key.scope:
                row = block.row(key.test.name)
                if row is not None and self.holds(block, row):
                    return block, row
        return None

    def take(self, block: Block, row: int) -> None:
        """A test is not meant any more."""
        if self._owned is None:
            self.rows = self._owned = dict(self.rows)
        left = without(block, self._owned[block], row)
        self._number -= 1
        if 1 in left:
            self._owned[block] = left
        else:
            del self._owned[block]
            if self._suites is not None:
                self._suites[block.suite].remove(block)


def size(block: Block, mask: Mask) -> int:
    """How many tests of a block are meant."""
    return len(block) if mask is None else mask.count(1)


def names(block: Block, mask: Mask) -> list[str]:
    """The names of the tests of a block that are meant."""
    every = block.name_list()
    return every if mask is None else list(compress(every, mask))


def seconds(block: Block, mask: Mask) -> list[float]:
    """How long they took."""
    every: list[float] = [*block.seconds]
    return every if mask is None else list(compress(every, mask))


def without(block: Block, mask: Mask, row: int) -> bytes:
    """The mask without one of its tests."""
    every = mask or b"\1" * len(block)
    return every[:row] + b"\0" + every[row + 1 :]
