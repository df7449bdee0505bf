"""NUnit XML: version 3 (`test-run`) and version 2 (`test-results`), also as others write it (pytest-nunit).

Formats: https://docs.nunit.org/articles/nunit/technical-notes/usage/Test-Result-XML-Format.html and, for
version 2, results.xsd of NUnit 2.6. May import `core.model`, `core.identity`, `text` and, of the readers,
`element`, `reader`, `markup`, `records`, `stated`, `tagsoup` and `trace`.

Invariant: one `test-case` is one test; a suite that is bad while nothing in it is (its set-up or tear-down,
or an assembly that could not be loaded) is one test in error.
"""

import re
from collections.abc import Sequence
from typing import ClassVar

from msgspec import Struct, field

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
from tui.readers.xml.records import Record, RecordReader, reason, said_at, sections, split_name
from tui.readers.xml.stated import count, duration, moment
from tui.readers.xml.tagsoup import Vocabulary, vocabulary
from tui.text import one_line, plain

_OUTCOMES = {
    "passed": Outcome.PASSED,
    "success": Outcome.PASSED,
    "warning": Outcome.PASSED,
    "failed": Outcome.FAILED,
    "failure": Outcome.FAILED,
    "error": Outcome.ERROR,
    "cancelled": Outcome.ERROR,
    "skipped": Outcome.SKIPPED,
    "ignored": Outcome.SKIPPED,
    "notrunnable": Outcome.SKIPPED,
    "inconclusive": Outcome.SKIPPED,
}
_LABELS_OF_ERRORS = ("error", "invalid", "cancelled")
_OF_A_CHILD = re.compile(r"(?:One or more )?child tests? (?:failed|had )", re.IGNORECASE)


class _Suite(Struct):
    """A `test-suite` while it is open."""

    attributes: dict[str, str]
    is_bad: bool = False
    said: dict[str, Text] = field(default_factory=dict)


class NunitReader(RecordReader):
    """Reads one NUnit file."""

    record = "test-case"
    leaves = frozenset({"message", "stack-trace", "output"})
    producer = "NUnit"
    known: ClassVar[Vocabulary] = vocabulary(
        [
            *("test-run", "test-results", "test-suite", "results", "failure", "reason", "properties"),
            *("property", "environment", "settings", "setting", "categories", "category", "culture-info"),
            *("assertions", "assertion", "attachments", "attachment", "filePath", "description", "filter"),
            *("command-line", *leaves),
        ],
        records=["test-case"],
    )

    def __init__(self) -> None:
        super().__init__()
        self.on_start |= {
            "test-run": self._run,
            "test-results": self._results,
            "test-suite": self._start_suite,
            "environment": self._environment,
        }
        self.on_end["test-suite"] = self._end_suite
        self._suites: list[_Suite] = []

    def identity(self, record: Record) -> TestId:
        """The class (version 2: what stands before the last dot of the name) and the test's name."""
        name, full = plain(record.get("name")), plain(record.get("fullname"))
        class_name = plain(record.get("classname"))
        if class_name:
            return TestId(class_name, name.removeprefix(class_name + ".").removeprefix(class_name + "::"))
        if full and full != name and full.endswith(name):
            return TestId(full.removesuffix(name).rstrip("."), name)
        return TestId(*split_name(full or name or "(no name)"))

    def ended(self, record: Record) -> None:
        """Tell of the test."""
        outcome = _outcome(record.attributes)
        if outcome.is_bad:
            for suite in self._suites:
                suite.is_bad = True
        test = self.identity(record)
        told = TestRecord(
            test=test,
            label=one_line(identity.label(test)),
            outcome=outcome,
            duration=duration(record.get("duration") or record.get("time")),
            started=moment(record.get("start-time")),
            failures=(_failure(record.said, outcome, record.get("label")),) if outcome.is_bad else (),
            reason=reason(record.text("reason/message")) if outcome is Outcome.SKIPPED else "",
            span=record.span,
        )
        self.tell(record, told, [record.text("test-case/output")])

    def _run(self, attributes: dict[str, str]) -> None:
        skipped = [count(attributes.get(name)) for name in ("skipped", "inconclusive")]
        # `failed` counts failures and errors together.
        self.events.append(
            Claimed(count(attributes.get("total")), None, None, sum(each or 0 for each in skipped))
        )
        ends = moment(attributes.get("start-time")), moment(attributes.get("end-time"))
        if any(end is not None for end in ends):
            self.events.append(TimesStated(*ends))

    def _results(self, attributes: dict[str, str]) -> None:
        total = [count(attributes.get(name)) for name in ("total", "not-run")]
        tests = None if total[0] is None else sum(each or 0 for each in total)
        failed, errors = (count(attributes.get(name)) for name in ("failures", "errors"))
        self.events.append(Claimed(tests, failed, errors, None))
        started = moment(f"{attributes.get('date', '')}T{attributes.get('time', '')}")
        if started is not None:
            self.events.append(TimesStated(started, None))

    def _environment(self, attributes: dict[str, str]) -> None:
        version = attributes.get("framework-version") or attributes.get("nunit-version") or ""
        self.name_producer(
            "pytest-nunit" if "GCC" in attributes.get("clr-version", "") else f"NUnit {version}"
        )

    def _start_suite(self, attributes: dict[str, str]) -> None:
        self._suites.append(_Suite(attributes))

    def _end_suite(self) -> None:
        if not self._suites:
            return
        suite = self._suites.pop()
        outcome = _outcome(suite.attributes)
        message = said_at(suite.said, "failure/message", "reason/message")
        if not outcome.is_bad or suite.is_bad or not message or _OF_A_CHILD.match(message):
            return
        for outer in self._suites:
            outer.is_bad = True
        name = plain(suite.attributes.get("fullname") or suite.attributes.get("name", "")) or "suite"
        failure = _failure(suite.said, Outcome.ERROR, suite.attributes.get("site", ""))
        self.name_producer()
        self.events.append(TestRecord(TestId(name, "(suite)"), name, Outcome.ERROR, failures=(failure,)))

    def _begin_leaf(self, leaf: str, attributes: dict[str, str]) -> None:
        if self.records:
            super()._begin_leaf(leaf, attributes)
        elif self._suites:
            self.text = self._suites[-1].said.setdefault(f"{self.parent()}/{leaf}", Text())


