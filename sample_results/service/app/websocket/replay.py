"""What a client has missed while it was away."""

from __future__ import annotations

from collections import deque

from app.websocket.events import Event

REPLAY_LIMIT = 3


class ReplayBuffer:
    """Keeps the latest events of a connection so that a reconnecting client can catch up."""

    def __init__(self, limit: int | None = None) -> None:
        self._events: deque[Event] = deque(maxlen=REPLAY_LIMIT if limit is None else limit)

    def __len__(self) -> int:
        return len(self._events)

    def add(self, event: Event) -> None:
        self._events.append(event)

    def since(self, seq: int) -> list[Event]:
        return [event for event in self._events if event.seq > seq]
