"""Many lines of a report log at once: the tests that they tell of, those that passed in columns.

Nearly all of a log are tests of two or three lines that follow one another, of which at most one says more
than that its phase passed. All lines of a piece of the log are decoded in one call, and what the passed tests
say is gathered in columns: that takes a third of the time of three records a test. May import
`core.identity`, `core.model`, `text` and, of the readers, `golden`. Invariant: what is told of the tests
folds into what their lines tell one by one; whatever could be read in two ways (other parts than pytest
writes, a worker, whose lines stand between those of others, golden-path events, blanks that a
label folds) is left to whoever decodes each line.
"""

import re
from array import array
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, compress, count, pairwise, repeat
from operator import add, itemgetter, methodcaller, ne, sub
from typing import Annotated, Any, Literal

import msgspec

from tui.core.identity import from_node_id, parted
from tui.core.model import Location, PassedRun
from tui.readers.golden import MARK
from tui.regex import regex
from tui.text import one_line

_split = methodcaller("rpartition", "::")

PHASES = 3
"""How many lines a test has that passed."""

_AT_ONCE = 50
_THREES = ["setup", "call", "teardown"] * _AT_ONCE
_TEXT = bytes(range(32, 127))
_BLANKS = regex(r"  |^ | $", re.MULTILINE)
_MEANT = ("golden", "failure.")
"""How properties begin that say more than what the detail shows."""

_OPEN, _CLOSED = {ord("{")}, {ord("}")}

_Seconds = Annotated[float, msgspec.Meta(ge=0, lt=1e15)]
_Moment = Annotated[float, msgspec.Meta(gt=0, lt=1e15)]
_Path = Annotated[str, msgspec.Meta(min_length=1)]
_Number = Annotated[int, msgspec.Meta(ge=0, lt=2**31)]


class Row(msgspec.Struct, frozen=True, gc=False):
    """A line that tells of a phase, in the order of pytest's own fields: so it is decoded fastest."""

    nodeid: str
    location: tuple[_Path, _Number, str]
    outcome: Literal["passed", "failed", "skipped"]
    longrepr: Any
    when: Literal["setup", "call", "teardown"]
    user_properties: list[tuple[str, Any]]
    sections: list[tuple[str, str]]
    duration: _Seconds
    start: _Moment
    kind: Literal["TestReport"] = msgspec.field(name="$report_type")
    worker_id: Literal[""] = ""
    wasxfail: Annotated[str, msgspec.Meta(min_length=1)] | msgspec.UnsetType = msgspec.UNSET

    @property
    def is_telling(self) -> bool:
        """Whether it says more than that a phase passed and printed something."""
        return self.longrepr is not None or self.outcome != "passed" or bool(self.wasxfail)


_decoded = msgspec.json.Decoder(Row).decode_lines


