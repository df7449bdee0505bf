"""Tests that passed and say no more, in columns: of a million tests most are such.

May import `core.model`. A `Block` holds neighbours of one suite of one source in about 90 bytes a test,
where a `TestResult` takes twenty times that. Invariants: a block never changes, so that whoever looks at it
may do so for as long as they like; a test is in one block of its source, or in none.
"""

from collections.abc import Iterator
from itertools import repeat
from operator import itemgetter

from msgspec import Struct

from tui.core.model import (
    Attempt,
    Location,
    Outcome,
    PassedRun,
    Span,
    TestId,
    TestKey,
    TestResult,
    at_line,
)

_JOINED_BELOW = 256
_LISTED_ABOVE = 4
"""A suite of more blocks than that has a list of its names: to look through all would take too long."""


def ids(suite: str, names: str) -> Iterator[TestId]:
    """The tests `names` of a suite as tuples that are equal to their ids, and a tenth as dear to make."""
    return zip(repeat(suite), names.split("\n"), repeat(1))  # type: ignore[return-value]


class Block(Struct, frozen=True, eq=False, weakref=True):
    """Some tests, as in a `PassedRun`, that `source` tells of; equal to itself alone."""

    source: str
    suite: str
    place: str
    location: Location | None
    names: str
    durations: bytes
    offsets: bytes
    lengths: bytes
    began: bytes
    lines: bytes

    def __len__(self) -> int:
        return len(self.lengths) >> 2

    @property
    def seconds(self) -> "memoryview[float]":
        """How long each test took."""
        return memoryview(self.durations).cast("d")

    def name_list(self) -> list[str]:
        """The name of each test."""
        return self.names.split("\n")

    def ids(self) -> Iterator[TestId]:
        """The id of each test: see `ids`."""
        return ids(self.suite, self.names)

    def key(self, row: int) -> TestKey:
        """The test in `row`, which counts from 0."""
        return TestKey(self.source, TestId(self.suite, self.name_list()[row]))

    def tests(self) -> Iterator[TestKey]:
        """Every test."""
        for name in self.name_list():
            yield TestKey(self.source, TestId(self.suite, name))

    def result(self, row: int) -> TestResult:
        """What is known of the test in `row`."""
        return self._result(row, self.name_list()[row])

    def results(self) -> Iterator[TestResult]:
        """What is known of every test."""
        for row, name in enumerate(self.name_list()):
            yield self._result(row, name)

    def row(self, name: str) -> int | None:
        """The row of the test `name`; None where it is in none."""
        names = self.names
        if "\n" in name or name not in names:
            return None
        if names.startswith(name) and (len(names) == len(name) or names[len(name)] == "\n"):
            return 0
        at = names.find(f"\n{name}\n")
        if at < 0:
            at = len(names) - len(name) - 1
            if at < 0 or not names.endswith(f"\n{name}"):
                return None
        return names.count("\n", 0, at) + 1

    def without(self, row: int) -> "Block":
        """The block without one of its tests."""
        names = self.name_list()
        del names[row]
        columns = []
        for column, size in (
            (self.durations, 8),
            (self.offsets, 8),
            (self.lengths, 4),
            (self.began, 8),
            (self.lines, 4),
        ):
            columns.append(column[: row * size] + column[(row + 1) * size :])
        return Block(self.source, self.suite, self.place, self.location, "\n".join(names), *columns)

    def joined(self, other: "Block") -> "Block":
        """Both in one, where they are of one suite and alike; the tests of `other` come last."""
        return Block(
            self.source,
            self.suite,
            self.place,
            self.location,
            f"{self.names}\n{other.names}",
            self.durations + other.durations,
            self.offsets + other.offsets,
            self.lengths + other.lengths,
            self.began + other.began,
            self.lines + other.lines,
        )

    def is_like(self, other: "Block") -> bool:
        """Whether both can be joined."""
        return (
            self.place == other.place
            and self.location == other.location
            and bool(self.began) == bool(other.began)
            and bool(self.lines) == bool(other.lines)
        )

    def _result(self, row: int, name: str) -> TestResult:
        offset = memoryview(self.offsets).cast("Q")[row]
        attempt = Attempt(
            Outcome.PASSED,
            duration=self.seconds[row],
            started=memoryview(self.began).cast("d")[row] if self.began else None,
            spans=(Span(offset, memoryview(self.lengths).cast("I")[row]),),
            source=self.source,
        )
        test = TestId(self.suite, name)
        line = memoryview(self.lines).cast("I")[row] if self.lines else None
        location = at_line(self.location, line)
        return TestResult(test, self.place + name, Outcome.PASSED, (attempt,), location=location)


