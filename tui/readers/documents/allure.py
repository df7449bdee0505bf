"""Allure's test results: one JSON document for each test that ran, `UUID-result.json`.

Fields: https://allurereport.org/docs/how-it-works-test-result-file/. `broken` means that something else
than a check went wrong: an error. What a test did before a retry stands in a file of its own, with the
same `historyId`: a source of its own here. May import `core.model`, `core.identity`, `text` and this
package's `reader`, `jsondoc`, `jsonvalues` and `trace`.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from tui.core import identity
from tui.core.model import (
    NO_FLAGS,
    AttemptOf,
    Detail,
    Event,
    Failure,
    Flag,
    Location,
    Outcome,
    ProducerNamed,
    Section,
    Span,
    TestId,
    TestRecord,
    TestStarted,
    TimesStated,
)
from tui.readers import jsonvalues, trace
from tui.readers.documents.jsondoc import Document, Members, Piece
from tui.readers.reader import Ending, Format
from tui.text import one_line, plain, shortened, styled

_OUTCOMES = {
    "passed": Outcome.PASSED,
    "failed": Outcome.FAILED,
    "broken": Outcome.ERROR,
    "skipped": Outcome.SKIPPED,
}
_SUITE_LABELS = ("parentSuite", "suite", "subSuite")
_REASON_LENGTH = 300
_STEPS_DEEPEST = 50
_HEAD = rb"\A(?:\xef\xbb\xbf)?\s*\{"
_UUID = re.compile(_HEAD + rb'(?=.*"uuid"\s*:\s*")', re.DOTALL)
_RESULT = re.compile(
    rb'"(?:historyId|fullName|testCaseId|statusDetails|titlePath)"\s*:'
    rb'|"status"\s*:\s*(?:"(?:passed|failed|broken|skipped|unknown)"|null)'
)
# The identifiers stand last where pytest wrote it, behind a traceback of any length.
_NAME_FIRST = re.compile(
    _HEAD
    + rb'\s*"name"\s*:\s*"(?:[^"\\]|\\.)*+"\s*,\s*"status"\s*:\s*"(?:passed|failed|broken|skipped|unknown)"'
    rb'\s*,\s*"(?:statusDetails|description|descriptionHtml|steps|attachments|parameters|start)"\s*:',
    re.DOTALL,
)
_CONTAINER = re.compile(
    _HEAD + rb'(?=.*"uuid"\s*:\s*")(?=.*"(?:children|befores|afters)"\s*:\s*\[)', re.DOTALL
)


_ATTACHMENT = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-attachment(?:\.\w+)?$")


class AllureReader:
    """Reads the result of one test."""

    is_stream: ClassVar[bool] = False
    has_end: ClassVar[bool] = True

    def __init__(self) -> None:
        self._document = Document(((),), self._piece, self._begun)

    def feed(self, data: bytes) -> list[Event]:
        """The events of the document, once it is whole."""
        return self._document.feed(data)

    def ending(self) -> Ending:
        """Whether the document was closed."""
        return self._document.ending()

    @staticmethod
    def _piece(piece: Piece) -> list[Event]:
        said = piece.value
        record = _record(said, piece.span)
        started, ended = jsonvalues.moment(said.get("start")), jsonvalues.moment(said.get("stop"))
        labels = [(plain(name), plain(value)) for name, value in _pairs(said, "labels")]
        history = one_line(jsonvalues.text(said.get("historyId")) or "")
        return [
            _producer(said),
            *([AttemptOf(history)] if history else []),
            *([TimesStated(started, ended)] if started or ended else []),
            record,
            *jsonvalues.golden_events(labels, (), record.test, 0),
        ]

    @staticmethod
    def _begun(said: Members) -> list[Event]:
        try:
            test, label = _identity(said)
        except ValueError:
            return []
        return [_producer(said), TestStarted(test, label, at=jsonvalues.moment(said.get("start")))]


def _producer(said: Members) -> ProducerNamed:
    framework = _label(said, "framework")
    return ProducerNamed(one_line(f"{framework} (Allure)" if framework else "Allure"), merges=False)


def _record(said: Members, span: Span) -> TestRecord:
    test, label = _identity(said)
    details = jsonvalues.mapping(said.get("statusDetails"))
    status = said.get("status")
    outcome = _OUTCOMES.get(status, Outcome.ERROR) if isinstance(status, str) else Outcome.ERROR
    message = jsonvalues.text(details.get("message"))
    failures: tuple[Failure, ...] = ()
    if outcome.is_bad:
        failures = (_failure(outcome, status, message, jsonvalues.text(details.get("trace"))),)
    started, ended = jsonvalues.moment(said.get("start")), jsonvalues.moment(said.get("stop"))
    return TestRecord(
        test=test,
        label=label,
        outcome=outcome,
        duration=ended - started if started and ended and ended >= started else None,
        started=started,
        failures=failures,
        flags=_flags(outcome, details, message),
        reason=shortened(one_line(message), _REASON_LENGTH) if outcome is Outcome.SKIPPED else "",
        location=_location(said),
        span=span,
        worker=one_line(_label(said, "thread")),
    )


def _failure(outcome: Outcome, status: object, message: str, text: str) -> Failure:
    if isinstance(status, str) and status in _OUTCOMES:
        return trace.failure(outcome, None, message=message, text=text)
    said = f"Allure knows no outcome of it: status {jsonvalues.text(status) or 'missing'!r}"
    return trace.failure(outcome, None, message=f"{said}. {message}".strip(), text=text)


def _flags(outcome: Outcome, details: Members, message: str) -> frozenset[Flag]:
    """pytest's adapter says what was expected to fail in the first word of the message."""
    if outcome is Outcome.SKIPPED and message.startswith("XFAIL"):
        return frozenset({Flag.XFAIL})
    if outcome is Outcome.PASSED and message.startswith("XPASS"):
        return frozenset({Flag.XPASS})
    flaky = details.get("flaky") is True and outcome is Outcome.PASSED
    return frozenset({Flag.FLAKY}) if flaky else NO_FLAGS


