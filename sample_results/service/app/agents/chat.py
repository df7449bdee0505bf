"""One turn of a chat: the agent starts, thinks, uses its tools, and completes."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from app.tools.dispatcher import ToolCall, ToolDispatcher
from app.websocket.events import (
    AGENT_COMPLETED,
    AGENT_STARTED,
    AGENT_THINKING,
    TOOL_COMPLETED,
    TOOL_EXECUTING,
)
from app.websocket.manager import WebSocketManager

log = logging.getLogger(__name__)


class ChatAgent:
    """Every answer rests on at least one tool call; the turn is over when no call is open."""

    def __init__(self, manager: WebSocketManager) -> None:
        self.manager = manager
        self.dispatcher = ToolDispatcher(self._announce)
        self._open: set[str] = set()

    async def run(self, text: str, tools: Sequence[str] = ("search",)) -> None:
        await self.begin(text)
        await self.act(await self.think(text, tools))
        await self.finish()

    async def begin(self, text: str) -> None:
        await self.manager.send(AGENT_STARTED, chars=len(text))

    async def think(self, text: str, tools: Sequence[str] = ("search",)) -> list[ToolCall]:
        calls = [ToolCall(f"call-{n}", tool, text) for n, tool in enumerate(tools, 1)]
        await self.manager.send(AGENT_THINKING, plan=list(tools))
        return calls

    async def act(self, calls: Sequence[ToolCall]) -> list[str]:
        return [await self.dispatcher.dispatch(call) for call in calls]

    async def finish(self) -> None:
        if self._open:
            log.warning("turn stays open, waiting for %s", ", ".join(sorted(self._open)))
            return
        await self.manager.send(AGENT_COMPLETED)

    async def _announce(self, name: str, call: ToolCall) -> None:
        if name == TOOL_EXECUTING:
            self._open.add(call.call_id)
        elif name == TOOL_COMPLETED:
            self._open.discard(call.call_id)
        await self.manager.send(name, tool=call.tool, call_id=call.call_id)
