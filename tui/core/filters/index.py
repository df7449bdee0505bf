"""The tests as a filter looks at them: each with its id in small letters, made once.

May import `core.blocks`, `core.model`, `core.store` and `core.filters.fuzzy`. Invariant: rows and words are
brought up to date in steps; steps that come to no end leave the rows as they were.
"""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from tui.core.blocks import Block
from tui.core.filters import fuzzy
from tui.core.model import TestKey, TestResult
from tui.core.store import Store

SLICE = 2000
"""How many tests are looked at in a step: two milliseconds of work, about."""
BLOCKS = 500
"""How many blocks."""

_LEARNT_AT_ONCE = 500
_BLOCKS_LEARNT_AT_ONCE = 100


class Row(NamedTuple):
    """A test with its id, folded."""

    key: TestKey
    result: TestResult
    label: str


class Shelf(NamedTuple):
    """A block, with where its tests stand and their names folded, line by line; and how many there are."""

    block: Block
    place: str
    names: str
    number: int

    def labels(self) -> list[str]:
        """The folded id of each test."""
        return [self.place + name for name in self.names.split("\n")]


class Index:
    """The rows of all tests of one Store, those in blocks as shelves, and the words of their ids."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.shelves: list[Shelf] = []
        self.revision = -1
        self._by_key: dict[TestKey, Row] = {}
        self._by_block: dict[Block, Shelf] = {}
        self._words: dict[str, None] = {}
        self._read: set[str] = set()
        self._learnt = -1

    @property
    def number(self) -> int:
        """How many tests there are."""
        return len(self.rows) + sum(shelf.number for shelf in self.shelves)

    @property
    def words(self) -> Collection[str]:
        """The words of the ids, folded, as far as they were learnt."""
        return self._words

    def follow(self, store: Store) -> Iterator[None]:
        """Bring the rows up to date with `store`, in steps."""
        if self.revision == store.revision:
            return
        revision = store.revision
        # Two lists of what there is already: pairs would be a hundred thousand new objects at once.
        keys, results, blocks = list(store.singles), list(store.singles.values()), list(store.blocks)
        rows: dict[TestKey, Row] = {}
        for start in range(0, len(keys), SLICE):
            for key, result in zip(keys[start : start + SLICE], results[start : start + SLICE], strict=True):
                row = self._by_key.get(key)
                if row is None or row.result is not result:
                    same = row is not None and row.result.label == result.label
                    row = Row(key, result, row.label if row and same else result.label.casefold())
                rows[key] = row
            yield
        shelves: dict[Block, Shelf] = {}
        for start in range(0, len(blocks), SLICE):
            for block in blocks[start : start + SLICE]:
                shelves[block] = self._by_block.get(block) or _shelved(block)
            yield
        self._by_key, self._by_block = rows, shelves
        self.rows, self.shelves, self.revision = list(rows.values()), list(shelves.values()), revision

    def learn(self) -> Iterator[None]:
        """Learn the words of all ids, in steps; those of tests that are gone are not forgotten."""
        if self._learnt == self.revision:
            return
        rows, shelves, revision = self.rows, self.shelves, self.revision
        for start in range(0, len(rows), _LEARNT_AT_ONCE):
            for row in rows[start : start + _LEARNT_AT_ONCE]:
                # Many tests have their place in common, and their name without parameters: read once.
                label, _, parameters = row.result.label.partition("[")
                for part in (*label.rpartition("::"), parameters):
                    if part not in self._read and not part.strip("]").isdigit():
                        self._learn(part)
            yield
        for start in range(0, len(shelves), _BLOCKS_LEARNT_AT_ONCE):
            for shelf in shelves[start : start + _BLOCKS_LEARNT_AT_ONCE]:
                if shelf.block.place not in self._read:
                    self._learn(shelf.block.place)
                for word in fuzzy.letters_of(shelf.block.names):
                    if word not in self._read:
                        self._learn(word)
            yield
        self._learnt = revision

    def _learn(self, text: str) -> None:
        self._read.add(text)
        self._words.update(dict.fromkeys(fuzzy.words_of(text)))


def _shelved(block: Block) -> Shelf:
    """A block as a shelf; small letters are not kept twice."""
    place, names = block.place.casefold(), block.names.casefold()
    return Shelf(
        block,
        block.place if place == block.place else place,
        block.names if names == block.names else names,
        len(block),
    )
