"""The facts of this moment: the one answer that the report, `check` and every view show.

May import the rest of `core`. Pure: `now` is handed in. Invariant: no number is worked out anywhere
after this, so the screen, the reports and the exit code cannot disagree.
"""

from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from tui.core import hollow, marks, notrun, progress, running, witnesses
from tui.core.baseline import Change, KnownTest
from tui.core.causes import Cause
from tui.core.components import status
from tui.core.criteria import Criterion, CriterionState
from tui.core.golden import PathVerdict
from tui.core.hollow import Mark
from tui.core.notrun import NotRun
from tui.core.progress import Progress
from tui.core.running import Running
from tui.core.sourcebook import SourceBook
from tui.core.sourcerows import SourceRow
from tui.core.standing import standing
from tui.core.store import Store
from tui.core.tally import Tally
from tui.core.verdict import Verdict, judge
from tui.text import counted

_NOTES_PER_SOURCE = 3


class Row(Struct, frozen=True):
    """A component, or the whole. `delta`: percentage points since the baseline, over the shared tests.

    `delta_note` says why there is no delta. `not_run`: planned tests without a result, None where nothing
    says what is to run. `unmet`: something that is demanded of it in particular is not met.
    """

    name: str
    tally: Tally
    status: str
    required: bool = False
    live: bool = False
    delta: float | None = None
    delta_note: str = ""
    not_run: int | None = None
    hollow: tuple[Mark, ...] = ()
    unmet: bool = False


class Regressions(Struct, frozen=True):
    """What changed since the baseline; `known` is False where there is none to compare with.

    `moved`: how many tests are compared with one that the baseline has under another path.
    """

    baseline: str | None = None
    problem: str = ""
    known: bool = False
    comparable: bool = False
    shared: int = 0
    tests_then: int = 0
    numbers: dict[Change, int] = field(default_factory=dict)
    vanished: tuple[KnownTest, ...] = ()
    moved: int = 0


