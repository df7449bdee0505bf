"""When the next paint is due."""

import pytest

from tui.core.flow import Flow
from tui.view.pace import Pace


def painted(events: int, *, after: float = 1.0, cost: float = 0.0) -> Pace:
    pace = Pace()
    pace.came(events)
    pace.begin(after)
    pace.end(after + cost, cost)
    return pace


def test_the_first_paint_is_due_at_once() -> None:
    assert Pace().wait(1_000.0) == pytest.approx(0.001)


def at_a_rate(pace: Pace, events: int, *, every: float, number: int = 20, start: float = 1.0) -> float:
    """Paint every so many seconds, with so many events each; the time of the last paint."""
    now = start
    for _ in range(number):
        now += every
        pace.came(events)
        pace.begin(now)
        pace.end(now, 0.0)
    return now


def test_a_few_events_are_painted_promptly() -> None:
    pace = Pace()
    now = at_a_rate(pace, 1, every=0.02)  # 50 a second
    assert pace.wait(now) == pytest.approx(0.01)


def test_in_a_flood_paints_are_rarer_and_after_it_prompt_again() -> None:
    pace = Pace()
    now = at_a_rate(pace, 4, every=0.03)  # 133 a second
    assert pace.wait(now) == pytest.approx(0.2)
    now = at_a_rate(pace, 16, every=0.2, start=now)
    assert pace.wait(now) == pytest.approx(0.2)
    now = at_a_rate(pace, 1, every=0.5, number=3, start=now)
    assert pace.wait(now) == pytest.approx(0.01)


def test_a_paint_that_took_long_is_followed_by_five_times_as_much() -> None:
    assert painted(1, cost=0.2).wait(1.2) == pytest.approx(1.0)


def test_time_that_went_by_is_not_waited_for_again() -> None:
    pace = painted(1, cost=0.2)
    assert pace.wait(1.7) == pytest.approx(0.5)
    assert pace.wait(9.0) == pytest.approx(0.001)


def test_two_events_at_once_are_no_flood() -> None:
    pace = painted(1)
    pace.came(2)
    pace.begin(1.0001)
    pace.end(1.0001, 0.0)
    assert pace.wait(1.0001) == pytest.approx(0.01)


def test_once_all_is_there_that_is_painted_at_once() -> None:
    pace = painted(1_000, cost=0.05)
    assert pace.wait(1.1) > 0.1
    assert pace.arrive()
    assert pace.wait(1.1) == pytest.approx(0.001)
    pace.begin(1.2)
    pace.end(1.25, 0.05)
    assert not pace.arrive()
    assert pace.wait(1.25) > 0.1


def test_a_flood_of_results_one_by_one_is_one_too() -> None:
    flow = Flow()
    for turn in range(200):
        flow.came(1, 1.0 + turn / 100)
    assert flow.is_flood
    for turn in range(200):
        flow.came(1, 3.0 + turn / 50)
    assert not flow.is_flood


def test_however_much_was_read_half_a_second_later_single_results_are_no_flood() -> None:
    flow = Flow()
    flow.came(1_000_000, 1.0)
    flow.came(1_000_000, 2.0)
    assert flow.is_flood
    flow.came(1, 2.5)
    assert not flow.is_flood
