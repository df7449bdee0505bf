"""The one mutable index of everything that is known: apply(batch) -> Delta, and queries.

May import the rest of `core`. One thread writes it (the event loop; in the one-shot commands the only
one). Tests that passed and say no more stay in the blocks of their source while there are many tests and
that source alone tells of them; all others are kept one by one. Invariants: what it holds equals what a
fresh Store would hold after the same files were read once; a staged generation is out of sight until it is
settled; the cost of a change is the cost of the tests that it touches.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from types import MappingProxyType
from typing import assert_never

from msgspec import Struct

from tui.core import hollow, identity, moved
from tui.core.baseline import Baseline, Change, Comparison, KnownTest
from tui.core.blocks import Block
from tui.core.causes import Cause, Causes, Signature
from tui.core.components import OTHER
from tui.core.counts import Counts
from tui.core.golden import Ledger, PathRule, Witness
from tui.core.journal import Journal
from tui.core.keeping import Keeping
from tui.core.marks import Known, MarkedTests, Marks
from tui.core.model import (
    Batch,
    DirectoryScanned,
    Outcome,
    SourceEvents,
    SourceGone,
    SourceKept,
    SourceOpened,
    SourceSettled,
    SourceState,
    TestId,
    TestKey,
    TestResult,
)
from tui.core.placing import Placement
from tui.core.plan import Plan, PlanFile, Planned
from tui.core.proofs import proofs
from tui.core.rules import Rules
from tui.core.scopes import SAID_BY_ITS_NAME, Group
from tui.core.sharing import Sharing
from tui.core.table import Changed, Changes, Table
from tui.core.tally import Tally
from tui.core.together import Together
from tui.text import counted

BLOCKS_FROM = 5_000
"""From how many tests on those that passed and say no more are kept in blocks."""

_TOLD_ONE_BY_ONE = 250
"""The most tests in blocks that a change names; of more it says that any test may have changed."""


class Delta(Struct, frozen=True):
    """What a batch changed: the tests, and whether anything at all did."""

    tests: frozenset[TestKey]
    changed: bool


_NOTHING = Delta(frozenset(), changed=False)


class Store:
    """Every test once, with its outcome; every source; and what follows from them.

    `lazily`: failures are grouped by cause when `group_causes` is called.
    """

    def __init__(self, rules: Rules, *, blocks_from: int = BLOCKS_FROM, lazily: bool = False) -> None:
        self.rules = rules
        self.revision = 0
        self.journal: Journal[TestKey] = Journal()
        self.touched: Journal[str] = Journal()
        self.directory = DirectoryScanned(exists=True)
        self.scanned = False
        self._counts = Counts(rules, lazily=lazily)
        self._baseline: Baseline | None = None
        self.plan_problem = ""
        self._hollow: tuple[int, tuple[hollow.Mark, ...]] | None = None
        self._placement = Placement(rules.components)
        self._tables: dict[str, Table] = {}
        self._staged: dict[str, Table] = {}
        self._gone: dict[str, str] = {}
        self._touched: set[str] = set()
        self._active: dict[str, Table] = {}
        relations = (*rules.relations, SAID_BY_ITS_NAME)
        self._sharing = Sharing(self._tables, relations)
        self._together = Together(self._tables, self._sharing, relations)
        self.plan = Plan(self._placement.of_planned, self._is_held)
        self._keeping = Keeping(
            self._tables, self._sharing, self._placement, self._counts, self.plan, blocks_from=blocks_from
        )
        self._dropped: list[Block] = []

    # --- writing ------------------------------------------------------------------------------------

    def apply(self, batch: Batch) -> Delta:
        """Take in what intake found."""
        if not isinstance(batch, DirectoryScanned):
            self._touched.update(self.group(batch.source).sources)
        delta = self._apply(batch)
        self._look_at_touched()
        return self._with_moved(delta) if delta.changed else delta

    def _apply(self, batch: Batch) -> Delta:
        match batch:
            case SourceOpened(source, format, generation, staged):
                return self._open(Table(source, format, generation), staged=staged)
            case SourceEvents(source, generation, events):
                table = self._table(source, generation)
                if table is None:
                    return _NOTHING
                changes = table.apply(events, in_blocks=self._keeping.keeps_blocks(table))
                return self._update(table, changes) if table is self._tables.get(source) else _NOTHING
            case SourceSettled(source, generation, state, reason, modified, size):
                table = self._table(source, generation)
                if table is None:
                    return _NOTHING
                changed = table.settle(state, reason, modified, size)
                return self._settled(table, changed)
            case SourceKept(source, reason, modified):
                kept = self._tables.get(source) or self._staged.get(source)
                if kept is not None:
                    kept.kept, kept.modified = reason, modified
                return self._delta()
            case SourceGone(source):
                return self._remove(source)
            case DirectoryScanned():
                self.directory, self.scanned = batch, True
                return self._delta()
            case _:
                assert_never(batch)

    def group_causes(self, is_time: Callable[[], bool]) -> bool:
        """Group failures that wait for it until `is_time`; whether any were grouped."""
        if not self.causes.waiting:
            return False
        while self.causes.work() and not is_time():
            pass
        self.revision += 1
        return True

    def set_baseline(self, baseline: Baseline | None) -> Delta:
        """Compare with these results from now on; None compares with nothing."""
        if baseline is None and self._baseline is None:
            return _NOTHING
        self._baseline = baseline
        return self._with_moved(self._rebuild())

    def set_plan(self, plan: PlanFile | None) -> Delta:
        """Take `plan` for what is to run, beside what the sources say; None takes nothing."""
        if plan is not None:
            self.plan_problem = plan.problem
            self.plan.follow(plan.name, list(plan.tests))
        return self._delta()

    def set_known(self, marks: Marks) -> Delta:
        """Take these marks for those of the tests that are known to fail."""
        before = {key for key, _ in self.marked}
        self._counts.mark(marks)
        for key, result in self.tests.items() if marks.marks else ():
            self.marked.follow(key, None, result)
        return self._delta(before | {key for key, _ in self.marked})

    def known_tests(self) -> Iterator[KnownTest]:
        """These results as a baseline for others."""
        proved_by = proofs(self._counting(), self._key, self.find)
        for key, result in self.tests.items():
            proved = proved_by.get(key, frozenset()) if result.outcome is Outcome.PASSED else frozenset()
            yield KnownTest(key, result.label, self.component(key), result.outcome, result.duration, proved)

    # --- questions ----------------------------------------------------------------------------------

    @property
    def tests(self) -> Mapping[TestKey, TestResult]:
        """Every test, in the order in which they came; those in blocks come last."""
        return self._keeping.tests if self._keeping.has_blocks else self.singles

    @property
    def singles(self) -> MappingProxyType[TestKey, TestResult]:
        """The tests that are kept one by one, in the order in which they came."""
        return MappingProxyType(self._keeping.singles)

    @property
    def blocks(self) -> Iterator[Block]:
        """All other tests. Each of them passed."""
        return self._keeping.blocks

    @property
    def causes(self) -> Causes:
        """All failures, by what they have in common."""
        return self._counts.causes

    @property
    def marked(self) -> MarkedTests:
        """The tests that somebody knows to fail."""
        return self._counts.marked

    @property
    def comparison(self) -> Comparison | None:
        """These results beside those of the baseline; None without one."""
        return self._counts.comparison

    @property
    def ledger(self) -> Ledger:
        """Every golden-path event."""
        return self._counts.ledger

    @property
    def tables(self) -> Mapping[str, Table]:
        """Every source in sight, by its path."""
        return MappingProxyType(self._tables)

    @property
    def replaced(self) -> frozenset[str]:
        """The sources of runs that a later run has replaced: what they tell counts no more."""
        return self._sharing.replaced

    def active(self) -> list[Table]:
        """The sources that go on, did not end as they should, or say how much is to run; by their path."""
        return [self._active[path] for path in sorted(self._active)]

    @property
    def gone(self) -> Mapping[str, str]:
        """Sources that were deleted, each with what it held."""
        return MappingProxyType(self._gone)

    @property
    def baseline_problem(self) -> str:
        """Why there is nothing to compare with although a baseline is configured; empty otherwise."""
        return self._baseline.problem if self._baseline else ""

    @property
    def is_live(self) -> bool:
        """Whether more results may come: a source grows, or is not yet read to its end."""
        return bool(self._staged) or any(table.is_live for table in self._active.values())

    @property
    def overall(self) -> Tally:
        """The counts of everything."""
        return self._counts.overall

    def tally(self, component: str) -> Tally:
        """The counts of one component."""
        return self._counts.tallies.get(component, Tally()).copy()

    @property
    def components(self) -> tuple[str, ...]:
        """The configured components in their order, then those that were inferred, by name."""
        configured = [rule.name for rule in self.rules.components]
        with_tests = {name for name, tally in self._counts.tallies.items() if tally.tests}
        found = sorted(with_tests | self.left_by_component().keys())
        return tuple(dict.fromkeys([*configured, *found]))

    def component(self, key: TestKey) -> str:
        """The component of a test."""
        return self._keeping.component(key)

    def in_block(self, key: TestKey) -> tuple[Block, int] | None:
        """The block and the row of a test that is in a block."""
        return self._keeping.tests.in_block(key)

    def component_of_block(self, block: Block) -> str:
        """The component of the tests of a block that is in sight."""
        return self._keeping.component_of_block(block)

    def left_by_component(self) -> Counter[str]:
        """How many planned tests have no result, of each component."""
        return self.plan.left_by_component(self._placement.suites, OTHER)

    def component_of_planned(self, test: TestId, planned: Planned) -> str:
        """The component of a planned test that no source tells of."""
        return planned.component or self._placement.suites.get(test.suite, OTHER)

    def reach(self, source: str) -> frozenset[str]:
        """The components that a source has had tests of."""
        return self._placement.reach(source)

    @property
    def suites(self) -> AbstractSet[str]:
        """The suite paths of all tests."""
        return self._placement.suites.keys()

    def live_since(self) -> float | None:
        """When the first of those runs began that go on; None where none of them says so."""
        live = (table for table in self._active.values() if table.is_live)
        return min((table.started for table in live if table.started is not None), default=None)

    def live_components(self) -> frozenset[str]:
        """The components of which a source still grows."""
        live = (path for path, table in self._active.items() if table.is_live)
        return frozenset[str]().union(*map(self.reach, live))

    def disagreements(self, component: str | None = None) -> tuple[str, ...]:
        """Where two sources of one run say different things, in words; of one component or of all."""
        own = self._keeping.component_of_single
        found = self._together.disagreements()
        return tuple(said for key, said in found if component in (None, own(key)))

    def group(self, source: str) -> Group:
        """The sources that tell of the same tests as `source`."""
        return self._sharing.group(source)

    def repeated_in(self, source: str) -> Iterator[str]:
        """The sources in which tests of `source` stand and are counted as well, as tests of their own."""
        if source not in self.replaced:
            group = self.group(source)
            beside = (path for path in self._sharing.near(source) if path not in self.replaced)
            yield from (path for path in beside if path not in group.sources)

    def running(self) -> tuple[tuple[TestKey, TestResult], ...]:
        """The tests that run now, the one that began first coming first."""
        found = [
            (self._key(table.source, result.test), result)
            for table in self._active.values()
            for result in table.running()
            if result.outcome is Outcome.RUNNING
        ]
        return tuple(sorted(found, key=lambda pair: pair[1].last.started or 0.0))

    def failures(self) -> tuple[TestKey, ...]:
        """Every failed or errored test, those of the most frequent cause first."""
        order: dict[TestKey, None] = {}
        for cause in self.causes.listed(None):
            order.update(dict.fromkeys(self.causes.tests(cause.signature)))
        order.update(dict.fromkeys(self.causes.waiting))
        return tuple(order)

    def cause_list(self) -> tuple[Cause, ...]:
        """Every cause, the most frequent first."""
        return self.causes.listed(self._new_failures())

    def cause_tests(self, signature: Signature) -> tuple[TestKey, ...]:
        """The tests of one cause."""
        return self.causes.tests(signature)

    def change(self, key: TestKey) -> Change | None:
        """What became of a test since the baseline."""
        return self.comparison.change(key, self.tests[key].outcome) if self.comparison else None

    def known(self, key: TestKey) -> Known | None:
        """The mark of a test that somebody knows to fail, and what it does now; None without a mark."""
        return self.marked.of(key)

    def pending(self) -> tuple[Table, ...]:
        """Sources of which nothing is in sight yet: they are still being written."""
        return tuple(table for source, table in self._staged.items() if source not in self._tables)

    def shown(self, source: str) -> Table | None:
        """What is in sight of a source, or is to come into sight."""
        return self._tables.get(source) or self._staged.get(source)

    def has_provers(self, rule: PathRule) -> bool:
        """Whether any test that may prove this golden path was executed, or is."""
        everything = self.overall
        return (self._counts.provers(rule.name) if rule.tests else everything.tests - everything.skipped) > 0

    def named(self, event: str) -> list[Witness]:
        """The tests that have the name of this golden-path event in theirs."""
        tests = self.tests
        return [Witness(key, tests[key].label, tests[key].outcome) for key in self._counts.named(event)]

    def hollow(self) -> tuple[hollow.Mark, ...]:
        """The marks of a hollow proof; none while a run goes on, since all tests are looked at for them."""
        if self.is_live:
            return ()
        if self._hollow is None or self._hollow[0] != self.revision:
            comparison = self.comparison
            then = list(comparison.all_known()) if comparison else []
            proved_by = (
                proofs(self._counting(), self._key, self.find) if any(known.proved for known in then) else {}
            )
            required = {rule.name for rule in self.rules.components if rule.required}
            tests = (
                hollow.Now(
                    key,
                    result.label,
                    self.component(key),
                    result.outcome,
                    comparison.find(key) if comparison else None,
                    proved_by.get(key, frozenset()),
                )
                for key, result in self._worth_a_look(required)
            )
            self._hollow = self.revision, tuple(hollow.marks(required, tests, then))
        return self._hollow[1]

    def _worth_a_look(self, required: AbstractSet[str]) -> Iterator[tuple[TestKey, TestResult]]:
        """The tests that may have a mark of a hollow proof."""
        if self.comparison is not None:
            yield from self.tests.items()
            return
        if not required:
            return
        own = self._keeping.component_of_single
        yield from ((key, each) for key, each in self.singles.items() if own(key) in required)
        for block in self.blocks:
            if self.component_of_block(block) in required and hollow.stands_in(block.place, block.names):
                yield from zip(block.tests(), block.results(), strict=True)

    def find(self, text: str) -> TestKey | None:
        """The test that somebody who writes `text` for it means."""
        return next(iter(self.meant(text)), None)

    def meant(self, text: str) -> list[TestKey]:
        """The tests that `text` is a name of: one, or the same in several scopes."""
        for reading in identity.readings(text):
            keys = dict.fromkeys(
                self._key(source, reading) for source in sorted(self._keeping.holders(reading))
            )
            if found := [key for key in keys if key in self.tests]:
                return found
        return []

    # --- sources ------------------------------------------------------------------------------------

    def _table(self, source: str, generation: int) -> Table | None:
        for table in (self._staged.get(source), self._tables.get(source)):
            if table is not None and table.generation == generation:
                return table
        return None

    def _open(self, table: Table, *, staged: bool) -> Delta:
        self._gone.pop(table.source, None)
        if staged:
            self._staged[table.source] = table
            return self._delta()
        self._staged.pop(table.source, None)
        return self._show(table)

    def _settled(self, table: Table, changed: Changed) -> Delta:
        if self._staged.get(table.source) is table:
            del self._staged[table.source]
            return self._show(table)
        return self._update(table, Changes(changed))

    def _show(self, table: Table) -> Delta:
        """Put `table` in the place of what its source said before."""
        before = self._tables.get(table.source)
        changes = Changes(dict.fromkeys(table.singles), list(table.blocks))
        if before is not None:
            changes.tests |= dict.fromkeys(before.singles)
            self._dropped += before.blocks
            self._keeping.drop(before)
            if before.tests and table.state is not SourceState.COMPLETE:
                table.held_before = (before.tally.tests, table.modified)
        self._tables[table.source] = table
        if before is None and self.comparison and table.source in self.comparison.scopes:
            self._update(table, changes)
            return self._rebuild()
        return self._update(table, changes)

    def _remove(self, source: str) -> Delta:
        self._staged.pop(source, None)
        table = self._tables.pop(source, None)
        if table is None:
            return self._delta()
        self._gone[source] = f"held {counted(table.tally.tests, 'test')}"
        self._dropped += table.blocks
        self._keeping.drop(table)
        self._placement.forget(source)
        self.plan.drop(source)
        delta = self._update(table, Changes(dict.fromkeys(table.singles)))
        return self._rebuild() if self.comparison and source in self.comparison.scopes else delta

    # --- tests --------------------------------------------------------------------------------------

    def _update(self, table: Table, changes: Changes) -> Delta:
        """Bring everything up to date with what `table` now says of the tests that changed."""
        in_sight = self._tables.get(table.source) is table
        near = self._sharing.near(table.source)
        if in_sight:
            self.ledger.read_on(table.source, table.events)
        self._keeping.take(table, changes)
        changed = changes.tests
        self._keeping.meet(table.source, changed)
        singles = table.singles
        held = [test for test in changed if in_sight and test in singles]
        for test in self._sharing.hold(table.source, held):
            self.plan.saw(test)
        for test in self._sharing.let_go(table.source, changed.keys() - set(held)):
            self.plan.lost(test)
        replaced = self.replaced
        regrouped = self._sharing.regroup(table.source, near)
        if in_sight and table.source not in self.replaced:
            self.plan.follow(table.source, table.planned)
        self._look_at_replaced(table.source, replaced ^ self.replaced)
        self._touched.update(self.group(table.source).sources, regrouped)
        for path in regrouped:
            if path in self._tables:
                self._keeping.take_apart(self._tables[path])
        if self._placement.follow(table.source, self._scope_that_counts, regrouped):
            return self._rebuild()
        if regrouped:
            return self._recount(regrouped, table.source, changed)
        scope = self.group(table.source).scope
        keys = self._keeping.put_all(self._together.results(scope, changed))
        return self._delta(keys, changes.blocks)

    def _look_at_replaced(self, source: str, turned: AbstractSet[str]) -> None:
        """Plan without the sources that count no more: some `turned`, or `source` is one that has changed."""
        for path in turned:
            table = self._tables.get(path)
            if table is None or path in self.replaced:
                self.plan.drop(path)
            else:
                self.plan.follow(path, table.planned)
        if turned or source in self.replaced:
            self.plan.place_anew()

    def _scope_that_counts(self, source: str) -> str | None:
        table = self._tables.get(source)
        return self.group(source).scope if table and table.tests and source not in self.replaced else None

    def _key(self, source: str, test: TestId) -> TestKey:
        return TestKey(self.group(source).scope, test)

    def _recount(self, scopes: Mapping[str, str], source: str, changed: Changed) -> Delta:
        """Count anew the tests of the sources in `scopes` (each with its scope then), and `changed` ones."""

        def keys(scope: Callable[[str], str]) -> dict[TestKey, None]:
            tables = (self._tables[path] for path in scopes if path in self._tables)
            pairs = [(table.source, test) for table in tables for test in table.tests]
            pairs += [(source, test) for test in changed]
            return dict.fromkeys(TestKey(scope(path), test) for path, test in pairs)

        before = keys(lambda path: scopes.get(path) or self.group(path).scope)
        for key in before:
            self._keeping.put(key, None)
            self._together.forget(key)
        for path in scopes:
            self._placement.forget(path)
        after = keys(lambda path: self.group(path).scope)
        for key in after:
            self._keeping.put(key, self._together.result(key))
        return self._delta(before | after)

    def _rebuild(self) -> Delta:
        """Count everything anew: what belongs together, the components or the baseline changed."""
        before = self._keeping.singles.keys()
        self._keeping.clear()
        self._together.clear()
        self._placement.clear()
        baseline = self._baseline
        self._counts.begin_anew(Comparison(baseline, self._tables) if baseline and baseline.tests else None)
        for table in self._tables.values():
            changes = Changes(blocks=list(table.blocks))
            self._keeping.take(table, changes)
            self._sharing.hold(table.source, changes.tests)
            for test in table.singles:
                key = self._key(table.source, test)
                if key not in self._keeping.singles:
                    self._keeping.put(key, self._together.result(key))
        self.plan.place_anew()
        return self._delta(before | self._keeping.singles.keys(), list(self.blocks))

    def _delta(self, keys: Iterable[TestKey] = (), blocks: Sequence[Block] = ()) -> Delta:
        self.revision += 1
        blocks = [*blocks, *self._dropped]
        self._dropped = []
        if sum(map(len, blocks)) > _TOLD_ONE_BY_ONE:
            self.journal.forget(self.revision)
            return Delta(frozenset(keys), changed=True)
        changed = frozenset(keys).union(*(block.tests() for block in blocks))
        self.journal.note(self.revision, changed)
        return Delta(changed, changed=True)

    def _look_at_touched(self) -> None:
        """Note which sources are others now, and which of them have to be looked at again and again."""
        for path in self._touched:
            table = self._tables.get(path)
            if table is not None and table.is_active and path not in self.replaced:
                self._active[path] = table
            else:
                self._active.pop(path, None)
        self.touched.note(self.touched.last + 1, frozenset(self._touched))
        self._touched.clear()

    # --- details of the above -----------------------------------------------------------------------

    def _counting(self) -> dict[str, Table]:
        return {path: table for path, table in self._tables.items() if path not in self.replaced}

    def _is_held(self, test: TestId) -> bool:
        return bool(self._keeping.holders(test))

    def _new_failures(self) -> frozenset[TestKey] | None:
        if self.comparison is None:
            return None
        return frozenset(self.comparison.tests(Change.NEW_FAILURE))

    def _with_moved(self, delta: Delta) -> Delta:
        """Once everything was read and no run goes on: find the tests that only moved."""
        comparison = self.comparison
        if comparison is None or not comparison.is_stirred or self.directory.backlog or self.is_live:
            return delta
        self._compare_moved(comparison, {})
        tests = self.tests
        new = [moved.Named(key, tests[key].label) for key in comparison.tests(Change.NEW_TEST)]
        gone = [moved.Named(known.key, known.label) for known in comparison.missing()]
        self._compare_moved(comparison, moved.match(gone, new))
        comparison.settle()
        return delta

    def _compare_moved(self, comparison: Comparison, found: Mapping[TestKey, TestKey]) -> None:
        """Count the tests that are in `found` now, or were, as what they are."""
        affected = [key for key in {**comparison.moved, **found} if key in self.tests]
        self.journal.note(self.revision, frozenset(affected))
        for sign in (-1, 1):
            for key in affected:
                result = self.tests[key]
                comparison.count(key, self.component(key), result.outcome, sign, result.duration)
            comparison.set_moved(found)
