"""Finds the tests that the filter means, on the event loop, in slices.

May import `core` and `view.breathing`. Invariants: no key waits for a search longer than a slice; what is
found is whole, never the half of a search; a new text puts an end to the search for the one before.
"""

import asyncio
import gc
import time
from collections.abc import Callable, Coroutine, Iterator
from math import inf

from tui.core.filters.index import Index
from tui.core.filters.language import Filter
from tui.core.filters.matching import Found, Matching
from tui.core.store import Store
from tui.view.breathing import breath, rest, uncollected

_SLICE = 0.006
_MANY = 20_000
"""What is kept of so many tests' ids is no more for the collector."""
_SOON = 200_000
"""Among so many tests a search is over in a slice, about."""
_SHARE = 10
"""Where much comes in, searches take one part in so many of the time."""
_AHEAD_SHARE = 100
"""And what nobody has asked for yet, one in so many."""

Work = Callable[[], Coroutine[object, object, None]]


class Finder:
    """What is wanted, and what of it was found. `run` takes on work; `told` is called after a search."""

    def __init__(self, store: Store, run: Callable[[Work], object], told: Callable[[], None]) -> None:
        self.wanted = Filter()
        self.index = Index()
        self.found = Found(index=self.index)
        self._store = store
        self._run = run
        self._told = told
        self._matching: Matching | None = None
        self._works = self._waits = False
        self._cost = 0.0
        self._may_from = 0.0
        self._seen = -1
        self._ahead_from = 0.0

    def want(self, text: str) -> None:
        """Find what `text` means, from now on. A search that is soon over is over on return."""
        wanted = Filter.parse(text)
        if wanted == self.wanted:
            return
        self.wanted, self._cost = wanted, 0.0
        self._matching = Matching(wanted, self._store, self.index)
        # Where it takes longer, what was typed is painted first; letters that come at once are one search.
        if (not wanted or len(self._store.tests) <= _SOON) and self._work():
            self._told()
        else:
            self._go_on()

    def follow(self) -> None:
        """The Store may have changed: find anew, unless a search goes on."""
        if not self.wanted or self._matching is not None or self.found.revision == self._store.revision:
            return
        if time.perf_counter() < self._may_from:
            self._run(self._follow_later)  # much comes in: a search may take a tenth of the time
            return
        self._matching = Matching(self.wanted, self._store, self.index)
        if not self._work():
            self._go_on()

    async def _follow_later(self) -> None:
        if self._waits:
            return
        self._waits = True
        try:
            await asyncio.sleep(max(self._may_from - time.perf_counter(), 0.0))
        finally:
            self._waits = False
        self.follow()
        if self._matching is None:
            self._told()

    def get_ready(self) -> None:
        """Somebody is about to type: read the tests' ids meanwhile."""
        if self.index.revision != self._store.revision and not self._works:
            self._run(self._learn)

    def look_ahead(self) -> None:
        """Nothing is to be done, it seems: where there are many tests, read their ids before somebody types.

        The first letter would take most of a second otherwise. Called about once a second.
        """
        seen, self._seen = self._seen, self._store.revision
        rests = seen == self._seen and not self._works and time.perf_counter() >= self._ahead_from
        if rests and len(self._store.tests) > _MANY and not self.index.is_of(self._store):
            self._run(self._look_ahead)

    async def _look_ahead(self) -> None:
        self._ahead_from, began = inf, time.process_time()
        steps = self.index.follow(self._store)
        while not _stepped(steps) and self._store.revision == self._seen:
            await rest()
        gc.freeze()
        self._ahead_from = time.perf_counter() + _AHEAD_SHARE * (time.process_time() - began)

    def _work(self) -> bool:
        """Search for the length of a slice; whether the search is over."""
        began = time.perf_counter()
        with uncollected():
            while self._matching is not None:
                if self._matching.step():
                    assert self._matching.found is not None
                    self.found, self._matching = self._matching.found, None
                elif time.perf_counter() >= began + _SLICE:
                    self._cost += time.perf_counter() - began
                    return False
        # What is soon done may be done at each paint.
        self._may_from = time.perf_counter() + self._cost * _SHARE
        self._cost = 0.0
        return True

    def _is_over(self) -> bool:
        return self._matching is None

    def _go_on(self) -> None:
        if not self._works:
            self._works = True
            self._run(self._search)

    async def _search(self) -> None:
        try:
            while not self._is_over():
                await breath()
                if self._work():
                    await breath()  # a letter that came meanwhile wants other tests than these
                    if self._is_over():
                        self._told()
        finally:
            self._works = False

    async def _learn(self) -> None:
        for steps in (self.index.follow(self._store), self.index.learn()):
            while not _stepped(steps):
                await breath()
        if len(self.index.numbering) > _MANY:
            gc.freeze()  # what was read stays: the collector's look at all of it would hold up a key


def _stepped(steps: Iterator[None]) -> bool:
    """Take a step; whether that was the last."""
    with uncollected():
        return next(steps, steps) is steps
