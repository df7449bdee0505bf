"""The failures, grouped by cause, and the selected one in full.

May import Textual, `core`, `project`, `report.words` and `view`.
"""

from typing import ClassVar

from msgspec import Struct
from textual.binding import BindingType

from tui.core.baseline import Change
from tui.core.causes import Cause, Signature
from tui.core.facts import Facts
from tui.core.model import TestKey
from tui.core.store import Store
from tui.project import Project
from tui.report import words
from tui.text import counted
from tui.view import listing
from tui.view.bindings import bindings
from tui.view.filtering import Filter
from tui.view.ink import Piece
from tui.view.listing import Column, Listing
from tui.view.pane import MasterDetail, named, nothing, titled


class _Member(Struct, frozen=True):
    """The row of a test below its cause: a test with two bad phases stands below two."""

    cause: Signature
    test: TestKey


class Failures(MasterDetail):
    """Causes with their tests, and the detail of one."""

    COLUMNS: ClassVar[tuple[Column, ...]] = (Column("", 3), Column(""), Column("", 5, "right"))
    HEADER: ClassVar[bool] = False

    BINDINGS: ClassVar[list[BindingType]] = bindings("failures")

    def __init__(self, project: Project, shown_directory: str, *, id: str) -> None:
        super().__init__(project, shown_directory, id=id)
        self._causes: dict[Signature, Cause] = {}
        self._numbers: dict[Signature, int] = {}
        self._members: dict[Signature, list[TestKey]] = {}
        self._open: frozenset[Signature] = frozenset()

    def show(self, store: Store, facts: Facts, wanted: Filter) -> None:
        """Show the facts as they are now."""
        self.store = store
        self._members = {}
        for cause in facts.causes:
            tests = store.cause_tests(cause.signature)
            kept = [key for key in tests if wanted.matches(store, key)] if wanted else list(tests)
            if kept:
                self._members[cause.signature] = kept
        self._causes = {c.signature: c for c in facts.causes if c.signature in self._members}
        self._numbers = {cause.signature: number for number, cause in enumerate(facts.causes, 1)}
        self._list(facts, wanted)

    def _list(self, facts: Facts | None = None, wanted: Filter | None = None) -> None:
        keys: list[listing.Key] = []
        for signature, tests in self._members.items():
            keys.append(signature)
            if signature in self._open:
                keys += [_Member(signature, test) for test in tests]
        master = self.query_one(Listing)
        empty = nothing(facts, "failure", self._shown_directory, wanted or Filter()) if facts else ()
        master.show(keys, self._row, empty)
        if facts is not None:
            meant = len({test for tests in self._members.values() for test in tests})
            number = counted(facts.failing_tests, "test")
            if wanted:
                number = f"{meant:,} of {number} · /{wanted.text}"
            titled(master, "Failures by cause", f"{number} · {counted(len(self._causes), 'cause')}")
        self.show_detail(master.selected)

    def _row(self, key: listing.Key) -> listing.Row:
        if isinstance(key, _Member):
            return self._test_row(key.test)
        cause = self._causes[key]  # type: ignore[index]
        fold = "▾" if key in self._open else "▸"
        ink = words.OUTCOME_STYLES[cause.outcome]
        return listing.Row(
            (
                [Piece(f"{fold} ", "muted"), Piece(words.OUTCOME_SIGNS[cause.outcome], ink, bold=True)],
                [Piece(cause.title)],
                [Piece(f"{len(self._members[cause.signature]):,}", "strong", bold=True)],
            )
        )

    def _test_row(self, test: TestKey) -> listing.Row:
        assert self.store is not None
        result = self.store.tests.get(test)
        if result is None:
            return listing.Row()
        new = self.store.change(test) is Change.NEW_FAILURE
        return listing.Row(([], named(result.label, " "), [Piece("new" if new else "", "failed")]))

    def test_of(self, key: object) -> TestKey | None:
        """A cause stands for the first of its tests."""
        if isinstance(key, _Member):
            return key.test
        members = self._members.get(key) if isinstance(key, Signature) else None
        return members[0] if members else None

    def subject(self) -> str:
        """The selected cause or test."""
        key = self.query_one(Listing).selected
        if isinstance(key, Signature) and key in self._numbers:
            return f"cause:{self._numbers[key]}"
        return super().subject()

    def open_row(self, key: object) -> None:
        """A cause unfolds, a test opens."""
        if isinstance(key, Signature):
            self.action_fold()
        else:
            super().open_row(key)

    def action_fold(self) -> None:
        """Unfold the selected cause, or fold it."""
        key = self.query_one(Listing).selected
        if isinstance(key, _Member):
            self.query_one(Listing).select(key.cause)
            key = key.cause
        if isinstance(key, Signature):
            self._open ^= {key}
            self._list()

    def open_cause(self, signature: Signature) -> None:
        """Unfold a cause and select it."""
        self._open |= {signature}
        self._list()
        self.query_one(Listing).select(signature)

    def select_test(self, test: TestKey) -> bool:
        """Select a test below the first of its causes; whether it is listed at all."""
        for signature, tests in self._members.items():
            if test in tests:
                self._open |= {signature}
                self._list()
                return self.query_one(Listing).select(_Member(signature, test))
        return False

    def next_failure(self, step: int) -> None:
        """Select the next failing test, or the one before, unfolding its cause."""
        every = [_Member(signature, test) for signature, tests in self._members.items() for test in tests]
        if not every:
            return
        selected = self.query_one(Listing).selected
        if isinstance(selected, _Member) and selected in every:
            target = every[(every.index(selected) + step) % len(every)]
        elif isinstance(selected, Signature) and selected in self._members:
            target = _Member(selected, self._members[selected][0 if step > 0 else -1])
        else:
            target = every[0 if step > 0 else -1]
        self._open |= {target.cause}
        self._list()
        self.query_one(Listing).select(target)
        if self.is_narrow:
            self.enter_detail()
