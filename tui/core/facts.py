"""The facts of this moment: the one answer that the report, `check` and every view show.

May import the rest of `core`. Pure: `now` is handed in. Invariant: no number is worked out anywhere
after this, so the screen, the reports and the exit code cannot disagree.
"""

from dataclasses import dataclass, field

from tui.core import verdict, witnesses
from tui.core.baseline import Change, KnownTest
from tui.core.causes import Cause
from tui.core.components import status
from tui.core.golden import PathVerdict
from tui.core.model import Claimed, Problem, SourceState, TestKey, TestResult
from tui.core.scopes import Group
from tui.core.store import Store, source_problems
from tui.core.table import Table, claim_gaps
from tui.core.tally import Tally
from tui.core.verdict import ComponentStanding, Criterion, Standing, Verdict
from tui.text import age, counted

_NOT_WHOLE = (SourceState.CUT_SHORT, SourceState.UNREADABLE, SourceState.EMPTY)
_NOTES_PER_SOURCE = 3


@dataclass(frozen=True, slots=True)
class Row:
    """A component, or the whole. `delta`: percentage points since the baseline, over the shared tests.

    `delta_note` says why there is no delta.
    """

    name: str
    tally: Tally
    status: str
    required: bool = False
    live: bool = False
    delta: float | None = None
    delta_note: str = ""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source. `age` in seconds; `relation` says which other sources tell of the same tests."""

    path: str
    format: str
    producer: str
    state: SourceState
    reason: str
    age: float
    tally: Tally
    events: int
    claimed: Claimed | None
    repaired: int
    problems: tuple[Problem, ...]
    relation: str
    held_before: tuple[int, float] | None
    size: int


@dataclass(frozen=True, slots=True)
class Regressions:
    """What changed since the baseline; `known` is False where there is none to compare with."""

    baseline: str | None = None
    problem: str = ""
    known: bool = False
    comparable: bool = False
    shared: int = 0
    tests_then: int = 0
    numbers: dict[Change, int] = field(default_factory=dict)
    vanished: tuple[KnownTest, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that a screen or a report says, but for the lists of tests.

    `elapsed` is in seconds, from the first start to the last end that any source states. `left` is how
    many of the baseline's tests are still to come while a run is live.
    `changed` is when a source last changed.
    """

    now: float
    live: bool
    scanned: bool
    backlog: int
    directory_exists: bool
    directory_problem: str
    others: tuple[tuple[str, str], ...]
    verdict: Verdict
    overall: Row
    components: tuple[Row, ...]
    golden_paths: tuple[PathVerdict, ...]
    regressions: Regressions
    causes: tuple[Cause, ...]
    sources: tuple[SourceRow, ...]
    gone: tuple[tuple[str, str], ...]
    running: tuple[tuple[TestKey, TestResult], ...]
    notes: tuple[str, ...]
    started: float | None
    elapsed: float | None
    left: int
    changed: float | None

    @property
    def failing_tests(self) -> int:
        """How many tests failed or are in error."""
        return self.overall.tally.bad

    @property
    def tests_in_several_causes(self) -> int:
        """By how many the tests of all causes together exceed the failing tests."""
        return sum(cause.tests for cause in self.causes) - self.failing_tests

    def criterion(self, name: str) -> Criterion | None:
        """The criterion of that name, if it is judged."""
        return next((c for c in self.verdict.criteria if c.name == name), None)


def gather(store: Store, now: float) -> Facts:
    """The facts at `now` (seconds since the epoch)."""
    max_age = store.rules.criteria.max_age
    tables = sorted([*store.tables.values(), *store.pending()], key=lambda table: table.source)
    sources = tuple(_source(store, table, now, max_age) for table in tables)
    stale = frozenset(row.path for row in sources if max_age is not None and row.age > max_age)
    live, live_components = store.is_live, store.live_components()
    components = tuple(_row(store, name, live=name in live_components) for name in store.components)
    overall = _overall(store, live=live)
    paths = witnesses.verdicts(store, stale)
    regressions = _regressions(store, live_components, live=live)
    standing = Standing(
        overall=overall.tally,
        components=_standings(store, components),
        golden_paths=paths,
        regressions=_labels(store, Change.NEW_FAILURE) if regressions.known else None,
        vanished=tuple(test.label for test in regressions.vanished) if regressions.known else None,
        ages=tuple((row.path, row.age) for row in sources if row.tally.tests),
        unreadable=tuple(f"{r.path}: {r.state}, {r.reason}" for r in sources if r.state in _NOT_WHOLE),
        live=live or not store.scanned,
    )
    started, ended = _times(store)
    elapsed = None
    if started is not None and ended is not None:
        elapsed = max((now if live else ended) - started, 0.0)
    return Facts(
        now=now,
        live=live,
        scanned=store.scanned,
        backlog=store.directory.backlog,
        directory_exists=store.directory.exists,
        directory_problem=store.directory.problem,
        others=store.directory.others,
        verdict=verdict.judge(store.rules.criteria, standing),
        overall=overall,
        components=components,
        golden_paths=paths,
        regressions=regressions,
        causes=store.cause_list(),
        sources=sources,
        gone=tuple(store.gone.items()),
        running=store.running(),
        notes=_notes(store, components, sources, regressions, paths),
        started=started,
        elapsed=elapsed,
        left=len(store.comparison.missing()) if live and store.comparison else 0,
        changed=max((table.modified for table in store.tables.values()), default=None),
    )


def _row(store: Store, name: str, *, live: bool) -> Row:
    tally = store.tally(name)
    delta, note = _delta(store, tally, name)
    required = any(rule.name == name and rule.required for rule in store.rules.components)
    word = status(tally, store.rules.bands, live=live)
    return Row(name, tally, word, required=required, live=live, delta=delta, delta_note=note)


