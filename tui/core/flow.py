"""How fast results come. Pure: it is told the time. May import `core.model`.

Invariant: a result is one, whether it comes alone or in a run of many.
"""

from tui.core.model import Batch, PassedRun, SourceEvents

_A_FLOAT = 8
_FORGOTTEN = 0.2
"""After so many seconds half of a rate is forgotten."""
_AT_ONCE = 1 / 60
"""What comes within so many seconds came together."""

FLOOD = 80
"""The events a second from which on nobody follows them one by one: they are better taken together."""


def told(batch: Batch) -> int:
    """How many events a batch tells of: each test of a run is one; what a source amounts to is none."""
    if not isinstance(batch, SourceEvents):
        return 0
    return sum(
        len(event.durations) // _A_FLOAT if isinstance(event, PassedRun) else 1 for event in batch.events
    )


class Flow:
    """Events a second, of late."""

    def __init__(self) -> None:
        self._rate = 0.0
        self._last = 0.0

    def came(self, events: int, now: float) -> None:
        """So many came since this was said last; `now` is in seconds of a steady clock."""
        since = max(now - self._last, _AT_ONCE)
        rate = events / since
        self._rate = rate + (self._rate - rate) * 0.5 ** (since / _FORGOTTEN)
        self._last = now

    @property
    def is_flood(self) -> bool:
        """Whether so many come that they are better taken together."""
        return self._rate > FLOOD
