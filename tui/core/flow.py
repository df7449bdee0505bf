"""How fast results come. Pure: it is told the time. May import `core.model`.

Invariant: a result is one, whether it comes alone or in a run of many.
"""

from tui.core.model import Batch, Event, PassedRun, SourceEvents, TestStarted

_A_FLOAT = 8
_FORGOTTEN = 0.2
"""After so many seconds half of a rate is forgotten."""
_AT_ONCE = 1 / 60
"""What comes within so many seconds came together."""

_FLOOD = 80
"""The results a second from which on nobody follows them one by one: they are better taken together."""
_FASTEST = 4 * _FLOOD
"""What is faster counts as this: however fast it was, half a second later it is over."""


def told(batch: Batch) -> int:
    """How many results a batch tells of: not when a test began, nor what a source amounts to."""
    if not isinstance(batch, SourceEvents):
        return 0
    return sum(map(_results, batch.events))


def _results(event: Event) -> int:
    if isinstance(event, PassedRun):
        return len(event.durations) // _A_FLOAT
    return not isinstance(event, TestStarted)


class Flow:
    """Results a second, of late."""

    def __init__(self) -> None:
        self._rate = 0.0
        self._came = 0
        self._last = 0.0

    def came(self, results: int, now: float) -> None:
        """So many came since this was said last; `now` is in seconds of a steady clock."""
        self._came += results
        since = now - self._last
        if since >= _AT_ONCE:
            rate = min(self._came / since, _FASTEST)
            self._rate = rate + (self._rate - rate) * 0.5 ** (since / _FORGOTTEN)
            self._came, self._last = 0, now

    @property
    def is_flood(self) -> bool:
        """Whether so many come that they are better taken together."""
        return self._rate > _FLOOD