def _overall(store: Store, *, live: bool) -> Row:
    tally = store.overall
    delta, note = _delta(store, tally, None)
    word = status(tally, store.rules.bands, live=live)
    return Row("Overall", tally, word, live=live, delta=delta, delta_note=note)


def _delta(store: Store, tally: Tally, component: str | None) -> tuple[float | None, str]:
    comparison = store.comparison
    if comparison is None:
        return None, "no baseline"
    if comparison.comparable(tally.tests, component):
        return comparison.shared(component).delta, ""
    then = comparison.size(component)
    if not then or not tally.tests:
        return None, "not in the baseline" if tally.tests else "no results"
    return None, f"not comparable: {tally.tests:,} tests now, {then:,} then"


def _standings(store: Store, rows: tuple[Row, ...]) -> tuple[ComponentStanding, ...]:
    least = {rule.name: rule.min_rate for rule in store.rules.components}
    return tuple(
        ComponentStanding(row.name, row.tally, row.required, least.get(row.name), row.live) for row in rows
    )


def _regressions(store: Store, live_components: frozenset[str], *, live: bool) -> Regressions:
    comparison = store.comparison
    if comparison is None:
        return Regressions(problem=store.baseline_problem)
    # A test that is merely not yet run has not vanished.
    vanished = tuple(
        test
        for test in comparison.missing()
        if test.component not in live_components and not (live and not store.tally(test.component).tests)
    )
    numbers = {kind: comparison.number(kind) for kind in Change}
    numbers[Change.VANISHED] = len(vanished)
    return Regressions(
        baseline=comparison.name,
        problem=store.baseline_problem,
        known=bool(store.tests),
        comparable=comparison.comparable(len(store.tests)),
        shared=comparison.shared().tests,
        tests_then=comparison.size(),
        numbers=numbers,
        vanished=vanished,
    )


def _labels(store: Store, kind: Change) -> tuple[str, ...]:
    assert store.comparison is not None
    return tuple(store.tests[key].label for key in store.comparison.tests(kind))


def _source(store: Store, table: Table, now: float, max_age: float | None) -> SourceRow:
    old = max(now - table.modified, 0.0)
    state, reason = table.state, table.reason
    if table.kept:
        state, reason = SourceState.GROWING, table.kept
    elif state is SourceState.COMPLETE and max_age is not None and old > max_age:
        state, reason = SourceState.STALE, f"{age(old)} old, more than {age(max_age)}"
    return SourceRow(
        path=table.source,
        format=table.format,
        producer=table.producer,
        state=state,
        reason=reason,
        age=old,
        tally=table.tally.copy() if table.source in store.tables else Tally(),
        events=len(table.events),
        claimed=table.claimed,
        repaired=table.repaired,
        problems=source_problems(table),
        relation=_relation(store.group(table.source), table.source),
        held_before=table.held_before,
        size=table.size,
    )


def _relation(group: Group, source: str) -> str:
    said = []
    for position, run in enumerate(group.runs):
        if source not in run:
            continue
        twins = [path for path in run if path != source]
        if twins:
            said.append(f"same run as {', '.join(twins)}")
        if position:
            said.append(f"rerun of {', '.join(group.runs[position - 1])}")
    return "; ".join(said)


def _times(store: Store) -> tuple[float | None, float | None]:
    started = [table.started for table in store.tables.values() if table.started is not None]
    ended = [table.ended for table in store.tables.values() if table.ended is not None]
    return min(started, default=None), max(ended, default=None)


def _copies(store: Store) -> list[str]:
    """Sources that say the very same, and are counted apart: nothing proves that they are one run."""
    alike: dict[tuple[object, ...], list[str]] = {}
    for path, table in sorted(store.tables.items()):
        if table.tests and table.started is not None and len(store.group(path).sources) == 1:
            said = (table.format, table.size, table.started, table.ended, len(table.tests))
            alike.setdefault(said, []).append(path)
    advice = 'copies? They are counted apart; [[sources]] as = "same run" joins them'
    return [
        f"{', '.join(paths)}: same tests, times and size: {advice}"
        for paths in alike.values()
        if len(paths) > 1
    ]


def _notes(
    store: Store,
    components: tuple[Row, ...],
    sources: tuple[SourceRow, ...],
    regressions: Regressions,
    paths: tuple[PathVerdict, ...],
) -> tuple[str, ...]:
    notes = [f"{row.name}: {explanation}" for row in components if (explanation := row.tally.explanation())]
    notes += [
        f"{row.name} (required): NOT RUN, no test of it was executed"
        for row in components
        if row.required and not row.tally.executed and not row.live
    ]
    notes += [
        f"{path.name}: hollow, {counted(number, 'passing test')} without a required event of its own"
        for path in paths
        if (number := len(path.hollow_tests))
    ]
    for row in sources:
        if row.state in _NOT_WHOLE:
            notes.append(f"{row.path}: {row.state}, {row.reason}")
        if row.claimed is not None:
            gaps = claim_gaps(row.claimed, row.tally)[:_NOTES_PER_SOURCE]
            notes += [f"{row.path}: {gap}" for gap in gaps]
        if row.repaired:
            notes.append(f"{row.path}: repaired, {counted(row.repaired, 'character')} replaced")
    notes += _copies(store)
    notes += store.disagreements()[:_NOTES_PER_SOURCE]
    if regressions.problem:
        notes.append(f"baseline: {regressions.problem}")
    notes += [
        f"{row.name}: {row.delta_note}"
        for row in components
        if row.delta_note.startswith("not comp") and not row.live
    ]
    return tuple(notes)
