"""What the sources that tell of one test say of it together, and where they disagree.

May import `core.components`, `core.fold`, `core.model`, `core.scopes`, `core.sharing` and `core.table`.
Invariants: of the sources of one run the first speaks, later runs lie over earlier ones, what a later run has
replaced says nothing; where two of one run
differ, that is said.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from tui.core import fold
from tui.core.components import Globs
from tui.core.model import Flag, TestId, TestKey, TestResult
from tui.core.scopes import RelationRule
from tui.core.sharing import Sharing
from tui.core.table import Table


class Together:
    """Puts together what `tables` say; `rules` name the sources that somebody reran by hand."""

    def __init__(self, tables: Mapping[str, Table], sharing: Sharing, rules: Sequence[RelationRule]) -> None:
        self._tables = tables
        self._sharing = sharing
        self._by_hand = [Globs(rule.files) for rule in rules if rule.by_hand]
        self._disagreements: dict[TestKey, str] = {}

    def disagreements(self) -> Iterator[tuple[TestKey, str]]:
        """The tests of which two sources of one run say different things, each in words."""
        yield from self._disagreements.items()

    def forget(self, key: TestKey) -> None:
        """Nothing is said of this test any more."""
        self._disagreements.pop(key, None)

    def clear(self) -> None:
        """Nothing is said of any test any more."""
        self._disagreements.clear()

    def results(self, scope: str, tests: Iterable[TestId]) -> Iterator[tuple[TestKey, TestResult | None]]:
        """The keys of some tests of one scope, each with its `result`."""
        if self._disagreements or not self._sharing.is_alone(scope):
            for test in tests:
                key = TestKey(scope, test)
                yield key, self.result(key)
        else:
            table = self._tables.get(scope)
            singles = table.singles if table is not None else {}
            for test in tests:
                yield TestKey(scope, test), singles.get(test)

    def result(self, key: TestKey) -> TestResult | None:
        """What the sources that tell of one test say of it together."""
        if self._disagreements:
            self.forget(key)
        if self._sharing.is_alone(key.scope):  # as nearly all are
            table = self._tables.get(key.scope)
            return table.singles.get(key.test) if table is not None else None
        group = self._sharing.group(key.scope)
        if group.replaced_by:
            return None
        runs = []
        for run in group.runs:
            tables = (self._tables[path] for path in run if path in self._tables)
            told = [(table.source, found) for table in tables if (found := table.singles.get(key.test))]
            if told:
                runs.append(told[0][1])
                self._compare_twins(key, told)
        if not runs:
            return None
        if len(runs) == 1:
            return runs[0]
        result = fold.overlay(tuple(runs))
        if Flag.FLAKY in result.flags and self._was_mended(runs):
            result = replace(result, flags=result.flags - {Flag.FLAKY})
        return result

    def _was_mended(self, runs: Sequence[TestResult]) -> bool:
        """Whether what passes now may pass for another code: that is no sign of a flaky test."""
        by_hand = any(globs.match(runs[-1].last.source) for globs in self._by_hand)
        return by_hand and not any(Flag.FLAKY in run.flags for run in runs)

    def _compare_twins(self, key: TestKey, told: list[tuple[str, TestResult]]) -> None:
        """Note where two sources of one run say different things of one test."""
        if len({result.outcome for _, result in told}) > 1:
            said = ", ".join(f"{result.outcome} in {source}" for source, result in told)
            self._disagreements[key] = f"{told[0][1].label}: {said}"
