"""What is counted in and out again, and which of it came most often."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tui.core.counting import Frequent, change


@given(steps=st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from([1, 1, 2, -1])), max_size=30))
def test_the_most_frequent_are_known_at_any_time(steps: list[tuple[str, int]]) -> None:
    frequent, plain = Frequent(3), Counter[str]()
    for text, by in steps:
        if plain[text] + by < 0:
            continue
        frequent.change(text, by)
        change(plain, text, by)
        by_number = sorted(plain.items(), key=lambda item: (-item[1], item[0]))
        assert frequent.ranked() == tuple((text, number) for text, number in by_number[:3] if number)
        assert len(frequent) == len([text for text in plain if plain[text]])


def test_what_was_counted_out_again_leaves_no_trace() -> None:
    counter = Counter[str]()
    change(counter, "a", 2)
    change(counter, "a", -2)
    assert list(counter) == []
