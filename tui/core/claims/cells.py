"""The cells of tables: what a column holds, by its heading, and what a cell of it says.

May import `core.claims`. A cell that holds a number which is no plain one says so; it is not guessed at.
"""

import re

from tui.core.claims import sentences
from tui.core.claims.patterns import ANY_NUMBER, MARKS
from tui.core.claims.said import Counts, Part, Rate, Said, Status, Vocabulary
from tui.regex import regex

Kind = Part | str
"""A part of the account, or "rate", "status", "name", "elsewhere" (of no concern here)."""

NOTHING = frozenset(("", "-", "–", "—", "n/a", "na", "none", "?", "tbd", "…", "..."))
_NUMBER = regex(ANY_NUMBER)
_FRACTION = regex(rf"({ANY_NUMBER})\s?(?:/|of|out of)\s?({ANY_NUMBER})")
_RATE = regex(r"(\d{1,3})(?:\.(\d{1,4}))?\s?%?")
_IN_BRACKETS = regex(r"(.{0,60}?)\s?[(\[]([^()\[\]]{1,60})[)\]]")
_HEADINGS: dict[Kind, tuple[str, ...]] = {
    "name": (
        r"component|category|module|area|package|layer|service|subsystem|system|name|group|scope|job|section",
        r"(?:test )?suite|test (?:category|area|type|group|module)",
    ),
    "rate": (
        r"(?:success|pass|passing)[ -]?(?:rate|percentage|ratio|%)|%|rate|percent(?:age)?|% pass(?:ed|ing)?",
        r"(?:% )?(?:pass(?:ed|ing)?|success) %",
    ),
    "status": (r"(?:test |overall |current )?(?:status|state|result|verdict|health)|assessment|readiness",),
    Part.TESTS: (
        r"(?:#|no\.?|number of|total|all)? ?(?:of )?(?:tests?|test cases?|cases)(?: (?:run|executed|total))?",
        r"total|(?:tests? )?count",
    ),
    Part.PASSED: (r"(?:tests? )?(?:pass(?:ed|es|ing)?|ok|success(?:es|ful)?|succeeded)(?: tests?)?",),
    Part.FAILED: (r"(?:tests? )?fail(?:ed|s|ing|ures?)?(?: tests?)?",),
    Part.ERRORS: (r"(?:tests? )?(?:errors?|errored|erroring)(?: tests?)?",),
    Part.SKIPPED: (r"(?:tests? )?(?:skip(?:ped|s)?|ignored)(?: tests?)?",),
    "elsewhere": (
        r"target|goal|previous|before|baseline|last (?:run|week|release)|required|threshold|expected",
        r"change|delta|Δ|duration|time|coverage|trend|owner|date|priority",
    ),
}
_COLUMNS = tuple((kind, regex("|".join(each), re.IGNORECASE)) for kind, each in _HEADINGS.items())
_MARK_COLUMNS = {"✅": Part.PASSED, "✔": Part.PASSED, "❌": Part.FAILED, "✖": Part.FAILED}


def said(kind: Kind, cell: str, known: Vocabulary) -> tuple[tuple[Said, ...], str]:
    """What a cell of a column of that kind says, and why it cannot be understood."""
    bare = cell.strip(MARKS + " ")
    if bare.lower() in NOTHING and kind != "status":
        return (), ""
    brackets = _IN_BRACKETS.fullmatch(bare)
    if brackets and kind != "status":
        first, problem = said(kind, brackets[1], known)
        second, _ = said("rate" if "%" in brackets[2] else "fraction", brackets[2], known)
        return (*first, *second), problem
    of = _FRACTION.fullmatch(bare)
    whole = _NUMBER.fullmatch(bare)
    rate = _RATE.fullmatch(bare)
    if of:
        part = kind if isinstance(kind, Part) and kind is not Part.TESTS else Part.PASSED
        amounts = ((Part.TESTS, sentences.number(of[2])), (part, sentences.number(of[1])))
        return (Counts(amounts),), ""
    if isinstance(kind, Part) and whole:
        return (Counts(((kind, sentences.number(bare)),)),), ""
    if rate and (kind == "rate" or bare.endswith("%")):
        percent = float(f"{rate[1]}.{rate[2] or 0}")
        return (Rate(percent, len(rate[2] or "")),), ""
    if kind == "status":
        return _status(cell, known)
    if isinstance(kind, Part) and any(map(str.isdigit, bare)):
        return (Status(bare),), "not matched: not one number"
    return (), ""


def _status(cell: str, known: Vocabulary) -> tuple[tuple[Said, ...], str]:
    state = sentences.state(cell, known)
    if isinstance(state, Status) and state.word not in (*known.bands, "NOT RUN"):
        found = sentences.read(cell, known, labelled=True)
        if found:
            return tuple(each.said for each in found), found[0].problem
        if state.word.lower() in NOTHING:
            state = None
    return ((state,) if state else ()), ""


def column(title: str) -> Kind | None:
    """What a column of that heading holds; None where that is not known."""
    bare = title.strip(MARKS + " :")
    if not bare:
        return next((part for mark, part in _MARK_COLUMNS.items() if mark in title), None)
    return next((kind for kind, pattern in _COLUMNS if pattern.fullmatch(bare)), None)
