"""Failures that came since somebody looked: by test, so that one that went does not hide one that came.

May import `core.model`. Pure. Invariant: what is new is failing now, in the order in which it came.
"""

from collections.abc import Collection, Iterable, Mapping

from tui.core.model import TestKey


class News:
    """The failing tests that nobody has seen yet. Those of the first look of all are no news."""

    def __init__(self) -> None:
        self._seen: set[TestKey] | None = None
        self._new: dict[TestKey, None] = {}

    def follow(self, failing: Iterable[TestKey], *, begun: bool, running: Collection[TestKey] = ()) -> None:
        """These tests fail now. `begun`: everything there was at the start has been read.

        A test that was seen to fail, and runs again, is no news if it fails again.
        """
        if self._seen is None:
            if begun:
                self._seen = set(failing)
            return
        now = dict.fromkeys(failing)
        self._seen &= now.keys() | set(running)
        kept = {key: None for key in self._new if key in now}
        self._new = kept | {key: None for key in now if key not in self._seen}

    @property
    def has_begun(self) -> bool:
        """Whether the first look was had."""
        return self._seen is not None

    def update(self, failing: Mapping[TestKey, bool], running: Collection[TestKey] = ()) -> None:
        """The same as `follow`, where just these tests changed: each with whether it fails now."""
        assert self._seen is not None
        for key, fails in failing.items():
            if fails:
                if key not in self._seen:
                    self._new[key] = None
                continue
            self._new.pop(key, None)
            if key not in running:
                self._seen.discard(key)

    def see(self, keys: Iterable[TestKey]) -> None:
        """Somebody looks at these tests."""
        looked_at = self._new.keys() & set(keys)
        if looked_at and self._seen is not None:
            self._seen |= looked_at
            self._new = {key: None for key in self._new if key not in looked_at}

    def see_all(self) -> None:
        """Somebody looked at all failures."""
        self.see(list(self._new))

    @property
    def number(self) -> int:
        """How many failures are new."""
        return len(self._new)

    @property
    def first(self) -> TestKey | None:
        """The one that came first."""
        return next(iter(self._new), None)
