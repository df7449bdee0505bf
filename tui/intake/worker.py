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
from collections.abc import Iterator
from pathlib import Path

import msgspec

from tui.core.model import Batch, DirectoryScanned
from tui.intake.frames import Order, encoded, receive, send
from tui.intake.sources import Intake
from tui.intake.watcher import Watcher


def main() -> None:
    """Be the worker: take the order from stdin, and write batches until stdin ends."""
    wanted = receive(sys.stdin.buffer)
    if wanted is None:
        return
    order = msgspec.msgpack.decode(wanted, type=Order)
    intake = Intake(
        Path(os.fsdecode(order.root)),
        excluded=[Path(os.fsdecode(path)) for path in order.excluded],
        ignored=order.ignored,
        strict=order.strict,
    )
    gc.freeze()
    gc.enable()
    _Teller(intake).start()
    sys.stdin.buffer.read()
    os._exit(0)


class _Teller(Watcher):
    """Tells what it reads as soon as it is read, on the very thread.

    A second one would hand the interpreter to and fro with it for each batch: a tenth of the reading.
    """

    def _put(self, batch: Batch | bytes) -> None:
        assert not isinstance(batch, bytes)
        try:
            message = encoded(batch)
        except ValueError as error:
            problem = f"what was read cannot be told: {type(error).__name__}: {error}"
            message = encoded(DirectoryScanned(exists=True, problem=problem))
        with _as_long_as_heard():
            send(sys.stdout.buffer, message)

    def _pass_on(self) -> None:
        with _as_long_as_heard():
            sys.stdout.buffer.flush()


@contextlib.contextmanager
def _as_long_as_heard() -> Iterator[None]:
    """End where nobody is there any more."""
    try:
        yield
    except BrokenPipeError:
        os._exit(0)
