"""Cases in the form that most of a file has: found without a parser.

Of a million cases nearly all have a class, a name and a time, and say no more than that they passed, or one
reason why not, and what was printed; patterns find them at several times the speed of a parser that tells of
each piece. May import `core.identity`, `core.model`, `text` and, of the readers, `golden` and `stated`.
Invariant: what is told of a case is, to the last byte of its span, what the parser's way tells of it;
whatever could be read in two ways (in a name a blank, a reference or a backslash; anywhere an unknown
reference, a carriage return, markup, or anything but ASCII) is left to the parser.
"""

import re
from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from operator import sub
from typing import NamedTuple

from tui.core import identity
from tui.core.model import Event, Location, Outcome, PassedRun, Span, TestId, TestRecord
from tui.readers.golden import MARK
from tui.readers.xml.charset import ESCAPE
from tui.readers.xml.stated import duration
from tui.text import one_line

_SOME = r"""([!#-%'-;=?-\[\]-~]++)"""
_CLASS_FIRST = re.compile(rf'<testcase classname="{_SOME}" name="{_SOME}" time="{_SOME}"(?:( ?/)>|>)')
_NAME_FIRST = re.compile(rf'<testcase name="{_SOME}" classname="{_SOME}" time="{_SOME}"(?:( ?/)>|>)')
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


Columns = tuple[dict[str, str], list[int], list[int]]
"""The same of several cases: the time by the name; where they begin; where they end."""


class Stretch(NamedTuple):
    """Neighbours of one class, from `start` to `end`: those that passed, and the others with what they say.

    No name is among both, so it does not matter which are told first.
    """

    class_name: str
    start: int
    end: int
    passed: Columns
    others: list[tuple[Case, Body]]


def stretches(text: str, *, name_first: bool) -> Iterator[Stretch]:
    """What reads like cases in the usual form; `name_first`: they state their names before their classes."""
    find = (_NAME_FIRST if name_first else _CLASS_FIRST).finditer
    of, begin, position = "", 0, 0
    times: dict[str, str] = {}
    starts: list[int] = []
    ends: list[int] = []
    others: dict[str, tuple[Case, Body]] = {}
    heads: Iterator[re.Match[str]] | None = find(text)
    while heads is not None:
        rest, heads = heads, None
        for head in rest:
            one, other, time, closed = head.groups()
            class_name, name = (other, one) if name_first else (one, other)
            start, end = head.span()
            said = None
            if closed is None:
                said = body(text, end)
                if said is None:
                    continue
                end = said[-1]
            if (
                class_name != of
                or (start != position and not text[position:start].isspace())
                or name in times
                or name in others
            ):
                if of:
                    yield Stretch(of, begin, position, (times, starts, ends), list(others.values()))
                of, begin, times, starts, ends, others = class_name, start, {}, [], [], {}
            position = end
            if said is None or not said[0]:
                times[name] = time
                starts.append(start)
                # The parser's way puts the end of a case a closing tag behind the last of its tags.
                ends.append(end + _END_LENGTH if closed else end)
            else:
                others[name] = (name, time, start, end), said
            if closed is None:  # no case begins within it: to look there would take most of the time
                heads = find(text, end)
                break
    if of:
        yield Stretch(of, begin, position, (times, starts, ends), list(others.values()))


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
    times, starts, ends = cases
    try:
        took = array("d", map(seconds, times.values())).tobytes()  # type: ignore[type-var]  # it refuses None
    except TypeError:
        return [
            TestRecord(
                TestId(suite, name),
                before + name,
                Outcome.PASSED,
                duration=seconds(time),
                location=location,
                span=Span(offset + start, end - start),
            )
            for (name, time), start, end in zip(times.items(), starts, ends, strict=True)
        ]
    offsets = array("Q", map(offset.__add__, starts)).tobytes()
    lengths = array("I", map(sub, ends, starts)).tobytes()
    return [PassedRun(suite, before, location, "\n".join(times), took, offsets, lengths)]
