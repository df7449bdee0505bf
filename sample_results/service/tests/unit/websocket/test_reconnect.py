"""A client that was away is told what it has missed."""

from __future__ import annotations

import pytest

from app.websocket.events import Event
from app.websocket.limits import backoff
from app.websocket.replay import ReplayBuffer
from tests.harness import Chat, collect


@pytest.mark.parametrize(
    ("sent", "seen"),
    [(5, 0), (6, 1), (8, 0), (8, 2), (9, 3), (10, 4), (12, 0), (12, 6), (16, 5), (20, 2), (24, 11)],
)
def test_events_after_reconnect(chat: Chat, sent: int, seen: int) -> None:
    missed = list(range(seen + 1, sent + 1))
    chat.manager.drop()
    chat.stream(sent)
    chat.reconnect(since=seen)
    events = collect(chat, count=len(missed), timeout=5)
    assert [event.seq for event in events] == missed, (
        f"expected {len(missed)} events, got {len(events)}"
    )


@pytest.mark.parametrize(("sent", "seen"), [(1, 0), (2, 0), (3, 0), (3, 2), (6, 4), (9, 7), (9, 8)])
def test_short_absence(chat: Chat, sent: int, seen: int) -> None:
    chat.manager.drop()
    chat.stream(sent)
    chat.reconnect(since=seen)
    events = collect(chat, count=sent - seen, timeout=5)
    assert [event.seq for event in events] == list(range(seen + 1, sent + 1))


@pytest.mark.parametrize("seen", [4, 5, 9])
def test_nothing_missed(chat: Chat, seen: int) -> None:
    chat.stream(4)
    chat.reconnect(since=seen)
    assert chat.drain() == []


@pytest.mark.parametrize(("limit", "kept"), [(1, 1), (2, 2), (4, 4), (8, 8), (16, 10)])
def test_buffer_keeps_the_latest(limit: int, kept: int) -> None:
    buffer = ReplayBuffer(limit)
    for seq in range(1, 11):
        buffer.add(Event("chunk", seq, "th-1"))
    assert len(buffer) == kept
    assert [event.seq for event in buffer.since(0)] == list(range(11 - kept, 11))


@pytest.mark.parametrize(
    ("attempt", "wait"), [(0, 0.5), (1, 1.0), (2, 2.0), (3, 4.0), (5, 16.0), (6, 30.0), (20, 30.0)]
)
def test_backoff(attempt: int, wait: float) -> None:
    assert backoff(attempt) == wait
