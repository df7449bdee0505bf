"""Cases in the form that most of a file has: found without a parser.

Of a million cases nearly all have a class, a name and a time, and say no more than that they passed, or one
reason why not, and what was printed; patterns find them at several times the speed of a parser that tells of
each piece. May import `core.identity`, `core.model`, `text` and, of the readers, `charset`, `golden`
and `stated`. Invariant: what is told of a case is, to the last byte of its span, what the parser's way tells
of it; whatever could be read in two ways (in a name a blank, a reference or a backslash; anywhere an unknown
reference, a carriage return, markup, or anything but ASCII) is left to the parser.
"""

import re
from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise, repeat
from operator import add
from typing import NamedTuple

from tui.core import identity
from tui.core.model import Event, Location, Outcome, PassedRun, Span, TestId, TestRecord
from tui.readers.golden import MARK
from tui.readers.xml.charset import ESCAPE
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
_VALUE = r'"([^"<\n\t\r]*+)"'
_RESULT = re.compile(
    rf"<(failure|error|skipped)(?: type={_VALUE})?+(?: message={_VALUE})?+(?: type={_VALUE})?+(?:( ?/)>|>)"
)
_CLOSING = {tag: f"</{tag}>" for tag in ("failure", "error", "skipped")}
_OUTPUTS = (("<system-out>", "</system-out>"), ("<system-err>", "</system-err>"))
_END = "</testcase>"
_END_LENGTH = len(_END)
_REFERENCES = {
    "lt": "<",
    "gt": ">",
    "amp": "&",
    "quot": '"',
    "apos": "'",
    "#10": "\n",
    "#09": "\t",
    "#9": "\t",
}

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


Body = tuple[str, str, str, str, int]
"""Of the element that says why a case did not pass its tag, type, message and text; where the case ends."""

Case = tuple[str, str, int, int]
"""Name, time, and where in the part that is read it begins and ends, as its span says."""


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


def stretches(text: str, *, name_first: bool) -> Iterator[Stretch]:
    """What reads like cases in the usual form; `name_first`: they state their names before their classes."""
    search = (_NAME_FIRST if name_first else _CLASS_FIRST).search
    of, begin, position, end = "", 0, 0, 0
    names: list[str] = []
    times: list[str] = []
    starts: list[int] = []
    sizes: list[int] = []
    others: list[tuple[Case, Body]] = []
    known: set[str] = set()
    while head := search(text, end):
        one, other, time, closed = head.groups()
        class_name, name = (other, one) if name_first else (one, other)
        start, end = head.span()
        said = None
        if closed:
            runs = _apart(_run(text[start:end], start, 1 if name_first else 3))
        else:
            said = body(text, end)
            if said is None:
                continue
            end = said[-1]
            runs = [([name], [time], [start], [end - start])]
        for new, took, places, lengths in runs:
            start = places[0]
            number = len(known)
            known.update(new)
            if (
                class_name != of
                or len(known) < number + len(new)
                or not (start == position or is_blank(text[position:start]))
            ):
                if of:
                    yield Stretch(of, begin, position, (names, times, starts, sizes), others)
                known = {*new}
                of, begin, names, times, starts, sizes, others = class_name, start, [], [], [], [], []
            position = places[-1] + lengths[-1] - _END_LENGTH if closed else end
            if said and said[0]:
                others.append(((name, time, start, end), said))
            else:
                names += new
                times += took
                starts += places
                sizes += lengths
    if of:
        yield Stretch(of, begin, position, (names, times, starts, sizes), others)


def is_blank(text: str) -> bool:
    """Whether `text` is nothing but what XML takes for blanks."""
    return not text.strip(" \t\r\n")


def _run(text: str, start: int, name: int) -> Columns:
    """The cases of one class in `text`, which stands at `start`; `name`: which of its parts is one."""
    parts = text.split('"')
    names, times, last = parts[name::6], parts[5::6], parts[-1]
    # The parser's way puts the end of a case a closing tag behind the last of its tags.
    if len(names) == 1:
        return names, times, [start], [len(text) + _END_LENGTH]
    between = parts[6:-1:6]
    gap = len(between[0]) - len(last) - len(parts[0])
    if between[0].startswith(last) and between.count(between[0]) == len(between):
        # What stands between two names or times has the same length everywhere.
        said = list(map(add, map(len, names), map(len, times)))
        step = (len(text) + gap - sum(said)) // len(said)
        starts = list(accumulate(map(add, said, repeat(step)), initial=start))
        starts.pop()
        return names, times, starts, list(map(add, said, repeat(step - gap + _END_LENGTH)))
    spans = [found.span() for found in _EACH.finditer(text)]
    return names, times, [start + one for one, _ in spans], [end - one + _END_LENGTH for one, end in spans]


def _apart(run: Columns) -> list[Columns]:
    """A run of cases, cut wherever a name comes again: as it nearly never does."""
    names = run[0]
    if len({*names}) == len(names):
        return [run]
    cuts: list[int] = [0]
    known: set[str] = set()
    for number, name in enumerate(names):
        if name in known:
            cuts.append(number)
            known.clear()
        known.add(name)
    names, times, starts, sizes = run
    return [
        (names[first:end], times[first:end], starts[first:end], sizes[first:end])
        for first, end in pairwise([*cuts, len(names)])
    ]


def body(text: str, start: int) -> Body | None:
    """What stands in a case whose first tag ends at `start`; None where only a parser can tell."""
    tag = kind = message = said = ""
    end = start
    result = _RESULT.match(text, start)
    if result is not None:
        tag, kind, message, other_kind, closed = result.groups("")
        end = result.end()
        if not closed:
            end = text.find("<", end)
            said = text[result.end() : end]
            if not text.startswith(_CLOSING[tag], end):
                return None
            end += len(_CLOSING[tag])
        if other_kind:
            if kind:
                return None
            kind = other_kind
    printed = end
    for opening, closing in _OUTPUTS:
        if text.startswith(opening, end):
            end = text.find("<", end + 1)
            if not text.startswith(closing, end):
                return None
            end += len(closing)
    if not text.startswith(_END, end) or not _is_sure(text[start:end]):
        return None
    try:
        if end > printed and MARK in _unescaped(text[printed:end]):
            return None
        return tag, _unescaped(kind), _unescaped(message), _unescaped(said), end + len(_END)
    except LookupError:  # a reference that is not among the usual ones
        return None


def _is_sure(text: str) -> bool:
    """Whether nothing but the references in `text` stands for something else."""
    is_plain = text.isascii() and "\r" not in text and ESCAPE not in text
    return is_plain and not ("]" in text and "]]>" in text)


def _unescaped(text: str) -> str:
    if "&" not in text:
        return text
    first, *others = text.split("&")
    parts = [first]
    for other in others:
        name, _, rest = other.partition(";")
        parts += (_REFERENCES[name], rest)
    return "".join(parts)


def passed(place: Place, offset: int, cases: Columns) -> list[Event]:
    """Neighbours of one place that passed; their places in the file count from `offset`."""
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
                span=Span(offset + start, size),
            )
            for name, time, start, size in zip(names, times, starts, sizes, strict=True)
        ]
    offsets = array("Q", map(offset.__add__, starts)).tobytes()
    lengths = array("I", sizes).tobytes()
    return [PassedRun(suite, before, location, "\n".join(names), took, offsets, lengths)]
