"""Runs a program in a terminal of our own and says when what it painted was there.

The program sits on a pty; what it writes is read at once and stamped. It is told, as modern terminals do,
that a paint may be bracketed (mode 2026): the end of a paint is then a fact and no guess.
Invariants: a stamp is taken when the bytes come, before anything is done with them; one process group is one
terminal, and is ended with it.
"""

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from benchmarks.screen import Screen

_ENDED = b"\x1b[?2026l"
_ASKED = b"\x1b[?2026$p"
_BRACKETS = b"\x1b[?2026;2$y"
_QUIET = 0.03


class GoneError(Exception):
    """What was waited for did not come."""


class Terminal:
    """A program on a pty. `began` is the moment before it was started."""

    def __init__(
        self,
        command: Sequence[str],
        cwd: Path,
        environment: dict[str, str],
        size: tuple[int, int] = (120, 40),
        brackets: bool = True,  # noqa: FBT001, FBT002  # a property of the terminal
    ) -> None:
        self.screen = Screen(*size)
        self.paints: list[tuple[float, int]] = []
        self.written = 0
        self._brackets = brackets
        self._rest = b""
        self._head = b""
        self._last = 0.0
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        arguments, path = list(command), command[0]
        self.began = time.perf_counter()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.setsid()
                fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)
                for number in (0, 1, 2):
                    os.dup2(theirs, number)
                os.closerange(3, 256)
                os.chdir(cwd)
                os.execvpe(path, arguments, environment)  # noqa: S606  # our own command
            finally:
                os._exit(127)
        os.close(theirs)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- reading -----------------------------------------------------------------------------------

    def pump(self, seconds: float) -> float | None:
        """Read what comes within so many seconds; the moment at which a paint was complete, or None."""
        until = time.perf_counter() + seconds
        while True:
            left = until - time.perf_counter()
            if self._rest and not self._brackets:
                left = min(left, _QUIET)
            ready, _, _ = select.select([self._ours], [], [], max(left, 0.0))
            if not ready:
                if self._rest and not self._brackets:
                    return self._paint(self._rest, b"", self._last)
                if left <= 0:
                    return None
                continue
            try:
                data = os.read(self._ours, 1 << 16)
            except OSError as error:
                raise GoneError("the program ended: " + self._said()) from error
            now = time.perf_counter()
            self._last = now
            self.written += len(data)
            if len(self._head) < 4096:
                self._head += data
                if self._brackets and _ASKED in data:
                    os.write(self._ours, _BRACKETS)
            self._rest += data
            if self._brackets and _ENDED in self._rest[-len(data) - len(_ENDED) :]:
                done, _, rest = self._rest.rpartition(_ENDED)
                return self._paint(done + _ENDED, rest, now)

    def _paint(self, done: bytes, rest: bytes, now: float) -> float:
        self.screen.feed(done.decode("utf-8", "replace"))
        self._rest = rest
        self.paints.append((now, len(done)))
        return now

    def wait(self, shown: Callable[[Screen], bool], seconds: float, why: str = "") -> float:
        """The moment at which a paint was complete that shows this."""
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            at = self.pump(left)
            if at is not None and shown(self.screen):
                return at
        raise GoneError(f"{why or 'it'} did not show within {seconds:.0f} s; the screen:\n{self._said()}")

    def until(self, shown: Callable[[Screen], bool], seconds: float, why: str = "") -> None:
        """Wait, unless it is there already."""
        if not shown(self.screen):
            self.wait(shown, seconds, why)

    def settle(self, quiet: float = 0.4, seconds: float = 15.0) -> None:
        """Until no text below the header has changed for a while; clocks and blinking cursors go on."""
        now = time.perf_counter()
        until, last, before = now + seconds, now, self.screen.rows[1:]
        while (now := time.perf_counter()) < until and now < last + quiet:
            at = self.pump(last + quiet - now)
            if at is not None and (after := self.screen.rows[1:]) != before:
                before, last = after, at

    def drain(self, seconds: float) -> None:
        """Read for so long, whatever comes."""
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            self.pump(left)

    def bytes_seen(self, marker: bytes, seconds: float) -> float:
        """The moment at which these bytes had come, for programs that do not bracket their paints."""
        until, seen = time.perf_counter() + seconds, b""
        while (left := until - time.perf_counter()) > 0:
            ready, _, _ = select.select([self._ours], [], [], left)
            if ready:
                with contextlib.suppress(OSError):
                    seen = seen[-len(marker) :] + os.read(self._ours, 1 << 16)
                if marker in seen:
                    return time.perf_counter()
        raise GoneError(f"{marker!r} did not come within {seconds:.0f} s")

    # --- keys --------------------------------------------------------------------------------------

    def send(self, keys: str) -> float:
        """Type; the moment before it."""
        now = time.perf_counter()
        os.write(self._ours, keys.encode())
        return now

    def answered(self, keys: str, shown: Callable[[Screen], bool], seconds: float = 10.0) -> float:
        """Seconds from a key to the complete paint that shows this."""
        return -self.send(keys) + self.wait(shown, seconds, f"what {keys!r} does")

    def last_change(
        self, keys: str, seen: Callable[[Screen], object], quiet: float = 0.5, seconds: float = 20.0
    ) -> float | None:
        """Seconds from a key to the last paint that changed this part; None where none did."""
        before, last = seen(self.screen), None
        sent = self.send(keys)
        while (now := time.perf_counter()) < sent + seconds and now < (last or sent + quiet) + quiet:
            at = self.pump(quiet / 5)
            if at is not None and (after := seen(self.screen)) != before:
                before, last = after, at
        return None if last is None else last - sent

    def bursts(self, since: float, until: float, apart: float = 0.02) -> int:
        """How many paints there were between two moments; those that follow at once are one."""
        number, last = 0, 0.0
        for at, _ in self.paints:
            if since <= at <= until:
                number += at - last > apart
                last = at
        return number

    def close(self) -> None:
        """End the program and all that it started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        os.close(self._ours)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, 0)

    def _said(self) -> str:
        shown = [row.rstrip() for row in self.screen.rows if row.strip()]
        if not shown:
            shown = [self._head.decode("utf-8", "replace")[-800:]]
        return "\n".join(shown[:40])
