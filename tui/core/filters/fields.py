"""The terms that a filter knows, and what each takes after its colon.

May import `core.model`. Pure.
"""

import operator
import re
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from itertools import repeat

from msgspec import Struct

from tui.core.model import Flag, Outcome
from tui.regex import regex

SLOW_FROM = 1.0
"""From how many seconds on a test is slow where the filter does not say."""


class Field(StrEnum):
    """What a term looks at."""

    STATUS = "status"
    COMPONENT = "component"
    CAUSE = "cause"
    FLAG = "flag"
    FILE = "file"
    NAME = "name"
    NEW = "new"
    KNOWN = "known"
    SLOW = "slow"


STATUSES = tuple(str(outcome) for outcome in Outcome)
FLAGS = tuple(str(flag) for flag in Flag)

ALONE = frozenset({Field.CAUSE, Field.FLAG, Field.NEW, Field.KNOWN, Field.SLOW})
"""The terms that mean something with nothing after their colon."""

_TIME = regex(r"(>=|<=|>|<)?([0-9]+(?:\.[0-9]+)?|\.[0-9]+)(ms|s|min|m|h)?")
_COMPARED = frozenset({">", ">=", "<", "<="})
_SECONDS = {None: 1.0, "ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}
_COMPARE: dict[str | None, Callable[[float, float], bool]] = {
    None: operator.ge,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


class Duration(Struct, frozen=True):
    """What `slow:` compares with: `compare` is one of `>`, `>=`, `<`, `<=`, or None where nothing is said."""

    compare: str | None
    seconds: float

    def holds(self, duration: float | None) -> bool:
        """Whether a test took so long; of one whose time is unknown it cannot be said."""
        return duration is not None and _COMPARE[self.compare](duration, self.seconds)

    def mask(self, durations: Iterable[float]) -> bytes:
        """Which of many tests took so long, a byte for each."""
        return bytes(map(_COMPARE[self.compare], durations, repeat(self.seconds)))


def duration(value: str) -> Duration | None:
    """What `slow:value` compares with; None where that is no time (yet)."""
    if not value:
        return Duration(">", SLOW_FROM)
    found = _TIME.fullmatch(value.replace(" ", "").casefold())
    return Duration(found[1], float(found[2]) * _SECONDS[found[3]]) if found else None


def statuses(value: str) -> frozenset[str]:
    """The outcomes that `status:value` means: every one that begins so; `a,b` is a or b."""
    wanted = tuple(part for part in value.casefold().split(",") if part)
    return frozenset(each for each in STATUSES if wanted and each.startswith(wanted))


def flags(value: str) -> frozenset[str]:
    """The flags that `flag:value` means: every one that holds it; all where it is empty; `a,b` is a or b."""
    wanted = [re.sub("[-_]", " ", part) for part in value.casefold().split(",") if part] or [""]
    return frozenset(each for each in FLAGS if any(part in each for part in wanted))


def is_unfinished(field: Field, value: str) -> bool:
    """Whether more has to be typed before the term means anything."""
    return (not value and field not in ALONE) or (field is Field.SLOW and value.strip() in _COMPARED)


def fault(field: Field, value: str) -> str:
    """What is wrong with the value of a term, in words; empty where nothing is."""
    if is_unfinished(field, value):
        return ""
    match field:
        case Field.STATUS if not statuses(value):
            return _none_of("status", value, STATUSES)
        case Field.FLAG if not flags(value):
            return _none_of("flag", value, FLAGS)
        case Field.SLOW if duration(value) is None:
            return "wants a time: slow:>2s, slow:<100ms"
        case Field.NEW if value:
            return "stands alone: new:"
    return ""


def no_term(name: str) -> str:
    """That there is no term of this name, and which one is near."""
    near = _near(name, list(Field))
    hint = f"did you mean {near[0]}:?" if near else f"there are {', '.join(f'{each}:' for each in Field)}"
    return f"no such term, {hint}"


def _none_of(what: str, value: str, known: Sequence[str]) -> str:
    near = _near(value, known)
    return f"no such {what}, " + (f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}")


def _near(text: str, known: Sequence[str]) -> list[str]:
    import difflib  # noqa: PLC0415  # wanted where something is wrong only

    return difflib.get_close_matches(text.casefold(), known, n=1, cutoff=0.5)
