"""Counts that leave nothing behind. Imports nothing of runwatch."""

from collections import Counter
from collections.abc import Hashable
from typing import TypeVar

_Value = TypeVar("_Value", bound=Hashable)


def change(counter: "Counter[_Value]", value: _Value, by: int) -> None:
    """Count `value` in or out `by` so many; one that is not counted any more is no key."""
    number = counter.get(value, 0) + by
    if number:
        counter[value] = number
    else:
        counter.pop(value, None)
