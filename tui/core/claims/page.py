"""Markdown -> headings, passages and tables, with the lines that they stand on.

May import `text` only. What is no statement is left out: code, comments, front matter, struck-out text,
boxes that are not ticked. Invariants: text is clean, of bounded length, and read in linear time.
"""

import html
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from msgspec import Struct

from tui.regex import regex
from tui.text import one_line, plain, shortened

LIMIT = 256 * 1024
"""How much of a page is read, in characters: more is no status page."""

_LINE = 2_000  # characters
_PASSAGE = 40  # lines
_FENCE = regex(r" {0,3}(```+|~~~+)")
_HEADING = regex(r" {0,3}(#{1,6})(?:\s+|$)(.*)")
_UNDERLINE = regex(r" {0,3}(=+|-{2,})\s*")
_RULE = regex(r"\s*(?:[-*_]\s*){3,}")
_ITEM = regex(r"(\s*)(?:[-*+•]|\d{1,4}[.)])\s+(.*)")
_BOX = regex(r"\[([ xX])\]\s+(.*)")
_DELIMITER = regex(r"\s*:?-+:?\s*")
_LINK = regex(r"!?\[([^\[\]]{0,300})\](?:\([^()]{0,500}\)|\[[^\[\]]{0,100}\])")
_TAG = regex(r"</?[a-zA-Z][^<>]{0,300}>")
_STRUCK = regex(r"~~[^~]{1,500}~~")
_EMPHASIS = regex(r"\*{1,3}|`+|(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w)")
_ESCAPED = regex(r"\\([\\`*_{}\[\]()#+\-.!|%~>])")
_INVISIBLE = regex("[\ufe0e\ufe0f\u200b-\u200d\u00ad\u2060\ufeff]")


class Heading(Struct, frozen=True):
    """A heading; `level` 1 is the highest."""

    line: int
    level: int
    text: str


class Passage(Struct, frozen=True):
    """A paragraph or one item of a list, its lines joined.

    `starts`: where in `text` each line begins, and its number. `block`: equal for the items of one list.
    `lead`: the sentence that the list stands under; `indent`: how deep the item stands, in columns.
    """

    text: str
    starts: tuple[tuple[int, int], ...]
    block: int
    is_item: bool = False
    lead: str = ""
    indent: int = 0

    def line_at(self, offset: int) -> int:
        """The number of the line that the character at `offset` stands on."""
        return self.starts[max(bisect_right(self.starts, offset, key=lambda start: start[0]) - 1, 0)][1]


class Table(Struct, frozen=True):
    """A table: its headings, and its rows with their lines, as wide as the header."""

    line: int
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


Block = Heading | Passage | Table


def blocks(text: str) -> Iterator[Block]:
    """What the page consists of, from top to bottom; no more than `LIMIT` characters of it are read."""
    return _Blocks(_without_code(_without_comments(plain(text[:LIMIT]))).split("\n")).read()


def _without_comments(text: str) -> str:
    """`text` without HTML comments; the lines keep their numbers."""
    kept, position = [], 0
    while (start := text.find("<!--", position)) >= 0:
        end = text.find("-->", start)
        end = len(text) if end < 0 else end + 3
        kept += [text[position:start], "\n" * text.count("\n", start, end)]
        position = end
    return "".join([*kept, text[position:]])


def _without_code(text: str) -> str:
    """`text` with code blocks and front matter as empty lines."""
    kept: list[str] = []
    fence = ""
    lines = text.split("\n")
    front = lines[0].strip() == "---" and any(line.strip() == "---" for line in lines[1:])
    for number, line in enumerate(lines):
        found = _FENCE.match(line)
        if front:
            front = not (number and line.strip() == "---")
            line = ""  # noqa: PLW2901  # what is left out leaves its line
        elif fence:
            if found and found[1].startswith(fence):
                fence = ""
            line = ""  # noqa: PLW2901
        elif found:
            fence = found[1]
            line = ""  # noqa: PLW2901
        kept.append(line)
    return "\n".join(kept)


