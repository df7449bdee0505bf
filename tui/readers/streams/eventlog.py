"""Golden-path event logs: one JSON object a line, `event` required (TRUTH 4).

Read when there: `ts` (ISO 8601, or seconds since the epoch), `seq` (a number), `test` (the test's id as
its runner says it), `path` (the golden path). Every further field is kept as text. May import
`core.model`, `text` and, of the readers, `reader` and `lines`.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import ClassVar

from tui.core.model import (
    Detail,
    Event,
    EventSeen,
    EvidenceKind,
    GoldenEvent,
    Problem,
    ProblemFound,
    ProducerNamed,
)
from tui.readers.reader import Ending, Format
from tui.readers.streams.lines import Line, Lines
from tui.text import one_line, shortened

_KNOWN = frozenset({"event", "ts", "seq", "test", "path"})
_FIELD_LENGTH = 200
_FIRST_LINE = re.compile(rb"^\s*\{[^\n]*\"event\"\s*:\s*\"")
# Rust's libtest writes lines with an `event` too, but those have a `type`.
_OTHER_LINE = re.compile(rb"^\s*\{[^\n]*\"(?:\$report_type|type)\"\s*:\s*\"")


class EventLogReader:
    """Reads one event log, line by line as it grows."""

    is_stream: ClassVar[bool] = True
    has_end: ClassVar[bool] = False

    def __init__(self) -> None:
        self._lines = Lines()
        self._index = 0
        self._named = False

    def feed(self, data: bytes) -> list[Event]:
        """The events of the lines that `data` ends."""
        events: list[Event] = []
        if not self._named:
            self._named = True
            events.append(ProducerNamed("event log", merges=True))
        for line in self._lines.feed(data):
            events += self._line(line)
        return events

    def ending(self) -> Ending:
        """An event log has no end mark: it is whole where its last line is."""
        if not self._lines.open_line:
            return Ending(complete=True)
        rest, index = self._lines.rest(), self._index
        told = self._line(rest) if rest else []
        self._index = index  # the line may still be fed to its end
        if any(isinstance(event, EventSeen) for event in told):
            return Ending(complete=True, events=tuple(told))
        return Ending(complete=False, reason=f"ends inside line {self._lines.number}")

    def _line(self, line: Line) -> list[Event]:
        if line.data is None:
            return [ProblemFound(Problem("too long", "line left out: longer than 32 MiB", line.number))]
        if not line.data.strip():
            return []
        try:
            said = json.loads(line.data)
        except (ValueError, RecursionError) as error:
            return [ProblemFound(Problem("bad line", f"not a JSON object: {error}", line.number))]
        name = said.get("event") if isinstance(said, dict) else None
        if not isinstance(name, str) or not name.strip():
            return [ProblemFound(Problem("bad line", 'no "event" with a name', line.number))]
        self._index += 1
        return [EventSeen(_event(said, one_line(name), self._index, line.number))]


def _event(said: Mapping[str, object], name: str, index: int, line: int) -> GoldenEvent:
    return GoldenEvent(
        name=name,
        kind=EvidenceKind.EVENT_LOG,
        index=index,
        line=line,
        path=_text(said.get("path")),
        test=_text(said.get("test")),
        seq=_number(said.get("seq")),
        at=_time(said.get("ts")),
        fields=tuple((one_line(key), _text(value) or "") for key, value in said.items() if key not in _KNOWN),
    )


def _text(value: object) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return shortened(one_line(text), _FIELD_LENGTH)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if abs(number) < float("inf") else None


def _time(value: object) -> float | None:
    if isinstance(value, str) and not re.fullmatch(r"[-+]?[\d.]+", value.strip()):
        try:
            moment = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    return _number(value)


def _recognise(head: bytes) -> bool:
    head = head.removeprefix(b"\xef\xbb\xbf")
    return bool(_FIRST_LINE.match(head)) and not _OTHER_LINE.match(head)


def _detail(records: Sequence[bytes]) -> Detail:
    del records  # an event log holds no tests
    return Detail()


FORMAT = Format("eventlog", _recognise, EventLogReader, _detail)
