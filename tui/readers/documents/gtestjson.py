"""GoogleTest's JSON, as `--gtest_output=json` writes it: one document, at the end of the run.

`testsuites` holds suites, `testsuite` in each its tests (https://google.github.io/googletest/
advanced.html#generating-a-json-report). What a test recorded as properties stands beside its own
fields. May import `core.model`, `core.identity`, `text` and, of the readers, `reader`, `jsondoc`,
`jsonvalues` and `trace`.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from tui.core import identity
from tui.core.model import (
    Claimed,
    Detail,
    Event,
    Failure,
    Location,
    Outcome,
    Section,
    Span,
    TestId,
    TestRecord,
    TestStarted,
    TimesStated,
)
from tui.readers import assertion, jsonvalues, trace
from tui.readers.documents.document import DocumentReader
from tui.readers.documents.jsondoc import ITEM, Document, Members, Piece
from tui.readers.reader import Format
from tui.text import one_line, plain, shortened, styled

_SUITE = ("testsuites", ITEM, "name")
_TEST = ("testsuites", ITEM, "testsuite", ITEM)
# In the order in which they are written: when `name` comes, all that is claimed was read.
_HEADER = ("tests", "failures", "errors", "timestamp", "time", "name")
_OWN = frozenset(
    {"name", "file", "line", "status", "result", "timestamp", "time", "classname", "failures", "skipped"}
)
_GLOBAL = "(global test environment)"
_DURATION = re.compile(r"\d+(?:\.\d*)?s?")
_REASON_LENGTH = 300
_NUMBER = rb"\s*:\s*\d+"
_RECOGNISED = re.compile(
    rb'\A(?:\xef\xbb\xbf)?\s*\{\s*"tests"%b\s*,\s*"failures"%b\s*,\s*"disabled"%b'
    % (_NUMBER, _NUMBER, _NUMBER)
)
_LIST = re.compile(rb'\A\s*\{\s*"tests"%b\s*,\s*"name"\s*:\s*"[^"]*"\s*,\s*"testsuites"\s*:\s*\[' % _NUMBER)


class GoogleTestReader(DocumentReader):
    """Reads one document of GoogleTest."""

    producer: ClassVar[str] = "GoogleTest"

    def __init__(self) -> None:
        header = [(name,) for name in _HEADER]
        super().__init__(Document((*header, _SUITE, _TEST), self._piece, self._begun))
        self._header: dict[str, Any] = {}
        self._suite = ""
        self._index = 0

    def _piece(self, piece: Piece) -> list[Event]:
        if piece.keys == _SUITE:
            self._suite = identity.within((), jsonvalues.text(piece.value))
            return []
        if piece.keys == _TEST:
            return self._test(piece.value, piece.span)
        self._header[piece.keys[0]] = piece.value
        return self._claimed() if piece.keys[0] == "name" else []

    def _claimed(self) -> list[Event]:
        tests, failures, errors = (jsonvalues.count(self._header.get(name)) for name in _HEADER[:3])
        events: list[Event] = [Claimed(tests, failures, errors, None)]
        started = jsonvalues.iso_moment(self._header.get("timestamp"))
        if started is not None:
            events.append(TimesStated(started, started + (_duration(self._header.get("time")) or 0.0)))
        return events

    def _test(self, said: Members, span: Span) -> list[Event]:
        test, label = self._identity(said)
        failures = _failures(said)
        outcome, failures = _outcome(said, failures)
        record = TestRecord(
            test=test,
            label=label,
            outcome=outcome,
            duration=_duration(said.get("time")),
            started=jsonvalues.iso_moment(said.get("timestamp")),
            failures=failures,
            reason=_reason(said) if outcome is Outcome.SKIPPED else "",
            location=_location(said),
            span=span,
        )
        golden = jsonvalues.golden_events(_properties(said), (), test, self._index)
        self._index += len(golden)
        return [record, *golden]

    def _identity(self, said: Members) -> tuple[TestId, str]:
        name, suite = said.get("name"), said.get("classname", self._suite)
        if not isinstance(name, str):
            raise TypeError('no "name"')
        # What fails in the global environment is written as a case without a name.
        test = TestId(plain(jsonvalues.text(suite)).strip(), plain(name).strip() or _GLOBAL)
        return test, one_line(identity.label(test))

    def _begun(self, said: Members) -> list[Event]:
        try:
            test, label = self._identity(said)
        except TypeError:
            return []
        return [TestStarted(test, label, location=_location(said))]


def _outcome(said: Members, failures: tuple[Failure, ...]) -> tuple[Outcome, tuple[Failure, ...]]:
    """A failure decides, whatever else is said; what is neither run nor known is never passed."""
    if failures:
        return Outcome.FAILED, failures
    status, result = (jsonvalues.text(said.get(name)).upper() for name in ("status", "result"))
    if status == "NOTRUN" or result in ("SKIPPED", "SUPPRESSED"):
        return Outcome.SKIPPED, ()
    # Before 1.10 there was no result.
    if status == "RUN" and result in ("COMPLETED", ""):
        return Outcome.PASSED, ()
    message = f"the report states no known outcome: status {status!r}, result {result!r}"
    return Outcome.ERROR, (trace.failure(Outcome.ERROR, None, message=message, text=""),)


def _failures(said: Members) -> tuple[Failure, ...]:
    texts = [jsonvalues.text(each.get("failure")) for each in jsonvalues.mappings(said.get("failures"))]
    if not texts and said.get("failures"):
        texts = jsonvalues.texts(said.get("failures"))
    return tuple(assertion.failure(text) for text in texts)


def _reason(said: Members) -> str:
    told = [jsonvalues.text(each.get("message")) for each in jsonvalues.mappings(said.get("skipped"))]
    told = [assertion.PLACE.sub("", text, count=1) for text in told]
    if not any(text.strip() for text in told) and jsonvalues.text(said.get("status")).upper() == "NOTRUN":
        return "disabled"
    return shortened(one_line(" ".join(told)), _REASON_LENGTH)


def _duration(value: object) -> float | None:
    """Seconds as GoogleTest writes them: "0.001s"."""
    stated = jsonvalues.text(value).strip()
    return jsonvalues.number(float(stated.rstrip("s"))) if _DURATION.fullmatch(stated[:40]) else None


def _location(said: Members) -> Location | None:
    path = one_line(jsonvalues.text(said.get("file")))
    return Location(path, jsonvalues.count(said.get("line")) or None) if path else None


def _properties(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = (
        pair for key, value in said.items() if key not in _OWN for pair in jsonvalues.flattened(key, value)
    )
    return [(one_line(name), plain(value)) for name, value in found]


def foreign(head: bytes) -> str:
    """What GoogleTest's answer to `--gtest_list_tests` is; empty for all else."""
    return "a list of GoogleTest's tests: none of them was run" if _LIST.match(head) else ""


def _recognise(head: bytes) -> bool:
    return bool(_RECOGNISED.match(head))


def _detail(records: Sequence[bytes]) -> Detail:
    """Everything that the objects of one test keep."""
    tracebacks: list[Section] = []
    outputs: list[Section] = []
    properties: list[tuple[str, str]] = []
    for record in records:
        try:
            said = jsonvalues.mapping(json.loads(record.decode("utf-8", "replace"), strict=False))
        except (ValueError, RecursionError):
            continue
        for number, each in enumerate(jsonvalues.mappings(said.get("failures")), 1):
            tracebacks.append(Section(f"failure {number}", styled(jsonvalues.text(each.get("failure")))))
        skipped = "\n".join(
            jsonvalues.text(each.get("message")) for each in jsonvalues.mappings(said.get("skipped"))
        )
        outputs += [Section("skipped", styled(skipped))] if skipped.strip() else []
        properties += _properties(said)
    return Detail(tuple(tracebacks), tuple(outputs), tuple(properties))


FORMAT = Format("gtest", _recognise, GoogleTestReader, _detail)
