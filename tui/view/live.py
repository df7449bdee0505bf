"""Intake's batches -> the Store, on the event loop, in slices.

May import `core` and `view.breathing`. Invariants: the event loop is the only writer of the Store, and never
works on batches for longer than a slice at a time, nor while a key waits for its answer. While it is held,
the Store does not change at all: what is on screen, and whatever is asked of it, stands still together.
"""

import asyncio
import contextvars
import gc
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple, Protocol

from tui.core.flow import told
from tui.core.model import (
    Batch,
    PassedRun,
    SourceEvents,
    SourceGone,
    TestId,
    TestKey,
    TestRecord,
    TestStarted,
)
from tui.core.store import Store
from tui.view.breathing import keyboard

_SLICE = 0.003
"""In seconds: so long a key waits that comes as one begins."""
_FIRST_GROUPED = 2_000
"""So many failures are grouped while more is being read."""
_HOPS = 20
"""At least so many turns of the event loop are left to others before the next slice."""
_TURNS = 40
"""At most so many, while others are busy."""
_BUSY = 0.0001
"""A turn of the event loop that takes longer, in seconds, had something to do."""
_MUCH = 64
"""From so many batches on, the collector rests until all are taken in."""
_FIRST_RESULTS = 1_000
"""Results: the first frame waits for no more."""
_MOST_HELD = 200_000
"""Events: what comes after them waits in its files."""


class Feed(Protocol):
    """What fills `batches` with what there is to take in, from its start to its end."""

    batches: queue.Queue[Batch]

    def start(self, ready: Callable[[], None]) -> None:
        """Begin, and call `ready`, on any thread, when there is something."""
        ...

    def stop(self) -> None:
        """End."""
        ...


class Waiting(NamedTuple):
    """What came while the Store was held: how many tests it tells of, and how many of them it says are bad.

    `is_full`: so much came that reading waits, too.
    """

    changes: int
    bad: int
    is_full: bool


