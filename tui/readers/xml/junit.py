"""JUnit XML from any producer, streamed: every closed case counts, wherever the file ends.

There is no standard; what producers share is described by the schemas of Ant and Maven Surefire
(https://maven.apache.org/surefire/maven-surefire-plugin/xsd/surefire-test-report.xsd) and by pytest's
`_pytest.junitxml`. Who wrote a file, and its escapes, are told by `junit_producers`; its suites are kept
by `junit_suites`; cases become records in `junit_results`; what is in the usual form is found by
`junit_plain` and `junit_whole`; one case is read again for the detail by `junit_detail`. May import
`core.model`, `core.identity`, `text` and, of the readers, `reader`, `markup`, `tagsoup`, `stated`, `golden`
and the six named.

Invariants: a case is one record, whatever its header says; a case that says nothing of a result but that
it is bad is bad, and one that was stopped is no pass.
"""

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from msgspec.structs import replace

from tui.core import identity
from tui.core.model import (
    Claimed,
    Detail,
    Event,
    EventSeen,
    EvidenceKind,
    GoldenEvent,
    Problem,
    ProblemFound,
    ProducerNamed,
    Section,
    TestId,
    TestRecord,
    TestStarted,
    TimesStated,
)
from tui.readers.golden import from_output, from_properties
from tui.readers.reader import Format
from tui.readers.xml.junit_plain import (
    Places,
    Stretch,
    is_blank,
    passed,
    stretches,
)
from tui.readers.xml.junit_producers import (
    CTEST,
    EARLIER,
    GOTESTSUM,
    MERGING,
    suite_name,
    told_by,
)
from tui.readers.xml.junit_results import BAD, OUTPUTS, SKIPPED, Case, Child, Results
from tui.readers.xml.junit_suites import Suites
from tui.readers.xml.junit_whole import Kept, Tag, whole
from tui.readers.xml.markup import MarkupReader, Text, root
from tui.readers.xml.stated import count, duration, has_zone, moment
from tui.readers.xml.tagsoup import Vocabulary, vocabulary
from tui.text import counted, one_line, plain

_SKIPPED_ATTRIBUTES = ("skipped", "skip", "skips", "disabled", "ignored")
_ELEMENTS_THAT_TELL = 50
_CLOSING = len("</testcase>")
_NEVER_PLAIN = (GOTESTSUM, CTEST)
"""One repeats names, the other writes brackets for what is no text."""


