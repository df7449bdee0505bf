"""Where somebody's attention is: the moment at which the screen stands still, the failures that were seen.

May import `core`, `view.header`, `view.ink` and `view.live`. Invariant: while it is paused, the Store does
not change and the time does not go on, so that all that is asked of both stands still together.
"""

from collections.abc import Callable, Sequence

from tui.core.facts import Facts
from tui.core.model import TestKey
from tui.core.news import News
from tui.core.store import Store
from tui.view.header import pause_pieces
from tui.view.ink import Piece
from tui.view.live import Drain


class Attention:
    """Pauses what `drain` brings, and keeps the news of what it brought. `clock` gives the time."""

    def __init__(self, clock: Callable[[], float], drain: Drain) -> None:
        self.clock = clock
        self.news = News()
        self._drain = drain
        self._paused_at: float | None = None
        self._followed = -1

    @property
    def is_paused(self) -> bool:
        """Whether the screen stands still."""
        return self._paused_at is not None

    def now(self) -> float:
        """The time; in a pause, when that began."""
        return self.clock() if self._paused_at is None else self._paused_at

    def toggle(self) -> None:
        """Let the screen stand still, or go on."""
        if self._paused_at is None:
            self._paused_at = self.clock()
            self._drain.hold()
        else:
            self._paused_at = None
            self._drain.release()

    def follow(self, store: Store, facts: Facts) -> None:
        """Take note of the failures there are now."""
        begun = facts.scanned and not facts.backlog
        if self._followed == store.revision or not (begun or self.news.has_begun):
            return
        changed = store.journal.since(self._followed) if self.news.has_begun else None
        self._followed = store.revision
        running = {key for key, _ in store.running()}
        if changed is None:
            # At first they are no news, so their order does not matter, which takes long of many.
            failing = store.failures() if self.news.has_begun else store.causes.failing
            self.news.follow(failing, begun=begun, running=running)
        else:
            singles = store.singles  # all others passed
            bad = {key: (found := singles.get(key)) is not None and found.outcome.is_bad for key in changed}
            self.news.update(bad, running)

    def told(self, selected: Sequence[TestKey]) -> list[Piece]:
        """What the header says of a pause, if there is one; `selected`: the tests that are looked at."""
        if self._paused_at is None:
            return []
        changed = any(map(self._drain.awaits, selected))
        return pause_pieces(self._drain.waiting, self._paused_at, selected=changed)
