"""Tests of a report log that passed, three lines each: found without decoding JSON.

Nearly all of a log is such: setup, call and teardown in lines that follow one another and differ in their
times alone. One pattern finds all three at a third of the time that decoding them takes. May import
`core.identity`, `core.model`. Invariant: what is told of them folds into what the lines tell one by one;
whatever could be read in two ways (a backslash, anything but printable ASCII, blanks that a label folds,
other keys or another order of them) is left to whoever decodes each line.
"""

import re
from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from operator import add
from typing import NamedTuple

from tui.core.identity import from_node_id, parted
from tui.core.model import Location, PassedRun
from tui.regex import regex

_SOME, _ANY = r'"([^"]++)"', r'"[^"]*+"'
_FRACTION = r"\.\d++(?:e-\d\d)?+"
_SECONDS = r"(?:0|[1-9]\d{0,9}+)" + _FRACTION
_TIMES = (
    rf'", "user_properties": \[\], "sections": \[\], "duration": ({_SECONDS}), '
    rf'"start": ([1-9]\d{{0,10}}+{_FRACTION}), "stop": {_SECONDS}, "\$report_type": "TestReport"\}}\n'
)
_THREE = regex(
    rf'(\{{"nodeid": {_SOME}, "location": \[{_SOME}, (0|[1-9]\d{{0,8}}+), {_ANY}\], '
    rf'"keywords": \{{(?:{_ANY}: 1(?:, |(?=\}})))*+\}}, "outcome": "passed", "longrepr": null, "when": ")'
    rf"setup{_TIMES}\1call{_TIMES}\1teardown{_TIMES}"
)

_Three = tuple[str, ...]
"""Name, line, duration and start of each phase; then the offset and the length of the lines."""


class Found(NamedTuple):
    """Lines of tests of one place that follow one another: from `start` to `end`, `number` of them."""

    start: int
    end: int
    number: int
    run: PassedRun


def found(text: str, start: int, offset: int) -> Iterator[Found]:
    """The runs in `text` from `start` on, where a line begins; `offset` is where `text` begins in the file."""
    place: tuple[str, str] | None = None
    rows: list[tuple[str, ...]] = []
    ends: list[int] = []
    for three in _THREE.finditer(text, start):
        begin, end = three.span()
        same, node_id, path, *told = three.groups()
        if "\\" in same or not (same.isascii() and same.isprintable()):
            continue
        if "  " in node_id or " " in (node_id[0], node_id[-1]) or text[begin - 1 : begin] not in ("\n", ""):
            continue
        before, name = parted(node_id)
        if not before:
            continue
        if not rows or (before, path) != place or begin != ends[-1]:
            if rows and place is not None:
                yield _found(place, rows, ends, offset)
            place, rows, ends = (before, path), [], [begin]
        rows.append((name, *told))
        ends.append(end)
    if rows and place is not None:
        yield _found(place, rows, ends, offset)


def _found(place: tuple[str, str], rows: Sequence[_Three], ends: Sequence[int], offset: int) -> Found:
    """`ends`: where the first begins, and where each ends."""
    names, lines, one, began, two, _, three, _ = zip(*rows, strict=True)
    suite, before, location = _place(*place)
    took = map(add, map(add, map(float, one), map(float, two)), map(float, three))
    run = PassedRun(
        suite,
        before,
        location,
        "\n".join(names),
        array("d", took).tobytes(),
        array("Q", map(offset.__add__, ends[:-1])).tobytes(),
        array("I", map(int.__sub__, ends[1:], ends[:-1])).tobytes(),
        array("d", map(float, began)).tobytes(),
        array("I", map((1).__add__, map(int, lines))).tobytes(),
    )
    return Found(ends[0], ends[-1], 3 * len(rows), run)


@lru_cache(maxsize=1024)
def _place(before: str, path: str) -> tuple[str, str, Location]:
    """Suite, beginning of the label, and file of the tests in `before`."""
    return from_node_id(f"{before}::x").suite, f"{before}::", Location(" ".join(path.split()))
