"""Measures runwatch from the outside, each figure beside a reference in the same run, and prints one table.

    python -m benchmarks [--quick] [--only WORDS] [--json PATH] [--list]

Absolute figures are for the reader; ratios travel from machine to machine. What was not measured is said.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import record, table
from benchmarks.bench import ROOT, Bench
from benchmarks.figures import Row
from benchmarks.rows import PARTS

RESULTS = ROOT / "benchmarks" / "results" / "latest.json"


def main() -> None:
    """Measure, print the table, keep the figures."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--quick", action="store_true", help="every row at a smaller size, in about three minutes"
    )
    parser.add_argument("--only", nargs="+", metavar="WORD", help="only the parts with one of these words")
    parser.add_argument("--json", type=Path, default=RESULTS, metavar="PATH", help="where the figures go")
    parser.add_argument("--list", action="store_true", help="name the parts, measure nothing")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the data here, for the next time")
    options = parser.parse_args()
    chosen = [part for part in PARTS if not options.only or any(word in part for word in options.only)]
    if options.list:
        print("\n".join(chosen))  # noqa: T201
        return
    if not chosen:
        parser.error(f"no part has such a word; there are: {', '.join(PARTS)}")
    home = options.keep or Path(tempfile.mkdtemp(prefix="runwatch-bench-"))
    home.mkdir(parents=True, exist_ok=True)
    began = time.time()
    rows: list[Row] = []
    took: dict[str, float] = {}
    try:
        bench = Bench(home.resolve(), lambda text: say(began, text), quick=options.quick)
        for part in chosen:
            before = time.time()
            bench.say(part)
            rows += measured(part, PARTS[part], bench)
            took[part] = time.time() - before
            record.write(options.json, rows, quick=options.quick, took=took, began=began)
    except KeyboardInterrupt:
        print("interrupted: the rest was not measured", file=sys.stderr)  # noqa: T201
    finally:
        for name in ("fresh", "state", "config") if options.keep else ("",):
            shutil.rmtree(home / name, ignore_errors=True)
    if options.quick:
        print("QUICK: smaller sizes than the aims are meant for; what is reached here may not be there\n")  # noqa: T201
    print(table.text(rows) if rows else "nothing was measured")  # noqa: T201
    print(f"\n{time.time() - began:.0f} s; figures in {options.json}; {record.machine()['words']}")  # noqa: T201


def measured(part: str, rows: Callable[[Bench], Iterator[Row]], bench: Bench) -> Iterator[Row]:
    """The rows of a part; where it fails, a row that says why."""
    try:
        yield from rows(bench)
    except Exception as error:  # noqa: BLE001  # whatever fails in one part, the others are measured
        print(f"\n{part}: {type(error).__name__}: {error}", file=sys.stderr)  # noqa: T201
        yield Row(part, part, failed=f"{type(error).__name__}: {error}")


def say(began: float, text: str) -> None:
    """What is done now, on stderr."""
    words = f"{time.time() - began:6.0f} s  {text}"
    sys.stderr.write(f"\r\x1b[2K{words}" if sys.stderr.isatty() else f"{words}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
