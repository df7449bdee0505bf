"""What changed since the baseline: new failures, fixed, vanished and the rest.

May import Textual, `core`, `project`, `report.words` and `view`.
"""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from msgspec import Struct

from tui.core.baseline import Change, Comparison, KnownTest
from tui.core.facts import Facts
from tui.core.filters.matching import Found
from tui.core.identity import parted
from tui.core.model import TestKey
from tui.core.store import Store
from tui.project import Project
from tui.report import words
from tui.text import counted
from tui.view.ink import Piece
from tui.view.lists import listing
from tui.view.lists.listing import Column, Listing
from tui.view.masterdetail import MasterDetail
from tui.view.pane import named, nothing

MOVED = "moved"
Kind = str
"""A kind of change, or `MOVED`."""
_KINDS: dict[Kind, tuple[str, str, str]] = {
    Change.NEW_FAILURE: ("▼", "failed", "New failures"),
    Change.VANISHED: ("?", "warning", "Vanished"),
    Change.FIXED: ("▲", "passed", "Fixed"),
    Change.NEWLY_SKIPPED: ("s", "warning", "Newly skipped"),
    Change.NEW_TEST: ("+", "running", "New tests"),
    Change.STILL_FAILING: ("=", "error", "Still failing"),
    MOVED: ("→", "muted", "Moved, compared as what they were"),
}


class _Moved(Struct, frozen=True):
    """The row of a test that moved, beside the row that it may have for what became of it."""

    test: TestKey
    was: KnownTest


Member = TestKey | KnownTest | _Moved


class Regressions(MasterDetail):
    """The kinds of change with their tests, and the detail of one."""

    COLUMNS: ClassVar[tuple[Column, ...]] = (Column("", 3), Column("Change and test"), Column("", 8, "right"))
    HEADER: ClassVar[bool] = False

    def __init__(self, project: Project, shown_directory: str, *, id: str) -> None:
        super().__init__(project, shown_directory, id=id)
        self._members: dict[Kind, Sequence[Member]] = {}
        self._folded: frozenset[Kind] = frozenset({Change.STILL_FAILING, MOVED})

    def show(self, store: Store, facts: Facts, wanted: Found) -> None:
        """Show the facts as they are now."""
        self.store = store
        regressions = facts.regressions
        master = self.query_one(Listing)
        if not regressions.known or store.comparison is None:
            self._members = {}
            why = regressions.problem or "there is no baseline."
            unknown: list[list[Piece]] = [
                [Piece("UNKNOWN ", "warning", bold=True), Piece(why, "muted")],
                [],
                [Piece("  [baseline]", "accent")],
                [Piece('  path = "earlier-results"', "accent")],
            ]
            empty = (
                unknown
                if facts.overall.tally.tests
                else nothing(facts, "test", self._shown_directory, wanted)
            )
            master.show([], self._row, empty)
            self.title_list("Regressions", "UNKNOWN")
            self.show_detail(None)
            return
        comparison = store.comparison
        for kind in _KINDS:
            every = _every(comparison, facts, kind)
            self._members[kind] = [each for each in every if _is_meant(each, wanted)] if wanted else every
        self._list()
        shared = f"{regressions.shared:,} of {counted(regressions.tests_then, 'test')} shared"
        if not regressions.comparable:
            shared += ", rates not comparable"
        if wanted:
            shared += " · filtered"
        self.title_list(f"Regressions against {regressions.baseline}", shared)

    def _list(self) -> None:
        keys: list[listing.Key] = []
        for kind, members in self._members.items():
            keys.append(kind)
            if kind not in self._folded:
                keys += members
        master = self.query_one(Listing)
        master.show(keys, self._row)
        self.show_detail(master.selected)

    def _row(self, key: listing.Key) -> listing.Row:
        assert self.store is not None
        match key:
            case Change() | "moved":
                sign, ink, title = _KINDS[key]
                number = len(self._members[key])
                fold = "▸" if key in self._folded else "▾"
                return listing.Row(
                    (
                        [
                            Piece(f"{fold} " if number else "  ", "muted"),
                            Piece(sign, ink if number else "faint", bold=True),
                        ],
                        [Piece(title, "strong" if number else "muted", bold=bool(number))],
                        [Piece(words.number(number), ink if number else "faint", bold=True)],
                    )
                )
            case _Moved():
                _, told, outcome = self._row(key.test).cells or ((), (), ())
                was = parted(key.was.label)[0]
                return listing.Row(([], [*told[:1], Piece(f"  was in {was}", "muted")], outcome))
            case KnownTest():
                told = [*named(key.label, " "), Piece(f"  {key.outcome} then", "muted")]
                return listing.Row(([], told, []))
            case TestKey():
                result = self.store.tests.get(key)
                if result is None:
                    return listing.Row()
                ink = words.OUTCOME_STYLES[result.outcome]
                return listing.Row(([], named(result.label, " "), [Piece(str(result.outcome), ink)]))
        return listing.Row()

    def test_of(self, key: object) -> TestKey | None:
        """A kind of change stands for the first of its tests."""
        if key in self._members:
            key = next(iter(self._members.get(key, ())), None)
        if isinstance(key, _Moved):
            key = key.test
        return key if isinstance(key, TestKey) else None

    def tests_of(self, key: object) -> Iterable[TestKey]:
        """A kind of change stands for all of its tests."""
        members = self._members.get(key, ()) if isinstance(key, str) else (key,)
        return [test for member in members if (test := self.test_of(member)) is not None]

    def subject(self) -> str:
        """The selected kind of change, or test."""
        key = self.query_one(Listing).selected
        return f"change:{key}" if key in self._members else super().subject()

    def open_row(self, key: object) -> None:
        """A kind folds, a test opens."""
        if key in self._members:
            self._folded ^= {key}
            self._list()
        else:
            super().open_row(key)


def _every(comparison: Comparison, facts: Facts, kind: Kind) -> Sequence[Member]:
    if kind == MOVED:
        return tuple(_Moved(key, was) for key, was in comparison.moved.items())
    return facts.regressions.vanished if kind == Change.VANISHED else comparison.tests(Change(kind))


def _is_meant(each: Member, wanted: Found) -> bool:
    if isinstance(each, _Moved):
        each = each.test
    if isinstance(each, TestKey):
        return wanted.means(each)
    return wanted.means_known(each)
