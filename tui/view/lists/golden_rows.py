"""The rows of the golden paths, each from what it shows.

May import `core`, `report.words`, and of the view `ink`, `listing` and `pane`. Where there is no room for a
column of places, the place stands before what is said.
"""

from collections.abc import Sequence

from tui.core.golden import EventVerdict, Evidence, Instance, OpenPair, OrderState, PathVerdict, Word
from tui.report import words
from tui.view.ink import Piece
from tui.view.lists.listing import Column, Row
from tui.view.pane import named

COLUMNS = (
    Column("", 5),
    Column("Event and evidence"),
    Column("", 13),
    Column("", 9, least=60),
    Column("Gap", 7, "right", least=60),
    Column("Where", 26, least=110),
)
PLACES_FROM = 110
"""The width of the list from which places have a column of their own."""

_NO_SIGN = Piece("")
_ORDERS = {
    OrderState.PROVEN: ("in order", "passed"),
    OrderState.NOT_PROVEN: ("not whole", "failed"),
    OrderState.UNKNOWN: ("order unknown", "warning"),
}


def path(verdict: PathVerdict) -> Row:
    """A path: how much of it is proven."""
    sign, ink = ("✔", "passed") if verdict.is_proven else ("✖", "failed")
    told = f"{verdict.proven} of {verdict.demanded} proven · {verdict.order_in_words}"
    if verdict.took is not None:
        told += f" · took {words.span(verdict.took)}"
    if verdict.within is not None:
        told += f" · within {words.clock(verdict.within)}"
    name = [Piece(verdict.name, "strong", bold=True), Piece(f"  {verdict.state}", ink, bold=True)]
    return Row(([Piece(sign, ink, bold=True)], [*name, Piece(f"  {told}", "muted")]), spans=True)


def broken(message: str) -> Row:
    """The first break of a path."""
    return Row(([Piece("    ✖", "failed", bold=True)], [Piece(message, "failed")]), spans=True)


def event(verdict: EventVerdict, *, is_open: bool) -> Row:
    """An event: its grade and word, and how many tests show it."""
    ink = words.WORD_STYLES[verdict.word]
    fold = _fold(is_open=is_open) if verdict.evidence else "   "
    is_there = verdict.word not in (Word.MISSING, Word.OPTIONAL)
    name = [Piece(verdict.name, "strong" if is_there else "muted")]
    if not verdict.required and verdict.word is not Word.OPTIONAL:
        name.append(Piece("  optional", "muted"))
    if verdict.mocked:
        name.append(Piece(f"  {verdict.mocked:,} mocked", "warning"))
    told = f"{verdict.passing_tests} of {verdict.tests}" if verdict.tests else ""
    return Row(
        (
            [Piece(fold, "muted"), Piece(verdict.word.grade, ink, bold=True)],
            name,
            [Piece(str(verdict.word), ink, bold=True)],
            [Piece(told, "muted")],
            [],
            [Piece("passing tests" if told else "", "muted")],
        )
    )


def evidence(told: Evidence, *, is_wide: bool) -> Row:
    """A piece of evidence: its test, what carries it, where."""
    kind = [Piece(str(told.kind), "muted")]
    return _placed(_test(told.test, told.instance), kind, told, is_wide=is_wide)


def step(name: str, told: Evidence, *, is_wide: bool) -> Row:
    """An event in its instance."""
    return _placed([Piece(f"  {name}")], [Piece(str(told.kind), "muted")], told, is_wide=is_wide)


def section(told: str, ink: str, *, is_open: bool | None = None) -> Row:
    """A line about the instances, which unfolds where `is_open` says whether it is unfolded."""
    sign = [] if is_open is None else [Piece(_fold(is_open=is_open), "muted")]
    return Row((sign, [Piece(told, ink)]), spans=True)


def instance(judged: Instance, *, is_open: bool, is_wide: bool) -> Row:
    """An instance: whose it is, whether it is whole and in order, how long it took."""
    first = judged.steps[0][1]._replace(gap=None, note="")
    order, ink = _ORDERS[judged.order]
    if judged.late:
        order = "too slow"
    elif judged.broken:
        order = "out of order"
    told = _test(judged.owner.test, judged.owner.value)
    if why := judged.first_break or judged.late:
        told.append(Piece(f"  ✖ {why}", "failed"))
    if judged.missing:
        told.append(Piece(f"  lacks {', '.join(judged.missing)}", "warning"))
    fold = Piece(f" {_fold(is_open=is_open)}", "muted")
    return _placed(told, [Piece(order, ink)], first, is_wide=is_wide, gap=judged.took, sign=fold)


def opened(judged: Instance, pair: OpenPair, *, is_wide: bool) -> Row:
    """An event that nothing closed."""
    told = judged.steps[0][1]._replace(source=pair.source, line=pair.line, gap=None, note="")
    return _placed(_test(judged.owner.test, judged.owner.value), [], told, is_wide=is_wide)


def _placed(
    told: Sequence[Piece],
    word: Sequence[Piece],
    where: Evidence,
    *,
    is_wide: bool,
    gap: float | None = None,
    sign: Piece = _NO_SIGN,
) -> Row:
    """A row about one place in one source."""
    place = Piece(words.place(where.source, where.line), "link")
    span = where.gap if gap is None else gap
    ink = words.OUTCOME_STYLES[where.outcome] if where.outcome else "warning"
    outcome = Piece(str(where.outcome or "no test"), ink)
    if where.note:
        told = [*told, Piece(f"  ✖ {where.note}", "failed")]
    if not is_wide and place.text:
        told = [place, Piece("  "), *told]
    return Row(
        ([sign], told, word, [outcome], [Piece("" if span is None else words.span(span), "muted")], [place])
    )


def _test(test: str | None, value: str | None) -> list[Piece]:
    pieces = named(test or "tied to no test")
    return pieces if value is None else [*pieces, Piece(f"  {value}", "muted")]


def _fold(*, is_open: bool) -> str:
    return " ▾ " if is_open else " ▸ "
