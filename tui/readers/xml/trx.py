"""TRX, the results of Visual Studio and of `dotnet test --logger trx`.

Schema: vstst.xsd of Visual Studio (namespace http://microsoft.com/schemas/VisualStudio/TeamTest/2010);
writer: https://github.com/microsoft/vstest/tree/main/src/Microsoft.TestPlatform.Extensions.TrxLogger.
May import `core.model`, `core.identity`, `text` and, of the readers, `element`, `reader`, `markup`,
`records`, `stated`, `tagsoup` and `trace`.

Invariants: one `UnitTestResult` is one test, but one that holds others is their group: it counts only
where it is bad and none of them is. The class of a test stands in the definitions, which may follow the
results: so results are told when the file ends.
"""

from collections.abc import Sequence
from typing import ClassVar

from msgspec.structs import replace

from tui.core import identity
from tui.core.model import (
    Claimed,
    Detail,
    Event,
    Failure,
    Outcome,
    ProducerNamed,
    Section,
    TestId,
    TestRecord,
    TimesStated,
)
from tui.readers import trace
from tui.readers.reader import Format
from tui.readers.xml.element import element
from tui.readers.xml.markup import Text, root
from tui.readers.xml.records import Record, RecordReader, reason, sections, split_name
from tui.readers.xml.stated import clock, count, moment
from tui.readers.xml.tagsoup import Vocabulary, vocabulary
from tui.text import one_line, plain

_OUTCOMES = {
    "passed": Outcome.PASSED,
    "passedbutrunaborted": Outcome.PASSED,
    "warning": Outcome.PASSED,
    "completed": Outcome.PASSED,
    "failed": Outcome.FAILED,
    "notexecuted": Outcome.SKIPPED,
    "notrunnable": Outcome.SKIPPED,
    "inconclusive": Outcome.SKIPPED,
    "pending": Outcome.SKIPPED,
}
_OUTPUTS = (("StdOut", "stdout"), ("StdErr", "stderr"), ("DebugTrace", "debug trace"))


