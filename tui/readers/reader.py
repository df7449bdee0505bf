"""What a reader is. May import `core.model` only.

A reader is fed the bytes of one generation of one source, in order and in pieces of any size, and
answers with events. It does no IO and keeps no handle. Invariant: the events depend on the bytes alone,
never on how they were cut into pieces.
"""

from collections.abc import Callable, Sequence
from typing import ClassVar, Protocol

from msgspec import Struct

from tui.core.model import Detail, Event, Section


class Ending(Struct, frozen=True):
    """What the bytes so far amount to.

    `complete`: the source says that it is done. `reason`: where it stands, in words, when it is not.
    `fatal`: nothing more can be read from it, whatever follows. `events` are those of what is still
    open: they are told only once the reader will be fed no more.
    """

    complete: bool
    reason: str = ""
    fatal: bool = False
    events: tuple[Event, ...] = ()


class Reader(Protocol):
    """Reads one source of one format."""

    is_stream: ClassVar[bool]
    """Whether the format is written line by line while tests run, so that it is read as it grows."""

    @property
    def has_end(self) -> bool:
        """Whether a whole source of the format says of itself that it is done."""
        ...

    def feed(self, data: bytes) -> list[Event]:
        """The events of the next `data`."""
        ...

    def ending(self) -> Ending:
        """What has been fed so far amounts to. Streams may be fed on afterwards."""
        ...


class Format(Struct, frozen=True):
    """A format: how its sources are told by their first bytes, read, and re-read for the detail.

    `recognise` gets the first bytes of a file. `detail` gets the bytes of the records of one attempt,
    `suite` those of what they share with others (`SharedFound`).
    """

    name: str
    recognise: Callable[[bytes], bool]
    open: Callable[[], Reader]
    detail: Callable[[Sequence[bytes]], Detail]
    suite: Callable[[Sequence[bytes]], tuple[Section, ...]] = lambda _pieces: ()
