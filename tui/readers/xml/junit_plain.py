"""Cases in the form that most of a file has: found without a parser.

Of a million cases nearly all have a class, a name and a time, and say no more than that they passed, or one
reason why not, and what was printed; patterns find them at several times the speed of a parser that tells of
each piece. May import `core.identity`, `core.model`, `text` and, of the readers, `junit_body`
and `stated`. Invariant: what is told of a case is, to the last byte of its span, what the parser's way tells
of it; whatever could be read in two ways (in a name a blank, a reference or a backslash; anywhere an unknown
reference, a carriage return, markup, or anything but ASCII) is left to the parser.
"""

import re
from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise, repeat
from operator import add, itemgetter
from typing import NamedTuple

from tui.core import identity
from tui.core.model import Event, Location, Outcome, PassedRun, Span, TestId, TestRecord
from tui.readers.xml.junit_body import Body, body, is_sure
from tui.readers.xml.stated import duration
from tui.text import one_line

_NEXT = r"""[!#-%'-;=?-\[\]-~]++"""
_SOME = f"({_NEXT})"
# What a run of cases goes on with are cases of the same class.
_CLASS_FIRST = re.compile(
    rf'<testcase classname="{_SOME}" name="{_SOME}" time="{_SOME}"'
    rf'(?:( ?/>)(?:[ \t\r\n]*+<testcase classname="\1" name="{_NEXT}" time="{_NEXT}" ?/>)*+|>)'
)
_NAME_FIRST = re.compile(
    rf'<testcase name="{_SOME}" classname="{_SOME}" time="{_SOME}"'
    rf'(?:( ?/>)(?:[ \t\r\n]*+<testcase name="{_NEXT}" classname="\2" time="{_NEXT}" ?/>)*+|>)'
)
_EACH = re.compile(r"<testcase [^>]*+>")
_END_LENGTH = len("</testcase>")

seconds = lru_cache(maxsize=4096)(duration)
"""The seconds that a case states: most take one of a few thousandths."""

Place = tuple[str, str, Location | None]


class Places:
    """Where the cases of a class stand, worked out once a class: suite, beginning of the label, location."""

    def __init__(self, suites: Sequence[str], *, is_pytest: bool) -> None:
        self._suites = suites
        self._is_pytest = is_pytest
        self._known: dict[str, Place] = {}

    def of(self, class_name: str) -> Place:
        """The place of the cases of `class_name`."""
        place = self._known.get(class_name)
        if place is None:
            place = self._known[class_name] = self._found(class_name)
        return place

    def _found(self, class_name: str) -> Place:
        if self._is_pytest:
            label = one_line(identity.node_id(class_name, "x"))
            return class_name, label[:-1], Location(label.partition("::")[0])
        suite = identity.joined(self._suites, class_name)
        return suite, one_line(identity.label(TestId(suite, "x")))[:-1], None


Case = tuple[str, str, int, int]
"""Name, time, where in the file it begins, and how long it is, as its span says."""


Columns = tuple[list[str], list[str], list[int], list[int]]
"""The same of several cases: their names; their times; where they begin; how long they are, as spans say."""


class Stretch(NamedTuple):
    """Neighbours of one class, from `start` to `end`: those that passed, and the others with what they say.

    No name is there twice, so it does not matter which are told first.
    """

    class_name: str
    start: int
    end: int
    passed: Columns
    others: list[tuple[Case, Body]]


def stretches(text: str, offset: int = 0, *, name_first: bool = False) -> Iterator[Stretch]:
    """What reads like cases in the usual form in `text`, which stands at `offset` of the file.

    `name_first`: they state their names before their classes.
    """
    search = (_NAME_FIRST if name_first else _CLASS_FIRST).search
    sure = is_sure(text)
    position = end = 0
    near: _Neighbours | None = None
    while head := search(text, end):
        one, other, time, closed = head.groups()
        class_name, name = (other, one) if name_first else (one, other)
        start, end = head.span()
        said = None
        if not closed:
            said = body(text, end, is_sure_of_all=sure)
            if said is None:
                continue
            end = said[-1]
        is_next = start == position or is_blank(text[position:start])
        if near is None or class_name != near.class_name or not is_next:
            if near is not None:
                yield from near.told(text, position, name_first=name_first)
            near, position = _Neighbours(class_name, start, offset), start
        if said is None:
            near.runs.append((position, end))
        elif said[0]:
            near.others.append(((name, time, offset + start, end - start), said))
        else:
            near.printed.append((name, time, offset + start, end - start))
        position = end
    if near is not None:
        yield from near.told(text, position, name_first=name_first)


