"""How far a live run is, and how much longer it takes, where the evidence carries that.

May import the rest of `core` but `facts`. Pure: `now` is handed in. What is to come is what a plan names,
else what the baseline has and this run has not yet. The time left is the time that those tests took in the
baseline, at the pace of this run so far; it is said under the conditions of `docs/live.md` only.
"""

from collections.abc import Iterable

from msgspec import Struct

from tui.core.baseline import Comparison, KnownTest
from tui.core.notrun import NotRun
from tui.core.running import Running
from tui.core.store import Store

LEAST_ELAPSED = 10.0
LEAST_TESTS = 10
LEAST_SHARE = 0.1
MOST_PASSED_OVER = 0.05
MOST_PASSED_OVER_BY_WORKERS = 0.2
MOST_WORKERS = 2
LEAST_KNOWN = 0.9


class Progress(Struct, frozen=True):
    """`done` tests have an outcome, `running` ones began; `to_come` are still to run, None: nobody knows.

    `left`: seconds, where the evidence carries that; `at_least`: it may well be more, since nobody knows
    how many workers will share what is left. `by`: what says which tests are to come. `why`: why there is no
    time to be said.
    """

    done: int = 0
    running: int = 0
    to_come: int | None = None
    left: float | None = None
    at_least: bool = False
    by: str = ""
    why: str = ""

    @property
    def share(self) -> float | None:
        """How much of the whole is done, from 0 to 1; None where nobody knows the whole."""
        if self.to_come is None:
            return None
        whole = self.done + self.running + self.to_come
        return self.done / whole if whole else None


def look(store: Store, not_run: NotRun, running: tuple[Running, ...], now: float, *, live: bool) -> Progress:
    """How far the run is at `now`."""
    tally = store.overall
    done = tally.tests - tally.running
    if not live or not_run.to_come is None:
        return Progress(done, tally.running)
    by = "the plan" if store.plan.known else "the baseline"
    pace, why = _pace(store, not_run, running, now) if not_run.to_come else (None, "")
    if pace is None:
        return Progress(done, tally.running, not_run.to_come, by=by, why=why)
    left = pace.left(running)
    return Progress(done, tally.running, not_run.to_come, left, pace.workers > MOST_WORKERS, by)


def _pace(
    store: Store, not_run: NotRun, running: tuple[Running, ...], now: float
) -> "tuple[_Pace | None, str]":
    """The pace of the run; or why it says nothing of the time left."""
    comparison = store.comparison
    if comparison is None:
        return None, "there is no baseline to take times from"
    live = [table for table in store.active() if table.is_live]
    began = min((table.started for table in live if table.started is not None), default=None)
    if began is None:
        return None, "no source says when the run began"
    if any(len(store.group(table.source).runs) > 1 for table in live):
        return None, "it repeats tests of another run"
    workers = sum(max(len(table.workers), 1) for table in live if table.tally.tests) or 1
    most = MOST_PASSED_OVER if workers == 1 else MOST_PASSED_OVER_BY_WORKERS
    if not store.plan.known and comparison.passed_over() > most:
        return None, "it leaves out tests of the baseline, or runs them in another order"
    to_come = not_run.to_come or 0
    known = _times_to_come(store, comparison, not_run)
    if len(known) < LEAST_KNOWN * to_come:
        return None, "the baseline has no time of many tests to come"
    paired = [comparison.times(scope) for scope in {store.group(table.source).scope for table in live}]
    pace = _Pace(
        elapsed=now - began,
        workers=workers,
        tests=sum(table.tally.tests - table.tally.running for table in live),
        busy=sum(table.tally.duration for table in live) + sum(each.seconds or 0.0 for each in running),
        then=sum(times.then for times in paired),
        now=sum(times.now for times in paired),
        to_come=to_come,
        known=tuple(known),
    )
    return (pace, "") if pace.is_told else (None, "too little was run to tell its pace")


class _Pace(Struct, frozen=True):
    """What was done in `elapsed` seconds on so many `workers`: `tests` that kept them `busy` for so long.

    Those of them that the baseline has took so many seconds `then` and `now`. `to_come`: how many tests are
    left; `known`: the seconds of those of which the baseline says it.
    """

    elapsed: float
    workers: int
    tests: int
    busy: float
    then: float
    now: float
    to_come: int
    known: tuple[float, ...]

    @property
    def is_told(self) -> bool:
        """Whether enough was run to go by."""
        enough = self.elapsed >= LEAST_ELAPSED and self.tests >= LEAST_TESTS
        return enough and self.then > 0 and self.then >= LEAST_SHARE * (self.then + sum(self.known))

    def left(self, running: tuple[Running, ...]) -> float:
        """How long the tests to come take, in seconds.

        A test costs its own time, slower or faster than then as those so far, and what its runner needs
        beside it. The workers share all of that evenly; but the longest test has to end on one of them.
        """
        slower = self.now / self.then
        capacity = max(self.workers * self.elapsed, self.busy)
        beside = (capacity - self.busy) / self.tests
        mean = sum(self.known) / len(self.known) if self.known else 0.0
        work = slower * (sum(self.known) + mean * (self.to_come - len(self.known))) + beside * self.to_come
        begun = [max((each.usual or 0.0) * slower - (each.seconds or 0.0), 0.0) for each in running]
        evenly = (work + sum(begun)) * self.elapsed / capacity
        return max([evenly, *begun, *(slower * each for each in self.known)])


def _times_to_come(store: Store, comparison: Comparison, not_run: NotRun) -> list[float]:
    """How long the tests to come took in the baseline, as far as it says so."""
    tests: Iterable[KnownTest | None] = not_run.awaited
    if store.plan.known:
        tests = (comparison.only(test) for test in store.plan.left)
    return [known.duration for known in tests if known is not None and known.duration is not None]