class Blocks:
    """The blocks of one source, by suite."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tests = 0
        self._suites: dict[str, list[Block]] = {}
        self._listed: dict[str, dict[str, None]] = {}

    def __iter__(self) -> Iterator[Block]:
        for blocks in self._suites.values():
            yield from blocks

    def __len__(self) -> int:
        return self.tests

    def add(self, run: PassedRun) -> Block | None:
        """The tests of `run`, kept as a block; None where one of them is here already: then none is kept."""
        names = run.names.split("\n")
        new = set(names)
        if len(new) < len(names) or self._holds_any(run.suite, new):
            return None
        blocks = self._suites.get(run.suite)
        first = blocks[0] if blocks else None
        # Strings that a suite's blocks have in common are kept once.
        suite, place = (
            (first.suite, first.place) if first and first.place == run.place else (run.suite, run.place)
        )
        location = first.location if first and first.location == run.location else run.location
        block = Block(
            self.source,
            suite,
            place,
            location,
            run.names,
            run.durations,
            run.offsets,
            run.lengths,
            run.began,
            run.lines,
        )
        self.tests += len(names)
        if blocks is None:
            self._suites[suite] = [block]
        elif len(blocks[-1]) < _JOINED_BELOW and blocks[-1].is_like(block):
            blocks[-1] = blocks[-1].joined(block)
        else:
            blocks.append(block)
        if suite in self._listed:
            self._listed[suite].update(dict.fromkeys(names))
        return block

    def find(self, test: TestId) -> tuple[Block, int] | None:
        """The block and the row of a test; None where it is in none."""
        blocks = self._suites.get(test.suite)
        if blocks is None or test.ordinal != 1:
            return None
        if len(blocks) > _LISTED_ABOVE and test.name not in self._names(test.suite):
            return None
        for block in blocks:
            row = block.row(test.name)
            if row is not None:
                return block, row
        return None

    def take(self, test: TestId) -> TestResult | None:
        """What is known of a test, which is in no block from now on; None where it was in none."""
        found = self.find(test)
        if found is None:
            return None
        block, row = found
        result = block.result(row)
        blocks = self._suites[test.suite]
        place = blocks.index(block)
        if len(block) > 1:
            blocks[place] = block.without(row)
        else:
            del blocks[place]
            if not blocks:
                del self._suites[test.suite]
        self.tests -= 1
        if test.suite in self._listed:
            del self._listed[test.suite][test.name]
        return result

    def take_all(self) -> list[TestResult]:
        """What is known of all tests, in the order of the source; none is in a block from now on."""
        found = [(offset, result) for block in self for offset, result in _placed(block)]
        found.sort(key=itemgetter(0))
        self.clear()
        return [result for _, result in found]

    def clear(self) -> None:
        """Forget all."""
        self._suites, self._listed, self.tests = {}, {}, 0

    def _holds_any(self, suite: str, names: set[str]) -> bool:
        blocks = self._suites.get(suite)
        if not blocks:
            return False
        if len(blocks) > _LISTED_ABOVE:
            return not names.isdisjoint(self._names(suite))
        return any(not names.isdisjoint(block.name_list()) for block in blocks)

    def _names(self, suite: str) -> dict[str, None]:
        known = self._listed.get(suite)
        if known is None:
            every = (name for block in self._suites[suite] for name in block.name_list())
            known = self._listed[suite] = dict.fromkeys(every)
        return known


def _placed(block: Block) -> Iterator[tuple[int, TestResult]]:
    return zip(memoryview(block.offsets).cast("Q"), block.results(), strict=True)
