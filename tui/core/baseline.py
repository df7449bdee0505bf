"""Two sets of results -> what changed between them (TRUTH 5).

May import `core.model` only. Compared is by test identity. Invariant: a test is in at most one class
of change, and with no baseline nothing at all is said (UNKNOWN, never zero).
"""

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from msgspec import Struct

from tui.core.model import Outcome, TestId, TestKey

COMPARABLE_SHARE = 0.8


class Change(StrEnum):
    """What became of a test since the baseline."""

    NEW_FAILURE = "new failure"
    STILL_FAILING = "still failing"
    FIXED = "fixed"
    NEW_TEST = "new test"
    NEWLY_SKIPPED = "newly skipped"
    VANISHED = "vanished"


class KnownTest(Struct, frozen=True):
    """A test of the baseline: where it was counted, and what it was.

    `duration` in seconds; `proved` are the golden-path events that it proved.
    """

    key: TestKey
    label: str
    component: str
    outcome: Outcome
    duration: float | None = None
    proved: frozenset[str] = frozenset()


class Baseline(Struct, frozen=True):
    """Results to compare with. `problem` says why there are none."""

    name: str
    tests: tuple[KnownTest, ...] = ()
    problem: str = ""


class Shared(Struct):
    """The tests of one component that both sides have, executed: what a delta compares."""

    tests: int = 0
    passed_now: int = 0
    executed_now: int = 0
    passed_then: int = 0
    executed_then: int = 0

    def count(self, now: Outcome, then: Outcome, sign: int) -> None:
        """Take one test that both sides have in (`sign` 1) or out (-1)."""
        self.tests += sign
        self.passed_now += sign * (now is Outcome.PASSED)
        self.executed_now += sign * (now is not Outcome.SKIPPED)
        self.passed_then += sign * (then is Outcome.PASSED)
        self.executed_then += sign * (then is not Outcome.SKIPPED)

    @property
    def delta(self) -> float | None:
        """The change of the success rate in percentage points; None where nothing was executed."""
        if not self.executed_now or not self.executed_then:
            return None
        now = 100.0 * self.passed_now / self.executed_now
        return now - 100.0 * self.passed_then / self.executed_then


def change(now: Outcome, then: Outcome | None) -> Change | None:
    """What became of a test that is `now`, and was `then` in the baseline (None: not there)."""
    if now is Outcome.RUNNING:
        return None
    if then is None:
        return Change.NEW_TEST
    if then.is_bad:
        if now.is_bad:
            return Change.STILL_FAILING
        return Change.FIXED if now is Outcome.PASSED else Change.NEWLY_SKIPPED
    if now.is_bad:
        return Change.NEW_FAILURE if then is Outcome.PASSED else None
    if now is Outcome.SKIPPED and then is Outcome.PASSED:
        return Change.NEWLY_SKIPPED
    return None


class Times(Struct):
    """How many seconds the tests that ended on both sides took `then` and `now`.

    Counted in whole microseconds, so that what is added and taken out again leaves nothing.
    """

    microseconds_then: int = 0
    microseconds_now: int = 0

    def count(self, then: float, now: float, sign: int) -> None:
        """Take one test in (`sign` 1) or out (-1)."""
        self.microseconds_then += sign * round(then * 1e6)
        self.microseconds_now += sign * round(now * 1e6)

    @property
    def then(self) -> float:
        """The seconds in the baseline."""
        return self.microseconds_then / 1e6

    @property
    def now(self) -> float:
        """The seconds in the current results."""
        return self.microseconds_now / 1e6