class Facts(Struct, frozen=True):
    """Everything that a screen or a report says, but for the lists of tests.

    `elapsed` is in seconds, from the first start to the last end that the sources state, reruns left out; of
    what is live since its own start. `changed` is when
    a source last changed. `ungrouped`: how many failing tests are in no cause yet; `cut_short`: how many
    sources are.
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
    cut_short: int
    gone: tuple[tuple[str, str], ...]
    running: tuple[Running, ...]
    notes: tuple[str, ...]
    started: float | None
    elapsed: float | None
    not_run: NotRun
    progress: Progress
    hollow: tuple[Mark, ...]
    known: marks.Numbers
    changed: float | None
    ungrouped: int

    @property
    def failing_tests(self) -> int:
        """How many tests failed or are in error."""
        return self.overall.tally.bad

    @property
    def tests_in_several_causes(self) -> int:
        """By how many the tests of all causes together exceed the failing tests."""
        return sum(cause.tests for cause in self.causes) + self.ungrouped - self.failing_tests

    def criterion(self, name: str) -> Criterion | None:
        """The criterion of that name, if it is judged."""
        return next((c for c in self.verdict.criteria if c.name == name), None)


def gather(store: Store, now: float, book: SourceBook | None = None) -> Facts:
    """The facts at `now` (seconds since the epoch).

    `book`: what was known of the sources before; whoever asks again and again keeps it.
    """
    book = book or SourceBook(store)
    book.follow(now)
    sources = book.rows()
    max_age = store.rules.criteria.max_age
    aged = sources if max_age is not None else ()
    aged_out = {row.path for row in aged if max_age is not None and row.age(now) > max_age}
    stale = store.replaced | aged_out
    live, live_components = store.is_live, store.live_components()
    runners = running.look(store, now)
    not_run = notrun.look(store, live_components, live=live)
    hollow_marks = store.hollow()
    rows = _Rows(store, not_run, hollow.by_component(hollow_marks))
    components = tuple(rows.of(name, live=name in live_components) for name in store.components)
    overall = rows.overall(live=live)
    paths = witnesses.verdicts(store, stale)
    verdict = judge(
        standing(
            store,
            [(row.name, row.tally, row.required) for row in components],
            live=live or not store.scanned,
            live_components=live_components,
            golden_paths=paths,
            not_run=not_run,
            hollow=hollow_marks,
            book=book,
            now=now,
        )
    )
    unmet = {each.component for each in verdict.criteria if each.state is CriterionState.NOT_MET}
    components = tuple(replace(row, unmet=True) if row.name in unmet else row for row in components)
    regressions = _regressions(store, not_run)
    started = book.began
    since, until = (store.live_since(), now) if live else (started, book.ended)
    elapsed = max(until - since, 0.0) if since is not None and until is not None else None
    return Facts(
        now=now,
        live=live,
        scanned=store.scanned,
        backlog=store.directory.backlog,
        directory_exists=store.directory.exists,
        directory_problem=store.directory.problem,
        others=store.directory.others,
        verdict=verdict,
        overall=overall,
        components=components,
        golden_paths=paths,
        regressions=regressions,
        causes=store.cause_list(),
        ungrouped=len(store.causes.waiting),
        sources=sources,
        cut_short=book.cut_short,
        gone=tuple(store.gone.items()),
        running=runners,
        notes=_notes(
            store,
            components,
            book,
            regressions=regressions,
            not_run=not_run,
            hollow_marks=hollow_marks,
            paths=paths,
        ),
        started=started,
        elapsed=elapsed,
        not_run=not_run,
        progress=progress.look(store, not_run, runners, now, live=live),
        hollow=hollow_marks,
        known=store.marked.numbers(),
        changed=book.modified,
    )


class _Rows:
    """Makes the rows of the components and of the whole."""

    def __init__(self, store: Store, not_run: NotRun, marks: Mapping[str, tuple[Mark, ...]]) -> None:
        self._store = store
        self._not_run = not_run
        self._marks = marks
        self._required = {rule.name for rule in store.rules.components if rule.required}

    def of(self, name: str, *, live: bool) -> Row:
        """The row of one component."""
        tally = self._store.tally(name)
        delta, note = _delta(self._store, tally, name)
        return Row(
            name,
            tally,
            status(tally, self._store.rules.bands, live=live),
            required=name in self._required,
            live=live,
            delta=delta,
            delta_note=note,
            not_run=self._not_run.of(name),
            hollow=self._marks.get(name, ()),
        )

    def overall(self, *, live: bool) -> Row:
        """The row of everything."""
        tally = self._store.overall
        delta, note = _delta(self._store, tally, None)
        return Row(
            "Overall",
            tally,
            status(tally, self._store.rules.bands, live=live),
            live=live,
            delta=delta,
            delta_note=note,
            not_run=self._not_run.number if self._not_run.known else None,
        )


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


def _regressions(store: Store, not_run: NotRun) -> Regressions:
    comparison = store.comparison
    if comparison is None:
        return Regressions(problem=store.baseline_problem)
    numbers = {kind: comparison.number(kind) for kind in Change}
    numbers[Change.VANISHED] = len(not_run.vanished)
    return Regressions(
        baseline=comparison.name,
        problem=store.baseline_problem,
        known=bool(store.tests),
        comparable=comparison.comparable(len(store.tests)),
        shared=comparison.shared().tests,
        tests_then=comparison.size(),
        numbers=numbers,
        vanished=not_run.vanished,
        moved=len(comparison.moved),
    )


def _notes(
    store: Store,
    components: tuple[Row, ...],
    book: SourceBook,
    *,
    regressions: Regressions,
    not_run: NotRun,
    hollow_marks: tuple[Mark, ...],
    paths: tuple[PathVerdict, ...],
) -> tuple[str, ...]:
    notes = [f"{row.name}: {explanation}" for row in components if (explanation := row.tally.explanation())]
    notes += [
        f"{row.name} (required): NOT RUN, no test of it was executed"
        for row in components
        if row.required and not row.tally.executed and not row.live
    ]
    notes += _not_run_notes(not_run)
    notes += [f"hollow? {mark}" for mark in hollow_marks[:_NOTES_PER_SOURCE]]
    if len(hollow_marks) > _NOTES_PER_SOURCE:
        notes.append(f"hollow? and {counted(len(hollow_marks) - _NOTES_PER_SOURCE, 'more mark')}")
    notes += [
        f"{path.name}: hollow, {counted(number, 'passing test')} without a required event of its own"
        for path in paths
        if (number := len(path.hollow_tests))
    ]
    notes += book.notes()
    notes += store.disagreements()[:_NOTES_PER_SOURCE]
    notes += marks.told(store.marked.numbers(), store.overall.bad)
    notes += store.marked.marks.problems[:_NOTES_PER_SOURCE]
    if regressions.problem:
        notes.append(f"baseline: {regressions.problem}")
    if regressions.moved:
        notes.append(
            f"{counted(regressions.moved, 'test')} moved since the baseline, compared as what they were"
        )
    notes += [
        f"{row.name}: {row.delta_note}"
        for row in components
        if row.delta_note.startswith("not comp") and not row.live
    ]
    return tuple(notes)


def _not_run_notes(not_run: NotRun) -> list[str]:
    notes = [f"plan: {not_run.problem}"] if not_run.problem else []
    if not_run.number:
        why = f": {not_run.reason}" if not_run.reason else ""
        notes.append(f"{not_run.number:,} of {counted(not_run.planned, 'planned test')} not run{why}")
    if not_run.modules and not not_run.plans:
        shown = ", ".join(not_run.modules[:_NOTES_PER_SOURCE])
        more = len(not_run.modules) - _NOTES_PER_SOURCE
        rest = f" and {more:,} more" if more > 0 else ""
        notes.append(f"collected, but no test of it has a result: {shown}{rest}")
    return notes
