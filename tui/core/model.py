"""The values that everything else speaks in.

May import nothing of runwatch. Invariant: every value is frozen; text in it is already safe (see
`tui.text`), times are seconds since the epoch (UTC), durations are seconds.

What is frozen and holds only what is frozen can be part of no cycle, so the collector need not look at it
(`gc=False`): of a million results that was a third of the Store's time.

Events and batches are tagged, so that they can go from one process to another (`tui.intake.worker`).

Readers turn bytes into `Event`s; the Store folds them into `TestResult`s, one per test.
"""

import itertools
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct, field


class Outcome(StrEnum):
    """What became of a test, or of one phase or attempt of it."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    SKIPPED = "skipped"
    RUNNING = "running"

    @property
    def is_bad(self) -> bool:
        """Whether the outcome is a failure or an error."""
        return self is Outcome.FAILED or self is Outcome.ERROR


class Phase(StrEnum):
    """The part of a test's life in which something happened; formats without phases give none."""

    COLLECT = "collect"
    SETUP = "setup"
    CALL = "call"
    TEARDOWN = "teardown"


class Flag(StrEnum):
    """What is remarkable about a test beside its outcome."""

    FLAKY = "flaky"
    XFAIL = "xfail"
    XPASS = "xpass"
    TEARDOWN_ERROR = "teardown error"
    RERUN = "rerun"
    CUT_SHORT = "cut short"
    NOT_RUN = "not run"


NO_FLAGS: frozenset[Flag] = frozenset()


class SourceState(StrEnum):
    """How far a source can be trusted to say everything it has to say (TRUTH, Sources)."""

    COMPLETE = "complete"
    GROWING = "growing"
    CUT_SHORT = "cut short"
    NOT_WHOLE = "not whole"
    EMPTY = "empty"
    STALE = "stale"
    UNREADABLE = "unreadable"
    GONE = "gone"


class TestId(NamedTuple):
    """A test within one source: its suite path, its name, and which of several equal names it is."""

    suite: str
    name: str
    ordinal: int = 1

    @property
    def dotted(self) -> str:
        """The suite path and the name as one string, for rules that match tests by it."""
        return f"{self.suite}.{self.name}" if self.suite else self.name


class TestKey(NamedTuple):
    """A test within the whole directory: its scope (the path of the source it is counted in) and id."""

    scope: str
    test: TestId


class Span(Struct, frozen=True, array_like=True, gc=False):
    """Where a record stands in its source: `length` bytes from byte `offset` on."""

    offset: int
    length: int

    @property
    def end(self) -> int:
        """The offset behind it."""
        return self.offset + self.length


class Location(Struct, frozen=True, array_like=True, gc=False):
    """A place in source code; `line` counts from 1."""

    path: str
    line: int | None = None

    def __str__(self) -> str:
        return self.path if self.line is None else f"{self.path}:{self.line}"


def at_line(location: Location | None, line: int | None) -> Location | None:
    """A line of the file of `location`; `location` itself where there is none."""
    return Location(location.path, line) if location and line is not None else location


class Frame(NamedTuple):
    """A call that a traceback shows, without its line: that moves with every edit."""

    path: str
    function: str

    def __str__(self) -> str:
        return f"{self.path} {self.function}".strip()


class Stack(Struct, frozen=True, gc=False):
    """What a traceback shows of the calls that led to a failure.

    `frames` are a few of the project's own, innermost first; `root` is the type and message of the exception
    that a chain began with, where it is another.
    """

    frames: tuple[Frame, ...] = ()
    root: tuple[str, str] | None = None


class Failure(Struct, frozen=True, array_like=True, gc=False):
    """Why one phase of one attempt was bad. `text` is an excerpt: head and tail of the traceback.

    `stack` is None where `text` is all there is of the traceback: `tracebacks.stack.of` reads it when
    somebody asks. `fingerprint` is what the test itself says that its failures are to be grouped by.
    """

    outcome: Outcome
    phase: Phase | None = None
    type: str = ""
    message: str = ""
    text: str = ""
    location: Location | None = None
    function: str = ""
    stack: Stack | None = None
    fingerprint: str = ""

    @property
    def headline(self) -> str:
        """The exception in one line: "KeyError: 'REDIS_URL'"."""
        first = self.message.split("\n", 1)[0].strip()
        if not self.type or first.startswith(self.type):
            return first or self.type or f"{self.outcome} without a message"
        return f"{self.type}: {first}" if first else self.type


class Problem(Struct, frozen=True, gc=False):
    """Something wrong with a source, said in words; `line` counts from 1."""

    kind: str
    message: str
    line: int | None = None


class EvidenceKind(StrEnum):
    """What carried a golden-path event."""

    EVENT_LOG = "event log"
    PROPERTY = "property"
    OUTPUT = "output"
    NAME = "name"


