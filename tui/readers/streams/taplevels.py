"""What a TAP document holds while it is read: its levels, and the point whose diagnostics follow.

May import `core.model`, `text` and, of the readers, `lines`, `excerpt`, `taplines` and `tapyaml`.
"""

from msgspec import Struct, field

from tui.core.model import (
    NO_FLAGS,
    Failure,
    Flag,
    Outcome,
    Problem,
    ProblemFound,
    Span,
    TestId,
    TestRecord,
)
from tui.readers.streams import tapyaml
from tui.readers.streams.excerpt import Excerpt
from tui.readers.streams.lines import Line
from tui.readers.streams.taplines import Point
from tui.text import one_line, shortened

_OUT_OF_ORDER_KEPT = 10_000
_REASON_LENGTH = 300


class Level(Struct):
    """The points of one document or subtest. `told`, `bad`: the tests in it, however deep."""

    path: tuple[str, ...] = ()
    plan: int | None = None
    plan_last: bool = False
    count: int = 0
    told: int = 0
    bad: int = 0
    up_to: int = 0
    out_of_order: set[int] = field(default_factory=set)
    header: "Pending | None" = None

    def saw(self, number: int | None) -> None:
        """Count a point."""
        self.count += 1
        number = self.count if number is None else number
        if number == self.up_to + 1:
            self.up_to = number
        elif len(self.out_of_order) < _OUT_OF_ORDER_KEPT:
            self.out_of_order.add(number)

    def missing(self, most: int) -> tuple[list[int], int]:
        """The numbers of points (at `most`) that were planned and not seen, and how many more there are."""
        lacking = max((self.plan or 0) - self.count, 0)
        numbers: list[int] = []
        number = self.up_to
        while len(numbers) < min(lacking, most):
            number += 1
            if number not in self.out_of_order or number > (self.plan or 0):
                numbers.append(number)
        return numbers, lacking - len(numbers)


class Pending(Struct):
    """A point whose diagnostics may follow. `silent`: it closes a group; `told`: its record is out."""

    point: Point
    depth: int
    test: TestId
    label: str
    start: int
    end: int
    silent: bool = False
    told: bool = False
    cut: bool = False
    text: Excerpt = field(default_factory=Excerpt)
    block: list[str] = field(default_factory=list)
    golden: list[str] = field(default_factory=list)


def record(pending: Pending) -> TestRecord:
    """The result of a point, with what its diagnostics say."""
    point = pending.point
    values = tapyaml.parse_block(pending.block)
    outcome, flags = _outcome(point)
    failures: tuple[Failure, ...] = ()
    if outcome is Outcome.FAILED:
        failures = (tapyaml.failure(one_line(pending.test.name), values, pending.text.text),)
    duration = point.duration if point.duration is not None else tapyaml.duration(values)
    return TestRecord(
        test=pending.test,
        label=pending.label,
        outcome=outcome,
        duration=duration,
        failures=failures,
        flags=flags,
        reason=shortened(point.reason, _REASON_LENGTH),
        span=Span(pending.start, pending.end - pending.start),
    )


def _outcome(point: Point) -> tuple[Outcome, frozenset[Flag]]:
    if point.directive == "skip":
        return Outcome.SKIPPED, NO_FLAGS
    if point.directive == "todo":
        return (
            (Outcome.PASSED, frozenset({Flag.XPASS}))
            if point.ok
            else (Outcome.SKIPPED, frozenset({Flag.XFAIL}))
        )
    return Outcome.PASSED if point.ok else Outcome.FAILED, NO_FLAGS


def beyond(level: Level, line: Line) -> ProblemFound:
    """There are more points than planned, from this line on."""
    return ProblemFound(
        Problem("plan", f"more tests than the {level.plan or 0:,} that were planned", line.number)
    )
