"""What the app takes from the machine while it watches: at rest, beside a fast run, when one file changes."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import data, processes
from benchmarks.bench import PATIENCE, Bench, counts, executed, has_rows, is_read
from benchmarks.figures import Aim, Row, quantile, spread
from benchmarks.terminal import Terminal


def idle(bench: Bench) -> Iterator[Row]:
    """Nothing happens, and nothing should be spent on it. All three are idle beside each other."""
    seconds, many = bench.sized(60, 4), bench.sized(10_000, 1_000)
    lnav = shutil.which("lnav")
    terminals: dict[str, Terminal] = {}
    try:
        for files in (10, many):
            one = terminals[f"{files:,} files"] = bench.app(bench.folder(files))
            one.until(counts(data.executed(20 * files)), PATIENCE, f"{files} files")
            one.until(is_read, 30)
        if lnav:
            log = bench.made("log", lambda place: _log(place / "run.log"))
            terminals["lnav"] = Terminal(
                [lnav, str(log / "run.log")], bench.home, bench.environment, brackets=False
            )
        else:
            terminals["lnav"] = bench.reference("one_static")
        _drain(terminals, 5)
        before = {name: processes.cpu(one.pid) for name, one in terminals.items()}
        painted = {name: len(one.paints) for name, one in terminals.items()}
        began = time.perf_counter()
        _drain(terminals, seconds)
        span = time.perf_counter() - began
        shares = {
            name: 100 * (processes.cpu(one.pid) - before[name]) / span for name, one in terminals.items()
        }
        for (name, share), aim in zip(list(shares.items())[:2], (0.7, 1.0), strict=True):
            yield Row(
                "idle",
                f"idle, {name}",
                share,
                "%",
                "lnav, idle" if lnav else "Textual, one Static, idle",
                shares["lnav"],
                share / shares["lnav"] if shares["lnav"] else None,
                Aim(aim, "figure"),
                f"of a core over {span:.0f} s, in all; {len(terminals[name].paints) - painted[name]} paints"
                + ("" if lnav else "; lnav is not installed"),
            )
    finally:
        for one in terminals.values():
            one.close()


def _log(path: Path) -> None:
    path.write_text(
        "".join(f"2026-01-01 12:00:{n % 60:02} INFO line {n} of the log\n" for n in range(10_000))
    )


def _drain(terminals: dict[str, Terminal], seconds: float) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        for one in terminals.values():
            one.pump(0.05)


def live(bench: Bench) -> Iterator[Row]:
    """Two thousand results a second, for a minute."""
    rate, seconds = 2000, bench.sized(60, 4)
    directory = data.folder(bench.fresh("live"), 9)
    log = directory / "run.jsonl"
    log.write_text('{"pytest_version": "9.0.3", "$report_type": "SessionStart"}\n')
    with bench.app(directory) as terminal:
        terminal.until(has_rows, PATIENCE)
        terminal.settle(1)
        base = executed(terminal.screen)
        command = [sys.executable, "-m", "benchmarks.writing", str(log), "reportlog", str(rate), str(seconds)]
        with subprocess.Popen(command, env=bench.environment) as writer:  # noqa: S603
            while executed(terminal.screen) == base:
                terminal.pump(1)
                if writer.poll() is not None:
                    raise RuntimeError("nothing of the run came to the screen")
            began, cpu = time.perf_counter(), processes.cpu(terminal.pid)
            while writer.poll() is None:
                terminal.pump(0.05)
            ended = time.perf_counter()
            spent = processes.cpu(terminal.pid) - cpu
            behind = base + rate * seconds - executed(terminal.screen)
        span = ended - began
        terminal.until(counts(base + rate * seconds), 30, "the last result")
        late = terminal.paints[-1][0] - ended
    yield Row(
        "live",
        f"{rate:,} results a second for {span:.0f} s",
        100 * spent / span,
        "%",
        "",
        None,
        None,
        Aim(15, "figure"),
        f"of a core, all processes; at the end {behind} results behind, for {1000 * max(late, 0):.0f} ms",
    )
    yield Row(
        "live",
        f"paints, {rate:,} results a second",
        terminal.bursts(began, ended) / span,
        "a second",
        "",
        None,
        None,
        Aim(10, "figure"),
        "what follows within 20 ms is one paint",
    )


def changed(bench: Bench) -> Iterator[Row]:
    """One file of few, and one of many, is replaced again and again."""
    times, many = bench.sized(100, 6), bench.sized(10_000, 1_000)
    shown: dict[int, list[float]] = {}
    spent: dict[int, float] = {}
    for files in (10, many):
        bench.say(f"one changed file among {files:,}")
        directory = data.folder(bench.fresh("changed"), files)
        _age(directory)
        # The last one: what it has more then is in no other.
        path, aside = directory / f"part-{files - 1:05}.xml", directory / ".aside"
        with bench.app(directory) as terminal:
            terminal.until(counts(data.executed(20 * files)), PATIENCE)
            terminal.until(is_read, 30)
            terminal.settle(1.5, 10)
            base, cpu = executed(terminal.screen), processes.cpu(terminal.pid)
            began = time.perf_counter()
            for turn in range(times):
                more = 1 - turn % 2
                aside.write_text("".join(data.junit_text(20 + more, 20 * (files - 1))))
                now = time.perf_counter()
                os.replace(aside, path)  # noqa: PTH105  # the moment is taken just before
                at = terminal.wait(counts(base + more), 10, "the changed file")
                shown.setdefault(files, []).append(1000 * (at - now))
                terminal.drain(0.2)
                if time.perf_counter() - began > bench.sized(90, 8) and turn >= 5:
                    break
            idle_cpu = processes.cpu(terminal.pid) - cpu
            span = time.perf_counter() - began
            cpu, before = processes.cpu(terminal.pid), time.perf_counter()
            terminal.drain(bench.sized(10, 2))
            rest = (processes.cpu(terminal.pid) - cpu) / (time.perf_counter() - before)
            spent[files] = 1000 * max(idle_cpu - rest * span, 0.0) / len(shown[files])
    few, lots = quantile(shown[10], 0.5), quantile(shown[many], 0.5)
    yield Row(
        "changed",
        f"one changed file among {many:,} → screen, p50",
        lots,
        "ms",
        "among 10",
        few,
        lots / few,
        Aim(1.2),
        f"{spread(shown[many], 'ms')}; among 10: {spread(shown[10], 'ms')}",
        samples=tuple(shown[many]),
    )
    yield Row(
        "changed",
        f"CPU of one changed file among {many:,}",
        spent[many],
        "ms",
        "among 10",
        spent[10],
        spent[many] / spent[10] if spent[10] else None,
        Aim(1.2),
        "all processes, less what idling takes",
    )


def _age(directory: Path) -> None:
    old = time.time() - 3600
    for path in directory.iterdir():
        os.utime(path, (old, old))
