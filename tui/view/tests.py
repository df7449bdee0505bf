"""Every test, as a table or as a tree, and the selected one in full.

May import Textual, `core`, `project`, `report.words` and `view`. Invariants: a paint costs what changed since
the last one, not what there is; where all tests have to be looked at and these are many, that is done in
slices, and until it is done the rows stay as they were.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.timer import Timer

from tui.core import running as runs
from tui.core.arranging import ORDERS
from tui.core.facts import Facts
from tui.core.filters.matching import Found
from tui.core.grouping import file_of
from tui.core.model import Outcome, TestKey, TestResult
from tui.core.pathtree import Folder, Rows, name_of
from tui.core.store import Store
from tui.project import Project
from tui.report import words
from tui.text import counted
from tui.view.bindings import bindings
from tui.view.breathing import breath, rest
from tui.view.choosing import Choice, Choosing
from tui.view.ink import Down, Line, Lines, Piece
from tui.view.lists import durations, listing
from tui.view.lists.listing import Column, Listing
from tui.view.lists.test_table import TestTable
from tui.view.masterdetail import MasterDetail
from tui.view.pane import named, nothing, titled

_FLAGS = 100
"""From this width of list on, attempts and flags have a column of their own."""
_AHEAD_AFTER = 1.0
"""In seconds: so long after it has shown something it looks for what else may be wanted."""
_TALL = 34
"""From this height of view on, the histogram of durations is shown unless it was put away."""

_DRAWN = 1_000
"""So many drawn rows are kept: more than are in sight."""


class Tests(MasterDetail):
    """The list of all tests, and the detail of one."""

    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("", 1, sort="outcome"),
        Column("Outcome", 9, least=90, sort="outcome"),
        Column("Test", sort="test", share=2),
        Column("Time", 8, "right", sort="time"),
        Column("Attempts", 16, least=_FLAGS, sort="attempts"),
        Column("Component", 18, least=70, sort="component"),
        Column("File", least=140, sort="file"),
        Column("Source", 20, least=120, sort="source"),
    )

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("groups"), *bindings("tests")]

    def __init__(self, project: Project, shown_directory: str, *, id: str) -> None:
        super().__init__(project, shown_directory, id=id)
        self._now = 0.0
        self._shown: tuple[Store, Facts, Found] | None = None
        self._table = TestTable()
        self._is_tree = False
        self._unfolded = set[Folder]()
        self._wants_durations: bool | None = None
        self._keys: Sequence[Folder | TestKey] = ()
        self._parents: dict[Folder, Folder | None] = {}
        self._drawn: dict[TestKey, tuple[object, listing.Row]] = {}
        self._looks = False
        self._ahead: Timer | None = None
        self._then: list[Callable[[], None]] = []

    def compose_master(self) -> ComposeResult:
        """The list, and the durations below it."""
        with Down(classes="master"):
            for master in super().compose_master():
                master.remove_class("master")
                yield master
            strip = Lines(id="durations")
            strip.add_class("frame")
            yield strip

    # --- what is shown ------------------------------------------------------------------------------

    def show(self, store: Store, facts: Facts, wanted: Found) -> None:
        """Show the facts as they are now."""
        self.store = store
        self._now = facts.now
        self._shown = store, facts, wanted
        self._table.wants_tree = self._is_tree
        self._listed(fresh=self._table.refresh(store, wanted, facts.now))
        self._go_on()

    def _renew(self, then: Callable[[], None] | None = None) -> None:
        """Show the same tests in another way; `then` comes when that is done."""
        if then is not None:
            self._then.append(then)
        if self._shown is not None:
            self.show(*self._shown)

    def _listed(self, *, fresh: bool) -> None:
        if fresh:
            self.query_one(Listing).picks.retain(self._is_there)
        self._list(fresh=fresh or self._is_tree is not isinstance(self._keys, Rows))
        while self._then and not self._table.is_working:
            self._then.pop(0)()

    def _go_on(self) -> None:
        """See to it that all tests are looked at that have to be."""
        if self._looks:
            return
        if self._table.is_working:
            self._looks = True
            self.run_worker(self._look(), group="tests")
        elif self._table.rests_until is not None:
            self._looks = True
            self.set_timer(max(self._table.rests_until - time.perf_counter(), 0.01), self._look_again)
        elif self._ahead is None and self._table.may_look_ahead:
            self._ahead = self.set_timer(_AHEAD_AFTER, self._look_ahead)

    async def _look(self) -> None:
        try:
            while self._table.is_working:
                await breath()
                if self._table.step():
                    self._listed(fresh=True)
        finally:
            self._looks = False
        self._go_on()

    def _look_again(self) -> None:
        self._looks = False
        self._renew()

    def _look_ahead(self) -> None:
        self._ahead = None
        if not self._looks:
            self.run_worker(self._sort_ahead(), group="tests-ahead", exclusive=True)

    async def _sort_ahead(self) -> None:
        for _ in self._table.ahead():
            await rest()
            if self._looks:
                break

    def _is_there(self, key: object) -> bool:
        if isinstance(key, Folder):
            return self._is_tree and self._table.as_tree().node(key) is not None
        return key in self._table

    def _list(self, instead: listing.Key | None = None, *, fresh: bool = True) -> None:
        if self._shown is None:
            return
        store, facts, wanted = self._shown
        master = self._master
        table = self._table
        order, turned = table.way
        arrow = "▼" if order.descends != turned else "▲"
        master.show_order(order.name, arrow)
        if fresh and self._is_tree and (table.tree is not None or not table.is_working):
            rows = table.rows(self._unfolded)
            self._keys, self._parents = rows, _parents(rows.folders)
        elif fresh and not self._is_tree:
            self._keys, self._parents = table.sequence(), {}
        empty: Sequence[Line] = [[Piece(f"Sorting {counted(len(store.tests), 'test')} …", "running")]]
        if not table.is_working:
            empty = nothing(facts, "test", self._shown_directory, wanted)
        master.show(self._keys, self._row, empty, instead=instead)
        total = counted(len(store.tests), "test")
        number = f"{len(table):,} of {total}" if wanted else total
        is_tree = isinstance(self._keys, Rows)
        self.title_list("Tests by path" if is_tree else "Tests", f"{number} · {order.ways[turned]}")
        self._show_durations()
        self.show_detail(master.selected)

    def _show_durations(self) -> None:
        strip = self.query_one("#durations", Lines)
        tall = self.size.height >= _TALL
        strip.display = (tall if self._wants_durations is None else self._wants_durations) and len(
            self._table
        ) > 0
        if strip.display:
            width = (strip.content_size.width or self._master.size.width) - 1
            strip.show(durations.bars(self._table.durations, width))
            told = durations.told(self._table.durations) if self._table.is_counted else "counting …"
            titled(strip, "How long they took", told)

    def on_resize(self) -> None:
        """One or both, as there is room; the histogram too."""
        super().on_resize()
        self.call_after_refresh(self._show_durations)

    def _row(self, key: listing.Key) -> listing.Row:
        assert self.store is not None
        if isinstance(key, Folder):
            return self._folder_row(key)
        result = self.store.tests.get(key) if isinstance(key, TestKey) else None
        if not isinstance(key, TestKey) or result is None:
            return listing.Row()
        # Most rows in sight are the same at the next paint, but for those in which a clock runs.
        wide = self._master.row_width >= _FLAGS
        if isinstance(self._keys, Rows) or result.outcome is Outcome.RUNNING:
            return self._test_row(key, result, wide=wide)
        drawn_of = result, wide, self.store.known(key), self.store.component(key)
        drawn = self._drawn.get(key)
        if drawn is None or drawn[0] != drawn_of:
            if len(self._drawn) >= _DRAWN:
                self._drawn.clear()
            drawn = self._drawn[key] = drawn_of, self._test_row(key, result, wide=wide)
        return drawn[1]

    @cached_property
    def _master(self) -> Listing:
        return self.query_one(Listing)

    def _test_row(self, key: TestKey, result: TestResult, *, wide: bool) -> listing.Row:
        assert self.store is not None
        took, ink, beside = words.seconds(result.duration), "muted", list[Piece]()
        if result.outcome is Outcome.RUNNING:
            running = runs.one(self.store, key, result, self._now)
            over = words.over_time(running)
            took = "" if running.seconds is None else words.clock(running.seconds)
            ink = "warning" if over else "running"
            beside = [Piece(f"  {over}" if over else "", "warning"), Piece(f"  {running.worker}", "muted")]
        known = self.store.known(key)
        outcome_ink = words.OUTCOME_STYLES[result.outcome]
        if known is not None and result.outcome.is_bad:
            outcome_ink = "muted"
        name = [*self._called(key, result), *beside]
        if known is not None:
            name = [piece._replace(ink="muted" if piece.ink == "plain" else "faint") for piece in name]
            told = "known" if known.standing.fails else f"known, {known.standing}"
            name.insert(1, Piece(f"  {told}", "muted"))
        flags = [Piece(f"  {flag}", "warning") for flag in sorted(result.flags)]
        tries = f"{result.executions}x" if result.executions > 1 else ""
        return listing.Row(
            (
                [Piece(words.OUTCOME_SIGNS[result.outcome], outcome_ink, bold=known is None)],
                [Piece(str(result.outcome), outcome_ink)],
                name if wide else [*name, *flags],
                [Piece(took, ink)],
                [Piece(" ".join([tries, *sorted(result.flags)]).strip(), "warning")],
                [Piece(self.store.component(key), "muted")],
                [Piece(file_of(result), "muted", name=True)],
                [Piece(result.last.source, "muted", name=True)],
            )
        )

    def _called(self, key: TestKey, result: TestResult) -> list[Piece]:
        if not isinstance(self._keys, Rows):
            return named(result.label)
        indent = "  " * self._depth(key)
        return named(result.label, indent)[:1]

    def _depth(self, key: Folder | TestKey) -> int:
        """How many folders a row stands below."""
        if isinstance(key, TestKey):
            return len(self._table.above(key))
        depth, above = 0, self._parents.get(key)
        while above is not None:
            depth, above = depth + 1, self._parents.get(above)
        return depth

    def _folder_row(self, key: Folder) -> listing.Row:
        node = self._table.as_tree().node(key)
        if node is None:
            return listing.Row()
        above = self._parents.get(key)
        indent = "  " * self._depth(key)
        fold = "▾" if key in self._unfolded else "▸"
        name: Line = [
            Piece(f"{indent}{fold} ", "muted"),
            Piece(name_of(key, above.path if above else ()), "strong"),
        ]
        note: list[Piece] = []
        if node.failing:
            note.append(Piece(f"{node.failing:,} failing  ", "failed"))
        note += [
            Piece(
                f"{node.passed:,}/{node.executed:,}",
                "passed" if 0 < node.passed == node.executed else "plain",
            ),
            Piece(f"{words.seconds(node.duration):>9}", "muted"),
        ]
        return listing.Row((name,), spans=True, note=note)

    # --- what is selected ---------------------------------------------------------------------------

    def test_of(self, key: object) -> TestKey | None:
        """A folder stands for the first of its tests."""
        return self._table.first(key) if isinstance(key, Folder) else super().test_of(key)

    def tests_of(self, key: object) -> Iterable[TestKey]:
        """A folder means all of its tests."""
        return self._table.tests(key)

    def number_meant(self) -> int:
        """How many tests are selected together; folders and what is in them may overlap."""
        rows = list(self.query_one(Listing).picks)
        if any(isinstance(row, Folder) for row in rows) and len(rows) > 1:
            return len(self.meant())
        return sum(self._table.number(row) for row in rows)

    def stick(self) -> None:
        """What runs is on top: until somebody moves the selection, it stays there."""

    def remembered(self) -> dict[str, str]:
        """How the tests are sorted, and whether they are a tree."""
        return {
            "order": self._table.order.name,
            "turned": str(int(self._table.turned)),
            "tree": str(int(self._is_tree)),
        }

    def restore(self, state: Mapping[str, str]) -> None:
        """Sort as they were sorted."""
        if state.get("order") in ORDERS:
            self._table.sort(ORDERS[state["order"]], turned=state.get("turned") == "1")
        self._is_tree = state.get("tree") == "1"

    def select_test(self, test: TestKey) -> bool:
        """Select a test; whether it is listed."""
        if isinstance(self._keys, Rows):
            self._unfolded.update(self._table.above(test))
            self._list()
        return self.query_one(Listing).select(test)

    # --- the order ----------------------------------------------------------------------------------

    def action_sort(self) -> None:
        """Choose the column to sort by."""
        choices = [Choice(order.name, order.title, order.ways[0]) for order in ORDERS.values()]
        self.app.push_screen(Choosing("Sort by", choices, self._table.order.name), self._sort_by)

    def _sort_by(self, name: str | None) -> None:
        if name is not None:
            self._sort(name, turned=False)

    def action_reverse(self) -> None:
        """Sort the other way round."""
        self._sort(self._table.order.name, turned=not self._table.turned)

    def on_listing_order_wanted(self, event: Listing.OrderWanted) -> None:
        """Sort by the column that was clicked; the other way round where it is that already."""
        event.stop()
        again = event.sort == self._table.order.name
        self._sort(event.sort, turned=again and not self._table.turned)

    def _sort(self, name: str, *, turned: bool) -> None:
        self._table.sort(ORDERS[name], turned=turned)
        self._renew()

    # --- the tree -----------------------------------------------------------------------------------

    def action_group(self) -> None:
        """Show the tests as a tree of folders, or as one table."""
        master = self.query_one(Listing)
        test = self.test_of(master.selected)
        picked = self.meant() if master.picks else ()
        self._is_tree = not self._is_tree

        def then() -> None:
            master.picks.replace(picked)
            self._say_title()
            if test is not None:
                self.select_test(test)

        self._renew(then)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only a tree has anything to fold."""
        del parameters
        return isinstance(self._keys, Rows) if action in ("fold", "fold_all") else True

    def open_row(self, key: object) -> None:
        """A folder unfolds or folds, a test opens."""
        if isinstance(key, Folder):
            self._unfolded ^= {key}
            self._list()
        else:
            super().open_row(key)

    def action_fold(self, fold: bool) -> None:  # noqa: FBT001  # Textual gives the arguments by position
        """Fold the selected folder or else the one around it; or unfold it, and go into it."""
        master = self.query_one(Listing)
        key = master.selected
        master.hold()
        if fold:
            around = self._table.above(key)[-1:] if isinstance(key, TestKey) else [key]
            if isinstance(key, Folder) and key not in self._unfolded:
                around = [self._parents.get(key) or key]
            for row in around:
                self._unfolded.discard(row)
                self._list(instead=row)
        elif isinstance(key, TestKey):
            self.enter_detail()
        elif key in self._unfolded:
            master.action_move(1)
        elif isinstance(key, Folder):
            self._unfolded.add(key)
            self._list()

    def action_fold_all(self, fold: bool) -> None:  # noqa: FBT001  # Textual gives the arguments by position
        """Fold every folder, or unfold all."""
        master = self.query_one(Listing)
        key = master.selected
        master.hold()
        around = self._table.above(key) if isinstance(key, TestKey) else []
        if isinstance(key, Folder):
            around = self._table.as_tree().above(key.path)
        self._unfolded = set() if fold else set(self._table.as_tree().folders())
        self._list(instead=around[0] if fold and around else None)

    def action_durations(self) -> None:
        """Show the histogram of durations, or put it away."""
        self._wants_durations = not self.query_one("#durations").display
        self._show_durations()


def _parents(keys: Iterable[object]) -> dict[Folder, Folder | None]:
    """The folder around each of the folders in sight."""
    found: dict[Folder, Folder | None] = {}
    way: list[Folder] = []
    for key in keys:
        if isinstance(key, Folder):
            while way and way[-1].path != key.path[: len(way[-1].path)]:
                way.pop()
            found[key] = way[-1] if way else None
            way.append(key)
    return found
