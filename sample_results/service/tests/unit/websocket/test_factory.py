"""Managers come from the factory, one for each user."""

from __future__ import annotations

import asyncio

import pytest

from app.websocket.errors import FactoryBypassError
from app.websocket.manager import UserContext, WebSocketManager, create_websocket_manager
from tests.harness import Chat, collect

USERS = ["ana", "ben", "chi", "dev", "eva", "finn", "gus", "hana"]


@pytest.mark.parametrize("user", USERS)
def test_manager_belongs_to_its_user(user: str) -> None:
    manager = create_websocket_manager(UserContext(user, "th-1"))
    assert manager.user.user_id == user
    manager.close()


@pytest.mark.parametrize("user", USERS)
def test_bypass_is_refused(user: str) -> None:
    with pytest.raises(FactoryBypassError, match="create_websocket_manager"):
        WebSocketManager(UserContext(user, "th-1"))


def test_manager_without_user_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a user"):
        create_websocket_manager(UserContext("", "th-1"))


@pytest.mark.parametrize("chunks", [1, 2, 3, 5, 8, 13, 21, 34])
def test_sequence_numbers_have_no_gap(chat: Chat, chunks: int) -> None:
    chat.stream(chunks)
    events = collect(chat, count=chunks)
    assert [event.seq for event in events] == list(range(1, chunks + 1))


@pytest.mark.parametrize("user", USERS)
def test_events_stay_with_their_user(user: str) -> None:
    mine, other = Chat(user, "th-mine"), Chat("zoe", "th-other")
    mine.stream(2)
    other.stream(1)
    assert {event.thread_id for event in mine.drain()} == {"th-mine"}
    for chat in (mine, other):
        chat.manager.close()


def test_close_gives_the_loop_back() -> None:
    loop = asyncio.new_event_loop()
    create_websocket_manager(UserContext("ana", "th-1"), loop=loop).close()
    assert loop.is_closed()
