"""A session carries the turns of its agent."""

from __future__ import annotations

from app.websocket.events import GOLDEN
from tests.harness import Chat


def show(chat: Chat) -> None:
    """Print what was seen in the form that is read as evidence."""
    for event in chat.queue:
        if event.name in GOLDEN:
            print(f"::golden event={event.name}")


def test_session_opens_a_turn(session: Chat) -> None:
    session.begin("hi")
    show(session)
    assert session.drain()[0].thread_id == "th-session"


def test_session_reaches_its_first_tool(session: Chat) -> None:
    session.begin("hi")
    session.act("hi", ["files"])
    show(session)
    assert session.drain()[-1].data["tool"] == "files"