def _identity(said: Members) -> tuple[TestId, str]:
    """The test and its name on screen. Raises ValueError where it has none."""
    full, name = plain(jsonvalues.text(said.get("fullName"))), plain(jsonvalues.text(said.get("name")))
    if not full.strip() and not name.strip():
        raise ValueError('neither "name" nor "fullName"')
    if _label(said, "framework") == "pytest" and "#" in full:
        suite, _, function = full.partition("#")
        return _pytest_identity(said, suite, function, name)
    titles = [title for label in _SUITE_LABELS for title in _labels(said, label)]
    suite = _label(said, "testClass") or " > ".join(titles) or _label(said, "package")
    test = TestId(one_line(suite), _parametrised(name.strip() or full.strip(), said))
    return test, one_line(identity.label(test))


def _pytest_identity(said: Members, suite: str, function: str, name: str) -> tuple[TestId, str]:
    """The id that pytest's own reports give: "tests.test_a.TestUser#test_x" with its parameters."""
    has_own_title = name != function and not name.startswith(f"{function}[")
    test = TestId(suite, _parametrised(function, said) if has_own_title else name)
    path = [title for title in jsonvalues.texts(said.get("titlePath")) if title]
    file = next((at for at, title in enumerate(path) if title.endswith(".py")), None)
    if file is None:
        return test, one_line(identity.node_id(test.suite, test.name))
    return test, one_line("::".join(["/".join(path[: file + 1]), *path[file + 1 :], test.name]))


def _parametrised(name: str, said: Members) -> str:
    """`name` with the values of the parameters that it does not show: they make tests of one name two."""
    values = [
        plain(jsonvalues.text(each.get("value")))
        for each in jsonvalues.mappings(said.get("parameters"))
        if each.get("excluded") is not True
    ]
    return name if all(value in name for value in values) else f"{name}[{', '.join(values)}]"


