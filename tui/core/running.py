"""The tests that run now: since when, on which worker, and which of them take far longer than they did.

May import `core.model` and `core.store`. Pure: `now` is handed in. The rule: a test is over its time once it
has run at least three times as long as it took in the baseline, and at least five seconds longer.
"""

from msgspec import Struct

from tui.core.model import Outcome, Phase, TestKey, TestResult
from tui.core.store import Store

OVER_TIMES = 3.0
OVER_SECONDS = 5.0


class Running(Struct, frozen=True):
    """A test that runs. `seconds`: since it began, None where its source does not say when that was.

    `usual`: how long it took in the baseline, where it passed there.
    """

    key: TestKey
    result: TestResult
    seconds: float | None = None
    usual: float | None = None

    @property
    def label(self) -> str:
        """The test's id as its source writes it."""
        return self.result.label

    @property
    def worker(self) -> str:
        """The process or thread that runs it; empty where its source names none."""
        return self.result.last.worker

    @property
    def phase(self) -> Phase | None:
        """The part of its life that it is in."""
        return self.result.last.phase

    @property
    def is_over(self) -> bool:
        """Whether it takes far longer than it did."""
        return is_over(self.seconds, self.usual)

    @property
    def times(self) -> float | None:
        """How many times as long as usual it has run already."""
        return self.seconds / self.usual if self.seconds is not None and self.usual else None


def is_over(seconds: float | None, usual: float | None) -> bool:
    """Whether a test that has run for `seconds`, and took `usual` before, takes far longer than it did."""
    if seconds is None or usual is None:
        return False
    return seconds >= OVER_TIMES * usual and seconds - usual >= OVER_SECONDS


def look(store: Store, now: float) -> tuple[Running, ...]:
    """The running tests: those over their time first, then the one that began first."""
    found = [one(store, key, result, now) for key, result in store.running()]
    return tuple(sorted(found, key=lambda each: not each.is_over))


def one(store: Store, key: TestKey, result: TestResult, now: float) -> Running:
    """What is known of one test that runs."""
    started = result.last.started
    seconds = None if started is None else max(now - started, 0.0)
    known = store.comparison.find(key) if store.comparison else None
    usual = known.duration if known is not None and known.outcome is Outcome.PASSED else None
    return Running(key, result, seconds, usual)
