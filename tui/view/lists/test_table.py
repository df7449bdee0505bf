"""The tests that are meant, sorted, as a tree and as a histogram: brought up to date by what changed.

May import `core` and `view.breathing`. Invariants: what is shown is what a look at all tests would show, at
one moment; only a new filter or a change of most tests costs such a look, and where there are many tests it
is taken in slices, and takes a tenth of the time at most.
"""

import gc
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from msgspec import Struct

from tui.core.arranging import ORDERS, Arrangement, Order, is_young
from tui.core.blocks import Block
from tui.core.durations import Durations
from tui.core.filling import Shelves
from tui.core.filters.matching import Found
from tui.core.inblocks import InBlocks, seconds
from tui.core.model import Outcome, TestKey, TestResult
from tui.core.pathtree import Folder, Node, Path, PathTree, Rows, path_of
from tui.core.store import Store
from tui.view.breathing import uncollected
from tui.view.lists.runs import Run

AT_ONCE = 5_000
"""Up to so many tests are looked at without a pause."""

_SLICE = 0.006
_SHARE = 10
_COUNTED = 200
_SORTED_WHOLE = 2_000
_LOOSE = 20_000


class _Held(Struct):
    """Tests as they were at a revision, and what was made of them."""

    revision: int
    singles: dict[TestKey, TestResult]
    in_blocks: InBlocks
    arrangement: Arrangement | None = None
    shelves: Shelves | None = None
    durations: Durations | None = None


def _of_some(store: Store, wanted: Found) -> _Held:
    """The tests that were found; what changed since is looked at afterwards."""
    assert wanted.keys is not None
    singles, in_blocks = store.singles, wanted.keys.in_blocks
    if wanted.revision == store.revision:
        found = wanted.keys.singles.copy()
    else:
        found = {key: singles[key] for key in wanted.keys.singles if key in singles}
    return _Held(wanted.revision, found, InBlocks(in_blocks.rows, len(in_blocks)))


