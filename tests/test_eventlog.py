"""Golden-path event logs."""

import json

import pytest

from tests.building import event_log, problems, read, reader_of
from tui.core.model import EventSeen, GoldenEvent
from tui.readers import formats


def events_of(text: str) -> list[GoldenEvent]:
    return [event.event for event in read(text) if isinstance(event, EventSeen)]


def test_every_field_has_its_place_and_unknown_ones_are_kept() -> None:
    (event,) = events_of(
        event_log(
            {
                "event": "started",
                "ts": "2026-01-13T10:00:00+00:00",
                "seq": 3,
                "test": "a.py::t",
                "path": "Chat",
                "thread_id": "th-1",
                "tokens": 5,
                "src": "mock",
            }
        )
    )
    assert (event.name, event.at, event.seq, event.line, event.index) == ("started", 1768298400.0, 3.0, 1, 1)
    assert (event.test, event.path) == ("a.py::t", "Chat")
    assert event.fields == (("thread_id", "th-1"), ("tokens", "5"), ("src", "mock"))


@pytest.mark.parametrize(
    ("stated", "seconds"),
    [
        ("2026-01-13T10:00:00Z", 1768298400.0),
        ("2026-01-13T10:00:00", 1768298400.0),
        ("2026-01-13T11:00:00+01:00", 1768298400.0),
        (1768298400, 1768298400.0),
        ("1768298400.5", 1768298400.5),
        ("yesterday", None),
        (True, None),
        ([], None),
        (10**400, None),
        (float("inf"), None),
        (float("nan"), None),
        ("1.2.3", None),
    ],
)
def test_a_time_is_read_as_iso_8601_or_as_seconds_or_not_at_all(
    stated: object, seconds: float | None
) -> None:
    (event,) = events_of(event_log({"event": "e", "ts": stated}))
    assert event.at == seconds


@pytest.mark.parametrize("stated", [True, "x", None, {}, float("nan"), float("inf"), 10**400])
def test_a_sequence_number_that_is_none_is_none(stated: object) -> None:
    (event,) = events_of(event_log({"event": "e", "seq": stated}))
    assert event.seq is None


@pytest.mark.parametrize(
    "line",
    ["nonsense", "[]", '{"evnt": "x"}', '{"event": ""}', '{"event": 7}', '{"event": "x"', "[" * 100_000],
)
def test_a_line_that_is_no_event_is_said_and_costs_only_itself(line: str) -> None:
    text = event_log({"event": "first"}) + line + "\n" + event_log({"event": "second"})
    assert [event.name for event in events_of(text)] == ["first", "second"]
    assert [(problem.kind, problem.line) for problem in problems(read(text))] == [("bad line", 2)]


def test_a_last_line_without_its_end_counts_where_it_is_whole() -> None:
    text = event_log({"event": "first"}, {"event": "second"})
    for whole, number in ((text.rstrip("\n"), 2), (text.rstrip("\n")[:-1], 1)):
        assert len(events_of(whole)) == number
    reader = reader_of(cut := text[:-3].encode())
    reader.feed(cut)
    assert (reader.ending().complete, reader.ending().reason) == (False, "ends inside line 2")


def test_asking_how_a_log_ends_changes_nothing() -> None:
    text = event_log({"event": "first"}, {"event": "second"}).encode()
    asked, unasked = reader_of(text), reader_of(text)
    asked.feed(text[:-1])
    asked.ending()
    unasked.feed(text[:-1])
    assert asked.feed(text[-1:]) == unasked.feed(text[-1:])


def test_names_and_fields_are_made_safe() -> None:
    (event,) = events_of(event_log({"event": "a\x1b[2Jb\nc", "te\x07st": "x\u202ey", "test": "t\ud800"}))
    assert (event.name, event.test, event.fields) == ("ab c", "t\ufffd", (("test", "xy"),))


def test_a_log_is_told_by_its_content() -> None:
    assert formats.recognise(b'{"event": "x"}\n') is formats.BY_NAME["eventlog"]
    assert formats.recognise(json.dumps({"type": "test", "event": "ok"}).encode()) is None
    assert formats.recognise(b"\xef\xbb\xbf" + b'{"event": "x"}\n') is formats.BY_NAME["eventlog"]


def test_a_log_that_begins_with_a_byte_order_mark_is_read_whole() -> None:
    text = "\ufeff" + event_log({"event": "first"})
    assert [event.name for event in events_of(text)] == ["first"]