def _outcome(attributes: dict[str, str]) -> Outcome:
    stated = attributes.get("result", "").lower()
    outcome = _OUTCOMES.get(stated)
    if outcome is Outcome.FAILED and attributes.get("label", "").lower() in _LABELS_OF_ERRORS:
        return Outcome.ERROR
    if outcome is not None:
        return outcome
    if stated:
        return Outcome.ERROR
    # Before 2.5 there is no result: only whether it ran, and whether that went well.
    if attributes.get("executed", "").lower() == "false":
        return Outcome.SKIPPED
    return {"true": Outcome.PASSED, "false": Outcome.FAILED}.get(
        attributes.get("success", "").lower(), Outcome.ERROR
    )


def _failure(said: dict[str, Text], outcome: Outcome, label: str) -> Failure:
    message = said_at(said, "failure/message", "reason/message") or label
    return trace.failure(outcome, None, message=message, text=said_at(said, "failure/stack-trace"))


def _detail(records: Sequence[bytes]) -> Detail:
    tracebacks: list[Section] = []
    outputs: list[Section] = []
    properties: list[tuple[str, str]] = []
    for record in records:
        case = element(record, NunitReader.known)
        if case is None:
            continue
        for failure in case.iter("failure"):
            said = [failure.findtext("message"), failure.findtext("stack-trace")]
            tracebacks += sections([("failure", "\n".join(text for text in said if text))])
        outputs += sections([("stdout", case.findtext("output"))])
        stated = [(each.get("name", ""), each.get("value", "")) for each in case.iter("property")]
        properties += [(plain(name), plain(value)) for name, value in stated]
        properties += [("attachment", plain(each.text or "")) for each in case.iter("filePath")]
    return Detail(tuple(tracebacks), tuple(outputs), tuple(properties))


FORMAT = Format("nunit", lambda head: root(head)[0] in ("test-run", "test-results"), NunitReader, _detail)
