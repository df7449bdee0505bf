"""From a line that is written to its cell on the terminal."""

import os
import random
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import data
from benchmarks.bench import PATIENCE, Bench, executed
from benchmarks.figures import Aim, Row, quantile, spread
from benchmarks.terminal import GoneError

_EACH = 20
_BEFORE = 5
_WATCHFILES = "watchfiles alone (50, 5)"
_PATIENCE = 5.0
_Written = Callable[[int], float]


class Stream:
    """A directory of files and one stream of `go test -json` that grows."""

    def __init__(self, bench: Bench, files: int) -> None:
        self.directory = data.folder(bench.fresh("stream"), files - 1, _EACH)
        self.path = self.directory / "live.jsonl"
        self.number = _BEFORE
        self.path.write_text("".join(data.go_passed(n) for n in range(_BEFORE)))
        self._file = self.path.open("ab", buffering=0)

    def append(self) -> float:
        """One more line; the moment before it."""
        line = data.go_passed(self.number).encode()
        self.number += 1
        now = time.perf_counter()
        self._file.write(line)
        return now

    def close(self) -> None:
        """The writer is gone."""
        self._file.close()


def gaps(times: int, every: float | None) -> Iterator[float]:
    """The distances between two lines: even, or uneven and so long that each line is alone."""
    chance = random.Random(7)  # noqa: S311  # the same every time
    for _ in range(times):
        yield every or chance.uniform(0.12, 0.3)


def on_screen(bench: Bench, files: int, times: int, every: float | None) -> list[float]:
    """Milliseconds from each line to the paint whose count has it."""
    stream = Stream(bench, files)
    try:
        with bench.app(stream.directory) as terminal:
            terminal.wait(lambda screen: executed(screen) > 0, PATIENCE, "a count")
            terminal.settle(1.5)
            base = executed(terminal.screen)
            written: list[float] = []
            found: list[float] = []

            def look(until: float) -> None:
                while (left := until - time.perf_counter()) > 0:
                    at = terminal.pump(left)
                    if at is not None:
                        seen = min(executed(terminal.screen) - base, len(written))
                        found.extend(1000 * (at - moment) for moment in written[len(found) : seen])
                    if every is None and len(found) == len(written) and len(written) == times:
                        return

            following = time.perf_counter()
            for gap in gaps(times, every):
                written.append(stream.append())
                following = following + gap if every else time.perf_counter() + gap
                look(following)
            look(time.perf_counter() + (_PATIENCE if len(found) < len(written) else 0))
            if len(found) < times:
                raise GoneError(
                    f"{times - len(found)} of {times} lines did not show:\n{terminal.screen.text}"
                )
            return found
    finally:
        stream.close()


def by_watchfiles(bench: Bench, files: int, times: int, every: float | None) -> list[float]:
    """Milliseconds from each line to the batch of watchfiles that tells of it."""
    stream = Stream(bench, files)
    script = Path(__file__).resolve().parents[1] / "references" / "watching.py"
    command = [sys.executable, str(script), str(stream.directory)]
    process = subprocess.Popen(command, env=bench.environment, stdout=subprocess.PIPE)  # noqa: S603
    assert process.stdout is not None
    try:
        os.read(process.stdout.fileno(), 4096)
        written, told, rest = [], [], b""
        for gap in gaps(times, every):
            written.append(stream.append())
            until = written[-1] + gap
            while (left := until - time.perf_counter()) > 0:
                if select.select([process.stdout], [], [], left)[0]:
                    *lines, rest = (rest + os.read(process.stdout.fileno(), 4096)).split(b"\n")
                    told += [float(line.split()[0]) for line in lines if line.split()[1] != b"0"]
        time.sleep(0.2)
        *lines, _ = (rest + os.read(process.stdout.fileno(), 1 << 16)).split(b"\n") if every else [b""]
        told += [float(line.split()[0]) for line in lines if line and line.split()[1] != b"0"]
        return [
            1000 * (min(at for at in told if at >= moment) - moment)
            for moment in written
            if moment <= told[-1]
        ]
    finally:
        process.kill()
        process.wait()
        stream.close()


def arriving(bench: Bench) -> Iterator[Row]:
    """Lines alone and at fifty a second, among few and among many files."""
    many = bench.sized(10_000, 1_000)
    times = bench.sized(200, 10)
    for kind, every, number in (("alone", None, times), ("50 a second", 0.02, bench.sized(500, 40))):
        medians = []
        for files in (10, many):
            bench.say(f"one line → its cell, {kind}, {files:,} files")
            half = by_watchfiles(bench, files, number // 2, every)
            found = on_screen(bench, files, number, every)
            beside = half + by_watchfiles(bench, files, number // 2, every)
            medians.append(quantile(found, 0.5))
            for share, aim in ((0.5, 20), (0.99, 40)):
                figure, against = quantile(found, share), quantile(beside, share)
                yield Row(
                    "arriving",
                    f"line → its cell, {kind}, {files:,} files, p{100 * share:.0f}",
                    figure,
                    "ms",
                    f"{_WATCHFILES}, p{100 * share:.0f}",
                    against,
                    figure / against,
                    Aim(aim, "figure"),
                    spread(found, "ms"),
                    samples=tuple(found) if share == 0.5 else (),
                )
        yield Row(
            "arriving",
            f"line → its cell, {kind}, {many:,} files against 10, p50",
            medians[1],
            "ms",
            "10 files",
            medians[0],
            medians[1] / medians[0],
            Aim(1.2),
        )
