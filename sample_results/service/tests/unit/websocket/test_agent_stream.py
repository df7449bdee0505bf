"""The first steps of a turn, each for itself: these hold."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.websocket.events import AGENT_STARTED, AGENT_THINKING, GOLDEN, TOOL_EXECUTING
from tests.harness import Chat, names

Record = Callable[[str, object], None]


def record_seen(chat: Chat, record_property: Record) -> None:
    for event in chat.queue:
        if event.name in GOLDEN:
            record_property("golden_event", event.name)


def test_agent_started_is_first(watched: Chat) -> None:
    watched.begin("hi")
    assert names(watched.drain()) == [AGENT_STARTED]


def test_agent_started_carries_the_thread(watched: Chat) -> None:
    watched.begin("hi")
    assert watched.drain()[0].thread_id == watched.manager.user.thread_id


def test_agent_started_counts_characters(watched: Chat) -> None:
    watched.begin("hello")
    assert watched.drain()[0].data == {"chars": 5}


def test_agent_thinking_follows_agent_started(watched: Chat) -> None:
    watched.begin("hi")
    watched.think("hi")
    assert names(watched.drain()) == [AGENT_STARTED, AGENT_THINKING]


def test_agent_thinking_names_the_plan(watched: Chat) -> None:
    watched.begin("hi")
    watched.think("hi", ["search", "files"])
    assert watched.drain()[1].data == {"plan": ["search", "files"]}


@pytest.mark.parametrize("tool", ["search", "calculator", "calendar"])
def test_tool_executing_names_the_tool(watched: Chat, tool: str) -> None:
    watched.begin("1+2")
    watched.act("1+2", [tool])
    assert watched.drain()[2].data == {"tool": tool, "call_id": "call-1"}


def test_tool_executing_follows_agent_thinking(watched: Chat) -> None:
    watched.begin("hi")
    watched.act("hi")
    assert names(watched.drain())[:3] == [AGENT_STARTED, AGENT_THINKING, TOOL_EXECUTING]


def test_start_is_acknowledged_before_planning(chat: Chat, record_property: Record) -> None:
    chat.begin("hi")
    record_seen(chat, record_property)
    assert chat.drain()[0].seq == 1


def test_plan_is_announced(chat: Chat, record_property: Record) -> None:
    chat.begin("hi")
    chat.think("hi", ["weather"])
    record_seen(chat, record_property)
    assert [event.seq for event in chat.drain()] == [1, 2]


def test_tool_is_announced_with_its_call(chat: Chat, record_property: Record) -> None:
    chat.begin("hi")
    results = chat.act("Oslo", ["weather"])
    record_seen(chat, record_property)
    assert results == ["Oslo: 11 degrees, light rain"]
    assert chat.drain()[-1].data["call_id"] == "call-1"
