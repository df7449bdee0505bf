"""Several rows of a list selected at once: which, and how a range of them grows and shrinks.

May import nothing of runwatch. Pure. Invariant: rows are known by their keys, never by their numbers.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

MOST = 20_000
"""The most rows that a range has: each is kept by its key, and each of a million would be too much."""


class Picks:
    """The keys of the selected rows; the last one that was toggled is the anchor of a range."""

    def __init__(self) -> None:
        self._picked: dict[Hashable, None] = {}
        self._before: dict[Hashable, None] = {}
        self._anchor: Hashable | None = None

    def __len__(self) -> int:
        return len(self._picked)

    def __contains__(self, key: Hashable) -> bool:
        return key in self._picked

    def __iter__(self) -> Iterator[Hashable]:
        return iter(self._picked)

    @property
    def keys(self) -> AbstractSet[Hashable]:
        """The keys of the selected rows."""
        return self._picked.keys()

    def toggle(self, key: Hashable) -> None:
        """Select a row, or do so no longer; a range starts here from now on."""
        if key in self._picked:
            del self._picked[key]
        else:
            self._picked[key] = None
        self._before, self._anchor = dict(self._picked), key

    def extend(self, keys: Sequence[Hashable], start: int, end: int) -> bool:
        """Select the rows from the anchor to row `end`; the anchor is row `start` where there is none.

        What an earlier extension from the same anchor selected, and this one does not, is let go. False: it
        would be more rows than MOST, and all stays as it was.
        """
        try:
            anchor = start if self._anchor is None else keys.index(self._anchor)
        except ValueError:
            anchor = start
        if abs(end - anchor) >= MOST:
            return False
        if self._anchor is None or keys[anchor] != self._anchor:
            self._before, self._anchor = dict(self._picked), keys[anchor]
        low, high = sorted((anchor, end))
        self._picked = self._before | dict.fromkeys(keys[low : high + 1])
        return True

    def clear(self) -> None:
        """Select nothing any more."""
        self._picked, self._before, self._anchor = {}, {}, None

    def replace(self, keys: Iterable[Hashable]) -> None:
        """Select these rows and no other."""
        self.clear()
        self._picked = dict.fromkeys(keys)

    def retain(self, is_kept: Callable[[Hashable], bool]) -> None:
        """Let go of what is not there any more."""
        self._picked = {key: None for key in self._picked if is_kept(key)}
        self._before = {key: None for key in self._before if key in self._picked}
        if self._anchor is not None and not is_kept(self._anchor):
            self._anchor = None
