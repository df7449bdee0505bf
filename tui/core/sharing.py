"""Which sources hold the same tests, and which of these belong together (`core.scopes` says how).

May import `core.model`, `core.scopes` and `core.table`. Invariant: the groups are those that the tables
in sight amount to now; only sources that share tests with the one that changed are looked at again.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from tui.core.model import TestId
from tui.core.scopes import Group, RelationRule, groups
from tui.core.table import Table, profile, repeats


class Sharing:
    """The sources of every test, and the group of every source. `tables`: those in sight."""

    def __init__(self, tables: Mapping[str, Table], rules: Sequence[RelationRule]) -> None:
        self._tables = tables
        self._rules = rules
        self._holders: dict[TestId, tuple[str, ...]] = {}
        self._shared: dict[str, Counter[str]] = {}
        self._groups: dict[str, Group] = {}

    def holders(self, test: TestId) -> tuple[str, ...]:
        """The sources that hold a test of that identity."""
        return self._holders.get(test, ())

    def near(self, source: str) -> frozenset[str]:
        """The sources that share tests with `source`."""
        return frozenset(self._shared.get(source, ()))

    def group(self, source: str) -> Group:
        """The sources that tell of the same tests as `source`."""
        return self._groups.get(source) or Group(((source,),))

    def hold(self, source: str, tests: Iterable[TestId]) -> None:
        """Take note that `source` tells of `tests`."""
        for test in tests:
            before = self._holders.get(test, ())
            if source not in before:
                self._count(source, before, 1)
                self._holders[test] = (*before, source)

    def let_go(self, source: str, tests: Iterable[TestId]) -> None:
        """Take note that `source` does not tell of `tests` any more."""
        for test in tests:
            before = self._holders.get(test, ())
            if source not in before:
                continue
            after = tuple(other for other in before if other != source)
            self._count(source, after, -1)
            if after:
                self._holders[test] = after
            else:
                del self._holders[test]

    def regroup(self, source: str, near: Iterable[str]) -> dict[str, str]:
        """The sources that now tell of the same tests as others than before, with the scope of each then.

        What `source` tells has changed; `near`: those that shared tests with it before.
        """
        if source not in self._shared and source not in self._groups and not near:
            return {}
        kin = self._kin({source, *near, *self.group(source).sources})
        profiles = {path: profile(self._tables[path]) for path in kin if path in self._tables}
        pairs = {
            (one, other): number
            for one in profiles
            for other, number in self._shared.get(one, {}).items()
            if one < other and other in profiles
        }
        found = groups(profiles, pairs, self._rules, self._repeats)
        found = {path: group for path, group in found.items() if len(group.sources) > 1 or group.doubt}
        before = {path: self._groups.pop(path) for path in kin if path in self._groups}
        self._groups.update(found)
        return {
            path: before[path].scope if path in before else path
            for path in sorted(before.keys() | found.keys())
            if before.get(path) != found.get(path)
        }

    def _kin(self, sources: set[str]) -> set[str]:
        """`sources`, those that share tests with them, those that share tests with these, and so on."""
        kin, ahead = set(sources), list(sources)
        while ahead:
            more = self._shared.get(ahead.pop(), {}).keys() - kin
            kin |= more
            ahead += more
        return kin

    def _repeats(self, one: str, other: str) -> bool:
        return repeats(*sorted((self._tables[one], self._tables[other]), key=lambda table: len(table.tests)))

    def _count(self, source: str, others: Iterable[str], sign: int) -> None:
        for other in others:
            for one, two in ((source, other), (other, source)):
                pairs = self._shared.setdefault(one, Counter())
                pairs[two] += sign
                if not pairs[two]:
                    del pairs[two]
                if not pairs:
                    del self._shared[one]
