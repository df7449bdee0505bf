"""One generation of one source: its events, folded into tests.

May import `core.model`, `core.fold`, `core.scopes` and `core.tally`. Invariants: what a table holds
depends on the order of the events alone; `tests` is what the source says as it stands (of a source that
was cut short, a test in flight is an error), and `tally` is always the count of `tests`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import assert_never

from tui.core import fold
from tui.core.model import (
    AttemptOf,
    Claimed,
    Event,
    EventSeen,
    GoldenEvent,
    Problem,
    ProblemFound,
    ProducerNamed,
    Repaired,
    RunEnded,
    SessionStarted,
    SharedFound,
    SourceState,
    Span,
    TestId,
    TestRecord,
    TestResult,
    TestStarted,
    TimesStated,
)
from tui.core.scopes import Profile
from tui.core.tally import Tally

_PROBLEMS_KEPT = 100
_SHARED_KEPT = 100_000
_STARTS_KEPT = 10_000
_TELLING = 3

_OfTheSource = (
    AttemptOf
    | Claimed
    | EventSeen
    | ProblemFound
    | ProducerNamed
    | Repaired
    | RunEnded
    | SharedFound
    | TimesStated
)

Changed = dict[TestId, None]
"""Tests that changed, each once, in the order in which they did."""


class Table:
    """What one generation of one source says.

    `kept` says why these results are still shown although the file is being rewritten; `held_before`
    is how many tests the generation before this one held, and until when.
    """

    def __init__(self, source: str, format: str, generation: int) -> None:
        self.source = source
        self.format = format
        self.generation = generation
        self.producer = ""
        self.state = SourceState.GROWING
        self.reason = "reading"
        self.modified = 0.0
        self.size = 0
        self.kept = ""
        self.held_before: tuple[int, float] | None = None
        self.repaired = 0
        self.claimed: Claimed | None = None
        self.exit_status: int | None = None
        self.started: float | None = None
        self.ended: float | None = None
        self.zoned = True
        self.starts: set[float] = set()
        self.attempt_of = ""
        self.problems: list[Problem] = []
        self.problems_left_out = 0
        self.events: list[GoldenEvent] = []
        self.tally = Tally()
        self._shared: list[SharedFound] = []
        self._merges = True
        self._raw: dict[TestId, TestResult] = {}
        self._told: dict[TestId, TestResult] = {}
        self._open: dict[TestId, None] = {}
        self._ordinals: dict[TestId, int] = {}

    @property
    def tests(self) -> Mapping[TestId, TestResult]:
        """Every test with what the source says of it, in the order of the source."""
        return MappingProxyType(self._told)

    @property
    def is_live(self) -> bool:
        """Whether more may come."""
        return self.state is SourceState.GROWING or bool(self.kept)

    @property
    def _stopped(self) -> str:
        """Why what is still in flight will not end any more; empty while it may."""
        if self.state is SourceState.GROWING:
            return ""
        return self.reason or "its run ended without a result of this test"

    def get(self, test: TestId) -> TestResult | None:
        """What the source says of `test`."""
        return self._told.get(test)

    def shared_with(self, spans: Sequence[Span]) -> tuple[Span, ...]:
        """Where that stands which belongs to the records at `spans` together with others."""
        return tuple(
            found.span
            for found in self._shared
            if any(span.offset in range(found.within.offset, found.within.end) for span in spans)
        )

    def running(self) -> Iterator[TestResult]:
        """The tests that began and did not end."""
        return (self._told[test] for test in self._open)

    def apply(self, events: Iterable[Event]) -> Changed:
        """Take in `events`; return the tests whose result may differ from before."""
        changed: Changed = {}
        for event in events:
            match event:
                case TestRecord():
                    changed[self._record(event)] = None
                case TestStarted():
                    changed[self._begin(event)] = None
                case SessionStarted():
                    changed.update(self._restart())
                case _:
                    self._note(event)
        return changed

    def settle(self, state: SourceState, reason: str, modified: float, size: int) -> Changed:
        """Take note of what the bytes so far amount to; return the tests that this changes."""
        before = self._stopped
        self.state, self.reason, self.modified, self.size, self.kept = state, reason, modified, size, ""
        if self._stopped == before:
            return {}
        for test in self._open:
            self._tell(self._raw[test])
        return dict(self._open)

    def _note(self, event: _OfTheSource) -> None:
        """Take in what is said of no test's outcome."""
        match event:
            case EventSeen(event=observed):
                self.events.append(observed)
            case SharedFound():
                if len(self._shared) < _SHARED_KEPT:
                    self._shared.append(event)
            case ProblemFound(problem=problem):
                self._problem(problem)
            case ProducerNamed(producer=producer, merges=merges):
                self.producer, self._merges = producer, merges
            case Claimed():
                self.claimed = _sum(self.claimed, event)
            case TimesStated():
                self._stated(event)
            case AttemptOf(name=name):
                self.attempt_of = name
            case Repaired(count=count):
                self.repaired += count
            case RunEnded(exit_status=status):
                self.exit_status = status
            case _:
                assert_never(event)

    def _stated(self, times: TimesStated) -> None:
        self._saw(times.started, times.ended)
        self.zoned = self.zoned and times.zoned
        if times.started is not None and len(self.starts) < _STARTS_KEPT:
            self.starts.add(times.started)

    def _begin(self, started: TestStarted) -> TestId:
        if not self._merges:
            started = replace(started, test=self._distinct(started.test))
        self._saw(started.at, None)
        return self._put(fold.begin(self._raw.get(started.test), started, self.source))

    def _record(self, record: TestRecord) -> TestId:
        if not self._merges:
            record = replace(record, test=self._distinct(record.test))
        if record.started is not None:
            self._saw(record.started, record.started + (record.duration or 0.0))
        return self._put(fold.fold(self._raw.get(record.test), record, self.source))

    def _distinct(self, test: TestId) -> TestId:
        """`test`, told apart by an ordinal from those of the same name that already have a result."""
        ordinal = self._ordinals.get(test, 1)
        candidate = test if ordinal == 1 else test._replace(ordinal=ordinal)
        known = self._raw.get(candidate)
        if known is None or not known.last.finished:
            return candidate
        self._ordinals[test] = ordinal + 1
        return test._replace(ordinal=ordinal + 1)

    def _put(self, result: TestResult) -> TestId:
        self._raw[result.test] = result
        if result.last.finished:
            self._open.pop(result.test, None)
        else:
            self._open[result.test] = None
        self._tell(result)
        return result.test

    def _tell(self, result: TestResult) -> None:
        if self._stopped and not result.last.finished:
            result = fold.cut_short(result, self._stopped)
        before = self._told.get(result.test)
        if before is not None:
            self.tally.add(before, -1)
        self.tally.add(result)
        self._told[result.test] = result

    def _restart(self) -> Changed:
        """Forget an earlier run in the same source: the last one is the current one."""
        gone: Changed = dict.fromkeys(self._raw)
        if gone or self.events:
            self.problems.clear()
            self.problems_left_out = 0
        for index in (self._raw, self._told, self._open, self._ordinals):
            index.clear()
        self.events.clear()
        self._shared.clear()
        self.tally = Tally()
        self.claimed = self.exit_status = self.started = self.ended = None
        self.zoned, self.attempt_of = True, ""
        self.starts.clear()
        return gone

    def _problem(self, problem: Problem) -> None:
        if len(self.problems) < _PROBLEMS_KEPT:
            self.problems.append(problem)
        else:
            self.problems_left_out += 1

    def _saw(self, started: float | None, ended: float | None) -> None:
        for time in (started, ended):
            if time is not None:
                self.started = time if self.started is None else min(self.started, time)
                self.ended = time if self.ended is None else max(self.ended, time)


