"""The common frame of the streams whose writers say a line at a time and leave no end mark.

May import `core.model` and, of the readers, `lines` and `reader`. Invariants: a stream is told of each
whole line once, in order; a last line without its end is told to a copy, once nothing may follow.
"""

from typing import ClassVar, Protocol, Self

from tui.core.model import Event, Problem, ProblemFound, ProducerNamed
from tui.readers.reader import Ending
from tui.readers.streams.lines import Line, Lines


class Stream(Protocol):
    """What a format makes of its lines."""

    def line(self, data: bytes, line: Line) -> list[Event]:
        """The events of a line; `data` are its bytes without any line end."""
        ...

    def fork(self) -> Self:
        """A copy that can be told of a line that the stream itself will be told of later."""
        ...

    def takes(self, data: bytes) -> bool:
        """Whether the last line of a source, which has no end, is worth being told."""
        ...

    def closed(self, number: int) -> Ending:
        """What the lines amount to, if none follows line `number`; changes nothing."""
        ...


class LineReader:
    """Reads a source of which `stream` understands the lines.

    Between two programs of one run such a source looks as it does after the last, so it counts as
    complete only once it has been quiet (`has_end` is False).
    """

    is_stream: ClassVar[bool] = True
    has_end: ClassVar[bool] = False

    def __init__(self, producer: str, stream: Stream) -> None:
        self._lines = Lines()
        self._stream = stream
        self._producer = producer

    def feed(self, data: bytes) -> list[Event]:
        """The events of the lines that `data` ends."""
        events: list[Event] = []
        if self._producer:
            events.append(ProducerNamed(self._producer, merges=True))
            self._producer = ""
        return events + self._by_line(data)

    def _by_line(self, data: bytes) -> list[Event]:
        return [event for line in self._lines.feed(data) for event in self._told(self._stream, line)]

    def ending(self) -> Ending:
        """What the lines so far amount to, the last one included where it lacks its end."""
        number = self._lines.number
        rest = self._lines.rest()
        if rest is None or not self._stream.takes(rest.data or b""):
            return self._stream.closed(number)
        stream = self._stream.fork()
        events = self._told(stream, rest)
        ending = stream.closed(number)
        return Ending(ending.complete, ending.reason, ending.fatal, (*events, *ending.events))

    @staticmethod
    def _told(stream: Stream, line: Line) -> list[Event]:
        if line.data is None:
            return [ProblemFound(Problem("too long", "line left out: longer than 32 MiB", line.number))]
        data = line.data.removeprefix(b"\xef\xbb\xbf") if line.number == 1 else line.data
        return stream.line(data.rstrip(b"\r"), line)
