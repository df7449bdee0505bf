"""Fixtures of the WebSocket suite."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.core.ids import thread_id
from app.websocket.manager import UserContext, WebSocketManager
from tests.conftest import Observe
from tests.harness import Chat


@pytest.fixture
def chat(request: pytest.FixtureRequest) -> Iterator[Chat]:
    """A chat with a manager from the factory; closed with a goodbye to the client."""
    chat = Chat("ana", thread_id(request.node.name, 1))
    yield chat
    chat.manager.close()


@pytest.fixture
def watched(chat: Chat, observe: Observe) -> Chat:
    """A chat whose events go into the event log as they are written."""
    chat.watchers.append(observe)
    return chat


@pytest.fixture
def ws_manager(request: pytest.FixtureRequest) -> WebSocketManager:
    """A bare manager for tests that look at its state only."""
    user_context = UserContext("ana", thread_id(request.node.name, 1))
    return WebSocketManager(user_context)
