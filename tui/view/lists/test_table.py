"""The tests that are meant, sorted, as a tree and as a histogram: brought up to date by what changed.

May import `core`. Pure. Invariant: what is shown is what a look at all tests would
show; only a new filter or a change of most tests costs such a look.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from tui.core.arranging import ORDERS, Arrangement, Order, is_young
from tui.core.durations import Durations
from tui.core.filters.matching import Found
from tui.core.model import TestKey, TestResult
from tui.core.pathtree import Folder, Node, PathTree, path_of
from tui.core.store import Store


class TestTable:
    """Tests of a Store. `order` says by what they are sorted, `turned` whether the other way round."""

    def __init__(self) -> None:
        self.order: Order = ORDERS["outcome"]
        self.turned = False
        self.tree: PathTree | None = None
        self.durations = Durations()
        self._store: Store | None = None
        self._wanted = Found()
        self._revision = -1
        self._young = set[TestKey]()
        self._meant: dict[TestKey, TestResult] = {}
        self._arrangement: Arrangement | None = None

    def __len__(self) -> int:
        return len(self._meant)

    def __contains__(self, key: object) -> bool:
        return key in self._meant

    def sort(self, order: Order, *, turned: bool = False) -> None:
        """Sort by this from now on."""
        self.order, self.turned = order, turned
        self._arrangement = None

    def refresh(self, store: Store, wanted: Found, now: float = 0.0) -> bool:
        """Take in what the Store says at `now`; whether anything is another than before."""
        known = store is self._store and (wanted is self._wanted or not (wanted or self._wanted))
        changed = store.journal.since(self._revision) if known else None
        self._store, self._wanted, self._revision = store, wanted, store.revision
        if changed is not None:
            grown = {key for key in self._young if not is_young(self._meant[key], now)}
            self._young -= grown
            changed |= grown
        if self._arrangement is not None:
            self._arrangement.now = now
        if changed is None:
            self._look_at_all(store, wanted)
        elif changed:
            self._look_at(store, wanted, changed)
        elif self._arrangement is not None:
            return False
        if self._arrangement is None:
            self._arrangement = Arrangement(store, self.order, turned=self.turned, now=now)
            self._arrangement.fill(self._meant.items())
            self._young = {key for key, result in self._meant.items() if is_young(result, now)}
        else:
            self._young |= {
                key for key in changed or () if key in self._meant and is_young(self._meant[key], now)
            }
        self._young &= self._meant.keys()
        return True

    def sequence(self) -> Sequence[TestKey]:
        """The tests in their order."""
        return self._arrangement.arranged() if self._arrangement is not None else ()

    def as_tree(self) -> PathTree:
        """The tests by where they stand."""
        if self.tree is None:
            self.tree = PathTree(self._meant.items())
        return self.tree

    def rows(self, unfolded: AbstractSet[Folder]) -> list[Folder | TestKey]:
        """The rows of the tree that are in sight."""
        return self.as_tree().rows(unfolded, self._sorted, self._rank)

    def tests(self, key: Hashable) -> Sequence[TestKey]:
        """The tests that a row stands for."""
        if isinstance(key, Folder):
            return self._sorted(self.as_tree().tests(key))
        return (key,) if isinstance(key, TestKey) and key in self._meant else ()

    def above(self, test: TestKey) -> list[Folder]:
        """The folders that a test stands in, the outermost first."""
        result = self._meant.get(test)
        return self.as_tree().above(path_of(result.label)) if result is not None else []

    # --- what changed -------------------------------------------------------------------------------

    def _look_at_all(self, store: Store, wanted: Found) -> None:
        self._meant = {key: result for key, result in store.tests.items() if wanted.means(key)}
        self.tree, self._arrangement = None, None
        self.durations = Durations()
        for result in self._meant.values():
            self.durations.count(result.duration)

    def _look_at(self, store: Store, wanted: Found, changed: Iterable[TestKey]) -> None:
        became: dict[TestKey, TestResult | None] = {}
        for key in changed:
            before, now = self._meant.pop(key, None), store.tests.get(key)
            if now is not None and not wanted.means(key):
                now = None
            if before is not None:
                self._count(key, before, -1)
            if now is not None:
                self._meant[key] = now
                self._count(key, now, 1)
            if before is not None or now is not None:
                became[key] = now
        self._rearrange(became)

    def _rearrange(self, became: Mapping[TestKey, TestResult | None]) -> None:
        if self._arrangement is not None and became:
            self._arrangement.update(became)

    def _count(self, key: TestKey, result: TestResult, sign: int) -> None:
        self.durations.count(result.duration, sign)
        if self.tree is not None:
            self.tree.count(key, result, sign)

    def _sorted(self, tests: Iterable[TestKey]) -> list[TestKey]:
        return self._arrangement.sorted(tests) if self._arrangement is not None else list(tests)

    def _rank(self, node: Node) -> object:
        """By what folders are sorted: their failing tests or their time where tests are sorted so."""
        sign = -1 if self.order.descends != self.turned else 1
        match self.order.name:
            case "outcome":
                return (-sign * node.failing, node.path)
            case "time":
                return (sign * node.duration, node.path)
            case _:
                return node.path
