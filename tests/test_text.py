"""Text from outside is safe before it reaches anything above the readers."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui import text

_PARTS = [
    "\x1b",
    "\x9b",
    "\x9d",
    "[",
    "]",
    "31",
    ";",
    "m",
    "H",
    "0;t",
    "\x07",
    "\x1b\\",
    "\x90",
    "\n",
    "\r",
    "\u2028",
]
hostile = st.lists(st.one_of(st.sampled_from(_PARTS), st.characters(), st.text(max_size=4))).map("".join)
_SGR = re.compile(r"\x1b\[[0-9;:]*m")
BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def is_clean(shown: str) -> bool:
    return all(
        character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs") for character in shown
    ) and not set(shown) & set(BIDI_CONTROLS)


@given(hostile)
def test_plain_text_has_no_control_but_newline_and_tab(said: str) -> None:
    assert is_clean(text.plain(said))


@given(hostile)
def test_styled_text_has_colours_and_no_other_control(said: str) -> None:
    assert is_clean(_SGR.sub("", text.styled(said)))


@given(hostile)
def test_one_line_is_one_line_of_clean_text(said: str) -> None:
    line = text.one_line(said)
    assert is_clean(line)
    assert "\n" not in line
    assert "\t" not in line


@given(hostile)
def test_cleaning_twice_is_cleaning_once(said: str) -> None:
    for clean in (text.plain, text.styled, text.one_line):
        assert clean(clean(said)) == clean(said)


@given(st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp"))))
def test_what_is_harmless_stays_as_it_is(said: str) -> None:
    assert text.plain(said) == text.styled(said) == said


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("a\x1b[2Jb", "ab"),
        ("a\x1b]52;c;ZXZpbA==\x07b", "ab"),
        ("a\x1b]0;title\x1b\\b", "ab"),
        ("a\x9b31mb", "ab"),
        ("a\x1bPq#0;1\x1b\\b", "ab"),
        ("one\x1b]0;never ended\ntwo", "one\ntwo"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\u2028b", "a\nb"),
        ("a\ud800b", "a\ufffdb"),
        ("\x1b", ""),
    ],
)
def test_a_sequence_is_taken_out_whole(said: str, left: str) -> None:
    assert text.plain(said) == left


@pytest.mark.parametrize("character", BIDI_CONTROLS)
def test_nothing_can_reorder_what_is_read(character: str) -> None:
    assert text.plain(f"a{character}b") == "ab"


def test_colours_stay_in_their_seven_bit_form() -> None:
    assert text.styled("\x9b1;31mred\x1b[0m\x1b[2K") == "\x1b[1;31mred\x1b[0m"


@given(st.text(), st.integers(2, 50))
def test_bounded_text_keeps_head_and_tail_and_says_what_was_cut(said: str, limit: int) -> None:
    cut = text.bounded(said, limit)
    if len(said) <= limit:
        assert cut == said
    else:
        half = limit // 2
        assert cut == f"{said[:half]}\n[... {len(said) - 2 * half} characters cut ...]\n{said[-half:]}"


@given(st.text(), st.integers(1, 50))
def test_shortened_text_fits(said: str, limit: int) -> None:
    assert len(text.shortened(said, limit)) <= limit


def test_numbers_are_said_with_their_noun() -> None:
    assert (text.counted(1, "test"), text.counted(1116, "test")) == ("1 test", "1,116 tests")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(-1, "0.0 s"), (0.4, "0.4 s"), (12, "12 s"), (180, "3 min"), (5 * 3600, "5 h"), (3 * 86400, "3 days")],
)
def test_an_age_is_said_as_people_say_it(seconds: float, said: str) -> None:
    assert text.age(seconds) == said
