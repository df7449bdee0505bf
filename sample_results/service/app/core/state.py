"""The states of a session and the ways between them."""

from __future__ import annotations

ALLOWED: dict[str, set[str]] = {
    "new": {"open", "closed"},
    "open": {"busy", "closing"},
    "busy": {"open", "closing"},
    "closing": {"closed"},
    "closed": set(),
}


class SessionState:
    def __init__(self) -> None:
        self.name = "new"
        self.trail = ["new"]

    def to(self, name: str) -> None:
        if name not in ALLOWED[self.name]:
            raise ValueError(f"no way from {self.name} to {name}")
        self.name = name
        self.trail.append(name)
