"""How the rows of the failures look: a group, a function with its cases, a test.

May import `core`, `report.words` and `view`. Pure. Invariant: what is new or marked as known is said in
words beside the row, and counted with all the others.
"""

from collections.abc import Hashable, Sequence

from tui.core.baseline import Change
from tui.core.causes.signature import Kind
from tui.core.grouping import By, CasesRow, Group, GroupRow, Outline, OutlineRow, TestRow
from tui.core.identity import parted
from tui.core.marks import Known, Standing
from tui.core.model import TestKey
from tui.core.store import Store
from tui.report import words
from tui.text import counted
from tui.view.ink import Line, Piece
from tui.view.lists.columns import Row
from tui.view.pane import named

_SPEAKS = (Kind.ASSERTION, Kind.OTHER)
"""The kinds of a cause that keeps no test from saying anything."""
_DIFFERS = "differs"


class FailureRows:
    """Draws the rows of an outline of failing tests, as they stand in the Store now."""

    def __init__(self, store: Store, outline: Outline, by: By) -> None:
        self._store = store
        self._outline = outline
        self._by = by
        self._notes: dict[Hashable, list[Piece]] = {}
        new = store.comparison.tests(Change.NEW_FAILURE) if store.comparison else ()
        self._new = frozenset(new)

    def row(self, key: OutlineRow, *, unfolded: bool) -> Row:
        """The row of a group, a function or a test."""
        match key:
            case GroupRow(group):
                return self._group(self._outline.groups[group], unfolded=unfolded)
            case CasesRow():
                return self._cases(key, unfolded=unfolded)
            case TestRow():
                return self._test(key)

    # --- groups -------------------------------------------------------------------------------------

    def _group(self, group: Group, *, unfolded: bool) -> Row:
        sign = Piece("")
        if group.cause is not None:
            outcome = group.cause.outcome
            sign = Piece(words.OUTCOME_SIGNS[outcome], words.OUTCOME_STYLES[outcome], bold=True)
        dimmed = self._known_of(group.tests) == len(group.tests)
        title = Piece(group.title, "muted" if dimmed else "plain", name=self._by is By.FILE)
        return Row(([_fold(unfolded=unfolded), sign], [title]), note=self._group_note(group))

    def _group_note(self, group: Group) -> list[Piece]:
        """How many tests: "3 new  81 known  blocks 101"."""
        note = self._notes.get(group.id)
        if note is None:
            number = len(group.tests)
            note = self._beside(group.tests)
            cause = group.cause
            if cause is not None and cause.blocked and cause.kind not in _SPEAKS:
                note.append(Piece("blocks ", "muted"))
                if cause.blocked < cause.tests:
                    note.append(Piece(f"{cause.blocked:,} of ", "muted"))
            note.append(Piece(f"{number:,}", "strong", bold=True))
            self._notes[group.id] = note
        return note

    def _beside(self, tests: Sequence[TestKey]) -> list[Piece]:
        """How many of these are new failures, and how many are known."""
        note = []
        new = len(self._new.intersection(tests)) if self._new else 0
        if new:
            note.append(Piece(f"{new:,} new  ", "failed"))
        known = self._known_of(tests)
        if known:
            note.append(Piece("known  " if known == len(tests) else f"{known:,} known  ", "muted"))
        return note

    def _known_of(self, tests: Sequence[TestKey]) -> int:
        return sum(self._store.known(test) is not None for test in tests) if len(self._store.marked) else 0

    # --- what stands below --------------------------------------------------------------------------

    def _cases(self, key: CasesRow, *, unfolded: bool) -> Row:
        tests = self._outline.tests(key)
        name = parted(key.function[1])[1]
        ink = "muted" if self._known_of(tests) == len(tests) else "plain"
        title = [
            Piece(f"{self._indent}{'▾' if unfolded else '▸'} ", "muted"),
            Piece(name, ink),
        ]
        beside = self._beside(tests)
        number = f"{len(tests):,}" if beside else counted(len(tests), "case")
        return Row(([], title), note=[*beside, Piece(number, "muted")])

    def _test(self, key: TestRow) -> Row:
        result = self._store.tests.get(key.test)
        if result is None:
            return Row()
        above = self._outline.above(key)
        below = next((row for row in above if isinstance(row, CasesRow)), None)
        if below is not None:
            case = parted(result.label)[1].removeprefix(parted(below.function[1])[1])
            told = [Piece(f"{self._indent}    {case}", name=True)]
        else:
            told = named(result.label, f"{self._indent}  ")
        known = self._store.known(key.test)
        if known is not None:
            told = [piece._replace(ink="muted" if piece.ink == "plain" else "faint") for piece in told]
        sign = Piece("")
        group = self._outline.groups[key.group]
        if group.cause is None or group.cause.outcome is not result.outcome:
            ink = "muted" if known else words.OUTCOME_STYLES[result.outcome]
            sign = Piece(words.OUTCOME_SIGNS[result.outcome], ink, bold=known is None)
        note = self._test_note(key.test, known)
        return Row(([Piece("  "), sign], told), note=note)

    def _test_note(self, test: TestKey, known: Known | None) -> Line:
        if known is not None and known.standing is Standing.DIFFERENTLY:
            return [Piece(_DIFFERS, "warning")]
        if known is not None:
            return [Piece("known", "muted")]
        return [Piece("new", "failed")] if test in self._new else []

    @property
    def _indent(self) -> str:
        return "" if self._outline.is_flat else " "


def _fold(*, unfolded: bool) -> Piece:
    return Piece("▾ " if unfolded else "▸ ", "muted")
