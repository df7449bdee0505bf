"""Cases that passed and say no more than their name, class and time: found without a parser.

Of a million cases most are such, written by a runner in one form; one pattern finds them at several times
the speed of a parser that tells of each. May import `core.identity`, `core.model`, `text` and, of the
readers, `stated`. Invariant: what is told of a case is, to the last byte of its span, what the parser's
way tells of it; whatever could be read in two ways (a blank, a reference, a backslash, anything but
printable ASCII) is left to the parser.
"""

import re
from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache

from tui.core import identity
from tui.core.model import Event, Location, Outcome, PassedRun, Span, TestId, TestRecord
from tui.readers.xml.stated import duration
from tui.text import one_line

_SOME = r"""([!#-%'-;=?-\[\]-~]++)"""
_CLASS_FIRST = re.compile(rf'<testcase classname="{_SOME}" name="{_SOME}" time="{_SOME}" ?/>')
_NAME_FIRST = re.compile(rf'<testcase name="{_SOME}" classname="{_SOME}" time="{_SOME}" ?/>')
# The parser's way puts the end of a case as far behind the last of its tags as a closing tag is long.
_BEHIND = len("</testcase>")

_seconds = lru_cache(maxsize=4096)(duration)

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


def plain_cases(text: str, *, name_first: bool) -> Iterator[re.Match[str]]:
    """What reads like plain cases in `text`: class, name (in that order, or the other) and time."""
    return (_NAME_FIRST if name_first else _CLASS_FIRST).finditer(text)


class Runs:
    """Gathers plain cases into runs of one place."""

    def __init__(self) -> None:
        self._place: Place | None = None
        self._names: list[str] = []
        self._durations: list[float] = []
        self._offsets: list[int] = []
        self._lengths: list[int] = []

    def add(self, place: Place, name: str, time: str, offset: int, size: int) -> list[Event]:
        """A case that takes `size` bytes from `offset` on; what is complete by it is given back."""
        told: list[Event] = []
        duration = _seconds(time)
        if place is not self._place or duration is None:
            told += self.end()
            self._place = place
        if duration is None:
            suite, before, location = place
            span = Span(offset, size + _BEHIND)
            test = TestId(suite, name)
            told.append(TestRecord(test, before + name, Outcome.PASSED, location=location, span=span))
            return told
        self._names.append(name)
        self._durations.append(duration)
        self._offsets.append(offset)
        self._lengths.append(size + _BEHIND)
        return told

    def end(self) -> list[Event]:
        """The run that is open, which ends here."""
        if not self._names or self._place is None:
            return []
        suite, before, location = self._place
        run = PassedRun(
            suite,
            before,
            location,
            "\n".join(self._names),
            array("d", self._durations).tobytes(),
            array("Q", self._offsets).tobytes(),
            array("I", self._lengths).tobytes(),
        )
        self._names, self._durations, self._offsets, self._lengths = [], [], [], []
        return [run]
