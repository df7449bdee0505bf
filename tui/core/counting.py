"""Counts that leave nothing behind. Imports nothing of runwatch."""

from bisect import insort
from collections import Counter
from collections.abc import Hashable
from heapq import nsmallest
from typing import TypeVar

_Value = TypeVar("_Value", bound=Hashable)


def change(counter: "Counter[_Value]", value: _Value, by: int) -> None:
    """Count `value` in or out `by` so many; one that is not counted any more is no key."""
    number = counter.get(value, 0) + by
    if number:
        counter[value] = number
    else:
        counter.pop(value, None)


class Frequent:
    """How often each of many texts came, and which `most` of them came most often, equals by name.

    While they only come, these are known at any time: of a hundred thousand a look at all holds up a key.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._numbers: Counter[str] = Counter()
        self._first: list[tuple[int, str]] | None = []

    def __len__(self) -> int:
        return len(self._numbers)

    def change(self, text: str, by: int) -> None:
        """Count `text` in or out `by` so many."""
        change(self._numbers, text, by)
        first = self._first
        if by < 0:
            self._first = None
        elif first is not None:
            placed = -self._numbers[text], text
            if first and first[0][1] == text:
                first[0] = placed
            elif len(first) < self._most or placed < first[-1]:
                before = placed[0] + by, text
                if before in first:
                    first.remove(before)
                insort(first, placed)
                del first[self._most :]

    def ranked(self) -> tuple[tuple[str, int], ...]:
        """The most frequent ones, each with its number."""
        if self._first is None:
            self._first = nsmallest(self._most, ((-number, text) for text, number in self._numbers.items()))
        return tuple((text, -number) for number, text in self._first)
