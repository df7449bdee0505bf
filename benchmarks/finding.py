"""Measures what a key in the filter costs: from the key to the list of tests that are meant.

    python -m benchmarks.finding [--tests N] [--runs N] [--app]

For each text as it is typed, letter by letter: the whole search, the longest stretch in which a key would
have to wait for it, and beside it the floor in the same run, a bare search of ready small letters. `--app`:
in the whole app, from the key to the list on the screen.
"""

import argparse
import asyncio
import gc
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from textual.widgets import Input

from benchmarks.data import junit
from tui.config import Config
from tui.core.filters.index import Index
from tui.core.filters.language import Filter
from tui.core.filters.matching import Found, Matching
from tui.core.model import (
    Failure,
    Outcome,
    Phase,
    SourceEvents,
    SourceOpened,
    SourceSettled,
    SourceState,
    TestId,
    TestRecord,
)
from tui.core.rules import Rules
from tui.core.store import Store
from tui.view.app import RunwatchApp

TYPED = (
    "reconnect",
    "reconect",
    "status:failed",
    "!component:web slow:",
    "cause:timeout",
    '"buffer overflow"',
)
_NOUNS = ("session", "manager", "frame", "socket", "buffer", "replay", "registry", "token", "limit", "event")
_VERBS = (
    "reconnect",
    "overflow",
    "expire",
    "restart",
    "validate",
    "timeout",
    "parse",
    "merge",
    "close",
    "drop",
)


def records(tests: int) -> Iterator[TestRecord]:
    """Tests with names as people give them; a tenth failed, of a hundred causes."""
    chance = random.Random(1)  # noqa: S311  # the same tests every time
    for number in range(tests):
        noun, verb = chance.choice(_NOUNS), chance.choice(_VERBS)
        place = f"tests/{chance.choice(_NOUNS)}/test_{noun}_{number // 40}.py"
        name = f"test_{verb}_{noun}_when_{chance.choice(_VERBS)}[{number}]"
        failed = number % 10 == 0
        failure = Failure(Outcome.FAILED, Phase.CALL, "TimeoutError", f"no {noun} {verb}ed in time")
        yield TestRecord(
            TestId(place.replace("/", ".").removesuffix(".py"), name),
            f"{place}::{name}",
            Outcome.FAILED if failed else Outcome.PASSED,
            duration=chance.random() * 1.2,
            failures=(failure,) if failed else (),
        )


def filled(tests: int) -> Store:
    """A Store of so many tests."""
    store = Store(Rules())
    store.apply(SourceOpened("run.xml", "JUnit XML", 1, staged=False))
    store.apply(SourceEvents("run.xml", 1, tuple(records(tests))))
    store.apply(SourceSettled("run.xml", 1, SourceState.COMPLETE, "", 0.0, 1))
    gc.freeze()  # as the app does while it reads
    return store


def searched(text: str, store: Store, index: Index) -> tuple[float, float, Found]:
    """Seconds of the whole search and of its longest step, and what it found."""
    began = time.perf_counter()
    matching, longest, done = Matching(Filter.parse(text), store, index), 0.0, False
    while not done:
        before = time.perf_counter()
        done = matching.step()
        longest = max(longest, time.perf_counter() - before)
    assert matching.found is not None
    return time.perf_counter() - began, longest, matching.found


def floor(text: str, labels: list[str]) -> float:
    """Seconds of a bare search for the same text."""
    began = time.perf_counter()
    _ = [label for label in labels if text in label]
    return time.perf_counter() - began


def measure(tests: int, runs: int) -> None:
    """Print the table of the search alone."""
    store, index = filled(tests), Index()
    first = searched("t", store, index)
    labels = [result.label.casefold() for result in store.tests.values()]
    print(f"{tests:,} tests, median and worst of all keys, {runs} runs")  # noqa: T201
    print(f"the first key of all: {first[0] * 1000:.0f} ms, at a stretch {first[1] * 1000:.1f} ms\n")  # noqa: T201
    for text in TYPED:
        whole, steps, bare = [], [], []
        found = Found()
        for _ in range(runs):
            for length in range(1, len(text) + 1):
                took, longest, found = searched(text[:length], store, index)
                whole.append(took)
                steps.append(longest)
                bare.append(floor(text[:length], labels))
        print(  # noqa: T201
            f"{text:<22} {found.left[-1] if found.left else 0:>7,} found   "
            f"key to list {statistics.median(whole) * 1000:6.1f} ms, worst {max(whole) * 1000:6.1f}   "
            f"at a stretch {max(steps) * 1000:5.1f}   bare {statistics.median(bare) * 1000:5.1f}   "
            f"ratio {statistics.median(whole) / statistics.median(bare):5.1f}"
        )


async def typed(directory: Path, runs: int) -> None:
    """Print the table of the whole app: from the key to the list, and how long the loop was never free."""
    app = RunwatchApp(directory, Config())
    async with app.run_test(size=(160, 50)) as pilot:
        while not app.store.scanned or app.store.directory.backlog or app.store.is_live:
            await pilot.pause(0.2)
        await pilot.press("3", "slash")
        await pilot.pause(2.0)
        box, stalls = app.query_one("#filter", Input), [0.0]

        async def heart() -> None:
            while True:
                before = time.perf_counter()
                await asyncio.sleep(0.001)
                stalls[0] = max(stalls[0], time.perf_counter() - before - 0.001)

        beats = asyncio.create_task(heart())
        print(f"\nin the app, {len(app.store.tests):,} tests")  # noqa: T201
        for text in TYPED:
            waits, held = [], []
            for _ in range(runs):
                box.value = ""
                await pilot.pause(0.3)
                for letter in text:
                    stalls[0], began = 0.0, time.perf_counter()
                    box.insert_text_at_cursor(letter)
                    wanted = Filter.parse(box.value)
                    while app.findable.found.wanted != wanted:  # noqa: ASYNC110  # a millisecond is near enough
                        await asyncio.sleep(0.001)
                    waits.append(time.perf_counter() - began)
                    await pilot.pause(0.05)
                    held.append(stalls[0])
            print(  # noqa: T201
                f"{text:<22} key to list {statistics.median(waits) * 1000:6.1f} ms, "
                f"worst {max(waits) * 1000:6.1f}   "
                f"loop held {statistics.median(held) * 1000:6.1f}, worst {max(held) * 1000:6.1f}"
            )
        beats.cancel()


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.finding", description=__doc__)
    parser.add_argument("--tests", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--app", action="store_true")
    options = parser.parse_args()
    measure(options.tests, options.runs)
    if options.app:
        with tempfile.TemporaryDirectory() as temporary:
            junit(Path(temporary) / "r.xml", options.tests)
            asyncio.run(typed(Path(temporary), options.runs))


if __name__ == "__main__":
    main()
