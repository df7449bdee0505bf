"""How much work an input may be: counted for tests, and bounded so that what hangs ends."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

HANGS_AFTER = 10.0
"""Seconds of processor time that no input needs, however busy the machine is."""


class HangsError(Exception):
    """Something took too long."""


@contextmanager
def limited() -> Iterator[None]:
    """Raise HangsError where the block takes more than `HANGS_AFTER` seconds."""

    def hangs(*_: object) -> None:
        raise HangsError

    before = signal.signal(signal.SIGVTALRM, hangs)
    signal.setitimer(signal.ITIMER_VIRTUAL, HANGS_AFTER)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def calls(work: Callable[[], object]) -> int:
    """How many calls `work` makes, of Python and of C: a measure that a busy machine does not change."""
    number = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal number
        del frame, argument
        number += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return number
