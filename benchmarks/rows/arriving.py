"""From a line that is written to its cell on the terminal."""

import os
import random
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks import data
from benchmarks.bench import PATIENCE, Bench, executed
from benchmarks.figures import Aim, Row, quantile, spread
from benchmarks.terminal import GoneError, Terminal

_EACH = 20
_BEFORE = 5
_WATCHFILES = "watchfiles alone (50, 5)"
_PATIENCE = 5.0


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


class Rhythm(NamedTuple):
    """How lines come: so many, at even distances of seconds, or each alone, at uneven ones."""

    words: str
    times: int
    every: float | None

    def gaps(self, times: int) -> Iterator[float]:
        """The seconds from one line to the next."""
        chance = random.Random(7)  # noqa: S311  # the same every time
        for _ in range(times):
            yield self.every or chance.uniform(0.12, 0.3)


def on_screen(bench: Bench, files: int, rhythms: Sequence[Rhythm]) -> list[list[float]]:
    """Milliseconds from each line to the paint whose count has it, for each rhythm."""
    stream = Stream(bench, files)
    try:
        with bench.app(stream.directory) as terminal:
            terminal.wait(lambda screen: executed(screen) > 0, PATIENCE, "a count")
            terminal.settle(1.5)
            return [_followed(terminal, stream, rhythm) for rhythm in rhythms]
    finally:
        stream.close()


def _followed(terminal: Terminal, stream: Stream, rhythm: Rhythm) -> list[float]:
    base = executed(terminal.screen)
    written: list[float] = []
    found: list[float] = []

    def look(until: float) -> None:
        while (left := until - time.perf_counter()) > 0:
            at = terminal.pump(left)
            if at is not None:
                seen = min(executed(terminal.screen) - base, len(written))
                found.extend(1000 * (at - moment) for moment in written[len(found) : seen])
            if rhythm.every is None and len(found) == len(written) == rhythm.times:
                return

    following = time.perf_counter()
    for gap in rhythm.gaps(rhythm.times):
        written.append(stream.append())
        following = following + gap if rhythm.every else time.perf_counter() + gap
        look(following)
    look(time.perf_counter() + (_PATIENCE if len(found) < len(written) else 0))
    if len(found) < rhythm.times:
        missing = rhythm.times - len(found)
        raise GoneError(f"{missing} of {rhythm.times} lines did not show:\n{terminal.screen.text}")
    return found


def by_watchfiles(bench: Bench, files: int, rhythms: Sequence[Rhythm]) -> list[list[float]]:
    """Milliseconds from each line to the batch of watchfiles that tells of it, for each rhythm."""
    stream = Stream(bench, files)
    script = Path(__file__).resolve().parents[1] / "references" / "watching.py"
    command = [sys.executable, str(script), str(stream.directory)]
    process = subprocess.Popen(command, env=bench.environment, stdout=subprocess.PIPE)  # noqa: S603
    assert process.stdout is not None
    try:
        os.read(process.stdout.fileno(), 4096)
        return [_told(process.stdout.fileno(), stream, rhythm) for rhythm in rhythms]
    finally:
        process.kill()
        process.wait()
        stream.close()


def _told(watcher: int, stream: Stream, rhythm: Rhythm) -> list[float]:
    written, told, rest = list[float](), list[float](), b""

    def look(until: float) -> None:
        nonlocal rest
        while (left := until - time.perf_counter()) > 0:
            if select.select([watcher], [], [], left)[0]:
                *lines, rest = (rest + os.read(watcher, 4096)).split(b"\n")
                told.extend(float(line.split()[0]) for line in lines if line.split()[1] != b"0")

    for gap in rhythm.gaps(rhythm.times // 2):
        written.append(stream.append())
        look(written[-1] + gap)
    look(time.perf_counter() + 0.2)
    return [
        1000 * (min(at for at in told if at >= moment) - moment) for moment in written if moment <= told[-1]
    ]


def arriving(bench: Bench) -> Iterator[Row]:
    """Lines alone and at fifty a second, among few and among many files."""
    many = bench.sized(10_000, 1_000)
    rhythms = (
        Rhythm("alone", bench.sized(200, 10), None),
        Rhythm("50 a second", bench.sized(500, 40), 0.02),
    )
    found, beside = dict[int, list[list[float]]](), dict[int, list[list[float]]]()
    for files in (10, many):
        bench.say(f"one line → its cell, {files:,} files")
        half = by_watchfiles(bench, files, rhythms)
        found[files] = on_screen(bench, files, rhythms)
        rest = by_watchfiles(bench, files, rhythms)
        beside[files] = [one + other for one, other in zip(half, rest, strict=True)]
    for at, rhythm in enumerate(rhythms):
        for files in (10, many):
            for share, aim in ((0.5, 20), (0.99, 40)):
                figure, against = quantile(found[files][at], share), quantile(beside[files][at], share)
                yield Row(
                    "arriving",
                    f"line → its cell, {rhythm.words}, {files:,} files, p{100 * share:.0f}",
                    figure,
                    "ms",
                    f"{_WATCHFILES}, p{100 * share:.0f}",
                    against,
                    figure / against,
                    Aim(aim, "figure"),
                    spread(found[files][at], "ms"),
                    samples=tuple(found[files][at]) if share == 0.5 else (),
                )
        few, lots = (quantile(found[files][at], 0.5) for files in (10, many))
        yield Row(
            "arriving",
            f"line → its cell, {rhythm.words}, {many:,} files against 10, p50",
            lots,
            "ms",
            "10 files",
            few,
            lots / few,
            Aim(1.2),
        )
