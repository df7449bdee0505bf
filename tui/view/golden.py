"""The golden paths: every event with its grade, and every piece of evidence down to file and line.

May import Textual, `core`, `report.words` and `view`.
"""

from textual.app import ComposeResult

from tui.core.facts import Facts
from tui.core.golden import EventVerdict, Evidence, PathVerdict, Word
from tui.core.store import Store
from tui.report import words
from tui.text import counted
from tui.view import listing
from tui.view.filtering import Filter
from tui.view.ink import Line, Piece
from tui.view.listing import Column, Listing
from tui.view.pane import View, named, titled

_COLUMNS = (
    Column("", 5),
    Column("Event and evidence"),
    Column("", 14),
    Column("", 10, least=70),
    Column("Where", 26, least=110),
)
_HINT: tuple[Line, ...] = (
    [Piece("No golden path is configured.", "muted")],
    [],
    [Piece("  [[golden_path]]", "accent")],
    [Piece('  name = "Checkout"', "accent")],
    [Piece('  events = ["cart_opened", "payment_taken", "receipt_sent"]', "accent")],
)


class GoldenPaths(View):
    """A tree of three levels: path, event, evidence."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._paths: dict[str, PathVerdict] = {}
        self._store: Store | None = None
        self._folded: frozenset[tuple[str, str]] = frozenset()
        self._seen: set[tuple[str, str]] = set()

    def compose(self) -> ComposeResult:
        """One list."""
        events = Listing(_COLUMNS, id="golden-list")
        events.add_class("frame")
        yield events

    def show(self, store: Store, facts: Facts, wanted: Filter) -> None:
        """Show the facts as they are now."""
        del wanted
        self._store = store
        self._paths = {path.name: path for path in facts.golden_paths}
        self._list()

    def _list(self) -> None:
        keys: list[listing.Key] = []
        for path in self._paths.values():
            keys.append((path.name,))
            for event in path.events:
                key = (path.name, event.name)
                if key not in self._seen and len(event.evidence) > 3:
                    self._folded |= {key}
                if event.evidence:
                    self._seen.add(key)
                keys.append(key)
                if key not in self._folded:
                    keys += [(*key, number) for number in range(len(event.evidence))]
        events = self.query_one(Listing)
        events.show(keys, self._row, _HINT)
        proven = sum(path.is_proven for path in self._paths.values())
        titled(events, "Golden paths", f"{proven} of {counted(len(self._paths), 'path')} proven")

    def _event(self, path: str, name: str) -> EventVerdict:
        return next(event for event in self._paths[path].events if event.name == name)

    def _row(self, key: listing.Key) -> listing.Row:
        match key:
            case (str(path),):
                return _path_row(self._paths[path])
            case (str(path), str(name)):
                return self._event_row(path, self._event(path, name))
            case (str(path), str(name), int(number)):
                return _evidence_row(self._event(path, name).evidence[number])
        return listing.Row()

    def _event_row(self, path: str, event: EventVerdict) -> listing.Row:
        ink = words.WORD_STYLES[event.word]
        fold = " "
        if event.evidence:
            fold = "▸" if (path, event.name) in self._folded else "▾"
        told = f"{event.passing_tests} of {event.tests}" if event.tests else ""
        return listing.Row(
            (
                [Piece(f" {fold} ", "muted"), Piece(event.word.grade, ink, bold=True)],
                [Piece(event.name, "muted" if event.word is Word.MISSING else "strong")],
                [Piece(str(event.word), ink, bold=True)],
                [Piece(told, "muted")],
                [Piece("passing tests" if told else "", "muted")],
            )
        )

    def on_listing_opened(self, event: Listing.Opened) -> None:
        """An event folds; a piece of evidence opens its test."""
        event.stop()
        match event.key:
            case (str(path), str(name)):
                self._folded ^= {(path, name)}
                self._list()
            case (str(path), str(name), int(number)) if self._store is not None:
                test = self._event(path, name).evidence[number].test
                key = self._store.find(test) if test else None
                if key is not None:
                    self.post_message(self.TestWanted(key))


def _path_row(path: PathVerdict) -> listing.Row:
    good = path.is_proven
    told = f"{path.proven} of {path.demanded} proven · order {path.order}"
    line = [Piece(path.name, "strong", bold=True), Piece(f"   {told}", "muted")]
    if path.first_break:
        line.append(Piece(f"   ✖ {path.first_break}", "failed"))
    return listing.Row(
        (
            [Piece("✔" if good else "✖", "passed" if good else "failed", bold=True)],
            line,
            [Piece(path.state, "passed" if good else "failed", bold=True)],
        )
    )


def _evidence_row(evidence: Evidence) -> listing.Row:
    where = evidence.source if evidence.line is None else f"{evidence.source}:{evidence.line}"
    ink = words.OUTCOME_STYLES[evidence.outcome] if evidence.outcome else "warning"
    told = named(evidence.test or "tied to no test", "    ")
    if evidence.note:
        told.append(Piece(f"   ✖ {evidence.note}", "failed"))
    return listing.Row(
        (
            [],
            told,
            [Piece(str(evidence.kind), "muted")],
            [Piece(str(evidence.outcome or "no test"), ink)],
            [Piece(where, "link")],
        )
    )
