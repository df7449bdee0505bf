"""OpenTelemetry's spans as golden-path events: what a span says in OTLP's JSON encoding.

A span is an event by its name, at its start; so is each of its span events, at its time. Attributes become
fields, beside `trace_id` and `span_id`. The test is named by the first of `TEST_ATTRIBUTES` that the span
has, or its resource, or else the one test that other spans of its trace name. The shape of a span:
https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto, its
JSON: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding (names in lowerCamelCase, 64-bit
integers as text). May import `core.model`, `text` and, of the readers, `jsonvalues`.
"""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from tui.core.model import EventSeen, EvidenceKind, GoldenEvent
from tui.readers import jsonvalues
from tui.text import one_line, shortened

TEST_ATTRIBUTES = ("test.id", "test.case.name", "test.name", "code.function.name", "code.function")
_VALUES = ("stringValue", "intValue", "doubleValue", "boolValue", "bytesValue", "arrayValue", "kvlistValue")
_NANOSECONDS = 1_000_000_000
_LONGEST = 200

Json = Mapping[str, Any]


class Traces:
    """The tests that the spans of each trace name, and how many events there were."""

    def __init__(self) -> None:
        self._tests: dict[str, set[str]] = {}
        self._index = 0

    def copy(self) -> "Traces":
        """One that can go on by itself."""
        copied = Traces()
        copied._tests = {trace: set(tests) for trace, tests in self._tests.items()}
        copied._index = self._index
        return copied

    def events(self, span: Json, resource: Json, line: int) -> list[EventSeen]:
        """The events of a span. `resource`: what made it; `line`: where the span stands."""
        attributes = _attributes(span)
        trace = one_line(jsonvalues.text(span.get("traceId")))
        test = _test(attributes) or _test(_attributes(resource))
        if trace and test:
            self._tests.setdefault(trace, set()).add(test)
        ids = {"trace_id": trace, "span_id": one_line(jsonvalues.text(span.get("spanId")))}
        told = [(span, span.get("startTimeUnixNano"), attributes)]
        told += [
            (each, each.get("timeUnixNano"), attributes | _attributes(each))
            for each in jsonvalues.mappings(span.get("events"))
        ]
        seen = []
        for said, time, fields in told:
            name = one_line(jsonvalues.text(said.get("name")))
            if name:
                self._index += 1
                event = GoldenEvent(
                    name=name,
                    kind=EvidenceKind.EVENT_LOG,
                    index=self._index,
                    line=line,
                    test=test or None,
                    at=_seconds(time),
                    fields=tuple((fields | ids).items()),
                )
                seen.append(EventSeen(event))
        return seen

    def tied(self, seen: EventSeen) -> EventSeen:
        """The event, tied to the one test that its trace names where it names none itself."""
        event = seen.event
        tests = self._tests.get(dict(event.fields).get("trace_id", ""), ())
        if event.test is not None or len(tests) != 1:
            return seen
        return EventSeen(replace(event, test=next(iter(tests))))


def _test(attributes: Mapping[str, str]) -> str:
    found = next((attributes[name] for name in TEST_ATTRIBUTES if attributes.get(name)), "")
    suite = attributes.get("test.suite.name", "")
    return f"{suite}::{found}" if suite and found == attributes.get("test.case.name") else found


def _attributes(holder: Json) -> dict[str, str]:
    """Attributes as text; of what no name stands for there is none."""
    found = {}
    for each in jsonvalues.mappings(holder.get("attributes")):
        name, value = one_line(jsonvalues.text(each.get("key"))), jsonvalues.mapping(each.get("value"))
        stated = next((value[kind] for kind in _VALUES if kind in value), None)
        if name and stated is not None:
            found[name] = shortened(one_line(jsonvalues.text(stated)), _LONGEST)
    return found


def _seconds(nanoseconds: object) -> float | None:
    """A time in nanoseconds since the epoch, as a number or as text; 0 stands for none."""
    text = jsonvalues.text(nanoseconds).strip()
    return int(text) / _NANOSECONDS or None if text.isascii() and text.isdigit() and len(text) < 20 else None
