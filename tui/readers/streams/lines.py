"""Bytes in pieces -> whole lines, for the formats that are written line by line.

May import nothing of runwatch. Invariant: the lines do not depend on how the bytes were cut, and no
line costs more than `LONGEST` bytes of memory.
"""

from collections.abc import Iterator
from typing import NamedTuple

LONGEST = 32 * 1024 * 1024


class Line(NamedTuple):
    """A whole line without its end: its number (from 1), its first byte's offset, its bytes.

    `data` is None where the line was longer than `LONGEST` and was let go.
    """

    number: int
    offset: int
    data: bytes | None


class Lines:
    """Splits what it is fed into lines and keeps the open one."""

    def __init__(self) -> None:
        self._open: list[bytes] = []
        self._length = 0
        self._offset = 0
        self._number = 0

    @property
    def open_line(self) -> bool:
        """Whether the bytes so far end inside a line."""
        return self._length > 0

    @property
    def number(self) -> int:
        """The number of the line that comes next, or is open."""
        return self._number + 1

    def feed(self, data: bytes) -> Iterator[Line]:
        """The lines that `data` ends."""
        start = 0
        while (end := data.find(b"\n", start)) >= 0:
            yield self._end(data[start:end])
            start = end + 1
        self._keep(data[start:])

    def skip(self, number: int, size: int) -> None:
        """Pass over so many whole lines, where none is open."""
        self._number += number
        self._offset += size

    @property
    def offset(self) -> int:
        """Where the line begins that comes next, or is open."""
        return self._offset

    def rest(self) -> Line | None:
        """The open line as it stands: the last of a source whose writer left out the final line end."""
        if not self._length or self._length > LONGEST:
            return None
        return Line(self._number + 1, self._offset, b"".join(self._open))

    def _keep(self, data: bytes) -> None:
        self._length += len(data)
        if self._length > LONGEST:
            self._open.clear()
        elif data:
            self._open.append(data)

    def _end(self, data: bytes) -> Line:
        if not self._length and len(data) <= LONGEST:  # as nearly all lines are: whole in one piece
            self._number += 1
            line = Line(self._number, self._offset, data)
            self._offset += len(data) + 1
            return line
        self._keep(data)
        self._number += 1
        whole = None if self._length > LONGEST else b"".join(self._open)
        line = Line(self._number, self._offset, whole)
        self._offset += self._length + 1
        self._open.clear()
        self._length = 0
        return line
