"""Where batches wait for the event loop: a bounded queue, filled by a thread.

May import `core.model`. Invariant: whoever fills it waits while it is full, and no longer than until its end.
"""

import queue
import threading
from collections.abc import Callable
from typing import Any

from tui.core.model import Batch

_BATCHES_WAITING = 128
"""As many as are read while the view is imported and drawn, about: 20 MB at most."""
_LOOK_EVERY = 0.1
"""So often, in seconds, whoever waits looks whether it is to end."""


class Outlet:
    """Hands batches on, until its end; `_ready` is called when there is something."""

    def __init__(self, made: Callable[[int], queue.Queue[Any]] = queue.Queue) -> None:
        self.batches = made(_BATCHES_WAITING)
        self._ready: Callable[[], None] = lambda: None
        self._ended = threading.Event()

    def _put(self, batch: Batch | bytes) -> None:
        while not self._ended.is_set():
            try:
                self.batches.put(batch, timeout=_LOOK_EVERY)
            except queue.Full:
                continue
            self._ready()
            return

    def _pass_on(self) -> None:
        """Nothing more is put for now: what was put is to be on its way."""
