"""The claims of a written status beside what was counted: a screen over the views, and how it is kept true.

May import Textual, `core`, `load`, `report.words` and `view`. Invariant: the page is read and understood
off the event loop, again whenever it or the names it is read with change.
"""

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from tui.core.claims.judged import JudgedClaim, JudgedPage
from tui.core.facts import Facts
from tui.core.rules import Rules
from tui.core.store import Store
from tui.load import read_page
from tui.report import words
from tui.view.bindings import bindings
from tui.view.following import Following
from tui.view.ink import INK_CLASSES, Line, Lines, Piece, folded
from tui.view.lists import listing
from tui.view.lists.listing import Column, Listing
from tui.view.pane import titled

if TYPE_CHECKING:
    # To read and judge a page takes longer to import than the app takes for its first frame without it.
    from tui.core.claims.reading import Reading
    from tui.core.claims.said import Vocabulary

_COLUMNS = (
    Column("", 1),
    Column("Line", 4, "right"),
    Column("Claim", share=4),
    Column("Counted", share=3),
    Column("Gap", 12, least=100),
    Column("Verdict", 18, least=70),
)
_HINT: tuple[Line, ...] = (
    [Piece("No written status is configured. This names one, in runwatch.toml:", "muted")],
    [],
    [Piece('  claims = "STATUS.md"', "accent")],
    [],
    [Piece("or start with  ", "muted"), Piece("runwatch DIR --claims STATUS.md", "accent")],
)


class _Read(Struct, frozen=True):
    """A page as it was read: its state on disk then, and the names it was read with."""

    state: tuple[int, ...]
    known: "Vocabulary"
    reading: "Reading"
    problem: str = ""


class WrittenStatus:
    """The written status at `path`: looked at now and then, judged whenever facts are shown."""

    def __init__(self, path: Path, rules: Rules) -> None:
        self._path = path
        self._rules = rules
        self._read: _Read | None = None

    def look(self, facts: Facts) -> bool:
        """Read the page if it is another than before; whether it is. Touches the disk."""
        from tui.core.claims.reading import Reading, read  # noqa: PLC0415  # see above
        from tui.core.claims.said import vocabulary  # noqa: PLC0415

        known = vocabulary(facts, self._rules)
        before = self._read
        state: tuple[int, ...] = ()
        try:
            found = self._path.stat()
            state = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
            if before is not None and (before.state, before.known) == (state, known):
                return False
            fresh = _Read(state, known, read(read_page(self._path), known))
        except OSError as error:
            fresh = _Read(state, known, Reading((), cut=False), f"cannot be read: {error.strerror}")
        self._read = fresh
        return fresh != before

    def judged(self, facts: Facts) -> JudgedPage | None:
        """What becomes of its claims; None before it was read."""
        if self._read is None:
            return None
        from tui.core.claims.judging import judge  # noqa: PLC0415  # see above

        if self._read.problem:
            return JudgedPage(self._path.name, problem=self._read.problem)
        return judge(self._path.name, self._read.reading, facts, self._read.known)


class Claims(Following):
    """Lists every claim of a page with what was counted; below, why the selected one is judged so."""

    COMPONENT_CLASSES: ClassVar[set[str]] = INK_CLASSES
    BINDINGS: ClassVar[list[BindingType]] = bindings("claims")

    def __init__(self, page: JudgedPage | None) -> None:
        super().__init__()
        self._page = page

    def compose(self) -> ComposeResult:
        """The list, and the reason below it."""
        with Container(id="claims", classes="frame"):
            yield Listing(_COLUMNS, id="claims-list")
            yield Lines(id="claims-why")

    def on_mount(self) -> None:
        """Fill the list."""
        self.query_one(Listing).focus()
        self.call_after_refresh(self.show, self._page)

    def on_resize(self) -> None:
        """The reason is folded to the new width."""
        self._explain()

    def follow(self, store: Store, facts: Facts, page: JudgedPage | None) -> None:
        """Show the facts as they are now."""
        del store, facts
        self.show(page)

    def show(self, page: JudgedPage | None) -> None:
        """Show these claims from now on."""
        self._page = page
        frame = self.query_one("#claims")
        titled(frame, words.claims(page) if page else "Claims", "n next that is not so · esc closes")
        claims = page.claims if page else ()
        empty = _HINT if page is None else [[Piece(words.claims(page), "muted")]]
        self.query_one(Listing).show(range(len(claims)), self._row, empty)
        self._explain()

    def _claim(self, key: listing.Key) -> JudgedClaim | None:
        claims = self._page.claims if self._page else ()
        return claims[key] if isinstance(key, int) and key < len(claims) else None

    def _row(self, key: listing.Key) -> listing.Row:
        claim = self._claim(key)
        if claim is None:
            return listing.Row()
        ink = words.CLAIM_STYLES[claim.verdict]
        subject, said = claim.subject, claim.claim.removeprefix(f"{claim.subject}: ")
        return listing.Row(
            (
                [Piece(words.CLAIM_SIGNS[claim.verdict], ink, bold=True)],
                [Piece(str(claim.line), "muted")],
                [Piece(said, "strong"), Piece(f"  {subject}", "muted")],
                [Piece(claim.counted)],
                [Piece(claim.gap, ink)],
                [Piece(str(claim.verdict), ink)],
            )
        )

    def _explain(self) -> None:
        lines = self.query_one("#claims-why", Lines)
        claim = self._claim(self.query_one(Listing).selected)
        if claim is None:
            lines.show([])
            return
        width = self.query_one("#claims").content_size.width or 60
        said = folded(f"“{claim.text}”", "muted", width, Piece(f"line {claim.line} ", "link"))[:3]
        sign = Piece(f"{words.CLAIM_SIGNS[claim.verdict]} ", words.CLAIM_STYLES[claim.verdict], bold=True)
        told = f"counted {claim.counted}" if claim.counted else ""
        why = folded(": ".join(filter(None, (told, claim.why))) or str(claim.verdict), "plain", width, sign)
        lines.show([[], *said, *why[:4]])

    def on_listing_selected(self, event: Listing.Selected) -> None:
        """Explain the selected claim."""
        event.stop()
        self._explain()

    def action_next_not_so(self, step: int) -> None:
        """Select the next claim that is false or contradicts itself."""
        chosen = self.query_one(Listing)
        at = chosen.selected if isinstance(chosen.selected, int) else -1
        claims = self._page.claims if self._page else ()
        order = range(at + 1, len(claims)) if step > 0 else range(at - 1, -1, -1)
        found = next((number for number in order if claims[number].is_not_so), None)
        if found is not None:
            chosen.select(found)


def note_on(page: JudgedPage | None) -> str:
    """The note on the overview: only what has to be known of the page."""
    if page is None or not (page.not_so or page.problem):
        return ""
    return f"{words.claims(page)}: C lists them" if page.claims else words.claims(page)
