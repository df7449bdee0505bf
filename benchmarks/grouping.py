"""Groups failures by cause in a process of its own: python -m benchmarks.grouping FILE NUMBER TOLD.

The failures are those of a JUnit XML, as our reader tells them; writes JSON.
"""

import gc
import json
import sys
import time
from pathlib import Path

from benchmarks.reading import pieces
from tui.core.causes.groups import Causes
from tui.core.model import Failure, TestId, TestKey
from tui.readers.xml.junit import JunitReader

_MORE = 100


def failures(path: Path) -> list[tuple[Failure, ...]]:
    """The failures of every test that has some."""
    reader, found = JunitReader(), []
    for data in pieces(path):
        for event in reader.feed(data):
            if bad := getattr(event, "failures", ()):
                found.append(bad)
    return found


def main() -> None:
    """Group so many, then one more a hundred times."""
    path, number, told = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    made = [
        (TestKey("results.xml", TestId("unit", f"test_{n}")), bad) for n, bad in enumerate(failures(path))
    ]
    if len(made) < number + _MORE:
        raise SystemExit(f"the reader told of {len(made)} failures, not of {number + _MORE}")
    gc.collect()
    gc.freeze()
    causes, began = Causes(), time.perf_counter()
    for key, bad in made[:number]:
        causes.add(key, bad)
    whole = time.perf_counter() - began
    more = []
    for key, bad in made[number : number + _MORE]:
        before = time.perf_counter()
        causes.add(key, bad)
        more.append(time.perf_counter() - before)
    told.write_text(json.dumps({"whole": whole, "more": sorted(more)[_MORE // 2], "causes": len(causes)}))


if __name__ == "__main__":
    main()
