"""One generation of one source: its events, folded into tests.

May import `core.model`, `core.blocks`, `core.fold` and `core.tally`. Invariants: what a table holds depends
on the order of the events alone; `tests` is what the source says as it stands (of a source that was cut
short, a test in flight is an error), and `tally` is always the count of `tests`; each of them is either one
of `singles` or in one of `blocks`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import add
from types import MappingProxyType
from typing import assert_never

from msgspec import Struct, field
from msgspec.structs import replace

from tui.core import fold
from tui.core.blocks import Block, Blocks, ids
from tui.core.model import (
    AttemptOf,
    Claimed,
    Event,
    EventSeen,
    GoldenEvent,
    PassedRun,
    PlanStated,
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
    TestPlanned,
    TestRecord,
    TestResult,
    TestStarted,
    TimesStated,
)
from tui.core.tally import Tally

_PROBLEMS_KEPT = 100
_SHARED_KEPT = 100_000
_STARTS_KEPT = 10_000
_WORKERS_KEPT = 1_000

_OfTheSource = (
    AttemptOf
    | Claimed
    | EventSeen
    | PlanStated
    | ProblemFound
    | ProducerNamed
    | Repaired
    | RunEnded
    | SharedFound
    | TestPlanned
    | TimesStated
)

Changed = dict[TestId, None]
"""Tests that changed, each once, in the order in which they did."""


class Changes(Struct):
    """What some events changed, in this order.

    `blocks` came; `singled` left blocks and are kept by themselves; each of `tests` may have another result.
    """

    tests: Changed = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    singled: list[TestResult] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.tests or self.blocks or self.singled)


class Table:
    """What one generation of one source says.

    `kept` says why these results are still shown although the file is being rewritten; `held_before`
    is how many tests the generation before this one held, and until when. `workers` are those that ran its
    tests. `planned` is what it says is
    to run, `planned_number` how much, where it does not say what; `stopped` is why a run that is over did
    not run everything.
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
        self.stopped = ""
        self.planned: list[TestPlanned] = []
        self.planned_number: int | None = None
        self.started: float | None = None
        self.ended: float | None = None
        self.zoned = True
        self.starts: set[float] = set()
        self.workers: set[str] = set()
        self.attempt_of = ""
        self.problems: list[Problem] = []
        self.problems_left_out = 0
        self.events: list[GoldenEvent] = []
        self.tally = Tally()
        self._shared: list[SharedFound] = []
        self._merges = True
        self.blocks = Blocks(source)
        self._singled: list[TestResult] = []
        self._raw: dict[TestId, TestResult] = {}
        self._suites: set[str] = set()
        self._told: dict[TestId, TestResult] = {}
        self._open: dict[TestId, None] = {}
        self._ordinals: dict[TestId, int] = {}

    @property
    def tests(self) -> Mapping[TestId, TestResult]:
        """Every test with what the source says of it; those in blocks come last."""
        return _Tests(self._told, self.blocks) if self.blocks else self.singles

    @property
    def singles(self) -> Mapping[TestId, TestResult]:
        """The tests that are kept one by one, in the order of the source."""
        return MappingProxyType(self._told)

    @property
    def is_live(self) -> bool:
        """Whether more may come."""
        return self.state is SourceState.GROWING or bool(self.kept)

    @property
    def is_active(self) -> bool:
        """Whether it is more than a source that was read and is complete."""
        ended_well = self.state is SourceState.COMPLETE and not (self.stopped or self.exit_status)
        return not ended_well or bool(self.kept or self._open) or self.planned_number is not None

    @property
    def _stopped(self) -> str:
        """Why what is still in flight will not end any more; empty while it may."""
        if self.state is SourceState.GROWING:
            return ""
        return self.reason or "its run ended without a result of this test"

    def get(self, test: TestId) -> TestResult | None:
        """What the source says of `test`."""
        return self.tests.get(test)

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

    def apply(self, events: Iterable[Event], *, in_blocks: bool = False) -> Changes:
        """Take in `events`; return what may differ from before. `in_blocks`: passed runs are kept as such."""
        changes = Changes(singled=self._singled)
        changed = changes.tests
        new: list[TestResult] = []
        for event in events:
            match event:
                case TestRecord():
                    changed[self._record(event, new)] = None
                case PassedRun() if in_blocks and (block := self._block(event)) is not None:
                    changes.blocks.append(block)
                case PassedRun():
                    for record in event.records():
                        changed[self._record(record, new)] = None
                case TestStarted():
                    changed[self._begin(event)] = None
                case SessionStarted():
                    changed.update(self._restart())
                    new.clear()
                    in_blocks = False  # what came before in these events may come again
                case _:
                    self._note(event)
        self.tally.add_all(new)
        self._singled = []
        return changes

    def single_out(self, test: TestId) -> TestResult | None:
        """Keep a test that is in a block by itself from now on; None where it is in none."""
        result = self.blocks.take(test)
        if result is not None:
            self._raw[test] = self._told[test] = result
            self._suites.add(test.suite)
        return result

    def single_out_all(self) -> list[TestResult]:
        """Keep each test by itself from now on; those are given back that were in blocks."""
        results = self.blocks.take_all()
        for result in results:
            self._raw[result.test] = self._told[result.test] = result
            self._suites.add(result.test.suite)
        return results

    def settle(self, state: SourceState, reason: str, modified: float, size: int) -> Changed:
        """Take note of what the bytes so far amount to; return the tests that this changes."""
        before = self._stopped
        self.state, self.reason, self.modified, self.size, self.kept = state, reason, modified, size, ""
        if self._stopped == before:
            return {}
        for test in self._open:
            self._tell(self._raw[test])
        return dict(self._open)

    def _begin(self, started: TestStarted) -> TestId:
        self._single_out(started.test)
        if not self._merges:
            started = replace(started, test=self._distinct(started.test))
        self._saw(started.at, None)
        return self._put(fold.begin(self._raw.get(started.test), started, self.source))

    def _record(self, record: TestRecord, new: list[TestResult]) -> TestId:
        """Take in a record; what is told of its test then is put to the `new` ones, or counted at once."""
        test = record.test
        if self.blocks.tests:
            self._single_out(test)
        before = self._raw.get(test)
        if before is not None and not self._merges:
            record = replace(record, test=self._distinct(test))
            before = self._raw.get(record.test)
        if record.worker and len(self.workers) < _WORKERS_KEPT:
            self.workers.add(record.worker)
        result = fold.fold(before, record, self.source)
        last = result.attempts[-1]
        if last.started is not None:
            self._saw(last.started, last.started + (last.duration or 0.0))
        if before is not None or not last.finished:
            return self._put(result)
        test = result.test
        self._raw[test] = self._told[test] = result
        self._suites.add(test.suite)
        new.append(result)
        return test

    def _block(self, run: PassedRun) -> Block | None:
        """The tests of `run` as a block; None where one of them has a result here already."""
        if run.suite in self._suites and not self._raw.keys().isdisjoint(ids(run.suite, run.names)):
            return None
        block = self.blocks.add(run)
        if block is not None:
            self.tally.add_block(block)
            if block.began:
                starts = memoryview(block.began).cast("d")
                self._saw(min(starts), max(map(add, starts, block.seconds)))
        return block

    def _single_out(self, test: TestId) -> None:
        """Something is said of a test that is in a block: it has to be kept by itself."""
        if self.blocks.find(test) is not None and (result := self.single_out(test)) is not None:
            self._singled.append(result)

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
        test = result.test
        self._raw[test] = result
        self._suites.add(test.suite)
        if not result.attempts[-1].finished:
            self._open[test] = None
        elif self._open:
            self._open.pop(test, None)
        self._tell(result)
        return test

    def _tell(self, result: TestResult) -> None:
        if not result.attempts[-1].finished and self._stopped:
            result = fold.cut_short(result, self._stopped)
        before = self._told.get(result.test)
        if before is not None:
            self.tally.add(before, -1)
        self.tally.add(result)
        self._told[result.test] = result

    def _note(self, event: _OfTheSource) -> None:
        """Take in what is said of the source, and of no test's outcome."""
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
            case Repaired(count=count):
                self.repaired += count
            case TimesStated() | AttemptOf():
                self._identify_run(event)
            case TestPlanned() | PlanStated() | RunEnded():
                self._take_note(event)
            case _:
                assert_never(event)

    def _identify_run(self, event: TimesStated | AttemptOf) -> None:
        """What tells this run from others: when it was, and what it is an attempt of."""
        match event:
            case AttemptOf(name=name):
                self.attempt_of = name
            case TimesStated(started=started, ended=ended, zoned=zoned):
                self._saw(started, ended)
                self.zoned = self.zoned and zoned
                if started is not None and len(self.starts) < _STARTS_KEPT:
                    self.starts.add(started)
            case _:
                assert_never(event)

    def _take_note(self, event: TestPlanned | PlanStated | RunEnded) -> None:
        """What is to run, and whether all of it did."""
        match event:
            case TestPlanned():
                self.planned.append(event)
            case PlanStated(tests=number):
                self.planned_number = (self.planned_number or 0) + number
            case RunEnded(exit_status=status, stopped=stopped):
                self.exit_status, self.stopped = status, stopped
            case _:
                assert_never(event)

    def _restart(self) -> Changed:
        """Forget an earlier run in the same source: the last one is the current one."""
        self._singled += self.single_out_all()
        gone: Changed = dict.fromkeys(self._raw)
        if gone or self.events:
            self.problems.clear()
            self.problems_left_out = 0
        for index in (self._raw, self._told, self._open, self._ordinals, self._suites):
            index.clear()
        self.events = []
        self._shared.clear()
        self.tally = Tally()
        self.planned, self.planned_number, self.stopped = [], None, ""
        self.claimed = self.exit_status = self.started = self.ended = None
        self.zoned, self.attempt_of = True, ""
        self.starts.clear()
        self.workers.clear()
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


class _Tests(Mapping[TestId, TestResult]):
    """The tests of a table, wherever they are kept."""

    def __init__(self, singles: Mapping[TestId, TestResult], blocks: Blocks) -> None:
        self._singles = singles
        self._blocks = blocks

    def __len__(self) -> int:
        return len(self._singles) + len(self._blocks)

    def __iter__(self) -> Iterator[TestId]:
        yield from self._singles
        for block in self._blocks:
            yield from (key.test for key in block.tests())

    def __getitem__(self, test: TestId) -> TestResult:
        result = self._singles.get(test)
        if result is None:
            block, row = self._blocks.find(test) or (None, 0)
            if block is None:
                raise KeyError(test)
            result = block.result(row)
        return result

    def __contains__(self, test: object) -> bool:
        return test in self._singles or (isinstance(test, TestId) and self._blocks.find(test) is not None)


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
