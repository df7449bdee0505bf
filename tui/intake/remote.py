"""The worker that reads, from this side: takes what it sends.

May import `core.model` and, of `intake`, `frames`, `outlet` and `process`. While this process gets ready to
draw, the worker gets ready to read. Invariant: should the worker end, that is said, and what was read stays.
"""

import contextlib
import os
import queue
import threading
from collections.abc import Callable, Collection
from pathlib import Path
from typing import IO

from msgspec import DecodeError

from tui.core.model import Batch, DirectoryScanned
from tui.intake.frames import Order, decoder_of_batches, encoded, receive, send
from tui.intake.outlet import Outlet
from tui.intake.process import started

_PIPE = 1 << 20
"""What a pipe is to hold: the most that Linux gives without asking."""


class _Messages(queue.Queue[Batch]):
    """Messages come in, batches go out: each is decoded by the thread that takes it.

    The thread that receives them would do it while keys wait for their turn: it is not to be interrupted.
    """

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self._decode = decoder_of_batches().decode

    def get(self, block: bool = True, timeout: float | None = None) -> Batch:  # noqa: FBT001, FBT002  # as it is
        """The next batch."""
        found: Batch | bytes = super().get(block, timeout)
        try:
            return self._decode(found) if isinstance(found, bytes) else found
        except DecodeError as error:
            return DirectoryScanned(exists=True, problem=f"what was read cannot be taken in: {error}")


class Worker(Outlet):
    """The process that reads for a live view: a `Watcher`, elsewhere.

    It is given a directory by `watch`, and fills `batches` from then on; `start` asks for a word of it.
    """

    def __init__(self) -> None:
        super().__init__(_Messages)
        self._process = started()
        assert self._process.stdout is not None
        _widen(self._process.stdout)
        self._thread = threading.Thread(target=self._take, name="runwatch-worker", daemon=True)

    def watch(
        self, root: Path, *, excluded: Collection[Path] = (), ignored: Collection[str] = (), strict: bool
    ) -> None:
        """Read `root` from now on: see `tui.intake.sources.Intake`."""
        order = Order(
            os.fsencode(root.absolute()), tuple(map(os.fsencode, excluded)), tuple(ignored), strict=strict
        )
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):  # it has ended: that is said in a batch
            send(self._process.stdin, encoded(order))
            self._process.stdin.flush()
        self._thread.start()

    def start(self, ready: Callable[[], None]) -> None:
        """Call `ready` whenever there is something, and at once if there is."""
        self._ready = ready
        if not self.batches.empty():
            ready()

    def stop(self) -> None:
        """End the worker, which holds nothing."""
        self._ended.set()
        self._process.kill()
        if self._thread.is_alive():
            self._thread.join()  # its stream has ended
        with self._process:
            pass  # closes what goes there and comes from there

    def _take(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        while (message := receive(stream)) is not None:
            self._put(message)
        if not self._ended.is_set():
            problem = f"reading stopped: its process ended with exit status {self._process.wait()}"
            self._put(DirectoryScanned(exists=True, problem=problem))


def _widen(stream: IO[bytes]) -> None:
    """Have the pipe of `stream` hold whole messages, where that can be asked for.

    Of a message in pieces each waits until this thread gets its turn beside the one that draws.
    """
    with contextlib.suppress(ImportError, OSError):
        import fcntl  # noqa: PLC0415  # not everywhere

        if hasattr(fcntl, "F_SETPIPE_SZ"):
            fcntl.fcntl(stream, fcntl.F_SETPIPE_SZ, _PIPE)