class TrxReader(RecordReader):
    """Reads one TRX file."""

    record = "UnitTestResult"
    leaves = frozenset({"Message", "StackTrace", "StdOut", "StdErr", "DebugTrace"})
    producer = "VSTest"
    known: ClassVar[Vocabulary] = vocabulary(
        [
            *("TestRun", "Results", "UnitTestResult", "InnerResults", "Output", "ErrorInfo", "Times"),
            *(
                "TestDefinitions",
                "UnitTest",
                "TestMethod",
                "ResultSummary",
                "Counters",
                "RunInfos",
                "RunInfo",
            ),
            *(
                "TestSettings",
                "TestLists",
                "TestList",
                "TestEntries",
                "TestEntry",
                "ResultFiles",
                "Execution",
            ),
            *("ResultFile", "Text", "Description", "Deployment", *leaves),
        ],
        records=[],
    )

    def __init__(self) -> None:
        super().__init__()
        self.on_start |= {
            "Times": self._times,
            "Counters": self._counters,
            "UnitTest": self._definition,
            "TestMethod": self._method,
            "RunInfo": self._start_run_info,
        }
        self.on_end |= {"RunInfo": self._end_run_info, "TestRun": self._flush}
        self._unflushed: list[tuple[Record, TestRecord]] = []
        self._classes: dict[str, str] = {}
        self._defined = ""
        self._run_info: str | None = None

    def identity(self, record: Record) -> TestId:
        """The class of the test where it is known by now, and its name without that."""
        name = plain(record.get("testName")) or "(no name)"
        class_name = self._classes.get(record.get("testId"), "")
        if not class_name:
            return TestId(*split_name(name))
        return TestId(class_name, name.removeprefix(class_name + "."))

    def ended(self, record: Record) -> None:
        """Keep the result until its class is known."""
        outcome = _OUTCOMES.get(record.get("outcome").lower(), Outcome.ERROR)
        if record.inner and not (outcome.is_bad and all(_is_fine(inner) for inner in record.inner)):
            return
        test = self.identity(record)
        failures = (_failure(record, outcome),) if outcome.is_bad else ()
        told = TestRecord(
            test=test,
            label="",
            outcome=outcome,
            duration=clock(record.get("duration")),
            started=moment(record.get("startTime")),
            failures=failures,
            reason=reason(record.text("ErrorInfo/Message")) if outcome is Outcome.SKIPPED else "",
            span=record.span,
        )
        self._unflushed.append((record, told))

    def at_end(self, *, complete: bool) -> tuple[Event, ...]:
        """The results of a file that ends before its definitions do, and the one that is open."""
        results = tuple(self._named_result(record, told) for record, told in self._unflushed)
        opened = super().at_end(complete=complete)
        if results and not self._named:
            return (ProducerNamed(self.producer, merges=False), *results, *opened)
        return (*results, *opened)

    def _flush(self) -> None:
        for record, told in self._unflushed:
            output = [record.text(f"Output/{tag}") for tag, _ in _OUTPUTS]
            self.tell(record, self._named_result(record, told), output)
        self._unflushed.clear()

    def _named_result(self, record: Record, told: TestRecord) -> TestRecord:
        test = self.identity(record)
        return replace(told, test=test, label=one_line(identity.label(test)))

    def _definition(self, attributes: dict[str, str]) -> None:
        self._defined = attributes.get("id", "")

    def _method(self, attributes: dict[str, str]) -> None:
        # Visual Studio writes "Class, Assembly, Version=...".
        self._classes[self._defined] = identity.within(
            (), plain(attributes.get("className", "").partition(",")[0])
        )

    def _times(self, attributes: dict[str, str]) -> None:
        self.events.append(TimesStated(moment(attributes.get("start")), moment(attributes.get("finish"))))

    def _counters(self, attributes: dict[str, str]) -> None:
        errors = [count(attributes.get(name)) for name in ("error", "timeout", "aborted")]
        total, failed = count(attributes.get("total")), count(attributes.get("failed"))
        self.events.append(Claimed(total, failed, sum(each or 0 for each in errors), None))

    def _start_run_info(self, attributes: dict[str, str]) -> None:
        self._run_info = attributes.get("outcome", "")
        self.on_start["Text"] = self._start_run_text
        self.text = None

    def _start_run_text(self, attributes: dict[str, str]) -> None:
        del attributes
        self.text = Text() if self._run_info is not None else None

    def _end_run_info(self) -> None:
        if self._run_info is not None and self._run_info.lower() not in ("warning", "passed", "completed"):
            said = str(self.text or "").strip() or "without a reason"
            self.problem_of_run("run", f"the run says {self._run_info or 'Error'}: {said}")
        self._run_info = self.text = None


def _is_fine(record: Record) -> bool:
    if record.inner:
        return all(_is_fine(inner) for inner in record.inner)
    return not _OUTCOMES.get(record.get("outcome").lower(), Outcome.ERROR).is_bad


def _failure(record: Record, outcome: Outcome) -> Failure:
    message = record.text("ErrorInfo/Message", "Output/Message")
    stated = record.get("outcome")
    if not message and stated.lower() != "failed":
        message = f"its outcome is {stated}" if stated else "it has no outcome"
    return trace.failure(outcome, None, message=message, text=record.text("ErrorInfo/StackTrace"))


def _detail(records: Sequence[bytes]) -> Detail:
    tracebacks: list[Section] = []
    outputs: list[Section] = []
    properties: list[tuple[str, str]] = []
    for record in records:
        case = element(record, TrxReader.known)
        if case is None:
            continue
        said = [each.text or "" for tag in ("Message", "StackTrace") for each in case.iter(tag)]
        tracebacks += sections([("failure", "\n".join(said))])
        outputs += sections(
            (title, "\n".join(e.text or "" for e in case.iter(tag))) for tag, title in _OUTPUTS
        )
        properties += [("attachment", plain(each.get("path", ""))) for each in case.iter("ResultFile")]
        properties += [(name, plain(case.get(name, ""))) for name in ("computerName",) if case.get(name)]
    return Detail(tuple(tracebacks), tuple(outputs), tuple(properties))


def _recognise(head: bytes) -> bool:
    name, attributes = root(head)
    # CppUnit has a root of this name too, and nothing in it.
    return name == "TestRun" and (
        b"TeamTest" in attributes or b"runUser" in attributes or b"id=" in attributes
    )


FORMAT = Format("trx", _recognise, TrxReader, _detail)
