"""Failing tests that somebody marked as known: the marks, and what became of the marked tests since.

May import `core.model`, `core.causes` and `text`. Pure. Invariants: a mark is of tests by name, never of
whatever fails alike; it changes no count, no outcome and no verdict; what a marked test does now is told
beside the mark.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from tui.core.causes import Signature
from tui.core.model import Failure, Outcome, TestKey, TestResult
from tui.text import counted


class Mark(Struct, frozen=True):
    """Why some failing tests are known, who says so, and how they failed then.

    `tests` are names as `name_of` gives them; `source` says which tests are meant where several sources
    have tests of that name, else it is empty. `date` is a day in ISO form, `cause` the headline of the
    failures then, `failures` what they are grouped by: empty where the mark does not say how they failed.
    """

    reason: str
    who: str
    tests: tuple[str, ...]
    date: str = ""
    cause: str = ""
    failures: tuple[Signature, ...] = ()
    source: str = ""

    def without(self, tests: Iterable[str]) -> "Mark":
        """The mark without these tests."""
        gone = set(tests)
        return replace(self, tests=tuple(test for test in self.tests if test not in gone))


class Marks(Struct, frozen=True):
    """All marks, in the order of their file; `problems` say what of it could not be read."""

    marks: tuple[Mark, ...] = ()
    problems: tuple[str, ...] = ()


class Standing(StrEnum):
    """What a marked test does now."""

    AS_KNOWN = "fails as known"
    DIFFERENTLY = "known, but fails differently now"
    PASSES = "passes now"
    SKIPPED = "skipped now"
    RUNNING = "running"

    @property
    def fails(self) -> bool:
        """Whether the test fails now, in whatever way."""
        return self in (Standing.AS_KNOWN, Standing.DIFFERENTLY)


class Known(NamedTuple):
    """The mark of a test, and what the test does now."""

    mark: Mark
    standing: Standing


class Numbers(NamedTuple):
    """How many marked tests do what now; `failing` are all that fail, `differently` some of them.

    `absent`: how many have no result.
    """

    failing: int = 0
    differently: int = 0
    passing: int = 0
    absent: int = 0


def told(numbers: Numbers, failing: int) -> list[str]:
    """What has to be known of the marks, where `failing` tests fail in all."""
    notes = []
    if numbers.failing:
        are = "is" if numbers.failing == 1 else "are"
        notes.append(f"{numbers.failing:,} of {counted(failing, 'failing test')} {are} marked as known")
        if numbers.differently:
            fail = "fails" if numbers.differently == 1 else "fail"
            notes[0] += f"; {numbers.differently:,} of them {fail} differently now"
    if numbers.passing:
        notes.append(f"outdated: {counted(numbers.passing, 'test')} marked as known to fail, but passing now")
    return notes


def name_of(result: TestResult) -> str:
    """The name by which a test is marked: its own, with its number where a source has several of it."""
    ordinal = result.test.ordinal
    return result.label if ordinal == 1 else f"{result.label} #{ordinal}"


class MarkedTests:
    """Which tests are marked; kept up to date one test at a time. `signature` tells causes apart."""

    def __init__(self, signature: Callable[[Failure], Signature], marks: Marks | None = None) -> None:
        self.marks = marks or Marks()
        self._signature = signature
        self._by_name: dict[str, list[Mark]] = {}
        for mark in self.marks.marks:
            for name in mark.tests:
                self._by_name.setdefault(name, []).append(mark)
        self._known: dict[TestKey, Known] = {}
        self._names: Counter[str] = Counter()
        self._standings: Counter[Standing] = Counter()

    def __iter__(self) -> Iterator[tuple[TestKey, Known]]:
        return iter(self._known.items())

    def __len__(self) -> int:
        return len(self._known)

    def follow(self, key: TestKey, before: TestResult | None, now: TestResult | None) -> None:
        """Take in that a test has another result now; None: it has none."""
        if not self._by_name:
            return
        known = self._known.pop(key, None)
        if known is not None and before is not None:
            self._names[name_of(before)] -= 1
            self._standings[known.standing] -= 1
        mark = self._mark(key, now) if now is not None else None
        if mark is not None and now is not None:
            known = Known(mark, self._standing(mark, now))
            self._known[key] = known
            self._names[name_of(now)] += 1
            self._standings[known.standing] += 1

    def of(self, key: TestKey) -> Known | None:
        """The mark of a test, and what it does now; None where it is not marked."""
        return self._known.get(key)

    def numbers(self) -> Numbers:
        """How many marked tests do what."""
        stand = self._standings
        return Numbers(
            failing=stand[Standing.AS_KNOWN] + stand[Standing.DIFFERENTLY],
            differently=stand[Standing.DIFFERENTLY],
            passing=stand[Standing.PASSES],
            absent=sum(not self._names[name] for name in self._by_name),
        )

    def _mark(self, key: TestKey, result: TestResult) -> Mark | None:
        marks = self._by_name.get(name_of(result), ())
        return next((mark for mark in marks if mark.source in ("", key.scope)), None)

    def _standing(self, mark: Mark, result: TestResult) -> Standing:
        if result.outcome is Outcome.RUNNING:
            return Standing.RUNNING
        if not result.outcome.is_bad:
            return Standing.SKIPPED if result.outcome is Outcome.SKIPPED else Standing.PASSES
        if not mark.failures or set(map(self._signature, result.failures)) <= set(mark.failures):
            return Standing.AS_KNOWN
        return Standing.DIFFERENTLY
