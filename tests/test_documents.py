"""What of captured output is drawn, and where a text is cut, wrapped and found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.view.detail.document import MOST_CHARACTERS, MOST_LINES, Drawn, Output, Prepared
from tui.view.detail.searching import Search
from tui.view.detail.textpane import chunks
from tui.view.ink import Piece, overlaid, parted, plain_text

PIECES = st.lists(st.text(alphabet="ab 日\u0301", max_size=6).map(Piece), max_size=6)


def told(output: Output) -> list[str]:
    return [output.plain(number) for number in range(len(output))]


@pytest.mark.parametrize(
    "text",
    ["", "one\ntwo", "a\tb", "\x1b[31mred\tx\x1b[0m\nplain", "\x1b[1;38;5;9mbold\nstill\x1b[m", "日本\n語"],
)
def test_the_characters_of_a_line_are_those_that_are_drawn(text: str) -> None:
    output = Output(text)
    assert told(output) == [plain_text(output[number].line) for number in range(len(output))]


def test_a_colour_goes_on_until_it_is_reset() -> None:
    output = Output("\x1b[1m\x1b[31mone\ntwo\n\x1b[0mthree\nfour")
    inks = [output[number].line[0].ink for number in range(4)]
    assert inks[0] == inks[1]
    assert str(inks[1]) == "bold color(1)"
    assert inks[2:] == ["plain", "plain"]


@pytest.mark.parametrize(
    ("text", "left_out"),
    [
        ("\n".join(map(str, range(MOST_LINES + 7))), "7 lines"),
        ("x" * (MOST_CHARACTERS + 7), "characters"),
        ("\n".join("x" * 1000 for _ in range(1000)), "lines"),
    ],
    ids=["lines", "one line", "long lines"],
)
def test_of_huge_output_the_head_and_the_tail_are_shown(text: str, left_out: str) -> None:
    output = Output(text)
    lines = told(output)
    (cut,) = [number for number, line in enumerate(lines) if "not shown" in line]
    assert left_out in lines[cut]
    assert output[cut].stop == "whole"
    assert cut in output.stops
    assert text.startswith(lines[0][:100])
    assert text.endswith(lines[-1][-100:].partition(" …")[0])
    assert sum(map(len, lines)) < MOST_CHARACTERS * 1.1


def test_lines_shown_and_lines_left_out_add_up() -> None:
    text = "\n".join(f"line {number} {'x' * 300}" for number in range(3000))
    lines = told(Output(text))
    (cut,) = [line for line in lines if "not shown" in line]
    left_out = int(cut.split()[1].replace(",", ""))
    whole = [line for line in lines if line.startswith("line ") and line.endswith("x" * 300)]
    assert len(lines) - 1 + left_out == 3000
    assert len(whole) in range(len(lines) - 3, len(lines))


@pytest.mark.parametrize("text", ["x" * 20_000, "日" * 20_000])
def test_a_long_line_is_cut_and_says_how_much_of_it_is_missing(text: str) -> None:
    output = Output(text)
    assert len(output.plain(0)) < 2_100
    assert "18,000 more characters" in output.plain(0)
    assert output[0].stop == "whole"


@given(st.text(alphabet="ab 日本\u0301", max_size=80), st.integers(6, 20), st.integers(0, 3))
def test_a_line_is_wrapped_without_losing_a_character(line: str, width: int, hang: int) -> None:
    parts = chunks(line, width, hang)
    assert "".join(parts) == line
    assert all(cell_len(part) <= (width - hang if number else width) for number, part in enumerate(parts))


@given(PIECES, st.lists(st.integers(0, 8), max_size=8))
def test_parts_of_a_line_are_its_characters_in_their_order(line: list[Piece], lengths: list[int]) -> None:
    parts = [plain_text(part) for part in parted(line, lengths)]
    text = plain_text(line)
    assert "".join(parts) == text[: sum(lengths)]
    assert all(len(part) <= length for part, length in zip(parts, lengths, strict=True))


@given(PIECES, st.sets(st.integers(0, 40), max_size=8))
def test_a_stretch_changes_the_ink_of_its_characters_alone(line: list[Piece], ends: set[int]) -> None:
    numbers = sorted(ends)
    stretches = [(a, b, "found") for a, b in zip(numbers[::2], numbers[1::2], strict=False)]
    drawn = overlaid(line, stretches)
    assert plain_text(drawn) == plain_text(line)
    inks = [piece.ink for piece in drawn for _ in piece.text]
    for place, ink in enumerate(inks):
        assert (ink == "found") == any(start <= place < end for start, end, _ in stretches)


def document(*lines: str) -> Prepared:
    return Prepared([Drawn([Piece(line)]) for line in lines])


def test_case_matters_where_a_capital_is_wanted() -> None:
    text = document("Fox and fox", "no", "FOX")
    assert len(Search.of("fox", text).places) == 3
    assert len(Search.of("Fox", text).places) == 1


def test_a_search_begins_where_somebody_looks_and_goes_round() -> None:
    search = Search.of("x", document("x", "", "x", "x"), from_line=1)
    assert search.told == "/x 2 of 3"
    assert search.moved(1).moved(1).told == "/x 1 of 3"
    assert search.moved(-1).moved(-1).told == "/x 3 of 3"


def test_what_is_searched_for_is_text_and_no_pattern() -> None:
    assert len(Search.of("a.c", document("abc", "a.c [x")).places) == 1
    assert Search.of("[x", document("abc", "a.c [x")).current is not None
    assert Search.of("(", document("abc")).told == "/( not found"


def test_the_place_looked_at_has_an_ink_of_its_own() -> None:
    search = Search.of("ab", document("ab ab"))
    assert search.on_line(0) == [(0, 2, "found-now"), (3, 5, "found")]
    assert search.moved(1).on_line(0) == [(0, 2, "found"), (3, 5, "found-now")]
