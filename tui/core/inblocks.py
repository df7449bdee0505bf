"""Some tests of a block, without an object a test: all, or those that a mask marks.

May import `core.blocks`. Pure. Invariant: a mask has a byte for each test of its block, 1 where it is meant.
"""

from itertools import compress

from tui.core.blocks import Block

Mask = bytes | None
"""Which tests are meant; None: all are."""


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


def part(mask: bytes) -> Mask:
    """A mask that means all as None."""
    return mask if 0 in mask else None


def without(block: Block, mask: Mask, row: int) -> bytes:
    """The mask without one of its tests."""
    every = mask or b"\1" * len(block)
    return every[:row] + b"\0" + every[row + 1 :]
