"""A list of tests beside the selected one: what three of the views are. May import what `pane` may."""

import time
from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.timer import Timer
from textual.widget import Widget

from tui.core.model import TestKey
from tui.core.store import Store
from tui.project import Project
from tui.view.bindings import bindings
from tui.view.detail.pane import DetailPane, position_of
from tui.view.lists.listing import PICKED, Column, Listing
from tui.view.pane import Aim, View, titled

NARROW = 100
"""Below this width, in columns, a list and the detail of its selection are not shown side by side."""


_FROM_THE_LIST = ("detail.previous", "detail.next", "detail.library", "detail.open")
"""What acts on the detail while the keyboard is with the list, too."""


class MasterDetail(View):
    """A list of tests, and the selected one in full beside it; one at a time where there is no room."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("halves"),
        *bindings("detail", of=_FROM_THE_LIST, told=False),
    ]

    COLUMNS: ClassVar[tuple[Column, ...]] = ()
    HEADER: ClassVar[bool] = True
    PATIENCE: ClassVar[float] = 0.08
    """Keys that follow each other faster are one movement: the detail is drawn when it has ended. Seconds."""

    def __init__(self, project: Project, shown_directory: str, *, id: str) -> None:
        super().__init__(id=id)
        self.store: Store | None = None
        self._titles = "", ""
        self._waiting: Timer | None = None
        self._moved = 0.0
        self._project = project
        self._shown_directory = shown_directory

    def compose(self) -> ComposeResult:
        """The list on the left, the detail on the right."""
        yield from self.compose_master()
        detail = DetailPane(self._project, id=f"{self.id}-detail")
        detail.add_class("frame", "detail")
        yield detail

    def compose_master(self) -> ComposeResult:
        """The list."""
        gap = 2 if self.HEADER else 1
        master = Listing(self.COLUMNS, header=self.HEADER, gap=gap, picks=True, id=f"{self.id}-list")
        master.add_class("frame", "master")
        yield master

    @property
    def is_narrow(self) -> bool:
        """Whether there is no room for both, as the screen has it: a view not yet in sight has no size."""
        return self.screen.size.width < NARROW

    def test_of(self, key: object) -> TestKey | None:
        """The test that a row of the list stands for."""
        return key if isinstance(key, TestKey) else None

    def tests_of(self, key: object) -> Iterable[TestKey]:
        """All the tests that a row of the list stands for."""
        test = self.test_of(key)
        return () if test is None else (test,)

    def meant(self) -> tuple[TestKey, ...]:
        """The tests that are selected together, else those of the selected row."""
        master = self.query_one(Listing)
        rows = master.picks or [master.selected]
        return tuple(dict.fromkeys(test for row in rows for test in self.tests_of(row)))

    def number_meant(self) -> int:
        """How many tests are selected together."""
        return len(self.meant())

    def open_test(self) -> TestKey | None:
        """The test in the detail."""
        return self.query_one(DetailPane).key

    def aim(self) -> Aim | None:
        """The test in the detail."""
        key = self.test_of(self.query_one(Listing).selected)
        return None if key is None else Aim(key, self.query_one(DetailPane).chosen_frame)

    def subject(self) -> str:
        """The selected test."""
        key = self.test_of(self.query_one(Listing).selected)
        result = self.store.tests.get(key) if self.store is not None and key is not None else None
        return f"test:{result.label}" if result is not None else "verdict"

    def on_listing_selected(self, event: Listing.Selected) -> None:
        """Show the detail of the selection."""
        event.stop()
        before, self._moved = self._moved, time.perf_counter()
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None
        # The cursor moves at once: to draw a whole test at each key of many would hold it up.
        if self._moved - before >= self.PATIENCE:
            self._show_selected()
        else:
            self._waiting = self.set_timer(self.PATIENCE, self._show_selected)

    def _show_selected(self) -> None:
        self.show_detail(self.query_one(Listing).selected)

    def on_listing_picked(self, event: Listing.Picked) -> None:
        """Say how many tests are selected together."""
        event.stop()
        self._say_title()

    def title_list(self, title: str, subtitle: str = "") -> None:
        """Write into the frame of the list: what it is, and what is in it."""
        self._titles = title, subtitle
        self._say_title()

    def _say_title(self) -> None:
        master = self.query_one(Listing)
        title, subtitle = self._titles
        if master.picks:
            selected = f"{PICKED} {self.number_meant():,} selected"
            title, subtitle = f"{selected} · {title}", f"esc lets go · {subtitle}"
        titled(master, title, subtitle)

    def on_listing_opened(self, event: Listing.Opened) -> None:
        """Open the row."""
        event.stop()
        self.open_row(event.key)

    def open_row(self, key: object) -> None:
        """Go into the detail; it takes the whole width where there is no room for both."""
        if self.test_of(key) is not None:
            self.enter_detail()

    def show_detail(self, key: object) -> None:
        """Show the test that `key` stands for."""
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None
        detail = self.query_one(DetailPane)
        test = self.test_of(key)
        if self.store is None or test is None:
            detail.show_nothing("Nothing is selected.")
        else:
            detail.show(self.store, test, position_of(self.store, test))

    def enter_detail(self) -> None:
        """Give the keyboard to the detail's text."""
        if self._waiting is not None:
            self._show_selected()
        self.query_one(Listing).hold()  # it is read now: what comes in does not take it away
        if self.is_narrow:
            self.add_class("detail-only")
        self.remove_class("list-only")
        self.query_one("#detail-text", Widget).focus()

    def action_mark(self) -> None:
        """Mark the selected tests as known to fail, or change or remove their marks."""
        self.post_message(self.MarkWanted(self.meant()))

    def action_zoom_list(self) -> None:
        """Give the list the whole width, or take it back."""
        self.toggle_class("list-only")
        self.remove_class("detail-only")
        self.query_one(Listing).focus()

    def action_zoom(self) -> None:
        """Give the detail the whole width, or take it back."""
        if self._waiting is not None:
            self._show_selected()
        self.remove_class("list-only")
        self.toggle_class("detail-only")
        target = "#detail-text" if self.has_class("detail-only") else "Listing"
        self.query_one(target, Widget).focus()

    def action_section(self, step: int) -> None:
        """Show the next section of the detail, or the one before."""
        self._shown_detail().action_section(step)

    def action_library(self) -> None:
        """Unfold everything in the detail, or fold it."""
        self._shown_detail().action_library()

    def action_open(self) -> None:
        """Open the whole of the section in the pager."""
        self._shown_detail().action_open()

    def _shown_detail(self) -> DetailPane:
        """The detail, of what is selected now."""
        if self._waiting is not None:
            self._show_selected()
        return self.query_one(DetailPane)

    def go_back(self) -> bool:
        """Back from the detail to the list; then select nothing together any more."""
        listing = self.query_one(Listing)
        if not self.has_class("detail-only") and listing.has_focus:
            return listing.clear_picks()
        self.remove_class("detail-only")
        listing.focus()
        return True

    def on_resize(self) -> None:
        """One or both, as there is room."""
        self.set_class(self.is_narrow, "narrow")
