"""Which sources tell of a test, and which of them belong together because they tell of the same ones.

May import `core.components`, `core.counting`, `core.model`, `core.scopes` and `core.table`. Invariants: a
test is held by each source that tells of it, once, also by those that a later run has replaced; the cost of
a result is the cost of that result, however many sources there are, and only sources that share tests with
the one that changed, and those that are reruns by the rules, are looked at again.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from tui.core.components import Globs
from tui.core.counting import change
from tui.core.model import SourceState, TestId
from tui.core.scopes import Group, Profile, Relation, RelationRule, groups
from tui.core.table import Table

_TELLING = 3


class Sharing:
    """Who holds which test, of the `tables` in sight.

    `rules` say how sources stand to each other where the evidence misleads.
    """

    def __init__(self, tables: Mapping[str, Table], rules: Sequence[RelationRule]) -> None:
        self._tables = tables
        self._rules = rules
        self._holders: dict[TestId, tuple[str, ...]] = {}
        self._suites: set[str] = set()
        self._shared: dict[str, Counter[str]] = {}
        self._groups: dict[str, Group] = {}
        self._replaced: frozenset[str] = frozenset()
        self._globs = [(Globs(rule.files), rule.relation) for rule in rules]
        self._seen: set[str] = set()
        self._reruns: set[str] = set()

    @property
    def replaced(self) -> frozenset[str]:
        """The sources that count no more, since a later run has replaced them."""
        return self._replaced

    def holders(self, test: TestId) -> tuple[str, ...]:
        """The sources that tell of `test`, and count."""
        return self._counting(self._holders.get(test, ()))

    def _counting(self, sources: tuple[str, ...]) -> tuple[str, ...]:
        if not self._replaced:
            return sources
        return tuple(source for source in sources if source not in self._replaced)

    def holds_any(self, suite: str, tests: Iterable[TestId]) -> bool:
        """Whether any source holds any of `tests`, all of one suite: of most suites none ever did."""
        return suite in self._suites and not self._holders.keys().isdisjoint(tests)

    def near(self, source: str) -> frozenset[str]:
        """The sources that share tests with `source`."""
        return frozenset(self._shared.get(source, ()))

    def group(self, source: str) -> Group:
        """The sources that tell of the same tests as `source`."""
        return self._groups.get(source) or Group(((source,),))

    def is_alone(self, source: str) -> bool:
        """Whether no other source is known to tell of the same tests."""
        return source not in self._groups

    def is_by_itself(self, source: str) -> bool:
        """Whether what a source tells counts, and no other is of the same run or repeats it."""
        group = self.group(source)
        return len(group.sources) == 1 and not group.replaced_by

    def hold(self, source: str, tests: Iterable[TestId]) -> list[TestId]:
        """`source` tells of `tests`; those are given back of which nobody did."""
        fresh = []
        alone = (source,)
        for test in tests:
            before = self._holders.get(test)
            if before is None:
                fresh.append(test)
                self._suites.add(test.suite)
                self._holders[test] = alone
            elif source not in before:
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
            if not self._counting(after):
                lost.append(test)
        return lost

    def regroup(self, source: str, near: Iterable[str]) -> dict[str, str]:
        """The sources that now tell of the same tests as others than before, with the scope of each then.

        What `source` tells has changed; `near`: those that shared tests with it before.
        """
        reruns = self._said_to_be_reruns(source)
        if source not in self._shared and source not in self._groups and not near and not reruns:
            return {}
        kin = self._kin({source, *near, *self.group(source).sources, *reruns})
        profiles = {path: self._profile(path) for path in kin if path in self._tables}
        pairs = {
            (one, other): number
            for one in profiles
            for other, number in self._shared.get(one, {}).items()
            if one < other and other in profiles
        }
        found = groups(profiles, pairs, self._rules, self._repeats, lambda: self._others(kin))
        found = {
            path: group
            for path, group in found.items()
            if len(group.sources) > 1 or group.doubt or group.replaced_by
        }
        before = {path: self._groups.pop(path) for path in kin if path in self._groups}
        self._groups.update(found)
        self._replaced = (self._replaced - kin) | {path for path, group in found.items() if group.replaced_by}
        return {
            path: before[path].scope if path in before else path
            for path in sorted(before.keys() | found.keys())
            if before.get(path) != found.get(path)
        }

    def _said_to_be_reruns(self, source: str) -> list[str]:
        """The sources that are reruns by the rules: of some run, also where they share no test with it."""
        if source not in self._seen:
            self._seen.add(source)
            if next((said for globs, said in self._globs if globs.match(source)), None) is Relation.RERUN:
                self._reruns.add(source)
        return [path for path in self._reruns if path in self._tables]

    def _others(self, kin: AbstractSet[str]) -> list[Profile]:
        return [self._profile(path) for path in self._tables if path not in kin]

    def _profile(self, path: str) -> Profile:
        """What decides how a source stands to others."""
        table = self._tables[path]
        return Profile(
            path,
            table.format,
            len(table.tests),
            table.started,
            table.ended,
            zoned=table.zoned,
            attempt_of=table.attempt_of,
            modified=table.modified,
            is_over=not table.is_live and table.state is not SourceState.CUT_SHORT,
            is_rerun=path in self._reruns,
        )

    def _kin(self, sources: set[str]) -> set[str]:
        """`sources`, those that share tests with them, those that share tests with these, and so on."""
        kin, ahead = set(sources), list(sources)
        while ahead:
            more = self._shared.get(ahead.pop(), {}).keys() - kin
            kin |= more
            ahead += more
        return kin

    def _repeats(self, one: str, other: str) -> bool:
        return _repeats(*sorted((self._tables[one], self._tables[other]), key=lambda table: len(table.tests)))

    def _count(self, source: str, others: Iterable[str], sign: int) -> None:
        for other in others:
            for one, two in ((source, other), (other, source)):
                pairs = self._shared.setdefault(one, Counter())
                change(pairs, two, sign)
                if not pairs:
                    del self._shared[one]


def _repeats(few: Table, many: Table) -> bool:
    """Whether `many` is written from the very suites that `few` holds, as Ant's report of all is.

    Each suite began at the same moment in both, and each test of `few` has the same outcome after the same
    time in `many`. Where neither holds more than the other that takes several tests that took some time.
    """
    if few.is_live or many.is_live or few.producer != many.producer:
        return False
    if not few.starts or not few.starts <= many.starts:
        return False
    telling = 0
    for test, result in few.tests.items():
        other = many.get(test)
        if other is None or other.outcome is not result.outcome or other.duration != result.duration:
            return False
        telling += bool(result.duration)
    if len(few.tests) < len(many.tests):
        return len(few.starts) < len(many.starts)
    return few.size != many.size and telling >= _TELLING
