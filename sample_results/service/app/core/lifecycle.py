"""Starting and stopping the parts of the service in order."""

from __future__ import annotations

import logging

log = logging.getLogger(__name__)


class Lifecycle:
    """Parts start in the order they were added and stop in the opposite one."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self.running: list[str] = []
        self.history: list[str] = []

    def add(self, part: str) -> None:
        if part in self._parts:
            raise ValueError(f"{part} is there already")
        self._parts.append(part)

    def start(self) -> int:
        for part in self._parts:
            self.running.append(part)
            self.history.append(f"start {part}")
            log.info("%s started", part)
        return len(self.running)

    def stop(self) -> int:
        """Stop what runs, last first; how many parts were stopped."""
        stopped = 0
        for part in reversed(self.running[1:]):
            self.running.remove(part)
            self.history.append(f"stop {part}")
            log.info("%s stopped", part)
            stopped += 1
        if self.running:
            log.warning("still running: %s", ", ".join(self.running))
        return stopped
