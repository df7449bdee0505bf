"""What an exception says of a comparison -> which lines were wanted, which were got, and where they part.

May import nothing of runwatch. Pure. Reads the signs of pytest, unittest, jest, vitest, mocha, node, PHPUnit
and of unified diffs. Bounded: long lines are compared by their ends only.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from tui.regex import regex


class Side(StrEnum):
    """Which side of a comparison a line shows."""

    BOTH = "both"
    WANTED = "wanted"
    GOT = "got"
    HINT = "hint"
    HEADING = "heading"


class Stretch(NamedTuple):
    """The characters from `start` up to `end`."""

    start: int
    end: int

    def moved(self, by: int) -> "Stretch":
        """The same characters, `by` further to the right."""
        return Stretch(self.start + by, self.end + by)


class DiffLine(Struct, frozen=True):
    """A line, its side, and where it differs from the line `partner` of the other side."""

    text: str
    side: Side = Side.BOTH
    differing: tuple[Stretch, ...] = ()
    partner: int | None = None

    @property
    def sign(self) -> str:
        """What the line begins with to tell its side."""
        return self.text[: _sign(self.text)]


_SIGNED = regex(r"(\s*)([-+])(?=\s|$)")
_SIGNED_TIGHTLY = regex(r"()([-+])")
_SIGNED_TIGHTLY_INDENTED = regex(r"(\s*)([-+])")
_HINT = regex(r"\s*\?[ ^~+-]*[\^~+-][ ^~+-]*$")
_UNIFIED = regex(r"(?:--- |\+\+\+ |@@ )")
_PLUS_IS_WANTED = regex(r"\s*\+ expected\b", re.IGNORECASE)
_PLUS_IS_GOT = regex(r"\s*(?:\+ (?:actual|received)\b|\+\+\+ actual\b|- expected\b)", re.IGNORECASE)
_NAMED = regex(r"\s*(?:(left|expected|want(?:ed)?)|(right|actual|received|got))\s*: (?=\S)", re.IGNORECASE)
_COMPARED = 2000
_SIMILAR = 0.3
_MOST_PAIRS = 200
_MOST_BETWEEN = 2


def compared(lines: Sequence[str]) -> list[DiffLine]:
    """`lines` with what they are in a comparison; the first one is never part of a diff."""
    told: list[DiffLine] = []
    plus, pattern = Side.GOT, _SIGNED
    for number, line in enumerate(lines):
        if _PLUS_IS_WANTED.match(line):
            plus, pattern = Side.WANTED, _SIGNED_TIGHTLY_INDENTED
        elif _PLUS_IS_GOT.match(line):
            plus = Side.GOT
        if _UNIFIED.match(line):
            pattern = _SIGNED_TIGHTLY
        minus = Side.GOT if plus is Side.WANTED else Side.WANTED
        signed = pattern.match(line)
        if not number:
            told.append(DiffLine(line))
        elif _UNIFIED.match(line):
            told.append(DiffLine(line, Side.HEADING))
        elif signed:
            told.append(DiffLine(line, plus if signed[2] == "+" else minus))
        elif _HINT.match(line):
            told.append(DiffLine(line, Side.HINT))
        elif named := _NAMED.match(line):
            told.append(DiffLine(line, Side.WANTED if named[1] else Side.GOT))
        else:
            told.append(DiffLine(line))
    _pair(told)
    return told


def _pair(told: list[DiffLine]) -> None:
    """Find the lines that stand for each other: those of a run of one side, and of the run after it."""
    pairs = 0
    runs = _runs(told)
    for before, after in pairwise(runs):
        between = told[before[-1] + 1 : after[0]]
        if told[before[0]].side is told[after[0]].side or len(between) > _MOST_BETWEEN:
            continue
        if len(before) != len(after) or any(told[number].partner is not None for number in before):
            continue
        if not all(line.side is Side.HINT or not line.text.strip() for line in between):
            continue
        for left, right in zip(before, after, strict=True):
            pairs += 1
            if pairs > _MOST_PAIRS:
                return
            here, there = _parting(told[left].text, told[right].text)
            if here or there:
                told[left] = replace(told[left], differing=here, partner=right)
                told[right] = replace(told[right], differing=there, partner=left)


def _runs(told: Sequence[DiffLine]) -> list[list[int]]:
    """The numbers of lines of one side that follow each other; hints lie between them."""
    runs: list[list[int]] = []
    for number, line in enumerate(told):
        if line.side not in (Side.WANTED, Side.GOT):
            continue
        if runs and runs[-1][-1] == number - 1 and told[number - 1].side is line.side:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def _parting(left: str, right: str) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...]]:
    """Where two lines differ, their signs aside; nowhere, where they have little in common."""
    skip, skipped = _sign(left), _sign(right)
    one, other = left[skip:], right[skipped:]
    if one == other or not one.strip() or not other.strip():
        return (), ()
    blocks = _differing(one, other)
    changed = sum(max(a.end - a.start, b.end - b.start) for a, b in blocks)
    if changed > (1 - _SIMILAR) * max(len(one), len(other)):
        return (), ()
    here = tuple(Stretch(a.start + skip, a.end + skip) for a, _ in blocks if a.end > a.start)
    there = tuple(Stretch(b.start + skipped, b.end + skipped) for _, b in blocks if b.end > b.start)
    return here, there


def _sign(line: str) -> int:
    found = _SIGNED.match(line) or _NAMED.match(line) or _SIGNED_TIGHTLY_INDENTED.match(line)
    return found.end() if found else 0


def _differing(one: str, other: str) -> list[tuple[Stretch, Stretch]]:
    """The stretches in which two texts differ; of long ones all between their common ends."""
    least = min(len(one), len(other))
    start = next((n for n in range(least) if one[n] != other[n]), least)
    end = next((n for n in range(least - start) if one[-1 - n] != other[-1 - n]), least - start)
    a, b = one[start : len(one) - end], other[start : len(other) - end]
    if max(len(a), len(b)) > _COMPARED or not a or not b:
        return [(Stretch(start, start + len(a)), Stretch(start, start + len(b)))]
    codes = SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    return [
        (Stretch(start + i, start + j), Stretch(start + k, start + m))
        for tag, i, j, k, m in codes
        if tag != "equal"
    ]


def aligned(one: DiffLine, other: DiffLine, width: int) -> list[tuple[DiffLine, DiffLine]]:
    """Two lines that stand for each other, without their signs, in pieces of at most `width` characters.

    What is equal lies in the same columns: where only one of the two has characters, the other has blanks.
    A piece in which they are the same is of both sides.
    """
    left, right = one.text[_sign(one.text) :], other.text[_sign(other.text) :]
    a = b = ""
    stretches: list[Stretch] = []
    done = 0
    for here, there in _differing(left, right):
        a += left[done : here.start]
        b += left[done : here.start]
        length = max(here.end - here.start, there.end - there.start)
        stretches.append(Stretch(len(a), len(a) + length))
        a += left[here.start : here.end].ljust(length)
        b += right[there.start : there.end].ljust(length)
        done = here.end
    a, b = a + left[done:], b + left[done:]
    pieces = []
    for start in range(0, len(a), width):
        inside = tuple(
            Stretch(max(each.start - start, 0), min(each.end - start, width))
            for each in stretches
            if each.start < start + width and each.end > start
        )
        sides = (one.side, other.side) if inside else (Side.BOTH, Side.BOTH)
        pieces.append(
            (
                DiffLine(a[start : start + width], sides[0], inside),
                DiffLine(b[start : start + width], sides[1], inside),
            )
        )
    return pieces