class JunitReader(MarkupReader):
    """Reads one JUnit XML file.

    `large`: of a part of so many bytes the case that its end cuts in two is held back until it is whole.
    """

    large = 32 * 1024
    known: ClassVar[Vocabulary] = vocabulary(
        [
            *("testsuites", "testsuite", "properties", "property", "stackTrace", "stacktrace"),
            *(*BAD, *EARLIER, *SKIPPED, *OUTPUTS),
        ],
        records=["testcase"],
    )

    # See `MarkupReader`.
    _properties: int | None = None
    _case: Case | None = None
    _child: Child | None = None
    _property: str | None = None
    _producer = ""
    _looked = 0
    _told_merging = False
    _root_claims = False
    _index = 0
    _listed = 0
    _places: Places | None = None
    _name_first = False
    _held = b""
    _told_whole = b""

    def __init__(self) -> None:
        super().__init__()
        self._suites = Suites()
        self._results = Results()
        self._claims: list[Claimed] = []

    def listen(self) -> None:
        """Name the elements that are wanted."""
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
        for tag in (*BAD, *EARLIER, *SKIPPED, *OUTPUTS):
            self.on_start[tag] = partial(self._start_child, tag)
            self.on_end[tag] = partial(self._end_child, tag)

    def inside(self) -> str:
        """The case that is open, as its file names it."""
        return f"<testcase name={self._case.attributes.get('name', '')[:80]!r}>" if self._case else ""

    def at_end(self, *, complete: bool) -> tuple[Event, ...]:
        """The case that is open: with an outcome where a child says one, else begun and never finished."""
        if not self._listed and complete:
            return self._unlisted()
        shared, case = (*self._suites.unended(),) if self._suites else (), self._case
        if case is None or not case.attributes.get("name"):
            return shared
        if self._child is not None:
            case = replace(case, children=[*case.children, self._child])
        if any(child.tag in BAD or child.tag in SKIPPED for child in case.children):
            return (*shared, self._results.record(case, 0))
        test, label = self._results.identity(case)
        return (*shared, TestStarted(test, label, location=self._results.location(case, label)))

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
        if not part and not self._held and self.is_simple:
            return
        if part and self._told_whole:  # it goes on behind its end
            self.opened(self._told_whole)
            self._told_whole = b""
        elif self.is_untold and self._looks_for_plain and self._tell_whole(part):
            self._told_whole = part
            return
        is_large = len(part) >= self.large
        part, self._held = self._held + part, b""
        if not self._looks_for_plain or b"<testcase " not in part:
            super().take(part)
            return
        position = skipped = 0
        at_rest = False  # whether the parser stands between two cases at `position`
        text = part.decode("latin-1")
        for found in stretches(text, self.next_offset(), name_first=self._name_first):
            if not at_rest or not (position == found.start or is_blank(text[position : found.start])):
                self.skip(part[skipped:position])
                super().take(part[position : found.start])
                position = skipped = found.start
                at_rest = self._is_between_cases()
            if not at_rest:
                continue  # the parser reads it too, with what stands before the next
            self._tell(found)
            position = found.end
        self.skip(part[skipped:position])
        rest = part[position:]
        if at_rest and is_large and len(rest) < self.large and rest.startswith(b"<testcase "):
            self._held = rest  # the case that the end of the part cuts in two is whole with the next
        else:
            super().take(rest)

    def _tell_whole(self, part: bytes) -> bool:
        """Tell of a file that is a single part and in the usual form throughout, if it is one."""
        items = whole(part.decode("latin-1"), self.next_offset())
        if items is None:
            return False
        if self._written_by(items) in (*_NEVER_PLAIN, None):
            return False
        offset = self.next_offset()
        for item in items:
            if isinstance(item, Tag):
                self._tell_tag(item, offset)
            elif isinstance(item, Kept):
                self._suites.keep(offset + item.start, offset + item.end)
            else:
                if not self._told_merging:
                    self._name_producer("testcase", {})
                self._tell(item)
        self._looked += self._listed
        return True

    @staticmethod
    def _written_by(items: Sequence[Tag | Kept | Stretch]) -> str | None:
        """Who wrote a file; empty where nothing tells, None where that comes behind a case, as none tells."""
        open_tags: list[str] = []
        has_cases = False
        for item in items:
            if not isinstance(item, Tag):
                has_cases = has_cases or isinstance(item, Stretch)
            elif item.attributes is None:
                open_tags.pop()
            elif producer := told_by(item.name, item.attributes, open_tags):
                return None if has_cases else producer
            else:
                open_tags.append(item.name)
        return ""

    def _tell_tag(self, tag: Tag, offset: int) -> None:
        self.place = offset + tag.start
        if tag.attributes is None:
            self.open.pop()
            self.is_over = not self.open
            if tag.name == "testsuite":
                self._end_suite()
        else:
            self.open.append(tag.name)
            (self._start_suites if tag.name == "testsuites" else self._start_suite)(tag.attributes)

    def _tell(self, found: Stretch) -> None:
        """Tell of cases in the usual form."""
        self._listed += 1
        if self._places is None:
            self._places = Places(self._suites.names, is_pytest=self._results.is_pytest)
        place = self._places.of(found.class_name)
        self.events += passed(place, found.passed)
        for case, said in found.others:
            self.events.append(self._results.in_short(place, case, said))

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
        self._places = None
        stamp = attributes.get("timestamp")
        started = moment(stamp)
        if started is not None:
            ended = started + (duration(attributes.get("time")) or 0.0)
            self.events.append(TimesStated(started, ended, has_zone(stamp)))

    def _end_suite(self) -> None:
        self.events += self._suites.end(self.past("testsuite"))
        self._places = None

    def _claim(self, attributes: dict[str, str]) -> bool:
        tests = count(attributes.get("tests"))
        if tests is None:
            return False
        skipped = None
        for name in _SKIPPED_ATTRIBUTES:
            if name in attributes:
                skipped = attributes[name]
                break
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
            self._producer, self._results = producer, Results(producer)
            self._places = None
            self.events.append(ProducerNamed(producer, merges=producer in MERGING))

    # --- what stands in a case ----------------------------------------------------------------------

    def _start_child(self, tag: str, attributes: dict[str, str]) -> None:
        if self._child is None:
            kind, message = attributes.get("type", ""), attributes.get("message", "")
            self._child = Child(tag, kind, message, self.here())
            self.text = self._child.text
        elif tag in OUTPUTS:
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
        elif tag in BAD:
            self._suite_failure(child)
        elif tag in OUTPUTS:
            self._suites.keep(child.offset, self.past(tag))

    def _suite_failure(self, child: Child) -> None:
        """An `<error>` directly under a suite: something that has no test went wrong."""
        suite = "/".join(part for part in self._suites.names if part)
        failure = self._results.failure(BAD[child.tag], child.kind, child.message, str(child.text))
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
        self._case = Case(attributes, self._suites.names, self.here(), self.line())

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
        if self._results.is_pytest and not case.attributes.get("name") and not case.children:
            # pytest writes the test that was interrupted so; it is no evidence of a pass.
            message = (
                "a <testcase> with neither a name nor a result, as pytest writes a test that was stopped"
            )
            self.events.append(ProblemFound(Problem("nameless", message, case.line)))
            return
        told = self._results.record(case, length)
        if self._producer == GOTESTSUM:
            told = replace(told, test=self._results.run_of(told.test, told.outcome))
        self.events.append(told)
        if not case.children and not case.properties:
            return
        output = "\n".join(str(child.text) for child in case.children if child.tag in OUTPUTS)
        for path, name in from_properties(case.properties):
            self._observed(name, EvidenceKind.PROPERTY, path, told.test, case.line)
        for name in from_output(output):
            self._observed(name, EvidenceKind.OUTPUT, None, told.test, case.line)

    def _observed(self, name: str, kind: EvidenceKind, path: str | None, test: TestId, line: int) -> None:
        self._index += 1
        self.events.append(EventSeen(GoldenEvent(name, kind, self._index, line=line, path=path, test=test)))


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
