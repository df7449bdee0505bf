"""Cases of JUnit XML -> records: whose test it is, what became of it, and why, as its producer writes that.

May import `core.model`, `core.identity`, `text` and, of the readers, `assertion`, `trace`, `markup`,
`stated` and what is named `junit_...`. Invariant: a case that says nothing of a result but that it is bad
is bad.
"""

from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from tui.core import identity
from tui.core.model import (
    NO_FLAGS,
    Failure,
    Flag,
    Location,
    Outcome,
    Phase,
    Span,
    TestId,
    TestRecord,
)
from tui.readers import assertion, trace
from tui.readers.xml.junit_body import Body
from tui.readers.xml.junit_plain import Case as PlainCase
from tui.readers.xml.junit_plain import Place, seconds
from tui.readers.xml.junit_producers import EARLIER, GOOGLETEST, PHASE, PYTEST, unescaped
from tui.readers.xml.markup import Text
from tui.readers.xml.stated import count, duration, moment
from tui.text import one_line, plain, shortened

BAD = {"failure": Outcome.FAILED, "error": Outcome.ERROR}
EARLIER_OUTCOMES = {tag: Outcome.ERROR if tag.endswith("Error") else Outcome.FAILED for tag in EARLIER}
SKIPPED = ("skipped", "disabled", "ignored")
OUTPUTS = ("system-out", "system-err")
_REASON_LENGTH = 300
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
_EXPECTED = ("xfail", "expected test failure", "expected failure")


class Child(Struct):
    """A child element of a case or a suite that says something of its outcome, while it is open."""

    tag: str
    kind: str
    message: str
    offset: int
    text: Text = field(default_factory=Text)


class Case(Struct):
    """A `<testcase>` while it is open."""

    attributes: dict[str, str]
    suite: tuple[str, ...]
    offset: int
    line: int
    children: list[Child] = field(default_factory=list)
    properties: list[tuple[str, str]] = field(default_factory=list)


class Results:
    """Makes records of cases, as `producer` writes them."""

    def __init__(self, producer: str = "") -> None:
        self.producer = producer
        self.is_pytest = producer == PYTEST
        self._runs: dict[TestId, tuple[int, Outcome]] = {}

    def record(self, case: Case, length: int) -> TestRecord:
        """The record of a case that is `length` bytes long; 0 where it has no end."""
        test, label = self.identity(case)
        skipped: Child | None = None
        failures: tuple[Failure, ...] = ()
        earlier: tuple[Failure, ...] = ()
        if case.children:  # of a million cases most have none
            skipped = next((child for child in case.children if child.tag in SKIPPED), None)
            failures = trace.fingerprinted(self._failures(case, BAD), case.properties)
            earlier = self._failures(case, EARLIER_OUTCOMES)
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
            location=self.location(case, label),
            span=Span(case.offset, length) if length > 0 else None,
        )

    def in_short(self, place: Place, case: PlainCase, said: Body) -> TestRecord:
        """The record of a case that did not pass."""
        suite, before, location = place
        name, time, start, size = case
        tag, kind, message, text, _ = said
        test, label, took = TestId(suite, name), before + name, seconds(time)
        span = Span(start, size)
        if tag in SKIPPED:
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
        failure = self.failure(BAD[tag], kind, message, text, is_plain=True)
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

    def identity(self, case: Case) -> tuple[TestId, str]:
        """The test that a case is of, and its label."""
        name = case.attributes.get("name", "")
        if not self.is_pytest:  # it escapes what is no text in a name in another way, before it is a name
            name = unescaped(name, self.producer)
        name = plain(name) or "(no name)"
        class_name = plain(case.attributes.get("classname", ""))
        if self.is_pytest:
            label = identity.node_id(class_name, name, case.attributes.get("file"))
            return TestId(class_name, name), one_line(label)
        test = TestId(identity.joined(case.suite, class_name), name)
        return test, one_line(identity.label(test))

    def location(self, case: Case, label: str) -> Location | None:
        """Where its test stands."""
        path = case.attributes.get("file")
        if path:
            line = count(case.attributes.get("line"))
            # pytest counts lines from 0 here, the others from 1.
            return Location(one_line(path), line + 1 if line is not None and self.is_pytest else line)
        return Location(label.partition("::")[0]) if self.is_pytest and "::" in label else None

    def failure(
        self, outcome: Outcome, kind: str, message: str, said: str, *, is_plain: bool = False
    ) -> Failure:
        """Why a case was bad. `is_plain`: `said` has no control character but line ends and tabs."""
        message = unescaped(message, self.producer)
        text = unescaped(said, self.producer)
        if self.producer == GOOGLETEST:
            return replace(assertion.failure(text if text.strip() else message), outcome=outcome)
        phase = None
        if self.is_pytest:
            phase = Phase.CALL if outcome is Outcome.FAILED else None
            found = PHASE.match(message) if message.startswith("failed on") else None
            if found:
                phase, message = Phase(found[1]), found[2]
            elif message == "collection failure":
                phase, message = Phase.COLLECT, trace.last_error(text)
        is_plain = is_plain and text is said
        return trace.failure(outcome, phase, message=message, text=text, type=kind, is_plain=is_plain)

    def _reason(self, message: str, text: str) -> str:
        return shortened(one_line(unescaped(message or text, self.producer)), _REASON_LENGTH)

    def _failures(self, case: Case, outcomes: Mapping[str, Outcome]) -> tuple[Failure, ...]:
        return tuple(
            self.failure(outcomes[child.tag], child.kind, child.message, str(child.text))
            for child in case.children
            if child.tag in outcomes
        )

    def run_of(self, test: TestId, outcome: Outcome) -> TestId:
        """gotestsum repeats only what failed; what follows a pass under its name is a run of its own."""
        ordinal, before = self._runs.get(test, (1, outcome))
        if test in self._runs and not before.is_bad:
            ordinal += 1
        self._runs[test] = ordinal, outcome
        return test._replace(ordinal=ordinal)


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