class _Neighbours:
    """Cases of one class while they are found: nothing but blanks stands between them.

    `runs`: where those stand that are one tag each, with the blanks before them but those before the first;
    `printed`: the others that passed.
    """

    __slots__ = ("_begin", "_offset", "class_name", "others", "printed", "runs")

    def __init__(self, class_name: str, begin: int, offset: int) -> None:
        self._begin = begin
        self._offset = offset
        self.class_name = class_name
        self.runs: list[tuple[int, int]] = []
        self.printed: list[Case] = []
        self.others: list[tuple[Case, Body]] = []

    def told(self, text: str, end: int, *, name_first: bool) -> Iterator[Stretch]:
        """They, up to `end`; apart where a name comes again, as it nearly never does."""
        columns = (
            _columns(text, self._offset, self.runs, 1 if name_first else 3) if self.runs else ([], [], [], [])
        )
        names, times, starts, sizes = columns
        for name, time, start, size in self.printed:
            names.append(name)
            times.append(time)
            starts.append(start)
            sizes.append(size)
        others = self.others
        if len({*names, *[case[0] for case, _ in others]}) == len(names) + len(others):
            yield Stretch(self.class_name, self._begin, end, columns, others)
        else:
            yield from self._apart(columns, end)

    def _apart(self, columns: Columns, end: int) -> Iterator[Stretch]:
        cases: list[tuple[str, int, Case | None, tuple[Case, Body] | None]] = [
            *((row[0], row[2], row, None) for row in zip(*columns, strict=True)),
            *((other[0][0], other[0][2], None, other) for other in self.others),
        ]
        cases.sort(key=itemgetter(1))
        begin = self._begin
        rows: list[Case] = []
        others: list[tuple[Case, Body]] = []
        known: set[str] = set()
        for name, start, row, other in cases:
            if name in known:
                yield Stretch(self.class_name, begin, start - self._offset, _turned(rows), others)
                begin, rows, others, known = start - self._offset, [], [], set()
            known.add(name)
            if row is not None:
                rows.append(row)
            if other is not None:
                others.append(other)
        yield Stretch(self.class_name, begin, end, _turned(rows), others)


def _turned(rows: list[Case]) -> Columns:
    return (
        [name for name, _, _, _ in rows],
        [time for _, time, _, _ in rows],
        [start for _, _, start, _ in rows],
        [size for _, _, _, size in rows],
    )


def is_blank(text: str) -> bool:
    """Whether `text` is nothing but what XML takes for blanks."""
    return not text.strip(" \t\r\n")


def _columns(text: str, offset: int, runs: Sequence[tuple[int, int]], name: int) -> Columns:
    """The cases of one class that stand at `runs` of `text`, which stands at `offset` of the file.

    `name`: which part of a case is its name.
    """
    names: list[str] = []
    times: list[str] = []
    between: list[str] = []
    ends: list[int] = []
    opening = closing = ""
    for first, end in runs:
        parts = text[first:end].split('"')
        if ends:
            between.append(closing + parts[0])
        else:
            opening = parts[0]
        names += parts[name::6]
        times += parts[5::6]
        between += parts[6:-1:6]
        closing = parts[-1]
        ends.append(len(names))
    number = len(names)
    # The parser's way puts the end of a case a closing tag behind the last of its tags.
    if number == 1:
        first, end = runs[0]
        return names, times, [offset + first], [end - first + _END_LENGTH]
    gap = len(between[0]) - len(closing) - len(opening)
    if not between[0].startswith(closing) or between.count(between[0]) < number - 1:
        spans = [found.span() for first, end in runs for found in _EACH.finditer(text, first, end)]
        return (
            names,
            times,
            [offset + start for start, _ in spans],
            [end - start + _END_LENGTH for start, end in spans],
        )
    # What stands between two names or times has the same length everywhere.
    said = list(map(add, map(len, names), map(len, times)))
    last = runs[-1][1]
    skipped = [after - end for (_, end), (after, _) in pairwise(runs)]
    step = (last - runs[0][0] - sum(skipped) + gap - sum(said)) // number
    steps = list(map(add, said, repeat(step)))
    for end, jump in zip(ends, skipped, strict=False):
        steps[end - 1] += jump
    steps.pop()
    starts = list(accumulate(steps, initial=offset + runs[0][0]))
    return names, times, starts, list(map(add, said, repeat(step - gap + _END_LENGTH)))


def passed(place: Place, cases: Columns) -> list[Event]:
    """Neighbours of one place that passed."""
    suite, before, location = place
    names, times, starts, sizes = cases
    if not names:
        return []
    try:
        took = array("d", map(seconds, times)).tobytes()  # type: ignore[type-var]  # it refuses None
    except TypeError:
        return [
            TestRecord(
                TestId(suite, name),
                before + name,
                Outcome.PASSED,
                duration=seconds(time),
                location=location,
                span=Span(start, size),
            )
            for name, time, start, size in zip(names, times, starts, sizes, strict=True)
        ]
    offsets = array("Q", starts).tobytes()
    lengths = array("I", sizes).tobytes()
    return [PassedRun(suite, before, location, "\n".join(names), took, offsets, lengths)]
