"""With the largest directory open: paging, filter, search, sort, drill-down, results that come meanwhile."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import data, processes
from benchmarks.bench import PATIENCE, ROOT, Bench, counts, is_read
from benchmarks.figures import Aim, Row, quantile, spread
from benchmarks.rows.keys import MINIMAL, PAGE_DOWN, left, scrolled, to_tests
from benchmarks.screen import Screen
from benchmarks.terminal import Terminal

_TYPED = ("reconnect", "overflow", "validate", "expire", "restart")
_TEST = re.compile(r"test_[a-z]+_[a-z]+_(\d+)")
_BEGUN = 5


def large(bench: Bench) -> Iterator[Row]:
    """One session with everything in it."""
    tests = bench.most
    directory = bench.fresh("large")
    os.link(bench.junit(tests) / "results.xml", directory / "results.xml")
    stream = directory / "live.jsonl"
    stream.write_text("".join(data.go_passed(number) for number in range(_BEGUN)))
    os.utime(stream, (time.time() - 3600,) * 2)
    with bench.app(directory) as terminal:
        terminal.until(counts(data.executed(tests) + _BEGUN), PATIENCE, "all tests")
        terminal.until(is_read, 30)
        terminal.settle(1.0)
        to_tests(terminal)
        terminal.settle(1.0)
        for rows in (_paging, _filtering, _sorting, _drilling, _cells):
            bench.say(f"{tests:,} tests: {rows.__name__.strip('_')}")
            try:
                yield from rows(bench, terminal, tests, stream)
            except Exception as error:  # noqa: BLE001  # the next rows may well be measured
                yield Row(
                    "large",
                    f"{rows.__name__.strip('_')} at {tests:,}",
                    failed=f"{type(error).__name__}: {error}",
                )
            terminal.send("\x1b")
            terminal.settle()
            terminal.send("\x1b")
            terminal.settle()
            to_tests(terminal)


def _paging(bench: Bench, terminal: Terminal, tests: int, _stream: Path) -> Iterator[Row]:
    times = bench.sized(300, 30)

    def pages(one: Terminal) -> tuple[list[float], float]:
        cpu, found = processes.cpu(one.pid), []
        for turn in range(times):
            found.append(scrolled(one, PAGE_DOWN))
            one.drain(0.02 + 0.01 * (turn % 3))
        return found, 1000 * (processes.cpu(one.pid) - cpu) / times

    found, cpu = pages(terminal)
    with bench.reference("lines", str(tests)) as minimal:
        minimal.wait(lambda screen: "test_case_3" in screen.text, 20)
        minimal.settle()
        beside, least = pages(minimal)
    for share, aim in ((0.5, None), (0.99, Aim(15, "figure"))):
        ours, theirs = quantile(found, share), quantile(beside, share)
        yield Row(
            "large",
            f"PgDn through {tests:,} tests, p{100 * share:.0f}",
            ours,
            "ms",
            f"{MINIMAL}, p{100 * share:.0f}",
            theirs,
            ours / theirs,
            aim,
            f"{spread(found, 'ms')}; CPU {cpu:.1f} ms a key, alone {least:.1f}",
            samples=tuple(found) if aim else (),
        )


def _boxed(screen: Screen, text: str) -> bool:
    return any(row.strip().startswith(text) for row in screen.rows[-5:])


def _is_open(screen: Screen) -> bool:
    return "Earlier filter" in screen.rows[-1]


def _clear(bench: Bench, terminal: Terminal) -> None:
    """Out of the box and the filter away, and into the empty box again."""
    quiet = 0.4 if bench.quick else 1.0
    terminal.send("\x1b")
    terminal.until(lambda screen: not _is_open(screen), 10, "the box closed")
    terminal.settle(quiet)
    terminal.send("\x1b")
    terminal.settle(quiet)
    terminal.send("/")
    terminal.until(_is_open, 10, "the box of the filter")
    terminal.settle(quiet)


def _filtering(bench: Bench, terminal: Terminal, tests: int, _stream: Path) -> Iterator[Row]:
    whole, searched, echoes = list[float](), list[float](), list[float]()
    words = _TYPED if not bench.quick else _TYPED[3:4]
    for word in words:
        _clear(bench, terminal)
        for letter in word:
            took = terminal.last_change(letter, left)
            if took is not None:
                whole.append(1000 * took)
    for word in words:
        _clear(bench, terminal)
        for length, letter in enumerate(word, 1):
            begun = word[:length]
            echoes.append(1000 * terminal.answered(letter, lambda screen, text=begun: _boxed(screen, text)))  # type: ignore[misc]
            terminal.drain(0.03)
        terminal.settle(0.8)
    for word in words:
        _clear(bench, terminal)
        took = terminal.last_change(word, left)
        if took is not None:
            searched.append(1000 * took)
    _clear(bench, terminal)
    for what, found, share, aim in (
        ("a letter of the filter → the list", whole, 0.5, 30),
        ("a whole word, searched → the list", searched, 0.5, 60),
        ("a letter typed while it searches → its echo", echoes, 0.99, 25),
    ):
        if not found:
            yield Row("large", f"{what}, {tests:,}", failed="the list never changed")
            continue
        yield Row(
            "large",
            f"{what}, {tests:,}, p{100 * share:.0f}",
            quantile(found, share),
            "ms",
            "",
            None,
            None,
            Aim(aim, "figure"),
            f"p50 {quantile(found, 0.5):.1f} ms, {spread(found, 'ms')}",
            samples=tuple(found),
        )


def _sorting(bench: Bench, terminal: Terminal, tests: int, _stream: Path) -> Iterator[Row]:
    found, meanwhile = list[float](), list[float]()
    for turn in range(bench.sized(6, 1)):
        terminal.send("s")
        terminal.settle(0.6)
        for key in ("g", *("jj" if turn % 2 == 0 else "j")):
            terminal.send(key)
            terminal.settle(0.3)
        took = terminal.last_change("\r", left, 1.5)
        if took is not None:
            found.append(1000 * took)
        meanwhile.append(scrolled(terminal, "j"))
        terminal.settle(0.5)
    if not found:
        raise RuntimeError("the list never changed")
    yield Row(
        "large",
        f"sort → the list, {tests:,}, p50",
        quantile(found, 0.5),
        "ms",
        "",
        None,
        None,
        Aim(450, "figure"),
        f"{spread(found, 'ms')}; by time, by name",
        samples=tuple(found),
    )


def _drilling(bench: Bench, terminal: Terminal, tests: int, _stream: Path) -> Iterator[Row]:
    terminal.send("s")
    terminal.settle(0.6)
    terminal.send("g\r")
    terminal.settle(1.5)
    terminal.send("g")
    terminal.settle(0.5)
    found = []
    for _ in range(bench.sized(60, 10)):
        found.append(1000 * drilled(terminal, "j"))
        terminal.drain(0.15)
    yield Row(
        "large",
        f"to a failure → its traceback, {tests:,}, p99",
        quantile(found, 0.99),
        "ms",
        "",
        None,
        None,
        Aim(25, "figure"),
        f"p50 {quantile(found, 0.5):.1f} ms, {spread(found, 'ms')}",
        samples=tuple(found),
    )


def drilled(terminal: Terminal, key: str) -> float:
    """Seconds from a key in the list to the traceback of the test that the cursor is on then."""
    before = title(terminal.screen)

    def shown(screen: Screen) -> bool:
        after, bar = title(screen), screen.bar(3)
        # A long name is shortened in the middle: its number is left.
        number = "_" + after.rpartition("_")[2]
        text = "\n".join(row[46:] for row in screen.rows)
        return (
            after not in ("", before)
            and bar is not None
            and number in screen.rows[bar][:44]
            and f"in {after}" in text
        )

    return terminal.answered(key, shown, 10)


def title(screen: Screen) -> str:
    """The name of the test in the detail."""
    found = _TEST.search(screen.rows[3][46:])
    return found.group() if found else ""


def _cells(bench: Bench, terminal: Terminal, tests: int, stream: Path) -> Iterator[Row]:
    rate, seconds = 100, bench.sized(20, 3)

    def share(one: Terminal) -> float:
        cpu, began = processes.cpu(one.pid), time.perf_counter()
        one.drain(seconds)
        return 100 * (processes.cpu(one.pid) - cpu) / (time.perf_counter() - began)

    command = [sys.executable, "-m", "benchmarks.writing", str(stream), "go", str(rate), str(seconds + 3)]
    environment = bench.environment | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment) as writer:  # noqa: S603
        terminal.drain(1.5)
        ours = share(terminal)
        writer.wait()
    with bench.reference("lines", str(tests), str(rate)) as minimal:
        minimal.wait(lambda screen: "test_case_3" in screen.text, 20)
        minimal.drain(1)
        beside = share(minimal)
    yield Row(
        "large",
        f"{rate} results a second, Tests view, {tests:,} tests",
        ours,
        "%",
        f"{rate} cells a second, {MINIMAL}",
        beside,
        ours / beside,
        Aim(5, "figure"),
        f"share of a core over {seconds} s, all processes",
    )


def output(bench: Bench) -> Iterator[Row]:
    """To a test whose output has a megabyte, and to that output."""

    def write(place: Path) -> None:
        parts = [
            part.replace(
                "<system-out>", "<system-out>begin of output\n" + "one more line of output\n" * 42_000, 1
            )
            for part in _cases(30)
        ]
        (place / "results.xml").write_text(
            f'<testsuites><testsuite name="pytest">{"".join(parts)}</testsuite></testsuites>'
        )

    directory = bench.made("output", write)
    opened, shown = [], []
    with bench.app(directory) as terminal:
        terminal.until(counts(30), PATIENCE)
        terminal.settle(1)
        to_tests(terminal)
        terminal.settle(0.8)
        for _ in range(bench.sized(20, 4)):
            opened.append(1000 * drilled(terminal, "j"))
            terminal.settle(0.3)
            terminal.send("\r")
            terminal.settle(0.3)
            shown.append(1000 * terminal.answered("]", lambda screen: "begin of output" in screen.text))
            terminal.settle(0.3)
            terminal.send("\x1b")
            terminal.settle(0.3)
    for what, found in (
        ("to a failure with 1 MB of output → its traceback", opened),
        ("its output of 1 MB", shown),
    ):
        yield Row(
            "large",
            f"{what}, p99",
            quantile(found, 0.99),
            "ms",
            "",
            None,
            None,
            Aim(60, "figure"),
            f"p50 {quantile(found, 0.5):.1f} ms, {spread(found, 'ms')}",
            samples=tuple(found),
        )


def _cases(number: int) -> list[str]:
    return [data.case(10 * n + 10, "failure") for n in range(number)]