class Drain:
    """Feeds `store` from a feed's queue.

    It calls `changed` after each slice that changed something, with how many events were taken in.
    """

    def __init__(self, store: Store, changed: Callable[[int], None]) -> None:
        self._store = store
        self._changed = changed
        self._context = contextvars.Context()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._scheduled = False
        self._scheduling = threading.Lock()
        self._left = 0.0
        self._gave_way = 0
        self._rests = False
        self._feed: Feed | None = None
        self._applied = 0
        self._held: deque[Batch] = deque()
        self._waiting: dict[tuple[str, TestId], bool] = {}
        self._events_held = 0
        self._holds = False

    def start(self, feed: Feed) -> None:
        """Begin to take in what `feed` brings; called on the event loop."""
        self._loop = asyncio.get_running_loop()
        self._context = contextvars.copy_context()  # Textual knows its app by the context
        self._feed = feed
        feed.start(self._ready)

    def take_in(self, feed: Feed, seconds: float) -> None:
        """Take in what `feed` has by now, for so long at most, before it begins: for the first frame.

        Of very much, no more than there is to see: the rest comes right behind it.
        """
        self._feed = feed
        until = time.perf_counter() + seconds
        results = 0
        while (
            time.perf_counter() < until and results < _FIRST_RESULTS and (batch := self._next()) is not None
        ):
            self._apply(batch)
            results += told(batch)

    def stop(self) -> None:
        """End the feed."""
        if self._feed is not None:
            self._feed.stop()

    @property
    def is_behind(self) -> bool:
        """Whether batches wait to be taken in."""
        if self._holds:
            return False
        return self._scheduled or (self._feed is not None and not self._feed.batches.empty())

    def wake(self) -> None:
        """Failures may wait to be grouped though nothing came: all were counted anew, say."""
        if self._loop is not None and not self._holds and self._claim():
            self._come_again()

    # --- holding ------------------------------------------------------------------------------------

    def hold(self) -> None:
        """From now on keep what comes: the Store stays as it is."""
        self._holds = True

    def release(self) -> None:
        """Take in what was kept, in its order, and go on."""
        self._holds = False
        self._waiting.clear()
        self._events_held = 0
        self._ready()

    @property
    def _is_full(self) -> bool:
        """Whether so much is kept that the rest has to wait."""
        return self._holds and self._events_held >= _MOST_HELD

    @property
    def waiting(self) -> Waiting:
        """What was kept so far."""
        bad = sum(self._waiting.values())
        return Waiting(len(self._waiting), bad, is_full=self._events_held >= _MOST_HELD)

    def awaits(self, key: TestKey) -> bool:
        """Whether something that is kept tells of this test."""
        sources = self._store.group(key.scope).sources
        return any((source, key.test) in self._waiting for source in sources)

    def _keep(self, batch: Batch) -> None:
        self._held.append(batch)
        if isinstance(batch, SourceEvents):
            self._events_held += len(batch.events)
            for event in batch.events:
                if isinstance(event, TestRecord):
                    place = batch.source, event.test
                    self._waiting[place] = bool(event.failures) or self._waiting.get(place, False)
                elif isinstance(event, PassedRun):
                    for name in event.names.split("\n"):
                        self._waiting.setdefault((batch.source, TestId(event.suite, name)), False)
                elif isinstance(event, TestStarted):
                    self._waiting.setdefault((batch.source, event.test), False)
        elif isinstance(batch, SourceGone):
            self._waiting[batch.source, TestId("", "")] = False

    # --- taking in ----------------------------------------------------------------------------------

    def _ready(self) -> None:
        """Called on the intake thread: there is something in the queue."""
        if self._loop is not None and self._claim():
            try:
                self._loop.call_soon_threadsafe(self._drain, context=self._context)
            except RuntimeError:
                return  # the loop is closed: the app is about to end

    def _claim(self) -> bool:
        """Whether no slice is scheduled; the caller does it then. Two at once would both come again."""
        with self._scheduling:
            was, self._scheduled = self._scheduled, True
        return not was

    def _drain(self) -> None:
        assert self._feed is not None
        if self._gives_way():
            return
        until = time.perf_counter() + _SLICE
        changed, events, goes_on = False, 0, True
        while time.perf_counter() < until:
            batch = self._next()
            if batch is None:
                grouped, goes_on = self._group_causes(until)
                changed = changed or grouped > 0
                events += grouped
                break
            if self._holds:
                self._keep(batch)
                continue
            changed = self._apply(batch) or changed
            events += told(batch)
        if goes_on:
            self._go_on()
        else:
            self._rest()
        if changed:
            self._changed(events)

    def _apply(self, batch: Batch) -> bool:
        self._applied += 1
        return self._store.apply(batch).changed

    def _rest(self) -> None:
        """Nothing waits any more, at least not here."""
        assert self._feed is not None
        self._scheduled = False
        if not self._is_full and not self._feed.batches.empty():
            self._ready()  # what came meanwhile has called in vain
        else:
            self._collect_again()

    def _group_causes(self, until: float) -> tuple[int, bool]:
        """Nothing else waits: group failures meanwhile; of how many tests, and whether there are more.

        While more is being read, the first ones: what most failures have in common is seen at once.
        """
        causes = self._store.causes
        if self._store.directory.backlog and causes.grouped >= _FIRST_GROUPED:
            return 0, False
        before = causes.grouped
        if self._holds or not self._store.group_causes(lambda: time.perf_counter() >= until):
            return 0, False
        return causes.grouped - before, bool(causes.waiting)

    def _go_on(self) -> None:
        """More waits. What has been read stays: the collector's looks at all of it would hold up keys."""
        if self._applied >= _MUCH and gc.isenabled():
            gc.disable()
            self._rests = True
        self._come_again()

    def _collect_again(self) -> None:
        if self._rests and not self._store.directory.backlog:
            self._applied, self._rests = 0, False
            gc.freeze()
            gc.enable()

    def _come_again(self) -> None:
        assert self._loop is not None
        self._left = time.perf_counter()
        self._loop.call_soon(self._drain, context=self._context)

    def _gives_way(self) -> bool:
        """Whether others come first: a key, or a paint, goes from hand to hand, and each takes a turn."""
        if waits := keyboard.waits():
            assert self._loop is not None
            self._loop.call_later(waits, self._drain, context=self._context)
            return True
        has_to = self._gave_way < _HOPS or time.perf_counter() - self._left > _BUSY
        if self._left and has_to and self._gave_way < _TURNS:
            self._gave_way += 1
            self._come_again()
            return True
        self._gave_way, self._left = 0, 0.0
        return False

    def _next(self) -> Batch | None:
        """What comes next: first what was kept. Once that is much, the rest has to wait in its files."""
        assert self._feed is not None
        if self._held and not self._holds:
            return self._held.popleft()
        if self._is_full:
            return None
        try:
            return self._feed.batches.get_nowait()
        except queue.Empty:
            return None
