"""Every golden-path event, kept by path, test and key, so that a change costs what it touches.

May import `core.components`, `core.identity`, `core.model` and, of this package, `instance`, `judge` and
`model`. Invariant: its verdicts equal those of a fresh ledger that was told the same events and results.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from tui.core import identity
from tui.core.components import Globs
from tui.core.golden import instance, judge
from tui.core.golden.model import Instance, Observation, Owner, PathRule, PathVerdict, Witness
from tui.core.model import GoldenEvent, TestId, TestKey


class Ref(NamedTuple):
    """How a source ties events to a test: by an id of its own, by a text, or not at all."""

    source: str
    test: TestId | str | None


class _Group(NamedTuple):
    """The events of one instance: those of one test, or of a name that is none, and one value of the key."""

    test: TestKey | TestId | str | None
    value: str | None


Resolve = Callable[[Ref], Witness | None]
Named = Callable[[str], Sequence[Witness]]


class Ledger:
    """All golden-path events there are. `readings`: the tests that somebody may mean by a text."""

    def __init__(self, rules: Sequence[PathRule], readings: Callable[[str], Iterable[TestId]]) -> None:
        self._readings = readings
        self._books = [
            _Book(rule, frozenset(n for other in rules if other is not rule for n in other.pattern.names))
            for rule in rules
        ]
        self._read: dict[str, tuple[list[GoldenEvent], int]] = {}
        self._refs: dict[str, dict[Ref, None]] = {}
        self._by_test: dict[TestId, set[Ref]] = {}
        self._unsettled: dict[Ref, None] = {}
        self._stale: frozenset[str] = frozenset()

    def touch(self, test: TestId) -> None:
        """Something about a test of this id changed: who is meant by it, or what became of it."""
        if test in self._by_test:
            self._unsettled.update(dict.fromkeys(self._by_test[test]))

    def touch_all(self) -> None:
        """Anything may have changed."""
        for refs in self._refs.values():
            self._unsettled.update(refs)

    def read(self, sources: Mapping[str, list[GoldenEvent]]) -> None:
        """Take in what the sources hold now; a list that is another than before is read from its start."""
        for source in [source for source in self._read if source not in sources]:
            self._forget(source)
        for source, events in sources.items():
            self.read_on(source, events)

    def read_on(self, source: str, events: list[GoldenEvent]) -> None:
        """Take in what one source holds now."""
        if not self._books:
            return
        known, number = self._read.get(source, (events, 0))
        if known is not events:
            self._forget(source)
            number = 0
        if number < len(events):
            self._take(source, events[number:])
            self._read[source] = (events, len(events))

    def verdicts(
        self, resolve: Resolve, named: Named, stale: frozenset[str], has_results: Callable[[PathRule], bool]
    ) -> tuple[PathVerdict, ...]:
        """The verdict on every path. `stale`: sources that are too old to count."""
        if stale != self._stale:
            self._stale = stale
            self.touch_all()
        unsettled, self._unsettled = self._unsettled, {}
        for ref in unsettled:
            witness = resolve(ref)
            for book in self._books:
                book.settle(ref, witness)
        return tuple(book.verdict(named, stale, any_results=has_results(book.rule)) for book in self._books)

    def _take(self, source: str, events: Sequence[GoldenEvent]) -> None:
        refs = self._refs.setdefault(source, {})
        for event in events:
            ref = Ref(source, event.test)
            if ref not in refs:
                refs[ref] = None
                for reading in self._meant(ref):
                    self._by_test.setdefault(reading, set()).add(ref)
                self._unsettled[ref] = None
            for book in self._books:
                book.take(ref, event)

    def _forget(self, source: str) -> None:
        self._read.pop(source, None)
        for ref in self._refs.pop(source, ()):
            self._unsettled.pop(ref, None)
            for reading in self._meant(ref):
                self._by_test.get(reading, set()).discard(ref)
            for book in self._books:
                book.forget(ref)

    def _meant(self, ref: Ref) -> Iterable[TestId]:
        match ref.test:
            case None:
                return ()
            case TestId() as test:
                return (test,)
            case text:
                return self._readings(text)


class _Book:
    """The events of one path."""

    def __init__(self, rule: PathRule, elsewhere: frozenset[str]) -> None:
        self.rule = rule
        self._names = frozenset(rule.pattern.names)
        self._elsewhere = elsewhere
        self._renamed = dict(rule.renamed)
        self._allowed = Globs(rule.tests) if rule.tests else None
        self._told: dict[Ref, dict[str | None, list[tuple[str, GoldenEvent]]]] = {}
        self._mocked: dict[Ref, dict[str, int]] = {}
        self._witnesses: dict[Ref, Witness | None] = {}
        self._groups: dict[_Group, dict[Ref, None]] = {}
        self._changed: dict[_Group, None] = {}
        self._judged: dict[_Group, Instance] = {}
        self._having: Counter[str] = Counter()
        self._claims: dict[str, tuple[Witness, ...]] = {}
        self._verdict: PathVerdict | None = None
        self._any_results = False

    def take(self, ref: Ref, event: GoldenEvent) -> None:
        """Take in an event of this path, or one that an instance of it holds beside its own."""
        if event.path not in (None, self.rule.name):
            return
        name = self._renamed.get(event.name, event.name)
        is_own = name in self._names
        if ("src", "mock") in event.fields:
            if is_own:
                counts = self._mocked.setdefault(ref, {})
                counts[name] = counts.get(name, 0) + 1
                self._verdict = None
            return
        if not is_own and event.path is None and name in self._elsewhere:
            return
        value = dict(event.fields).get(self.rule.key) if self.rule.key else None
        self._told.setdefault(ref, {}).setdefault(value, []).append((name, event))
        if ref in self._witnesses:
            self._join(ref, value)

    def forget(self, ref: Ref) -> None:
        """The source of `ref` is gone."""
        self._leave(ref)
        self._told.pop(ref, None)
        self._witnesses.pop(ref, None)
        if self._mocked.pop(ref, None):
            self._verdict = None

    def settle(self, ref: Ref, witness: Witness | None) -> None:
        """From now on the events of `ref` are those of `witness`."""
        self._leave(ref)
        self._witnesses[ref] = witness
        for value in self._told.get(ref, ()):
            self._join(ref, value)

    def _join(self, ref: Ref, value: str | None) -> None:
        group = self._group(ref, value)
        self._groups.setdefault(group, {})[ref] = None
        self._changed[group] = None

    def _leave(self, ref: Ref) -> None:
        if ref in self._witnesses:
            for value in self._told.get(ref, ()):
                group = self._group(ref, value)
                self._groups[group].pop(ref, None)
                self._changed[group] = None

    def _group(self, ref: Ref, value: str | None) -> _Group:
        witness = self._witnesses[ref]
        return _Group(witness.key if witness else ref.test, value)

    def verdict(self, named: Named, stale: frozenset[str], *, any_results: bool) -> PathVerdict:
        """The verdict as of now: an instance of which nothing changed is not judged again."""
        if self._changed:
            for group in self._changed:
                self._judge(group, stale)
            self._changed = {}
            self._verdict = None
        claims = {name: tuple(named(name)) for name in self.rule.pattern.required if not self._having[name]}
        if self._verdict is None or (claims, any_results) != (self._claims, self._any_results):
            self._claims, self._any_results = claims, any_results
            self._verdict = judge.path(
                self.rule, self._judged.values(), claims, self._mocks(), any_results=any_results
            )
        return self._verdict

    def _mocks(self) -> dict[str, int]:
        total: dict[str, int] = {}
        for counts in self._mocked.values():
            for name, number in counts.items():
                total[name] = total.get(name, 0) + number
        return total

    def _judge(self, group: _Group, stale: frozenset[str]) -> None:
        before = self._judged.pop(group, None)
        if before is not None:
            self._having.subtract(before.names)
        told = [
            Observation(name, event, ref.source, ref.source in stale)
            for ref in self._groups.get(group, ())
            for name, event in self._told[ref][group.value]
        ]
        if not told:
            self._groups.pop(group, None)
        own = [each for each in told if each.name in self._names]
        if not own:
            return
        ref = next(iter(self._groups[group]))
        witness = self._witnesses[ref]
        judged = instance.judge(
            self.rule,
            own,
            [each for each in told if each.name not in self._names],
            Owner(
                witness,
                identity.label(ref.test) if isinstance(ref.test, TestId) else ref.test,
                group.value,
                may_prove=witness is not None and self._may_prove(witness),
            ),
        )
        self._judged[group] = judged
        self._having.update(judged.names)

    def _may_prove(self, witness: Witness) -> bool:
        globs = self._allowed
        return globs is None or globs.match(witness.label) or globs.match(witness.key.test.dotted)
