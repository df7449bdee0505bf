"""How long work on the event loop lets others have their turn. May import nothing of runwatch."""

import asyncio

_HOPS = 3


async def breath() -> None:
    """Let whatever waits go on. A key goes from hand to hand before it is painted: each takes a turn."""
    for _ in range(_HOPS):
        await asyncio.sleep(0)
