"""From exec to the screen; and the commands that print once."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.bench import PATIENCE, SAMPLE, SAMPLE_TESTS, Bench, counts, has_rows, in_turns
from benchmarks.data import executed
from benchmarks.figures import Aim, Row, spread
from benchmarks.reading import seconds_of

STATIC = "Textual, one Static"


def painted(bench: Bench) -> float:
    """Seconds from exec to the first paint of an app with one line."""
    with bench.reference("one_static") as terminal:
        return terminal.wait(lambda screen: "a line of text" in screen.text, 20) - terminal.began


def opened(bench: Bench, directory: Path, tests: int) -> tuple[float, float]:
    """Seconds from exec to the first real rows, and to the count of them all."""
    with bench.app(directory) as terminal:
        first = terminal.wait(has_rows, PATIENCE, "a row with results") - terminal.began
        whole = counts(SAMPLE_TESTS if tests == SAMPLE_TESTS else executed(tests))
        if whole(terminal.screen):
            return first, first
        return first, terminal.wait(whole, PATIENCE, f"the count {tests:,}") - terminal.began


def start(bench: Bench) -> Iterator[Row]:
    """The first real rows and the whole Overview, at three sizes."""
    sizes = (SAMPLE_TESTS, 100_000, bench.most) if not bench.quick else (SAMPLE_TESTS, 20_000, 100_000)
    firsts: dict[int, float] = {}
    painted(bench)
    opened(bench, SAMPLE, SAMPLE_TESTS)
    for tests in sizes:
        directory = SAMPLE if tests == SAMPLE_TESTS else bench.junit(tests)
        times = bench.sized(15, 5) if tests == SAMPLE_TESTS else bench.sized(7, 3) if tests < 1_000_000 else 3
        first, full, static, floor = [], [], [], []
        for turn in range(times):
            bench.say(f"start, {tests:,} tests, {turn + 1} of {times}")
            static.append(painted(bench))
            rows, whole = opened(bench, directory, tests)
            first.append(rows)
            full.append(whole)
            reads = 0.0 if tests == SAMPLE_TESTS else seconds_of(bench, "expat", directory)
            floor.append(static[-1] + reads)
        firsts[tests] = median(first)
        yield Row(
            "start",
            f"exec → first real rows, {tests:,} tests",
            median(first),
            "s",
            STATIC,
            median(static),
            median(a / b for a, b in zip(first, static, strict=True)),
            Aim(1.5),
            spread(first, "s"),
            samples=tuple(first),
        )
        yield Row(
            "start",
            f"exec → full Overview, {tests:,} tests",
            median(full),
            "s",
            STATIC + ("" if tests == SAMPLE_TESTS else " + bare expat"),
            median(floor),
            median(a / b for a, b in zip(full, floor, strict=True)),
            Aim(1.6 if tests == SAMPLE_TESTS else 1.3),
            spread(full, "s"),
            samples=tuple(full),
        )
    large, small = firsts[sizes[-1]], firsts[sizes[0]]
    yield Row(
        "start",
        f"first rows at {sizes[-1]:,} against {sizes[0]:,}",
        large,
        "s",
        f"at {sizes[0]:,}",
        small,
        large / small,
        None,
        "flat would be 1.0",
    )


def commands(bench: Bench) -> Iterator[Row]:
    """`check` and `report` on the sample."""

    def floor() -> float:
        return bench.python("-c", "import rich.console").seconds

    for command in ("check", "report"):

        def ours(command: str = command) -> float:
            ended = bench.python("-m", "tui", command, str(SAMPLE))
            if ended.code not in (0, 1, 3):
                raise RuntimeError(ended.said)
            return ended.seconds

        ours()
        floor()
        sample = in_turns(ours, floor, bench.sized(25, 9))
        yield Row(
            "commands",
            f"{command} on the sample",
            median(sample.ours),
            "s",
            "import rich.console",
            median(sample.theirs),
            sample.ratio,
            Aim(2.5),
            spread(sample.ours, "s"),
            samples=sample.ours,
        )
