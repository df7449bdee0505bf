"""Failing tests are marked as known here: the dialog, and what is made of its answer.

May import Textual, `core`, `known` and `view`. Invariant: the file is read, looked at and written off the
event loop, and what it says holds, whoever wrote it.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.screen import ModalScreen
from textual.widgets import Input

from tui import known
from tui.core import marking
from tui.core.marking import Change
from tui.core.marks import Known, Standing
from tui.core.model import TestKey
from tui.core.store import Store
from tui.known import KnownError, KnownFile
from tui.text import counted, one_line
from tui.view.bindings import bindings
from tui.view.ink import INK_CLASSES, Line, Lines, Piece
from tui.view.pane import titled


class Answer(NamedTuple):
    """What somebody answered: mark with this reason, or `remove` the mark."""

    reason: str = ""
    who: str = ""
    remove: bool = False


class Marking(ModalScreen[Answer | None]):
    """Asks for the reason, and who says so. `about` says what is marked; `had` is the mark that it has."""

    COMPONENT_CLASSES: ClassVar[set[str]] = INK_CLASSES
    BINDINGS: ClassVar[list[BindingType]] = bindings("marking")

    def __init__(self, about: Sequence[Line], who: str, had: Known | None) -> None:
        super().__init__()
        self._about = about
        self._who = who
        self._had = had

    def compose(self) -> ComposeResult:
        """What is marked, the reason, and who."""
        mark = self._had.mark if self._had else None
        with Container(id="marking", classes="frame"):
            yield Lines(id="marking-about")
            yield Input(
                mark.reason if mark else "", placeholder="Reason: what is known of it, a ticket", id="reason"
            )
            yield Input(self._who, placeholder="Who says so", id="who")

    def on_mount(self) -> None:
        """Say what is marked."""
        self.query_one(Lines).show([*self._about, []])
        removes = " · ^r takes the mark off" if self._had else ""
        title = "Known to fail" if self._had else "Mark as known to fail"
        titled(self.query_one("#marking"), title, f"enter marks{removes} · esc closes")
        self.query_one("#reason", Input).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A mark that is not there cannot be taken off."""
        del parameters
        return self._had is not None if action == "remove" else True

    def action_remove(self) -> None:
        """Take the mark off."""
        self.dismiss(Answer(remove=True))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Mark, once there is a reason."""
        event.stop()
        reason = one_line(self.query_one("#reason", Input).value)
        who = one_line(self.query_one("#who", Input).value)
        if reason:
            self.dismiss(Answer(reason, who))
        else:
            titled(self.query_one("#marking"), "A mark needs a reason", "esc closes")
            self.query_one("#reason", Input).focus()


class KnownTests:
    """The marks of a project: kept as the file has them, and changed there."""

    def __init__(self, path: Path, working: Path) -> None:
        self._file = KnownFile(path)
        self._working = working
        self._who: str | None = None

    async def look(self, store: Store) -> bool:
        """Take in what the file says, if it is another than before; whether it is."""
        found = await asyncio.to_thread(self._file.look)
        if found is None:
            return False
        store.set_known(found)
        return True

    async def change(self, store: Store, change: Change) -> str:
        """Write a change into the file, and take it in; what went wrong, if anything did."""
        try:
            await asyncio.to_thread(known.change, self._file.path, gone=change.gone, added=change.added)
        except KnownError as error:
            return str(error)
        finally:
            await self.look(store)
        return ""

    async def user(self) -> str:
        """Who marks."""
        if self._who is None:
            self._who = await asyncio.to_thread(known.user, self._working)
        return self._who


def markable(store: Store, tests: Sequence[TestKey]) -> list[TestKey]:
    """Those of the tests that fail, or are marked."""
    results = store.tests
    return [key for key in tests if key in results and (results[key].outcome.is_bad or store.known(key))]


def dialog(store: Store, tests: Sequence[TestKey], who: str) -> Marking:
    """The dialog for some tests that can be marked."""
    had = next((found for key in tests if (found := store.known(key)) is not None), None)
    return Marking(about(store, tests), who, had)


def about(store: Store, tests: Sequence[TestKey]) -> list[Line]:
    """What is marked: the tests, and how they fail."""
    first = store.tests[tests[0]]
    lines: list[Line] = [
        [Piece(first.label, "strong", bold=True, name=True)]
        if len(tests) == 1
        else [Piece(counted(len(tests), "test"), "strong", bold=True)]
    ]
    failing = [store.tests[key] for key in tests if store.tests[key].outcome.is_bad]
    headlines = list(dict.fromkeys(result.failure.headline for result in failing if result.failure))
    if headlines:
        lines.append([Piece(headlines[0], "failed")])
    if len(headlines) > 1:
        lines.append([Piece(f"and {counted(len(headlines) - 1, 'other message')}", "muted")])
    lines += _told(store, tests)
    return lines


def _told(store: Store, tests: Sequence[TestKey]) -> list[Line]:
    """What of them is marked already, and what became of that."""
    found = [known for key in tests if (known := store.known(key)) is not None]
    if not found:
        return []
    mark = found[0].mark
    by = ", ".join(part for part in (mark.who, mark.date) if part)
    lines: list[Line] = []
    if len(tests) > 1:
        lines.append([Piece(f"{len(found):,} of them marked as known", "muted")])
    lines.append([Piece(f"known: {mark.reason}", "warning"), Piece(f"  {by}", "muted")])
    if mark.cause:
        lines.append([Piece(f"then: {mark.cause}", "muted")])
    differ = sum(known.standing is Standing.DIFFERENTLY for known in found)
    if differ:
        number = f"{differ:,} of them: " if len(tests) > 1 else ""
        lines.append([Piece(f"{number}{Standing.DIFFERENTLY}", "warning")])
    passing = sum(known.standing is Standing.PASSES for known in found)
    if passing:
        number = f"{passing:,} of them: " if len(tests) > 1 else ""
        lines.append([Piece(f"{number}{Standing.PASSES}, so the mark is outdated", "passed")])
    return lines


def answered(store: Store, tests: Sequence[TestKey], answer: Answer, now: float) -> tuple[Change, str]:
    """What an answer changes, and how that is told."""
    tests = [key for key in tests if key in store.tests]
    if answer.remove:
        change = marking.unmarked(store, tests)
        return change, f"{counted(len(change.gone), 'test')} not marked any more."
    day = datetime.fromtimestamp(now, UTC).date().isoformat()
    change = marking.marked(store, tests, answer.reason, answer.who, day)
    return change, f"{counted(sum(len(mark.tests) for mark in change.added), 'test')} marked as known."
