"""Rust's libtest JSON: `cargo test -- -Z unstable-options --format json`, and cargo-nextest's.

Lines: suite started, ok, failed (one suite per test binary); test started, ok, failed, ignored, timeout;
bench; report (https://github.com/rust-lang/rust/blob/master/library/test/src/formatters/json.rs,
https://nexte.st/docs/machine-readable/libtest-json/). cargo names no binary, so a name that another
suite had is a test of its own; nextest writes `crate::binary$name`, and `#N` behind it where the test
took N attempts. May import `core.model`, `text` and, of the readers, `reader`, `lines`, `linewise`,
`jsonlines`, `jsonvalues` and `trace`.

The format has no end: between two binaries a stream looks as it does after the last. It is complete
where every suite that began has ended, and counts as such once it has been quiet (see `linewise`).
An aborted binary never ends its suite: its open tests stay open, and the stream is cut short.
"""

import copy
import re
from collections import ChainMap
from collections.abc import MutableMapping, Sequence
from typing import Self

from msgspec.structs import replace

from tui.core.model import (
    NO_FLAGS,
    Detail,
    Event,
    Failure,
    Flag,
    Location,
    Outcome,
    Problem,
    ProblemFound,
    Section,
    SessionStarted,
    Span,
    TestId,
    TestRecord,
    TestStarted,
)
from tui.readers import trace
from tui.readers.jsonvalues import count, elapsed, golden_events
from tui.readers.reader import Ending, Format
from tui.readers.streams.jsonlines import Json, loads, parse_object, text_of
from tui.readers.streams.lines import Line
from tui.readers.streams.linewise import LineReader
from tui.text import bounded, counted, one_line, plain, shortened, styled

_RECOGNISED = re.compile(
    rb"^[^\n{]*\{(?=[^\n]*\"type\"\s*:\s*\"(?:suite|test|bench)\")"
    rb"(?=[^\n]*\"event\"\s*:\s*\"(?:started|ok|failed|ignored|timeout|allowed_failure)\")"
    rb"(?=[^\n]*\"(?:name|test_count|passed)\"\s*:)",
    re.MULTILINE,
)
_OUTCOMES = {
    "ok": Outcome.PASSED,
    "failed": Outcome.FAILED,
    "ignored": Outcome.SKIPPED,
    "allowed_failure": Outcome.SKIPPED,
}
_TOTALS = ("passed", "failed", "allowed_fail", "ignored", "measured")
_NAME_BEGINS = re.compile(r'"name"\s*:\s*"')
_NAME_ENDS = re.compile(r'"\s*[,}]')
_ATTEMPT = re.compile(r"#(\d{1,3})$")
_DOC_TEST = re.compile(r"^(?P<path>\S+) - .*\(line (?P<line>\d{1,9})\)")
_PANIC = re.compile(
    r"^(?>thread '[^\n]*?' (?:\(\d+\) )?panicked at )(?P<path>[^\s'][^\n]*?):(?P<line>\d{1,9}):\d+:\n",
    re.MULTILINE,
)
_OLD_PANIC = re.compile(
    r"^(?>thread '[^\n]*?' panicked at ')(?P<text>[^\0]{0,8000}?)', "
    r"(?P<path>[^\s':][^\n']*?):(?P<line>\d{1,9}):\d+$",
    re.MULTILINE,
)
_AFTER_MESSAGE = re.compile(r"^(?:stack backtrace:|note: )", re.MULTILINE)
_REASON_LENGTH = 300
_SEARCHED = 40_000
_ATTEMPTS_LARGEST = 100
_UNTOLD = Failure(
    Outcome.FAILED, message="This attempt failed and was repeated; nextest writes no reason for it."
)


