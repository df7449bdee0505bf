"""Plants faults in real test suites and says how well their failures are grouped by cause.

    python -m benchmarks.causes [--quick] [--rounds N] [--faults K] [--work DIR] [--out FILE]

Every fault runs alone first: the tests that fail by it carry its label, those that fail by several
carry none. Then all faults of a round run at once, and what runwatch makes of the results is held
against the labels, beside grouping by the exact message and by type and innermost frame.
"""

import argparse
import json
import signal
import sys
import tempfile
from collections.abc import Callable, Hashable, Iterator
from itertools import starmap
from pathlib import Path

from benchmarks.causes.rounds import play
from benchmarks.causes.score import Pairs, pairs
from benchmarks.causes.suites import SUITES, Suite, Workshop
from tui.config import Config
from tui.core.causes.signature import signature
from tui.core.model import Failure
from tui.load import load

_SETTLED = 4_000_000_000.0

Grouping = Callable[[Failure], Hashable]

GROUPINGS: dict[str, Grouping] = {
    "runwatch": signature,
    "exact message": lambda failure: (failure.type, failure.message),
    "type and top frame": lambda failure: (
        failure.type,
        failure.location.path if failure.location else "",
        failure.function,
    ),
}
FORMATS = {"JUnit XML": "junit.xml", "report log": "report.jsonl"}


def labelled(folder: Path, file: str) -> Iterator[tuple[Failure, int]]:
    """The failures of a round as runwatch reads them from one file, each with the number of its fault."""
    labels: dict[str, int] = json.loads((folder / "labels.json").read_text("utf-8"))["labels"]
    if not labels:
        return
    with tempfile.TemporaryDirectory() as alone:
        (Path(alone) / file).write_bytes((folder / "together" / file).read_bytes())
        store = load(Path(alone), Config(), now=lambda: _SETTLED)
    for result in store.tests.values():
        label = labels.get(result.label)
        if label is not None and result.outcome.is_bad:
            for failure in result.failures:
                yield failure, label


def scored(folder: Path, file: str) -> dict[str, Pairs]:
    """For each way to group, the pairs of one round."""
    found = list(labelled(folder, file))
    return {name: pairs((group(f), label) for f, label in found) for name, group in GROUPINGS.items()}


def main() -> None:
    """Play the rounds, print the figures."""
    parser = argparse.ArgumentParser(prog="benchmarks.causes", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="four suites, one round each")
    parser.add_argument("--suite", action="append", help="only this suite; may be repeated")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--faults", type=int, default=5)
    parser.add_argument("--style", default="auto", help="pytest's --tb of the run with all faults")
    parser.add_argument("--work", type=Path, help="keep suites and results here, and use them again")
    parser.add_argument("--out", type=Path, help="write the figures as JSON")
    arguments = parser.parse_args()
    chosen = [
        s for s in SUITES if (not arguments.quick or s.quick) and s.name in (arguments.suite or [s.name])
    ]
    rounds = 1 if arguments.quick else arguments.rounds
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # no fault may stay planted in what is kept
    with tempfile.TemporaryDirectory() as temporary:
        workshop = Workshop((arguments.work or Path(temporary)).resolve())
        workshop.prepare(tuple(chosen))
        figures = {}
        for suite in chosen:
            folders = [
                play(workshop, suite, seed, arguments.faults, arguments.style) for seed in range(rounds)
            ]
            figures[suite] = _summed([scored(f, file) for f in folders for file in FORMATS.values()])
            _print(suite.name, figures[suite])
    for title, held_out in (("tuned on", False), ("held out", True)):
        some = [each for suite, each in figures.items() if suite.held_out is held_out]
        if some:
            _print(f"all {title}", _summed(some))
    if arguments.out:
        arguments.out.write_text(json.dumps(list(starmap(_json, figures.items())), indent=1), "utf-8")


def _summed(scores: list[dict[str, Pairs]]) -> dict[str, Pairs]:
    return {name: sum((score[name] for score in scores), start=Pairs()) for name in GROUPINGS}


def _print(title: str, score: dict[str, Pairs]) -> None:
    told = [f"{name} {found.precision:.3f} {found.recall:.3f}" for name, found in score.items()]
    print(f"{title:<16} {score['runwatch'].true:>9,} pairs   {'   '.join(told)}", flush=True)  # noqa: T201


def _json(suite: Suite, score: dict[str, Pairs]) -> dict[str, object]:
    told = {
        name: {"precision": found.precision, "recall": found.recall, "found": found.found, "both": found.both}
        for name, found in score.items()
    }
    return {"suite": suite.requirement, "held_out": suite.held_out, "pairs": score["runwatch"].true, **told}


if __name__ == "__main__":
    main()
