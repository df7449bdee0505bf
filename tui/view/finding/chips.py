"""A filter as it was understood: a chip for each of its terms. May import `core`, `text` and `view.ink`.

Invariant: what a chip means is said by its words and signs too, never by its colour alone.
"""

from collections.abc import Sequence

from tui.core.filters.fields import FLAGS, STATUSES, Field
from tui.core.filters.language import Filter, Term
from tui.text import shortened
from tui.view.ink import Line, Piece, width_of, wrapped

EDIT = "edit"
REMOVE = "remove:"

_LONGEST = 48
_LONGEST_SAID = 100
_HINTS = {
    Field.STATUS: ", ".join(STATUSES),
    Field.FLAG: ", ".join(FLAGS),
    Field.SLOW: ">2s, <100ms",
    Field.COMPONENT: "a part of its name",
    Field.FILE: "a part of a path",
    Field.NAME: "a part of the test's id",
}
_NOTHING = (
    *((f"{each}:", "key") for each in Field),
    ("!", "key"),
    ("not", "muted"),
    ('"…"', "key"),
    ("exactly", "muted"),
    ("↑", "key"),
    ("earlier", "muted"),
    ("tab", "key"),
    ("completes", "muted"),
)


def help_line() -> list[Piece]:
    """What may be typed."""
    return [Piece(f"{text} ", ink) for text, ink in _NOTHING]


def chips(wanted: Filter, remarks: Sequence[str], width: int, most: int, *, typing: bool) -> list[Line]:
    """The terms of a filter with what is to be said of them, in at most so many lines."""
    items = [
        _chip(term, remarks[number] if number < len(remarks) else "", number)
        for number, term in enumerate(wanted.terms)
    ]
    lines: list[list[Piece]] = wrapped(items, width, 1)
    if len(lines) > most:
        lines = lines[:most]
        lines[-1] = [*lines[-1], Piece(" …", "muted")]
    hint = [Piece("/ ", "key"), Piece("edits  ", "muted"), Piece("esc ", "key"), Piece("clears", "muted")]
    if lines and not typing and (room := width - width_of(lines[-1]) - width_of(hint)) > 1:
        lines[-1] = [*lines[-1], Piece(" " * room), *hint]
    return list(lines)


def _chip(term: Term, remark: str, number: int) -> list[Piece]:
    value = shortened(term.value, _LONGEST)
    negation = "not " if term.negated else ""
    if term.fault:
        ink, text, said = (
            "chip-fault",
            f"? {negation}{shortened(str(term).lstrip('!'), _LONGEST)}",
            term.fault,
        )
    elif term.field is None:
        ink, text, said = "chip-text", f"{negation}“{value}”", remark
    else:
        ink, text = "chip-term", f"{negation}{term.field}: {value}".rstrip()
        said = _HINTS.get(term.field, "") if term.is_unfinished else remark
    if term.negated and not term.fault:
        ink = "chip-not"
    pieces = [Piece(f" {text} ", ink, action=EDIT), Piece("✕ ", ink, action=f"{REMOVE}{number}")]
    if said:
        pieces.append(Piece(f" {shortened(said, _LONGEST_SAID)}", "warning" if term.fault else "muted"))
    return pieces
