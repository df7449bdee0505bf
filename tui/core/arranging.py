"""Tests sorted by what a column shows, and kept so while results come in.

May import `core.model` and `core.store`. Pure. Invariants: the order is total, so that it is the same
however the results came; a change costs the changed tests, and a sort only where most of them changed;
what has no value comes last, whichever way it is sorted.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, overload

from msgspec import Struct

from tui.core.grouping import file_of
from tui.core.model import Outcome, TestKey, TestResult
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

Entry = tuple[Any, ...]
Value = Callable[[Store, TestKey, TestResult], Any]


class Order(Struct, frozen=True):
    """What tests can be sorted by. `descends`: the largest first, unless it is turned over.

    `ways` say in words how they are sorted: as they are at first, and turned over.
    """

    name: str
    title: str
    value: Value
    ways: tuple[str, str]
    descends: bool = False
    is_number: bool = False


def is_young(result: TestResult, now: float) -> bool:
    """Whether a test only just began: it has its place among the running yet to find, or would flicker by."""
    started = result.last.started
    return result.outcome is Outcome.RUNNING and started is not None and now - started < _CALM


def _attempts(_store: Store, _key: TestKey, result: TestResult) -> float | None:
    remarkable = result.executions - 1 + len(result.flags)
    return remarkable or None


ORDERS = {
    order.name: order
    for order in (
        Order(
            "outcome",
            "Outcome",
            lambda _store, _key, result: _URGENCY[result.outcome],
            ("running and failing first", "passed first"),
            is_number=True,
        ),
        Order("test", "Test", lambda _store, _key, result: result.label, ("by name", "by name, backwards")),
        Order(
            "time",
            "Time",
            lambda _store, _key, result: result.duration,
            ("slowest first", "fastest first"),
            descends=True,
            is_number=True,
        ),
        Order(
            "attempts",
            "Attempts and flags",
            _attempts,
            ("most attempts and flags first", "fewest attempts and flags first"),
            descends=True,
            is_number=True,
        ),
        Order(
            "component",
            "Component",
            lambda store, key, _result: store.component(key),
            ("by component", "by component, backwards"),
        ),
        Order(
            "file", "File", lambda _store, _key, result: file_of(result), ("by file", "by file, backwards")
        ),
        Order(
            "source",
            "Source",
            lambda _store, _key, result: result.last.source,
            ("by source", "by source, backwards"),
        ),
    )
}


class Arranged(Sequence[TestKey]):
    """The tests in their order, as they were at one moment."""

    def __init__(self, entries: list[Entry], known: Mapping[TestKey, Entry], *, backwards: bool) -> None:
        self._entries = entries
        self._known = known
        self._backwards = backwards

    def __len__(self) -> int:
        return len(self._entries)

    @overload
    def __getitem__(self, place: int) -> TestKey: ...
    @overload
    def __getitem__(self, place: slice) -> list[TestKey]: ...
    def __getitem__(self, place: int | slice) -> TestKey | list[TestKey]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        return self._entries[-1 - place if self._backwards else place][-1]  # type: ignore[no-any-return]

    def __contains__(self, key: object) -> bool:
        return key in self._known

    def index(self, value: object, start: int = 0, stop: int | None = None) -> int:
        """The place of a test. Raises ValueError."""
        del start, stop
        entry = self._known.get(value)  # type: ignore[call-overload]
        if entry is not None:
            place = bisect_left(self._entries, entry)
            if place < len(self._entries) and self._entries[place] == entry:
                return len(self._entries) - 1 - place if self._backwards else place
        raise ValueError(value)


class Arrangement:
    """Tests, sorted by one order, one way or the other."""

    def __init__(self, store: Store, order: Order, *, turned: bool = False, now: float = 0.0) -> None:
        self._store = store
        self._order = order
        self._descends = order.descends != turned
        self._sign = -1 if self._descends else 1
        self._entries: list[Entry] = []
        self._known: dict[TestKey, Entry] = {}
        self.now = now

    def fill(self, tests: Iterable[tuple[TestKey, TestResult]]) -> None:
        """Sort these tests, and no others."""
        self._known = {key: self._entry(key, result) for key, result in tests}
        self._entries = sorted(self._known.values())

    def update(self, changed: Mapping[TestKey, TestResult | None]) -> None:
        """Take in what became of some tests; None: they are not meant any more."""
        gone = [entry for key in changed if (entry := self._known.pop(key, None)) is not None]
        added = {key: self._entry(key, result) for key, result in changed.items() if result is not None}
        self._known |= added
        # What was shown before stays as it was: whoever shows it reads it again later.
        if len(changed) * _SORT_ABOVE > len(self._entries):
            self._entries = sorted(self._known.values())
            return
        entries = self._entries.copy()
        for entry in gone:
            del entries[bisect_left(entries, entry)]
        for entry in added.values():
            insort(entries, entry)
        self._entries = entries

    def arranged(self) -> Arranged:
        """The tests in their order, as they are now."""
        return Arranged(self._entries, self._known, backwards=self._descends and not self._order.is_number)

    def sorted(self, tests: Iterable[TestKey]) -> list[TestKey]:
        """Some of the tests, in their order."""
        entries = sorted(self._known[key] for key in tests if key in self._known)
        keys: list[TestKey] = [entry[-1] for entry in entries]
        return keys[::-1] if self._descends and not self._order.is_number else keys

    def _entry(self, key: TestKey, result: TestResult) -> Entry:
        value = self._order.value(self._store, key, result)
        if self._order.name == "outcome" and is_young(result, self.now):
            value = len(_URGENCY)
        if not self._order.is_number:
            return (value, result.label, key)
        return (
            (True, 0, result.label, key) if value is None else (False, self._sign * value, result.label, key)
        )
