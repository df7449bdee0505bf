"""Plays simulated runs through the Store, and compares the time left that it says with the one that was.

    python -m benchmarks.left [--seeds 12] [LOG BASELINE]...

A statement is judged every twentieth of a run. "Good": within 25 % of the true time left, or within 10 s of
it; where "at least" is said, no more than that above it. Pairs of real report logs can be played as well: the
first is the run, the second its baseline.
"""

import argparse
import json
import random
import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.left.runs import PER_MODULE, Test, again, dealt, serial, suite
from tui.core.baseline import Baseline
from tui.core.facts import gather
from tui.core.model import (
    Event,
    Outcome,
    Phase,
    ProducerNamed,
    RunEnded,
    SessionStarted,
    SourceEvents,
    SourceOpened,
    SourceSettled,
    SourceState,
    TestId,
    TestRecord,
)
from tui.core.plan import PlanFile
from tui.core.rules import Rules
from tui.core.store import Store
from tui.readers.streams import plan
from tui.readers.streams.reportlog import ReportLogReader

_STEPS = 20
_CLOSE, _SECONDS = 0.25, 10.0
START = 1_700_000_000.0
Timed = list[tuple[float, Event]]


@dataclass(frozen=True)
class Said:
    """What was said at a moment, and what was true, in seconds."""

    left: float | None
    true: float
    at_least: bool

    @property
    def is_good(self) -> bool:
        """Whether somebody who went for a coffee by it was back in time."""
        assert self.left is not None
        over = self.left - self.true
        return (over if self.at_least else abs(over)) <= max(_CLOSE * self.true, _SECONDS)


def records(tests: Iterable[Test], *, named: bool) -> Timed:
    """The events of a run, each when pytest would write it."""
    found: Timed = [(0.0, SessionStarted()), (0.0, ProducerNamed("pytest", merges=True))]
    for test in tests:
        module = test.number // PER_MODULE
        identity = TestId(f"tests.test_{module}", f"test_{test.number}")
        label = f"tests/test_{module}.py::test_{test.number}"
        worker = f"gw{test.worker}" if named else ""
        for at, phase, began, took in (
            (test.began, Phase.SETUP, test.began, 0.0),
            (test.ended, Phase.CALL, test.began, test.took),
            (test.ended, Phase.TEARDOWN, test.ended, 0.0),
        ):
            final = phase is Phase.TEARDOWN
            record = TestRecord(identity, label, Outcome.PASSED, phase, final, duration=took, worker=worker)
            found.append((at, _at(record, START + began)))
    return sorted(found, key=lambda pair: pair[0])


def _at(record: TestRecord, began: float) -> TestRecord:
    return TestRecord(
        record.test,
        record.label,
        record.outcome,
        record.phase,
        record.final,
        duration=record.duration,
        started=began,
        worker=record.worker,
    )


def store_of(events: Iterable[Event]) -> Store:
    """A Store of a run that is over."""
    store = Store(Rules())
    store.apply(SourceOpened("run.jsonl", "reportlog", 1, staged=False))
    store.apply(SourceEvents("run.jsonl", 1, (*events, RunEnded(0))))
    store.apply(SourceSettled("run.jsonl", 1, SourceState.COMPLETE, "", START, 1))
    return store


def play(events: Timed, before: Store, start: float, planned: Iterable[str] = ()) -> list[Said]:
    """What is said at each twentieth of a run, compared with `before`."""
    store = Store(Rules())
    store.set_baseline(Baseline("before", tuple(before.known_tests())))
    labels = list(planned)
    if labels:
        store.set_plan(PlanFile("plan.txt", plan.parse(labels)))
    store.scanned = True
    store.apply(SourceOpened("run.jsonl", "reportlog", 1, staged=False))
    end = max(at for at, _ in events)
    waiting = list(reversed(events))
    said = []
    for step in range(1, _STEPS):
        moment = end * step / _STEPS
        batch = []
        while waiting and waiting[-1][0] <= moment:
            batch.append(waiting.pop()[1])
        store.apply(SourceEvents("run.jsonl", 1, tuple(batch)))
        store.apply(SourceSettled("run.jsonl", 1, SourceState.GROWING, "open", start + moment, step))
        found = gather(store, start + moment).progress
        said.append(Said(found.left, end - moment, found.at_least))
    return said


# --- what is played ---------------------------------------------------------------------------------


