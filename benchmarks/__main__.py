"""Measures what runwatch costs, each figure beside a reference in the same run.

    python -m benchmarks [--cases N] [--runs N]

Absolute figures are for the reader; the ratio is what travels from machine to machine.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.parsers import expat

from tui.readers.streams.reportlog import ReportLogReader
from tui.readers.xml.junit import JunitReader

SAMPLE = Path(__file__).resolve().parents[1] / "sample_results"
_CHUNK = 64 * 1024


def junit_file(path: Path, cases: int) -> None:
    """pytest's dialect: 9 % failures and 1 % errors, each with a traceback of 2 kB; 20 cases a class."""
    trace = "\n".join(f"tests/test_x.py:{n}: in test_y\n    assert value == {n}" for n in range(50))
    with path.open("w", encoding="utf-8") as file:
        file.write(f'<testsuites name="pytest tests"><testsuite name="pytest" tests="{cases}">')
        for n in range(cases):
            place = f"tests.unit.test_{n // 20}.TestIt"
            head = f'<testcase classname="{place}" name="test_case_{n}" time="0.01"'
            if n % 10:
                file.write(f"{head} />")
            else:
                tag = "error" if n % 100 == 0 else "failure"
                file.write(
                    f'{head}><{tag} message="AssertionError: assert {n} == 0">{trace}</{tag}></testcase>'
                )
        file.write("</testsuite></testsuites>")


def report_log(path: Path, tests: int) -> None:
    """Three lines a test, all passed."""
    with path.open("w", encoding="utf-8") as file:
        file.write('{"pytest_version": "9.0.3", "$report_type": "SessionStart"}\n')
        for n in range(tests):
            for when in ("setup", "call", "teardown"):
                line = {
                    "nodeid": f"tests/unit/test_{n // 20}.py::TestIt::test_case_{n}",
                    "location": [f"tests/unit/test_{n // 20}.py", n, "TestIt.test_case"],
                    "keywords": {f"test_case_{n}": 1, "TestIt": 1},
                    "outcome": "passed",
                    "longrepr": None,
                    "when": when,
                    "user_properties": [],
                    "sections": [],
                    "duration": 0.001,
                    "start": 1.7e9 + n,
                    "stop": 1.7e9 + n + 0.001,
                    "$report_type": "TestReport",
                }
                file.write(json.dumps(line) + "\n")
        file.write('{"exitstatus": 0, "$report_type": "SessionFinish"}\n')


def pieces(path: Path) -> Iterator[bytes]:
    """The bytes of a file, as intake reads them."""
    with path.open("rb") as file:
        while data := file.read(_CHUNK):
            yield data


def bare_expat(path: Path) -> None:
    """The floor: the name, class, time and outcome of every case, and nothing else."""
    found: list[tuple[str | None, ...]] = []
    current: list[str | None] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "testcase":
            current[:] = [attributes.get("classname"), attributes.get("name"), attributes.get("time"), None]
        elif tag in ("failure", "error", "skipped") and current:
            current[3] = tag

    def end(tag: str) -> None:
        if tag == "testcase":
            found.append(tuple(current))

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    for data in pieces(path):
        parser.Parse(data)


def bare_json(path: Path) -> None:
    """The floor for JSON lines: each line decoded."""
    for line in path.read_bytes().splitlines():
        json.loads(line)


def read(reader: JunitReader | ReportLogReader, path: Path) -> None:
    """Feed a reader a whole file."""
    for data in pieces(path):
        reader.feed(data)


def process(*command: str) -> Callable[[], None]:
    """A whole process, from start to end."""
    # As it is installed: the first run compiles, the next ones find the bytecode there.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def run() -> None:
        subprocess.run(command, env=environment, capture_output=True, check=False)  # noqa: S603  # our own commands

    run()
    return run


def pair(what: Callable[[], None], reference: Callable[[], None], runs: int) -> tuple[float, float, float]:
    """Median seconds of both, run in turn, and the median of their ratios."""
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(runs):
        for call, times in ((what, ours), (reference, theirs)):
            began = time.perf_counter()
            call()
            times.append(time.perf_counter() - began)
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    return statistics.median(ours), statistics.median(theirs), statistics.median(ratios)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        xml, log = Path(temporary) / "r.xml", Path(temporary) / "r.jsonl"
        junit_file(xml, options.cases)
        report_log(log, options.cases // 3)
        check = process(sys.executable, "-m", "tui", "check", str(SAMPLE))
        rows = [
            ("JUnit XML: reader", "bare expat", lambda: read(JunitReader(), xml), lambda: bare_expat(xml)),
            (
                "report log: reader",
                "json.loads a line",
                lambda: read(ReportLogReader(), log),
                lambda: bare_json(log),
            ),
            (
                "check on the sample",
                "import rich.console",
                check,
                process(sys.executable, "-c", "import rich.console"),
            ),
        ]
        print(f"{options.cases:,} cases, median of {options.runs} runs\n")  # noqa: T201
        for what, against, ours, reference in rows:
            mine, other, ratio = pair(ours, reference, options.runs)
            print(f"{what:<22} {mine:7.3f} s   {against:<20} {other:7.3f} s   ratio {ratio:5.2f}")  # noqa: T201


if __name__ == "__main__":
    main()