class Comparison:
    """The current results against one baseline, kept up to date one test at a time.

    A test meets the baseline's test of the same scope and identity, else the only one of that identity
    there, unless that one's own source is among the `current` ones (a matrix grew by one).
    """

    def __init__(self, baseline: Baseline, current: Container[str]) -> None:
        self.name = baseline.name
        self._known: dict[TestId, list[KnownTest]] = {}
        self._missing: dict[TestKey, KnownTest] = {}
        self._met: Counter[TestKey] = Counter()
        self._sizes: dict[str, int] = {}
        self.scopes: set[str] = set()
        self._current = current
        self._by_key = {test.key: test for test in baseline.tests}
        self._moved: dict[TestKey, KnownTest] = {}
        self._stirred = True
        for test in baseline.tests:
            self._known.setdefault(test.key.test, []).append(test)
            self._missing[test.key] = test
            self.scopes.add(test.key.scope)
            self._sizes[test.component] = self._sizes.get(test.component, 0) + 1
        self._changes: dict[Change, dict[TestKey, None]] = {kind: {} for kind in Change}
        self._shared: dict[str, Shared] = {}
        self._times: dict[str, Times] = {}
        self._passed_over: tuple[int, float] = (-1, 0.0)

    def find(self, key: TestKey) -> KnownTest | None:
        """The baseline's test that `key` is compared with."""
        candidates = self._known.get(key.test, ())
        for known in candidates:
            if known.key.scope == key.scope:
                return known
        if len(candidates) == 1 and candidates[0].key.scope not in self._current:
            return candidates[0]
        return self._moved.get(key)

    def only(self, test: TestId) -> KnownTest | None:
        """The baseline's test of that identity, where there is but one."""
        candidates = self._known.get(test, ())
        return candidates[0] if len(candidates) == 1 else None

    @property
    def moved(self) -> Mapping[TestKey, KnownTest]:
        """The tests that the baseline has under another path, with what it has of them."""
        return MappingProxyType(self._moved)

    @property
    def is_stirred(self) -> bool:
        """Whether tests came or went since moved ones were last looked for."""
        return self._stirred

    def set_moved(self, moved: Mapping[TestKey, TestKey]) -> None:
        """Compare these tests with those that they were; none of them may be counted in meanwhile."""
        self._moved = {key: self._by_key[was] for key, was in moved.items()}

    def settle(self) -> None:
        """The moved tests have been looked for."""
        self._stirred = False

    def all_known(self) -> Iterable[KnownTest]:
        """Every test of the baseline."""
        return self._by_key.values()

    def count(
        self, key: TestKey, component: str, outcome: Outcome, sign: int, duration: float | None = None
    ) -> None:
        """Take a current test in (`sign` 1) or out (-1); `duration` is what it took, in seconds."""
        known = self.find(key)
        if known is not None:
            self._met[known.key] += sign
            if not self._met[known.key]:
                self._missing[known.key] = known
                self._stirred = True
            elif self._missing.pop(known.key, None) is not None:
                self._stirred = True
            if outcome is not Outcome.RUNNING:
                self._shared.setdefault(component, Shared()).count(outcome, known.outcome, sign)
                if known.duration is not None and duration is not None:
                    self._times.setdefault(key.scope, Times()).count(known.duration, duration, sign)
        kind = self.change(key, outcome)
        if kind is not None:
            self._stirred = self._stirred or kind is Change.NEW_TEST
            if sign > 0:
                self._changes[kind][key] = None
            else:
                self._changes[kind].pop(key, None)

    def change(self, key: TestKey, outcome: Outcome) -> Change | None:
        """What became of one test."""
        known = self.find(key)
        return change(outcome, known.outcome if known else None)

    def tests(self, kind: Change) -> tuple[TestKey, ...]:
        """The current tests that changed so (vanished ones are not current: see `missing`)."""
        return tuple(self._changes[kind])

    def number(self, kind: Change) -> int:
        """How many current tests changed so."""
        return len(self._changes[kind])

    def missing(self) -> tuple[KnownTest, ...]:
        """The baseline's tests that the current results do not have (yet)."""
        return tuple(self._missing.values())

    def shared(self, component: str | None = None) -> Shared:
        """What both sides have, of one component or of all."""
        if component is not None:
            return self._shared.get(component, Shared())
        total = Shared()
        for part in self._shared.values():
            total.tests += part.tests
            total.passed_now += part.passed_now
            total.executed_now += part.executed_now
            total.passed_then += part.passed_then
            total.executed_then += part.executed_then
        return total

    def times(self, scope: str) -> Times:
        """How long the tests of one scope that both sides have took, those that run still left out."""
        return self._times.get(scope) or Times()

    def passed_over(self) -> float:
        """The share of tests without a result among the baseline's tests up to the last one that has one.

        Near 0 in a run of everything in the baseline's order; large where a run leaves out many of them. All
        tests are looked at for it: once with every half percent of them that comes.
        """
        step = 200 * len(self._missing) // max(len(self._by_key), 1)
        if self._passed_over[0] != step:
            known = list(self._by_key)
            last = len(known)
            while last and known[last - 1] in self._missing:
                last -= 1
            self._passed_over = (
                step,
                sum(key in self._missing for key in known[:last]) / last if last else 0.0,
            )
        return self._passed_over[1]

    def size(self, component: str | None = None) -> int:
        """How many tests the baseline has, of one component or of all."""
        return sum(self._sizes.values()) if component is None else self._sizes.get(component, 0)

    def comparable(self, tests: int, component: str | None = None) -> bool:
        """Whether enough tests are shared for a delta to mean something, with `tests` tests now."""
        larger = max(tests, self.size(component))
        return bool(larger) and self.shared(component).tests >= COMPARABLE_SHARE * larger
