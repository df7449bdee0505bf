"""Which sources tell of a test, and which of them belong together because they tell of the same ones.

May import `core.model`, `core.scopes` and `core.table`. Invariants: a test is held by each source that
tells of it, once; the cost of a result is the cost of that result, however many sources there are.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from tui.core.model import TestId
from tui.core.scopes import Group, Profile, RelationRule, groups
from tui.core.table import Table


class Sharing:
    """Who holds which test; `rules` say how sources stand to each other where the evidence misleads."""

    def __init__(self, rules: Sequence[RelationRule]) -> None:
        self._rules = rules
        self._holders: dict[TestId, tuple[str, ...]] = {}
        self._shared: dict[str, Counter[str]] = {}
        self._groups: dict[str, Group] = {}

    def holders(self, test: TestId) -> tuple[str, ...]:
        """The sources that tell of `test`."""
        return self._holders.get(test, ())

    def group(self, source: str) -> Group:
        """The sources that tell of the same tests as `source`."""
        return self._groups.get(source) or Group(((source,),))

    def hold(self, source: str, tests: Iterable[TestId]) -> list[TestId]:
        """`source` tells of `tests`; those are given back of which nobody did."""
        fresh = []
        for test in tests:
            before = self._holders.get(test, ())
            if source in before:
                continue
            if not before:
                fresh.append(test)
            self._count(source, before, 1)
            self._holders[test] = (*before, source)
        return fresh

    def let_go(self, source: str, tests: Iterable[TestId]) -> list[TestId]:
        """`source` tells no more of `tests`; those are given back of which nobody does."""
        lost = []
        for test in tests:
            before = self._holders.get(test, ())
            if source not in before:
                continue
            after = tuple(each for each in before if each != source)
            self._count(source, after, -1)
            if after:
                self._holders[test] = after
            else:
                del self._holders[test]
                lost.append(test)
        return lost

    def regroup(self, source: str, tables: Mapping[str, Table]) -> bool:
        """Whether the sources that tell of the same tests as `source` are now others than before."""
        if source not in self._shared and source not in self._groups:
            return False
        sharing = {path for path in self._shared if path in tables}
        profiles = {path: _profile(tables[path]) for path in sharing}
        pairs = {
            (one, other): number
            for one in sharing
            for other, number in self._shared[one].items()
            if one < other and other in sharing
        }
        found = groups(profiles, pairs, self._rules)
        found = {path: group for path, group in found.items() if len(group.sources) > 1}
        if found == self._groups:
            return False
        self._groups = found
        return True

    def _count(self, source: str, others: Iterable[str], sign: int) -> None:
        for other in others:
            for one, two in ((source, other), (other, source)):
                pairs = self._shared.setdefault(one, Counter())
                pairs[two] += sign
                if not pairs[two]:
                    del pairs[two]
                if not pairs:
                    del self._shared[one]


def _profile(table: Table) -> Profile:
    return Profile(table.source, table.format, len(table.tests), table.started, table.ended)
