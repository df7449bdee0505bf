"""OpenTelemetry's spans as lines of JSON: one ExportTraceServiceRequest a line.

So the collector's file exporter appends them (https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/).
Live: what a line holds is told when it is written, tied to the test that it or an earlier line names. May
import `core.model` and, of the readers, `reader`, `lines`, `linewise`, `jsonlines`, `jsonvalues` and `spans`.
"""

import re
from collections.abc import Sequence
from typing import Self

from tui.core.model import Detail, Event, Problem, ProblemFound
from tui.readers.jsonvalues import mapping, mappings
from tui.readers.reader import Ending, Format
from tui.readers.spans import Traces
from tui.readers.streams.jsonlines import loads
from tui.readers.streams.lines import Line
from tui.readers.streams.linewise import LineReader

_OTHERS = re.compile(rb'\A(?:\xef\xbb\xbf)?\s*\{\s*"resource(Logs|Metrics|Profiles)"\s*:')
_RECOGNISED = re.compile(rb'\A(?:\xef\xbb\xbf)?\s*\{[ \t]*"resourceSpans"[ \t]*:')


class _Stream:
    """The lines of one file."""

    def __init__(self, traces: Traces | None = None, *, is_last: bool = False) -> None:
        self._traces = traces or Traces()
        self._is_last = is_last
        self._cut = ""

    def line(self, data: bytes, line: Line) -> list[Event]:
        """The events of a line."""
        if not data.strip():
            return []
        said = loads(data.decode("utf-8", "replace"))
        if said is None and self._is_last:
            self._cut = f"ends inside line {line.number}"
            return []
        if said is None or "resourceSpans" not in said:
            message = "no JSON object with resourceSpans, left out"
            return [ProblemFound(Problem("bad line", message, line.number))]
        seen = [
            event
            for held in mappings(said.get("resourceSpans"))
            for scope in mappings(held.get("scopeSpans"))
            for span in mappings(scope.get("spans"))
            for event in self._traces.events(span, mapping(held.get("resource")), line.number)
        ]
        return [self._traces.tied(event) for event in seen]

    def fork(self) -> Self:
        """A copy that knows the same traces."""
        return type(self)(self._traces.copy(), is_last=True)

    def takes(self, data: bytes) -> bool:
        """A line without its end is told where it is whole."""
        return bool(data.strip())

    def closed(self, number: int) -> Ending:
        """A file of spans has no end mark."""
        del number
        return Ending(complete=not self._cut, reason=self._cut)


def foreign(head: bytes) -> str:
    """What OpenTelemetry's other exports are; empty for all else."""
    found = _OTHERS.match(head)
    return f"OpenTelemetry {found[1].decode().lower()}" if found else ""


def _recognise(head: bytes) -> bool:
    return bool(_RECOGNISED.match(head))


def _detail(records: Sequence[bytes]) -> Detail:
    del records  # spans are no tests
    return Detail()


FORMAT = Format("otlp-lines", _recognise, lambda: LineReader("OpenTelemetry", _Stream()), _detail)
