"""Tests of a report log that passed, three lines each: found without decoding JSON.

Nearly all of a log is such: setup, call and teardown in lines that follow one another and differ in their
times alone. One pattern finds all three at a third of the time that decoding them takes. May import
`core.identity`, `core.model`. Invariant: what is told of them folds into what the lines tell one by one;
whatever could be read in two ways (a backslash, anything but printable ASCII, blanks that a label folds,
other keys or another order of them) is left to whoever decodes each line.
"""

from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from operator import add, sub
from typing import NamedTuple

from tui.core.identity import from_node_id, parted
from tui.core.model import Location, PassedRun
from tui.regex import regex

_SOME, _ANY = r'"([^"]++)"', r'"[^"]*+"'
_FRACTION = r"\.\d++(?:e-\d\d)?+"
_SECONDS = r"(?:0|[1-9]\d{0,9}+)" + _FRACTION
_START = rf"[1-9]\d{{0,10}}+{_FRACTION}"
_TOOK = rf'", "user_properties": \[\], "sections": \[\], "duration": ({_SECONDS}), "start": '
_REST = rf', "stop": {_SECONDS}, "\$report_type": "TestReport"\}}\n'
_THREE = regex(
    rf'(\{{"nodeid": {_SOME}, "location": \[{_SOME}, (0|[1-9]\d{{0,8}}+), {_ANY}\], '
    rf'"keywords": \{{(?:{_ANY}: 1(?:, |(?=\}})))*+\}}, "outcome": "passed", "longrepr": null, "when": ")'
    rf"setup{_TOOK}({_START}){_REST}\1call{_TOOK}{_START}{_REST}\1teardown{_TOOK}{_START}{_REST}"
)

_Three = tuple[str, ...]
"""Name and line; when the setup began, and how long each phase took."""


class Found(NamedTuple):
    """Lines of tests of one place that follow one another: from `start` to `end`, `number` of them."""

    start: int
    end: int
    number: int
    run: PassedRun


def found(text: str, start: int, offset: int) -> Iterator[Found]:
    """The runs in `text` from `start` on, where a line begins; `text` begins at `offset` of the file."""
    before = file = ""
    rows: list[_Three] = []
    ends: list[int] = [-1]
    for three in _THREE.finditer(text, start):
        same, node_id, path, line, setup, began, call, teardown = three.groups()
        begin, end = three.span()
        if "\\" in same or not same.isascii() or not same.isprintable() or "  " in node_id:
            continue
        if begin != ends[-1] and text[begin - 1 : begin] not in ("\n", ""):
            continue  # it is the rest of a line
        place, separator, name = node_id.rpartition("::") if "[" not in node_id else _parted(node_id)
        if not separator or place[:1] == " " or node_id[-1] == " ":
            continue
        if begin != ends[-1] or place != before or path != file:
            if rows:
                yield _found(before, file, rows, ends, offset)
            before, file, rows, ends = place, path, [], [begin]
        rows.append((name, line, began, setup, call, teardown))
        ends.append(end)
    if rows:
        yield _found(before, file, rows, ends, offset)


def _parted(node_id: str) -> tuple[str, str, str]:
    place, name = parted(node_id)
    return place, "::" if place else "", name


def _found(before: str, file: str, rows: Sequence[_Three], ends: Sequence[int], offset: int) -> Found:
    """`ends`: where the first begins, and where each ends."""
    names, lines, began, setups, calls, teardowns = zip(*rows, strict=True)
    suite, place, location = _place(before, file)
    took = map(add, map(add, map(float, setups), map(float, calls)), map(float, teardowns))
    run = PassedRun(
        suite,
        place,
        location,
        "\n".join(names),
        array("d", took).tobytes(),
        array("Q", map(offset.__add__, ends[:-1])).tobytes(),
        array("I", map(sub, ends[1:], ends[:-1])).tobytes(),
        array("d", map(float, began)).tobytes(),
        array("I", map((1).__add__, map(int, lines))).tobytes(),
    )
    return Found(ends[0], ends[-1], 3 * len(rows), run)


@lru_cache(maxsize=1024)
def _place(before: str, path: str) -> tuple[str, str, Location]:
    """Suite, beginning of the label, and file of the tests in `before`."""
    return from_node_id(f"{before}::x").suite, f"{before}::", Location(" ".join(path.split()))
