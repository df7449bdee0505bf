"""What was planned, and which of it no result tells of: NOT RUN, apart from skipped (TRUTH 2).

May import `core.model` and `core.identity`. Plans come from plan files, and from sources that say what
they are about to run. Invariants: a planned test is either held by a source or among `left`; the cost of
a result is the cost of that result.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from types import MappingProxyType
from typing import NamedTuple

from msgspec import Struct

from tui.core import identity
from tui.core.model import TestId, TestPlanned


class Planned(NamedTuple):
    """A planned test: its label, who planned it, and its component where the plan alone tells it."""

    label: str
    source: str
    component: str


class PlanFile(Struct, frozen=True):
    """A list of tests that was read once; `problem` says why there is none."""

    name: str
    tests: tuple[TestPlanned, ...] = ()
    problem: str = ""


class Plan:
    """Every planned test, and those that are left.

    `place` gives the component of a planned test, or "" where only its neighbours tell; `holds` says
    whether a source tells of a test.
    """

    def __init__(self, place: Callable[[TestId, str], str], holds: Callable[[TestId], bool]) -> None:
        self._place = place
        self._holds = holds
        self._stated: dict[str, list[TestPlanned]] = {}
        self._taken: dict[str, int] = {}
        self._forget()

    def _forget(self) -> None:
        self._tests: dict[TestId, Planned] = {}
        self._left: dict[TestId, Planned] = {}
        self._aliases: dict[TestId, TestId] = {}
        self._modules: dict[TestId, str] = {}
        self._by_place: Counter[tuple[str, str]] = Counter()

    # --- what is planned ----------------------------------------------------------------------------

    def follow(self, source: str, planned: list[TestPlanned]) -> None:
        """Take in what `source` plans: a list that only grows, or another one, which takes its place."""
        if self._stated.get(source) is not planned:
            if not planned and source not in self._stated:
                return
            self._stated[source] = planned
            self.place_anew()
            return
        self._take(source, planned[self._taken[source] :])

    def drop(self, source: str) -> None:
        """Forget what `source` planned."""
        if self._stated.pop(source, None):
            self.place_anew()

    def place_anew(self) -> None:
        """Take in everything again: the components or the sources are others now."""
        self._forget()
        self._taken = dict.fromkeys(self._stated, 0)
        for source, planned in self._stated.items():
            self._take(source, planned)

    def _take(self, source: str, planned: Iterable[TestPlanned]) -> None:
        for each in planned:
            self._taken[source] += 1
            if each.is_module:
                self._modules[each.test] = each.label
                continue
            if each.test in self._tests:
                continue
            self._tests[each.test] = Planned(each.label, source, self._place(each.test, each.label))
            readings = dict.fromkeys((each.test, *identity.readings(each.label)))
            for reading in readings:
                self._aliases.setdefault(reading, each.test)
            if not any(map(self._holds, readings)):
                self._add(each.test)

    # --- what is left of it -------------------------------------------------------------------------

    def saw(self, test: TestId) -> None:
        """A source tells of `test`."""
        planned = self._aliases.get(test)
        if planned is not None and planned in self._left:
            found = self._left.pop(planned)
            self._by_place[found.component, planned.suite] -= 1

    def lost(self, test: TestId) -> None:
        """No source tells of `test` any more."""
        planned = self._aliases.get(test)
        if planned is not None and planned not in self._left:
            self._add(planned)

    def _add(self, test: TestId) -> None:
        self._left[test] = self._tests[test]
        self._by_place[self._tests[test].component, test.suite] += 1

    @property
    def known(self) -> bool:
        """Whether anything says which tests are to run."""
        return bool(self._tests)

    @property
    def number(self) -> int:
        """How many tests are planned."""
        return len(self._tests)

    @property
    def sources(self) -> tuple[str, ...]:
        """Who plans them."""
        return tuple(
            source for source, planned in self._stated.items() if any(not p.is_module for p in planned)
        )

    @property
    def left(self) -> Mapping[TestId, Planned]:
        """The planned tests that no source tells of, in the order of the plan."""
        return MappingProxyType(self._left)

    def left_by_component(self, neighbours: Mapping[str, str], other: str) -> Counter[str]:
        """How many are left of each component; `neighbours`: the component of a suite's other tests."""
        found: Counter[str] = Counter()
        for (component, suite), number in self._by_place.items():
            if number:
                found[component or neighbours.get(suite, other)] += number
        return found

    def untouched_modules(self, suites: AbstractSet[str]) -> tuple[str, ...]:
        """The modules that were collected and of which no test has a result; `suites`: those that have."""
        if not self._modules:
            return ()
        # No further into a suite than a module's name can be: a hostile one has fifty thousand parts.
        longest = max(len(test.dotted) for test in self._modules)
        touched = {suite[:end] for suite in suites for end in _ends(suite, longest)}
        return tuple(label for test, label in self._modules.items() if test.dotted not in touched)


def _ends(suite: str, most: int) -> list[int]:
    """Where `suite` and the suites around it end, as far as `most` characters."""
    ends = [at for at, mark in enumerate(suite[: most + 1]) if mark == "."]
    return [*ends, len(suite)] if len(suite) <= most else ends
