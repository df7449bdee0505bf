"""What a text pane shows: a document, which draws its lines one by one.

May import rich, `text`, `view.ink` and `paint` beside it. Pure. Colours of captured output are the program's
own and go on from line to line; every other control sequence was taken out when the text was read.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from tui.regex import regex
from tui.text import counted
from tui.view.detail.paint import output_line
from tui.view.ink import Line, Piece, plain_text

Painter = Callable[[str], list[Piece]]
"""One line of a text, with its colours, -> pieces."""

PLACE = "place"
"""How the stop of a line begins that names a place in a file: it is marked only where somebody wants it."""

MOST_LINES = 5_000
MOST_CHARACTERS = 256 * 1024
_LONGEST_LINE = 2_000
_TAB = 8
_SGR = regex(r"\x1b\[([0-9;:]*)m")
_RESETS = ("", "0", "00")
_MOST_CODES = 32


class Drawn(NamedTuple):
    """A line. `stop`: what choosing it asks for. `marked`: it stands out over the whole width.

    `hang`: where it is wrapped, its further rows are indented so far.
    """

    line: Line
    stop: str = ""
    marked: bool = False
    hang: int = 0


class Document(Protocol):
    """Lines of text."""

    @property
    def start(self) -> int:
        """The line to look at first."""
        ...

    def __len__(self) -> int: ...

    def __getitem__(self, number: int, /) -> Drawn: ...

    def plain(self, number: int) -> str:
        """The characters of a line."""
        ...

    def hang(self, number: int) -> int:
        """How far the further rows of a wrapped line are indented."""
        ...

    @property
    def stops(self) -> Sequence[int]:
        """The lines that can be chosen."""
        ...


class Prepared:
    """Lines that were drawn beforehand."""

    def __init__(self, lines: Sequence[Drawn], start: int = 0) -> None:
        self.start = start
        self._lines = lines

    def __len__(self) -> int:
        return len(self._lines)

    def __getitem__(self, number: int) -> Drawn:
        return self._lines[number]

    def plain(self, number: int) -> str:
        """The characters of a line."""
        return plain_text(self._lines[number].line)

    def hang(self, number: int) -> int:
        """How far the further rows of a wrapped line are indented."""
        return self._lines[number].hang

    @property
    def stops(self) -> list[int]:
        """The lines that can be chosen."""
        return [number for number, line in enumerate(self._lines) if line.stop]


EMPTY = Prepared(())


class Output:
    """Captured output: all of it, or the head and the tail of what is huge, with the cut marked."""

    def __init__(self, text: str, paint: Painter = output_line) -> None:
        self.start = 0
        self._paint = paint
        self._lines, self._cut, self._left_out = _head_and_tail(text)
        self._before = _carried(self._lines) if "\x1b" in text else ()

    def __len__(self) -> int:
        return len(self._lines)

    def __getitem__(self, number: int) -> Drawn:
        if number == self._cut:
            return Drawn([Piece(f"──── {self._left_out} not shown · ", "warning"), *_OPENS_WHOLE], "whole")
        line, more = self._line(number)
        before = self._before[number] if self._before else ""
        pieces: Line = output_line(before + line) if before else self._paint(line)
        if more:
            return Drawn(
                [*pieces, Piece(f" … {more:,} more characters · ", "warning"), *_OPENS_WHOLE], "whole"
            )
        return Drawn(pieces)

    def plain(self, number: int) -> str:
        """The characters of a line: colours take no room."""
        line = self._lines[number]
        if number == self._cut or len(line) > _LONGEST_LINE:
            return plain_text(self[number].line)
        line = line.expandtabs(_TAB)
        return _SGR.sub("", line) if "\x1b" in line else line

    def hang(self, number: int) -> int:
        """Output is wrapped as a terminal does it."""
        del number
        return 0

    @property
    def stops(self) -> list[int]:
        """The lines that can be chosen: where something is left out."""
        long = [number for number, line in enumerate(self._lines) if len(line) > _LONGEST_LINE]
        return sorted({self._cut, *long}) if self._cut >= 0 else long

    def _line(self, number: int) -> tuple[str, int]:
        line = self._lines[number]
        return line[:_LONGEST_LINE].expandtabs(_TAB), max(len(line) - _LONGEST_LINE, 0)


_OPENS_WHOLE = (Piece("o", "key"), Piece(" opens the whole", "warning"))


def is_huge(text: str) -> bool:
    """Whether only its head and its tail are shown."""
    return len(text) > MOST_CHARACTERS or text.count("\n") >= MOST_LINES


def _head_and_tail(text: str) -> tuple[list[str], int, str]:
    """The lines to show, which of them stands for what is left out, and how much that is."""
    if not is_huge(text):
        return text.split("\n"), -1, ""
    half = MOST_CHARACTERS // 2
    # Of a text with few line ends whole lines cannot be kept: it is cut where it has to be.
    head = text[:half].split("\n", MOST_LINES // 2)[: MOST_LINES // 2]
    tail = text[-half:].rsplit("\n", MOST_LINES // 2)[-MOST_LINES // 2 :]
    kept = sum(map(len, head)) + sum(map(len, tail)) + len(head) + len(tail)
    lines = text.count("\n") + 1 - len(head) - len(tail)
    left_out = counted(lines, "line") if lines > 0 else f"{len(text) - kept:,} characters"
    return [*head, "", *tail], len(head), left_out


def _carried(lines: Sequence[str]) -> list[str]:
    """The colours that are in force where each line begins."""
    before, codes = [], list[str]()
    for line in lines:
        before.append("".join(codes))
        for found in _SGR.finditer(line) if "\x1b" in line else ():
            if found[1] in _RESETS:
                codes.clear()
            else:
                codes = [*codes[1 - _MOST_CODES :], found[0]]
    return before
