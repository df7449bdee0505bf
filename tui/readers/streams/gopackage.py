"""What is open of a Go package while its lines come, and the records that its tests end with.

May import `core.model`, `text` and, of the readers, `excerpt`, `gofailure` and `gotest_alone`. Invariant: a
test that got its record is open no longer.
"""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from operator import methodcaller

from msgspec import Struct, field

from tui.core.model import Failure, Outcome, Phase, Span, TestId, TestRecord
from tui.readers.streams import gofailure
from tui.readers.streams.excerpt import Excerpt
from tui.readers.streams.gotest_alone import Row
from tui.text import one_line, plain, shortened

OUTCOMES = {"pass": Outcome.PASSED, "fail": Outcome.FAILED, "skip": Outcome.SKIPPED}
"""By the action that a test or a package ends with."""

FRAMING = re.compile(r"=== (?:RUN|PAUSE|CONT|NAME)\b|\s*--- (?:PASS|FAIL|SKIP|BENCH): \S")
"""A line of output that Go itself writes around those of a test."""

is_benchmark = methodcaller("startswith", "Benchmark")
"""Whether a name is that of a benchmark, which is no test."""

# So gotestsum names it in JUnit XML: one run read in both formats gives the same ids.
_OF_PACKAGE = "TestMain"
_REASON_LENGTH = 300
_SPAN_LARGEST = 4 * 1024 * 1024
_DEEPEST = 50


class Running(Struct):
    """A test that began. `printed` is the result that its own output states last."""

    text: Excerpt
    at: float | None
    offset: int
    printed: Outcome | None = None
    failed_parts: int = 0


class Package(Struct):
    """What is open of a package (`parts`: subtests by their root), and the roots that failed in it.

    `repeated`: the failed tests of the run before, where it runs again and that may be all it repeats.
    `told`: the tests that have a result.
    """

    running: dict[str, Running] = field(default_factory=dict)
    parts: dict[str, dict[str, None]] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    text: Excerpt = field(default_factory=Excerpt)
    ended: bool = False
    repeated: frozenset[str] | None = None
    told: set[str] = field(default_factory=set)

    def takes_alone(self, names: AbstractSet[str]) -> bool:
        """Whether tests begin and end now of which nothing was told before."""
        is_new = all(known.isdisjoint(names) for known in (self.told, self.running.keys(), self.parts.keys()))
        return is_new and not any(map(is_benchmark, names))


def own(outputs: Sequence[str]) -> str:
    """An excerpt of what a test itself printed."""
    excerpt = Excerpt()
    excerpt.add("".join([text for text in outputs if not FRAMING.match(text)]))
    return excerpt.text


def alone(package: Package, row: Row, text: str, began: float | None, span: Span) -> TestRecord:
    """The record of a test that ran alone and did not pass, and printed `text`: no part of another."""
    _, _, suite, name, action, took = row
    outcome = OUTCOMES[action]
    package.told.add(name)
    failures: tuple[Failure, ...] = ()
    if outcome.is_bad:
        package.failed.add(name)
        failures = (gofailure.failure(outcome, text, 0),)
    return TestRecord(
        TestId(suite, name),
        f"{suite}.{name}",
        outcome,
        duration=float(took),
        started=began,
        failures=failures,
        reason=_reason(text) if outcome is Outcome.SKIPPED else "",
        span=span,
    )


def record(
    package: Package, test: TestId, outcome: Outcome, span: Span, *, duration: float | None = None
) -> TestRecord:
    """The result of a test that runs no longer; `span` is where it is said."""
    running = package.running.pop(test.name)
    package.told.add(test.name)
    root = test.name.partition("/")[0]
    package.parts.get(root, {}).pop(test.name, None)
    failures: tuple[Failure, ...] = ()
    text = running.text.text
    if outcome.is_bad:
        package.failed.add(root)
        holder = _holder(package, test.name)
        if holder:
            holder.failed_parts += 1
        failures = (gofailure.failure(outcome, text, running.failed_parts),)
    end = span.offset + span.length
    start = max(running.offset, end - _SPAN_LARGEST)
    return TestRecord(
        test=identity(test),
        label=label(test),
        outcome=outcome,
        duration=duration,
        started=running.at,
        failures=failures,
        reason=_reason(text) if outcome is Outcome.SKIPPED else "",
        span=Span(start, end - start),
    )


def _holder(package: Package, name: str) -> Running | None:
    """The open test of which `name` is a part; the name of a part may hold slashes itself."""
    for _ in range(_DEEPEST):
        name, slash, _ = name.rpartition("/")
        if not slash or name in package.running:
            return package.running.get(name)
    return None


def package_error(name: str, text: str, phase: Phase | None, span: Span | None) -> TestRecord:
    """The record of a package that failed and has no failed test, or did not build."""
    error = gofailure.failure(Outcome.ERROR, text, 0, phase)
    test, label = TestId(plain(name), _OF_PACKAGE), one_line(name) or "package"
    return TestRecord(test, label, Outcome.ERROR, failures=(error,), span=span)


def identity(test: TestId) -> TestId:
    """The test as it is known everywhere: without control characters."""
    return TestId(plain(test.suite), plain(test.name))


def label(test: TestId) -> str:
    """How the test is called on screen."""
    return one_line(f"{test.suite}.{test.name}" if test.suite else test.name)


def _reason(text: str) -> str:
    return shortened(one_line(gofailure.last_said(text)), _REASON_LENGTH)
