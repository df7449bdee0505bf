"""Bytes in pieces -> whole lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import pieces
from tui.readers.streams import lines
from tui.readers.streams.lines import Line, Lines

data = st.lists(st.sampled_from([b"a", b"\n", b"\r\n", b"", b"\x00", b"xyz"])).map(b"".join)


@given(data, st.lists(st.integers(0)))
def test_lines_do_not_depend_on_how_the_bytes_were_cut(text: bytes, cuts: list[int]) -> None:
    found = Lines()
    told = [line for part in pieces(text, cuts) for line in found.feed(part)]
    *whole, rest = text.split(b"\n")
    assert [line.data for line in told] == whole
    assert [line.number for line in told] == list(range(1, len(whole) + 1))
    assert all(text[line.offset :].startswith(line.data or b"") for line in told)
    assert found.open_line is bool(rest)
    assert found.rest() == (Line(len(whole) + 1, len(text) - len(rest), rest) if rest else None)


def test_a_line_too_long_to_hold_is_let_go_and_the_next_one_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LONGEST", 10)
    found = Lines()
    told = [line for part in (b"x" * 6, b"x" * 6, b"x\nshort\n" + b"y" * 11) for line in found.feed(part)]
    assert told == [Line(1, 0, None), Line(2, 14, b"short")]
    assert found.rest() is None
    assert found.open_line
