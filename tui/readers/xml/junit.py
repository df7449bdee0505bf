"""JUnit XML from any producer, streamed: every closed case counts, wherever the file ends.

There is no standard; what producers share is described by the schemas of Ant and Maven Surefire
(https://maven.apache.org/surefire/maven-surefire-plugin/xsd/surefire-test-report.xsd) and by pytest's
`_pytest.junitxml`. Who wrote a file, and its escapes, are told by `junit_producers`; its suites are kept
by `junit_suites`; one case is read again for the detail by `junit_detail`. May import `core.model`,
`core.identity`, `text` and, of the readers, `reader`, `markup`, `tagsoup`, `stated`, `trace`, `golden` and
the three named.

Invariants: a case is one record, whatever its header says; a case that says nothing of a result but that
it is bad is bad, and one that was stopped is no pass.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import ClassVar

from msgspec import Struct, field
from msgspec.structs import replace

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
    Section,
    Span,
    TestId,
    TestRecord,
    TestStarted,
    TimesStated,
)
from tui.readers import assertion, trace
from tui.readers.golden import from_output, from_properties
from tui.readers.reader import Format
from tui.readers.xml.junit_plain import Body, Case, Place, Places, passed, seconds, stretches
from tui.readers.xml.junit_producers import (
    CTEST,
    EARLIER,
    GOOGLETEST,
    GOTESTSUM,
    MERGING,
    PHASE,
    PYTEST,
    suite_name,
    told_by,
    unescaped,
)
from tui.readers.xml.junit_suites import Suites
from tui.readers.xml.markup import MarkupReader, Text, root
from tui.readers.xml.stated import count, duration, has_zone, moment
from tui.readers.xml.tagsoup import Vocabulary, vocabulary
from tui.text import counted, one_line, plain, shortened

_REASON_LENGTH = 300
_BAD = {"failure": Outcome.FAILED, "error": Outcome.ERROR}
_EARLIER = {tag: Outcome.ERROR if tag.endswith("Error") else Outcome.FAILED for tag in EARLIER}
_SKIPPED = ("skipped", "disabled", "ignored")
_OUTPUTS = ("system-out", "system-err")
_SAYS_SKIPPED = {
    "notrun", "disabled", "ignored", "skipped", "suppressed", "pending", "todo", "untested",
}  # fmt: skip
_SAYS_BAD = {
    "failed": Outcome.FAILED,
    "failure": Outcome.FAILED,
    "fail": Outcome.FAILED,
    "error": Outcome.ERROR,
    "broken": Outcome.ERROR,
}
_WORST_FIRST = (Outcome.FAILED, Outcome.ERROR)
_SKIPPED_ATTRIBUTES = ("skipped", "skip", "skips", "disabled", "ignored")
_ELEMENTS_THAT_TELL = 50
_CLOSING = len("</testcase>")
_NEVER_PLAIN = (GOTESTSUM, CTEST)
"""One repeats names, the other writes brackets for what is no text."""
_EXPECTED = ("xfail", "expected test failure", "expected failure")


class _Child(Struct):
    """A child element of a case or a suite that says something of its outcome, while it is open."""

    tag: str
    kind: str
    message: str
    offset: int
    text: Text = field(default_factory=Text)


class _Case(Struct):
    """A `<testcase>` while it is open."""

    attributes: dict[str, str]
    suite: tuple[str, ...]
    offset: int
    line: int
    children: list[_Child] = field(default_factory=list)
    properties: list[tuple[str, str]] = field(default_factory=list)


class JunitReader(MarkupReader):
    """Reads one JUnit XML file.

    `large`: of a part of so many bytes the case that its end cuts in two is held back until it is whole.
    """

    large = 32 * 1024
    known: ClassVar[Vocabulary] = vocabulary(
        [
            *("testsuites", "testsuite", "properties", "property", "stackTrace", "stacktrace"),
            *(*_BAD, *_EARLIER, *_SKIPPED, *_OUTPUTS),
        ],
        records=["testcase"],
    )

    def __init__(self) -> None:
        super().__init__()
        self.on_start = {
            "testsuites": self._start_suites,
            "testsuite": self._start_suite,
            "testcase": self._start_case,
            "properties": self._start_properties,
            "property": self._start_property,
        }
        self.on_end = {
            "testsuite": self._end_suite,
            "testcase": self._end_case,
            "properties": self._end_properties,
            "property": self._end_property,
        }
        for tag in (*_BAD, *_EARLIER, *_SKIPPED, *_OUTPUTS):
            self.on_start[tag] = partial(self._start_child, tag)
            self.on_end[tag] = partial(self._end_child, tag)
        self._suites = Suites()
        self._properties: int | None = None
        self._case: _Case | None = None
        self._child: _Child | None = None
        self._property: str | None = None
        self._producer = ""
        self._is_pytest = False
        self._looked = 0
        self._told_merging = False
        self._root_claims = False
        self._claims: list[Claimed] = []
        self._index = 0
        self._listed = 0
        self._places = Places((), is_pytest=False)
        self._name_first = False
        self._held = b""
        self._runs: dict[TestId, tuple[int, Outcome]] = {}

    def inside(self) -> str:
        """The case that is open, as its file names it."""
        return f"<testcase name={self._case.attributes.get('name', '')[:80]!r}>" if self._case else ""

    def at_end(self, *, complete: bool) -> tuple[Event, ...]:
        """The case that is open: with an outcome where a child says one, else begun and never finished."""
        if not self._listed and complete:
            return self._unlisted()
        shared, case = tuple(self._suites.unended()), self._case
        if case is None or not case.attributes.get("name"):
            return shared
        if self._child is not None:
            case = replace(case, children=[*case.children, self._child])
        if any(child.tag in _BAD or child.tag in _SKIPPED for child in case.children):
            return (*shared, self._record(case, 0))
        test, label = self._identity(case)
        return (*shared, TestStarted(test, label, location=self._location(case, label)))

    def _unlisted(self) -> tuple[Event, ...]:
        """A header that claims results in a file that lists none: zero tests is never green."""
        tests = sum(claim.tests or 0 for claim in self._claims)
        bad = sum((claim.failures or 0) + (claim.errors or 0) for claim in self._claims)
        if not tests and not bad:
            return ()
        what = counted(tests, "test") if tests else counted(bad, "failure")
        return (ProblemFound(Problem("nothing listed", f"its header claims {what}, it lists none")),)

    # --- cases in the form that most have -----------------------------------------------------------

    def take(self, part: bytes) -> None:
        """Read the next part of the file: cases in the usual form by patterns, all else by the parser."""
        is_large = len(part) >= self.large
        part, self._held = self._held + part, b""
        if not self._looks_for_plain or b"<testcase " not in part:
            super().take(part)
            return
        position = skipped = offset = 0
        at_rest = False  # whether the parser stands between two cases at `position`
        text = part.decode("latin-1")
        for found in stretches(text, name_first=self._name_first):
            if not at_rest or not (position == found.start or text[position : found.start].isspace()):
                self.skip(part[skipped:position])
                super().take(part[position : found.start])
                position = skipped = found.start
                at_rest = self._is_between_cases()
                offset = self.next_offset() - position
            if not at_rest:
                continue  # the parser reads it too, with what stands before the next
            self._listed += 1
            place = self._places.of(found.class_name)
            if found.passed[0]:
                self.events += passed(place, offset, found.passed)
            for case, said in found.others:
                self.events.append(self._in_short(place, offset, case, said))
            position = found.end
        self.skip(part[skipped:position])
        rest = part[position:]
        if at_rest and is_large and len(rest) < self.large and rest.startswith(b"<testcase "):
            self._held = rest  # the case that the end of the part cuts in two is whole with the next
        else:
            super().take(rest)

    def _in_short(self, place: Place, offset: int, case: Case, said: Body) -> TestRecord:
        """The record of a case that did not pass."""
        suite, before, location = place
        name, time, start, end = case
        tag, kind, message, text, _ = said
        test, label, took = TestId(suite, name), before + name, seconds(time)
        span = Span(offset + start, end - start)
        if tag in _SKIPPED:
            flags, reason = _xfail(kind, message), self._reason(message, text)
            return TestRecord(
                test,
                label,
                Outcome.SKIPPED,
                duration=took,
                flags=flags,
                reason=reason,
                location=location,
                span=span,
            )
        failure = self._failure(_BAD[tag], kind, message, text)
        phase = Phase.TEARDOWN if failure.phase is Phase.TEARDOWN else None
        failures = (failure,)
        return TestRecord(
            test,
            label,
            failure.outcome,
            phase,
            duration=took,
            failures=failures,
            location=location,
            span=span,
        )

    @property
    def _looks_for_plain(self) -> bool:
        return self.is_simple and self._producer not in _NEVER_PLAIN

    def _is_between_cases(self) -> bool:
        """Whether a plain case may begin here: it is known by now who wrote the file, or never will be."""
        return (
            bool(self._producer or self._looked > _ELEMENTS_THAT_TELL)
            and self._looks_for_plain
            and self.open[-1:] == ["testsuite"]
            and self._case is None
            and self._child is None
            and self._properties is None
            and self.is_between_tags()
        )

    # --- suites -------------------------------------------------------------------------------------

    def _start_suites(self, attributes: dict[str, str]) -> None:
        self._root_claims = self._claim(attributes)
        self._name_producer("testsuites", attributes)

    def _start_suite(self, attributes: dict[str, str]) -> None:
        if not self._suites and not self._root_claims:
            self._claim(attributes)
        self._name_producer("testsuite", attributes)
        name = identity.within(self._suites.names, plain(suite_name(attributes, self._producer)))
        tells = "hostname" in attributes or "timestamp" in attributes
        self._suites.begin(name, self.here(), tells=tells)
        self._places = Places(self._suites.names, is_pytest=self._is_pytest)
        stamp = attributes.get("timestamp")
        started = moment(stamp)
        if started is not None:
            ended = started + (duration(attributes.get("time")) or 0.0)
            self.events.append(TimesStated(started, ended, has_zone(stamp)))

    def _end_suite(self) -> None:
        self.events += self._suites.end(self.past("testsuite"))
        self._places = Places(self._suites.names, is_pytest=self._is_pytest)

    def _claim(self, attributes: dict[str, str]) -> bool:
        tests = count(attributes.get("tests"))
        if tests is None:
            return False
        skipped = next((attributes[name] for name in _SKIPPED_ATTRIBUTES if name in attributes), None)
        claim = Claimed(
            tests, count(attributes.get("failures")), count(attributes.get("errors")), count(skipped)
        )
        self._claims.append(claim)
        self.events.append(claim)
        return True

    def _name_producer(self, tag: str, attributes: dict[str, str]) -> None:
        """Say who wrote the file as soon as an element tells; whether names merge, before the first case."""
        if self._producer or (self._looked > _ELEMENTS_THAT_TELL and self._told_merging):
            return
        self._looked += 1
        producer = told_by(tag, attributes, self.open[:-1])
        if producer in MERGING and self._told_merging:
            return  # what was read before has been told apart by then
        if producer or (tag == "testcase" and not self._told_merging):
            self._told_merging = True
            self._producer, self._is_pytest = producer, producer == PYTEST
            self._places = Places(self._suites.names, is_pytest=self._is_pytest)
            self.events.append(ProducerNamed(producer, merges=producer in MERGING))

    # --- what stands in a case ----------------------------------------------------------------------

    def _start_child(self, tag: str, attributes: dict[str, str]) -> None:
        if self._child is None:
            kind, message = attributes.get("type", ""), attributes.get("message", "")
            self._child = _Child(tag, kind, message, self.here())
            self.text = self._child.text
        elif tag in _OUTPUTS:
            self.text = None  # what an earlier attempt printed is not the text of its failure

    def _end_child(self, tag: str) -> None:
        child = self._child
        if child is None:
            return
        if tag != child.tag:
            self.text = child.text
            return
        self._child = self.text = None
        if self._case is not None:
            self._case.children.append(child)
        elif tag in _BAD:
            self._suite_failure(child)
        elif tag in _OUTPUTS:
            self._suites.keep(child.offset, self.past(tag))

    def _suite_failure(self, child: _Child) -> None:
        """An `<error>` directly under a suite: something that has no test went wrong."""
        suite = "/".join(part for part in self._suites.names if part)
        failure = self._failure(_BAD[child.tag], child.kind, child.message, str(child.text))
        name = suite.rpartition("/")[2] or "suite"
        test = TestId(suite, f"{name} ({child.tag})")
        self._name_producer("testcase", {})
        self._listed += 1
        self.events.append(TestRecord(test, one_line(suite or name), failure.outcome, failures=(failure,)))

    def _start_properties(self, attributes: dict[str, str]) -> None:
        del attributes
        if self._case is None and self._child is None:
            self._properties = self.here()

    def _end_properties(self) -> None:
        if self._properties is not None:
            self._suites.keep(self._properties, self.past("properties"))
            self._properties = None

    def _start_property(self, attributes: dict[str, str]) -> None:
        if self._case is None or self._child is not None:
            return
        self._property = plain(attributes.get("name", ""))
        self.text = Text()
        if "value" in attributes:
            self._case.properties.append((self._property, plain(attributes["value"])))
            self._property = None

    def _end_property(self) -> None:
        if self._property is not None and self._case is not None:
            self._case.properties.append((self._property, plain(str(self.text or ""))))
        if self._child is None:
            self._property = self.text = None

    # --- cases --------------------------------------------------------------------------------------

    def _start_case(self, attributes: dict[str, str]) -> None:
        if self._case is not None:
            self._close_case(0)
        if not self._producer:
            self._name_producer("testcase", attributes)
        self._name_first = next(iter(attributes), "") == "name"
        self._case = _Case(attributes, self._suites.names, self.here(), self.line())

    def _end_case(self) -> None:
        if self._case is not None:
            self._close_case(self.past("testcase") - self._case.offset)

    def _close_case(self, length: int) -> None:
        case, child = self._case, self._child
        assert case is not None
        self._case = self._child = self.text = None
        self._listed += 1
        if child is not None:
            case.children.append(child)
        if self._is_pytest and not case.attributes.get("name") and not case.children:
            # pytest writes the test that was interrupted so; it is no evidence of a pass.
            message = (
                "a <testcase> with neither a name nor a result, as pytest writes a test that was stopped"
            )
            self.events.append(ProblemFound(Problem("nameless", message, case.line)))
            return
        told = self._record(case, length)
        if self._producer == GOTESTSUM:
            told = replace(told, test=self._run_of(told.test, told.outcome))
        self.events.append(told)
        if not case.children and not case.properties:
            return
        output = "\n".join(str(child.text) for child in case.children if child.tag in _OUTPUTS)
        for path, name in from_properties(case.properties):
            self._observed(name, EvidenceKind.PROPERTY, path, told.test, case.line)
        for name in from_output(output):
            self._observed(name, EvidenceKind.OUTPUT, None, told.test, case.line)

    def _observed(self, name: str, kind: EvidenceKind, path: str | None, test: TestId, line: int) -> None:
        self._index += 1
        self.events.append(EventSeen(GoldenEvent(name, kind, self._index, line=line, path=path, test=test)))

    def _record(self, case: _Case, length: int) -> TestRecord:
        test, label = self._identity(case)
        skipped: _Child | None = None
        failures: tuple[Failure, ...] = ()
        earlier: tuple[Failure, ...] = ()
        if case.children:  # of a million cases most have none
            skipped = next((child for child in case.children if child.tag in _SKIPPED), None)
            failures = trace.fingerprinted(self._failures(case, _BAD), case.properties)
            earlier = self._failures(case, _EARLIER)
        outcome, torn_down = Outcome.PASSED, False
        if skipped is not None:
            outcome = Outcome.SKIPPED
        elif not failures:
            outcome, failures = _stated(case.attributes)
        if failures:
            outcome = min((failure.outcome for failure in failures), key=_WORST_FIRST.index)
            torn_down = all(failure.phase is Phase.TEARDOWN for failure in failures)
        return TestRecord(
            test=test,
            label=label,
            outcome=outcome,
            phase=Phase.TEARDOWN if torn_down else None,
            duration=duration(case.attributes.get("time")),
            started=moment(case.attributes.get("timestamp")),
            failures=failures,
            earlier=earlier,
            flags=_xfail(skipped.kind, skipped.message) if skipped is not None else NO_FLAGS,
            reason=self._reason(skipped.message, str(skipped.text)) if skipped is not None else "",
            location=self._location(case, label),
            span=Span(case.offset, length) if length > 0 else None,
        )

    def _failures(self, case: _Case, outcomes: Mapping[str, Outcome]) -> tuple[Failure, ...]:
        return tuple(
            self._failure(outcomes[child.tag], child.kind, child.message, str(child.text))
            for child in case.children
            if child.tag in outcomes
        )

    def _run_of(self, test: TestId, outcome: Outcome) -> TestId:
        """gotestsum repeats only what failed; what follows a pass under its name is a run of its own."""
        ordinal, before = self._runs.get(test, (1, outcome))
        if test in self._runs and not before.is_bad:
            ordinal += 1
        self._runs[test] = ordinal, outcome
        return test._replace(ordinal=ordinal)

    def _identity(self, case: _Case) -> tuple[TestId, str]:
        name = case.attributes.get("name", "")
        if not self._is_pytest:  # it escapes what is no text in a name in another way, before it is a name
            name = unescaped(name, self._producer)
        name = plain(name) or "(no name)"
        class_name = plain(case.attributes.get("classname", ""))
        if self._is_pytest:
            label = identity.node_id(class_name, name, case.attributes.get("file"))
            return TestId(class_name, name), one_line(label)
        test = TestId(identity.joined(case.suite, class_name), name)
        return test, one_line(identity.label(test))

    def _location(self, case: _Case, label: str) -> Location | None:
        path = case.attributes.get("file")
        if path:
            line = count(case.attributes.get("line"))
            # pytest counts lines from 0 here, the others from 1.
            return Location(one_line(path), line + 1 if line is not None and self._is_pytest else line)
        return Location(label.partition("::")[0]) if self._is_pytest and "::" in label else None

    def _failure(self, outcome: Outcome, kind: str, message: str, text: str) -> Failure:
        message = unescaped(message, self._producer)
        text = unescaped(text, self._producer)
        if self._producer == GOOGLETEST:
            return replace(assertion.failure(text if text.strip() else message), outcome=outcome)
        phase = None
        if self._is_pytest:
            phase = Phase.CALL if outcome is Outcome.FAILED else None
            found = PHASE.match(message)
            if found:
                phase, message = Phase(found[1]), found[2]
            elif message == "collection failure":
                phase, message = Phase.COLLECT, trace.last_error(text)
        return trace.failure(outcome, phase, message=message, text=text, type=kind)

    def _reason(self, message: str, text: str) -> str:
        return shortened(one_line(unescaped(message or text, self._producer)), _REASON_LENGTH)


def _stated(attributes: Mapping[str, str]) -> tuple[Outcome, tuple[Failure, ...]]:
    """What a case without a result says of itself in an attribute."""
    for name in ("status", "result"):
        word = attributes.get(name)
        if word:
            word = word.lower()
            if word in _SAYS_BAD:
                message = f"its file says {word!r}, and not why"
                return _SAYS_BAD[word], (Failure(_SAYS_BAD[word], message=message),)
            if word in _SAYS_SKIPPED:
                return Outcome.SKIPPED, ()
    return Outcome.PASSED, ()


def _xfail(kind: str, message: str) -> frozenset[Flag]:
    stated = f"{kind} {message[:40]}".lower()
    return frozenset({Flag.XFAIL}) if any(word in stated for word in _EXPECTED) else NO_FLAGS


def _recognise(head: bytes) -> bool:
    name, attributes = root(head)
    # The unit test framework Check has elements of these names in a namespace of its own.
    return name in ("testsuites", "testsuite", "testcase") and b"check.sourceforge.net" not in attributes


def _detail(records: Sequence[bytes]) -> Detail:
    from tui.readers.xml.junit_detail import read_detail  # noqa: PLC0415  # only what is looked at is read again

    return read_detail(records, JunitReader.known)


def _suite(pieces: Sequence[bytes]) -> tuple[Section, ...]:
    from tui.readers.xml.junit_detail import read_suite  # noqa: PLC0415  # see `_detail`

    return read_suite(pieces, JunitReader.known)


FORMAT = Format("junit", _recognise, JunitReader, _detail, _suite)
