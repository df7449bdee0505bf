"""How long work on the event loop lets others have their turn. May import nothing of runwatch."""

import asyncio
import gc
from collections.abc import Iterator
from contextlib import contextmanager

_HOPS = 3


async def breath() -> None:
    """Let whatever waits go on. A key goes from hand to hand before it is painted: each takes a turn."""
    for _ in range(_HOPS):
        await asyncio.sleep(0)


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
