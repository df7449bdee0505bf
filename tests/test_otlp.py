"""OpenTelemetry spans: as a document, and as lines."""

import json
from typing import Any

import pytest

from tests.building import case, facts_of, pieces, problems, pytest_xml, read, reader_of, told
from tui.core.golden import PathRule
from tui.core.model import EventSeen, GoldenEvent, Problem
from tui.core.rules import Rules
from tui.readers import formats

TRACE = "5b8efff798038103d269b633813fc60c"
BEGAN = 1_768_298_400_000_000_000


def attribute(key: str, value: object, kind: str = "stringValue") -> dict[str, Any]:
    return {"key": key, "value": {kind: value}}


def span(
    name: str, at: int = 0, *attributes: dict[str, Any], trace: str = TRACE, **more: object
) -> dict[str, Any]:
    return {
        "traceId": trace,
        "spanId": "eee19b7ec3c1b174",
        "name": name,
        "startTimeUnixNano": str(BEGAN + at * 1_000_000_000),
        "attributes": list(attributes),
    } | more


def request(*spans: dict[str, Any], resource: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    held = {
        "resource": {"attributes": list(resource)},
        "scopeSpans": [{"scope": {"name": "x"}, "spans": list(spans)}],
    }
    return {"resourceSpans": [held]}


def document(*spans: dict[str, Any], **more: Any) -> str:  # noqa: ANN401
    return json.dumps(request(*spans, **more), indent=2)


def lines(*requests: dict[str, Any]) -> str:
    return "".join(json.dumps(each) + "\n" for each in requests)


def events_of(text: str) -> list[GoldenEvent]:
    return [event.event for event in read(text) if isinstance(event, EventSeen)]


@pytest.mark.parametrize("form", [document, lambda *spans: lines(request(*spans))])
def test_a_span_and_its_span_events_are_events_at_their_times(form: Any) -> None:  # noqa: ANN401
    inner = {
        "name": "agent.thinking",
        "timeUnixNano": str(BEGAN + 1_500_000_000),
        "attributes": [attribute("n", 2, "intValue")],
    }
    found = events_of(form(span("agent.run", 1, attribute("model", "m"), events=[inner])))
    assert [(event.name, event.at) for event in found] == [
        ("agent.run", 1768298401.0),
        ("agent.thinking", 1768298401.5),
    ]
    ids = (("trace_id", TRACE), ("span_id", "eee19b7ec3c1b174"))
    assert [event.fields for event in found] == [(("model", "m"), *ids), (("model", "m"), ("n", "2"), *ids)]


@pytest.mark.parametrize(
    ("attributes", "test"),
    [
        ([attribute("test.id", "a.py::t")], "a.py::t"),
        ([attribute("test.case.name", "t")], "t"),
        ([attribute("test.case.name", "t"), attribute("test.suite.name", "p")], "p::t"),
        ([attribute("test.name", "t")], "t"),
        ([attribute("code.function.name", "p.t"), attribute("test.id", "x")], "x"),
        ([attribute("code.function", "p.t")], "p.t"),
        ([attribute("service", "p.t")], None),
        ([attribute("test.id", "")], None),
    ],
)
def test_an_attribute_names_the_test(attributes: list[dict[str, Any]], test: str | None) -> None:
    (event,) = events_of(lines(request(span("s", 0, *attributes))))
    assert event.test == test


def test_a_resource_names_the_test_of_all_its_spans() -> None:
    resource = (attribute("test.id", "a.py::t"),)
    assert [e.test for e in events_of(lines(request(span("s"), span("r"), resource=resource)))] == [
        "a.py::t"
    ] * 2
    assert [e.test for e in events_of(document(span("s"), resource=resource))] == ["a.py::t"]


@pytest.mark.parametrize("form", [document, lambda *spans: lines(request(*spans))])
def test_a_span_of_its_trace_names_the_test_wherever_it_stands(form: Any) -> None:  # noqa: ANN401
    root = span("test", 0, attribute("test.id", "a.py::t"))
    found = events_of(form(span("inner"), root, span("later"), span("other", trace="00")))
    assert {event.name: event.test for event in found} == {
        "inner": "a.py::t",
        "test": "a.py::t",
        "later": "a.py::t",
        "other": None,
    }


def test_a_trace_of_two_tests_names_none() -> None:
    roots = [span("test", 0, attribute("test.id", test)) for test in ("a", "b")]
    assert [event.test for event in events_of(lines(request(*roots, span("inner"))))] == ["a", "b", None]


def test_a_later_line_knows_what_an_earlier_one_named() -> None:
    root = span("test", 0, attribute("test.id", "a"))
    assert [
        e.test for e in events_of(lines(request(span("early")), request(root), request(span("late"))))
    ] == [
        None,
        "a",
        "a",
    ]


@pytest.mark.parametrize("time", ["0", 0, "", None, "soon", "-5", True, "9" * 40, {}])
def test_a_time_that_is_none_is_none(time: object) -> None:
    (event,) = events_of(lines(request(span("s", startTimeUnixNano=time))))
    assert event.at is None


@pytest.mark.parametrize(
    "said",
    [
        {"resourceSpans": None},
        {"resourceSpans": [None, {"scopeSpans": 5}]},
        request({"name": None}),
        request(
            {"name": "s", "attributes": [None, {"key": 1}, {"key": "a", "value": {"x": 1}}], "events": [7]}
        ),
    ],
)
def test_whatever_is_of_the_wrong_type_is_nothing(said: dict[str, Any]) -> None:
    for text in (lines(said), json.dumps(said, indent=1)):
        assert all(event.name == "s" for event in events_of(text))


def test_a_line_that_is_no_request_is_said_and_costs_only_itself() -> None:
    text = lines(request(span("a"))) + "{broken\n" + lines({"resourceLogs": []}, request(span("b")))
    assert [event.name for event in events_of(text)] == ["a", "b"]
    message = "no JSON object with resourceSpans, left out"
    assert problems(read(text)) == [Problem("bad line", message, 2), Problem("bad line", message, 3)]


def test_a_last_line_that_is_cut_is_said_to_be() -> None:
    text = lines(request(span("a")), request(span("b"))).rstrip("\n").encode()
    whole, cut = reader_of(text), reader_of(text)
    whole.feed(text)
    assert (whole.ending().complete, len(whole.ending().events)) == (True, 1)
    cut.feed(text[:-5])
    assert (cut.ending().complete, cut.ending().reason) == (False, "ends inside line 2")


@pytest.mark.parametrize("form", [document, lambda *spans: lines(request(*spans), request(*spans))])
@pytest.mark.parametrize("cuts", [[1, 50, 51, 300], [17], list(range(0, 900, 7))])
def test_the_events_do_not_depend_on_how_the_bytes_were_cut(form: Any, cuts: list[int]) -> None:  # noqa: ANN401
    data = form(span("a", 1), span("b", 2, attribute("test.id", "x"))).encode()
    assert told(reader_of(data), pieces(data, cuts)) == told(reader_of(data), [data])


def test_the_form_is_told_by_the_first_line() -> None:
    assert formats.recognise(document(span("a")).encode()) is formats.BY_NAME["otlp"]
    assert formats.recognise(lines(request(span("a"))).encode()) is formats.BY_NAME["otlp-lines"]
    assert formats.recognise(b'{"resourceLogs": []}') is None
    assert formats.foreign(b'{"resourceLogs": []}') == "OpenTelemetry logs"


def test_spans_prove_a_path_by_the_names_that_it_maps() -> None:
    rule = PathRule(
        "Chat", ("started", "ended"), key="trace_id", renamed=(("run", "started"), ("done", "ended"))
    )
    root = span("run", 0, attribute("test.id", "tests/test_a.py::test_a"))
    text = lines(request(span("done", 1), root))
    facts = facts_of({"a.xml": pytest_xml(case()), "spans.jsonl": text}, Rules(golden_paths=(rule,)))
    (verdict,) = facts.golden_paths
    assert verdict.is_proven
    assert [(name, step.line, step.gap) for name, step in verdict.instances[0].steps] == [
        ("started", 1, None),
        ("ended", 1, 1.0),
    ]
    assert verdict.instances[0].owner.value == TRACE
