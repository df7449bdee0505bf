"""JUnit XML from any producer, streamed: every closed case counts, wherever the file ends.

There is no standard; what producers share is described by the schemas of Ant and Maven Surefire
(https://maven.apache.org/surefire/maven-surefire-plugin/xsd/surefire-test-report.xsd) and by pytest's
`_pytest.junitxml`. expat streams the file to events; junitparser gives the meaning of one case when its
element is re-read for the detail. May import `core.model`, `core.identity`, `text` and this package's
`reader`, `trace` and `golden`.

XML is data from outside: a declared entity is refused, nothing external is followed, depth is bounded,
and bytes that XML does not allow are replaced and counted.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import ClassVar
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser
from xml.parsers import expat

from tui.core import identity
from tui.core.model import (
    NO_FLAGS,
    Claimed,
    Detail,
    Event,
    EventSeen,
    EvidenceKind,
    Failure,
    Flag,
    GoldenEvent,
    Location,
    Outcome,
    Phase,
    Problem,
    ProblemFound,
    ProducerNamed,
    Repaired,
    Section,
    Span,
    TestId,
    TestRecord,
    TestStarted,
    TimesStated,
)
from tui.readers import trace
from tui.readers.golden import from_output, from_properties
from tui.readers.reader import Ending, Format
from tui.text import bounded, one_line, plain, styled

DEEPEST = 500
_TEXT_HEAD = 256 * 1024
_TEXT_TAIL = 64 * 1024
_REASON_LENGTH = 300
_BYTES_THAT_TELL = 4

_ROOT = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>\s*)*"
    rb"<(?:[\w.-]+:)?(testsuites|testsuite|testcase)(?=[\s/>])(?![^>]*check\.sourceforge\.net)",
    re.DOTALL,
)
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")
_WASHED = bytes.maketrans(_CONTROLS, b" " * len(_CONTROLS))

_BAD = {"failure": Outcome.FAILED, "error": Outcome.ERROR}
_EARLIER = {
    "rerunFailure": Outcome.FAILED,
    "flakyFailure": Outcome.FAILED,
    "rerunError": Outcome.ERROR,
    "flakyError": Outcome.ERROR,
}
_OUTPUTS = {"system-out": "stdout", "system-err": "stderr"}
_NOT_RUN = {"notrun", "disabled", "ignored", "skipped", "suppressed"}
_SKIPPED_ATTRIBUTES = ("skipped", "skip", "skips", "disabled", "ignored")
# What pytest writes of a suite, in this order, whatever the suite is called (junit_suite_name).
_PYTEST_HEADER = ("name", "errors", "failures", "skipped", "tests", "time", "timestamp", "hostname")
_PYTEST_PHASE = re.compile(r'failed on (setup|teardown) with "(.*?)"?$', re.DOTALL)
_PYTEST_ESCAPE = re.compile(r"#x([0-9A-F]{2,4})")


class _RefusedError(Exception):
    """The document asks for something that a results file has no business with."""


class _Text:
    """The text of one element: its head and its tail, however long it is and in whatever pieces it comes."""

    __slots__ = ("_head", "_room", "_tail", "_tail_size", "_tail_start")

    def __init__(self) -> None:
        self._head: list[str] = []
        self._tail: list[str] = []
        self._room = _TEXT_HEAD
        self._tail_start = self._tail_size = 0

    def add(self, data: str) -> None:
        if self._room:
            self._head.append(data[: self._room])
            data = data[self._room :]
            self._room -= len(self._head[-1])
        if not data:
            return
        self._tail.append(data)
        self._tail_size += len(data)
        if self._tail_size - self._tail_start > 2 * _TEXT_TAIL:
            self._tail = ["".join(self._tail)[-_TEXT_TAIL:]]
            self._tail_start = self._tail_size - _TEXT_TAIL

    def __str__(self) -> str:
        tail = "".join(self._tail)[-_TEXT_TAIL:]
        left_out = self._tail_size - len(tail)
        cut = [f"\n[... {left_out} characters cut ...]\n"] if left_out else []
        return "".join([*self._head, *cut, tail])


@dataclass(slots=True)
class _Child:
    """A child element of a case or a suite that says something of its outcome, while it is open."""

    tag: str
    attributes: dict[str, str]
    text: _Text = field(default_factory=_Text)


@dataclass(slots=True)
class _Case:
    """A `<testcase>` while it is open."""

    attributes: dict[str, str]
    suite: tuple[str, ...]
    offset: int
    line: int
    children: list[_Child] = field(default_factory=list)
    properties: list[tuple[str, str]] = field(default_factory=list)


class JunitReader:
    """Reads one JUnit XML file."""

    is_stream: ClassVar[bool] = False
    has_end: ClassVar[bool] = True

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._depth = 0
        self._suites: list[str] = []
        self._suites_open = 0
        self._case: _Case | None = None
        self._child: _Child | None = None
        self._property: str | None = None
        self._text: _Text | None = None
        self._named = False
        self._is_pytest = False
        self._root_claims = False
        self._root_closed = False
        self._error = ""
        self._index = 0
        self._cases = 0
        self._wash: bool | None = None
        self._held = b""
        self._parser = self._new_parser()

    def _new_parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.buffer_size = 64 * 1024
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = self._entity
        return parser

    def feed(self, data: bytes) -> list[Event]:
        """The events of the elements that `data` ends."""
        if self._error:
            return []
        try:
            self._parser.Parse(self._washed(data))
        except expat.ExpatError as error:
            if not self._root_closed:
                what = expat.errors.messages[error.code]
                self._error = f"not well-formed at line {error.lineno}, column {error.offset + 1}: {what}"
        except _RefusedError as error:
            self._error = f"refused at line {self._parser.CurrentLineNumber}: {error}"
        events, self._events = self._events, []
        return events

    def ending(self) -> Ending:
        """Whether the root element was closed; what was still open is told as begun."""
        if self._root_closed:
            return Ending(complete=True)
        reason = self._error or f"ends at line {self._parser.CurrentLineNumber}"
        if not self._error and self._case is not None:
            reason += f", inside <testcase name={self._case.attributes.get('name', '')[:80]!r}>"
        return Ending(
            complete=False, reason=plain(reason), fatal=bool(self._error), events=self._still_open()
        )

    def _still_open(self) -> tuple[Event, ...]:
        """The open case: with an outcome where a child says one, else begun and never finished."""
        case = self._case
        if case is None or not case.attributes.get("name"):
            return ()
        if any(child.tag in _BAD or child.tag == "skipped" for child in case.children):
            return (self._record(case, 0),)
        test, label = self._identity(case)
        return (TestStarted(test, label, location=self._location(case, label)),)

    def _washed(self, data: bytes) -> bytes:
        """`data` with the control characters that XML does not allow turned into blanks: one for one.

        The first bytes are held back until they tell whether NULs belong to the encoding.
        """
        if self._wash is None:
            self._held += data
            if len(self._held) < _BYTES_THAT_TELL:
                return b""
            data, self._held = self._held, b""
            self._wash = not (data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:_BYTES_THAT_TELL])
        if not self._wash:
            return data
        washed = data.translate(_WASHED)
        if washed != data:
            self._events.append(Repaired(len(data) - len(data.translate(None, _CONTROLS))))
        return washed

    # --- expat's handlers ---------------------------------------------------------------------------

    def _entity(self, name: str, *_: object) -> None:
        raise _RefusedError(f"it declares the entity {one_line(name)!r}")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise _RefusedError(f"elements nested deeper than {DEEPEST}")
        tag = tag.rpartition(":")[2]
        if tag == "testcase":
            if self._case is not None:
                self._close_case(0)
            if not self._named:
                self._named = True
                self._events.append(ProducerNamed("", merges=False))
            offset, line = self._parser.CurrentByteIndex, self._parser.CurrentLineNumber
            self._case = _Case(attributes, tuple(self._suites), offset, line)
        elif tag == "testsuite":
            self._start_suite(attributes)
        elif tag == "testsuites":
            self._root_claims = self._claim(attributes)
            self._name_producer(attributes)
        elif self._child is not None:
            if tag in _OUTPUTS:
                self._text = None  # what an earlier attempt printed is not the text of its failure
        elif tag in _BAD or tag in _EARLIER or tag == "skipped" or tag in _OUTPUTS:
            self._child = _Child(tag, attributes)
            self._text = self._child.text
        elif tag == "property" and self._case is not None:
            self._property = plain(attributes.get("name", ""))
            self._text = _Text()
            if "value" in attributes:
                self._case.properties.append((self._property, plain(attributes["value"])))
                self._property = None

    def _end(self, tag: str) -> None:
        self._depth -= 1
        end_tag = len(tag.encode()) + len("</>")
        tag = tag.rpartition(":")[2]
        if tag == "testcase":
            if self._case is not None:
                self._close_case(self._parser.CurrentByteIndex - self._case.offset + end_tag)
        elif tag == "testsuite":
            if self._suites:
                self._suites.pop()
        elif self._child is not None:
            if tag == self._child.tag:
                self._close_child(self._child)
            elif tag in _OUTPUTS:
                self._text = self._child.text
        elif tag == "property":
            if self._property is not None and self._case is not None:
                self._case.properties.append((self._property, plain(str(self._text or ""))))
            self._property = self._text = None
        if not self._depth:
            self._root_closed = True

    def _characters(self, data: str) -> None:
        if self._text is not None:
            self._text.add(data)

    # --- suites -------------------------------------------------------------------------------------

    def _start_suite(self, attributes: dict[str, str]) -> None:
        if not self._suites and not self._root_claims:
            self._claim(attributes)
        self._name_producer(attributes)
        self._suites.append(plain(attributes.get("name", "")))
        started = _moment(attributes.get("timestamp"))
        if started is not None:
            self._events.append(TimesStated(started, started + (_duration(attributes.get("time")) or 0.0)))

    def _claim(self, attributes: dict[str, str]) -> bool:
        tests = _count(attributes.get("tests"))
        if tests is None:
            return False
        skipped = next((attributes[name] for name in _SKIPPED_ATTRIBUTES if name in attributes), None)
        self._events.append(
            Claimed(
                tests, _count(attributes.get("failures")), _count(attributes.get("errors")), _count(skipped)
            )
        )
        return True

    def _name_producer(self, attributes: dict[str, str]) -> None:
        if self._named:
            return
        name = attributes.get("name", "")
        if name in ("pytest", "pytest tests") or tuple(attributes) == _PYTEST_HEADER:
            self._named = self._is_pytest = True
            self._events.append(ProducerNamed("pytest", merges=True))
        elif attributes.get("tests") is not None or self._suites:
            self._named = True
            self._events.append(ProducerNamed("", merges=False))

    # --- cases --------------------------------------------------------------------------------------

    def _close_child(self, child: _Child) -> None:
        self._child = self._text = None
        if self._case is not None:
            self._case.children.append(child)
        elif child.tag in _BAD:
            self._suite_failure(child)

    def _suite_failure(self, child: _Child) -> None:
        """An `<error>` directly under a suite: something that has no test went wrong."""
        suite = "/".join(part for part in self._suites if part)
        failure = self._failure(child, _BAD[child.tag])
        name = suite.rpartition("/")[2] or "suite"
        test = TestId(suite, f"{name} ({child.tag})")
        self._events.append(TestRecord(test, suite or name, failure.outcome, failures=(failure,)))

    def _close_case(self, length: int) -> None:
        case, self._case, self._child, self._text = self._case, None, None, None
        assert case is not None
        if self._is_pytest and not case.attributes.get("name") and not case.children:
            # pytest writes the test that was interrupted so; it is no evidence of a pass.
            message = (
                "a <testcase> with neither a name nor a result, as pytest writes a test that was stopped"
            )
            self._events.append(ProblemFound(Problem("nameless", message, case.line)))
            return
        record = self._record(case, length)
        self._events.append(record)
        self._cases += 1
        output = "\n".join(str(child.text) for child in case.children if child.tag in _OUTPUTS)
        for path, name in from_properties(case.properties):
            self._observed(name, EvidenceKind.PROPERTY, path, record.test, case.line)
        for name in from_output(output):
            self._observed(name, EvidenceKind.OUTPUT, None, record.test, case.line)

    def _observed(self, name: str, kind: EvidenceKind, path: str | None, test: TestId, line: int) -> None:
        self._index += 1
        self._events.append(EventSeen(GoldenEvent(name, kind, self._index, line=line, path=path, test=test)))

    def _record(self, case: _Case, length: int) -> TestRecord:
        test, label = self._identity(case)
        failures = tuple(self._failure(c, _BAD[c.tag]) for c in case.children if c.tag in _BAD)
        skipped = next((child for child in case.children if child.tag == "skipped"), None)
        stated = {case.attributes.get("status", "").lower(), case.attributes.get("result", "").lower()}
        if any(failure.outcome is Outcome.FAILED for failure in failures):
            outcome = Outcome.FAILED
        elif failures:
            outcome = Outcome.ERROR
        elif skipped is not None or stated & _NOT_RUN:
            outcome = Outcome.SKIPPED
        else:
            outcome = Outcome.PASSED
        torn_down = bool(failures) and all(failure.phase is Phase.TEARDOWN for failure in failures)
        return TestRecord(
            test=test,
            label=label,
            outcome=outcome,
            phase=Phase.TEARDOWN if torn_down else None,
            duration=_duration(case.attributes.get("time")),
            failures=failures,
            earlier=tuple(self._failure(c, _EARLIER[c.tag]) for c in case.children if c.tag in _EARLIER),
            flags=_xfail(skipped),
            reason=_reason(skipped),
            location=self._location(case, label),
            span=Span(case.offset, length) if length else None,
        )

    def _identity(self, case: _Case) -> tuple[TestId, str]:
        name = plain(case.attributes.get("name", "")) or "(no name)"
        class_name = plain(case.attributes.get("classname", ""))
        if self._is_pytest:
            label = identity.node_id(class_name, name, case.attributes.get("file"))
            return TestId(class_name, name), one_line(label)
        suites = [suite for suite in case.suite if suite and suite != class_name]
        test = TestId("/".join([*suites, class_name] if class_name else suites), name)
        return test, one_line(identity.label(test))

    def _location(self, case: _Case, label: str) -> Location | None:
        path = case.attributes.get("file")
        if path:
            line = _count(case.attributes.get("line"))
            # pytest counts lines from 0 here, the others from 1.
            return Location(one_line(path), line + 1 if line is not None and self._is_pytest else line)
        return Location(label.partition("::")[0]) if self._is_pytest and "::" in label else None

    def _failure(self, child: _Child, outcome: Outcome) -> Failure:
        message, text = child.attributes.get("message", ""), str(child.text)
        phase = None
        if self._is_pytest:
            text = _unescaped(text)
            phase = Phase.CALL if outcome is Outcome.FAILED else None
            found = _PYTEST_PHASE.match(message)
            if found:
                phase, message = Phase(found[1]), found[2]
            elif message == "collection failure":
                phase, message = Phase.COLLECT, trace.last_error(text)
        return trace.failure(
            outcome, phase, message=message, text=text, type=child.attributes.get("type", "")
        )


def _xfail(skipped: _Child | None) -> frozenset[Flag]:
    if skipped is not None and skipped.attributes.get("type") == "pytest.xfail":
        return frozenset({Flag.XFAIL})
    return NO_FLAGS


def _reason(skipped: _Child | None) -> str:
    if skipped is None:
        return ""
    return bounded(one_line(skipped.attributes.get("message") or str(skipped.text)), _REASON_LENGTH)


def _unescaped(text: str) -> str:
    """`text` with what pytest writes for a character that XML does not allow turned back: `#x1B`."""
    return _PYTEST_ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "#x" in text else text


def _duration(text: str | None) -> float | None:
    """Seconds; thousands separators are dropped, and what is no duration is None."""
    if not text:
        return None
    try:
        seconds = float(text.replace(",", ""))
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _count(text: str | None) -> int | None:
    try:
        return int(text.replace(",", "")) if text else None
    except ValueError:
        return None


def _moment(text: str | None) -> float | None:
    """Seconds since the epoch of an ISO 8601 time; one without an offset is taken as UTC."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def _recognise(head: bytes) -> bool:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head[2:].replace(b"\0", b"")
    return bool(_ROOT.match(head))