def profile(table: Table) -> Profile:
    """What decides how a source stands to others."""
    return Profile(
        table.source,
        table.format,
        len(table.tests),
        table.started,
        table.ended,
        zoned=table.zoned,
        attempt_of=table.attempt_of,
        modified=table.modified,
    )


def repeats(few: Table, many: Table) -> bool:
    """Whether `many` is written from the very suites that `few` holds, as Ant's report of all is.

    Each suite began at the same moment in both, and each test of `few` has the same outcome after the same
    time in `many`. Where neither holds more than the other that takes several tests that took some time.
    """
    if few.is_live or many.is_live or few.producer != many.producer or not few.starts <= many.starts:
        return False
    telling = 0
    for test, result in few.tests.items():
        other = many.get(test)
        if other is None or other.outcome is not result.outcome or other.duration != result.duration:
            return False
        telling += bool(result.duration)
    if len(few.tests) < len(many.tests):
        return bool(few.starts) and len(few.starts) < len(many.starts)
    return bool(few.starts) and few.size != many.size and telling >= _TELLING


def claim_gaps(claimed: Claimed, tally: Tally) -> list[str]:
    """Where a header and the count differ, in words; the counted numbers are the ones used."""
    pairs = (
        ("tests", claimed.tests, tally.tests),
        ("failures", claimed.failures, tally.failed),
        ("errors", claimed.errors, tally.errors),
        ("skipped", claimed.skipped, tally.skipped),
    )
    return [
        f"its header claims {claim:,} {what}, counted {counted:,}"
        for what, claim, counted in pairs
        if claim is not None and claim != counted
    ]


def _sum(one: Claimed | None, other: Claimed) -> Claimed:
    if one is None:
        return other

    def add(a: int | None, b: int | None) -> int | None:
        return b if a is None else a if b is None else a + b

    return Claimed(
        add(one.tests, other.tests),
        add(one.failures, other.failures),
        add(one.errors, other.errors),
        add(one.skipped, other.skipped),
    )
