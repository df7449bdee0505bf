"""pytest's report log (pytest-reportlog): JSON lines, written while the tests run.

Lines: SessionStart, CollectReport, TestReport (one per phase), SubTestReport, WarningMessage,
SessionFinish; their fields are those of `_pytest.reports` (https://github.com/pytest-dev/
pytest-reportlog). A `setup passed` line comes when the call starts, so tests that run are known.
`sections` are cumulative: the teardown line repeats what setup and call captured. May import
`core.model`, `core.identity`, `text` and, of the readers, `reader`, `lines`, `reportlog_rows`,
`reportlog_said`, `golden` and `trace`.

Most lines are of a phase that passed and left nothing behind. Those are decoded into `_Passed`, which takes
a fifth of the time of a JSON tree; a line that is anything else in any part of it is read as a tree.
"""

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, ClassVar, Literal

import msgspec

from tui.core.identity import from_node_id
from tui.core.model import (
    Detail,
    Event,
    EventSeen,
    EvidenceKind,
    Failure,
    GoldenEvent,
    Location,
    Outcome,
    Phase,
    Problem,
    ProblemFound,
    ProducerNamed,
    RunEnded,
    Section,
    SessionStarted,
    Span,
    TestId,
    TestPlanned,
    TestRecord,
)
from tui.readers import trace
from tui.readers.golden import from_output, from_properties
from tui.readers.reader import Ending, Format
from tui.readers.streams import reportlog_said
from tui.readers.streams.lines import Line, Lines
from tui.readers.streams.reportlog_rows import PHASES, Passed, Row, Rows, rows
from tui.readers.streams.reportlog_said import Json
from tui.text import one_line, plain, styled

_PHASES = {"setup": Phase.SETUP, "call": Phase.CALL, "teardown": Phase.TEARDOWN}
_EXIT = {2: "interrupted", 3: "internal error", 4: "wrong usage", 5: "no tests collected"}
_STOPPED = (2, 3)
_MODULE = re.compile(r"^[^:\[]+\.py$(?<!__init__\.py)")
_RECOGNISED = re.compile(rb"^[ \t]*+\{[^\n]*\"\$report_type\"\s*:\s*\"", re.MULTILINE)
_LARGEST = 1e15


class _Passed(msgspec.Struct, frozen=True, gc=False):
    """A line of a phase that passed, with nothing printed and no property."""

    kind: Literal["TestReport"] = msgspec.field(name="$report_type")
    nodeid: str
    outcome: Literal["passed"]
    longrepr: None
    when: Literal["setup", "call", "teardown"]
    location: tuple[str, int, str]
    duration: float
    start: float = 0.0
    sections: tuple[()] = ()
    user_properties: tuple[()] = ()
    worker_id: str = ""
    wasxfail: msgspec.UnsetType = msgspec.UNSET


_decoded = msgspec.json.Decoder(_Passed).decode


