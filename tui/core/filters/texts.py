"""The ids of many tests as one text, and which of them hold a word.

May import `core.blocks` and `core.model`. Pure. Invariants: what is found is what a look at each id would
find; nothing is done test by test where a word is sought: there may be a million, for each letter typed.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from tui.core.blocks import Block
from tui.core.model import TestResult

LINES = 4096
"""How many tests are in a text, about."""

Judged = bool | bytes
"""Whether it holds of all of some tests, or of none; or a mask."""

_DIGITS = b"0123456789"
_MOST_STEMS = 255
"""A byte tells them apart."""
_HIT = b"\xff"  # it is no byte of UTF-8
_FEW_HITS = 64
"""Fewer hits are marked one by one, unless the first of them say that there will be more."""
_LOOKED_AT = 8
_BUT_HITS = bytes(byte for byte in range(256) if byte not in b"\n\xff")


class Names(NamedTuple):
    """Names, line by line: each whole, or as one of some `stems`, told by a byte of `codes`, and its end.

    Most names of a large suite begin alike and end in a number or in parameters. `letters`: those of `lines`.
    """

    lines: bytes
    letters: bytes
    stems: bytes = b""
    codes: bytes = b""

    def hold(self, word: bytes) -> Judged | None:
        """Which of them hold a word; None: that cannot be told, it may begin in a stem and go on after it."""
        may_end = not word.translate(None, self.letters)  # most words are no part of a number
        ended = holding(word, self.lines) if may_end else False
        if not self.codes:
            return ended
        for at in range(1, len(word)):
            if ends_line(word[:at], self.stems) and begins_line(word[at:], self.lines):
                return None
        begun = _stems_with(word, self.stems)
        return either(begun if isinstance(begun, bool) else self.codes.translate(begun), ended)


class Text(NamedTuple):
    """The ids of some tests, folded: single ones, or those of blocks; `first` is the number of the first.

    Neighbours that stand in one place are a group; `places` are those of all groups, line by line, `letters`
    the bytes of these, and `lasts` their last bytes, each once.
    """

    first: int
    number: int
    results: Sequence[TestResult]
    blocks: Sequence[Block]
    groups: Sequence[int]
    places: bytes
    letters: bytes
    lasts: bytes
    names: Names

    def hold(self, word: bytes) -> Judged:
        """Which of them hold a word to the letter; it is folded, and has no line's end."""
        # A word may begin where a test stands and end in its name.
        for at in range(1, len(word)):
            if (
                word[at - 1] in self.lasts
                and ends_line(word[:at], self.places)
                and self._may_begin(word[at:])
            ):
                return holding(word, self._labels())
        judged = self.names.hold(word)
        if judged is None:
            judged = holding(word, self._names())
        if judged is True or word.translate(None, self.letters) or word not in self.places:
            return judged
        held = [word in place for place in self.places.split(b"\n")]
        groups = zip(held, self.groups, strict=True)
        return either(b"".join([(b"\1" if holds else b"\0") * number for holds, number in groups]), judged)

    def _may_begin(self, begin: bytes) -> bool:
        """Whether any name may begin so."""
        names = self.names
        if not names.codes:
            return begins_line(begin, names.lines)
        # Or in a stem that is all of the beginning, and then goes on.
        return begins_line(begin, names.stems) or any(
            begin.startswith(stem) for stem in names.stems.split(b"\n")
        )

    def _labels(self) -> bytes:
        if self.blocks:
            return folded(block.place + name for block in self.blocks for name in block.name_list())
        return folded(result.label for result in self.results)

    def _names(self) -> bytes:
        if self.blocks:
            return folded_names(self.blocks)
        return folded(result.label[len(_place(result)) :] for result in self.results)


def of_singles(first: int, results: Sequence[TestResult]) -> Text:
    """The text of single tests."""
    groups = [(place, len(list(group))) for place, group in groupby(map(_place, results))]
    places = folded(place for place, _ in groups)
    names = folded(result.label[len(_place(result)) :] for result in results)
    numbers = [number for _, number in groups]
    parted = _parted(names, len(results))
    return Text(first, len(results), results, (), numbers, places, _letters(places), _lasts(places), parted)


def of_blocks(first: int, blocks: Sequence[Block]) -> Text:
    """The text of the tests of blocks."""
    groups = list(map(len, blocks))
    number = sum(groups)
    places = folded(block.place for block in blocks)
    parted = _parted(folded_names(blocks), number)
    return Text(first, number, (), blocks, groups, places, _letters(places), _lasts(places), parted)


