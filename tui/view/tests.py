"""Every test, and the selected one in full.

May import Textual, `core`, `project`, `report.words` and `view`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from textual.binding import BindingType

from tui.core import running as runs
from tui.core.facts import Facts
from tui.core.filters.matching import Found
from tui.core.model import Outcome, TestKey, TestResult
from tui.core.store import Store
from tui.project import Project
from tui.report import words
from tui.text import counted
from tui.view import listing
from tui.view.bindings import bindings
from tui.view.ink import Piece
from tui.view.listing import Column, Listing
from tui.view.pane import MasterDetail, named, nothing, titled

_URGENCY = (Outcome.RUNNING, Outcome.FAILED, Outcome.ERROR, Outcome.SKIPPED, Outcome.PASSED)

_MANY = 5000
_CALM = 1.0


def _urgency(result: TestResult, now: float) -> int:
    """The place of an outcome. A test that only just began has its place yet to find: it would flicker by."""
    started = result.last.started
    if result.outcome is Outcome.RUNNING and started is not None and now - started < _CALM:
        return len(_URGENCY)
    return _URGENCY.index(result.outcome)


Order = Callable[[TestResult, float], Any]
_ORDERS: dict[str, Order] = {
    "running and failing first": lambda result, now: (_urgency(result, now), result.label),
    "slowest first": lambda result, _: (-(result.duration or 0.0), result.label),
    "by name": lambda result, _: result.label,
}


class Tests(MasterDetail):
    """The list of all tests, and the detail of one."""

    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("", 1),
        Column("Test"),
        Column("Time", 8, "right"),
        Column("Component", 18, least=90),
    )

    BINDINGS: ClassVar[list[BindingType]] = bindings("tests")

    def __init__(self, project: Project, shown_directory: str, *, id: str) -> None:
        super().__init__(project, shown_directory, id=id)
        self._order = next(iter(_ORDERS))
        self._now = 0.0
        self._ordered: tuple[object, list[TestKey]] = (None, [])
        self._shown: tuple[Store, Facts, Found] | None = None

    def show(self, store: Store, facts: Facts, wanted: Found) -> None:
        """Show the facts as they are now."""
        self.store = store
        self._now = facts.now
        self._shown = store, facts, wanted
        meant = self._in_order(store, facts, wanted)
        master = self.query_one(Listing)
        master.show(meant, self._row, nothing(facts, "test", self._shown_directory, wanted))
        total = counted(len(store.tests), "test")
        number = f"{len(meant):,} of {total} · /{wanted.text}" if wanted else total
        titled(master, "Tests", f"{number} · {self._order}")
        self.show_detail(master.selected)

    def _in_order(self, store: Store, facts: Facts, wanted: Found) -> list[TestKey]:
        """The tests that are meant, in their order; very many are taken from all tests, ordered once."""
        tests, order = store.tests, _ORDERS[self._order]

        def ordered(keys: Iterable[TestKey]) -> list[TestKey]:
            found = [(key, tests[key]) for key in keys if key in tests]
            found.sort(key=lambda item: order(item[1], facts.now))
            return [key for key, _ in found]

        if wanted.keys is not None and len(wanted.keys) < _MANY:
            return ordered(wanted.keys)
        moment = (store.revision, self._order, facts.now if facts.running else 0.0)
        if self._ordered[0] != moment:
            self._ordered = moment, ordered(tests)
        return wanted.of(self._ordered[1])

    def _row(self, key: listing.Key) -> listing.Row:
        assert self.store is not None
        result = self.store.tests.get(key)  # type: ignore[call-overload]
        if result is None:
            return listing.Row()
        took, ink, told = words.seconds(result.duration), "muted", []
        if result.outcome is Outcome.RUNNING:
            running = runs.one(self.store, key, result, self._now)  # type: ignore[arg-type]
            over = words.over_time(running)
            took = "" if running.seconds is None else words.clock(running.seconds)
            ink = "warning" if over else "running"
            told = [Piece(f"  {over}" if over else "", "warning"), Piece(f"  {running.worker}", "muted")]
        outcome_ink = words.OUTCOME_STYLES[result.outcome]
        return listing.Row(
            (
                [Piece(words.OUTCOME_SIGNS[result.outcome], outcome_ink, bold=True)],
                [
                    *named(result.label),
                    *told,
                    *(Piece(f"  {flag}", "warning") for flag in sorted(result.flags)),
                ],
                [Piece(took, ink)],
                [Piece(self.store.component(key), "muted")],  # type: ignore[arg-type]
            )
        )

    def action_sort(self) -> None:
        """Sort by the next order."""
        names = list(_ORDERS)
        self._order = names[(names.index(self._order) + 1) % len(names)]
        if self._shown is not None:
            self.show(*self._shown)

    def stick(self) -> None:
        """What runs is on top: until somebody moves the selection, it stays there."""

    def remembered(self) -> dict[str, str]:
        """The order of the list."""
        return {"order": self._order}

    def restore(self, state: Mapping[str, str]) -> None:
        """Sort as it was sorted."""
        if state.get("order") in _ORDERS:
            self._order = state["order"]

    def select_test(self, test: TestKey) -> bool:
        """Select a test; whether it is listed."""
        return self.query_one(Listing).select(test)
