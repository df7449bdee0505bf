"""The intake in a process of its own, so that reading at full speed holds up no key.

`remote.py` is the side that starts it. May import the rest of `intake` and `core.model`. Invariants: the
worker writes nothing but frames, does nothing but what its order says, and ends with the process that
started it, whatever became of that: its stdin ends then.
"""

import tui.start  # noqa: F401  # first of all, as in `cli`

# isort: split
import contextlib
import gc
import os
import sys
import threading
from pathlib import Path
from typing import IO

import msgspec

from tui.core.model import DirectoryScanned
from tui.intake.frames import Order, encoded, receive, send
from tui.intake.sources import Intake
from tui.intake.watcher import Watcher


def main() -> None:
    """Be the worker: take the order from stdin, and write batches until stdin ends."""
    wanted = receive(sys.stdin.buffer)
    if wanted is None:
        return
    order = msgspec.msgpack.decode(wanted, type=Order)
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    intake = Intake(
        Path(os.fsdecode(order.root)),
        excluded=[Path(os.fsdecode(path)) for path in order.excluded],
        ignored=order.ignored,
        strict=order.strict,
    )
    gc.freeze()
    gc.enable()
    watcher = Watcher(intake)
    watcher.start()
    with contextlib.suppress(BrokenPipeError):  # nobody is there any more
        _tell(watcher, sys.stdout.buffer)


def _tell(watcher: Watcher, stream: IO[bytes]) -> None:
    while True:
        batch = watcher.batches.get()
        try:
            message = encoded(batch)
        except ValueError as error:
            problem = f"what was read cannot be told: {type(error).__name__}: {error}"
            message = encoded(DirectoryScanned(exists=True, problem=problem))
        send(stream, message)
        if watcher.batches.empty():
            stream.flush()


def _end_with_stdin() -> None:
    sys.stdin.buffer.read()
    os._exit(0)