def sought(word: str) -> bytes:
    """A word that is folded, as it is looked for in a text."""
    return word.replace("\n", "\v").encode(errors="surrogatepass")


def folded(texts: Iterable[str]) -> bytes:
    """Texts in small letters, line by line."""
    every = list(texts)
    joined = "\n".join(every)
    if joined.count("\n") >= max(len(every), 1):
        joined = "\n".join(text.replace("\n", "\v") for text in every)
    return joined.casefold().encode(errors="surrogatepass")


def folded_names(blocks: Iterable[Block]) -> bytes:
    """The names of the tests of blocks, the same way."""
    return "\n".join([block.names for block in blocks]).casefold().encode(errors="surrogatepass")


def holding(word: bytes, lines: bytes) -> Judged:
    """Which lines hold a word that has no line's end.

    Where there are many it is replaced by a mark, and all but marks and lines' ends is left out.
    """
    at = lines.find(word)
    if at < 0:
        return False
    if not word:
        return True
    number = lines.count(b"\n") + 1
    marks = bytearray(number)
    row = last = 0
    for hits in range(1, _FEW_HITS):
        row += lines.count(b"\n", last, at)
        marks[row] = 1
        last = lines.find(b"\n", at)
        at = lines.find(word, last) if last >= 0 else -1
        if at < 0:
            return bytes(marks) if 0 in marks else True
        if hits == _LOOKED_AT and at * _FEW_HITS < len(lines) * _LOOKED_AT:
            break  # there will be many
    left = lines.replace(word, _HIT).translate(None, _BUT_HITS)
    while _HIT + _HIT in left:
        left = left.replace(_HIT + _HIT, _HIT)
    mask = (left + b"\n").replace(_HIT + b"\n", b"\1").replace(b"\n", b"\0")
    return mask if 0 in mask else True


def begins_line(text: bytes, lines: bytes) -> bool:
    """Whether any line begins so."""
    return lines.startswith(text) or b"\n" + text in lines


def ends_line(text: bytes, lines: bytes) -> bool:
    """Whether any line ends so."""
    return lines.endswith(text) or text + b"\n" in lines


def either(one: Judged, other: Judged) -> Judged:
    """What is meant by one or by both."""
    if isinstance(one, bool):
        return True if one else other
    if isinstance(other, bool):
        return True if other else one
    return (int.from_bytes(one) | int.from_bytes(other)).to_bytes(len(one))


def both(one: Judged, other: Judged) -> Judged:
    """What is meant by both."""
    if isinstance(one, bool):
        return other if one else False
    if isinstance(other, bool):
        return one if other else False
    return (int.from_bytes(one) & int.from_bytes(other)).to_bytes(len(one))


def marked(mask: bytes) -> int:
    """How many a mask means: a third of the time of `count` where they are many."""
    return int.from_bytes(mask).bit_count()


def whole(judged: Judged, number: int) -> bytes:
    """The mask of so many tests."""
    if isinstance(judged, bool):
        return (b"\1" if judged else b"\0") * number
    return judged


def _place(result: TestResult) -> str:
    """Where a test stands: the label up to its name."""
    label = result.label
    return label[: label.rfind("::") + 2] if "::" in label else ""


@lru_cache(maxsize=512)
def _stems_with(word: bytes, stems: bytes) -> bool | bytes:
    """Which stems hold a word, by their codes. Neighbouring texts have the same stems most often."""
    if word not in stems:
        return False
    holds = [word in stem for stem in stems.split(b"\n")]
    return all(holds) or bytes(holds).ljust(256, b"\0")


def _letters(lines: bytes) -> bytes:
    """The bytes that there are, each once."""
    return _DIGITS + bytes(set(lines.translate(None, _DIGITS)))


def _lasts(lines: bytes) -> bytes:
    """The last byte of each line."""
    return bytes({line[-1] for line in lines.split(b"\n") if line})


def _parted(lines: bytes, number: int) -> Names:
    """Names as stems and ends, where there are few stems."""
    every = lines.split(b"\n")
    if b"[" in lines:
        heads = [name.partition(b"[")[0].rstrip(_DIGITS) for name in every]
    else:
        heads = [name.rstrip(_DIGITS) for name in every]
    stems = {stem: code for code, stem in enumerate(sorted(set(heads)))}
    if len(stems) > _MOST_STEMS or len(every) != number:
        return Names(lines, _letters(lines))
    codes = bytes(map(stems.__getitem__, heads))
    ends = b"\n".join([name[len(stem) :] for name, stem in zip(every, heads, strict=True)])
    return Names(ends, _letters(ends), b"\n".join(stems), codes)
