"""Robot Framework's output.xml, schema versions 3 to 6.

Format: https://github.com/robotframework/robotframework/tree/master/doc/schema. May import `core.model`,
`core.identity`, `text` and, of the readers, `element`, `golden`, `reader`, `markup`, `records`, `stated`,
`tagsoup` and `trace`.

Invariants: one `test` is one test; Robot says FAIL of everything, so what failed in a set-up or tear-down
alone is an error here (TRUTH 1). A tear-down of a suite that fails makes all its tests bad, as Robot's own
numbers have it: it stands behind them, so results are told when the outermost suite ends.
"""

from collections.abc import Iterator, Sequence
from typing import ClassVar
from xml.etree.ElementTree import Element

from msgspec import Struct, field
from msgspec.structs import replace

from tui.core import identity
from tui.core.model import (
    NO_FLAGS,
    Claimed,
    Detail,
    Event,
    Failure,
    Flag,
    Location,
    Outcome,
    Phase,
    ProducerNamed,
    Section,
    TestId,
    TestRecord,
)
from tui.readers import trace
from tui.readers.golden import MARK
from tui.readers.reader import Format
from tui.readers.xml.element import element
from tui.readers.xml.markup import Text, root
from tui.readers.xml.records import Record, RecordReader, reason, sections
from tui.readers.xml.stated import count, duration, moment
from tui.readers.xml.tagsoup import Vocabulary, vocabulary
from tui.text import one_line, plain

_SKIPPED = ("SKIP", "NOT RUN")
_SUITE_SETUP = "Parent suite setup failed"


class _Suite(Struct):
    """A suite while it is open, with its results and those of the suites in it."""

    name: str
    source: str
    results: list[tuple[Record, TestRecord]] = field(default_factory=list)
    teardown_failed: bool = False


