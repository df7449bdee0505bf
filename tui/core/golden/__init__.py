"""Golden paths: which events are proven, by what, in which order and how fast (TRUTH 4).

`pattern` says what a path demands, `instance` judges the events of one test and key, `ledger` keeps
them apart and up to date, `judge` puts them together to the verdict on a path. May import `core.model`
and `core.components`. Pure. Invariants: nothing is PROVEN without an observation in a passing test; an
order that nothing states is never taken for granted.
"""

from tui.core.golden.ledger import Ledger, Ref
from tui.core.golden.model import (
    EACH_PROVEN,
    TIME_UNKNOWN,
    TOO_SLOW,
    EventVerdict,
    Evidence,
    Instance,
    OpenPair,
    Order,
    OrderState,
    PathRule,
    PathVerdict,
    Witness,
    Word,
)
from tui.core.golden.pattern import Pattern, PatternError

__all__ = [
    "EACH_PROVEN",
    "TIME_UNKNOWN",
    "TOO_SLOW",
    "EventVerdict",
    "Evidence",
    "Instance",
    "Ledger",
    "OpenPair",
    "Order",
    "OrderState",
    "PathRule",
    "PathVerdict",
    "Pattern",
    "PatternError",
    "Ref",
    "Witness",
    "Word",
]
