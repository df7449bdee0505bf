"""The state that a manager keeps for its user."""

from __future__ import annotations

import asyncio

import pytest

from app.websocket.manager import WebSocketManager

MEMBERS = ["ana", "ben", "chi", "dev", "eva"]
ROOMS = ["lobby", "support", "research", "billing", "on-call", "release"]


def test_new_manager_is_connected(ws_manager: WebSocketManager) -> None:
    assert ws_manager.connected


def test_new_manager_has_no_rooms(ws_manager: WebSocketManager) -> None:
    assert ws_manager.rooms == {}


def test_drop_disconnects(ws_manager: WebSocketManager) -> None:
    ws_manager.drop()
    assert not ws_manager.connected


@pytest.mark.parametrize("count", [1, 2, 5, 10, 50, 100])
def test_sequence_counts_up(ws_manager: WebSocketManager, count: int) -> None:
    async def send() -> list[int]:
        return [(await ws_manager.send("chunk")).seq for _ in range(count)]

    assert asyncio.run(send()) == list(range(1, count + 1))


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("member", MEMBERS)
def test_member_joins_room(ws_manager: WebSocketManager, member: str, room: str) -> None:
    ws_manager.join(room, member)
    assert ws_manager.rooms == {room: {member}}


@pytest.mark.parametrize("room", ROOMS)
def test_last_member_closes_room(ws_manager: WebSocketManager, room: str) -> None:
    ws_manager.join(room, "ana")
    ws_manager.leave(room, "ana")
    assert room not in ws_manager.rooms


@pytest.mark.parametrize("members", [2, 3, 8, 20])
def test_room_holds_members(ws_manager: WebSocketManager, members: int) -> None:
    for number in range(members):
        ws_manager.join("lobby", f"user-{number}")
    assert len(ws_manager.rooms["lobby"]) == members
