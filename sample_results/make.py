"""Make the sample results: run pytest on the small service beside this file and keep what it wrote.

Nothing is invented but the clock. Times, durations, host name and paths are normalised, so that a
second run gives the same bytes and the files can be checked (`--check`). All else is pytest's.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SERVICE = HERE / "service"
PINS = {"pytest": "9.0.3", "pytest-reportlog": "1.0.0"}

NOW = datetime(2026, 1, 13, 9, 48, 0, 182000, tzinfo=UTC)
EARLIER = datetime(2026, 1, 8, 16, 20, 0, 417000, tzinfo=UTC)
HOST = "ci-runner"
ADDRESS = "0x7f3a5c0d1e90"
IMPORTLIB = "lib/python3.11/importlib/__init__.py:126"
BETWEEN_SUITES = timedelta(seconds=1.5)
WAITED = 5_000_000  # what a collect() that timed out stands for, in microseconds


class MakeError(Exception):
    """The run was not what the samples are meant to show."""


@dataclass(frozen=True)
class Suite:
    """One pytest run and the per-test counts that it must have."""

    name: str
    path: str
    form: str  # "xml" or "jsonl"
    passed: int
    failed: int
    errors: int

    @property
    def file(self) -> str:
        return f"{self.name}.{self.form}"


CURRENT = (
    Suite("websocket", "tests/unit/websocket", "xml", 178, 81, 101),
    Suite("config", "tests/unit/config", "xml", 56, 6, 0),
    Suite("core", "tests/core", "jsonl", 100, 7, 3),
)
BASELINE = (
    Suite("websocket", "tests/unit/websocket", "xml", 189, 70, 101),
    Suite("config", "tests/unit/config", "xml", 54, 7, 0),
    Suite("core", "tests/core", "xml", 97, 9, 3),
)
EVENTS = "chat.events.jsonl"


@dataclass(frozen=True)
class Patch:
    """One place of the service as it was at the time of the baseline."""

    path: str
    now: str
    then: str


AS_IT_WAS = (
    # 11 regressions since: the replay buffer was cut down to save memory.
    Patch("app/websocket/replay.py", "REPLAY_LIMIT = 3\n", "REPLAY_LIMIT = 64\n"),
    # 3 fixed since: one word for yes, and the sorting of names that two tests look at.
    Patch("app/config/env.py", '"yes", "on"}', '"yes"}'),
    Patch("app/core/registry.py", "return sorted(self._entries)", "return list(self._entries)"),
    # 3 new tests since, one in each suite.
    Patch("tests/unit/websocket/test_frames.py", "2**31, 2**53]", "2**31]"),
    Patch("tests/unit/config/test_env.py", '        ("0.5s", 0.5),\n', ""),
    Patch("tests/core/test_ids.py", '"ana ", "ana/2"]', '"ana "]'),
    # 1 test that has gone since.
    Patch(
        "tests/unit/websocket/test_frames.py",
        '@pytest.mark.parametrize("seq"',
        "def test_sequence_starts_at_one() -> None:\n"
        '    assert decode(encode(Event("chunk", 1, "th-1"))).seq == 1\n'
        '\n\n@pytest.mark.parametrize("seq"',
    ),
)


@dataclass
class Clock:
    """Lays runs out one after the other, and remembers when each test ran."""

    now: datetime
    tests: dict[str, tuple[datetime, int]] = field(default_factory=dict)

    def take(self, micros: int) -> datetime:
        start = self.now
        self.now += timedelta(microseconds=micros)
        return start


def spread(key: str, low: int, high: int) -> int:
    """A number between low and high that depends on the key alone; small ones are more frequent."""
    share = int.from_bytes(hashlib.sha256(key.encode()).digest()[:6], "big") / (1 << 48)
    return round(low * math.pow(high / low, share))


def call_time(test: str) -> int:
    """Microseconds for a test's call: mostly 5 to 400 ms, one in sixty takes seconds."""
    if spread(f"{test} slow", 1, 1000) > 890:
        return spread(test, 1_100_000, 3_600_000)
    return spread(test, 5_000, 400_000)


def scrub(text: str, root: Path) -> str:
    """Take out what belongs to one machine and one run: paths, object addresses, library lines."""
    text = text.replace(f"{root}{os.sep}", "").replace(str(root), ".")
    text = re.sub(r"[^\s'\"]*importlib/__init__\.py:\d+", IMPORTLIB, text)
    return re.sub(r"(?<= at )0x[0-9a-f]+", ADDRESS, text)


def scrub_all(value: Any, root: Path) -> Any:
    """Scrub every string of a decoded record: in its JSON form a newline would be `\\n`."""
    if isinstance(value, str):
        return scrub(value, root)
    if isinstance(value, list):
        return [scrub_all(item, root) for item in value]
    if isinstance(value, dict):
        return {key: scrub_all(item, root) for key, item in value.items()}
    return value


