"""What the app holds."""

import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import data, processes
from benchmarks.bench import PATIENCE, Bench, counts, is_read
from benchmarks.figures import Aim, Row

_COLLECTED = Path(__file__).resolve().parents[1] / "references" / "collected.py"


def resident(bench: Bench, tests: int) -> tuple[float, float]:
    """MB of all its processes once so many passing tests are read and it is at rest; and of the largest."""
    with bench.app(bench.junit(tests, "")) as terminal:
        terminal.until(counts(tests), PATIENCE, f"{tests:,} tests")
        terminal.until(is_read, 30)
        terminal.drain(3)
        return processes.memory(terminal.pid)


def memory(bench: Bench) -> Iterator[Row]:
    """Resident memory at the largest size, and the collector."""
    tests = bench.most
    bench.say("memory, 20 tests")
    small, _ = resident(bench, 20)
    bench.say(f"memory, {tests:,} tests")
    large, main = resident(bench, tests)
    names = sum(len(data.name(number)) + 1 for number in range(0, tests, 100)) * 100
    yield Row(
        "memory",
        f"resident, {tests:,} passing tests",
        large,
        "MB",
        "20 tests",
        small,
        large / small,
        Aim(220, "figure") if tests == 1_000_000 else None,
        f"all processes, pages that they share counted in each; the largest: {main:.0f} MB",
    )
    each = (large - small) * 1e6 / tests
    yield Row(
        "memory",
        f"bytes a test, {tests:,} passing tests",
        each,
        "bytes",
        "names in one UTF-8 buffer",
        names / tests,
        each / (names / tests),
        Aim(150, "figure"),
        "(resident - resident at 20 tests) / tests",
    )
    noted = bench.fresh("collector") / "pauses.txt"
    bench.say(f"collector, {tests:,} tests")
    with bench.app(bench.junit(tests, ""), (120, 40), str(_COLLECTED), str(noted)) as terminal:
        terminal.until(counts(tests), PATIENCE, f"{tests:,} tests")
        for key in "312":
            terminal.send(key)
            terminal.drain(1)
        time.sleep(0.2)
    pauses = [float(line) for line in noted.read_text().splitlines()]
    yield Row(
        "memory",
        f"longest collection, {tests:,} passing tests",
        max(pauses, default=0.0),
        "ms",
        "",
        None,
        None,
        Aim(30, "figure"),
        f"in the process that draws, from start through three views; {len(pauses)} of over 1 ms",
    )
