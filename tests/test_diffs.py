"""Which lines of what an exception says were wanted, which were got, and where they part."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.tracebacks.diffs import DiffLine, Side, aligned, compared

PYTEST = ["AssertionError: assert 'fox' == 'fix'", "", "  - a fix", "  ?    ^", "  + a fox", "  ?    ^"]


def parts(line: DiffLine) -> list[str]:
    return [line.text[start:end] for start, end in line.differing]


def sides(lines: list[str]) -> str:
    letters = {Side.BOTH: " ", Side.WANTED: "w", Side.GOT: "g", Side.HINT: "?", Side.HEADING: "h"}
    return "".join(letters[line.side] for line in compared(lines))


def test_the_lines_of_pytest_are_told_apart() -> None:
    assert sides(PYTEST) == "  w?g?"


def test_where_two_lines_part_is_marked_in_both() -> None:
    told = compared(PYTEST)
    assert parts(told[2]) == ["i"]
    assert parts(told[4]) == ["o"]
    assert told[2].partner == 4


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (["Error: not equal", "- Expected", "+ Received", "-  4,", "+  3,"], " wgwg"),
        (["AssertionError: not equal", "+ actual - expected", "+  3", "-  4"], " ggw"),
        (["AssertionError: 1 == 2", "      + expected - actual", "      -1", "      +2"], " wgw"),
        (["AssertionError: x", "      + expected - actual", "      - 3", "      + 4"], " wgw"),
        (["Failed", "--- Expected", "+++ Actual", "@@ @@", "-two'", "+2", " )"], " hhhwg "),
        (["panicked", "  left: 1", " right: 2"], " wg"),
        (["Error: x", "Expected: 2", "Received: 1"], " wg"),
        (["ValueError: - is no number", "and - is no sign here"], "  "),
    ],
    ids=["jest", "node", "mocha-tight", "mocha", "phpunit", "rust", "jest-plain", "none"],
)
def test_the_sides_are_those_that_the_heading_says(lines: list[str], wanted: str) -> None:
    assert sides(lines) == wanted


def test_lines_with_little_in_common_are_not_compared() -> None:
    told = compared(["x", "- apples and pears", "+ 12345678901234567"])
    assert not told[1].differing
    assert told[1].partner is None


def test_several_lines_are_compared_one_by_one() -> None:
    told = compared(["x", "- one: 1", "- two: 2", "+ one: 1", "+ two: 3"])
    assert [parts(line) for line in told[1:]] == [[], ["2"], [], ["3"]]


def test_long_lines_lie_below_each_other_where_they_are_equal() -> None:
    one, other = f"- {'a' * 90}left{'b' * 90}", f"+ {'a' * 90}right{'b' * 90}"
    told = compared(["x", one, other])
    pieces = aligned(told[1], told[2], 40)
    assert "".join(left.text for left, _ in pieces).replace(" ", "") == one[2:]
    assert "".join(right.text for _, right in pieces).replace(" ", "") == other[2:]
    for left, right in pieces:
        assert len(left.text) == len(right.text)
        outside = [n for n in range(len(left.text)) if not any(s <= n < e for s, e in left.differing)]
        assert all(left.text[n] == right.text[n] for n in outside)
    assert [left.side for left, _ in pieces].count(Side.BOTH) == len(pieces) - 1


@given(st.lists(st.text(alphabet="-+? ab^'", max_size=12), max_size=12))
def test_the_text_stays_and_marks_lie_within_it(lines: list[str]) -> None:
    told = compared(lines)
    assert [line.text for line in told] == lines
    for line in told:
        assert all(0 <= start < end <= len(line.text) for start, end in line.differing)
        if line.partner is not None:
            assert told[line.partner].side is not line.side
            assert "".join(left.text for left, _ in aligned(line, told[line.partner], 5)).replace(
                " ", ""
            ) == (line.text[len(line.sign) :].replace(" ", ""))