class GoldenEvent(Struct, frozen=True, gc=False):
    """One observation of a golden-path event.

    `test` is the test as the carrier names it (event logs) or the id within the same source. `index` is
    the position of the observation within its source; `fields` are all further fields, as text.
    """

    name: str
    kind: EvidenceKind
    index: int
    line: int | None = None
    path: str | None = None
    test: TestId | str | None = None
    seq: float | None = None
    at: float | None = None
    fields: tuple[tuple[str, str], ...] = ()


# --- events: what a reader says of its source, in the order of the bytes ---------------------------


class ProducerNamed(Struct, frozen=True, tag=True, array_like=True, gc=False):
    """Who wrote the source. `merges`: records of one name are attempts of one test (TRUTH 1)."""

    producer: str
    merges: bool


class Claimed(Struct, frozen=True, tag=True, array_like=True, gc=False):
    """What a header claims; the Store adds up several (one per suite)."""

    tests: int | None
    failures: int | None
    errors: int | None
    skipped: int | None


class TimesStated(Struct, frozen=True, tag=True, array_like=True, gc=False):
    """When the run that the source tells of began and ended, as far as it says so.

    `zoned`: it says of which zone the times are; else they were taken as UTC.
    """

    started: float | None
    ended: float | None
    zoned: bool = True


class AttemptOf(Struct, frozen=True, tag=True, array_like=True, gc=False):
    """All that the source tells of is one attempt of a test: those who name the same tell of the others."""

    name: str


class SessionStarted(Struct, frozen=True, tag=True, array_like=True, gc=False):
    """A run begins; one that follows another in the same source takes its place."""


class TestStarted(Struct, frozen=True, tag=True, array_like=True, gc=False):
    """A test began and no result of it is known yet."""

    test: TestId
    label: str
    at: float | None = None
    location: Location | None = None
    span: Span | None = None


class TestRecord(Struct, frozen=True, tag=True, array_like=True, gc=False):
    """One result that a source states: one phase of a test, or (`phase` None) the whole of an attempt.

    `failures` are those of this record, `earlier` those of attempts before it that the same record
    tells of. `final`: the attempt is over with this record. `rerun`: the attempt will be repeated.
    """

    test: TestId
    label: str
    outcome: Outcome
    phase: Phase | None = None
    final: bool = True
    rerun: bool = False
    duration: float | None = None
    started: float | None = None
    failures: tuple[Failure, ...] = ()
    earlier: tuple[Failure, ...] = ()
    flags: frozenset[Flag] = NO_FLAGS
    reason: str = ""
    location: Location | None = None
    span: Span | None = None
    worker: str = ""


class PassedRun(Struct, frozen=True, tag=True, array_like=True, gc=False):
    """Tests of one suite, one after the other, each of which has one record: it passed, and says no more.

    The same as as many `TestRecord`s (see `records`), at a tenth of their cost. `place` is what the labels
    begin with, `names` are joined by line feeds, which no name of them holds. The columns have a value for
    each test, in the machine's own order of bytes: `durations` and, unless it is empty, `began` are floats,
    `offsets` (8 bytes) and `lengths` (4 bytes) say where the records stand, and `lines` (4 bytes), unless it
    is empty, at which line of `location` the tests do.
    """

    suite: str
    place: str
    location: Location | None
    names: str
    durations: bytes
    offsets: bytes
    lengths: bytes
    began: bytes = b""
    lines: bytes = b""

    def records(self) -> Iterator[TestRecord]:
        """The same, one by one."""
        began = memoryview(self.began).cast("d") if self.began else itertools.repeat(None)
        columns = zip(
            self.names.split("\n"),
            memoryview(self.durations).cast("d"),
            began,
            memoryview(self.offsets).cast("Q"),
            memoryview(self.lengths).cast("I"),
            memoryview(self.lines).cast("I") if self.lines else itertools.repeat(None),
            strict=False,
        )
        for name, duration, start, offset, length, line in columns:
            yield TestRecord(
                TestId(self.suite, name),
                self.place + name,
                Outcome.PASSED,
                duration=duration,
                started=start,
                location=at_line(self.location, line),
                span=Span(offset, length),
            )


class EventSeen(Struct, frozen=True, tag=True, array_like=True, gc=False):
    """A golden-path event was observed."""

    event: GoldenEvent


class SharedFound(Struct, frozen=True, tag=True, array_like=True, gc=False):
    """What stands at `span` belongs to every record within `within`: what a whole suite printed."""

    within: Span
    span: Span


class ProblemFound(Struct, frozen=True, tag=True, array_like=True, gc=False):
    """Something is wrong with the source; what can be read of it is read all the same."""

    problem: Problem


class Repaired(Struct, frozen=True, tag=True, array_like=True, gc=False):
    """`count` characters or bytes that the format does not allow were replaced."""

    count: int


class TestPlanned(Struct, frozen=True, tag=True, array_like=True, gc=False):
    """A test that is to run, or (`is_module`) a module of which some tests may."""

    test: TestId
    label: str
    is_module: bool = False


