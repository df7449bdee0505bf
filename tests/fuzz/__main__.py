"""Fuzzes the readers at length: mutated documents of every format, the invariants held against each.

    python -m tests.fuzz [--minutes N] [--format F]... [--seed S] [--seeds DIR]... [--keep PREFIX] [--atheris]
    python -m tests.fuzz --format F --again FILE

The inputs of a format depend on the seed alone, which is printed. With `--atheris` the same steps are
chosen by coverage instead (https://github.com/google/atheris, where it installs), for one format.
"""

import argparse
import importlib
import resource
import secrets
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.building import SAMPLE, SHARED
from tests.fuzz import invariants, mutations, seeds
from tests.fuzz.limits import limited
from tui.readers.streams import tapdocument

_TURN = 200
_CUTS_MOST = 3
_THOROUGH = 0.1  # the part of the inputs that is checked in every way


@dataclass(slots=True)
class Run:
    """What became of the inputs of one format."""

    name: str
    stock: seeds.Stock
    random: Random
    keep: str = ""
    inputs: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    slowest_input: bytes = b""
    failures: dict[str, tuple[int, bytes]] = field(default_factory=dict)

    def turn(self, number: int) -> None:
        """Make and check the next `number` inputs."""
        for _ in range(number):
            data = mutations.drawn(self.random, self.stock)
            cuts = [self.random.randrange(1 << 24) for _ in range(self.random.randrange(_CUTS_MOST + 1))]
            self.check(data, cuts, thorough=self.random.random() < _THOROUGH)

    def check(self, data: bytes, cuts: Sequence[int], *, thorough: bool) -> None:
        """Check one input; keep it where it is the first, or the shortest, that fails in its way."""
        began = time.process_time()
        try:
            with limited():
                invariants.check(self.name, data, cuts, thorough=thorough)
        except Exception as error:  # noqa: BLE001  # whatever escapes is what this looks for
            self._failed(error, data)
        took = time.process_time() - began
        self.inputs += 1
        self.seconds += took
        if took > self.slowest:
            self.slowest, self.slowest_input = took, data

    def _failed(self, error: Exception, data: bytes) -> None:
        what = _described(error)
        times, shortest = self.failures.get(what, (0, data))
        self.failures[what] = times + 1, min(shortest, data, key=len)
        if not times or len(data) < len(shortest):
            self._save(f"{list(self.failures).index(what) + 1}", data)
        if not times:
            _say(f"{self.name}, input {self.inputs}: {what}")

    def _save(self, suffix: str, data: bytes) -> None:
        if self.keep:
            Path(f"{self.keep}.{self.name}.{suffix}").write_bytes(data)

    def told(self) -> str:
        """The account in one line."""
        rate = self.inputs / self.seconds if self.seconds else 0.0
        slowest = f"slowest {self.slowest:.2f} s of {len(self.slowest_input):,} bytes"
        inputs = f"{self.name:10} {self.inputs:9,} inputs {rate:6.0f} a second"
        return f"{inputs}, {slowest}, {len(self.failures)} kinds of failure"

    def end(self) -> None:
        """Keep the slowest input."""
        self._save("slowest", self.slowest_input)


def _described(error: Exception) -> str:
    """How a failure is told from others: what was raised, and where."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(frame.filename).name}:{frame.lineno}"
    words = str(error).partition(" holds ")[0].partition("\n")[0]
    return f"{type(error).__name__} at {place}: {''.join(c for c in words if not c.isdigit())[:100]!r}"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def fuzz(runs: Sequence[Run], minutes: float) -> None:
    """Let the formats take turns until the time is over."""
    until = time.monotonic() + 60 * minutes
    while time.monotonic() < until:
        for run in runs:
            run.turn(_TURN)


def fuzz_by_coverage(run: Run, minutes: float) -> None:
    """Let atheris choose the steps. It ends the process by itself."""
    atheris = importlib.import_module("atheris")  # an optional tool

    atheris.instrument_all()
    size = 4 * len(mutations.Step._fields)

    def one(raw: bytes) -> None:
        numbers = memoryview(raw[: len(raw) // size * size]).cast("I").tolist()
        seed = run.stock.seeds[len(raw) % len(run.stock.seeds)]
        steps = [mutations.Step(*numbers[at : at + 4]) for at in range(0, len(numbers), 4)]
        data = mutations.mutated(seed, steps[:12], run.stock)
        run.check(data, [sum(raw[:2]), len(raw)], thorough=len(raw) % 5 == 0)

    atheris.Setup([sys.argv[0], f"-max_total_time={int(60 * minutes)}", "-max_len=200"], one)
    atheris.Fuzz()


def main() -> int:
    """Run as the command line asks."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=1.0, help="how long (default: 1)")
    parser.add_argument(
        "--format", action="append", choices=seeds.NAMES, help="only this one; may be repeated"
    )
    parser.add_argument("--seed", type=int, help="the seed of an earlier run")
    parser.add_argument(
        "--seeds", action="append", type=Path, metavar="DIR", help="results to make inputs from"
    )
    parser.add_argument(
        "--keep", default="", metavar="PREFIX", help="write what fails to PREFIX.FORMAT.NUMBER"
    )
    parser.add_argument(
        "--again", type=Path, metavar="FILE", help="check this input of --format, and no other"
    )
    parser.add_argument("--atheris", action="store_true", help="choose inputs by coverage")
    given = parser.parse_args()
    names = given.format or list(seeds.NAMES)
    tapdocument._NOT_RUN_LARGEST = 50  # as many as ten thousand take the time of a thousand other inputs
    if given.again:
        invariants.check(names[0], given.again.read_bytes(), [1, 10, 100, 1000])
        _say(f"{given.again}: all invariants hold")
        return 0
    seed = secrets.randbits(32) if given.seed is None else given.seed
    _say(f"seed {seed}")
    found = seeds.found(given.seeds or (SAMPLE, SHARED))
    runs = [
        Run(name, seeds.stock(name, found.get(name, ())), Random(f"{seed} {name}"), given.keep)  # noqa: S311
        for name in names
    ]
    try:
        if given.atheris:
            fuzz_by_coverage(runs[0], given.minutes)
        else:
            fuzz(runs, given.minutes)
    except KeyboardInterrupt:
        pass
    for run in runs:
        run.end()
        _say(run.told())
    inputs, seconds = sum(run.inputs for run in runs), sum(run.seconds for run in runs)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    rate = inputs / max(seconds, 1e-9)
    _say(f"{inputs:,} inputs in {seconds:,.0f} s of work, {rate:.0f} a second, peak memory {peak} MiB")
    return any(run.failures for run in runs)


if __name__ == "__main__":
    sys.exit(main())
