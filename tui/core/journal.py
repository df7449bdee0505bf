"""Which tests or sources changed lately, so that whoever lists them need not look at all of them again.

Imports nothing of runwatch. Invariant: what is not remembered any more is never told as unchanged.
"""

from collections import deque
from collections.abc import Hashable
from collections.abc import Set as AbstractSet
from typing import Generic, TypeVar

_REMEMBERED = 20_000

_Thing = TypeVar("_Thing", bound=Hashable)


class Journal(Generic[_Thing]):
    """What each revision changed, of as many revisions as are remembered."""

    def __init__(self) -> None:
        self._entries: deque[tuple[int, AbstractSet[_Thing]]] = deque()
        self._size = 0
        self._forgotten = 0

    def note(self, revision: int, changed: AbstractSet[_Thing]) -> None:
        """Remember that `revision` changed these; revisions come in their order."""
        if not changed:
            return
        self._entries.append((revision, changed))
        self._size += len(changed)
        while self._size > _REMEMBERED:
            self._forgotten, gone = self._entries.popleft()
            self._size -= len(gone)

    def forget(self, revision: int) -> None:
        """Anything may have changed at `revision`."""
        self._entries.clear()
        self._size, self._forgotten = 0, revision

    def since(self, revision: int) -> set[_Thing] | None:
        """What changed after `revision`; None: it is not known any more."""
        if revision < self._forgotten:
            return None
        changed = set[_Thing]()
        for at, those in reversed(self._entries):
            if at <= revision:
                break
            changed |= those
        return changed
