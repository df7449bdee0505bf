"""Failures grouped by cause, when there are very many."""

import json
from collections.abc import Iterator
from pathlib import Path

from benchmarks.bench import PATIENCE, Bench, counts, is_read
from benchmarks.figures import Aim, Row
from benchmarks.screen import Screen

_MORE = 100


def _grouped(bench: Bench, directory: Path, number: int) -> dict[str, float]:
    told = bench.home / "told.json"
    told.unlink(missing_ok=True)
    ended = bench.python("-m", "benchmarks.grouping", str(directory / "results.xml"), str(number), str(told))
    if ended.code:
        raise RuntimeError(ended.said)
    found: dict[str, float] = json.loads(told.read_text())
    return found


def causes(bench: Bench) -> Iterator[Row]:
    """All of them; one more; and in the app, from the key to the groups."""
    number, few = bench.sized(100_000, 20_000), 1_000
    directory = bench.junit(number + _MORE, "failure")
    many, less = _grouped(bench, directory, number), _grouped(bench, directory, few)
    yield Row(
        "causes",
        f"{number:,} failures grouped by cause",
        many["whole"],
        "s",
        f"{few:,} failures",
        less["whole"],
        many["whole"] / less["whole"],
        Aim(2, "figure"),
        f"{many['causes']:.0f} causes; one at a time, each {1e6 * many['whole'] / number:.0f} µs on average",
    )
    yield Row(
        "causes",
        f"one more failure beside {number:,}",
        1000 * many["more"],
        "ms",
        f"beside {few:,}",
        1000 * less["more"],
        many["more"] / less["more"],
        Aim(1.5),
        "median of 100; constant would be 1.0",
    )
    with bench.app(directory) as terminal:
        terminal.until(counts(number + _MORE), PATIENCE)
        terminal.until(is_read, 30)
        terminal.settle(1)
        took = terminal.last_change("2", _list, 0.8)
    yield Row(
        "causes",
        f"key → the groups of {number:,} failures",
        None if took is None else 1000 * took,
        "ms",
        note="the last paint that changed the list; one key",
        failed="" if took else "the list never came",
    )


def _list(screen: Screen) -> list[str]:
    return [row[:44] for row in screen.rows[2:-1]]
