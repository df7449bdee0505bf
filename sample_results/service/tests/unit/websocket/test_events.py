"""A whole turn of a chat: every event, in order, to the right user."""

from __future__ import annotations

from itertools import permutations

import pytest

from app.tools.dispatcher import ToolCall
from app.websocket.events import GOLDEN, TOOL_COMPLETED, TOOL_EXECUTING
from tests.harness import Chat, collect, names

MESSAGES = {
    "plain": "hi",
    "markdown": "**hi**",
    "code": "`print(1)`",
    "long": "hi " * 40,
    "emoji": "hi \N{WAVING HAND SIGN}",
    "rtl": "\N{HEBREW LETTER SHIN}\N{HEBREW LETTER LAMED}",
    "url": "see example.org",
    "list": "- one\n- two",
    "table": "a | b",
    "quote": "> hi",
    "question": "why?",
    "json": '{"a": 1}',
    "mixed": "hi **there**",
    "blank": " ",
}
TOOL_PLANS = {
    "search+files": ["search", "files"],
    "search+weather": ["search", "weather"],
    "calendar+weather": ["calendar", "weather"],
    "calculator+files": ["calculator", "files"],
    "search+files+weather": ["search", "files", "weather"],
    "calendar+files+search": ["calendar", "files", "search"],
    "calculator+search+files": ["calculator", "search", "files"],
    "all-but-weather": ["search", "calculator", "calendar", "files"],
    "all-but-search": ["calculator", "calendar", "files", "weather"],
    "all": ["search", "calculator", "calendar", "files", "weather"],
}
LOCALES = ["cs", "de", "en-GB", "en-US", "es", "fi", "fr", "it", "ja", "nl", "pl", "pt-BR"]


def turn(tools: int = 1) -> list[str]:
    """The events of a turn with so many tool calls."""
    return [*GOLDEN[:2], *[TOOL_EXECUTING, TOOL_COMPLETED] * tools, GOLDEN[-1]]


def test_tool_completed_follows_tool_executing(watched: Chat) -> None:
    watched.agent.dispatcher.remember(ToolCall("call-0", "search", "hi"), "3 results for hi")
    watched.send("hi")
    events = collect(watched, until="agent_completed", timeout=5)
    assert names(events) == GOLDEN, f"expected {len(GOLDEN)} events, got {len(events)}"


@pytest.mark.parametrize("tool", ["search", "calculator", "calendar", "files", "weather"])
def test_tool_completed_reaches_the_client(watched: Chat, tool: str) -> None:
    watched.send("hi", [tool])
    events = collect(watched, until="agent_completed", timeout=5)
    assert names(events) == GOLDEN, f"expected {len(GOLDEN)} events, got {len(events)}"


@pytest.mark.parametrize("kind", MESSAGES)
def test_turn_is_whole(chat: Chat, kind: str) -> None:
    chat.send(MESSAGES[kind])
    events = collect(chat, until="agent_completed", timeout=5)
    assert names(events) == GOLDEN, f"expected {len(GOLDEN)} events, got {len(events)}"


@pytest.mark.parametrize("plan", TOOL_PLANS)
def test_turn_with_tools(chat: Chat, plan: str) -> None:
    expected = turn(len(TOOL_PLANS[plan]))
    chat.send("plan my day", TOOL_PLANS[plan])
    events = collect(chat, until="agent_completed", timeout=5)
    assert names(events) == expected, f"expected {len(expected)} events, got {len(events)}"


@pytest.mark.parametrize(("first", "second"), permutations("abcd", 2), ids=lambda user: user)
def test_order_under_two_users(chat: Chat, first: str, second: str) -> None:
    expected = turn() + turn()
    for user in (first, second):
        chat.send(f"hi from {user}")
    events = collect(chat, count=len(expected), timeout=5)
    assert names(events) == expected, f"expected {len(expected)} events, got {len(events)}"


@pytest.mark.parametrize("locale", LOCALES)
def test_turn_in_locale(chat: Chat, locale: str) -> None:
    chat.send(f"weather in {locale}", ["weather"])
    events = collect(chat, until="agent_completed", timeout=5)
    assert names(events) == GOLDEN, f"expected {len(GOLDEN)} events, got {len(events)}"


@pytest.mark.parametrize("turns", [2, 3, 4, 5, 6, 8])
def test_turns_one_after_another(chat: Chat, turns: int) -> None:
    expected = turn() * turns
    for number in range(turns):
        chat.send(f"question {number}")
    events = collect(chat, count=len(expected), timeout=5)
    assert names(events) == expected, f"expected {len(expected)} events, got {len(events)}"


@pytest.mark.parametrize("chunks", [1, 2, 3, 5, 8, 13])
def test_turn_after_stream(chat: Chat, chunks: int) -> None:
    expected = ["chunk"] * chunks + turn()
    chat.stream(chunks)
    chat.send("hi")
    events = collect(chat, count=len(expected), timeout=5)
    assert names(events) == expected, f"expected {len(expected)} events, got {len(events)}"


@pytest.mark.parametrize("kind", ["plain", "markdown", "code", "long"])
def test_turn_without_waiting(chat: Chat, kind: str) -> None:
    chat.send(MESSAGES[kind])
    events = chat.drain()
    assert names(events) == GOLDEN, f"expected {len(GOLDEN)} events, got {len(events)}"
