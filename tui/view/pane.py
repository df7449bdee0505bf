"""What all views have in common. May import Textual, `core`, `project`, `text` and `view`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from textual.containers import Container
from textual.message import Message
from textual.widget import Widget

from tui.core.causes import Signature
from tui.core.facts import Facts
from tui.core.filters.matching import Found
from tui.core.identity import parted
from tui.core.model import TestKey
from tui.core.store import Store
from tui.text import counted
from tui.view.finding.unmet import unmet
from tui.view.ink import Framed, Kept, Line, Piece, entitle
from tui.view.lists.listing import Listing

if TYPE_CHECKING:
    from tui.core.tracebacks.frames import Frame


class Aim(NamedTuple):
    """The one test that an action is about, and the frame of its traceback that somebody marked."""

    test: TestKey
    frame: "Frame | None" = None


class View(Kept, Container):
    """One of the app's views. It is told the facts while it is in sight, and only then."""

    is_stuck = False
    """Whether `stick` was called."""

    class TestWanted(Message):
        """Somebody wants to see this test."""

        def __init__(self, key: TestKey) -> None:
            super().__init__()
            self.key = key

    class MarkWanted(Message):
        """Somebody wants to mark these tests as known."""

        def __init__(self, tests: tuple[TestKey, ...]) -> None:
            super().__init__()
            self.tests = tests

    def show(self, store: Store, facts: Facts, wanted: Found) -> None:
        """Show the facts as they are now; `wanted` says which tests are meant."""
        raise NotImplementedError

    def focus_first(self) -> None:
        """Give the keyboard to the part that it is most useful in."""
        for listing in self.query(Listing):
            listing.focus()
            return

    def stick(self) -> None:
        """Everything was read and shown: from now on a selection follows its row, not the top of the list."""
        self.is_stuck = True
        for listing in self.query(Listing):
            listing.stick()

    def come(self) -> None:
        """Somebody comes to this view: before it is shown to them."""

    def subject(self) -> str:
        """What an explanation of the selection would be of, as `core.explain` names it."""
        return "verdict"

    def meant(self) -> tuple[TestKey, ...]:
        """The tests that an action on the selection is about."""
        return ()

    def enter_detail(self) -> None:
        """Give the keyboard to the detail of the selected test, where there is one."""

    def select_test(self, test: TestKey) -> bool:
        """Select a test; whether it is listed."""
        del test
        return False

    def open_test(self) -> TestKey | None:
        """The test whose detail is shown, if one is."""
        return None

    def aim(self) -> Aim | None:
        """The one of them that is looked at."""
        return next(map(Aim, self.meant()), None)

    def cause(self) -> Signature | None:
        """The cause that is selected, where it is no single test."""
        return None

    def go_back(self) -> bool:
        """Step out of what was opened; whether there was anything to step out of."""
        return False

    def remembered(self) -> dict[str, str]:
        """How the view is set, by names of its own: what `restore` is given at the next start."""
        return {}

    def restore(self, state: Mapping[str, str]) -> None:
        """Be set as `remembered` said; `state` may be of another version, and holds whatever it holds."""


def named(label: str, indent: str = "") -> list[Piece]:
    """A test in a list: its own name first, where it stands after that."""
    place, name = parted(label)
    return [Piece(f"{indent}{name}", name=True), Piece(f"  {place}" if place else "", "muted")]


def titled(widget: Widget, title: str, subtitle: str = "") -> None:
    """Write into a widget's frame: text, never markup."""
    if isinstance(widget, Framed):
        widget.entitle(title, subtitle)
    else:
        entitle(widget, title, subtitle)


def nothing(facts: Facts, what: str, directory: str, wanted: Found) -> list[Line]:
    """Why a list is empty, and what to press or run."""
    if wanted and facts.overall.tally.tests:
        return unmet(wanted, what)
    if not facts.directory_exists:
        return [
            [
                Piece("Waiting for the directory ", "muted"),
                Piece(directory, "strong"),
                Piece(" to appear.", "muted"),
            ],
            *_run(directory),
        ]
    if not facts.scanned:
        return [[Piece("Reading …", "running")]]
    if facts.backlog:
        return [[Piece(f"Reading {facts.backlog:,} files …", "running")]]
    if what == "failure" and facts.ungrouped:
        return [[Piece(f"Grouping {counted(facts.ungrouped, 'failing test')} by cause …", "running")]]
    if not facts.overall.tally.tests:
        return [
            [
                Piece("No results in ", "muted"),
                Piece(directory, "strong"),
                Piece(" yet. This fills it:", "muted"),
            ],
            *_run(directory),
        ]
    return [[Piece(f"No {what}.", "muted")]]


def _run(directory: str) -> list[Line]:
    commands = (
        f"pytest --report-log={directory}/run.jsonl     live, with pytest-reportlog",
        f"pytest --junitxml={directory}/results.xml     at the end",
    )
    return [[], *([Piece(f"  {command}", "accent")] for command in commands)]
