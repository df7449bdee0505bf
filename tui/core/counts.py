"""What is counted of each test: tallies, causes, marks, comparison, names and proofs of golden-path events.

May import the rest of `core` but `store` and what asks it. It is told of every test once, by the Store, which
says in which component it is. Invariant: what was counted in and out again leaves no trace.
"""

import re
from collections.abc import Iterable, Sequence

from tui.core import identity
from tui.core.baseline import Comparison
from tui.core.blocks import Block
from tui.core.causes import Causes
from tui.core.components import Globs
from tui.core.golden import Ledger
from tui.core.marks import MarkedTests, Marks
from tui.core.model import Outcome, TestKey, TestResult
from tui.core.rules import Rules
from tui.core.tally import Tally


class Counts:
    """All that is kept of tests by number or by name. `lazily`: see `tui.core.causes.Causes`."""

    def __init__(self, rules: Rules, *, lazily: bool) -> None:
        self._rules = rules
        self._lazily = lazily
        self.ledger = Ledger(rules.golden_paths, identity.readings)
        self.marked = MarkedTests(Causes(rules.causes).signature)
        self._may_prove = [(rule.name, Globs(rule.tests)) for rule in rules.golden_paths if rule.tests]
        events = {event for path in rules.golden_paths for event in path.pattern.names}
        self._has_events = bool(events)
        longest_first = sorted(map(re.escape, events), key=len, reverse=True)
        self._event_name = re.compile("|".join(longest_first) or r"(?!)")
        self.begin_anew(None)

    def begin_anew(self, comparison: Comparison | None) -> None:
        """Nothing is counted any more; from now on compare with `comparison`."""
        self.comparison = comparison
        self.causes = Causes(self._rules.causes, lazily=self._lazily)
        self.mark(self.marked.marks)
        self.ledger.touch_all()
        self.tallies: dict[str, Tally] = {}
        self._overall: Tally | None = None
        self._named: dict[str, dict[TestKey, None]] = {}
        self._provers: dict[str, int] = {}

    def mark(self, marks: Marks) -> None:
        """These are the marks from now on; of no test it is known yet whether it is marked."""
        self.marked = MarkedTests(self.causes.signature, marks)

    @property
    def overall(self) -> Tally:
        """The counts of everything."""
        if self._overall is None:
            self._overall = sum(self.tallies.values(), start=Tally())
        return self._overall

    def named(self, event: str) -> Iterable[TestKey]:
        """The tests that have the name of this golden-path event in theirs."""
        return self._named.get(event, ())

    def provers(self, path: str) -> int:
        """How many executed tests may prove a golden path that says which may."""
        return self._provers.get(path, 0)

    @property
    def wants_each(self) -> bool:
        """Whether more is kept of each test than tallies and causes."""
        return bool(self._rules.golden_paths or self.comparison or self.marked.marks.marks)

    # --- tests kept one by one ----------------------------------------------------------------------

    def follow(self, key: TestKey, before: TestResult | None, now: TestResult | None) -> None:
        """A test has another result than before; None: it has none."""
        self.ledger.touch(key.test)
        self.marked.follow(key, before, now)
        if not self._has_events or (before is None) is (now is None):
            return
        for event in self._event_name.findall(key.test.name):
            if now is not None:
                self._named.setdefault(event, {})[key] = None
            else:
                self._named[event].pop(key, None)

    def count(self, key: TestKey, component: str, result: TestResult, sign: int) -> None:
        """Count a result in (`sign` 1) or out (-1)."""
        self._tally(component).add(result, sign)
        if self._may_prove:
            self._count_proof(key, result, sign)
        if result.outcome is Outcome.FAILED or result.outcome is Outcome.ERROR:
            if sign > 0:
                self.causes.add(key, result.attempts[-1].failures)
            else:
                self.causes.remove(key, result.attempts[-1].failures)
        if self.comparison is not None:
            self.comparison.count(key, component, result.outcome, sign, result.duration)

    def count_new(self, component: str, keys: Sequence[TestKey], results: Sequence[TestResult]) -> None:
        """Count tests in that are new, all of one component: only where nothing `wants_each`."""
        self._tally(component).add_all(results)
        for key, result in zip(keys, results, strict=True):
            if result.outcome is Outcome.FAILED or result.outcome is Outcome.ERROR:
                self.causes.add(key, result.attempts[-1].failures)

    def _tally(self, component: str) -> Tally:
        """The counts of a component, which are about to change."""
        self._overall = None
        tally = self.tallies.get(component)
        if tally is None:
            tally = self.tallies[component] = Tally()
        return tally

    def _count_proof(self, key: TestKey, result: TestResult, sign: int) -> None:
        for path, globs in self._may_prove if result.outcome is not Outcome.SKIPPED else ():
            if globs.match(result.label) or globs.match(key.test.dotted):
                self._provers[path] = self._provers.get(path, 0) + sign

    # --- tests in blocks ----------------------------------------------------------------------------

    def count_block(self, block: Block, component: str, sign: int) -> None:
        """Count the tests of `block` in or out; one by one only where somebody wants to know of each."""
        self._tally(component).add_block(block, sign)
        if not self.wants_each:
            return
        for key, result in zip(block.tests(), block.results(), strict=True):
            self.follow(key, *((None, result) if sign > 0 else (result, None)))
            self._count_proof(key, result, sign)
            if self.comparison is not None:
                self.comparison.count(key, component, result.outcome, sign, result.duration)
