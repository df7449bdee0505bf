"""Where each test is kept, by itself or in a block, and the component in which it is counted.

May import `core.allocation`, `core.blocks`, `core.counts`, `core.model`, `core.placing`, `core.plan`,
`core.sharing` and `core.table`. Invariants: a test is kept once; a block holds only tests that one source
alone tells of, all of them of one component.
"""

from collections.abc import Iterable, Iterator, Mapping

from tui.core.allocation import AllTests, Owners
from tui.core.blocks import Block
from tui.core.counts import Counts
from tui.core.model import TestId, TestKey, TestResult
from tui.core.placing import Placement
from tui.core.plan import Plan
from tui.core.sharing import Sharing
from tui.core.table import Changes, Table


class Keeping:
    """Keeps the tests of `tables`, and has them counted; in blocks from so many (`blocks_from`) on."""

    def __init__(
        self,
        tables: Mapping[str, Table],
        sharing: Sharing,
        placement: Placement,
        counts: Counts,
        plan: Plan,
        *,
        blocks_from: int,
    ) -> None:
        self._tables = tables
        self._sharing = sharing
        self._placement = placement
        self._counts = counts
        self._plan = plan
        self._blocks_from = blocks_from
        self.clear()

    def clear(self) -> None:
        """Keep nothing any more."""
        self.singles: dict[TestKey, TestResult] = {}
        self._component: dict[TestKey, str] = {}
        self._in_blocks = Owners()

    # --- questions ----------------------------------------------------------------------------------

    @property
    def tests(self) -> AllTests:
        """Every test, in the order in which they came; those in blocks come last."""
        return AllTests(self.singles, self._tables, self._in_blocks)

    @property
    def has_blocks(self) -> bool:
        """Whether any test is in a block."""
        return bool(self._in_blocks)

    @property
    def blocks(self) -> Iterator[Block]:
        """The tests that are not kept by themselves."""
        for source in self._in_blocks.sources:
            yield from self._tables[source].blocks

    def component(self, key: TestKey) -> str:
        """The component of a test. Raises KeyError."""
        found = self._component.get(key)
        return found if found is not None else self._in_blocks.component(key)

    def component_of_single(self, key: TestKey) -> str | None:
        """The component of a test that is kept by itself; None of any other."""
        return self._component.get(key)

    def component_of_block(self, block: Block) -> str:
        """The component of the tests of a block that is in sight."""
        return self._in_blocks.suites[block.suite].component

    def holders(self, test: TestId) -> tuple[str, ...]:
        """The sources that tell of `test`."""
        owner = self._in_blocks.suites.get(test.suite)
        table = self._tables.get(owner.source) if owner is not None else None
        if table is not None and table.blocks.find(test) is not None:
            return (table.source,)
        return self._sharing.holders(test)

    def keeps_blocks(self, table: Table) -> bool:
        """Whether a source may hold tests in blocks: there are many, and no other source tells of its own."""
        staged = 0 if self._tables.get(table.source) is table else len(table.singles)
        number = len(self.singles) + self._in_blocks.tests + staged
        return number >= self._blocks_from and self._sharing.is_by_itself(table.source)

    # --- tests kept by themselves -------------------------------------------------------------------

    def put(self, key: TestKey, result: TestResult | None) -> None:
        """A test has this result now; None: it is no more."""
        before = self.singles.get(key)
        if before is result:
            return
        counts = self._counts
        counts.follow(key, before, result)
        if before is not None:
            counts.count(key, self._component[key], before, -1)
        if result is not None:
            self.singles[key] = result
            if before is None or (before.label, before.last.source) != (result.label, result.last.source):
                self._component[key] = self._place(key, result)
            counts.count(key, self._component[key], result, 1)
        elif before is not None:
            del self.singles[key], self._component[key]

    def put_all(self, found: Iterable[tuple[TestKey, TestResult | None]]) -> list[TestKey]:
        """The same of several tests, whose keys are given back; the new ones are counted together."""
        if self._counts.wants_each:
            pairs = list(found)
            for key, result in pairs:
                self.put(key, result)
            return [key for key, _ in pairs]
        keys: list[TestKey] = []
        new: dict[str, tuple[list[TestKey], list[TestResult]]] = {}
        for key, result in found:
            keys.append(key)
            if result is None or key in self.singles:
                self.put(key, result)
                continue
            self.singles[key] = result
            component = self._component[key] = self._place(key, result)
            alike = new.get(component)
            if alike is None:
                alike = new[component] = ([], [])
            alike[0].append(key)
            alike[1].append(result)
        for component, (some, results) in new.items():
            self._counts.count_new(component, some, results)
        return keys

    def _place(self, key: TestKey, result: TestResult) -> str:
        scope, test = key
        alone = self._sharing.is_alone(scope)
        sources = (scope,) if alone else self._sharing.group(scope).sources
        return self._placement.place(test, result.label, sources)

    # --- tests in blocks ----------------------------------------------------------------------------

    def take(self, table: Table, changes: Changes) -> None:
        """Count the blocks that came; a block whose tests are not alike to the Store is taken apart."""
        apart = set[TestId]()
        for block in changes.blocks:
            component = self._placement.place_block(block)
            if component is None or self._is_claimed(block, component):
                for test in (key.test for key in block.tests()):
                    table.single_out(test)
                    apart.add(test)
            else:
                self._count_block(block, component, 1)
        for result in changes.singled:
            if result.test not in apart:
                self._adopt(table.source, result)
        changes.tests = dict.fromkeys(apart) | changes.tests

    def take_apart(self, table: Table) -> None:
        """Keep each test of a source by itself from now on."""
        for result in table.single_out_all():
            self._adopt(table.source, result)

    def meet(self, source: str, tests: Iterable[TestId]) -> None:
        """Tests that `source` tells of, too, leave the blocks of others."""
        suites = self._in_blocks.suites
        if self._in_blocks.sources <= {source}:
            return
        for test in tests:
            owner = suites.get(test.suite)
            other = self._tables.get(owner.source) if owner is not None and owner.source != source else None
            result = other.single_out(test) if other is not None else None
            if other is not None and result is not None:
                self._adopt(other.source, result)

    def drop(self, table: Table) -> None:
        """Keep the blocks of a source no more."""
        for block in table.blocks:
            self._count_block(block, self.component_of_block(block), -1)
        for block in table.blocks:
            self._in_blocks.forget(block.source, block.suite)

    def _is_claimed(self, block: Block, component: str) -> bool:
        """Whether tests of a block are also told of elsewhere, or counted elsewhere."""
        owner = self._in_blocks.suites.get(block.suite)
        if owner is not None and owner != (block.source, component):
            return True  # or was, which is rare
        return self._sharing.holds_any(block.suite, block.ids())

    def _adopt(self, source: str, result: TestResult) -> None:
        """Keep a test by itself that was counted with its block."""
        key = TestKey(source, result.test)
        self.singles[key] = result
        self._component[key] = self._in_blocks.component(key)
        self._in_blocks.count(source, -1)
        self._sharing.hold(source, (result.test,))

    def _count_block(self, block: Block, component: str, sign: int) -> None:
        self._counts.count_block(block, component, sign)
        if sign > 0:
            self._in_blocks.own(block, component)
        else:
            self._in_blocks.count(block.source, -len(block))
        for test in block.ids() if self._plan.known else ():
            (self._plan.saw if sign > 0 else self._plan.lost)(test)
