"""xUnit.net XML: version 2 and 3 (`assemblies`), version 1 (`assembly`), also as Fixie writes it.

Format: https://xunit.net/docs/format-xml-v2. May import `core.model`, `core.identity`, `text` and this
package's `element`, `reader`, `markup`, `records`, `stated`, `tagsoup` and `trace`.

Invariant: one `test` is one test; one `error` of an assembly (a clean-up that failed) is one test in error.
"""

from collections.abc import Sequence
from typing import ClassVar

from tui.core import identity
from tui.core.model import (
    Claimed,
    Detail,
    Failure,
    Outcome,
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
from tui.readers.xml.stated import count, duration, moment
from tui.readers.xml.tagsoup import Vocabulary, vocabulary
from tui.text import one_line, plain

_OUTCOMES = {
    "pass": Outcome.PASSED,
    "fail": Outcome.FAILED,
    "skip": Outcome.SKIPPED,
    "notrun": Outcome.SKIPPED,
}


class XunitReader(RecordReader):
    """Reads one xUnit.net file."""

    record = "test"
    leaves = frozenset({"message", "stack-trace", "output", "reason"})
    producer = "xUnit.net"
    known: ClassVar[Vocabulary] = vocabulary(
        [
            *("assemblies", "assembly", "collection", "class", "errors", "error", "failure", "traits"),
            *("trait", "attachments", "attachment", "warnings", "warning", *leaves),
        ],
        records=["test"],
    )

    def __init__(self) -> None:
        super().__init__()
        self.on_start |= {
            "assembly": self._assembly,
            "error": self._start_error,
            "failure": self._failure_begins,
            "trait": self._trait,
        }
        self.on_end["error"] = self._end_error
        self._error: Record | None = None

    def identity(self, record: Record) -> TestId:
        """The class and what the name says beyond it."""
        name, class_name = plain(record.get("name")) or "(no name)", plain(record.get("type"))
        if not class_name:
            return TestId(*split_name(name))
        return TestId(class_name, name.removeprefix(class_name + "."))

    def ended(self, record: Record) -> None:
        """Tell of the test."""
        stated = record.get("result")
        outcome = _OUTCOMES.get(stated.lower(), Outcome.ERROR)
        failures: tuple[Failure, ...] = ()
        if outcome.is_bad:
            message = record.text("failure/message") or (f"its result is {stated!r}" if stated else "")
            failures = (
                trace.failure(
                    outcome,
                    None,
                    message=message,
                    text=record.text("failure/stack-trace"),
                    type=record.get("exception-type"),
                ),
            )
        test = self.identity(record)
        why = record.text("test/reason", "reason/message")
        told = TestRecord(
            test=test,
            label=one_line(identity.label(test)),
            outcome=outcome,
            duration=duration(record.get("time")),
            failures=failures,
            reason=reason(why) if outcome is Outcome.SKIPPED else "",
            span=record.span,
        )
        self.tell(record, told, [record.text("test/output")])

    def _assembly(self, attributes: dict[str, str]) -> None:
        framework = attributes.get("test-framework", "")
        self.name_producer(framework)
        skipped = [count(attributes.get(name)) for name in ("skipped", "not-run")]
        self.events.append(
            Claimed(
                count(attributes.get("total")),
                count(attributes.get("failed")),
                count(attributes.get("errors")),
                sum(each or 0 for each in skipped),
            )
        )
        started = moment(f"{attributes.get('run-date', '')}T{attributes.get('run-time', '')}")
        if started is not None:
            self.events.append(TimesStated(started, started + (duration(attributes.get("time")) or 0.0)))

    def _trait(self, attributes: dict[str, str]) -> None:
        if self.records:
            pair = plain(attributes.get("name", "")), plain(attributes.get("value", ""))
            self.records[-1].properties.append(pair)

    def _failure_begins(self, attributes: dict[str, str]) -> None:
        record = self.records[-1] if self.records else self._error
        if record is not None:
            record.attributes.setdefault("exception-type", attributes.get("exception-type", ""))

    def _start_error(self, attributes: dict[str, str]) -> None:
        if not self.records:
            self._error = Record(dict(attributes), self.here(), self.line())

    def _end_error(self) -> None:
        record, self._error = self._error, None
        if record is None:
            return
        record.length = self.past("error") - record.offset
        name = plain(record.get("name")) or plain(record.get("type")) or "assembly"
        failure = trace.failure(
            Outcome.ERROR,
            None,
            message=record.text("failure/message") or name,
            text=record.text("failure/stack-trace"),
            type=record.get("exception-type"),
        )
        test = TestId(name, f"({plain(record.get('type')) or 'error'})")
        label = one_line(identity.label(test))
        self.tell(record, TestRecord(test, label, Outcome.ERROR, failures=(failure,), span=record.span))

    def _begin_leaf(self, leaf: str, attributes: dict[str, str]) -> None:
        if self._error is not None:
            self.text = self._error.said.setdefault(f"{self.parent()}/{leaf}", Text())
        else:
            super()._begin_leaf(leaf, attributes)


def _detail(records: Sequence[bytes]) -> Detail:
    tracebacks: list[Section] = []
    outputs: list[Section] = []
    properties: list[tuple[str, str]] = []
    for record in records:
        case = element(record, XunitReader.known)
        if case is None:
            continue
        for failure in case.iter("failure"):
            said = [failure.findtext("message"), failure.findtext("stack-trace")]
            tracebacks += sections([("failure", "\n".join(text for text in said if text))])
        outputs += sections([("stdout", case.findtext("output"))])
        stated = [(each.get("name", ""), each.get("value", "")) for each in case.iter("trait")]
        properties += [(plain(name), plain(value)) for name, value in stated]
        attachments = [each.get("name", "") for each in case.iter("attachment")]
        properties += [("attachment", plain(name)) for name in attachments]
    return Detail(tuple(tracebacks), tuple(outputs), tuple(properties))


def _recognise(head: bytes) -> bool:
    name, attributes = root(head)
    return name == "assemblies" or (name == "assembly" and b"test-framework" in attributes)


FORMAT = Format("xunit", _recognise, XunitReader, _detail)
