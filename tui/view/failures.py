"""The failures in groups, and the selected one in full.

May import Textual, `core`, `project` and `view`. Invariant: the selection follows the test through every
grouping and folding, and while results come in.
"""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType

from tui.core.causes import Cause, Signature
from tui.core.facts import Facts
from tui.core.filters.matching import Found
from tui.core.grouping import (
    By,
    CasesRow,
    GroupRow,
    Outline,
    OutlineRow,
    TestRow,
    function_of,
    grouped,
    steady,
)
from tui.core.model import TestKey
from tui.core.store import Store
from tui.project import Project
from tui.text import counted
from tui.view.bindings import bindings
from tui.view.lists import listing
from tui.view.lists.failure_rows import FailureRows
from tui.view.lists.listing import Column, Listing
from tui.view.masterdetail import MasterDetail
from tui.view.pane import nothing

_TITLES = {
    By.CAUSE: "Failures by cause",
    By.COMPONENT: "Failures by component",
    By.FILE: "Failures by file",
    By.NONE: "Failures",
}


class Failures(MasterDetail):
    """Groups of failing tests, and the detail of one test."""

    COLUMNS: ClassVar[tuple[Column, ...]] = (Column("", 3), Column(""))
    HEADER: ClassVar[bool] = False

    BINDINGS: ClassVar[list[BindingType]] = bindings("groups")

    def __init__(self, project: Project, shown_directory: str, *, id: str) -> None:
        super().__init__(project, shown_directory, id=id)
        self._by = By.CAUSE
        self._causes: tuple[Cause, ...] = ()
        self._facts: Facts | None = None
        self._wanted = Found()
        self._made_of: object = None
        self._anew = True
        self._outline = Outline((), self._function)
        self._rows: FailureRows | None = None
        self._unfolded = set[OutlineRow]()
        self._partly = set[OutlineRow]()

    # --- what is shown ------------------------------------------------------------------------------

    def show(self, store: Store, facts: Facts, wanted: Found) -> None:
        """Show the facts as they are now."""
        self._anew |= wanted.text != self._wanted.text
        self.store, self._facts, self._wanted = store, facts, wanted
        made_of = (store.revision, facts.causes, wanted, self._by)
        if made_of != self._made_of:
            self._made_of = made_of
            self._causes = facts.causes
            self._arrange()
        self._list()

    def _arrange(self) -> None:
        """Group the tests that are meant."""
        store, wanted = self.store, self._wanted
        assert store is not None
        is_meant = wanted.means if wanted else None
        groups = grouped(store, self._causes, self._by, is_meant)
        master = self.query_one(Listing)
        if not self._anew and not master.is_untouched:
            groups = steady(groups, self._outline.groups)  # nothing moves under somebody's cursor
        self._anew = False
        self._outline = Outline(groups, self._function, flat=self._by is By.NONE)
        self._rows = FailureRows(store, self._outline, self._by)
        master.picks.retain(self._outline.holds)

    def _list(self, instead: OutlineRow | None = None) -> None:
        """Show the rows that are unfolded; `instead` is selected where the selected one is hidden now."""
        master = self.query_one(Listing)
        selected = master.selected
        if instead is None and isinstance(selected, TestRow | CasesRow):
            instead = self._followed(selected)
        rows = self._outline.rows(self._unfolded)
        empty = nothing(self._facts, "failure", self._shown_directory, self._wanted) if self._facts else ()
        self._say_parts()
        master.show_partly(self._partly.__contains__)
        master.show(rows, self._row, empty, instead=instead)
        self.title_list(_TITLES[self._by], self._told())
        self.show_detail(master.selected)

    def _followed(self, selected: TestRow | CasesRow) -> OutlineRow | None:
        """Where the selected row is now that results came in: its group or function may be another."""
        if isinstance(selected, CasesRow):
            return selected if self._outline.holds(selected) else GroupRow(selected.group)
        row = self._outline.row_of(selected.test, selected.group)
        if row is not None:
            self._unfolded.update(self._outline.above(row))
        return row

    def _told(self) -> str:
        facts = self._facts
        if facts is None:
            return ""
        outline = self._outline
        number = counted(facts.failing_tests, "test")
        if self._wanted:
            meant = len({test for group in outline.groups.values() for test in group.tests})
            number = f"{meant:,} of {number}"
        parts = [number]
        if self._by is not By.NONE:
            parts.append(counted(len(outline.groups), self._by))
        several = sum(len(group.tests) for group in outline.groups.values()) - facts.failing_tests
        if self._by is By.CAUSE and facts.ungrouped:
            parts.append(f"{facts.ungrouped:,} not grouped yet")
        elif self._by is By.CAUSE and several > 0 and not self._wanted:
            parts.append(f"{several:,} in two")
        if facts.known.failing:
            parts.append(f"{facts.known.failing:,} known")
        return " · ".join(parts)

    def _row(self, key: listing.Key) -> listing.Row:
        if self._rows is None or not isinstance(key, GroupRow | CasesRow | TestRow):
            return listing.Row()
        return self._rows.row(key, unfolded=key in self._unfolded)

    def _function(self, key: TestKey) -> str | None:
        # A failing test is kept by itself, and many are asked for.
        result = self.store.singles.get(key) if self.store is not None else None
        return None if result is None else function_of(result.label)

    # --- what is selected ---------------------------------------------------------------------------

    def test_of(self, key: object) -> TestKey | None:
        """A group stands for the first of its tests."""
        return next(iter(self._outline.tests(key)), None)

    def tests_of(self, key: object) -> Iterable[TestKey]:
        """A group means all of its tests."""
        return self._outline.tests(key)

    def cause(self) -> Signature | None:
        """The selected cause."""
        key = self.query_one(Listing).selected
        group = key.group if isinstance(key, GroupRow) and self._outline.holds(key) else None
        return group if isinstance(group, Signature) else None

    def subject(self) -> str:
        """The selected cause or component, or the test."""
        key = self.query_one(Listing).selected
        if isinstance(key, GroupRow) and self._by is By.COMPONENT:
            return f"component:{key.group}"
        if isinstance(key, GroupRow) and self._by is By.CAUSE:
            signatures = [cause.signature for cause in self._causes]
            return f"cause:{signatures.index(key.group) + 1}"  # type: ignore[arg-type]
        return super().subject()

    def on_listing_picked(self, event: Listing.Picked) -> None:
        """Say how many tests are selected together, and which groups some of them are in."""
        self._say_parts()
        super().on_listing_picked(event)

    def _say_parts(self) -> None:
        self._partly.clear()
        for key in self.query_one(Listing).picks:
            if isinstance(key, TestRow | CasesRow):
                self._partly.update(self._outline.above(key))

    # --- actions ------------------------------------------------------------------------------------

    def open_row(self, key: object) -> None:
        """A group unfolds or folds, a test opens."""
        if isinstance(key, GroupRow | CasesRow):
            self._unfolded ^= {key}
            self._list()
        else:
            super().open_row(key)

    def action_fold(self, fold: bool) -> None:  # noqa: FBT001  # Textual gives the arguments by position
        """Fold what is selected or else what it stands below; or unfold it, and go into it."""
        master = self.query_one(Listing)
        key = master.selected
        if not isinstance(key, GroupRow | CasesRow | TestRow):
            return
        master.hold()
        if fold:
            above = self._outline.above(key)
            row = key if key in self._unfolded else above[-1] if above else key
            self._unfolded.discard(row)
            self._list(instead=row)
        elif isinstance(key, TestRow):
            self.enter_detail()
        elif key in self._unfolded:
            master.action_move(1)
        else:
            self._unfolded.add(key)
            self._list()

    def action_fold_all(self, fold: bool) -> None:  # noqa: FBT001  # Textual gives the arguments by position
        """Fold every group and function, or unfold all."""
        master = self.query_one(Listing)
        key = master.selected
        master.hold()
        above = self._outline.above(key) if isinstance(key, GroupRow | CasesRow | TestRow) else []
        self._unfolded = set() if fold else set(self._outline.folds())
        self._list(instead=above[0] if fold and above else None)

    def come(self) -> None:
        """Whoever comes anew finds the largest groups on top."""
        self._made_of, self._anew = None, True

    def action_group(self) -> None:
        """Group by the next thing that there is."""
        kinds = list(By)
        self._group_by(kinds[(kinds.index(self._by) + 1) % len(kinds)])

    def _group_by(self, by: By) -> None:
        """Group by another thing; the selection stays with its test, and so do the selected ones."""
        if self._facts is None or self.store is None or by is self._by:
            return
        master = self.query_one(Listing)
        key, test = master.selected, self.test_of(master.selected)
        picked = list(self.meant()) if master.picks else []
        self._by = by
        self._made_of, self._anew = None, True
        self.show(self.store, self._facts, self._wanted)
        master.picks.replace(row for each in picked if (row := self._outline.row_of(each)) is not None)
        row = self._outline.row_of(test) if test is not None else None
        if row is None:
            return
        above = self._outline.above(row)
        if isinstance(key, TestRow) or self._outline.is_flat:
            self._unfolded.update(above)
        self._list()
        master.select(row) or master.select(above[0])

    def open_cause(self, signature: Signature) -> None:
        """Unfold a cause and select it."""
        self._group_by(By.CAUSE)
        self._unfolded.add(GroupRow(signature))
        self._list()
        self.query_one(Listing).select(GroupRow(signature))

    def select_test(self, test: TestKey) -> bool:
        """Select a test below the first of its groups; whether it is listed at all."""
        row = self._outline.row_of(test)
        return row is not None and self._select(row)

    def _select(self, row: TestRow) -> bool:
        self._unfolded.update(self._outline.above(row))
        self._list()
        return self.query_one(Listing).select(row)

    def next_failure(self, step: int) -> None:
        """Select the next failing test, or the one before, unfolding what it stands below."""
        row = self._outline.neighbour(self.query_one(Listing).selected, step)
        if row is None:
            return
        self._select(row)
        if self.is_narrow:
            self.enter_detail()
