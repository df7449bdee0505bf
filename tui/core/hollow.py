"""Marks of a hollow proof: a required test or component that proves less than its name says (TRUTH 6).

May import `core.model` and `core.baseline`. Pure. A mark is never a verdict by itself: it says what to look
at, and a criterion can demand that there is none.
"""

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping

from msgspec import Struct

from tui.core.baseline import KnownTest
from tui.core.model import Outcome, TestKey
from tui.text import counted

_STANDS_IN = re.compile(
    r"(?i:placeholder)|(?<![A-Za-z])(?i:stub|todo)(?:s|bed)?(?![a-z])|(?<=[a-z])(?:Stub|Todo|TODO)(?![a-z])"
)
_FEWEST_THEN = 2


class Mark(Struct, frozen=True):
    """Why a proof may be hollow: `subject` is a component, a file or a test id."""

    component: str
    subject: str
    reason: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.reason}"


class Now(Struct, frozen=True):
    """A current test: `was` is what the baseline has of it, `proved` the events that it proves."""

    key: TestKey
    label: str
    component: str
    outcome: Outcome
    was: KnownTest | None
    proved: frozenset[str]


def stands_in(place: str, names: str) -> bool:
    """Whether a test at `place`, one of `names` (a line each), may say that it stands in for another."""
    return _STANDS_IN.search(place) is not None or _STANDS_IN.search(names) is not None


def marks(required: Container[str], tests: Iterable[Now], then: Iterable[KnownTest]) -> Iterator[Mark]:
    """Every mark; `required` holds the names of the components that must have run."""
    now = list(tests)
    mine = [test for test in now if test.component in required]
    for test in mine:
        if _STANDS_IN.search(test.label):
            yield Mark(test.component, test.label, "its name says that it stands in for another")
    known = [test for test in then if test.component in required]
    yield from _shrunken(mine, known)
    for test in now:
        if test.was is not None and test.was.proved and test.outcome is Outcome.PASSED:
            lost = test.was.proved - test.proved
            if lost == test.was.proved:
                events = ", ".join(sorted(lost))
                yield Mark(test.component, test.label, f"it proves nothing any more of {events}")


def _shrunken(mine: list[Now], known: list[KnownTest]) -> Iterator[Mark]:
    """Components and files that lost most of their tests, wherever those that are left have moved to."""
    components_then = Counter(test.component for test in known)
    components_now = Counter(test.component for test in mine)
    for component, before in components_then.items():
        if _lost_most(before, components_now[component]):
            yield Mark(component, component, _left(before, components_now[component]))
    files_then = Counter((test.component, _file(test.label)) for test in known)
    files_now: Counter[tuple[str, str]] = Counter()
    for test in mine:
        files = {_file(test.label), _file(test.was.label) if test.was else _file(test.label)}
        files_now.update((test.component, file) for file in files)
    for (component, file), before in files_then.items():
        if _lost_most(before, files_now[component, file]):
            yield Mark(component, file, _left(before, files_now[component, file]))


def _lost_most(then: int, now: int) -> bool:
    return then >= _FEWEST_THEN and 0 < 2 * now < then


def _left(then: int, now: int) -> str:
    return f"{counted(now, 'test')}, of {then:,} in the baseline"


def _file(label: str) -> str:
    return label.partition("::")[0]


def by_component(found: Iterable[Mark]) -> Mapping[str, tuple[Mark, ...]]:
    """The marks of each component."""
    grouped: dict[str, tuple[Mark, ...]] = {}
    for mark in found:
        grouped[mark.component] = (*grouped.get(mark.component, ()), mark)
    return grouped
