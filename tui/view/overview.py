"""The overview: verdict, components, golden paths, causes, what changed, what is to be noted.

May import Textual, `core`, `report.words` and `view`.
"""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.geometry import Size
from textual.message import Message

from tui.core.baseline import Change
from tui.core.causes import Cause, Signature
from tui.core.facts import Facts, Row
from tui.core.filters.matching import Found
from tui.core.golden import PathVerdict, Word
from tui.core.identity import parted
from tui.core.model import TestKey
from tui.core.rules import Rules
from tui.core.store import Store
from tui.report import words
from tui.text import counted
from tui.view.ink import Across, Flowing, Frame, Line, Lines, Piece, folded, wrapped
from tui.view.lists import listing
from tui.view.lists.listing import Column, Listing
from tui.view.pane import View, nothing, titled
from tui.view.verdict_panel import VerdictPanel

_COMPONENTS = (
    Column("Component"),
    Column("Tests", 6, "right", counts=True),
    Column("Passed", 7, "right", counts=True),
    Column("Failed", 6, "right", counts=True),
    Column("Errors", 6, "right", counts=True),
    Column("Skipped", 7, "right", least=84, counts=True),
    Column("Rate", 6, "right"),
    Column("Δ", 5, "right", least=64),
    Column("Status", 9),
)
_CAUSES = (
    Column("", 1),
    Column("Cause", share=5),
    Column("Tests", 5, "right", counts=True),
    Column("Where", 8, least=70),
    Column("", least=100, share=4),
    Column("Since", 7, least=60),
)
_AROUND = Size(2, 3)
"""What of the terminal is not the view's: its padding, the header, the keys."""
_EMPTY = 6
"""Rows: what an empty list says takes so many."""
_OVERALL = "overall"
_FEWEST = 5
_ABOVE_AND_CAUSES = 15
"""How many rows of a low screen belong to the verdict, the golden path, the notes and the causes."""
_RULE = "rule"


