"""What somebody asks for by a word or a number as it stands on screen.

May import the rest of `core`. Pure.
"""

from tui.core.explain.rows import OVERALL
from tui.core.facts import Facts
from tui.core.verdict import VerdictWord
from tui.regex import regex

_NUMBER = regex(r"(\d[\d,]*(?:\.(\d+))?)\s*(%?)")
_PARTS = (
    *("tests", "passed", "failed", "errors", "skipped", "running", "flaky"),
    *("outcomes", "rate", "status", "delta", "duration", "not_run"),
)
"""What every component and the whole have: asked for by its name alone, it is the whole's."""


def meant(facts: Facts, wanted: str) -> str:
    """The id of what is called `wanted` on screen, in small letters; empty where nothing is."""
    for criterion in facts.verdict.criteria:
        if wanted == criterion.short.casefold():
            return f"criterion:{criterion.name}"
    if wanted in {word.casefold() for word in VerdictWord}:
        return "verdict"
    if wanted == facts.overall.status.casefold():
        return f"{OVERALL}.status"
    for row in facts.components:
        if wanted == row.status.casefold():
            return f"component:{row.name}.status"
    if (part := wanted.replace(" ", "_")) in _PARTS:
        return f"{OVERALL}.{part}"
    return next((f"source:{row.path}" for row in facts.sources if wanted == row.state.casefold()), "")


def is_number(wanted: str) -> bool:
    """Whether it is a number and nothing else."""
    return _NUMBER.fullmatch(wanted) is not None


def is_value(value: str, wanted: str) -> bool:
    """Whether a number that was asked for is this value, rounded as it was asked for."""
    asked, told = _NUMBER.fullmatch(wanted), _NUMBER.match(value)
    if asked is None or told is None or (asked[3] and not told[3]):
        return False
    digits = len(asked[2] or "")
    here = float(told[1].replace(",", ""))
    return (bool(digits) or here.is_integer()) and f"{here:.{digits}f}" == asked[1].replace(",", "")
