"""The sources: every file with its format, producer, state and problems in full.

May import Textual, `core`, `report.words` and `view`.
"""

from datetime import datetime

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from tui.core.facts import Facts
from tui.core.filters.matching import Found
from tui.core.sourcerows import SourceRow
from tui.core.store import Store
from tui.core.table import claim_gaps
from tui.report import words
from tui.text import age, counted
from tui.view.ink import Line, Lines, Piece
from tui.view.lists import listing
from tui.view.lists.listing import Column, Listing
from tui.view.pane import View, nothing, titled

_COLUMNS = (
    Column("Source"),
    Column("Format", 10, least=80),
    Column("Producer", 13, least=105),
    Column("State", 11),
    Column("Tests", 7, "right", counts=True),
    Column("Outcomes", 8, "right", least=90, counts=True),
    Column("Failed", 7, "right", counts=True),
    Column("Errors", 7, "right", counts=True),
    Column("Age", 7, "right"),
)
_OTHERS = "others"
_GONE = "gone"


class Sources(View):
    """The list of sources, and all that is to be said of the selected one."""

    def __init__(self, shown_directory: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown_directory = shown_directory
        self._facts: Facts | None = None
        self._rows: dict[str, SourceRow] = {}

    def compose(self) -> ComposeResult:
        """The list above, the selected source below."""
        sources = Listing(_COLUMNS, id="sources-list")
        sources.add_class("frame")
        yield sources
        with VerticalScroll(id="source-pane", classes="frame", can_focus=True):
            yield Lines(id="source-detail")

    def show(self, store: Store, facts: Facts, wanted: Found) -> None:
        """Show the facts as they are now."""
        del store, wanted
        self._facts = facts
        self._rows = {row.path: row for row in facts.sources}
        keys: list[listing.Key] = [("source", path) for path in self._rows]
        keys += [(_GONE, path) for path, _ in facts.gone]
        if facts.others:
            keys.append((_OTHERS, ""))
        sources = self.query_one(Listing)
        sources.grow(facts.overall.tally.outcomes)
        sources.show(keys, self._row, nothing(facts, "source", self._shown_directory, Found()))
        titled(sources, "Sources", counted(len(self._rows), "source"))
        self._show_selected()

    def select_source(self, path: str) -> bool:
        """Select a source; whether it is listed."""
        return self.query_one(Listing).select(("source", path))

    def subject(self) -> str:
        """The selected source."""
        match self.query_one(Listing).selected:
            case ("source", str(path)):
                return f"source:{path}"
        return super().subject()

    def on_listing_selected(self, event: Listing.Selected) -> None:
        """Say all of the selected source."""
        event.stop()
        self._show_selected()

    def _row(self, key: listing.Key) -> listing.Row:
        assert self._facts is not None
        match key:
            case ("source", str(path)):
                return _source_row(self._rows[path], self._facts.now)
            case ("gone", str(path)):
                return listing.Row(([Piece(path, "muted")], [], [], [Piece("gone", "muted")]))
        others = counted(len(self._facts.others), "other file")
        return listing.Row(([Piece(f"{others} set aside", "muted")],))

    def _show_selected(self) -> None:
        assert self._facts is not None
        pane, lines = self.query_one("#source-pane"), self.query_one("#source-detail", Lines)
        match self.query_one(Listing).selected:
            case ("source", str(path)):
                titled(pane, path)
                lines.show(_told(self._rows[path], self._facts.now))
            case ("gone", str(path)):
                titled(pane, path)
                held = dict(self._facts.gone)[path]
                lines.show([[Piece(f"The file was deleted; it {held}.", "muted")]])
            case ("others", _):
                titled(pane, "Set aside: no results in them")
                lines.show([[Piece(f"{path}  "), Piece(why, "muted")] for path, why in self._facts.others])
            case _:
                titled(pane, "Source")
                problem = self._facts.directory_problem
                lines.show([[Piece(problem, "failed")]] if problem else [])


def _source_row(row: SourceRow, now: float) -> listing.Row:
    ink = words.STATE_STYLES[row.state]
    events_only = not row.tally.tests and row.events
    tests = f"{row.events} ev" if events_only else words.number(row.tally.tests)
    differ = row.tally.outcomes != row.tally.tests
    return listing.Row(
        (
            [Piece(row.path), Piece("  !" if row.problems else "", "warning", bold=True)],
            [Piece(row.format, "muted")],
            [Piece(row.producer or "unknown", "muted")],
            [Piece(str(row.state), ink, bold=True)],
            [Piece(tests)],
            [Piece(words.number(row.tally.outcomes), "warning" if differ else "muted")],
            [Piece(words.number(row.tally.failed), "failed" if row.tally.failed else "faint")],
            [Piece(words.number(row.tally.errors), "error" if row.tally.errors else "faint")],
            [Piece(age(row.age(now)), "muted")],
        )
    )


def _told(row: SourceRow, now: float) -> list[Line]:
    ink = words.STATE_STYLES[row.state]
    state = [Piece(str(row.state), ink, bold=True), Piece(f"   {row.reason}" if row.reason else "", "plain")]
    facts = f"{row.format} by {row.producer or 'an unknown producer'}"
    facts += f", {row.size:,} bytes, changed {age(row.age(now))} ago"
    lines: list[Line] = [state, [Piece(facts, "muted")]]
    tally = row.tally
    counts = (
        f"{tally.tests:,} tests = {tally.passed:,} passed + {tally.failed:,} failed + {tally.errors:,} errors"
        f" + {tally.skipped:,} skipped"
    )
    if tally.running:
        counts += f" + {tally.running:,} running"
    if tally.tests or not row.events:
        lines.append([Piece(counts)])
    if row.events:
        lines.append([Piece(counted(row.events, "golden-path event"))])
    if tally.explanation():
        lines.append([Piece(tally.explanation(), "warning")])
    if row.claimed is not None:
        gaps = claim_gaps(row.claimed, tally)
        lines += [[Piece(gap, "warning")] for gap in gaps] or [
            [Piece("its header agrees with the count", "muted")]
        ]
    if row.repaired:
        lines.append([Piece(f"repaired: {counted(row.repaired, 'character')} replaced", "warning")])
    if row.held_before is not None:
        tests, until = row.held_before
        when = datetime.fromtimestamp(until).astimezone().strftime("%H:%M:%S")
        lines.append([Piece(f"held {counted(tests, 'test')} until {when}", "warning")])
    if row.relation:
        lines.append([Piece(row.relation, "running")])
    if row.problems:
        lines += [[], [Piece(counted(len(row.problems), "problem"), "strong", bold=True)]]
    for problem in row.problems:
        place = f"{row.path}:{problem.line}" if problem.line else row.path
        lines.append(
            [Piece(f"{place}  ", "link"), Piece(f"{problem.kind}: ", "warning"), Piece(problem.message)]
        )
    return lines
