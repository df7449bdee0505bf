"""Appends results to a file at an even rate: python -m benchmarks.writing FILE KIND RATE SECONDS.

KIND: `go`, one line a result, all passed; `reportlog`, three lines a result, a tenth failed.
"""

import sys
import time
from pathlib import Path

from benchmarks import data

_EVERY = 0.01


def main() -> None:
    """Write."""
    path, kind = Path(sys.argv[1]), sys.argv[2]
    rate, seconds = float(sys.argv[3]), float(sys.argv[4])
    number = round(rate * seconds)
    if kind == "go":
        lines = [data.go_passed(n + 1_000_000) for n in range(number)]
        each = 1
    else:
        lines, each = list(data.report_lines(number, 1_000_000)), 3
    with path.open("a", encoding="utf-8") as file:
        began, done = time.perf_counter(), 0
        while done < number:
            due = min(int((time.perf_counter() - began) * rate), number)
            if due > done:
                file.write("".join(lines[done * each : due * each]))
                file.flush()
                done = due
            time.sleep(_EVERY)


if __name__ == "__main__":
    main()
