"""Tests sorted by what a column shows, and kept so while results come in.

May import `core.blocks`, `core.buckets`, `core.filling`, `core.grouping`, `core.inblocks`, `core.model`,
`core.numbering` and `core.store`. Pure. Invariants: the order is total, so that it is the same however the
results came; a change costs the changed tests, and a sort only where most of them changed; what has no value
comes last, whichever way it is sorted; numbered tests are first sorted when they come into sight.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import inf
from typing import Any, overload

from msgspec import Struct

from tui.core.blocks import Block
from tui.core.buckets import Buckets, Entry, cut
from tui.core.filling import Filling, Shelves
from tui.core.grouping import file_of
from tui.core.inblocks import Mask
from tui.core.model import Outcome, TestKey, TestResult
from tui.core.numbering import Numbering, Some, of_some
from tui.core.store import Store

_URGENCY = {
    outcome: place
    for place, outcome in enumerate(
        (Outcome.RUNNING, Outcome.FAILED, Outcome.ERROR, Outcome.SKIPPED, Outcome.PASSED)
    )
}
_SORT_ABOVE = 16
"""Where more than one in so many tests changed, sorting all costs less than placing each."""

_CALM = 1.0
_STEP = 500
_OF_PLACES = frozenset({"component", "file"})

Value = Callable[[Store, TestKey, TestResult], Any]
OfBlock = Callable[[Store, Block], Any]
"""The value of all tests of a block; a list where each has its own."""


class Order(Struct, frozen=True):
    """What tests can be sorted by. `descends`: the largest first, unless it is turned over.

    `value` is that of a test, `of_block` that of the tests of a block, `of_all` that of all tests in blocks,
    where it is the same. `is_time`: each has its own there.
    `ways` say in words how they are sorted: as they are at first, and turned over.
    """

    name: str
    title: str
    value: Value
    of_block: OfBlock
    ways: tuple[str, str]
    descends: bool = False
    is_number: bool = False
    is_time: bool = False
    of_all: Callable[[], Any] | None = None


def is_young(result: TestResult, now: float) -> bool:
    """Whether a test only just began: it has its place among the running yet to find, or would flicker by."""
    started = result.last.started
    return result.outcome is Outcome.RUNNING and started is not None and now - started < _CALM


def _attempts(_store: Store, _key: TestKey, result: TestResult) -> float | None:
    remarkable = result.executions - 1 + len(result.flags)
    return remarkable or None


def _component(store: Store, block: Block) -> str:
    try:
        return store.component_of_block(block)
    except KeyError:  # it went while it was being looked at
        return ""


def _file(_store: Store, block: Block) -> str | list[str]:
    before, separator, _ = block.place.partition("::")
    if separator and before and "[" not in before:
        return before
    return [file_of(result) for result in block.results()]


ORDERS = {
    order.name: order
    for order in (
        Order(
            "outcome",
            "Outcome",
            lambda _store, _key, result: _URGENCY[result.outcome],
            lambda _store, _block: _URGENCY[Outcome.PASSED],
            ("running and failing first", "passed first"),
            is_number=True,
            of_all=lambda: _URGENCY[Outcome.PASSED],
        ),
        Order(
            "test",
            "Test",
            lambda _store, _key, _result: "",  # the name decides
            lambda _store, _block: "",
            ("by name", "by name, backwards"),
            of_all=lambda: "",
        ),
        Order(
            "time",
            "Time",
            lambda _store, _key, result: result.duration,
            lambda _store, block: block.seconds.tolist(),
            ("slowest first", "fastest first"),
            descends=True,
            is_number=True,
            is_time=True,
        ),
        Order(
            "attempts",
            "Attempts and flags",
            _attempts,
            lambda _store, _block: None,
            ("most attempts and flags first", "fewest attempts and flags first"),
            descends=True,
            is_number=True,
            of_all=lambda: None,
        ),
        Order(
            "component",
            "Component",
            lambda store, key, _result: store.component(key),
            _component,
            ("by component", "by component, backwards"),
        ),
        Order(
            "file",
            "File",
            lambda _store, _key, result: file_of(result),
            _file,
            ("by file", "by file, backwards"),
        ),
        Order(
            "source",
            "Source",
            lambda _store, _key, result: result.last.source,
            lambda _store, block: block.source,
            ("by source", "by source, backwards"),
        ),
    )
}


class Arranged(Sequence[TestKey]):
    """The tests in their order, as they were at one moment."""

    def __init__(
        self, buckets: Buckets, place: Callable[[Buckets, TestKey], int | None], *, backwards: bool
    ) -> None:
        self._buckets = buckets
        self._place = place
        self._backwards = backwards

    def __len__(self) -> int:
        return len(self._buckets)

    @overload
    def __getitem__(self, place: int) -> TestKey: ...
    @overload
    def __getitem__(self, place: slice) -> list[TestKey]: ...
    def __getitem__(self, place: int | slice) -> TestKey | list[TestKey]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        if place < 0:
            place += len(self)
        if not 0 <= place < len(self):
            raise IndexError(place)
        return self._buckets[len(self) - 1 - place if self._backwards else place][-1]

    def __iter__(self) -> Iterator[TestKey]:
        found = reversed(self._buckets) if self._backwards else iter(self._buckets)
        return (entry[-1] for entry in found)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, TestKey) and self._place(self._buckets, key) is not None

    def index(self, value: object, start: int = 0, stop: int | None = None) -> int:
        """The place of a test. Raises ValueError."""
        del start, stop
        place = self._place(self._buckets, value) if isinstance(value, TestKey) else None
        if place is None:
            raise ValueError(value)
        return len(self) - 1 - place if self._backwards else place


class Arrangement:
    """Tests, sorted by one order, one way or the other. `known`: the entries of those that have one kept."""

    def __init__(self, store: Store, order: Order, *, turned: bool = False, now: float = 0.0) -> None:
        self._store = store
        self._order = order
        self._turned = turned
        self._backwards = order.descends != turned and not order.is_number
        # Apart from this, so that nothing here refers to itself in a circle: the collector rarely comes by.
        self._ranking = _Ranking(store, order, -1 if order.descends != turned else 1, now)
        self.buckets = Buckets([])
        self.known: dict[TestKey, Entry] = {}
        self._some = Some(Numbering(-1, [], [], []))
        self._shares = False

    def __len__(self) -> int:
        return len(self.buckets)

    @property
    def way(self) -> tuple[Order, bool]:
        """By what the tests are sorted, and whether the other way round."""
        return self._order, self._turned

    @property
    def numbering(self) -> Numbering:
        """The tests, as they were numbered."""
        return self._some.numbering

    def keep_time(self, now: float) -> None:
        """So late it is from now on."""
        self._ranking.now = now

    def fill(
        self, tests: Iterable[tuple[TestKey, TestResult]], rows: dict[Block, Mask] | None = None
    ) -> None:
        """Sort these tests, and no others."""
        numbering, mask = of_some(list(tests), rows or {})
        for _ in numbering.prepare():
            pass
        shelves = Shelves(numbering)
        for _ in shelves.filling():
            pass
        for _ in self.filling(shelves):
            pass
        if mask is not None:
            self.of_some(self, mask, mask.count(1))

    def filling(self, shelves: Shelves) -> Iterator[None]:
        """Sort the tests on these shelves, and no others, in steps."""
        filling = Filling(self._ranking, shelves)
        yield from filling.run()
        self.known, self._some, self.buckets = filling.known, Some(shelves.numbering), filling.buckets

    def of_some(self, whole: "Arrangement", mask: bytes, number: int) -> None:
        """Take some tests, so many, of another one, which has the same order, and all of its numbers."""
        self.buckets = whole.buckets.only(mask, number)
        # More than are there, and not a copy: see `update`.
        self.known, self._some, self._shares = whole.known, Some(whole.numbering, mask), True

    def of_few(self, numbering: Numbering, mask: bytes) -> Iterator[None]:
        """Sort some tests, so few that each may be looked at by itself."""
        self._some = Some(numbering, mask)
        entries: list[Entry] = []
        number = mask.find(1)
        while number >= 0:
            key = numbering.key(number)
            self.known[key] = entry = self._entry(key, number)
            entries.append(entry)
            if not len(entries) % _STEP:
                yield
            number = mask.find(1, number + 1)
        self.buckets = cut(sorted(entries), self._ranking, numbering)

    def update(self, changed: Mapping[TestKey, TestResult | None]) -> None:
        """Take in what became of some tests; None: they are not meant any more."""
        if self._shares:
            self.known, self._shares = dict(self.known), False
        left, lost = list[Entry](), list[tuple[Entry, int]]()
        for key in changed:
            entry = self.known.pop(key, None)
            number = self._some.find(key)
            if number is not None:
                self._some.take(number)
            if entry is not None:
                left.append(entry)
            elif number is not None:
                lost.append((self._entry(key, number), number))
        added = {
            key: self._ranking.entry(key, result) for key, result in changed.items() if result is not None
        }
        self.known |= added
        # What was shown before stays as it was: whoever shows it reads it again later.
        if len(changed) * _SORT_ABOVE > len(self.buckets) and not len(self._some):
            kept = {entry[-1]: entry for entry in self.buckets if entry[-1] not in changed}
            self.known = kept | added
            self.buckets = cut(sorted(self.known.values()), self._ranking, self._some.numbering)
            return
        self.buckets = self.buckets.changed(left, lost, list(added.values()))

    def arranged(self) -> Arranged:
        """The tests in their order, as they are now."""
        return Arranged(self.buckets, self._place, backwards=self._backwards)

    def like(self) -> "Arrangement":
        """An arrangement of no tests, in the same order."""
        return Arrangement(self._store, self._order, turned=self._turned, now=self._ranking.now)

    def sorted(self, tests: Iterable[TestKey]) -> list[TestKey]:
        """Some of the tests, in their order."""
        found: list[Entry] = []
        for key in tests:
            entry, number = self.known.get(key), None
            if entry is None and (number := self._some.find(key, self._store.in_block(key))) is not None:
                entry = self._entry(key, number)
            if entry is not None:
                found.append(entry)
        keys = [entry[-1] for entry in sorted(found)]
        return keys[::-1] if self._backwards else keys

    def _place(self, buckets: Buckets, key: TestKey) -> int | None:
        entry = self.known.get(key)
        if entry is not None:
            return buckets.place(entry)
        number = self._some.find(key, self._store.in_block(key))
        return buckets.place(self._entry(key, number), number) if number is not None else None

    def _entry(self, key: TestKey, number: int) -> Entry:
        numbering = self._some.numbering
        if number < numbering.first:
            return self._ranking.entry(key, numbering.results[number])
        return self._ranking.entry_in(*numbering.place(number))


class _Ranking:
    """What tests are sorted by in one order; `sign` says which way."""

    def __init__(self, store: Store, order: Order, sign: int, now: float) -> None:
        self.now = now
        self.is_own = order.is_time
        self.rank_of_all = None
        self._store = store
        self._order = order
        self._sign = sign
        self._is_outcome = order.name == "outcome"
        self._is_of_places = order.name in _OF_PLACES
        self._places: dict[tuple[str, str, str], Any] = {}
        if order.of_all is not None:
            self.rank_of_all = self._rank(order.of_all())

    def entry(self, key: TestKey, result: TestResult) -> Entry:
        """The entry of a single test."""
        return (self.rank(key, result), result.label, key)

    def entry_in(self, block: Block, row: int) -> Entry:
        """The entry of a test in a block."""
        key, ranks = block.key(row), self.ranks(block)
        return (ranks[row] if isinstance(ranks, list) else ranks, block.place + key.test.name, key)

    def is_fixed(self, result: TestResult) -> bool:
        """Whether its rank stays as it is: what runs is young for a while."""
        return result.outcome is not Outcome.RUNNING

    def of_time(self, seconds: float | None) -> float:
        """The rank of so much time."""
        return inf if seconds is None else self._sign * seconds

    def of_times(self, seconds: Sequence[float]) -> Sequence[float]:
        """The ranks of so much time each."""
        return seconds if self._sign > 0 else [-each for each in seconds]

    def rank(self, key: TestKey, result: TestResult) -> Any:  # noqa: ANN401  # numbers or texts
        """What a single test is sorted by."""
        try:
            value = self._order.value(self._store, key, result)
        except KeyError:  # it went while it was being looked at
            value = ""
        if self._is_outcome and not value and is_young(result, self.now):
            value = len(_URGENCY)
        return self._rank(value)

    def ranks(self, block: Block) -> Any:  # noqa: ANN401  # numbers or texts
        """What the tests of a block are sorted by; of a place and a source there are many blocks."""
        order = self._order
        if order.is_time:
            every = block.seconds.tolist()
            return every if self._sign > 0 else [-each for each in every]
        if not self._is_of_places:
            return self._rank(order.of_block(self._store, block))
        place = block.suite, block.place, block.source
        known = self._places.get(place)
        if known is None:
            known = order.of_block(self._store, block)
            if isinstance(known, list):
                return known
            known = self._places[place] = self._rank(known)
        return known

    def _rank(self, value: Any) -> Any:  # noqa: ANN401  # numbers or texts
        """What is compared: what has no value comes last."""
        if not self._order.is_number:
            return value
        return inf if value is None else self._sign * value
