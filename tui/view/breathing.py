"""How work on the event loop lets others have their turn, keys first of all. May import nothing of runwatch.

A key goes from hand to hand before it is painted, and each takes a turn of the loop; a timer paints.
"""

import asyncio
import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_HOPS = 3
_ANSWERED_WITHIN = 0.012
_NO_KEY_FOR = 0.3
"""So long, in seconds, what can wait makes room for a key and its answer on the screen."""


class Keyboard:
    """Whether a key waits for its answer: there is one keyboard, so there is one of these."""

    def __init__(self) -> None:
        self._until = self._pressed = 0.0
        self._sleepers: list[asyncio.Event] = []

    def pressed(self) -> None:
        """A key came: what can wait is to wait until it is answered.

        One that comes meanwhile asks for no more: a wheel that is turned would stop everything.
        """
        now = time.perf_counter()
        self._pressed = now
        if now >= self._until:
            self._until = now + _ANSWERED_WITHIN

    def answered(self) -> None:
        """Something was painted: most often what a key asked for."""
        self._until = 0.0
        for sleeper in self._sleepers:
            sleeper.set()
        self._sleepers.clear()

    def waits(self) -> float:
        """For how many seconds more; 0 where no key waits."""
        return max(self._until - time.perf_counter(), 0.0)

    def rests_in(self) -> float:
        """In how many seconds nobody is at the keyboard, if no further key comes; 0: nobody is."""
        return max(self._pressed + _NO_KEY_FOR - time.perf_counter(), 0.0)

    async def quiet(self) -> None:
        """Wait until no key waits."""
        if waits := self.waits():
            sleeper = asyncio.Event()
            self._sleepers.append(sleeper)
            with suppress(TimeoutError):
                await asyncio.wait_for(sleeper.wait(), waits)


keyboard = Keyboard()


async def breath() -> None:
    """Let whatever waits go on."""
    for _ in range(_HOPS):
        await asyncio.sleep(0)
    await keyboard.quiet()


async def rest() -> None:
    """The same for what nobody has asked for yet: it waits until nobody is at the keyboard."""
    await breath()
    if rests_in := keyboard.rests_in():
        await asyncio.sleep(rests_in)


@contextmanager
def uncollected() -> Iterator[None]:
    """Work that makes very much that stays: the collector's look at all of it would hold up a key."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
