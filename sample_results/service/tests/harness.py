"""A chat without a network: what the service writes is queued and read back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from app.agents.chat import ChatAgent
from app.websocket.events import Event, decode
from app.websocket.manager import UserContext, create_websocket_manager

TICKS_PER_SECOND = 20


class Chat:
    """One user's chat on an event loop of its own."""

    def __init__(self, user: str = "ana", thread_id: str = "th-1") -> None:
        self.loop = asyncio.new_event_loop()
        self.queue: list[Event] = []
        self.watchers: list[Callable[[Event], None]] = []
        context = UserContext(user, thread_id)
        self.manager = create_websocket_manager(context, self, self.loop)
        self.agent = ChatAgent(self.manager)

    async def write(self, text: str) -> None:
        event = decode(text)
        self.queue.append(event)
        for watcher in self.watchers:
            watcher(event)

    def send(self, text: str, tools: Sequence[str] = ("search",)) -> None:
        """One whole turn."""
        self.loop.run_until_complete(self.agent.run(text, tools))

    def begin(self, text: str) -> None:
        self.loop.run_until_complete(self.agent.begin(text))

    def think(self, text: str, tools: Sequence[str] = ("search",)) -> None:
        self.loop.run_until_complete(self.agent.think(text, tools))

    def act(self, text: str, tools: Sequence[str] = ("search",)) -> list[str]:
        async def turn() -> list[str]:
            return await self.agent.act(await self.agent.think(text, tools))

        return self.loop.run_until_complete(turn())

    def stream(self, chunks: int) -> None:
        for number in range(1, chunks + 1):
            self.loop.run_until_complete(self.manager.send("chunk", number=number))

    def reconnect(self, since: int) -> None:
        self.queue.clear()
        self.loop.run_until_complete(self.manager.reconnect(since))

    def drain(self) -> list[Event]:
        events, self.queue = self.queue, []
        return events


def collect(
    chat: Chat, *, until: str | None = None, count: int | None = None, timeout: int = 5
) -> list[Event]:
    """What came until the named event, or until there are `count`.

    Time is counted in ticks. A chat that timed out is abandoned with its loop.
    """
    events: list[Event] = []
    for _ in range(timeout * TICKS_PER_SECOND):
        events += chat.drain()
        if count is not None and len(events) >= count:
            return events
        if until is not None and any(event.name == until for event in events):
            return events
    chat.loop.close()
    return events


def names(events: Sequence[Event]) -> list[str]:
    return [event.name for event in events]