class Overview(View):
    """Everything that matters, on one screen."""

    class CauseWanted(Message):
        """Somebody wants to see the tests of this cause."""

        def __init__(self, cause: Cause) -> None:
            super().__init__()
            self.cause = cause

    class ComponentWanted(Message):
        """Somebody wants to see the tests of this component."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, rules: Rules, directory: str, *, id: str | None = None) -> None:
        super().__init__(id=id, classes="with-golden" if rules.golden_paths else None)
        self._rules = rules
        self._directory = directory
        self._shown: tuple[Store, Facts] | None = None
        self._shape = Size()
        self._rows: dict[str, Row] = {}
        self._lines = _EMPTY
        self._causes: dict[tuple[str, ...], Cause] = {}
        # What rows were drawn of: most of them are the same at the next paint.
        self._drawn: dict[listing.Key, tuple[Row | Cause, listing.Row]] = {}
        self._has_changes = False
        self.claims_note = ""

    def compose(self) -> ComposeResult:
        """Verdict on top; components beside golden paths beside changes; causes below."""
        yield VerdictPanel(id="verdict")
        with Across(id="upper"):
            with Frame(id="components-pane", classes="frame"):
                yield Listing(_COMPONENTS, gap=1, id="components")
                yield Flowing(id="notes")
            yield Lines(id="golden-pane", classes="frame")
        with Frame(id="causes-pane", classes="frame"):
            yield Listing(_CAUSES, id="causes")

    def on_mount(self) -> None:
        """Be laid out from the first for the size that it will have."""
        self._take_shape(self.app.size - _AROUND)

    def on_resize(self) -> None:
        """One, two or three columns."""
        self._take_shape(self.size)

    def _take_shape(self, size: Size) -> None:
        self._shape = size
        has_three = size.width >= 170
        if has_three and not self._has_changes:
            self._has_changes = True
            self.query_one("#upper").mount(Lines(id="changes-pane", classes="frame"))
            if self._shown is not None:
                self._show_changes(*self._shown)
        self.set_class(size.width < 100, "one-column")
        self.set_class(has_three, "three-columns")
        self.set_class(size.height < 26, "low")
        self._fit_components()

    def show(self, store: Store, facts: Facts, wanted: Found) -> None:
        """Show the facts as they are now."""
        del wanted
        self._shown = store, facts
        self.query_one(VerdictPanel).show(facts, self._rules)
        self._show_components(facts)
        self._show_golden(facts)
        self._show_causes(facts)
        self._show_changes(store, facts)

    # --- components ---------------------------------------------------------------------------------

    def _show_components(self, facts: Facts) -> None:
        self._rows = {row.name: row for row in facts.components} | {_OVERALL: facts.overall}
        keys = [row.name for row in facts.components]
        if keys:
            keys += [_OVERALL] if self.has_class("low") else [_RULE, _OVERALL]
        components = self.query_one("#components", Listing)
        components.grow(facts.overall.tally.tests)
        components.show(keys, self._component, nothing(facts, "component", self._directory, Found()))
        self._lines = len(keys) + 1 if keys else _EMPTY
        self._fit_components()
        notes = [*facts.notes, self.claims_note] if self.claims_note else facts.notes
        self.query_one("#notes", Flowing).flow(lambda width: self._notes(notes, width))
        titled(self.query_one("#components-pane", Frame), "Components")

    def _fit_components(self) -> None:
        """The causes below are what is opened most: the components scroll rather than push them out."""
        most = max(self._shape.height - _ABOVE_AND_CAUSES, _FEWEST) if self.has_class("low") else self._lines
        self.query_one("#components", Listing).styles.height = min(self._lines, most)

    def _notes(self, notes: Sequence[str], width: int) -> list[Line]:
        """As many notes as there is room for; how many more there are is said."""
        room = 1 if self.has_class("low") else max(self._shape.height // 7, 3)
        if room == 1:
            return [[Piece("! ", "warning"), Piece(notes[0], "warning")]] if notes else []
        lines: list[Line] = []
        for number, note in enumerate(notes):
            rows = folded(note, "warning", width, Piece("! ", "warning"))
            if lines and len(lines) + len(rows) > room:
                left = len(notes) - number
                lines.append([Piece(f"  … {counted(left, 'more note')}: ! lists them", "muted")])
                break
            lines += rows
        return [[], *lines] if lines else []

    def _component(self, key: listing.Key) -> listing.Row:
        if key == _RULE:
            return listing.Row(rule=True)
        row = self._rows[str(key)]
        drawn = self._drawn.get(key)
        if drawn is None or drawn[0] != row:
            drawn = self._drawn[key] = row, self._component_row(row, whole=key == _OVERALL)
        return drawn[1]

    def _component_row(self, row: Row, *, whole: bool) -> listing.Row:
        tally, ink = row.tally, words.rate_style(row, self._rules.bands)
        name = [Piece(row.name, "strong" if whole else "plain", whole)]
        if row.required:
            name.append(Piece(" (required)", "muted"))
        if row.hollow:
            name.append(Piece(" hollow?", "warning"))
        change, change_ink = words.delta(row)

        def count(number: int, colour: str) -> Line:
            return [Piece(words.number(number), colour if number else "faint", whole)]

        return listing.Row(
            (
                name,
                count(tally.tests, "plain"),
                count(tally.passed, "passed"),
                count(tally.failed, "failed"),
                count(tally.errors, "error"),
                count(tally.skipped, "muted"),
                [Piece(words.rate(row), ink, bold=True)],
                [Piece(change, change_ink)],
                [Piece(words.status(row, self._rules.bands), ink, bold=True)],
            )
        )

    # --- golden paths -------------------------------------------------------------------------------

    def _show_golden(self, facts: Facts) -> None:
        pane = self.query_one("#golden-pane", Lines)
        self.set_class(bool(facts.golden_paths), "with-golden")
        if not facts.golden_paths:
            return
        first = facts.golden_paths[0]
        if len(facts.golden_paths) == 1:
            order = f"{first.proven} of {first.demanded} proven · {first.order_in_words}"
            titled(pane, f"Golden path: {first.name}", order)
        else:
            titled(pane, "Golden paths", "4 shows the evidence")
        if self.has_class("one-column"):
            width = pane.size.width or 76
            pane.show([line for path in facts.golden_paths for line in wrapped(_condensed(path), width, 2)])
            return
        shown: list[Line] = []
        for path in facts.golden_paths:
            if len(facts.golden_paths) > 1:
                order = f"  {path.proven} of {path.demanded} proven · {path.order_in_words}"
                shown.append([Piece(path.name, "strong", bold=True), Piece(order, "muted")])
            shown += _checklist(path, spaced=len(facts.golden_paths) == 1 and not self.has_class("low"))
            if path.first_break:
                width = pane.size.width or 34
                shown += [[], *folded(path.first_break, "failed", width, Piece("✖ ", "failed"))]
        pane.show(shown)

    # --- causes -------------------------------------------------------------------------------------

    def _show_causes(self, facts: Facts) -> None:
        self._causes = {tuple(cause.signature): cause for cause in facts.causes}
        title = "Failures"
        if facts.causes:
            title += f": {counted(facts.failing_tests, 'test')}, {counted(len(facts.causes), 'cause')}"
        if facts.ungrouped:
            title += f", {facts.ungrouped:,} not grouped yet"
        if facts.tests_in_several_causes:
            title += f" ({counted(facts.tests_in_several_causes, 'test')} in two)"
        titled(self.query_one("#causes-pane", Frame), title, "enter opens" if facts.causes else "")
        said = "None." if facts.overall.tally.tests else "There are no results to show."
        empty: list[Line] = [[Piece("" if facts.ungrouped else said, "muted")]]
        if facts.components and not facts.overall.tally.tests:
            # Above stand the components that are configured: what fills them is said here.
            empty = nothing(facts, "failure", self._directory, Found())
        causes = self.query_one("#causes", Listing)
        causes.grow(facts.failing_tests)
        causes.show(list(self._causes), self._cause, empty)

    def _cause(self, key: listing.Key) -> listing.Row:
        cause = self._causes[key]  # type: ignore[index]
        drawn = self._drawn.get(key)
        if drawn is None or drawn[0] != cause:
            drawn = self._drawn[key] = cause, self._cause_row(cause)
        return drawn[1]

    def _cause_row(self, cause: Cause) -> listing.Row:
        since = "–" if cause.new is None else "new" if cause.new == cause.tests else f"{cause.new} new"
        return listing.Row(
            (
                [Piece(words.OUTCOME_SIGNS[cause.outcome], words.OUTCOME_STYLES[cause.outcome], bold=True)],
                [Piece(cause.title)],
                [Piece(f"{cause.tests:,}", "strong", bold=True)],
                [Piece(str(cause.phase or ""), "muted")],
                [Piece(words.standing(cause), "muted")],
                [Piece(since, "failed" if cause.new else "muted")],
            )
        )

    # --- what changed -------------------------------------------------------------------------------

    def _show_changes(self, store: Store, facts: Facts) -> None:
        if not self._has_changes:
            return
        pane = self.query_one("#changes-pane", Lines)
        regressions = facts.regressions
        name = f"Since {regressions.baseline}" if regressions.known else "Since the baseline"
        titled(pane, name, "5 shows all" if regressions.known else "")
        if not regressions.known:
            why = regressions.problem or "there is no baseline: see [baseline]"
            pane.show([[Piece("UNKNOWN ", "warning"), Piece(why, "muted")]])
            return
        rows = [
            (Change.NEW_FAILURE, "▼", "failed"),
            (Change.FIXED, "▲", "passed"),
            (Change.STILL_FAILING, "=", "error"),
            (Change.NEW_TEST, "+", "running"),
            (Change.VANISHED, "?", "warning"),
            (Change.NEWLY_SKIPPED, "s", "muted"),
        ]
        lines: list[Line] = []
        for kind, sign, ink in rows:
            number = regressions.numbers[kind]
            lines.append(
                [
                    Piece(f"{sign} {number:>5,} ", ink if number else "faint"),
                    Piece(words.changes(kind, number), "plain" if number else "muted"),
                ]
            )
        lines.append([])
        comparison = store.comparison
        if comparison is not None:
            new = comparison.tests(Change.NEW_FAILURE)
            lines += [[Piece("▼ ", "failed"), Piece(parted(store.tests[key].label)[1])] for key in new[:12]]
        pane.show(lines)

    # --- opening ------------------------------------------------------------------------------------

    def on_listing_opened(self, event: Listing.Opened) -> None:
        """A cause opens its tests, a component its own."""
        event.stop()
        if event.listing.id == "causes":
            self.post_message(self.CauseWanted(self._causes[event.key]))  # type: ignore[index]
        elif event.key != _OVERALL:
            self.post_message(self.ComponentWanted(str(event.key)))

    def stick(self) -> None:
        """What is commonest is on top: until somebody moves the selection, it stays there."""

    def subject(self) -> str:
        """The selected component or cause, in the list that has the keyboard."""
        components, causes = self.query_one("#components", Listing), self.query_one("#causes", Listing)
        if components.has_focus and components.selected in self._rows:
            return "overall" if components.selected == _OVERALL else f"component:{components.selected}"
        if causes.has_focus and causes.selected in self._causes:
            return f"cause:{list(self._causes).index(causes.selected) + 1}"
        return super().subject()

    def meant(self) -> tuple[TestKey, ...]:
        """All tests of the selected cause; of a component those that fail."""
        if self._shown is None:
            return ()
        store, _ = self._shown
        signature = self.cause()
        if signature is not None:
            return store.cause_tests(signature)
        name = self.query_one("#components", Listing).selected
        return tuple(key for key in store.failures() if name in (_OVERALL, store.component(key)))

    def cause(self) -> Signature | None:
        """The selected cause, unless the keyboard is with the components."""
        selected = self.query_one("#causes", Listing).selected
        if self.query_one("#components", Listing).has_focus or selected not in self._causes:
            return None
        return self._causes[selected].signature

    def focus_first(self) -> None:
        """The causes are what is opened most; without any, the components."""
        causes = self.query_one("#causes", Listing)
        (causes if self._causes else self.query_one("#components", Listing)).focus()


def _checklist(path: PathVerdict, *, spaced: bool) -> list[Line]:
    lines: list[Line] = []
    longest = max(len(event.name) for event in path.events)
    widest = max(len(event.word) for event in path.events)
    for position, event in enumerate(path.events):
        ink = words.WORD_STYLES[event.word]
        if position and spaced:
            lines.append([Piece("│", "faint")])
        tests = ""
        if event.word in (Word.PROVEN, Word.ORDER_UNKNOWN, Word.CLAIMED):
            tests = counted(event.passing_tests, "test")
        elif event.tests:
            tests = f"{event.passing_tests} of {event.tests}"
        name_ink = "muted" if event.word is Word.MISSING else "strong"
        lines.append(
            [
                Piece(event.word.grade, ink, bold=True),
                Piece(f" {event.name:<{longest}} ", name_ink, event.word is not Word.MISSING),
                Piece(f"{event.word:<{widest}} ", ink),
                Piece(tests, ink),
            ]
        )
    return lines


def _condensed(path: PathVerdict) -> list[Line]:
    order = "" if path.is_proven else f", {path.order_in_words}"
    shown: list[Line] = [[Piece(f"{path.name} {path.proven}/{path.demanded}{order}", "muted")]]
    for event in path.events:
        ink = words.WORD_STYLES[event.word]
        name = Piece(f" {event.name}", "muted" if event.word is Word.MISSING else "plain")
        shown.append([Piece(event.word.grade, ink, bold=True), name])
    return shown
