"""The process of the worker, started: the first thing that opening the app does.

Imports nothing of runwatch. A worker gets ready before it is known what it is to read, which an order says
(`tui.intake.frames`). Invariant: one that gets no order reads nothing, and ends with the process that started
it.
"""

import contextlib
import subprocess
import sys

# The worker finds its modules where this process does, and never in the working directory, which may hold
# anything.
_PROGRAM = "import sys; sys.path[:] = sys.argv[1:]; from tui.intake.worker import main; main()"

_ahead: list["subprocess.Popen[bytes]"] = []


def start_ahead() -> None:
    """Start what `started` is to give."""
    with contextlib.suppress(OSError):  # that it cannot be is said to whoever needs it
        _ahead.append(started())


def started() -> "subprocess.Popen[bytes]":
    """A worker that waits for its order. Raises OSError where there can be none."""
    if _ahead:
        return _ahead.pop()
    return subprocess.Popen(  # noqa: S603  # this program itself
        [sys.executable, "-P", "-S", "-c", _PROGRAM, *sys.path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # the view draws there
        start_new_session=True,  # a key that interrupts is for the view
    )
