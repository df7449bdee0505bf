"""Rows laid out in the columns of a list."""

from tui.view.ink import Piece
from tui.view.lists.columns import Column, Row, joined

NOTE = [Piece("100,000 failing  ", "failed"), Piece("870,000/1,000,000"), Piece("   13h05m")]


def laid_out(name: str, width: int) -> str:
    row = Row(([Piece(name)],), spans=True, note=NOTE)
    return "".join(piece.text for piece in joined([Column("", 1), Column("Test")], row, width, 1))


def test_a_name_comes_first_and_its_figures_go_from_the_right_as_it_gets_narrow() -> None:
    assert laid_out("▸ tests", 60).split() == [
        "▸",
        "tests",
        "100,000",
        "failing",
        "870,000/1,000,000",
        "13h05m",
    ]
    assert laid_out("▸ tests", 46).split() == ["▸", "tests", "100,000", "failing", "870,000/1,000,000"]
    assert laid_out("▸ tests", 30).split() == ["▸", "tests", "100,000", "failing"]
    assert laid_out("▸ tests", 20).split() == ["▸", "tests"]


def test_a_name_that_is_very_long_leaves_room_for_the_first_figure() -> None:
    said = laid_out("▸ " + "x" * 200, 60)
    assert len(said) == 60
    assert "100,000 failing" in said
