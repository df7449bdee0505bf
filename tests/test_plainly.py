"""Text without colours is laid out by ourselves: exactly as rich lays it out, which is asked here."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tui.report import plainly
from tui.report.document import Column, Line, Piece, Row, Table
from tui.report.drawn import Coloured

WORDS = st.lists(
    st.sampled_from(
        ["a", "to", "✔", "passed", "WebSocket", "tests/unit/test_events.py::test_x[1]", "日本語", "é", "-"]
    )
    | st.text("ab c…✖", max_size=9),
    max_size=6,
).map(" ".join)


def rows_of(drawn: list[str]) -> list[str]:
    return [row.rstrip() for row in drawn]


@given(WORDS, st.integers(20, 60))
def test_a_line_is_broken_where_rich_breaks_it(text: str, width: int) -> None:
    line: Line = (Piece(text, "muted"), Piece(f" {text}"))
    assert rows_of(plainly.line(line, width)) == rows_of(Coloured(width, colour=False).line(line, width))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    columns = draw(
        st.lists(
            st.builds(
                Column, st.sampled_from(["Test", "Rate", ""]), right=st.booleans(), flexible=st.booleans()
            ),
            min_size=1,
            max_size=6,
        )
    )
    cell = WORDS.map(lambda text: (Piece(text),) if text else ())
    row = st.tuples(*(cell for _ in columns)).map(Row)
    return Table(tuple(columns), tuple(draw(st.lists(row, min_size=1, max_size=4))), draw(st.booleans()))


@settings(max_examples=200)
@given(tables(), st.integers(20, 110), st.sampled_from([None, 1]))
def test_a_table_is_laid_out_as_rich_lays_it_out(table: Table, width: int, most: int | None) -> None:
    fixed = most and width
    drawn = plainly.table(table, width, fixed)
    if drawn is not None:
        assert rows_of(drawn) == rows_of(Coloured(width, colour=False).table(table, width, fixed))


def test_there_is_room_for_a_table_of_a_usual_width() -> None:
    columns = (Column("Test", flexible=True), Column("Rate", right=True))
    table = Table(columns, (Row(((Piece("test_" + "x" * 40),), (Piece("49.4%"),))),), headed=True)
    assert plainly.table(table, 40, None) is not None
    assert plainly.table(table, 40, 40) is not None
    assert plainly.table(table, 5, 5) is None
