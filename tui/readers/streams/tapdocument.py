"""A TAP document while it is read: its plan, the levels of it that are open, its points, its names.

May import `core.model`, `core.identity`, `text` and, of the readers, `lines`, `taplevels` and `taplines`.
Invariants: a point is told once, after its diagnostics; what was planned and not seen is told when its
document is over; equal names are told apart in the order in which they come.
"""

import copy
import re
from collections import ChainMap
from collections.abc import MutableMapping
from typing import Self

from msgspec.structs import replace

from tui.core import identity
from tui.core.model import (
    Event,
    EventSeen,
    EvidenceKind,
    Failure,
    Flag,
    GoldenEvent,
    Outcome,
    PlanStated,
    Problem,
    ProblemFound,
    RunEnded,
    SessionStarted,
    TestId,
    TestRecord,
    TestStarted,
)
from tui.readers.streams.lines import Line
from tui.readers.streams.taplevels import Level, Pending, beyond, record
from tui.readers.streams.taplines import Plan, Point
from tui.text import counted, one_line

_CLOSED_AS = re.compile(r"^Subtest: ")
_PYTEST = re.compile(r"([^\s:]+\.py)::(.+)", re.DOTALL)
_WAS_NOT_RUN = frozenset({Flag.NOT_RUN})
_NOT_RUN_LARGEST = 10_000
_SEPARATOR = " > "


