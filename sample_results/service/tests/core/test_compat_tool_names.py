"""Clients of the first version still send an old tool."""

from __future__ import annotations

from app.compat.tool_names import rename


def test_old_tool_is_understood() -> None:
    assert rename({"version": 1, "tool": "hi"})
