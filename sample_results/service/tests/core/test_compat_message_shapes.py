"""Clients of the first version still send an old message."""

from __future__ import annotations

from app.compat.message_shapes import upgrade


def test_old_message_is_understood() -> None:
    assert upgrade({"version": 1, "message": "hi"})