def case_key(case: ET.Element) -> str:
    return f"{case.get('classname', '')}::{case.get('name', '')}"


def normalise_xml(raw: str, root: Path, clock: Clock) -> str:
    """Rewrite the clock of a JUnit file. Its structure and its header counts stay pytest's own."""
    head, body = scrub(raw, root).split("?>", 1)
    tree = ET.fromstring(body)
    if ET.tostring(tree, encoding="unicode") != body:
        raise MakeError("the XML does not survive being read and written")
    suite = tree[0]
    began = clock.now
    cases = suite.findall("testcase")
    left = Counter(case_key(case) for case in cases)
    for case in cases:
        key = case_key(case)
        left[key] -= 1
        if not case.get("classname"):  # a module that was not collected takes no time
            micros = 0
        elif case.find("failure") is not None and left[key]:
            micros = WAITED + spread(f"{key} waited", 4_000, 60_000)
        elif case.find("error") is not None:
            micros = spread(f"{key} error", 1_000, 12_000)
        else:
            micros = call_time(key)
        micros = micros // 1000 * 1000
        case.set("time", f"{micros / 1e6:.3f}")
        clock.tests.setdefault(key, (clock.now, micros))
        clock.take(micros)
    suite.set("time", f"{(clock.now - began).total_seconds():.3f}")
    suite.set("timestamp", began.isoformat())
    suite.set("hostname", HOST)
    return head + "?>" + ET.tostring(tree, encoding="unicode")


def normalise_log(raw: str, root: Path, clock: Clock) -> str:
    """Rewrite the clock of a report log: duration, start and stop agree in every phase."""
    lines: list[str] = []
    for text in raw.splitlines():
        record: dict[str, Any] = scrub_all(json.loads(text), root)
        if record["$report_type"] == "TestReport":
            test = record["nodeid"]
            when = record["when"]
            micros = call_time(test) if when == "call" else spread(f"{test} {when}", 180, 2_400)
            record["duration"] = micros / 1e6
            record["start"] = clock.take(micros).timestamp()
            record["stop"] = clock.now.timestamp()
        lines.append(json.dumps(record) + "\n")
    return "".join(lines)


def normalise_events(raw: str, clock: Clock) -> str:
    """Give each observed event a time inside the test that observed it."""
    records: list[dict[str, Any]] = [json.loads(line) for line in raw.splitlines()]
    total = Counter(record["test"] for record in records)
    seen: Counter[str] = Counter()
    lines: list[str] = []
    for record in records:
        test = record["test"]
        seen[test] += 1
        start, micros = clock.tests[test.replace("/", ".").replace(".py::", "::", 1)]
        offset = min(micros, 300_000) * seen[test] // (total[test] + 1)
        moment = start + timedelta(microseconds=offset)
        record["ts"] = moment.isoformat(timespec="milliseconds")
        lines.append(json.dumps(record) + "\n")
    return "".join(lines)


def count_xml(text: str) -> Counter[str]:
    """Tests by outcome: a test that failed and then erred in teardown is one failed test."""
    outcomes: dict[str, str] = {}
    for case in ET.fromstring(text.split("?>", 1)[1]).iter("testcase"):
        key = case_key(case)
        if case.find("failure") is not None:
            outcomes[key] = "failed"
        elif case.find("error") is not None:
            outcomes.setdefault(key, "error")
        else:
            outcomes[key] = "passed"
    return Counter(outcomes.values())


def count_log(text: str) -> Counter[str]:
    """Tests by outcome: a module that could not be collected is one test in error."""
    outcomes: dict[str, str] = {}
    for record in map(json.loads, text.splitlines()):
        bad = record.get("outcome") == "failed"
        if record["$report_type"] == "CollectReport" and bad:
            outcomes[record["nodeid"]] = "error"
        elif record["$report_type"] == "TestReport":
            if record["when"] == "call":
                outcomes[record["nodeid"]] = "failed" if bad else "passed"
            elif bad:
                outcomes.setdefault(record["nodeid"], "error")
    return Counter(outcomes.values())