def _clean(text: str) -> str:
    """One line of Markdown as it is read: links unwrapped, no emphasis, no tags, no entities."""
    text = _LINK.sub(r"\1", text)
    text = _TAG.sub(" ", _STRUCK.sub(" ", text))
    text = _ESCAPED.sub(r"\1", _EMPHASIS.sub("", text))
    return one_line(_INVISIBLE.sub("", html.unescape(text)))


def _cells(line: str) -> tuple[str, ...]:
    """The cells of a table's row."""
    inner = line.strip().removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return tuple(_clean(cell) for cell in re.split(r"(?<!\\)\|", inner))


def _is_delimiter(line: str) -> bool:
    stripped = line.strip().strip("|")
    return (
        "-" in line
        and ("|" in line or ":" in line)
        and all(_DELIMITER.fullmatch(cell) for cell in stripped.split("|"))
    )


class _Blocks:
    """The lines of a page, on the way to blocks."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = [shortened(line, _LINE) for line in lines]
        self._open: list[tuple[int, str]] = []
        self._is_item = False
        self._indent = 0
        self._block = 0
        self._lead = ""
        self._waiting = ""

    def read(self) -> Iterator[Block]:
        number = 0
        while number < len(self._lines):
            line = self._lines[number].lstrip(" \t>") if self._lines[number].lstrip()[:1] == ">" else None
            line = self._lines[number] if line is None else line
            following = self._lines[number + 1] if number + 1 < len(self._lines) else ""
            heading = _HEADING.fullmatch(line)
            underline = _UNDERLINE.fullmatch(following)
            if heading:
                yield from self._passage()
                yield Heading(number + 1, len(heading[1]), _clean(heading[2].strip().rstrip("#")))
                self._apart()
            elif "|" in line and _is_delimiter(following):
                yield from self._passage()
                end = number + 2
                while end < len(self._lines) and "|" in self._lines[end] and self._lines[end].strip():
                    end += 1
                yield self._table(number, end)
                self._apart()
                number = end
                continue
            elif underline and line.strip() and not self._open and not _ITEM.fullmatch(line):
                yield Heading(number + 1, 1 if underline[1][0] == "=" else 2, _clean(line))
                self._apart()
                number += 2
                continue
            else:
                yield from self._take(number + 1, line)
            number += 1
        yield from self._passage()

    def _take(self, number: int, line: str) -> Iterator[Passage]:
        """One line of running text or of a list."""
        item = _ITEM.fullmatch(line)
        if not line.strip() or _RULE.fullmatch(line):
            yield from self._passage()
        elif item:
            yield from self._passage()
            if self._waiting:
                self._block += 1
                self._lead, self._waiting = self._waiting, ""
            box = _BOX.fullmatch(item[2])
            if box is None or box[1] != " ":
                self._open.append((number, f"✅ {box[2]}" if box else item[2]))
            self._is_item, self._indent = True, len(item[1].expandtabs(4))
        elif self._open or not self._is_item or not line.startswith((" ", "\t")):
            if self._is_item and not self._open:
                self._apart()
            if len(self._open) >= _PASSAGE:
                yield from self._passage()
            self._open.append((number, line))

    def _passage(self) -> Iterator[Passage]:
        """What was taken so far, as a whole."""
        if not self._open:
            return
        text, starts = "", []
        for number, line in self._open:
            cleaned = _clean(line)
            starts.append((len(text) + bool(text), number))
            text = f"{text} {cleaned}" if text else cleaned
        self._open = []
        if self._is_item:
            if text:
                yield Passage(text, tuple(starts), self._block, True, self._lead, self._indent)  # noqa: FBT003
            return
        self._block += 1
        yield Passage(text, tuple(starts), self._block)
        self._block += 1
        self._lead, self._waiting = "", text if text.endswith(":") else ""

    def _apart(self) -> None:
        """What follows does not belong to the list before."""
        self._block += 1
        self._is_item, self._lead, self._waiting = False, "", ""

    def _table(self, number: int, end: int) -> Table:
        header = _cells(self._lines[number])
        rows = []
        for at in range(number + 2, end):
            cells = _cells(self._lines[at])[: len(header)]
            rows.append((at + 1, cells + ("",) * (len(header) - len(cells))))
        return Table(number + 1, header, tuple(rows))