def _pairs(said: Members, field: str) -> Iterator[tuple[str, str]]:
    for each in jsonvalues.mappings(said.get(field)):
        yield jsonvalues.text(each.get("name")), jsonvalues.text(each.get("value"))


def _labels(said: Members, name: str) -> list[str]:
    return [plain(value) for label, value in _pairs(said, "labels") if label == name and value]


def _label(said: Members, name: str) -> str:
    return next(iter(_labels(said, name)), "")


def _location(said: Members) -> Location | None:
    path = [one_line(title) for title in jsonvalues.texts(said.get("titlePath"))]
    file = next((at for at, title in enumerate(path) if title.endswith(".py")), None)
    return None if file is None else Location("/".join(path[: file + 1]))


def foreign(head: bytes, name: str) -> str:
    """What a file of Allure's that holds no result is; empty for all others.

    An attachment can have any content: its name alone tells it.
    """
    if _ATTACHMENT.search(name):
        return "an attachment of an Allure result"
    if _CONTAINER.match(head):
        return "an Allure container: fixtures of tests, no result"
    if re.match(rb'\A\s*\[\s*\{.*"matchedStatuses"', head, re.DOTALL):
        return "Allure's categories"
    if re.match(_HEAD + rb'.*"build(?:Order|Name|Url)"\s*:', head, re.DOTALL) and b'"type"' in head:
        return "Allure's note of who ran the tests"
    return ""


def _recognise(head: bytes) -> bool:
    if _NAME_FIRST.match(head):
        return not _CONTAINER.match(head)
    return bool(_UUID.match(head) and _RESULT.search(head)) and not _CONTAINER.match(head)


def _detail(records: Sequence[bytes]) -> Detail:
    """Everything that the document keeps."""
    tracebacks: list[Section] = []
    outputs: list[Section] = []
    properties: list[tuple[str, str]] = []
    for record in records:
        try:
            said = jsonvalues.mapping(json.loads(record.decode("utf-8", "replace"), strict=False))
        except (ValueError, RecursionError):
            continue
        details = jsonvalues.mapping(said.get("statusDetails"))
        message, text = (jsonvalues.text(details.get(name)) for name in ("message", "trace"))
        told = text if message in text else f"{message}\n\n{text}".strip()
        if told and said.get("status") not in ("passed", "skipped"):
            tracebacks.append(
                Section(one_line(jsonvalues.text(said.get("status"))) or "failure", styled(told))
            )
        elif told:
            outputs.append(Section("message", styled(told)))
        steps = "\n".join(_steps(said, 0))
        outputs += [Section("steps", styled(steps))] if steps else []
        properties += _properties(said)
    return Detail(tuple(tracebacks), tuple(outputs), tuple(properties))


def _steps(said: Mapping[str, Any], depth: int) -> Iterator[str]:
    for step in jsonvalues.mappings(said.get("steps")) if depth < _STEPS_DEEPEST else ():
        message = jsonvalues.text(jsonvalues.mapping(step.get("statusDetails")).get("message"))
        line = f"{'  ' * depth}{jsonvalues.text(step.get('status'))}: {jsonvalues.text(step.get('name'))}"
        yield f"{line}: {message}" if message else line
        yield from _steps(step, depth + 1)


def _properties(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = [
        (name, jsonvalues.text(said.get(name)))
        for name in ("description", "fullName", "uuid", "historyId", "testCaseId")
    ]
    found += [(f"parameter.{name}", value) for name, value in _pairs(said, "parameters")]
    found += [(f"label.{name}", value) for name, value in _pairs(said, "labels")]
    found += [("link", jsonvalues.text(each.get("url"))) for each in jsonvalues.mappings(said.get("links"))]
    found += [
        ("attachment", f"{jsonvalues.text(each.get('name'))}: {jsonvalues.text(each.get('source'))}")
        for each in jsonvalues.mappings(said.get("attachments"))
    ]
    return [(one_line(name), plain(value)) for name, value in found if value]


FORMAT = Format("allure", _recognise, AllureReader, _detail)