class ReportLogReader:
    """Reads one report log, line by line as it grows.

    `few`: in fewer bytes it does not pay to look for whole tests.
    """

    few: ClassVar[int] = 2048
    is_stream: ClassVar[bool] = True
    has_end: ClassVar[bool] = True

    def __init__(self) -> None:
        self._lines = Lines()
        self._ended = False
        self._index = 0

    def feed(self, data: bytes) -> list[Event]:
        """The events of the lines that `data` ends."""
        events: list[Event] = []
        at = 0
        if self._lines.open_line:
            at = data.find(b"\n") + 1 or len(data)
            events += self._by_line(data[:at])
        end = data.rfind(b"\n") + 1
        found = rows(data, at) if end - at >= self.few else None
        if found is not None:
            events += self._tests(data, found)
        elif end > at:
            events += self._by_half(data[at:end])
        return events + self._by_line(data[max(at, end) :])

    def _by_test(self, data: bytes) -> list[Event]:
        """The events of whole lines: those of a test together, where they follow one another."""
        found = rows(data) if len(data) >= self.few else None
        return self._by_half(data) if found is None else self._tests(data, found)

    def _by_half(self, data: bytes) -> list[Event]:
        """The events of whole lines that cannot be told of at once."""
        if len(data) < self.few:
            return self._by_line(data)
        if b'"worker_id"' in data:  # lines of several workers stand between each other
            return self._by_line(data)
        half = data.find(b"\n", len(data) // 2) + 1  # a line is of another kind: it is in one of the halves
        if half == len(data):
            half = data.rfind(b"\n", 0, len(data) // 2) + 1
        if not half:
            return self._by_line(data)
        return self._by_test(data[:half]) + self._by_test(data[half:])

    def _tests(self, data: bytes, found: Rows) -> list[Event]:
        """The events of lines of phases: of tests that passed, of others, and of lines that are alone."""
        events: list[Event] = []
        starts, at, last = found.starts, 0, len(found.rows)
        passed = Passed(self._lines.offset - starts[0])
        odd = [last, *reversed(found.odd())]
        while at < last:
            while odd[-1] < at:
                odd.pop()
            end = found.passed(at, odd[-1])
            if end == at or not passed.take(found, at, end):
                some = found.whole(at)
                end = at + len(some)
                telling = [row for row in some if row.is_telling]
                told = None
                if len(telling) == 1 and telling[0].nodeid not in passed:
                    told = _in_one(some, telling[0], Span(self._lines.offset, starts[end] - starts[at]))
                if told is not None:
                    events.append(told)
                elif telling or len(some) != PHASES or not passed.take(found, at, end):
                    events += passed.told() + self._by_line(data[starts[at] : starts[at + 1]])
                    at += 1
                    continue
            self._lines.skip(end - at, starts[end] - starts[at])
            at = end
        return events + passed.told()

    def _by_line(self, data: bytes) -> list[Event]:
        return [event for line in self._lines.feed(data) for event in self._line(line)]

    def ending(self) -> Ending:
        """Whether pytest said that the session is over."""
        if self._ended:
            return Ending(complete=True)
        return Ending(complete=False, reason=f"no SessionFinish, ends at line {self._lines.number}")

    def _line(self, line: Line) -> list[Event]:
        if line.data is None:
            return [ProblemFound(Problem("too long", "line left out: longer than 32 MiB", line.number))]
        try:
            return [_passed(_decoded(line.data), _span(line.offset, line.data))]
        except ValueError:
            return self._read(line.number, line.offset, line.data)

    def _read(self, number: int, offset: int, data: bytes) -> list[Event]:  # one for each kind
        """The events of a line of any kind."""
        if not data.strip():
            return []
        try:
            said = _tree(data)
            kind = said["$report_type"]
        except (ValueError, RecursionError, LookupError, TypeError):
            return [ProblemFound(Problem("noise", "not a line of a report log, left out", number))]
        span = _span(offset, data)
        try:
            match kind:
                case "SessionStart":
                    self._ended = False
                    version = one_line(str(said.get("pytest_version", "")))
                    return [SessionStarted(), ProducerNamed(f"pytest {version}".strip(), merges=True)]
                case "TestReport" | "SubTestReport":
                    return self._test(said, span, part=kind == "SubTestReport")
                case "CollectReport":
                    return _collected(said, span)
                case "SessionFinish":
                    return self._finished(said)
                case _:
                    return []
        except reportlog_said.NOT_AS_WRITTEN as error:
            return [ProblemFound(Problem("bad line", f"{kind} left out: {error}", number))]

    def _finished(self, said: Json) -> list[Event]:
        self._ended = True
        status = said.get("exitstatus")
        status = status if isinstance(status, int) else None
        events: list[Event] = [RunEnded(status, _EXIT[status] if status in _STOPPED else "")]
        if status in _EXIT:
            message = f"pytest ended with exit status {status}: {_EXIT[status]}"
            events.append(ProblemFound(Problem("exit status", message)))
        return events

    def _test(self, said: Json, span: Span, *, part: bool) -> list[Event]:
        test, label = _identity(said["nodeid"])
        phase = _PHASES.get(said.get("when", ""))
        record = TestRecord(
            test=test,
            label=label,
            outcome=reportlog_said.outcome(said, phase),
            phase=phase,
            final=not part and (phase is Phase.TEARDOWN or phase is None),
            rerun=said.get("outcome") == "rerun",
            duration=None if part else _seconds(said.get("duration")),
            started=_seconds(said.get("start")) or None,
            failures=reportlog_said.failures(said, phase),
            flags=reportlog_said.flags(said, phase),
            reason=reportlog_said.reason(said),
            location=_location(said),
            span=span,
            worker=one_line(str(said.get("worker_id") or "")),
        )
        events: list[Event] = [record]
        if phase is Phase.TEARDOWN:
            events += self._golden(said, test)
        return events

    def _golden(self, said: Json, test: TestId) -> list[Event]:
        """What the last line of a test carries: its properties, and all that it printed."""
        properties = reportlog_said.properties(said)
        output = "\n".join(text for title, text in said.get("sections") or () if "log" not in title)
        found = [(EvidenceKind.PROPERTY, path, name) for path, name in from_properties(properties)]
        found += [(EvidenceKind.OUTPUT, None, name) for name in from_output(output)]
        events: list[Event] = []
        for kind, path, name in found:
            self._index += 1
            events.append(EventSeen(GoldenEvent(name, kind, self._index, path=path, test=test)))
        return events


def _tree(data: bytes) -> Any:  # noqa: ANN401  # whatever JSON is
    """What a line says, as a tree: msgspec takes a third of the time, json takes a little more than JSON."""
    try:
        return msgspec.json.decode(data)
    except (ValueError, RecursionError):
        return json.loads(data)


def _span(offset: int, data: bytes) -> Span:
    """Where a line stands, its end included: so the lines of a test that follow one another touch."""
    return Span(offset, len(data) + 1)


def _passed(said: _Passed, span: Span) -> TestRecord:
    test, label = _identity(said.nodeid)
    phase = _PHASES[said.when]
    return TestRecord(
        test,
        label,
        Outcome.PASSED,
        phase,
        phase is Phase.TEARDOWN,
        duration=_seconds(said.duration),
        started=_seconds(said.start) or None,
        location=_place(*said.location[:2]),
        span=span,
        worker=said.worker_id and one_line(said.worker_id),
    )


def _in_one(some: Sequence[Row], telling: Row, span: Span) -> TestRecord | None:
    """A test of whose phases one says more than that it passed; None where it is not as pytest writes it.

    Its phase is the first one: so it goes on with what was told before of the test as its lines would.
    """
    said: dict[str, Any] = {"outcome": telling.outcome, "longrepr": telling.longrepr}
    if telling.wasxfail:
        said["wasxfail"] = telling.wasxfail
    phase = _PHASES[telling.when]
    try:
        outcome, failures, reason = (
            reportlog_said.outcome(said, phase),
            reportlog_said.failures(said, phase),
            reportlog_said.reason(said),
        )
    except reportlog_said.NOT_AS_WRITTEN:
        return None
    test, label = _identity(telling.nodeid)
    path, line, _ = some[0].location
    return TestRecord(
        test,
        label,
        outcome,
        Phase.SETUP,
        duration=sum([row.duration for row in some]),
        started=some[0].start,
        failures=failures,
        flags=reportlog_said.flags(said, phase),
        reason=reason,
        location=_place(path, line),
        span=span,
    )


@lru_cache(maxsize=1024)
def _identity(node_id: str) -> tuple[TestId, str]:
    """The identity and the label of a test: its phases follow each other closely, also of parallel ones."""
    return from_node_id(plain(node_id)), one_line(node_id)


@lru_cache(maxsize=1024)
def _place(path: str, line: int | None) -> Location | None:
    """Where a test stands; its line counts from 0 here, unlike every other in the log."""
    return Location(one_line(path), line + 1 if line is not None else None) if path else None


def _location(said: Json) -> Location | None:
    location = said.get("location")
    if not location or not location[0]:
        return None
    line = location[1]
    return _place(str(location[0]), line if isinstance(line, int) else None)


def _collected(said: Json, span: Span) -> list[Event]:
    """A module that could not be collected is one test in error; one skipped as a whole is skipped."""
    node_id = said["nodeid"]
    if said.get("outcome") == "passed":
        is_module = bool(_MODULE.search(node_id))
        return [TestPlanned(from_node_id(plain(node_id)), one_line(node_id), is_module)] if is_module else []
    outcome = Outcome.ERROR if said["outcome"] == "failed" else Outcome.SKIPPED
    text = reportlog_said.long_text(said.get("longrepr"))
    failures: tuple[Failure, ...] = ()
    if outcome is Outcome.ERROR:
        failures = (trace.failure(outcome, Phase.COLLECT, message=trace.last_error(text), text=text),)
    return [
        TestRecord(
            test=from_node_id(plain(node_id)),
            label=one_line(node_id) or "collection",
            outcome=outcome,
            failures=failures,
            reason=reportlog_said.reason(said),
            location=Location(one_line(node_id.partition("::")[0])) if node_id else None,
            span=span,
        )
    ]


def _seconds(value: object) -> float | None:
    """Seconds from 0 on; what JSON allows beyond that (NaN, infinities, huge integers) is None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value < _LARGEST else None


def _recognise(head: bytes) -> bool:
    return bool(_RECOGNISED.search(head))


def _detail(records: Sequence[bytes]) -> Detail:
    """Everything that the lines of one attempt keep: the last line repeats all captured output."""
    tracebacks: list[Section] = []
    outputs: dict[str, str] = {}
    properties: list[tuple[str, str]] = []
    for record in (line for piece in records for line in piece.splitlines()):
        try:
            said = _tree(record)
            phase = str(said.get("when") or "collect")
            text = reportlog_said.long_text(said.get("longrepr"))
            if text and said.get("outcome") != "skipped":
                tracebacks.append(Section(one_line(phase), styled(text)))
            for title, captured in said.get("sections") or ():
                outputs[one_line(str(title)).removeprefix("Captured ")] = styled(str(captured))
            properties = [(one_line(str(n)), plain(str(v))) for n, v in said.get("user_properties") or ()]
        except reportlog_said.NOT_AS_WRITTEN:
            continue  # what stands before the odd part is shown
    sections = tuple(Section(title, text) for title, text in outputs.items() if text.strip())
    return Detail(tuple(tracebacks), sections, tuple(properties))


FORMAT = Format("reportlog", _recognise, ReportLogReader, _detail)
