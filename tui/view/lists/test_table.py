"""The tests that are meant, sorted, as a tree and as a histogram: brought up to date by what changed.

May import `core` and `view.breathing`. Invariants: what is shown is what a look at all tests would show, at
one moment; only a new filter or a change of most tests costs such a look, and where there are many tests it
is taken in slices, and takes a tenth of the time at most.
"""

import gc
import time
from array import array
from collections.abc import Callable, Generator, Hashable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import partial

from tui.core.arranging import ORDERS, Arrangement, Order, is_young
from tui.core.durations import Binned, Durations, bins_of, bins_of_all
from tui.core.filters.index import Index
from tui.core.filters.matching import Found
from tui.core.model import TestKey, TestResult
from tui.core.numbering import Numbering, Some
from tui.core.pathtree import Folder, Node, Path, PathTree, Rows, path_of
from tui.core.store import Store
from tui.view.breathing import uncollected
from tui.view.lists.held import Held
from tui.view.lists.runs import Run

AT_ONCE = 5_000
"""Up to so many tests are looked at without a pause."""

_SLICE = 0.006
_SHARE = 10
"""Where much changes, looks at all tests take one part in so many of the time."""
_COUNTED = 2_000
"""Of so many tests at a time the durations are looked at."""
_MANY = 100_000
_AHEAD = ORDERS["time"], False
"""So many tests are sorted ahead in the way that takes longest."""
_FEW = 300
"""So few tests are sorted by themselves, though all are sorted already."""
_SORTED_WHOLE = 2_000
"""In a folder of no more tests than these the first one is that of their order."""
_UPDATED = 500
"""So many changes at a time are taken into a new order."""
_LOOSE = 20_000
"""So many tests that are in blocks by now are kept one by one, before all are looked at again."""


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
        self._held = Held(Some(Numbering(-1, [], [], [])))
        self._index = Index()
        self._runs: dict[Node, Sequence[TestKey]] = {}
        self._bins: tuple[Numbering, Binned] | None = None
        self._whole: Held | None = None
        self._loose = 0
        self._counting: Durations | None = None
        self._work: Iterator[bool] | None = None
        self._works_for: object = None
        self._cost = 0.0

    def __len__(self) -> int:
        return len(self._held)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, TestKey) and (key in self._held.loose or self._number(key) is not None)

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

    @property
    def may_look_ahead(self) -> bool:
        """Whether there is anything to do before somebody asks for it: see `ahead`."""
        whole = self._whole
        return whole is not None and len(whole) >= _MANY and whole.sorted_by(_AHEAD) is None

    def ahead(self) -> Iterator[None]:
        """Nothing else is to be done: sort many tests by time, step by step."""
        whole, store = self._whole, self._store
        if whole is None or store is None or not self.may_look_ahead:
            return
        arrangement = Arrangement(store, _AHEAD[0], turned=_AHEAD[1], now=self._now)
        for _ in whole.sorting(arrangement):
            if self._whole is not whole:
                return
            yield
        whole.ahead = arrangement
        gc.freeze()

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
            for _ in tree.filling(self._held.singles(), dict(self._held.some.parts())):
                pass
            self.tree = tree
        return self.tree

    def rows(self, unfolded: AbstractSet[Folder]) -> Rows:
        """The rows of the tree that are in sight."""
        with uncollected():
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
        result = self._held.result(test)
        if result is not None:
            return path_of(result.label)
        number = self._number(test)
        if number is None:
            return None
        return path_of(self._held.some.numbering.place(number)[0].place + test.test.name)

    def _run(self, node: Node) -> Sequence[TestKey]:
        """The tests of a folder: kept, for its row may be shown again whenever another folder unfolds."""
        run = self._runs.get(node)
        if run is None:
            run = self._runs[node] = self._run_of([node])
        return run

    def _run_of(self, nodes: Sequence[Node]) -> Sequence[TestKey]:
        """The tests that stand in these folders, in their order."""
        arrangement = self._arrangement
        if arrangement is None:
            return ()
        if not any(node.blocks for node in nodes):
            return arrangement.sorted(key for node in nodes for key in node.tests)
        return Run(sum([node.own for node in nodes]), partial(self._filled, arrangement, nodes))

    def _filled(self, arrangement: Arrangement, nodes: Sequence[Node]) -> Sequence[TestKey]:
        part = arrangement.like()
        rows = {block: mask for node in nodes for block, mask in node.blocks.items()}
        result = self._held.result
        part.fill(
            [(key, each) for node in nodes for key in node.tests if (each := result(key)) is not None], rows
        )
        return part.arranged()

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
            if wanted.keys is None:
                index = wanted.index or self._index
                for _ in index.number(store):
                    yield False
                held = self._of_all(store, index.numbering)
            else:
                held = Held(Some(wanted.keys.numbering, wanted.keys.mask, len(wanted.keys)))
            yield False
        arrangement, tree = held.arrangement, self.tree if not afresh else None
        if resort and (arrangement is None or arrangement.way != (self.order, self.turned)):
            arrangement = yield from self._sorting(store, held)
            since = list(held.since().items())
            for start in range(0, len(since), _UPDATED):
                arrangement.update(dict(since[start : start + _UPDATED]))
                yield False
            held.arrangement = arrangement
        if self.wants_tree and tree is None:
            tree = PathTree()
            for _ in tree.filling(held.singles(), dict(held.some.parts())):
                yield False
        if resort and arrangement is not None:
            self._young = {
                key
                for key in arrangement.known
                if (result := held.result(key)) is not None and is_young(result, self._now)
            }
        self._held, self.tree = held, tree
        self._runs.clear()
        self._store, self._wanted, self._revision = store, wanted, held.revision
        if afresh:
            self._loose = 0
            self._whole = held if wanted.keys is None else self._whole
            if held.durations is None:
                yield from self._count_all(held)
            else:
                self.durations, self._counting = held.durations, None
        yield True

    def _of_all(self, store: Store, numbering: Numbering) -> Held:
        """All tests: those that were looked at before, where nothing changed since."""
        whole = self._whole
        if whole is not None and store is self._store and store.journal.since(whole.revision) == set():
            return whole
        return Held(Some(numbering))

    def _sorting(self, store: Store, held: Held) -> Generator[bool, None, Arrangement]:
        """Sort the tests of `held` as it is wanted, step by step."""
        arrangement = Arrangement(store, self.order, turned=self.turned, now=self._now)
        numbering, mask = held.some.numbering, held.some.mask
        whole = held if mask is None else self._whole
        if whole is None or whole.some.numbering is not numbering:
            whole = Held(Some(numbering))
        of_all = whole.sorted_by(arrangement.way)
        if mask is not None and held.some.numbered <= (AT_ONCE if of_all is None else _FEW):
            for _ in arrangement.of_few(numbering, mask):
                yield False
            return arrangement
        if of_all is None:
            of_all = arrangement if mask is None else arrangement.like()
            for _ in whole.sorting(of_all):
                yield False
        if mask is None:
            return of_all
        whole.arrangement, self._whole = of_all, whole
        arrangement.of_some(of_all, mask, held.some.numbered)
        return arrangement

    def _count_all(self, held: Held) -> Iterator[bool]:
        """Count the durations; where there are many, the list is shown before that."""
        numbering, mask = held.some.numbering, held.some.mask
        counting = self._counting = Durations()
        bins = self._bins[1] if self._bins is not None and self._bins[0] is numbering else None
        if bins is None:
            if len(self) > AT_ONCE:
                yield True
            found: list[bytes] = []
            for start in range(0, numbering.first, _COUNTED):
                results = numbering.results[start : start + _COUNTED]
                found.append(bins_of(result.duration for result in results))
                yield False
            for several in range(0, len(numbering.blocks), _COUNTED // 10):
                blocks = numbering.blocks[several : several + _COUNTED // 10]
                times = array("d", b"".join([block.durations for block in blocks]))
                found.append(bins_of_all(times))
                yield False
            bins = Binned()
            for _ in bins.fill(b"".join(found)):
                yield False
            self._bins = numbering, bins
        counting.count_binned(bins, mask)
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
        held = self._held
        grown = {
            key
            for key in self._young
            if (result := held.result(key)) is None or not is_young(result, self._now)
        }
        self._young -= grown
        changed = changed | grown
        if not changed:
            return False
        became: dict[TestKey, TestResult | None] = {}
        for key in changed:
            before = held.loose.pop(key, None)
            if before is not None:
                self._count(key, before, -1)
            elif (number := self._number(key)) is not None:
                if number >= held.some.numbering.first and self._is_same(key, number):
                    continue
                before = self._take(key, number)
            now = store.tests.get(key)
            if now is not None and not self._wanted.means(key):
                now = None
            if now is not None:
                held.loose[key] = now
                self._count(key, now, 1)
                self._loose += key not in store.singles
            if before is not None or now is not None:
                became[key] = now
        if became:
            self._runs.clear()
            arrangement.update(became)
            held.shelves = held.ahead = self._whole = None
        self._young |= {
            key for key in became if (each := held.loose.get(key)) is not None and is_young(each, self._now)
        }
        self._young = {key for key in self._young if held.result(key) is not None}
        if self._loose > _LOOSE:
            self._revision = -1  # by then they are kept in blocks, which cost less: look at all again
        return True

    def _number(self, key: TestKey) -> int | None:
        """The number of a test; None where it has none any more, or never had."""
        # The block that the Store has is, most often, the very one.
        place = self._store.in_block(key) if self._store is not None else None
        return self._held.some.find(key, place)

    def _is_same(self, key: TestKey, number: int) -> bool:
        assert self._store is not None
        return self._store.in_block(key) == self._held.some.numbering.place(number)

    def _count(self, key: TestKey, result: TestResult, sign: int) -> None:
        (self.durations if self._counting is None else self._counting).count(result.duration, sign)
        if self.tree is not None:
            self.tree.count(key, result, sign)

    def _take(self, key: TestKey, number: int) -> TestResult:
        """Show a numbered test no more; what was known of it."""
        some = self._held.some
        result = some.numbering.result(number)
        some.take(number)
        if number < some.numbering.first:
            self._count(key, result, -1)
        else:
            (self.durations if self._counting is None else self._counting).count(result.duration, -1)
            if self.tree is not None:
                self.tree.take(*some.numbering.place(number))
        return result