def _order(tests: int, seed: int, *, shuffled: bool = False, share: float = 1.0) -> list[int]:
    chance = random.Random(seed)  # noqa: S311
    order = [number for number in range(tests) if share == 1 or chance.random() < share]
    if shuffled:
        chance.shuffle(order)
    return order


@dataclass(frozen=True)
class Kind:
    """A kind of run. `workers` 0: serial."""

    name: str
    workers: int = 0
    workers_then: int = 0
    load: float = 1.0
    noise: float = 0.2
    beside: float = 0.004
    shuffled: bool = False
    share: float = 1.0
    planned: bool = False

    def play(self, seed: int, tests: int = 600) -> list[Said]:
        """Play one of them."""
        usual = suite(tests, seed)
        before = _run(_order(tests, seed), usual, self.beside, self.workers_then)
        order = _order(tests, seed + 1, shuffled=self.shuffled, share=self.share)
        now = _run(order, again(usual, seed + 2, self.load, self.noise), self.beside, self.workers)
        labels = [f"tests/test_{n // PER_MODULE}.py::test_{n}" for n in order] if self.planned else []
        then = store_of(event for _, event in records(before, named=bool(self.workers_then)))
        return play(records(now, named=bool(self.workers)), then, START, labels)


def _run(order: list[int], durations: list[float], beside: float, workers: int) -> list[Test]:
    return dealt(order, durations, beside, workers) if workers else serial(order, durations, beside)


KINDS = (
    Kind("serial"),
    Kind("serial, machine 2 x slower", load=2.0),
    Kind("serial, times vary (sigma 0.5)", noise=0.5),
    Kind("serial, 50 ms of the runner a test", beside=0.05),
    Kind("xdist -n 2", workers=2),
    Kind("xdist -n 4", workers=4),
    Kind("xdist -n 8", workers=8),
    Kind("xdist -n 4, baseline of -n 4", workers=4, workers_then=4),
    Kind("xdist -n 4, times vary (sigma 0.5)", workers=4, noise=0.5),
    Kind("serial, random order", shuffled=True),
    Kind("serial, half of the tests (-k)", share=0.5),
    Kind("serial, nine tenths of the tests", share=0.9),
    Kind("serial, half of the tests, a plan", share=0.5, planned=True),
    Kind("xdist -n 4, a plan", workers=4, planned=True),
    Kind("serial, random order, a plan", shuffled=True, planned=True),
)


def real(log: Path) -> tuple[Timed, float]:
    """A real report log: each event when its phase ended, or began for a setup; and when it all began."""
    reader = ReportLogReader()
    lines = log.read_text("utf-8").splitlines(keepends=True)
    stops = [json.loads(line).get("stop") for line in lines]
    start = min(json.loads(line)["start"] for line in lines if "start" in json.loads(line))
    found: Timed = []
    last = start
    for line, stop in zip(lines, stops, strict=True):
        last = stop or last
        found += [(last - start, event) for event in reader.feed(line.encode())]
    return [pair for pair in sorted(found, key=lambda p: p[0]) if not isinstance(pair[1], RunEnded)], start


def row(name: str, said: list[Said]) -> str:
    """A line of the table."""
    told = [each for each in said if each.left is not None]
    if not told:
        return f"| {name} | {len(said)} | 0 % | – | – | – |"
    errors = sorted(abs(each.left - each.true) / each.true for each in told if each.left is not None)
    good = sum(each.is_good for each in told)
    share = f"{100 * len(told) / len(said):.0f} %"
    ninth = errors[int(0.9 * (len(errors) - 1))]
    name += ": at least" if any(each.at_least for each in told) else ""
    return (
        f"| {name} | {len(said)} | {share} | {100 * statistics.median(errors):.0f} % "
        f"| {100 * ninth:.0f} % | {100 * good / len(told):.0f} % |"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.left", description=__doc__)
    parser.add_argument("--seeds", type=int, default=12)
    parser.add_argument("logs", nargs="*", type=Path, metavar="LOG BASELINE")
    options = parser.parse_args()
    write: Callable[[str], None] = print
    write("| run | moments | said | median error | nine in ten within | good |")
    write("|---|---|---|---|---|---|")
    for kind in KINDS if not options.logs else ():
        write(row(kind.name, [said for seed in range(options.seeds) for said in kind.play(seed * 10)]))
    for log, baseline in zip(options.logs[::2], options.logs[1::2], strict=True):
        events, start = real(log)
        write(row(f"{log} after {baseline}", play(events, store_of(e for _, e in real(baseline)[0]), start)))


if __name__ == "__main__":
    main()