class RobotReader(RecordReader):
    """Reads one output.xml."""

    record = "test"
    leaves = frozenset({"msg", "status", "tag"})
    producer = "Robot Framework"
    known: ClassVar[Vocabulary] = vocabulary(
        [
            *("robot", "suite", "kw", "for", "while", "iter", "if", "branch", "try", "group", "variable"),
            *("return", "break", "continue", "error", "doc", "arg", "var", "value", "tags", "metadata"),
            *("meta", "item", "timeout", "arguments", "statistics", "total", "stat", "errors", *leaves),
        ],
        records=["test"],
    )

    def __init__(self) -> None:
        super().__init__()
        self.on_start |= {"robot": self._robot, "suite": self._start_suite, "stat": self._stat}
        self.on_start |= {"kw": self._start_keyword, "errors": self._errors}
        self.on_end |= {"suite": self._end_suite, "stat": self._end_stat, "kw": self._end_keyword}
        self.on_end |= {"msg": self._end_message, "tag": self._end_tag}
        self._suites: list[_Suite] = []
        self._phase = ""
        self._stated: dict[str, str] = {}
        self._errors_open = False

    def identity(self, record: Record) -> TestId:
        """The suites and the test's name, as Robot's own long name has them."""
        suite = ".".join(suite.name for suite in self._suites)
        return TestId(identity.within((), suite), plain(record.get("name")) or "(no name)")

    def ended(self, record: Record) -> None:
        """Keep the result until the tear-downs of its suites are known."""
        told = self._result(record)
        if self._suites:
            self._suites[-1].results.append((record, told))
        else:
            self.tell(record, told, _lines(record))

    def at_end(self, *, complete: bool) -> tuple[Event, ...]:
        """The results of a file that ends before its suites do, and the test that is open."""
        held = [told for suite in self._suites for _, told in suite.results]
        opened = super().at_end(complete=complete)
        if held and not self._named:
            return (ProducerNamed(self.producer, merges=False), *held, *opened)
        return (*held, *opened)

    def _result(self, record: Record) -> TestRecord:
        stated = record.get("outcome").upper()
        message = record.text("test/status")
        failures: tuple[Failure, ...] = ()
        flags = NO_FLAGS
        if stated in _SKIPPED:
            outcome = Outcome.SKIPPED
        elif stated == "PASS":
            outcome = Outcome.PASSED
        else:
            failures = tuple(_failures(record, message))
            outcome = failures[0].outcome
            if len(failures) > 1:
                flags = frozenset({Flag.TEARDOWN_ERROR})
        test = self.identity(record)
        source = next((suite.source for suite in reversed(self._suites) if suite.source), "")
        return TestRecord(
            test=test,
            label=one_line(identity.label(test)),
            outcome=outcome,
            duration=duration(record.get("elapsed")),
            started=moment(record.get("start")),
            failures=failures,
            flags=flags,
            reason=reason(message) if outcome is Outcome.SKIPPED else "",
            location=Location(source, count(record.get("line"))) if source else None,
            span=record.span,
        )

    # --- suites -------------------------------------------------------------------------------------

    def _robot(self, attributes: dict[str, str]) -> None:
        words = attributes.get("generator", "").split()
        version = words[1] if words[:1] in (["Robot"], ["Rebot"]) and len(words) > 1 else ""
        self.name_producer(f"{self.producer} {version}")

    def _start_suite(self, attributes: dict[str, str]) -> None:
        if self.parent() != "suite" and self.parent() != "robot":
            return  # below <statistics> it is a row of a table
        outer = (suite.name for suite in self._suites)
        name = identity.within(outer, plain(attributes.get("name", "")))
        self._suites.append(_Suite(name, one_line(attributes.get("source", ""))))

    def _end_suite(self) -> None:
        if self.open[-1:] == ["statistics"] or not self._suites:
            return
        suite = self._suites.pop()
        results = suite.results
        if suite.teardown_failed:
            results = [(record, _torn_down(told)) for record, told in results]
            if not results:
                test = TestId(".".join([*(s.name for s in self._suites), suite.name]), "(suite tear-down)")
                failure = Failure(Outcome.ERROR, Phase.TEARDOWN, message="Suite teardown failed")
                label = one_line(identity.label(test))
                results = [(Record({}, 0, 0), TestRecord(test, label, Outcome.ERROR, failures=(failure,)))]
        if self._suites:
            self._suites[-1].results += results
            return
        for record, told in results:
            self.tell(record, told, _lines(record))

    # --- what stands in a test ----------------------------------------------------------------------

    def _start_keyword(self, attributes: dict[str, str]) -> None:
        if self.parent() in ("test", "suite"):
            self._phase = attributes.get("type", "").lower()

    def _end_keyword(self) -> None:
        if self.open[-1:] in (["test"], ["suite"]):
            self._phase = ""

    def _begin_leaf(self, leaf: str, attributes: dict[str, str]) -> None:
        if leaf == "status":
            self._status(attributes)
        elif leaf == "msg" and self._errors_open and attributes.get("level") == "ERROR":
            self.text = Text()
        elif self.records:
            if leaf == "tag":
                self.text = Text()
            else:
                self.text = Text() if attributes.get("level", "INFO") == "INFO" else None

    def _end_tag(self) -> None:
        said, self.text = str(self.text or ""), None
        is_of_test = self.open[-1:] == ["test"] or self.open[-2:] == ["test", "tags"]
        if self.records and said and is_of_test:
            self.records[-1].properties.append(("tag", plain(said)))

    def _end_message(self) -> None:
        said, self.text = str(self.text or ""), None
        if self.records and MARK in said:
            self.records[-1].said.setdefault("golden", Text()).add(said + "\n")
        elif self._errors_open and said:
            self.problem_of_run("error", said)

    def _status(self, attributes: dict[str, str]) -> None:
        """What became of the test, of a keyword of it, or of a suite's own tear-down."""
        parent, holder = self.parent(), self.parent(2)
        stated = attributes.get("status", "").upper()
        self.text = None
        if not self.records:
            if parent == "kw" and holder == "suite" and self._suites and stated == "FAIL":
                self._suites[-1].teardown_failed |= self._phase == "teardown"
            return
        record = self.records[-1]
        if parent == "test":
            record.attributes["outcome"] = stated
            record.attributes["start"] = attributes.get("start") or attributes.get("starttime", "")
            record.attributes["elapsed"] = attributes.get("elapsed") or _between(attributes)
            self.text = record.said.setdefault("test/status", Text())
        elif holder == "test" and stated == "FAIL":
            phase = self._phase if self._phase in ("setup", "teardown") else "call"
            record.attributes[phase] = stated

    # --- what it says of the whole ------------------------------------------------------------------

    def _stat(self, attributes: dict[str, str]) -> None:
        self._stated = attributes
        self.text = Text() if self.parent() == "total" else None

    def _end_stat(self) -> None:
        said, self.text = str(self.text or ""), None
        if self.open[-1:] != ["total"] or said.strip() != "All Tests":
            return
        passed, failed, skipped = (count(self._stated.get(name)) for name in ("pass", "fail", "skip"))
        self.events.append(Claimed((passed or 0) + (failed or 0) + (skipped or 0), None, None, skipped))

    def _errors(self, attributes: dict[str, str]) -> None:
        del attributes
        self._errors_open = True


