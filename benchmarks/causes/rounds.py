"""One round: K faults in one suite, each run alone for its label, then all at once."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from random import Random

from benchmarks.causes.faults import KINDS, Fault, edited, planted
from benchmarks.causes.suites import Suite, Workshop

_DRAWS = 400
_TRIES = 5
_LARGEST_PART = 0.4


def failing(results: Path) -> frozenset[str]:
    """The tests that a report log says are bad in any phase, modules that were not collected included."""
    found = set()
    with (results / "report.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            said = json.loads(line)
            if said.get("outcome") == "failed":
                found.add(str(said["nodeid"]))
    return frozenset(found)


def tests_in(results: Path) -> int:
    """How many tests a report log tells of."""
    with (results / "report.jsonl").open(encoding="utf-8") as lines:
        return sum('"when": "setup"' in line for line in lines)


def play(workshop: Workshop, suite: Suite, seed: int, faults: int, style: str) -> Path:
    """The directory with the results of one round and its `labels.json`; one that is there is used again."""
    folder = workshop.root / "rounds" / f"{suite.name}-{seed}-{faults}-{style}"
    if (folder / "labels.json").exists():
        return folder
    random = Random(f"{suite.name} {seed}")  # noqa: S311  # chosen, not secret
    without = workshop.root / "rounds" / f"{suite.name}-without"
    if not (without / "report.jsonl").exists():
        workshop.run(suite, without, "no", reach=True)
    broken, most = failing(without), tests_in(without) * _LARGEST_PART
    reach = json.loads((without / "reach.json").read_text("utf-8"))
    kept: list[tuple[Fault, frozenset[str]]] = []
    drawn = _drawn(workshop.tree(suite), suite, random, reach, most)
    for fault in islice(drawn, faults * _TRIES):
        if len(kept) == faults:
            break
        if any((fault.path, fault.function) == (other.path, other.function) for other, _ in kept):
            continue
        alone = folder / "alone"
        with _planted(workshop.tree(suite), [fault]):
            ended = workshop.run(suite, alone, "no")
        fell = failing(alone) - broken if ended else frozenset()
        if 2 <= len(fell) <= most:
            kept.append((fault, fell))
    with _planted(workshop.tree(suite), [fault for fault, _ in kept]):
        ended = workshop.run(suite, folder / "together", style)
    labels: dict[str, int] = {}
    for number, (_, fell) in enumerate(kept):
        others = frozenset().union(*(tests for other, (_, tests) in enumerate(kept) if other != number))
        # Faults that hang only together leave nothing to be judged.
        labels |= dict.fromkeys(sorted(fell - others) if ended else (), number)
    told = [{"kind": f.kind, "path": f.path, "function": f.function, "tests": len(fell)} for f, fell in kept]
    (folder / "labels.json").write_text(json.dumps({"faults": told, "labels": labels}, indent=1), "utf-8")
    return folder


def _drawn(tree: Path, suite: Suite, random: Random, reach: dict[str, int], most: float) -> Iterator[Fault]:
    """Faults in functions that more than one test enters, and not most of them."""
    entered = [name.split(" ", 1) for name, tests in sorted(reach.items()) if 2 <= tests <= most]
    code = [place for place in entered if place[0].startswith(suite.code) and not _is_test(place[0])]
    tests = [place for place in entered if place[0].startswith(suite.tests)]
    kinds: list[str] = []
    for _ in range(_DRAWS):
        kinds = kinds or random.sample(KINDS, len(KINDS))
        kind = kinds.pop()
        places = tests if kind == "fixture" else code
        if not places:
            continue
        path, function = random.choice(places)
        fault = planted(kind, path, function, (tree / path).read_text("utf-8"), random)
        if fault is not None:
            yield fault


def _is_test(path: str) -> bool:
    return any(part in ("test", "tests", "testing") for part in path.split("/"))


@contextmanager
def _planted(tree: Path, faults: Sequence[Fault]) -> Iterator[None]:
    """The faults stand in the tree as long as the block lasts."""
    before = {tree / path: (tree / path).read_text("utf-8") for path in {fault.path for fault in faults}}
    try:
        for path, text in before.items():
            own = [fault for fault in faults if tree / fault.path == path]
            path.write_text(edited(text, own), "utf-8")
        yield
    finally:
        for path, text in before.items():
            path.write_text(text, "utf-8")
