"""What a terminal would show: the characters of every cell and the ground that each stands on.

Understands what Textual writes (cursor positions, text, colours, clearing), and passes over the rest. Pure.
Invariant: a cell is one character; a wide character's second cell is empty.
"""

import re

from rich.cells import cell_len

_TOKEN = re.compile(
    r"\x1b\[(?P<arguments>[0-9;:?<>=]*)[ -/]*(?P<final>[@-~])"
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[PX^_][^\x1b]*\x1b\\|\x1b[^\[\]PX^_]"
    r"|(?P<control>[\x00-\x1f])|(?P<text>[^\x00-\x1f]+)"
)
_GROUND = re.compile(r"48[;:](?:2[;:]+\d+[;:]\d+[;:]\d+|5[;:]\d+)")
_WIDE_FROM = "\u1100"


class Screen:
    """The cells of a terminal of so many columns and rows."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._cells = [[" "] * width for _ in range(height)]
        self._grounds = [[""] * width for _ in range(height)]
        self._row = self._column = 0
        self._ground = ""

    def feed(self, text: str) -> None:
        """Draw what was written."""
        for match in _TOKEN.finditer(text):
            if match.lastgroup == "text":
                self._put(match.group())
            elif match.lastgroup == "final":
                self._control(match["final"], match["arguments"])
            elif match.lastgroup == "control":
                self._move(match.group())

    @property
    def rows(self) -> list[str]:
        """The characters, row by row."""
        return ["".join(row) for row in self._cells]

    @property
    def text(self) -> str:
        """The whole screen."""
        return "\n".join(self.rows)

    def bar(self, column: int) -> int | None:
        """The one row whose ground in this column no other row has: the cursor's."""
        grounds: dict[str, list[int]] = {}
        for number, row in enumerate(self._grounds):
            grounds.setdefault(row[column], []).append(number)
        single = [numbers[0] for numbers in grounds.values() if len(numbers) == 1]
        return max(single, default=None)

    def _put(self, text: str) -> None:
        if self._row >= self.height:
            return
        cells = list(text)
        if not text.isascii() and max(text) >= _WIDE_FROM:
            cells = []
            for character in text:
                width = cell_len(character)
                cells.extend((character, "")[:width])
        end = min(self._column + len(cells), self.width)
        room = end - self._column
        self._cells[self._row][self._column : end] = cells[:room]
        self._grounds[self._row][self._column : end] = [self._ground] * room
        self._column = end

    def _move(self, character: str) -> None:
        if character == "\r":
            self._column = 0
        elif character == "\n":
            self._row = min(self._row + 1, self.height - 1)
        elif character == "\b":
            self._column = max(self._column - 1, 0)

    def _control(self, final: str, arguments: str) -> None:
        if final == "m":
            found = _GROUND.search(arguments)
            if found:
                self._ground = found.group()
            elif arguments in ("", "0"):
                self._ground = ""
        elif final in "Hf":
            numbers = [int(part) if part.isdigit() else 1 for part in arguments.split(";")]
            self._row = min(max(numbers[0], 1), self.height) - 1
            self._column = min(max(numbers[1] if len(numbers) > 1 else 1, 1), self.width) - 1
        elif final == "J" and arguments in ("2", "3"):
            for row, grounds in zip(self._cells, self._grounds, strict=True):
                row[:], grounds[:] = [" "] * self.width, [""] * self.width
        elif final == "K":
            self._cells[self._row][self._column :] = [" "] * (self.width - self._column)
