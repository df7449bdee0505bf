"""Tests of which it is known how many they are, and which only once one is asked for.

May import `core.model`. Pure.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import overload

from tui.core.model import TestKey


class Run(Sequence[TestKey]):
    """`number` tests; `filled` finds out which."""

    def __init__(self, number: int, filled: Callable[[], Sequence[TestKey]]) -> None:
        self._number = number
        self._filled = filled

    @cached_property
    def _tests(self) -> Sequence[TestKey]:
        return self._filled()

    def __len__(self) -> int:
        return self._number

    def __iter__(self) -> Iterator[TestKey]:
        return iter(self._tests)

    @overload
    def __getitem__(self, place: int) -> TestKey: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[TestKey]: ...
    def __getitem__(self, place: int | slice) -> TestKey | Sequence[TestKey]:
        return self._tests[place]

    def index(self, value: object, start: int = 0, stop: int | None = None) -> int:
        """The place of a test. Raises ValueError."""
        del start, stop
        return self._tests.index(value)
