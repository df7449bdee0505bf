"""Intake's batches -> the Store, on the event loop, in slices.

May import `core`, `intake.watcher` and `load`. Invariant: the event loop is the only writer of the
Store, and never works on batches for longer than a slice at a time.
"""

import asyncio
import contextvars
import gc
import queue
import time
from collections.abc import Callable

from tui.core.store import Store
from tui.intake.watcher import Watcher

_SLICE = 0.015
_EVERY = 1 / 30
_FREEZE_AFTER = 64


class Drain:
    """Feeds `store` from a watcher's queue; calls `changed` after each slice that changed something."""

    def __init__(self, store: Store, changed: Callable[[], None]) -> None:
        self._store = store
        self._changed = changed
        self._context = contextvars.Context()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._scheduled = False
        self._watcher: Watcher | None = None
        self._applied = 0

    def start(self, watcher_of: Callable[[Callable[[], None]], Watcher]) -> None:
        """Start the watcher that `watcher_of` makes for a callback; called on the event loop."""
        self._loop = asyncio.get_running_loop()
        self._context = contextvars.copy_context()  # Textual knows its app by the context
        self._watcher = watcher_of(self._ready)
        self._watcher.start()

    def stop(self) -> None:
        """End the watcher."""
        if self._watcher is not None:
            self._watcher.stop()

    @property
    def is_behind(self) -> bool:
        """Whether batches wait to be taken in."""
        return self._scheduled or (self._watcher is not None and not self._watcher.batches.empty())

    def _ready(self) -> None:
        """Called on the intake thread: there is something in the queue."""
        if not self._scheduled and self._loop is not None:
            self._scheduled = True
            try:
                self._loop.call_soon_threadsafe(self._drain, context=self._context)
            except RuntimeError:
                return  # the loop is closed: the app is about to end

    def _drain(self) -> None:
        assert self._watcher is not None
        assert self._loop is not None
        until = time.perf_counter() + _SLICE
        self._scheduled = False
        changed = False
        while time.perf_counter() < until:
            try:
                batch = self._watcher.batches.get_nowait()
            except queue.Empty:
                break
            changed = self._store.apply(batch).changed or changed
            self._applied += 1
        else:
            # More is waiting: the loop gets its turn first. What has been read stays: the collector
            # need not look at it again and again while a backlog drains.
            self._scheduled = True
            self._loop.call_later(_EVERY - _SLICE, self._drain, context=self._context)
            if self._applied >= _FREEZE_AFTER:
                self._applied = 0
                gc.freeze()
        if changed:
            self._changed()
