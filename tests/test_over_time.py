"""Tests that run: how long, where, and which of them take far longer than they did."""

import pytest

from tests.building import BEGAN, phase_line, phases, put, report_log, store_of
from tui.core.baseline import Baseline
from tui.core.model import SourceState
from tui.core.rules import Rules
from tui.core.running import Running, is_over, look
from tui.core.store import Store
from tui.report import words

A, B = "tests/test_a.py::test_a", "tests/test_a.py::test_b"


@pytest.mark.parametrize(
    ("seconds", "usual", "over"),
    [
        (34.0, 3.8, True),
        (11.4, 3.8, True),
        (11.3, 3.8, False),  # not three times
        (4.9, 0.1, False),  # not five seconds more
        (5.1, 0.1, True),
        (5.0, 0.0, True),
        (34.0, None, False),
        (None, 3.8, False),
    ],
)
def test_over_its_time_is_three_times_and_five_seconds(
    seconds: float | None, usual: float | None, *, over: bool
) -> None:
    assert is_over(seconds, usual) is over


def running(*lines: dict[str, object], before: dict[str, float]) -> tuple[Running, ...]:
    """What runs ten seconds after BEGAN; `before`: how long tests took in the baseline."""
    log = [line for node_id, took in before.items() for line in phases(node_id, duration=took / 3)]
    store = Store(Rules())
    store.set_baseline(Baseline("before", tuple(store_of({"r.jsonl": report_log(*log)}).known_tests())))
    put(store, "r.jsonl", report_log(*lines, finish=False), state=SourceState.GROWING)
    return look(store, BEGAN + 10)


def test_worker_seconds_and_usual_time_are_known() -> None:
    (one,) = running(phase_line(A, "setup", worker_id="gw1"), before={A: 1.5})
    assert (one.label, one.worker, one.seconds, one.usual) == (A, "gw1", 10.0, 1.5)
    assert one.is_over
    assert words.over_time(one) == "7 × its 1.50 s"


def test_those_over_their_time_come_first() -> None:
    found = running(phase_line(A, "setup"), phase_line(B, "setup"), before={A: 30, B: 1.5})
    assert [(each.label, each.is_over) for each in found] == [(B, True), (A, False)]


def test_a_test_that_failed_in_the_baseline_has_no_usual_time() -> None:
    store = Store(Rules())
    failed = store_of({"r.jsonl": report_log(*phases(A, call="failed"))})
    store.set_baseline(Baseline("before", tuple(failed.known_tests())))
    put(store, "r.jsonl", report_log(phase_line(A, "setup"), finish=False), state=SourceState.GROWING)
    (one,) = look(store, BEGAN + 100)
    assert one.usual is None
    assert words.over_time(one) == ""