class _Stream:
    """The suites of a run, and which tests they told of."""

    def __init__(self) -> None:
        self._index = 0
        self._suites = 0
        self._in_suite = False
        self._aborted = 0
        self._announced = 0
        self._told_of = 0
        self._binaries: MutableMapping[str, int] = {}
        self._known: MutableMapping[TestId, tuple[int, int]] = {}

    def takes(self, data: bytes) -> bool:
        """A last line without its end is whole where it is an object."""
        return _parsed(data) is not None

    def fork(self) -> Self:
        """A copy that keeps what it learns apart: the names known may be many."""
        other = copy.copy(self)
        for name in ("_binaries", "_known"):
            setattr(other, name, ChainMap({}, getattr(self, name)))
        return other

    def closed(self, number: int) -> Ending:
        """Complete where every suite that began has ended."""
        unended = self._aborted + self._in_suite
        if self._suites and not unended:
            return Ending(complete=True)
        reason = f"ends at line {number}"
        if unended:
            reason += f", {unended} of {counted(self._suites, 'suite')} without an end"
        return Ending(complete=False, reason=reason)

    def line(self, data: bytes, line: Line) -> list[Event]:
        """The events of a line."""
        if not data.strip():
            return []
        said = _parsed(data)
        kind, event = (text_of(said, "type"), text_of(said, "event")) if said else ("", "")
        if said is None or kind not in ("suite", "test", "bench", "report"):
            return [ProblemFound(Problem("noise", "not a line of libtest JSON, left out", line.number))]
        if kind == "suite":
            return self._suite(said, event, line.number)
        if kind == "report" or not text_of(said, "name"):
            return []
        return self._test(said, "ok" if kind == "bench" else event, line)

    # --- suites ---------------------------------------------------------------------------------------

    def _suite(self, said: Json, event: str, number: int) -> list[Event]:
        if event == "started":
            events = self._abandoned(number)
            self._suites += 1
            self._in_suite = True
            self._announced, self._told_of = count(said.get("test_count")) or 0, 0
            return events
        if event not in ("ok", "failed"):
            return []
        self._in_suite = False
        total = sum(count(said.get(key)) or 0 for key in _TOTALS)
        if total == self._told_of:
            return []
        message = f"a suite claims {counted(total, 'test')}, {self._told_of:,} were told of"
        return [ProblemFound(Problem("totals", message, number))]

    def _abandoned(self, number: int) -> list[Event]:
        """A suite that another follows before it ended: its binary was aborted."""
        if not self._in_suite:
            return []
        self._aborted += 1
        message = (
            f"a suite has no end, its binary was aborted: {self._told_of:,} of "
            f"{counted(self._announced, 'test')} ended"
        )
        return [ProblemFound(Problem("aborted", message, number))]

    # --- tests ----------------------------------------------------------------------------------------

    def _test(self, said: Json, event: str, line: Line) -> list[Event]:
        name, attempts, span = text_of(said, "name"), 1, Span(line.offset, len(line.data or b""))
        binary, dollar, test = name.partition("$")
        events: list[Event] = []
        if dollar:
            test, attempts = _without_attempt(test)
            events += self._binary(binary)
        else:
            binary, test = "", name
        identity = self._identity(TestId(plain(binary), plain(test)))
        label = one_line(f"{binary}::{test}" if binary else test)
        if event == "started":
            return [*events, TestStarted(identity, label, location=_location(test), span=span)]
        if event not in _OUTCOMES:
            return events  # "timeout" says that a test takes long: it goes on
        self._told_of += 1
        untold = TestRecord(identity, label, Outcome.FAILED, rerun=True, failures=(_UNTOLD,), span=span)
        events += [untold] * (attempts - 1)
        events.append(_record(said, TestRecord(identity, label, _OUTCOMES[event], span=span)))
        found = golden_events((), [text_of(said, "stdout")], identity, self._index)
        self._index += len(found)
        return [*events, *found]

    def _binary(self, binary: str) -> list[Event]:
        """A binary that an earlier suite had runs again: another run begins with its suite."""
        if self._binaries.setdefault(binary, self._suites) == self._suites:
            return []
        self._suites, self._aborted = 1, 0
        self._binaries, self._known = {binary: 1}, {}
        return [SessionStarted()]

    def _identity(self, test: TestId) -> TestId:
        """`test`, told apart from those that other suites have under the same name."""
        suite, ordinal = self._known.get(test, (0, 0))
        if suite != self._suites:
            suite, ordinal = self._suites, ordinal + 1
            self._known[test] = suite, ordinal
        return test._replace(ordinal=ordinal)


def _record(said: Json, record: TestRecord) -> TestRecord:
    """`record` with what the line says of the result."""
    allowed = text_of(said, "event") == "allowed_failure"
    reason = text_of(said, "message") if record.outcome is Outcome.SKIPPED else ""
    return replace(
        record,
        duration=elapsed(said.get("exec_time")),
        failures=(_failure(said),) if record.outcome.is_bad else (),
        flags=frozenset({Flag.XFAIL}) if allowed else NO_FLAGS,
        reason=shortened(one_line(reason), _REASON_LENGTH),
        location=_location(record.test.name),
    )


def _failure(said: Json) -> Failure:
    text = bounded(plain(text_of(said, "stdout")), _SEARCHED)
    message = text_of(said, "message") or text_of(said, "reason")
    old, new = _OLD_PANIC.search(text), _PANIC.search(text)
    found, panic = (old, old["text"]) if old else (new, "")
    if new and not old:
        panic = _AFTER_MESSAGE.split(text[new.end() :], maxsplit=1)[0]
    place = None
    if found:
        place = trace.Place(Location(one_line(found["path"]), int(found["line"])), "")
    return trace.failure(
        Outcome.FAILED,
        None,
        message=message or panic.strip(),
        text=text_of(said, "stdout") or message,
        type="panic" if found and not message else "",
        place=place,
    )


def _without_attempt(name: str) -> tuple[str, int]:
    """A name as nextest writes it: the test's own, and how many attempts it took."""
    found = _ATTEMPT.search(name)
    if not found or not 1 < int(found[1]) <= _ATTEMPTS_LARGEST:
        return name, 1
    return name[: found.start()], int(found[1])


def _location(name: str) -> Location | None:
    """Where a documentation test stands, which is its name."""
    found = _DOC_TEST.match(name)
    return Location(one_line(found["path"]), int(found["line"])) if found else None


def _parsed(data: bytes) -> Json | None:
    """A line as an object; libtest does not escape the backslashes of a name."""
    said = parse_object(data)
    if said is None and b"\\" in data:
        text = data.decode("utf-8", "replace")
        text = text[max(text.find("{"), 0) :]
        begin = _NAME_BEGINS.search(text)
        end = _NAME_ENDS.search(text, begin.end()) if begin else None
        if begin and end:
            name = text[begin.end() : end.start()].replace("\\", "\\\\")
            said = loads(text[: begin.end()] + name + text[end.start() :])
        said = said or loads(text.replace("\\", "\\\\"))
    return said


def _recognise(head: bytes) -> bool:
    return bool(_RECOGNISED.search(head))


def _detail(records: Sequence[bytes]) -> Detail:
    """What the result of a test keeps: the last line, the first only says that it began."""
    for said in (_parsed(record) for record in reversed(records)):
        if said is None or text_of(said, "event") not in _OUTCOMES:
            continue
        texts = (("message", text_of(said, "message")), ("output", text_of(said, "stdout")))
        sections = tuple(Section(title, styled(text)) for title, text in texts if text.strip())
        failed = text_of(said, "event") == "failed"
        return Detail(sections) if failed else Detail((), sections)
    return Detail()


FORMAT = Format("libtest", _recognise, lambda: LineReader("libtest", _Stream()), _detail)