def _failures(record: Record, message: str) -> Iterator[Failure]:
    """The phases that failed: the call first, as its verdict is the test's."""
    setup, call, teardown = (record.get(phase) == "FAIL" for phase in ("setup", "call", "teardown"))
    if setup or (not call and message.startswith(_SUITE_SETUP)):
        yield trace.failure(Outcome.ERROR, Phase.SETUP, message=message, text="")
    elif call or not teardown:
        yield trace.failure(Outcome.FAILED, Phase.CALL, message=message, text="")
    if teardown:
        yield trace.failure(Outcome.ERROR, Phase.TEARDOWN, message=message, text="")


def _torn_down(told: TestRecord) -> TestRecord:
    """The same test, once the tear-down of its suite has failed."""
    if told.outcome is Outcome.SKIPPED:
        return told
    failure = Failure(Outcome.ERROR, Phase.TEARDOWN, message="Parent suite teardown failed")
    failed = told.outcome is Outcome.FAILED
    return replace(
        told,
        outcome=told.outcome if told.outcome.is_bad else Outcome.ERROR,
        failures=(*told.failures, failure),
        flags=told.flags | {Flag.TEARDOWN_ERROR} if failed else told.flags,
    )


def _lines(record: Record) -> tuple[str, ...]:
    return (str(record.said["golden"]),) if "golden" in record.said else ()


def _between(attributes: dict[str, str]) -> str:
    """The seconds between the two times that older schemas write."""
    begins, ends = moment(attributes.get("starttime")), moment(attributes.get("endtime"))
    return "" if begins is None or ends is None else f"{ends - begins:.6f}"


def _detail(records: Sequence[bytes]) -> Detail:
    tracebacks: list[Section] = []
    outputs: list[Section] = []
    properties: list[tuple[str, str]] = []
    for record in records:
        test = element(record, RobotReader.known)
        if test is None:
            continue
        status = test.find("status")
        if status is not None and status.get("status") == "FAIL":
            tracebacks += sections([("call", status.text)])
        outputs += sections([("keywords", "\n".join(_told(test, 0)))])
        properties += [("tag", plain(each.text or "")) for each in test.iter("tag") if each.text]
        properties += [("doc", plain(each.text or "")) for each in test.findall("doc") if each.text]
    return Detail(tuple(tracebacks), tuple(outputs), tuple(properties))


def _told(parent: Element, depth: int) -> Iterator[str]:
    """The keywords of a test, their outcomes and their messages, indented as they are nested."""
    margin = "  " * depth
    for child in parent:
        if child.tag == "msg":
            lines = (child.text or "").splitlines()
            yield from (f"{margin}{child.get('level', '')}: {line}" for line in lines)
            continue
        status = child.find("status")
        if status is not None:
            arguments = "    ".join(each.text or "" for each in child.findall("arg"))
            name = child.get("name") or child.get("type") or child.tag.upper()
            yield f"{margin}{status.get('status', '')} {name}    {arguments}".rstrip()
            yield from _told(child, depth + 1)


FORMAT = Format("robot", lambda head: root(head)[0] == "robot", RobotReader, _detail)
