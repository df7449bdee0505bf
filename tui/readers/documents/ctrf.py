"""CTRF, the Common Test Report Format: one JSON document (https://ctrf.io/docs/specification/test).

`results.tests` holds an object for each test, `results.summary` is what the header claims,
`results.tool` names the producer. CTRF knows no errors; where a runner's own word (`rawStatus`) says
that setup or teardown failed, it is one. May import `core.model`, `core.identity`, `text` and this
package's `reader`, `jsondoc`, `jsonvalues` and `trace`.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

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
    Span,
    TestId,
    TestRecord,
    TestStarted,
    TimesStated,
)
from tui.readers import jsonvalues, trace
from tui.readers.documents.document import DocumentReader
from tui.readers.documents.jsondoc import ITEM, Document, Members, Piece
from tui.readers.reader import Format
from tui.text import one_line, plain, shortened, styled

_TOOL, _SUMMARY, _TEST = ("results", "tool"), ("results", "summary"), ("results", "tests", ITEM)
_OUTCOMES = {
    "passed": Outcome.PASSED,
    "failed": Outcome.FAILED,
    "skipped": Outcome.SKIPPED,
    "pending": Outcome.SKIPPED,
    "other": Outcome.SKIPPED,
}
_RAW_PHASES = {"setup_failed": Phase.SETUP, "teardown_failed": Phase.TEARDOWN}
_RAW_FLAGS = {"xfailed": Flag.XFAIL, "xpassed": Flag.XPASS}
_UNWRITTEN = Failure(Outcome.FAILED, message="This attempt was repeated; the report gives no reason for it.")
_NAMELESS = "(no name)"
_RETRIES_LARGEST = 100
_REASON_LENGTH = 300
_RECOGNISED = re.compile(
    rb'\A(?:\xef\xbb\xbf)?\s*\{(?:[^{}]*"reportFormat"\s*:\s*"CTRF"'
    rb'|[^{}]*"results"\s*:\s*\{\s*"(?:tool|summary|tests|environment)"\s*:)'
)


class CtrfReader(DocumentReader):
    """Reads one CTRF report."""

    producer: ClassVar[str] = "CTRF"

    def __init__(self) -> None:
        super().__init__(Document((_TOOL, _SUMMARY, _TEST), self._piece, self._begun))
        self._index = 0

    def _piece(self, piece: Piece) -> list[Event]:
        if piece.keys == _TOOL:
            return _producer(piece.value)
        if piece.keys == _SUMMARY:
            return _claimed(piece.value)
        test = _record(piece.value, piece.span)
        events: list[Event] = [test]
        outputs = ["\n".join(jsonvalues.texts(piece.value.get(name))) for name in ("stdout", "stderr")]
        said = [
            (name.partition(".")[2], value)
            for group in ("extra", "labels")
            for name, value in jsonvalues.flattened(group, piece.value.get(group))
        ]
        events += jsonvalues.golden_events(said, outputs, test.test, self._index)
        self._index += len(events) - 1
        return events

    def _begun(self, said: Members) -> list[Event]:
        try:
            test, label = _identity(said)
        except TypeError:
            return []
        return [TestStarted(test, label, at=jsonvalues.moment(said.get("start")), location=_location(said))]


def _producer(tool: object) -> list[Event]:
    said = jsonvalues.mapping(tool)
    words = [one_line(jsonvalues.text(said.get(name))) for name in ("name", "version")]
    return [ProducerNamed(" ".join(word for word in words if word) or "CTRF", merges=False)]


def _claimed(summary: object) -> list[Event]:
    said = jsonvalues.mapping(summary)
    tests, failed = jsonvalues.count(said.get("tests")), jsonvalues.count(said.get("failed"))
    not_run = [jsonvalues.count(said.get(name)) for name in ("skipped", "pending", "other")]
    stated = [number for number in not_run if number is not None]
    started, ended = jsonvalues.moment(said.get("start")), jsonvalues.moment(said.get("stop"))
    events: list[Event] = [Claimed(tests, failed, None, sum(stated) if stated else None)]
    return [*events, TimesStated(started, ended)] if started or ended else events


def _record(said: Members, span: Span) -> TestRecord:
    test, label = _identity(said)
    outcome, phase, wrong = _outcome(said)
    failures: tuple[Failure, ...] = ()
    if outcome.is_bad:
        message = jsonvalues.text(said.get("message")) or wrong
        failures = (trace.failure(outcome, phase, message=message, text=_trace(said)),)
    earlier = _earlier(said) if outcome in (Outcome.PASSED, Outcome.FAILED, Outcome.ERROR) else ()
    reason = jsonvalues.text(said.get("message")) if outcome is Outcome.SKIPPED else ""
    return TestRecord(
        test=test,
        label=label,
        outcome=outcome,
        duration=jsonvalues.seconds(said.get("duration")),
        started=jsonvalues.moment(said.get("start")),
        failures=failures,
        earlier=earlier,
        flags=_flags(said, outcome),
        reason=shortened(one_line(reason), _REASON_LENGTH),
        location=_location(said),
        span=span,
        worker=one_line(jsonvalues.text(said.get("threadId"))),
    )


def _identity(said: Members) -> tuple[TestId, str]:
    """The test and its name on screen. Raises TypeError where it has none."""
    stated, path = said.get("name"), jsonvalues.text(said.get("filePath"))
    if not isinstance(stated, str) and not isinstance(said.get("status"), str):
        raise TypeError('neither "name" nor "status"')
    name = jsonvalues.text(stated)
    if path and name.startswith(f"{path}::"):  # a node id, as pytest's plugins write it
        return identity.from_node_id(plain(name)), one_line(name)
    suite = said.get("suite")
    suites = " > ".join(jsonvalues.texts(suite)) if isinstance(suite, list) else jsonvalues.text(suite)
    test = TestId(one_line(suites or path), plain(name).strip() or _NAMELESS)
    return test, one_line(identity.label(test))


def _outcome(said: Members) -> tuple[Outcome, Phase | None, str]:
    """The outcome, the phase of a failure, and what is wrong with the status."""
    status = said.get("status")
    outcome = _OUTCOMES.get(status) if isinstance(status, str) else None
    if outcome is None:
        return Outcome.ERROR, None, f"the report states no known outcome: status {jsonvalues.text(status)!r}"
    phase = _RAW_PHASES.get(jsonvalues.text(said.get("rawStatus"))) if outcome is Outcome.FAILED else None
    return (Outcome.ERROR if phase else outcome), phase, ""


def _flags(said: Members, outcome: Outcome) -> frozenset[Flag]:
    flag = _RAW_FLAGS.get(jsonvalues.text(said.get("rawStatus")))
    if flag:
        return frozenset({flag})
    return frozenset({Flag.FLAKY}) if said.get("flaky") is True and outcome is Outcome.PASSED else NO_FLAGS


def _earlier(said: Members) -> tuple[Failure, ...]:
    """The failures of the attempts before the last; some producers list the last one with them."""
    attempts = jsonvalues.mappings(said.get("retryAttempts"))
    retries = jsonvalues.count(said.get("retries")) or 0
    if not attempts:
        return (_UNWRITTEN,) * min(retries, _RETRIES_LARGEST)
    if 0 < retries < len(attempts):
        attempts = attempts[:retries]
    return tuple(
        trace.failure(
            Outcome.FAILED, None, message=jsonvalues.text(attempt.get("message")), text=_trace(attempt)
        )
        for attempt in attempts[:_RETRIES_LARGEST]
        if attempt.get("status") not in ("passed", "skipped", "pending")
    )


def _trace(said: Members) -> str:
    return jsonvalues.text(said.get("trace"))


def _location(said: Members) -> Location | None:
    path = one_line(jsonvalues.text(said.get("filePath")))
    return Location(path, jsonvalues.count(said.get("line")) or None) if path else None


def _recognise(head: bytes) -> bool:
    return bool(_RECOGNISED.match(head))


def _detail(records: Sequence[bytes]) -> Detail:
    """Everything that the objects of one test keep."""
    tracebacks: list[Section] = []
    outputs: list[Section] = []
    properties: list[tuple[str, str]] = []
    for record in records:
        try:
            said = jsonvalues.mapping(json.loads(record, strict=False))
        except (ValueError, RecursionError):
            continue
        retried = jsonvalues.mappings(said.get("retryAttempts"))
        for title, attempt in [
            *((f"attempt {n}", each) for n, each in enumerate(retried, 1)),
            ("test", said),
        ]:
            told = _failure_text(attempt)
            if told and attempt.get("status") not in ("passed", "skipped", "pending"):
                tracebacks.append(Section(title, styled(told)))
        outputs += _outputs(said)
        properties += _properties(said)
    return Detail(tuple(tracebacks), tuple(outputs), tuple(properties))


def _failure_text(said: Mapping[str, Any]) -> str:
    message, text = jsonvalues.text(said.get("message")), _trace(said)
    return text if message in text else f"{message}\n\n{text}".strip()


def _outputs(said: Mapping[str, Any]) -> list[Section]:
    texts = {name: "\n".join(jsonvalues.texts(said.get(name))) for name in ("stdout", "stderr", "snippet")}
    steps = [
        f"{jsonvalues.text(step.get('status'))}: {jsonvalues.text(step.get('name'))}"
        for step in jsonvalues.mappings(said.get("steps"))
    ]
    texts["steps"] = "\n".join(steps)
    return [Section(title, styled(text)) for title, text in texts.items() if text.strip()]


def _properties(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = [
        pair
        for name in ("type", "browser", "device", "rawStatus", "tags", "labels", "parameters", "extra")
        for pair in jsonvalues.flattened(name, said.get(name))
    ]
    found += [
        ("attachment", f"{jsonvalues.text(each.get('name'))}: {jsonvalues.text(each.get('path'))}")
        for each in jsonvalues.mappings(said.get("attachments"))
    ]
    return [(one_line(name), plain(value)) for name, value in found if value]


FORMAT = Format("ctrf", _recognise, CtrfReader, _detail)
