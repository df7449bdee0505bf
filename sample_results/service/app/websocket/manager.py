"""The manager of one user's connections: it numbers events, sends them and replays them."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Any, Protocol

from app.websocket.errors import CapacityError, FactoryBypassError
from app.websocket.events import Event, encode
from app.websocket.replay import ReplayBuffer

log = logging.getLogger(__name__)

_FACTORY_PASS = object()
MAX_ROOMS = 32


@dataclass(frozen=True)
class UserContext:
    user_id: str
    thread_id: str


class Transport(Protocol):
    """What the manager needs from a connection."""

    async def write(self, text: str) -> None: ...


class NullTransport:
    """Sends to nobody; for managers that only keep state."""

    async def write(self, text: str) -> None:
        return None


class WebSocketManager:
    """Made by `create_websocket_manager` only: a manager that is shared mixes users' events."""

    def __init__(
        self,
        user_context: UserContext,
        transport: Transport | None = None,
        loop: asyncio.AbstractEventLoop | None = None,
        *,
        factory_pass: object = None,
    ) -> None:
        if factory_pass is not _FACTORY_PASS:
            raise FactoryBypassError(
                "direct instantiation of WebSocketManager, "
                "use create_websocket_manager(user_context)"
            )
        self.user = user_context
        self.rooms: dict[str, set[str]] = {}
        self.replay = ReplayBuffer()
        self.connected = True
        self.last_pong = 0.0
        self._seq = 0
        self._transport: Transport = transport or NullTransport()
        self._loop = loop or asyncio.new_event_loop()

    async def send(self, name: str, **data: Any) -> Event:
        """Number the event, keep it for replay, and write it if the client is there."""
        self._seq += 1
        event = Event(name, self._seq, self.user.thread_id, data)
        self.replay.add(event)
        if self.connected:
            await self._transport.write(encode(event))
            log.info("sent %s #%d to %s", name, event.seq, self.user.user_id)
        else:
            log.warning("%s is away, kept %s #%d", self.user.user_id, name, event.seq)
        return event

    def drop(self) -> None:
        self.connected = False
        log.info("%s dropped at #%d", self.user.user_id, self._seq)

    async def reconnect(self, since: int) -> int:
        """Send again what came after `since`; how many events that was."""
        self.connected = True
        missed = self.replay.since(since)
        log.info("%s is back, last seen #%d, %d to replay", self.user.user_id, since, len(missed))
        for event in missed:
            await self._transport.write(encode(event))
        return len(missed)

    def join(self, room: str, member: str) -> None:
        if room not in self.rooms and len(self.rooms) >= MAX_ROOMS:
            raise CapacityError(f"at most {MAX_ROOMS} rooms")
        self.rooms.setdefault(room, set()).add(member)

    def leave(self, room: str, member: str) -> None:
        members = self.rooms.get(room, set())
        members.discard(member)
        if not members:
            self.rooms.pop(room, None)

    def pong(self, now: float) -> None:
        self.last_pong = now

    def is_alive(self, now: float, patience: float = 30.0) -> bool:
        return self.connected and now - self.last_pong <= patience

    def close(self) -> None:
        """Say goodbye to the client and give the loop back."""
        if self._loop.is_closed():
            raise RuntimeError("event loop is closed")
        self._loop.run_until_complete(self.send("goodbye"))
        self._loop.close()


def create_websocket_manager(
    user_context: UserContext,
    transport: Transport | None = None,
    loop: asyncio.AbstractEventLoop | None = None,
) -> WebSocketManager:
    """The one way to a manager: it ties it to a user before anything can be sent."""
    if not user_context.user_id:
        raise ValueError("a manager needs a user")
    return WebSocketManager(user_context, transport, loop, factory_pass=_FACTORY_PASS)
