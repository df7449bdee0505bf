"""When the next paint is due."""

import pytest

from tui.view.pace import Pace


def painted(events: int, *, after: float = 1.0, cost: float = 0.0) -> Pace:
    pace = Pace()
    pace.came(events)
    pace.begin(after)
    pace.end(after + cost)
    return pace


def test_the_first_paint_is_due_at_once() -> None:
    assert Pace().wait(1_000.0) == pytest.approx(0.001)


def test_a_few_events_are_painted_promptly() -> None:
    assert painted(1_000).wait(1.0) == pytest.approx(1 / 60)


def test_in_a_flood_paints_are_rarer_and_after_it_prompt_again() -> None:
    pace = painted(1_001)
    assert pace.wait(1.0) == pytest.approx(0.12)
    pace.came(1)
    pace.begin(2.0)
    pace.end(2.0)
    assert pace.wait(2.0) == pytest.approx(1 / 60)


def test_a_paint_that_took_long_is_followed_by_ten_times_as_much() -> None:
    assert painted(1, cost=0.2).wait(1.2) == pytest.approx(2.0)


def test_time_that_went_by_is_not_waited_for_again() -> None:
    pace = painted(1, cost=0.2)
    assert pace.wait(2.2) == pytest.approx(1.0)
    assert pace.wait(9.0) == pytest.approx(0.001)


def test_events_that_come_right_after_a_paint_are_not_taken_for_a_flood() -> None:
    pace = painted(1)
    pace.came(16)
    pace.begin(1.0001)
    pace.end(1.0001)
    assert pace.wait(1.0001) == pytest.approx(1 / 60)
