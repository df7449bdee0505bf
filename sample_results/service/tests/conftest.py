"""Shared by all suites: the event log that proves what the tests have observed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.websocket.events import GOLDEN, Event

Observe = Callable[[Event], None]


@pytest.fixture
def observe(request: pytest.FixtureRequest) -> Observe:
    """Append each golden event to the file named by GOLDEN_EVENTS, with the test that saw it."""
    target = os.environ.get("GOLDEN_EVENTS")

    def write(event: Event) -> None:
        if target is None or event.name not in GOLDEN:
            return
        line = {
            "event": event.name,
            "ts": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "seq": event.seq,
            "thread_id": event.thread_id,
            "path": "Agent chat",
            "test": request.node.nodeid,
        }
        if "tool" in event.data:
            line["tool"] = event.data["tool"]
        with Path(target).open("a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")

    return write