def _detail(records: Sequence[bytes]) -> Detail:
    """Everything that the elements of one attempt keep, read by junitparser."""
    import junitparser  # noqa: PLC0415  # it imports an XML library; only a drill-down needs it

    tracebacks: list[Section] = []
    outputs: dict[str, str] = {}
    properties: list[tuple[str, str]] = []
    for record in records:
        element = _element(record)
        if element is None:
            continue
        case = junitparser.TestCase.fromelem(element)  # type: ignore[no-untyped-call]
        for result in case.result:
            if not isinstance(result, junitparser.Skipped):
                tracebacks.append(_section(result.message, result.text))
        for child in element:
            if child.tag in _EARLIER:
                tracebacks.append(_section(child.tag, child.findtext("stackTrace") or child.text))
        for title, text in (("stdout", case.system_out), ("stderr", case.system_err)):
            if text and text.strip():
                outputs[title] = styled(_unescaped(text))
        for stated in element.iter("property"):
            value = stated.get("value") or stated.text or ""
            properties.append((plain(stated.get("name", "")), plain(value)))
    sections = tuple(part for title, text in outputs.items() for part in _banners(title, text))
    return Detail(tuple(tracebacks), sections, tuple(properties))


def _element(record: bytes) -> Element | None:
    """The one element that `record` begins with; what stands behind it is passed over."""
    builder = TreeBuilder()
    parser = XMLParser(target=builder)  # noqa: S314  # expat, on one element that was read before: no DTD
    try:
        parser.feed(record.translate(_WASHED).decode("utf-8", "replace"))
        return builder.close()
    except (ParseError, AssertionError):
        return None


def _section(message: str | None, text: str | None) -> Section:
    found = _PYTEST_PHASE.match(message or "")
    title = found[1] if found else "call"
    return Section(title, styled(_unescaped(text or message or "")).strip("\n"))


_BANNER = re.compile(r"^-{5,} Captured (\w+)(?: (\w+))? -{5,}\n", re.MULTILINE)


def _banners(title: str, text: str) -> list[Section]:
    """pytest writes log and output into one element, a banner above each; silent ones are left out."""
    parts = _BANNER.split(text)
    if len(parts) == 1:
        return [Section(title, text.strip("\n"))]
    names = {"Log": "log", "Out": "stdout", "Err": "stderr"}
    found = [(names.get(parts[i], parts[i].lower()), parts[i + 2]) for i in range(1, len(parts), 3)]
    return [Section(name, body.strip("\n")) for name, body in found if body.strip()]


FORMAT = Format("junit", _recognise, JunitReader, _detail)