class PlanStated(Struct, frozen=True, tag=True, array_like=True, gc=False):
    """How many tests are to run, where a plan does not say which (TAP); several add up."""

    tests: int


class RunEnded(Struct, frozen=True, tag=True, array_like=True, gc=False):
    """The runner said that it is done, with its exit status where it gives one.

    `stopped`: why it did not run everything, where it says so.
    """

    exit_status: int | None = None
    stopped: str = ""


Event = (
    ProducerNamed
    | Claimed
    | TimesStated
    | AttemptOf
    | SessionStarted
    | TestStarted
    | TestRecord
    | PassedRun
    | EventSeen
    | SharedFound
    | ProblemFound
    | Repaired
    | TestPlanned
    | PlanStated
    | RunEnded
)

# --- what intake says of sources --------------------------------------------------------------------


class SourceOpened(Struct, frozen=True, tag=True, array_like=True, gc=False):
    """A generation of a source begins. `staged`: it stays out of sight until it is settled."""

    source: str
    format: str
    generation: int
    staged: bool


class SourceEvents(Struct, frozen=True, tag=True, array_like=True, gc=False):
    """What one turn of reading gave, in the order of the bytes."""

    source: str
    generation: int
    events: tuple[Event, ...]


class SourceSettled(Struct, frozen=True, tag=True, array_like=True, gc=False):
    """All bytes there are have been read; this is what they amount to."""

    source: str
    generation: int
    state: SourceState
    reason: str
    modified: float
    size: int


class SourceKept(Struct, frozen=True, tag=True, array_like=True, gc=False):
    """The source is being rewritten: its last whole results stay in sight meanwhile."""

    source: str
    reason: str
    modified: float


class SourceGone(Struct, frozen=True, tag=True, array_like=True, gc=False):
    """The file was deleted; its results go with it."""

    source: str


class DirectoryScanned(Struct, frozen=True, tag=True, array_like=True, gc=False):
    """What a look at the whole directory found.

    `others` are files that hold no results, each with the reason it was set aside. `backlog` is the
    number of sources not yet read to their end.
    """

    exists: bool
    others: tuple[tuple[str, str], ...] = ()
    backlog: int = 0
    problem: str = ""


Batch = SourceOpened | SourceEvents | SourceSettled | SourceKept | SourceGone | DirectoryScanned

# --- what the Store holds ---------------------------------------------------------------------------


class Attempt(Struct, frozen=True, gc=False):
    """One execution of a test. `records`: the outcomes that its source states for it.

    `others`: how many further attempts it stands for, of a test that has very many.
    """

    outcome: Outcome
    failures: tuple[Failure, ...] = ()
    duration: float | None = None
    started: float | None = None
    records: int = 1
    finished: bool = True
    flags: frozenset[Flag] = NO_FLAGS
    reason: str = ""
    spans: tuple[Span, ...] = ()
    source: str = ""
    worker: str = ""
    phase: Phase | None = None
    others: int = 0


class TestResult(Struct, frozen=True, gc=False):
    """One test with its one outcome, as one source or several of one run tell it."""

    test: TestId
    label: str
    outcome: Outcome
    attempts: tuple[Attempt, ...]
    flags: frozenset[Flag] = NO_FLAGS
    location: Location | None = None

    @property
    def last(self) -> Attempt:
        """The attempt whose outcome is the test's."""
        return self.attempts[-1]

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The bad phases of the last attempt."""
        return self.attempts[-1].failures

    @property
    def failure(self) -> Failure | None:
        """The failure that decided the outcome: a failed call before an error elsewhere."""
        failures = self.attempts[-1].failures
        return next((f for f in failures if f.outcome is self.outcome), failures[0] if failures else None)

    @property
    def duration(self) -> float | None:
        """The duration of the last attempt, setup and teardown included."""
        return self.attempts[-1].duration

    @property
    def executions(self) -> int:
        """How many attempts there were, those included that are not kept one by one."""
        return sum(1 + attempt.others for attempt in self.attempts)

    @property
    def outcomes(self) -> int:
        """How many outcomes the sources state for this one test."""
        if len(self.attempts) == 1:  # as nearly all tests have, and this is asked of each more than once
            return self.attempts[0].records
        return sum(attempt.records for attempt in self.attempts)


class Section(Struct, frozen=True, gc=False):
    """A piece of a test's detail: a traceback, a captured output."""

    title: str
    text: str


class Detail(Struct, frozen=True, gc=False):
    """All that a source keeps of one attempt, re-read when somebody asks for it.

    `suite`: what it keeps of the suite as a whole. Build tools put whole environments there.
    """

    tracebacks: tuple[Section, ...] = ()
    outputs: tuple[Section, ...] = ()
    properties: tuple[tuple[str, str], ...] = field(default=())
    suite: tuple[Section, ...] = ()
