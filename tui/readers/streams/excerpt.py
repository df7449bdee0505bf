"""Text that comes in pieces, kept in bounded memory: its head and its tail.

May import nothing of runwatch. Invariant: what is kept depends on the whole text alone, never on how
it was cut into pieces, and is never longer than about `LONGEST` characters.
"""

LONGEST = 3600
"""A little less than what a failure's excerpt holds, so that it is cut once only."""

_HALF = LONGEST // 2


class Excerpt:
    """Takes in pieces of text and keeps the first and the last characters of it all."""

    __slots__ = ("_head", "_length", "_tail")

    def __init__(self) -> None:
        self._head = ""
        self._tail = ""
        self._length = 0

    def __bool__(self) -> bool:
        return self._length > 0

    def add(self, text: str) -> None:
        """Take in what follows."""
        self._length += len(text)
        room = _HALF - len(self._head)
        if room > 0:
            self._head += text[:room]
            text = text[room:]
        if text:
            self._tail = (self._tail + text[-_HALF:])[-_HALF:]

    @property
    def text(self) -> str:
        """The whole text where it is short, else its head and its tail with the cut marked."""
        left_out = self._length - len(self._head) - len(self._tail)
        if not left_out:
            return self._head + self._tail
        return f"{self._head}\n[... {left_out} characters cut ...]\n{self._tail}"
