"""Painting: the facts of the moment are gathered, and all that is in sight is told them.

May import Textual, `core` and `view`. Invariants: new facts are painted as often as `pace` says, and not
while a key waits for its answer; a live update moves neither cursor nor scroll nor the open detail.
"""

import asyncio
import time

from textual.app import App

from tui.core.facts import Facts, gather
from tui.core.sourcebook import SourceBook
from tui.core.store import Store
from tui.view.attention import Attention
from tui.view.beside import Beside
from tui.view.breathing import keyboard
from tui.view.finding.finder import Finder
from tui.view.furnishing import Furnishing
from tui.view.header import Header
from tui.view.lists.listing import Listing
from tui.view.live import Drain
from tui.view.overview import Overview
from tui.view.pace import Pace
from tui.view.terminal import Herald
from tui.view.views import Views

_SLOW_TICKS = 15


class Painting:
    """Shows `store` on `app`, under `name`; the other parts follow the facts, or add to them."""

    def __init__(
        self,
        app: App[None],
        store: Store,
        name: str,
        *,
        drain: Drain,
        attention: Attention,
        beside: Beside,
        finder: Finder,
        furnishing: Furnishing,
        herald: Herald,
    ) -> None:
        self._app = app
        self._store = store
        self._name = name
        self._drain = drain
        self._attention = attention
        self._beside = beside
        self._finder = finder
        self._furnishing = furnishing
        self._herald = herald
        self._book = SourceBook(store)
        self.facts: Facts = gather(store, attention.now(), self._book)
        self.claims_note = ""
        self._pace = Pace()
        self._timer: asyncio.TimerHandle | None = None
        self._ticks = 0
        self._has_read = False
        self._is_filtered: bool | None = None

    @property
    def is_due(self) -> bool:
        """Whether something has changed that is not painted yet."""
        return self._timer is not None

    def changed(self, events: int = 1) -> None:
        """The Store changed by so many events: paint soon, but not more often than is good."""
        self._pace.came(events)
        is_read = self._store.scanned and not self._store.directory.backlog
        if is_read and self._pace.arrive() and self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._timer is None:
            self._paint_in(self._pace.wait(time.perf_counter()))

    def _paint_in(self, seconds: float) -> None:
        """A timer of the loop's own: one of Textual's is a task, which fifty times a second is dear."""
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(seconds, self._app.call_next, self.paint)

    def paint(self) -> None:
        """Gather the facts, and show them."""
        self._timer = None
        if not self._app.is_running:
            return
        if waits := keyboard.waits():
            self._paint_in(waits)
            return
        self._pace.begin(time.perf_counter())
        spent = time.thread_time()
        self.facts = gather(self._store, self._attention.now(), self._book)
        if self.facts.ungrouped:
            self._drain.wake()
        self._finder.follow()
        self.show()
        if said := self._herald.look(self.facts):
            self._app.notify(said, markup=False)
        self._look_whether_read()
        self._pace.end(time.perf_counter(), time.thread_time() - spent)

    def _look_whether_read(self) -> None:
        read = self.facts.scanned and not self.facts.backlog
        if not self._has_read and read and (self.facts.causes or not self.facts.ungrouped):
            self._has_read = True
            if isinstance(self._app.focused, Listing) and self._app.focused.is_untouched:
                self._views.in_sight.focus_first()  # only now is it known what there is to look at
        if self._has_read and not self._furnishing.is_complete:
            self._app.call_after_refresh(self._furnishing.complete)

    @property
    def _views(self) -> Views:
        return self._app.query_one(Views)

    def show(self) -> None:
        """Show the facts that were gathered last: in the view, the header, and what lies over them."""
        self._attention.follow(self._store, self.facts)
        page = self._beside.page(self.facts)
        self.claims_note = self._beside.note(page) if self.facts.scanned else ""
        views = self._views
        view = views.in_sight
        if isinstance(view, Overview):
            view.claims_note = self.claims_note
        if views.is_filtered is not self._is_filtered:
            self._is_filtered = views.is_filtered
            self._app.query("#filter-box").set(display=views.is_filtered)
        view.show(self._store, self.facts, self._finder.found)
        if self._has_read and not view.is_stuck:
            view.stick()
        self.show_header()
        if len(self._app.screen_stack) > 1:
            from tui.view.following import Following  # noqa: PLC0415  # nothing lies over the first frame

            if isinstance(self._app.screen, Following):
                self._app.screen.follow(self._store, self.facts, page)

    def show_header(self) -> None:
        """Show what the header says: the time goes on, also where nothing changes."""
        views = self._views
        if views.name_in_sight == "failures":
            self._attention.news.see(views.open_tests)
        self._app.query_one(Header).show_state(
            self.facts,
            name=self._name,
            view=views.name_in_sight,
            new_failures=self._attention.news.number,
            wanted="" if views.is_filtered else self._finder.wanted.text,
            now=self._attention.now(),
            paused=self._attention.told(views.open_tests),
        )

    def tick(self) -> None:
        """Time goes on: running tests and ages; all facts now and then, for what time alone turns."""
        self._ticks += 1
        self._herald.entitle(self.facts, paused=self._attention.is_paused)
        if self._attention.is_paused:
            self.show_header()
            return
        self._beside.look(self.facts)
        shows_ages = self._views.name_in_sight == "sources"
        if self.facts.live or shows_ages or self._ticks % _SLOW_TICKS == 0:
            self.changed()
        else:
            self.show_header()
