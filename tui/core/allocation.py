"""Which tests of a Store are kept in blocks, and all its tests as one mapping.

May import `core.blocks`, `core.model` and `core.table`. Invariant: the tests of a suite that are in blocks
are those of one source, and of one component.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from tui.core.blocks import Block
from tui.core.model import TestKey, TestResult
from tui.core.table import Table


class Owner(NamedTuple):
    """Whose blocks hold tests of a suite, and where these are counted."""

    source: str
    component: str


class Owners:
    """The suites of which tests are in blocks; `tests`: how many are."""

    def __init__(self) -> None:
        self.suites: dict[str, Owner] = {}
        self.tests = 0
        self._by_source: dict[str, int] = {}
        self._known: dict[Owner, Owner] = {}

    def __bool__(self) -> bool:
        return self.tests > 0

    @property
    def sources(self) -> AbstractSet[str]:
        """The sources that have tests in blocks."""
        return self._by_source.keys()

    def own(self, block: Block, component: str) -> None:
        """Take in a block."""
        owner = Owner(block.source, component)
        self.suites[block.suite] = self._known.setdefault(owner, owner)
        self.count(block.source, len(block))

    def count(self, source: str, number: int) -> None:
        """`number` tests more, or less, of a source are in blocks."""
        self.tests += number
        left = self._by_source.get(source, 0) + number
        if left:
            self._by_source[source] = left
        else:
            del self._by_source[source]

    def forget(self, source: str, suite: str) -> None:
        """No test of a suite is in a block of this source any more."""
        if suite in self.suites and self.suites[suite].source == source:
            del self.suites[suite]

    def component(self, key: TestKey) -> str:
        """The component of a test that is in a block, or was until now. Raises KeyError."""
        owner = self.suites[key.test.suite]
        if owner.source != key.scope:
            raise KeyError(key)
        return owner.component


class AllTests(Mapping[TestKey, TestResult]):
    """The tests of a Store, wherever they are kept."""

    def __init__(
        self, singles: Mapping[TestKey, TestResult], tables: Mapping[str, Table], owners: Owners
    ) -> None:
        self._singles = singles
        self._tables = tables
        self._owners = owners

    def __len__(self) -> int:
        return len(self._singles) + self._owners.tests

    def __iter__(self) -> Iterator[TestKey]:
        yield from self._singles
        for source in self._owners.sources:
            for block in self._tables[source].blocks:
                yield from block.tests()

    def __getitem__(self, key: TestKey) -> TestResult:
        result = self._singles.get(key)
        if result is None:
            found = self.in_block(key)
            if found is None:
                raise KeyError(key)
            block, row = found
            result = block.result(row)
        return result

    def __contains__(self, key: object) -> bool:
        return key in self._singles or (isinstance(key, TestKey) and self.in_block(key) is not None)

    def in_block(self, key: TestKey) -> tuple[Block, int] | None:
        """The block and the row of a test that is in a block."""
        owner = self._owners.suites.get(key.test.suite)
        if owner is None or owner.source != key.scope:
            return None
        table = self._tables.get(owner.source)
        return table.blocks.find(key.test) if table is not None else None
