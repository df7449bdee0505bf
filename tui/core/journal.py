"""Which tests changed lately, so that whoever keeps lists of tests need not look at all of them again.

May import `core.model`. Invariant: what is not remembered any more is never told as unchanged.
"""

from collections import deque
from collections.abc import Set as AbstractSet

from tui.core.model import TestKey

_REMEMBERED = 20_000


class Journal:
    """The tests that each revision changed, of as many revisions as are remembered."""

    def __init__(self) -> None:
        self._entries: deque[tuple[int, AbstractSet[TestKey]]] = deque()
        self._size = 0
        self._forgotten = 0

    def note(self, revision: int, tests: AbstractSet[TestKey]) -> None:
        """Remember that `revision` changed these tests; revisions come in their order."""
        if not tests:
            return
        self._entries.append((revision, tests))
        self._size += len(tests)
        while self._size > _REMEMBERED:
            self._forgotten, gone = self._entries.popleft()
            self._size -= len(gone)

    def forget(self, revision: int) -> None:
        """Anything may have changed at `revision`."""
        self._entries.clear()
        self._size, self._forgotten = 0, revision

    def since(self, revision: int) -> set[TestKey] | None:
        """The tests that changed after `revision`; None: it is not known any more which."""
        if revision < self._forgotten:
            return None
        changed = set[TestKey]()
        for at, tests in reversed(self._entries):
            if at <= revision:
                break
            changed |= tests
        return changed
