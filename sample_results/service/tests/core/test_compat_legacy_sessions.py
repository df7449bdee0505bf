"""Clients of the first version still send an old session."""

from __future__ import annotations

from app.compat.legacy_sessions import LegacySession


def test_old_session_is_understood() -> None:
    assert LegacySession({"version": 1, "session": "hi"})