def run_pytest(python: Path, suite: Suite, root: Path) -> str:
    """One real pytest run, in an environment that says nothing about this machine."""
    target = root.parent / suite.file
    events = root.parent / EVENTS
    target.unlink(missing_ok=True)
    command = [str(python), "-m", "pytest", suite.path, "--continue-on-collection-errors"]
    command += ["-p", "no:cacheprovider", "-p", "pytest_reportlog.plugin"]
    command += ["-o", "verbosity_assertions=2"]  # whole diffs, but library frames stay folded
    if suite.form == "xml":
        command += [f"--junitxml={target}"]
        command += ["-o", "junit_logging=all", "-o", "junit_log_passing_tests=false"]
    else:
        command += [f"--report-log={target}"]
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    env = kept | {
        "COLUMNS": "100",
        "GOLDEN_EVENTS": str(events),
        "LANG": "C.UTF-8",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        "TZ": "UTC",
    }
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)
    if done.returncode != 1 or not target.exists():
        raise MakeError(f"pytest on {suite.path} ended with {done.returncode}:\n{done.stdout[-2000:]}")
    return target.read_text(encoding="utf-8")


def copy_service(work: Path, patches: Sequence[Patch]) -> Path:
    """The service under a neutral name, with the patches applied; each must fit exactly once."""
    root = work / "agent-platform"
    shutil.copytree(SERVICE, root, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    for patch in patches:
        path = root / patch.path
        text = path.read_text(encoding="utf-8")
        if text.count(patch.now) != 1:
            raise MakeError(f"{patch.path}: {patch.now!r} is not there exactly once")
        path.write_text(text.replace(patch.now, patch.then), encoding="utf-8")
    return root


def run_suites(
    python: Path, work: Path, suites: Sequence[Suite], clock: Clock, patches: Sequence[Patch] = ()
) -> dict[str, str]:
    """All suites of one state of the service; refuses results that are not the wanted case."""
    root = copy_service(work, patches)
    results: dict[str, str] = {}
    for suite in suites:
        raw = run_pytest(python, suite, root)
        normalise = normalise_xml if suite.form == "xml" else normalise_log
        text = normalise(raw, root, clock)
        counts = count_xml(text) if suite.form == "xml" else count_log(text)
        wanted = Counter(passed=suite.passed, failed=suite.failed, error=suite.errors)
        if +counts != +wanted:
            raise MakeError(f"{suite.file}: {dict(counts)}, wanted {dict(wanted)}")
        results[suite.file] = text
        clock.now += BETWEEN_SUITES
    raw_events = (work / EVENTS).read_text(encoding="utf-8")
    results[EVENTS] = normalise_events(raw_events, clock)
    return results


def make(python: Path) -> dict[str, str]:
    """Every results file, by its path in this folder."""
    results: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="samples-") as name:
        work = Path(name).resolve()
        (work / "now").mkdir()
        (work / "then").mkdir()
        results |= run_suites(python, work / "now", CURRENT, Clock(NOW))
        then = run_suites(python, work / "then", BASELINE, Clock(EARLIER), AS_IT_WAS)
        del then[EVENTS]  # the earlier commit wrote no event log
        results |= {f"baseline/{name}": text for name, text in then.items()}
    return results


def check_versions(python: Path) -> None:
    """Another pytest writes other files, so the pins are not a matter of taste."""
    code = "import importlib.metadata as m, sys; print(*[m.version(p) for p in sys.argv[1:]])"
    done = subprocess.run([str(python), "-c", code, *PINS], capture_output=True, text=True, check=False)
    if done.returncode != 0 or done.stdout.split() != list(PINS.values()):
        found = done.stdout.strip() or "not installed"
        wanted = ", ".join(f"{name}=={version}" for name, version in PINS.items())
        raise MakeError(f"{python} must have {wanted} (found: {found})")


def new_environment(folder: Path) -> Path:
    """A virtual environment with the pinned pytest and nothing else."""
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pins = [f"{name}=={version}" for name, version in PINS.items()]
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", *pins], check=True)
    return python


def differing(results: dict[str, str]) -> list[str]:
    """The names of the files that are not what was made now."""
    names = []
    for name, text in results.items():
        path = HERE / name
        if not path.is_file() or path.read_bytes() != text.encode():
            names.append(name)
    return names


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Make the sample results from a real pytest run.")
    parser.add_argument("--check", action="store_true", help="compare with the files, write nothing")
    parser.add_argument(
        "--python", type=Path, metavar="PATH", help="a Python that has the pinned pytest already"
    )
    options = parser.parse_args(argv)
    given: Path | None = options.python
    try:
        with tempfile.TemporaryDirectory(prefix="samples-env-") as folder:
            python = given.absolute() if given else new_environment(Path(folder))
            check_versions(python)
            results = make(python)
    except (MakeError, subprocess.CalledProcessError, OSError) as problem:
        print(f"make.py: {problem}", file=sys.stderr)
        return 2
    names = differing(results)
    if options.check:
        for name in names:
            print(f"differs: {name}")
        return 1 if names else 0
    for name in names:
        path = HERE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(results[name].encode())
        print(f"wrote {name}, {len(results[name].encode()):,} bytes")
    if not names:
        print("nothing has changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
