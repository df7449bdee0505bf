"""The events a client sees during one turn of a chat."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

AGENT_STARTED = "agent_started"
AGENT_THINKING = "agent_thinking"
TOOL_EXECUTING = "tool_executing"
TOOL_COMPLETED = "tool_completed"
AGENT_COMPLETED = "agent_completed"

GOLDEN = [AGENT_STARTED, AGENT_THINKING, TOOL_EXECUTING, TOOL_COMPLETED, AGENT_COMPLETED]


@dataclass(frozen=True)
class Event:
    """One message to the client; `seq` counts per connection and never goes back."""

    name: str
    seq: int
    thread_id: str
    data: dict[str, Any] = field(default_factory=dict)


def encode(event: Event) -> str:
    """Keys in a fixed order, so that equal events are equal on the wire."""
    body = {"event": event.name, "seq": event.seq, "thread_id": event.thread_id, "data": event.data}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def decode(text: str) -> Event:
    body = json.loads(text)
    return Event(body["event"], int(body["seq"]), body["thread_id"], dict(body.get("data", {})))
