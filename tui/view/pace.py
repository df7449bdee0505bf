"""How often new facts are painted. Pure: it is told the time.

May import `core.flow`. Invariants: about five paints a second in a flood, for nobody reads so fast; a
paint is followed by five times as much time as it had of a core, in which keys are answered; once, when
everything was read, one comes before its time.
"""

from tui.core.flow import Flow

_PROMPTLY = 0.01
"""In seconds: what comes one by one is painted one by one."""
_IN_A_FLOOD = 0.2
_PAINT_SHARE = 5
_LEAST = 0.001


class Pace:
    """Counts what came since the last paint, and what that cost. Times are seconds of one steady clock."""

    def __init__(self) -> None:
        self._came = 0
        self._flow = Flow()
        self._painted = 0.0
        self._cost = 0.0
        self._has_arrived = False

    def arrive(self) -> bool:
        """All that there was at the start is there: it is painted at once. Whether that is new."""
        is_new, self._has_arrived = not self._has_arrived, True
        if is_new:
            self._painted = self._cost = 0.0
        return is_new

    def came(self, events: int) -> None:
        """So many events are to be painted."""
        self._came += events

    def wait(self, now: float) -> float:
        """How long from `now` until the next paint is due."""
        every = _IN_A_FLOOD if self._flow.is_flood else _PROMPTLY
        return max(self._painted + max(every, self._cost * _PAINT_SHARE) - now, _LEAST)

    def begin(self, now: float) -> None:
        """A paint begins: all that came is painted by it."""
        self._flow.came(self._came, now)
        self._came = 0

    def end(self, now: float, cost: float) -> None:
        """The paint ends; it had so many seconds of a core."""
        self._painted, self._cost = now, cost