class TestTable:
    """Tests of a Store. `order` says by what they are sorted, `turned` whether the other way round.

    `wants_tree`: they are shown as a tree. `rests_until`: when those that changed will be looked at, where so
    much changed that it was put off; else None.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.order: Order = ORDERS["outcome"]
        self.turned = False
        self.wants_tree = False
        self.tree: PathTree | None = None
        self.durations = Durations()
        self.rests_until: float | None = None
        self._clock = clock
        self._store: Store | None = None
        self._wanted = Found()
        self._revision = -1
        self._may_look_from = 0.0
        self._now = 0.0
        self._young = set[TestKey]()
        self._held = _Held(-1, {}, InBlocks())
        self._whole: _Held | None = None
        self._loose = 0
        self._counting: Durations | None = None
        self._work: Iterator[bool] | None = None
        self._works_for: object = None
        self._cost = 0.0

    def __len__(self) -> int:
        return len(self._singles) + len(self._in_blocks)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, TestKey) and (key in self._singles or self._in_block(key) is not None)

    @property
    def _singles(self) -> dict[TestKey, TestResult]:
        return self._held.singles

    @property
    def _in_blocks(self) -> InBlocks:
        return self._held.in_blocks

    @property
    def _arrangement(self) -> Arrangement | None:
        return self._held.arrangement

    @property
    def is_working(self) -> bool:
        """Whether more has to be looked at: see `step`."""
        return self._work is not None

    def sort(self, order: Order, *, turned: bool = False) -> None:
        """Sort by this from now on."""
        self.order, self.turned = order, turned

    def refresh(self, store: Store, wanted: Found, now: float = 0.0) -> bool:
        """Take in what the Store says at `now`; whether anything is another than before.

        Where there is much to look at, it is only begun: until `step` has done it, all stays as it was.
        """
        self._now, self.rests_until = now, None
        wish = (store, wanted or None, self.order, self.turned, self.wants_tree)
        if self._work is not None and wish == self._works_for:
            return False
        known = store is self._store and (wanted is self._wanted or not (wanted or self._wanted))
        changed = store.journal.since(self._revision) if known else None
        is_sorted = self._arrangement is not None and self.way == (self.order, self.turned)
        has_tree = self.tree is not None or not self.wants_tree
        if changed is not None and self._work is None and is_sorted and has_tree:
            return self._take_in(changed)
        if known and is_sorted and has_tree and self._clock() < self._may_look_from:
            self.rests_until = self._may_look_from  # so much comes in: the old rows stay for a little while
            return False
        afresh = changed is None or self._counting is not None
        self._works_for, self._cost = wish, 0.0
        self._work = self._working(store, wanted, afresh=afresh, resort=afresh or not is_sorted)
        return self.step(whole=len(store.tests) <= AT_ONCE)

    def step(self, *, whole: bool = False) -> bool:
        """Look at some more, or at the `whole` rest; whether anything is another than before."""
        if self._work is None:
            return False
        with uncollected():
            fresh = self._worked(whole=whole)
        if not whole and not self.is_working:
            gc.freeze()  # what was made stays: to look at it again and again would hold up keys
        return fresh

    def _worked(self, *, whole: bool) -> bool:
        began = self._clock()
        fresh = False
        while self._work is not None:
            done = next(self._work, None)
            if done is None:
                self._work = None
                spent = self._cost + self._clock() - began
                self._may_look_from = 0.0 if whole else self._clock() + spent * _SHARE
                return self._catch_up(whole=whole) or fresh
            fresh = done or fresh
            if not whole and (done or self._clock() - began >= _SLICE):
                break
        self._cost += self._clock() - began
        return fresh

    @property
    def way(self) -> tuple[Order, bool]:
        """By what the rows are sorted, and whether the other way round."""
        return self._arrangement.way if self._arrangement is not None else (self.order, self.turned)

    def sequence(self) -> Sequence[TestKey]:
        """The tests in their order."""
        return self._arrangement.arranged() if self._arrangement is not None else ()

    @property
    def is_counted(self) -> bool:
        """Whether `durations` are those of the tests."""
        return self._counting is None

    # --- the tree -----------------------------------------------------------------------------------

    def as_tree(self) -> PathTree:
        """The tests by where they stand."""
        if self.tree is None:
            tree = PathTree()
            for _ in tree.filling(list(self._singles.items()), self._in_blocks.rows):
                pass
            self.tree = tree
        return self.tree

    def rows(self, unfolded: AbstractSet[Folder]) -> Rows:
        """The rows of the tree that are in sight."""
        return self.as_tree().rows(unfolded, self._run, self._rank, self._path)

    def tests(self, key: Hashable) -> Sequence[TestKey]:
        """The tests that a row stands for."""
        if isinstance(key, Folder):
            return self._run_of(list(self.as_tree().below(key)))
        return (key,) if isinstance(key, TestKey) and key in self else ()

    def number(self, key: Hashable) -> int:
        """How many they are."""
        if isinstance(key, Folder):
            node = self.as_tree().node(key)
            return node.number if node is not None else 0
        return int(key in self)

    def first(self, row: Folder) -> TestKey | None:
        """The test that a folder stands for where one test is wanted."""
        node = self.as_tree().node(row)
        if node is not None and node.number > _SORTED_WHOLE:
            # To sort them all would hold up the cursor: of so many it is the first that stands there.
            node = self.as_tree().first(row, self._rank)
            tests: Sequence[TestKey] = self._run(node) if node is not None else ()
        else:
            tests = self.tests(row)
        return tests[0] if tests else None

    def above(self, test: TestKey) -> list[Folder]:
        """The folders that a test stands in, the outermost first."""
        path = self._path(test)
        return self.as_tree().above(path) if path is not None else []

    def _path(self, test: TestKey) -> Path | None:
        result = self._singles.get(test)
        if result is not None:
            return path_of(result.label)
        place = self._in_block(test)
        return path_of(place[0].place + test.test.name) if place is not None else None

    def _run(self, node: Node) -> Sequence[TestKey]:
        return self._run_of([node])

    def _run_of(self, nodes: Sequence[Node]) -> Sequence[TestKey]:
        """The tests that stand in these folders, in their order."""
        arrangement = self._arrangement
        if arrangement is None:
            return ()
        if not any(node.blocks for node in nodes):
            return arrangement.sorted(key for node in nodes for key in node.tests)

        def filled() -> Sequence[TestKey]:
            part = arrangement.like()
            rows = {block: mask for node in nodes for block, mask in node.blocks.items()}
            singles = self._singles
            part.fill(
                [(key, singles[key]) for node in nodes for key in node.tests if key in singles],
                InBlocks(rows),
            )
            return part.arranged()

        return Run(sum(node.own for node in nodes), filled)

    def _rank(self, node: Node) -> object:
        """By what folders are sorted: their failing tests or their time where tests are sorted so."""
        sign = -1 if self.order.descends != self.turned else 1
        match self.order.name:
            case "outcome":
                return (-sign * node.failing, node.path)
            case "time":
                return (sign * round(node.duration, 6), node.path)
            case _:
                return node.path

    # --- a look at all ------------------------------------------------------------------------------

    def _working(self, store: Store, wanted: Found, *, afresh: bool, resort: bool) -> Iterator[bool]:
        """Look at all tests, step by step: True says that what is shown is another now."""
        held = self._held
        if afresh:
            held = self._of_all(store) if wanted.keys is None else _of_some(store, wanted)
            yield False
        arrangement, tree = held.arrangement, self.tree if not afresh else None
        if resort and (arrangement is None or arrangement.way != (self.order, self.turned)):
            arrangement = Arrangement(store, self.order, turned=self.turned, now=self._now)
            for _ in self._sorting(arrangement, held, wanted if afresh else Found()):
                yield False
            held.arrangement = arrangement
        if self.wants_tree and tree is None:
            tree = PathTree()
            for _ in tree.filling(list(held.singles.items()), held.in_blocks.rows):
                yield False
        if resort:
            yield False
            runs = (pair for pair in held.singles.items() if pair[1].outcome is Outcome.RUNNING)
            self._young = {key for key, result in runs if is_young(result, self._now)}
        self._held, self.tree = held, tree
        self._store, self._wanted, self._revision = store, wanted, held.revision
        if afresh:
            self._loose = 0
            self._whole = held if wanted.keys is None else self._whole
            if held.durations is None:
                yield from self._count_all(held)
            else:
                self.durations, self._counting = held.durations, None
        yield True

    def _of_all(self, store: Store) -> "_Held":
        """All tests: those that were looked at before, where nothing changed since."""
        whole = self._whole
        if whole is not None and store is self._store and store.journal.since(whole.revision) == set():
            return whole
        in_blocks = InBlocks(dict.fromkeys(store.blocks), len(store.tests) - len(store.singles))
        return _Held(store.revision, store.singles.copy(), in_blocks)

    def _sorting(self, arrangement: Arrangement, held: "_Held", wanted: Found) -> Iterator[None]:
        whole = self._whole
        if (
            wanted.keys is not None
            and len(wanted.keys) > AT_ONCE
            and whole is not None
            and whole.arrangement is not None
            and whole.arrangement.way == arrangement.way
            and whole.revision == wanted.revision
        ):
            # All were sorted before: most of them need not be looked at again.
            yield from arrangement.of_some(whole.arrangement, held.singles, held.in_blocks)
            return
        if held.shelves is None:
            shelves = Shelves()
            yield from shelves.filling(list(held.singles.items()), held.in_blocks.rows)
            held.shelves = shelves
        yield from arrangement.filling(held.shelves, held.in_blocks)

    def _count_all(self, held: "_Held") -> Iterator[bool]:
        """Count the durations; where there are many, the list is shown before that."""
        counting = self._counting = Durations()
        results, blocks = list(held.singles.values()), list(held.in_blocks.rows.items())
        if len(self) > AT_ONCE:
            yield True
        for start in range(0, len(results), _COUNTED * 10):
            for result in results[start : start + _COUNTED * 10]:
                counting.count(result.duration)
            yield False
        for start in range(0, len(blocks), _COUNTED):
            for block, mask in blocks[start : start + _COUNTED]:
                counting.count_all(seconds(block, mask))
            yield False
        self.durations, self._counting, held.durations = counting, None, counting

    def _catch_up(self, *, whole: bool) -> bool:
        """Take in what changed while all was looked at, unless that is very much: then it comes later."""
        assert self._store is not None
        changed = self._store.journal.since(self._revision)
        if changed is not None:
            return self._take_in(changed)
        if whole:
            self._revision = self._store.revision
        else:
            self.rests_until = self._may_look_from
        return False

    # --- what changed -------------------------------------------------------------------------------

    def _take_in(self, changed: set[TestKey]) -> bool:
        store, arrangement = self._store, self._arrangement
        assert store is not None
        assert arrangement is not None
        self._revision = self._held.revision = store.revision
        arrangement.keep_time(self._now)
        grown = {key for key in self._young if not is_young(self._singles[key], self._now)}
        self._young -= grown
        changed = changed | grown
        if not changed:
            return False
        became: dict[TestKey, TestResult | None] = {}
        gone: list[tuple[Block, int]] = []
        for key in changed:
            before = self._singles.pop(key, None)
            if before is not None:
                self._count(key, before, -1)
            elif (place := self._in_block(key)) is not None:
                if store.in_block(key) == place:
                    continue
                gone.append(place)
                self._take(*place)
            now = store.tests.get(key)
            if now is not None and not self._wanted.means(key):
                now = None
            if now is not None:
                self._singles[key] = now
                self._count(key, now, 1)
                self._loose += key not in store.singles
            if before is not None or now is not None:
                became[key] = now
        if became or gone:
            arrangement.update(became, gone)
            self._held.shelves = self._whole = None
        self._young |= {
            key for key in changed if (each := self._singles.get(key)) and is_young(each, self._now)
        }
        self._young &= self._singles.keys()
        if self._loose > _LOOSE:
            self._revision = -1  # by then they are kept in blocks, which cost less: look at all again
        return True

    def _in_block(self, key: TestKey) -> tuple[Block, int] | None:
        if not self._in_blocks or self._store is None:
            return None
        # The block that the Store has is, most often, the very one.
        place = self._store.in_block(key)
        return place if place is not None and self._in_blocks.holds(*place) else self._in_blocks.find(key)

    def _count(self, key: TestKey, result: TestResult, sign: int) -> None:
        (self.durations if self._counting is None else self._counting).count(result.duration, sign)
        if self.tree is not None:
            self.tree.count(key, result, sign)

    def _take(self, block: Block, row: int) -> None:
        self._in_blocks.take(block, row)
        (self.durations if self._counting is None else self._counting).count(block.seconds[row], -1)
        if self.tree is not None:
            self.tree.take(block, row)
