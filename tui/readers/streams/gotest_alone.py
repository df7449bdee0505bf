"""Tests of a `go test -json` stream that ran alone, their lines one after the other: found without a decoder.

Most tests run so, and of what they print most is framing. One pattern finds all lines of such a test in a
fifth of the time that decoding each takes. May import `core.model` and, of the readers, `golden`. Invariant:
what is told of them folds into what the lines tell one by one; whatever could be read in two ways (a name
that is escaped, an escape that Go does not write, other keys or another order of them) is left to whoever
decodes each line.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress, count, groupby, pairwise
from operator import ne, or_, sub

import msgspec

from tui.core.model import PassedRun
from tui.readers.golden import MARK
from tui.regex import regex

# A quote that follows a backslash ends nothing; where it does, behind an escaped backslash, nothing matches.
_SAID = r'[^"]*+(?:(?<=\\)"[^"]*+)*+'
ALONE = regex(
    r'\{"Time":"([^"]++)","Action":"run"(,"Package":"([^"]++)","Test":"([^"]++)")\}\n'
    rf'(?:\{{"Time":"[^"]*+","Action":"output"\2,"Output":"{_SAID}(?<=\\n)"\}}\n)*+'
    r'\{"Time":"[^"]*+","Action":"(pass|fail|skip)"\2,"Elapsed":((?:0|[1-9]\d{0,8}+)(?:\.\d++)?+)\}\n'
)
"""Groups: when it began, the keys that name it, package, name, how it ended, how long it took."""

_OUTPUT = regex(rf'"Output":("{_SAID}")\}}\n')
_TEXT = bytes(code for code in range(32, 127) if code != ord("\\"))
_MARK = MARK.encode()
_NEXT = b'\n{"Time":"'
# None of them stands for a character of the mark of a golden-path event.
_ESCAPED = regex(rb'\\(?:[nrt"\\]|u00(?:[01][0-9a-f]|3[ce]|26)|u202[89])')
_texts = msgspec.json.Decoder(list[str]).decode

_AT_ONCE = 64
"""What so many tests print is near at hand while it is looked through more than once."""

Row = tuple[str, ...]
"""The groups of `ALONE` of one test."""


def neighbours(text: str, start: int) -> Iterator[tuple[list[Row], list[int]]]:
    """Tests of one package that ran alone, one after the other, from `start` on; where each begins."""
    found = list(ALONE.finditer(text, start))
    rows = [test.groups() for test in found]
    begins, ends = [test.start() for test in found], [test.end() for test in found]
    packages = [row[2] for row in rows]
    bounds = [*compress(count(1), map(or_, map(ne, begins[1:], ends), map(ne, packages[1:], packages)))]
    for first, last in pairwise([0, *bounds, len(rows)] if rows else ()):
        if begins[first] > start and text[begins[first] - 1] != "\n":  # it is the rest of a line
            first += 1  # noqa: PLW2901
        if first < last:
            yield rows[first:last], [*begins[first:last], ends[last - 1]]


def number_of(rows: Sequence[Row], told: bytes) -> int:
    """How many lines `told` are; 0 unless they can be read in one way only, and just say what was printed."""
    odd = told.translate(None, _TEXT)
    lines = odd.count(b"\n")
    names = "".join([row[3] for row in rows])
    named = rows[0][2] + names
    if not (named.isascii() and named.isprintable()) or "\\" in named or " " in named or "/" in names:
        return 0
    if _MARK in told:
        return 0
    # Each line of output has a backslash at its end: no other has one, where there are as many.
    if len(odd) == 2 * (lines - len(rows)) and odd.count(b"\\") == lines - 2 * len(rows):
        return lines
    is_sure = told.count(_NEXT) == lines - 1 and b"\\" not in _ESCAPED.sub(b"", told)
    return lines if is_sure else 0


def parts(rows: Sequence[Row], ends: Sequence[int], data: bytes) -> Iterator[tuple[int, int, int]]:
    """The neighbours among some tests of which `number_of` says the same: from, to, and how many lines."""
    some = range(0, len(rows), _AT_ONCE)
    sure = [
        number_of(rows[at : at + _AT_ONCE], data[ends[at] : ends[min(at + _AT_ONCE, len(rows))]])
        for at in some
    ]
    if all(sure):
        yield 0, len(rows), sum(sure)
        return
    numbers = [number_of(rows[at : at + 1], data[ends[at] : ends[at + 1]]) for at in range(len(rows))]
    first = 0
    for is_sure, alike in groupby(numbers, bool):
        each = list(alike)
        yield first, first + len(each), sum(each) if is_sure else 0
        first += len(each)


def printed(told: bytes) -> list[str]:
    """What the lines of one test print. Raises ValueError where only a milder parser can tell."""
    found = _OUTPUT.findall(told.decode("latin-1"))
    return _texts(f"[{','.join(found)}]".encode("latin-1"))


def run(rows: Sequence[Row], began: Sequence[float], places: Sequence[int]) -> list[PassedRun]:
    """Those of some tests of one package that passed; where each begins in the file, and the last ends."""
    sizes: Iterator[int] = map(sub, places[1:], map(len("\n").__add__, places))
    if all(is_passed := [row[4] == "pass" for row in rows]):
        starts: Iterable[int] = places[:-1]
    else:
        rows, began = list(compress(rows, is_passed)), list(compress(began, is_passed))
        starts, sizes = compress(places, is_passed), compress(sizes, is_passed)
    if not rows:
        return []
    _, _, (package, *_), names, _, took = zip(*rows, strict=True)
    return [
        PassedRun(
            package,
            f"{package}.",
            None,
            "\n".join(names),
            array("d", map(float, took)).tobytes(),
            array("Q", starts).tobytes(),
            array("I", sizes).tobytes(),
            array("d", began).tobytes(),
        )
    ]
