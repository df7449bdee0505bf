"""What is copied of tests: ids, tracebacks as plain text, blocks of Markdown for an issue.

May import `core`, `report` and `text`. Pure. Invariant: in a block nothing that results say becomes markup, a
mention or a link, or ends the block of code that it stands in.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tui.core.causes import Cause
from tui.core.identity import exact
from tui.core.model import TestKey, TestResult
from tui.core.store import Store
from tui.report import words
from tui.report.as_markdown import code, fenced
from tui.text import counted, plain

MOST_IN_FULL = 50
"""Of so many tests the tracebacks are copied; how many more there are is said."""

_MOST_LISTED = 20


class Traced(NamedTuple):
    """A test, the tracebacks of its last attempt, and the cause that decided its outcome."""

    result: TestResult
    traceback: str
    cause: Cause | None = None


def ids(tests: Iterable[TestResult]) -> str:
    """A test a line."""
    return "\n".join(exact(test.label, test.test) for test in tests)


def tracebacks(traced: Sequence[Traced], of: int) -> str:
    """The tracebacks, each below the id of its test where there are several. `of`: how many there are."""
    if len(traced) == 1 and of == 1:
        return _text(traced[0])
    parts = [f"{each.result.label}\n\n{_text(each)}" for each in traced]
    return "\n\n\n".join([*parts, *_more(len(traced), of)])


def markdown(traced: Sequence[Traced], of: int) -> str:
    """A block for each test; the traceback of a cause stands in the first of its tests alone.

    `of`: how many tests there are.
    """
    blocks = []
    told: dict[Cause, Traced] = {}
    for each in traced:
        first = told.setdefault(each.cause, each) if each.cause is not None else each
        blocks.append("\n".join(_block(each, first)))
    return "\n\n".join(blocks + _more(len(traced), of))


def markdown_of_cause(cause: Cause, tests: Sequence[TestResult], first: Traced) -> str:
    """A block for a cause: its tests, and the traceback of one of them."""
    lines = [f"### {code(cause.title)}", "", f"- {counted(len(tests), 'test')} with this cause"]
    if cause.where:
        lines.append(f"- where: {code(cause.where)}")
    lines += ["", "Tests:", "", *(f"- {code(test.label)}" for test in tests[:_MOST_LISTED])]
    lines += [f"- {line}" for line in _more(_MOST_LISTED, len(tests))]
    return "\n".join([*lines, "", f"Traceback of {code(first.result.label)}:", "", *fenced(_text(first))])


def _block(traced: Traced, first: Traced) -> list[str]:
    """The block of a test; `first`: the test whose block has the traceback of its cause."""
    result, failure = traced.result, traced.result.failure
    lines = [f"### {code(result.label)}", "", f"- outcome: {words.outcome(result)}"]
    if failure is not None:
        lines.append(f"- said: {code(failure.headline)}")
    if traced.cause is not None and traced.cause.tests > 1:
        lines.append(f"- cause: {code(traced.cause.title)}, {counted(traced.cause.tests, 'test')}")
    place = failure.location if failure and failure.location else result.location
    if place is not None:
        lines.append(f"- location: {code(str(place))}")
    if flags := ", ".join(sorted(result.flags)):
        lines.append(f"- flags: {flags}")
    if first is not traced:
        return [*lines, f"- traceback: as that of {code(first.result.label)}"]
    return [*lines, "", *fenced(_text(traced))] if traced.traceback.strip() else lines


def _text(traced: Traced) -> str:
    """The traceback without colours, which are nothing outside of a terminal."""
    return plain(traced.traceback).strip("\n") or f"{words.outcome(traced.result)}, without a traceback"


def _more(shown: int, of: int) -> list[str]:
    return [f"and {counted(of - shown, 'more test')}"] if of > shown else []


class Copied:
    """The tests that are meant, and what can be copied of them. `whole`: they are a cause, as a whole."""

    def __init__(self, store: Store, keys: Sequence[TestKey], cause: Cause | None, *, whole: bool) -> None:
        self.keys = keys
        self.cause = cause
        self.read = keys[:1] if whole else keys[:MOST_IN_FULL]
        self._whole = whole
        self._store = store
        self._tests = [store.tests[key] for key in keys]

    @property
    def headline(self) -> str:
        """What the first of them says."""
        failure = self._tests[0].failure
        return failure.headline if failure else str(self._tests[0].outcome)

    def ids(self) -> str:
        """Their ids."""
        return ids(self._tests)

    def ids_of_cause(self) -> str:
        """The ids of all tests of the cause."""
        keys = self._store.cause_tests(self.cause.signature) if self.cause else ()
        return ids(self._store.tests[key] for key in keys if key in self._store.tests)

    def tracebacks(self, texts: Sequence[str]) -> str:
        """Their tracebacks; of a cause that of its first test."""
        traced = self._traced(texts)
        return tracebacks(traced, 1 if self._whole else len(self.keys))

    def markdown(self, texts: Sequence[str]) -> str:
        """A block for each; for a cause one for all."""
        traced = self._traced(texts)
        if self._whole and self.cause is not None:
            return markdown_of_cause(self.cause, self._tests, traced[0])
        return markdown(traced, len(self.keys))

    def _traced(self, texts: Sequence[str]) -> list[Traced]:
        causes = {cause.signature: cause for cause in self._store.cause_list()}
        found = []
        for result, text in zip(self._tests, texts, strict=False):
            failure = result.failure
            cause = causes.get(self._store.causes.signature(failure)) if failure else None
            found.append(Traced(result, text, cause))
        return found