class TapDocument:
    """The document that is being read, and what those before it in the same file left behind."""

    def __init__(self) -> None:
        self._levels = [Level()]
        self._pending: Pending | None = None
        self._block: int | None = None
        self._announced: dict[int, str] = {}
        self._ordinals: MutableMapping[TestId, int] = {}
        self._waiting: list[str] = []
        self._index = 0
        self._version: int | None = None
        self._file = ""
        self._dubious = ""
        self._bailed: str | None = None
        self._over = False
        self._documents = 0
        self._stated = False
        self._first: tuple[str, int | None, str] | None = None
        self._begun = False
        self._cut = False
        self._not_run_left = _NOT_RUN_LARGEST

    def _copy(self) -> Self:
        other = copy.copy(self)
        other.__dict__.update(
            _levels=[
                replace(level, out_of_order=set(level.out_of_order), header=copy.copy(level.header))
                for level in self._levels
            ],
            _pending=copy.deepcopy(self._pending),
            _announced=dict(self._announced),
            _ordinals=ChainMap({}, self._ordinals),
            _waiting=list(self._waiting),
        )
        return other

    def _is_complete(self) -> bool:
        top = self._levels[0]
        fulfilled = top.plan is not None and (top.plan_last or top.count >= top.plan)
        return self._over or self._bailed is not None or (fulfilled and len(self._levels) == 1)

    # --- documents ------------------------------------------------------------------------------------

    def _begin_document(
        self, *, version: int | None = None, file: str = "", plan: Plan | None = None
    ) -> list[Event]:
        """What comes is another document, where this one has said anything."""
        top = self._levels[0]
        used = top.count or top.plan is not None or len(self._levels) > 1 or self._bailed is not None
        events: list[Event] = self._flush()
        if used or (self._file and not version):
            events += self._close_document()
            self._version = None
            self._documents += 1
        self._version = version or self._version
        self._file = file or ("" if used else self._file)
        self._stated = bool(version or file or plan)
        self._over = False
        return events

    def _close_document(self) -> list[Event]:
        events = self._flush() + self._close_to(0)
        top = self._levels[0]
        events += self._not_run(top)
        if top.plan is not None:
            events.append(PlanStated(top.plan))
        if self._bailed is not None and not top.bad:
            events.append(self._error("Bail out!", f"Bail out! {self._bailed}".strip()))
        if self._file and not self._over:
            if top.plan is None and not top.count:
                events.append(self._error(self._file, self._dubious or "no plan and no test in its output"))
            elif self._dubious and not top.bad:
                events.append(self._error(self._file, self._dubious))
        self._levels, self._announced, self._bailed, self._dubious = [Level()], {}, None, ""
        self._begun = False
        return events

    def _plan(self, plan: Plan, depth: int, line: Line) -> list[Event]:
        events = self._flush() + self._close_to(depth)
        if not depth and self._levels[0].plan is not None:
            events += self._begin_document(plan=plan)
        level = self._open_to(depth)
        if level.plan is not None:
            return [*events, ProblemFound(Problem("plan", "a second plan, left out", line.number))]
        level.plan, level.plan_last = plan.number, level.count > 0
        self._stated = self._stated or not level.count
        if plan.skipped is not None and not depth:
            message = f"the whole run was skipped: {plan.skipped}".rstrip(": ")
            events.append(ProblemFound(Problem("skipped", message, line.number)))
        if level.plan_last and level.count > plan.number:
            events.append(beyond(level, line))
        return events

    def _bail_out(self, reason: str, line: Line) -> list[Event]:
        events = self._flush()
        self._bailed = reason
        said = f"Bail out! {reason}".strip()
        return [*events, RunEnded(stopped=said), ProblemFound(Problem("bail out", said, line.number))]

    def _not_run(self, level: Level) -> list[Event]:
        """The tests that were planned and not seen."""
        numbers, more = level.missing(self._not_run_left)
        self._not_run_left -= len(numbers)
        why = f": Bail out! {self._bailed}".rstrip() if self._bailed is not None else ""
        message = f"not run: {counted(level.plan or 0, 'test')} planned, {level.count:,} seen{why}"
        events: list[Event] = [
            replace(self._error(f"test {number}", message, path=self._rooted(level.path)), flags=_WAS_NOT_RUN)
            for number in numbers
        ]
        if more:
            events.append(ProblemFound(Problem("plan", f"and {more:,} more planned tests were not run")))
        level.told += len(numbers)
        level.bad += len(numbers)
        return events

    def _error(self, name: str, message: str, path: tuple[str, ...] = ()) -> TestRecord:
        test, label = self._identify(path, name)
        failure = Failure(Outcome.ERROR, message=message)
        return TestRecord(test, label, Outcome.ERROR, failures=(failure,))

    # --- levels -----------------------------------------------------------------------------------------

    def _rooted(self, path: tuple[str, ...]) -> tuple[str, ...]:
        return (self._file, *path) if self._file else path

    def _path(self, depth: int) -> tuple[str, ...]:
        return self._rooted(self._levels[min(depth, len(self._levels) - 1)].path)

    def _open_to(self, depth: int) -> Level:
        """The level at `depth`, begun where it is not open yet."""
        while len(self._levels) <= depth:
            here = len(self._levels)
            # Test::More once wrote the name of a subtest at the indent of its points.
            name = self._announced.pop(here - 1, None) or self._announced.pop(here, "")
            path = self._levels[-1].path
            self._levels.append(Level((*path, identity.within(path, name)) if name else path))
        return self._levels[depth]

    def _close_to(self, depth: int) -> list[Event]:
        """Close the levels below `depth`; a subtest in braces is told of now."""
        events: list[Event] = []
        while len(self._levels) > depth + 1:
            level = self._levels[-1]
            events += self._leave()
            if level.header:
                self._levels[-1].saw(level.header.point.number)
                events += self._resolve(level.header, level)
                events += self._flush()
        return events

    def _leave(self) -> list[Event]:
        """The innermost level is over: it counts in the one that holds it."""
        level = self._levels.pop()
        events = self._not_run(level)
        self._levels[-1].told += level.told
        self._levels[-1].bad += level.bad
        self._announced = {
            depth: name for depth, name in self._announced.items() if depth < len(self._levels)
        }
        return events

    # --- points -----------------------------------------------------------------------------------------

    def _point(self, point: Point, depth: int, line: Line) -> list[Event]:
        events = self._flush()
        if not depth and self._is_another_document(point):
            events += self._begin_document()
        events += self._close_to(depth + 1)
        group: Level | None = None
        if len(self._levels) == depth + 2:
            if self._levels[-1].header:
                events += self._close_to(depth)
            else:
                group = self._levels[-1]
                events += self._leave()
        level = self._open_to(depth)
        self._announced.pop(depth, None)
        events += self._session(point)
        name = _CLOSED_AS.sub("", point.name) if group else point.name
        size = len(line.data or b"")
        pending = Pending(point, depth, TestId("", name), "", line.offset, line.offset + size, cut=self._cut)
        if point.opens:
            return events + self._open_braces(pending)
        level.saw(point.number)
        if level.plan is not None and not level.plan_last and level.count == level.plan + 1:
            events.append(beyond(level, line))
        return events + self._resolve(pending, group)

    def _is_another_document(self, point: Point) -> bool:
        """Whether the plan is fulfilled and the numbers begin anew."""
        top = self._levels[0]
        fulfilled = top.plan is not None and (top.plan_last or top.count >= top.plan)
        return fulfilled and len(self._levels) == 1 and point.number == 1

    def _session(self, point: Point) -> list[Event]:
        """Another run begins with a document that begins as the first one did."""
        if self._begun:
            return []
        self._begun = True
        first = (self._file, point.number, point.name)
        if self._first is None:
            self._first = first
            return []
        if not self._stated or not point.name or first != self._first:
            return []
        self._ordinals, self._index, self._not_run_left = {}, 0, _NOT_RUN_LARGEST
        return [SessionStarted()]

    def _open_braces(self, pending: Pending) -> list[Event]:
        """The subtest of a point follows in braces; its result is that of the point."""
        self._pending = None
        name = pending.point.name
        self._open_to(pending.depth)
        path = self._levels[pending.depth].path
        if pending.label:  # it was counted, and known to have begun, before the brace came
            self._levels[pending.depth].count -= 1
            self._ordinals[pending.test._replace(ordinal=1)] = pending.test.ordinal - 1
        self._levels.append(Level((*path, identity.within(path, name)) if name else path, header=pending))
        return []

    def _resolve(self, pending: Pending, group: Level | None) -> list[Event]:
        """A point, once it is known whether it is a test or what closes a group."""
        point, level = pending.point, self._levels[pending.depth]
        pending.silent = bool(group and group.told and not (point.is_bad and not group.bad))
        self._pending = pending
        if pending.silent:
            return []
        name = pending.test.name or f"test {point.number or level.count}"
        path = self._rooted(level.path)
        pending.test, pending.label = self._identify(path, name)
        pending.golden, self._waiting = [*self._waiting, *pending.golden], []
        level.told += 1
        level.bad += point.is_bad
        if self._version is not None or pending.cut:
            return []
        # No block follows in TAP 12, so that a point waits for lines of text at the most.
        return self._tell(pending) if point.ok else [TestStarted(pending.test, pending.label)]

    def _identify(self, path: tuple[str, ...], name: str) -> tuple[TestId, str]:
        """The identity and the label of a test, told apart from others of its name by an ordinal."""
        found = None if path else _PYTEST.fullmatch(name)
        if found:
            head, bracket, parameters = found[2].partition("[")
            node_id = f"{found[1]}::{head.replace('.', '::')}{bracket}{parameters}"
            test, label = identity.from_node_id(node_id), one_line(node_id)
        else:
            suite = identity.within((), _SEPARATOR.join(path))
            test, label = TestId(suite, name), one_line(f"{suite}{_SEPARATOR}{name}" if suite else name)
        ordinal = self._ordinals.get(test, 0) + 1
        self._ordinals[test] = ordinal
        return test._replace(ordinal=ordinal), label

    def _flush(self) -> list[Event]:
        """The last point has all its diagnostics."""
        pending, self._pending = self._pending, None
        self._block = None
        return self._tell(pending) if pending else []

    def _tell(self, pending: Pending) -> list[Event]:
        if pending.told or pending.silent:
            return []
        pending.told = True
        events: list[Event] = [record(pending)]
        for name in pending.golden:
            self._index += 1
            events.append(EventSeen(GoldenEvent(name, EvidenceKind.OUTPUT, self._index, test=pending.test)))
        pending.golden = []
        return events
