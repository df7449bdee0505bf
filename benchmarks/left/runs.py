"""Runs that are simulated: who runs which test when, serially or as pytest-xdist deals them out.

Pure: everything comes from a seed. Durations are heavy-tailed and alike within a module, as in real suites;
the second run of a suite differs from the first by load, by chance, and by what a test file sets up.
"""

import random
from dataclasses import dataclass

PER_MODULE = 20


@dataclass(frozen=True)
class Test:
    """A test as it ran: when it began and ended, in seconds from the start, and where."""

    number: int
    began: float
    ended: float
    worker: int

    @property
    def took(self) -> float:
        """Its duration in seconds."""
        return self.ended - self.began


def suite(tests: int, seed: int, spread: float = 1.6) -> list[float]:
    """How long each test takes, in seconds; `spread` is the sigma of its logarithm."""
    chance = random.Random(seed)  # noqa: S311  # no secret
    found: list[float] = []
    for _ in range(0, tests, PER_MODULE):
        centre = chance.gauss(-2.5, spread)
        found += [2.718 ** chance.gauss(centre, spread / 2) for _ in range(PER_MODULE)]
    return [min(each, 60.0) for each in found[:tests]]


def again(durations: list[float], seed: int, load: float, noise: float) -> list[float]:
    """The same suite on another day."""
    chance = random.Random(seed)  # noqa: S311
    return [each * load * 2.718 ** chance.gauss(0, noise) for each in durations]


def serial(order: list[int], durations: list[float], beside: float) -> list[Test]:
    """One after the other, `beside` seconds of the runner's own between them."""
    found, clock = [], 0.0
    for number in order:
        found.append(Test(number, clock, clock + durations[number], 0))
        clock += durations[number] + beside
    return found


def dealt(order: list[int], durations: list[float], beside: float, workers: int) -> list[Test]:
    """As `pytest -n` deals them out (xdist's LoadScheduling): chunks ahead, more when few are waiting."""
    pending = list(order)
    queues: list[list[int]] = [[] for _ in range(workers)]
    first = max(len(pending) // (4 * workers), 2)
    for queue in queues:
        queue.extend(pending[:first])
        del pending[:first]
    clocks = [0.0] * workers
    found = []
    while any(queues):
        worker = min((w for w in range(workers) if queues[w]), key=lambda w: clocks[w])
        number = queues[worker].pop(0)
        began = clocks[worker]
        found.append(Test(number, began, began + durations[number], worker))
        clocks[worker] = began + durations[number] + beside
        least, most = max(2, len(pending) // workers // 4), max(2, len(pending) // workers // 2)
        if pending and len(queues[worker]) < least:
            number_sent = most - len(queues[worker])
            queues[worker] += pending[:number_sent]
            del pending[:number_sent]
    return found