class Rows:
    """The lines of a piece of a log: what each says, and where it begins; last in `starts`, where all end."""

    def __init__(self, rows: list[Row], starts: list[int]) -> None:
        self.rows = rows
        self.starts = starts
        self.ids = [row.nodeid for row in rows]
        self.durations = [row.duration for row in rows]
        self._whens = [row.when for row in rows]

    def odd(self) -> list[int]:
        """Which say more than that a phase passed."""
        return [
            number
            for number, row in enumerate(self.rows)
            if row.longrepr is not None
            or row.sections
            or row.user_properties
            or row.outcome != "passed"
            or row.wasxfail
        ]

    def passed(self, first: int, end: int) -> int:
        """Where the tests end of three lines each that follow one another from `first` on, before `end`."""
        tests = min((end - first) // PHASES, _AT_ONCE)
        end = first + PHASES * tests
        if not tests or self._whens[first:end] != _THREES[: PHASES * tests]:
            return first
        ids = self.ids[first:end]
        return end if ids[::3] == ids[1::3] == ids[2::3] else first

    def whole(self, first: int) -> list[Row]:
        """The lines of the one test that begins at `first`; none where they are not all there."""
        whens = self._whens[first : first + PHASES]
        some = self.rows[first : first + PHASES]
        if whens[:2] == ["setup", "teardown"]:
            del some[2:]
        elif whens != _THREES[:PHASES]:
            return []
        name = some[0].nodeid
        for row in some:
            if row.nodeid != name or (row.sections and any(MARK in text for _, text in row.sections)):
                return []
            if row.user_properties and any(said.startswith(_MEANT) for said, _ in row.user_properties):
                return []
        return some


def rows(data: bytes, first: int = 0) -> Rows | None:
    """What the whole lines in `data` say, which begin at `first`: that is in its first line, or its second.

    None where not each of them is of a phase, as pytest writes it.
    """
    # The lines are not cut out of `data` first: to copy so many bytes takes as long as to split them.
    lines = data.split(b"\n")
    rest = lines.pop()
    if first:
        del lines[0]
    # No value of JSON goes on where a line ends in one bracket and the next begins with the other: so each
    # of them is one object, where there are as many.
    if not all(lines) or {*map(itemgetter(0), lines)} != _OPEN or {*map(itemgetter(-1), lines)} != _CLOSED:
        return None
    try:
        found = _decoded(memoryview(data)[first : len(data) - len(rest)])
    except (ValueError, RecursionError):
        return None
    if len(found) != len(lines):
        return None
    return Rows(found, list(map(add, accumulate(map(len, lines), initial=first), count())))


class Passed:
    """Tests of one piece of a log that passed, gathered until they are told; `offset` is where it begins."""

    def __init__(self, offset: int) -> None:
        self._offset = offset
        self._begin()

    def _begin(self) -> None:
        self._setups: list[Row] = []
        self._took: list[float] = []
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._ids: set[str] = set()

    def __contains__(self, node_id: str) -> bool:
        return node_id in self._ids

    def take(self, found: Rows, first: int, end: int) -> bool:
        """Take in tests of three lines each, if each has a place, and a label that shows its id as it is."""
        ids = found.ids[first:end:PHASES]
        if not _are_plain(ids):
            return False
        durations = found.durations[first:end]
        self._ids.update(ids)
        self._setups += found.rows[first:end:PHASES]
        self._took += map(add, map(add, durations[::3], durations[1::3]), durations[2::3])
        self._starts += found.starts[first:end:PHASES]
        self._ends += found.starts[first + PHASES : end + 1 : PHASES]
        return True

    def told(self) -> list[PassedRun]:
        """Those that were taken in, and are told herewith."""
        if not self._setups:
            return []
        ids = [row.nodeid for row in self._setups]
        places, _, names = zip(*map(_parted if "[" in "".join(ids) else _split, ids), strict=True)
        paths, lines, _ = zip(*[row.location for row in self._setups], strict=True)
        columns = (
            array("d", self._took),
            array("Q", map(add, self._starts, repeat(self._offset))),
            array("I", map(sub, self._ends, self._starts)),
            array("d", [row.start for row in self._setups]),
            array("I", map(add, lines, repeat(1))),
        )
        keys = list(zip(places, paths, strict=True))
        bounds = [0, *compress(count(1), map(ne, keys, keys[1:])), len(keys)]
        found = []
        for first, end in pairwise(bounds):
            cut = [column[first:end].tobytes() for column in columns]
            found.append(PassedRun(*_place(*keys[first]), "\n".join(names[first:end]), *cut))
        self._begin()
        return found


def _are_plain(ids: Sequence[str]) -> bool:
    """Whether each id has a place, and a label shows it as it is."""
    joined = "\n".join(ids)
    if joined.isascii():
        if len(joined.encode().translate(None, _TEXT)) != len(ids) - 1:
            return False
    elif not all(map(str.isprintable, ids)):
        return False
    if " " in joined and _BLANKS.search(joined):
        return False
    return all(["::" in one for one in ids] if "[" not in joined else map(_has_place, ids))


def _has_place(node_id: str) -> bool:
    return "::" in node_id.partition("[")[0]


def _parted(node_id: str) -> tuple[str, str, str]:
    place, name = parted(node_id)
    return place, "::", name


@lru_cache(maxsize=1024)
def _place(before: str, path: str) -> tuple[str, str, Location]:
    """Suite, beginning of the label, and file of the tests in `before`."""
    return from_node_id(f"{before}::x").suite, f"{before}::", Location(one_line(path))
