"""The account: how many tests, with which outcome, from how many stated outcomes (TRUTH 2).

May import `core.model`, `core.blocks` and `text`. Invariant, at every moment:
tests = passed + failed + errors + skipped + running.
"""

from collections.abc import Iterable
from functools import lru_cache
from operator import add

from msgspec import Struct
from msgspec.structs import astuple

from tui.core.blocks import Block
from tui.core.model import Flag, Outcome, TestResult
from tui.text import counted

_MICROSECONDS = (1e6).__mul__
# Every result is counted twice, for its source and for its component: a name is found sooner here.
_PASSED, _FAILED, _ERROR, _SKIPPED = Outcome.PASSED, Outcome.FAILED, Outcome.ERROR, Outcome.SKIPPED


@lru_cache(maxsize=1024)  # of each block its source asks, and a moment later its component
def _spent(durations: bytes) -> int:
    """The microseconds of a block, each test rounded by itself as one that leaves it is."""
    return sum(map(round, map(_MICROSECONDS, memoryview(durations).cast("d"))))


class Tally(Struct):
    """Counts of tests; `outcomes` counts records; `not_run` are errors that stand for planned tests.

    Time is counted in whole microseconds, so that what is added and taken out again leaves nothing.
    """

    tests: int = 0
    passed: int = 0
    failed: int = 0
    errors: int = 0
    skipped: int = 0
    running: int = 0
    flaky: int = 0
    outcomes: int = 0
    teardown_errors: int = 0
    rerun: int = 0
    xfailed: int = 0
    xpassed: int = 0
    not_run: int = 0
    microseconds: int = 0

    def add(self, result: TestResult, sign: int = 1) -> None:
        """Count `result` in (`sign` 1) or out (-1)."""
        outcome, attempts = result.outcome, result.attempts
        self.tests += sign
        if outcome is _PASSED:
            self.passed += sign
        elif outcome is _FAILED:
            self.failed += sign
        elif outcome is _ERROR:
            self.errors += sign
        elif outcome is _SKIPPED:
            self.skipped += sign
        else:
            self.running += sign
        self.outcomes += sign * (attempts[0].records if len(attempts) == 1 else result.outcomes)
        duration = attempts[-1].duration
        if duration:
            self.microseconds += sign * round(duration * 1e6)
        if result.flags:
            self.flaky += sign * (Flag.FLAKY in result.flags)
            self.teardown_errors += sign * (Flag.TEARDOWN_ERROR in result.flags)
            self.rerun += sign * (Flag.RERUN in result.flags)
            self.xfailed += sign * (Flag.XFAIL in result.flags)
            self.xpassed += sign * (Flag.XPASS in result.flags)
            self.not_run += sign * (Flag.NOT_RUN in result.flags)

    def add_all(self, results: Iterable[TestResult]) -> None:
        """Count `results` in: as `add` does, at half of its cost for tests of one attempt without a flag."""
        passed = failed = errors = skipped = outcomes = microseconds = 0
        for result in results:
            attempts = result.attempts
            attempt, outcome = attempts[0], result.outcome
            if result.flags or len(attempts) > 1:
                self.add(result)
                continue
            if outcome is _FAILED:
                failed += 1
            elif outcome is _PASSED:
                passed += 1
            elif outcome is _SKIPPED:
                skipped += 1
            elif outcome is _ERROR:
                errors += 1
            else:
                self.add(result)
                continue
            outcomes += attempt.records
            if attempt.duration:
                microseconds += round(attempt.duration * 1e6)
        self.tests += passed + failed + errors + skipped
        self.passed += passed
        self.failed += failed
        self.errors += errors
        self.skipped += skipped
        self.outcomes += outcomes
        self.microseconds += microseconds

    def add_block(self, block: Block, sign: int = 1) -> None:
        """Count the tests of `block` in (`sign` 1) or out (-1)."""
        number = sign * len(block)
        self.tests += number
        self.passed += number
        self.outcomes += number
        self.microseconds += sign * _spent(block.durations)

    def copy(self) -> "Tally":
        """These counts as they are now."""
        return Tally(*astuple(self))

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*map(add, astuple(self), astuple(other)))

    @property
    def duration(self) -> float:
        """How long the last attempts of all tests took together, in seconds."""
        return self.microseconds / 1e6

    @property
    def executed(self) -> int:
        """How many tests ran to an outcome other than skipped: what a rate is a part of."""
        return self.tests - self.skipped - self.running

    @property
    def bad(self) -> int:
        """How many tests failed or are in error."""
        return self.failed + self.errors

    @property
    def rate(self) -> float | None:
        """The success rate in percent; None where nothing was executed."""
        return 100.0 * self.passed / self.executed if self.executed else None

    @property
    def fraction(self) -> str:
        """What the rate is a rate of: "90/100"."""
        return f"{self.passed:,}/{self.executed:,}"

    def explanation(self) -> str:
        """Why there are more outcomes than tests; empty where there are not."""
        surplus = self.outcomes - self.tests
        if not surplus:
            return ""
        reasons = []
        if self.teardown_errors:
            reasons.append(f"{self.teardown_errors:,} failed in call and errored in teardown")
        if self.rerun:
            reasons.append(f"{self.rerun:,} ran more than once")
        return (
            f"{counted(self.outcomes, 'outcome')} on {counted(self.tests, 'test')}: {' and '.join(reasons)}"
        )
