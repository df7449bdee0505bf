"""Fixtures of the core suite."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator

import pytest

from app.core.lifecycle import Lifecycle
from tests.harness import Chat

PARTS = [
    "config",
    "store",
    "registry",
    "tools",
    "agents",
    "websocket",
    "metrics",
    "health",
    "admin",
]

log = logging.getLogger("tests.core")


@pytest.fixture
def lifecycle(request: pytest.FixtureRequest) -> Lifecycle:
    """A lifecycle with as many parts as the test asks for (`parts`), reported in colour."""
    callspec = getattr(request.node, "callspec", None)
    count = callspec.params.get("parts", 3) if callspec else 3
    lifecycle = Lifecycle()
    for part in PARTS[:count]:
        lifecycle.add(part)
        print(f"\x1b[36m+\x1b[0m {part}")
    log.info("%d parts", count)
    return lifecycle


@pytest.fixture
def session() -> Iterator[Chat]:
    """A chat of an open session."""
    chat = Chat("ana", "th-session")
    print("\x1b[2msession opened\x1b[0m", file=sys.stderr)
    yield chat
    chat.manager.close()
