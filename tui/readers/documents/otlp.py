"""OpenTelemetry's spans in one JSON document: an ExportTraceServiceRequest, as a tool saved it.

`resourceSpans` holds a resource and its `scopeSpans`, each of these its `spans` (https://github.com/
open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/collector/trace/v1/trace_service.proto).
The spans of tests follow those that they contain, so events without a test are told at the end. May import
`core.model` and, of the readers, `reader`, `document`, `jsondoc`, `jsonvalues` and `spans`.
"""

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar

from tui.core.model import Detail, Event, EventSeen
from tui.readers import jsonvalues
from tui.readers.documents.document import DocumentReader
from tui.readers.documents.jsondoc import ITEM, Document, Piece
from tui.readers.reader import Ending, Format
from tui.readers.spans import Traces

_RESOURCE = ("resourceSpans", ITEM, "resource")
_SPAN = ("resourceSpans", ITEM, "scopeSpans", ITEM, "spans", ITEM)
# On one line it could be a line of a file that goes on: see `streams.otlplines`.
_RECOGNISED = re.compile(rb'\A(?:\xef\xbb\xbf)?\s*\{[ \t]*\r?\n\s*"resourceSpans"\s*:')


class OtlpReader(DocumentReader):
    """Reads one document of spans."""

    producer: ClassVar[str] = "OpenTelemetry"

    def __init__(self) -> None:
        super().__init__(Document((_RESOURCE, _SPAN), self._piece, lambda _: []))
        self._traces = Traces()
        self._resource: Mapping[str, object] = {}
        self._held: list[EventSeen] = []

    def _piece(self, piece: Piece) -> list[Event]:
        value = jsonvalues.mapping(piece.value)
        if piece.keys == _RESOURCE:
            self._resource = value
            return []
        seen = self._traces.events(value, self._resource, piece.line)
        self._held += [each for each in seen if each.event.test is None]
        return [each for each in seen if each.event.test is not None]

    def ending(self) -> Ending:
        """Whether the document was closed; the events whose tests only the whole of it can tell."""
        ending = super().ending()
        held = tuple(self._traces.tied(each) for each in self._held)
        return Ending(ending.complete, ending.reason, ending.fatal, (*ending.events, *held))


def _recognise(head: bytes) -> bool:
    return bool(_RECOGNISED.match(head))


def _detail(records: Sequence[bytes]) -> Detail:
    del records  # spans are no tests
    return Detail()


FORMAT = Format("otlp", _recognise, OtlpReader, _detail)
