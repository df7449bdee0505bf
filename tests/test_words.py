"""Facts in words."""

import pytest

from tui.core.durations import Durations
from tui.report import words


@pytest.mark.parametrize(
    ("duration", "said"),
    [
        (None, ""),
        (0.0, "0 ms"),
        (0.0007, "< 1 ms"),
        (0.00099, "< 1 ms"),
        (0.001, "1 ms"),
        (0.9994, "999 ms"),
        (0.9997, "1.00 s"),
        (59.0, "59.00 s"),
        (702.0, "11m42s"),
    ],
)
def test_a_duration_is_said_as_people_say_it(duration: float | None, said: str) -> None:
    assert words.seconds(duration) == said


def test_a_list_and_the_histogram_say_the_same_of_less_than_a_millisecond() -> None:
    counted = Durations()
    counted.count(0.0006)
    (only,) = counted.bins(10)
    assert only.title == words.seconds(0.0006)
