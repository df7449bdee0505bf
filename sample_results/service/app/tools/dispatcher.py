"""Runs tools for an agent and announces what it does."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from app.tools.builtin import TOOLS, Tool
from app.websocket.events import TOOL_COMPLETED, TOOL_EXECUTING

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ToolCall:
    call_id: str
    tool: str
    argument: str


Announce = Callable[[str, ToolCall], Awaitable[None]]


class ToolDispatcher:
    """Results are cached by tool and argument: the tools are pure and some are slow."""

    def __init__(self, announce: Announce, tools: Mapping[str, Tool] = TOOLS) -> None:
        self._announce = announce
        self._tools = tools
        self._cache: dict[tuple[str, str], str] = {}

    def remember(self, call: ToolCall, result: str) -> None:
        self._cache[call.tool, call.argument] = result

    async def dispatch(self, call: ToolCall) -> str:
        cached = self._cache.get((call.tool, call.argument))
        if cached is not None:
            log.info("%s(%r) from cache", call.tool, call.argument)
            await self._announce(TOOL_COMPLETED, call)
            await self._announce(TOOL_EXECUTING, call)
            return cached
        await self._announce(TOOL_EXECUTING, call)
        result = self._tools[call.tool](call.argument)
        self.remember(call, result)
        return result
