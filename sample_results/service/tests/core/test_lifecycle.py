"""Parts start in order and stop in the opposite one."""

from __future__ import annotations

import sys

import pytest

from app.core.lifecycle import Lifecycle

COUNTS = [1, 2, 3, 5, 8]


def report(word: str, lifecycle: Lifecycle, colour: int) -> None:
    """What an operator would see, in colour."""
    for line in lifecycle.history:
        print(f"\x1b[{colour}m{word:<7}\x1b[0m {line}")


@pytest.mark.parametrize("parts", COUNTS)
def test_start_starts_every_part(lifecycle: Lifecycle, parts: int) -> None:
    started = lifecycle.start()
    report("started", lifecycle, 32)
    assert started == parts


@pytest.mark.parametrize("parts", COUNTS)
def test_start_keeps_the_order(lifecycle: Lifecycle, parts: int) -> None:
    lifecycle.start()
    assert lifecycle.history == [f"start {part}" for part in lifecycle.running]


@pytest.mark.parametrize("parts", [2, 3, 5, 6, 8, 9])
def test_stop_stops_every_part(lifecycle: Lifecycle, parts: int) -> None:
    lifecycle.start()
    stopped = lifecycle.stop()
    report("stopped", lifecycle, 33)
    if lifecycle.running:
        print(f"\x1b[1;31mstill running\x1b[0m {lifecycle.running}", file=sys.stderr)
    assert stopped == parts


def test_history_has_both_ends(lifecycle: Lifecycle) -> None:
    lifecycle.start()
    lifecycle.stop()
    report("history", lifecycle, 35)
    lines = len(lifecycle.history)
    assert lines == 6


def test_stop_before_start_is_nothing(lifecycle: Lifecycle) -> None:
    assert lifecycle.stop() == 0


def test_later_parts_stop_first(lifecycle: Lifecycle) -> None:
    lifecycle.start()
    lifecycle.stop()
    assert lifecycle.history[3] == "stop registry"


@pytest.mark.parametrize("part", ["config", "store", "registry"])
def test_part_is_added_once(lifecycle: Lifecycle, part: str) -> None:
    with pytest.raises(ValueError, match="there already"):
        lifecycle.add(part)
