"""Tests of a `go test -json` stream that ran alone, their lines one after the other: found without a decoder.

Most tests run so, and of what they print most is framing. One pattern finds all lines of such a test in a
fifth of the time that decoding each takes. May import `core.model` and, of the readers, `golden`. Invariant:
what is told of them folds into what the lines tell one by one; whatever could be read in two ways (any escape
but the line feed at the end of what was printed, other keys or another order of them) is left to whoever
decodes each line.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress, groupby
from operator import sub

from tui.core.model import PassedRun
from tui.readers.golden import MARK
from tui.regex import regex

ALONE = regex(
    r'\{"Time":"([^"]++)","Action":"run"(,"Package":"([^"]++)","Test":"([^"]++)")\}\n'
    r'((?:\{"Time":"[^"]*+","Action":"output"\2,"Output":"[^"]*+(?<=\\n)"\}\n)*+)'
    r'\{"Time":"[^"]*+","Action":"(pass|fail|skip)"\2,"Elapsed":((?:0|[1-9]\d{0,8}+)(?:\.\d++)?+)\}\n'
)
"""Groups: when it began, the keys that name it, package, name, output, how it ended, how long it took."""

_OUTPUT = regex(r'"Output":"([^"\\]*+)\\n"\}\n')
_TEXT = bytes(code for code in range(32, 127) if code != ord("\\"))
_MARK = MARK.encode()

Row = tuple[str, ...]
"""The groups of `ALONE` of one test."""


def following(text: str, start: int) -> tuple[list[Row], list[int]]:
    """The tests of one package that ran alone one after the other, from `start` on; where each begins."""
    rows: list[Row] = []
    ends = [start]
    match, at = ALONE.match, start
    while test := match(text, at):
        row = test.groups()
        if rows and row[2] != rows[0][2]:
            break
        at = test.end()
        ends.append(at)
        rows.append(row)
    return rows, ends


def next_of(text: str, start: int) -> int:
    """Where the next such test begins behind `start`, or the text ends."""
    for test in ALONE.finditer(text, start):
        if text[test.start() - 1] == "\n":  # else it is the rest of a line
            return test.start()
    return len(text)


def number_of(rows: Sequence[Row], told: bytes) -> int:
    """How many lines `told` are; 0 unless they can be read in one way only, and just say what was printed."""
    odd = told.translate(None, _TEXT)
    lines = odd.count(b"\n")
    # Each line of output has a backslash at its end: no other has one, where there are as many.
    if len(odd) != 2 * (lines - len(rows)) or odd.count(b"\\") != lines - 2 * len(rows) or _MARK in told:
        return 0
    names = "\n".join([row[3] for row in rows])
    return 0 if "/" in names or " " in names or " " in rows[0][2] else lines


def parts(rows: Sequence[Row], ends: Sequence[int], data: bytes) -> Iterator[tuple[int, int, int]]:
    """The neighbours among some tests of which `number_of` says the same: from, to, and how many lines."""
    lines = number_of(rows, data[ends[0] : ends[-1]])
    if lines:
        yield 0, len(rows), lines
        return
    numbers = [number_of(rows[at : at + 1], data[ends[at] : ends[at + 1]]) for at in range(len(rows))]
    first = 0
    for is_sure, some in groupby(numbers, bool):
        each = list(some)
        yield first, first + len(each), sum(each) if is_sure else 0
        first += len(each)


def outputs(printed: str) -> list[str]:
    """What the lines of `printed` print."""
    return [text + "\n" for text in _OUTPUT.findall(printed)]


def run(rows: Sequence[Row], began: Sequence[float], places: Sequence[int]) -> list[PassedRun]:
    """Those of some tests of one package that passed; where each begins in the file, and the last ends."""
    sizes: Iterator[int] = map(sub, places[1:], map(len("\n").__add__, places))
    if all(is_passed := [row[5] == "pass" for row in rows]):
        starts: Iterable[int] = places[:-1]
    else:
        rows, began = list(compress(rows, is_passed)), list(compress(began, is_passed))
        starts, sizes = compress(places, is_passed), compress(sizes, is_passed)
    if not rows:
        return []
    _, _, (package, *_), names, _, _, took = zip(*rows, strict=True)
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
