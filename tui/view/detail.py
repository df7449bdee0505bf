"""One test in full: what it is, what became of it, and tabs with all that its source keeps of it.

May import Textual, `core`, `intake.sources` (to re-read the records of one test) and `view`. The text is
read in the background; what is on screen meanwhile is the excerpt that the Store holds.
"""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content

from tui.core.baseline import Change
from tui.core.identity import parted
from tui.core.model import Attempt, Detail, Flag, Section, Span, TestKey, TestResult
from tui.core.store import Store
from tui.intake.sources import read_detail
from tui.report import words
from tui.text import one_line
from tui.view.ink import Line, Lines, Piece, folded, wrapped
from tui.view.paint import log_line, output_line, traceback_line
from tui.view.textpane import Painter, TextPane

_SETTLED = 0.03
_HEADLINE_ROWS = 2

Locate = Callable[[str], Path]
"""The name of a source -> its file."""


class DetailPane(Vertical):
    """The detail of the selected test."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left_square_bracket", "section(-1)", "Section", show=False, id="detail.previous"),
        Binding("right_square_bracket", "section(1)", "Section", key_display="[ ]", id="detail.next"),
    ]

    def __init__(self, locate: Locate, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._locate = locate
        self._key: TestKey | None = None
        self._result: TestResult | None = None
        self._sections: list[tuple[str, str, Painter]] = []
        self._section = ""

    def compose(self) -> ComposeResult:
        """Head, tabs, text."""
        yield Lines(id="detail-head")
        yield Lines(id="detail-tabs")
        yield TextPane(id="detail-text")

    def on_mount(self) -> None:
        """Say what it is for."""
        self.border_title = Content("Test")
        self.show_nothing("No test selected.")

    @property
    def key(self) -> TestKey | None:
        """The test that is shown."""
        return self._key

    def show_nothing(self, why: str) -> None:
        """Say why there is nothing."""
        self._key = self._result = None
        self.border_subtitle = Content("")
        self.query_one("#detail-head", Lines).show([[Piece(why, "muted")]])
        self.query_one("#detail-tabs", Lines).show([])
        self.query_one("#detail-text", TextPane).show("")

    def show(self, store: Store, key: TestKey, position: str = "") -> None:
        """Show a test; the one that is shown already, and has not changed, stays as it is."""
        result = store.tests.get(key)
        if result is None:
            self.show_nothing("This test is not among the results any more.")
            return
        self.border_subtitle = Content(position)
        self.query_one("#detail-head", Lines).show(_head(store, key, result, self.content_size.width or 80))
        if key == self._key and result is self._result:
            return
        other = key != self._key
        self._key, self._result = key, result
        self._sections = _sections(result, None)
        self._show_section(_first(self._sections) if other else self._section)
        table = store.tables.get(result.last.source)
        kind = table.format if table else ""
        shared = table.shared_with(result.last.spans) if table else ()
        self.run_worker(self._read(result, kind, shared), exclusive=True, group="detail")

    async def _read(self, result: TestResult, format: str, shared: Sequence[Span]) -> None:
        """Read all that the source keeps, off the event loop."""
        await asyncio.sleep(_SETTLED)  # a key held down passes over many tests
        attempt = result.last
        path = self._locate(attempt.source)
        try:
            detail = await asyncio.to_thread(read_detail, path, format, attempt.spans, shared)
        except (OSError, LookupError) as error:
            detail = Detail(outputs=(Section("problem", f"{attempt.source} cannot be read again: {error}"),))
        except Exception as error:  # noqa: BLE001  # whatever a stranger's file does, it is said, and goes no further
            said = one_line(f"{type(error).__name__}: {error}")
            detail = Detail(outputs=(Section("problem", f"{attempt.source} could not be shown: {said}"),))
        if result is self._result:
            self._sections = _sections(result, detail)
            self._show_section(self._section)

    def action_section(self, step: int) -> None:
        """Show the next section, or the one before."""
        names = [name for name, _, _ in self._sections]
        if names:
            position = names.index(self._section) if self._section in names else 0
            self._show_section(names[(position + step) % len(names)])

    def on_lines_clicked(self, event: Lines.Clicked) -> None:
        """Show the section whose tab was clicked."""
        event.stop()
        number = int(event.what)
        if number < len(self._sections):
            self._show_section(self._sections[number][0])

    def _show_section(self, wanted: str) -> None:
        names = [name for name, _, _ in self._sections]
        self._section = wanted if wanted in names else _first(self._sections)
        tabs: list[Line] = []
        text = ""
        painter: Painter = traceback_line
        for number, (name, content, paint) in enumerate(self._sections):
            on = name == self._section
            if on:
                text, painter = content, paint
            lines = content.count("\n") + 1
            size = (
                f" {lines:,}"
                if name not in ("Traceback", "Result") and not name.startswith("Attempt")
                else ""
            )
            tabs.append([Piece(f" {name}{size} ", "chip-on" if on else "chip", on, str(number))])
        self.query_one("#detail-tabs", Lines).show([*wrapped(tabs, self.content_size.width or 80, 1), []])
        self.query_one("#detail-text", TextPane).show(text, painter)


def _first(sections: list[tuple[str, str, Painter]]) -> str:
    return sections[0][0] if sections else ""


def _head(store: Store, key: TestKey, result: TestResult, width: int) -> list[Line]:
    failure = result.failure
    location = failure.location if failure and failure.location else result.location
    place, name = parted(result.label)
    facts: list[Piece] = [Piece(str(location or place), "link")]
    facts.append(Piece(f"   {store.component(key)}", "muted"))
    if result.duration is not None:
        facts.append(Piece(f"   {words.seconds(result.duration)}", "muted"))
    if len(result.attempts) > 1:
        facts.append(Piece(f"   attempt {result.executions} of {result.executions}", "warning"))
    if result.last.worker:
        facts.append(Piece(f"   {result.last.worker}", "muted"))
    ink = words.OUTCOME_STYLES[result.outcome]
    sign = "✖" if result.outcome.is_bad else words.OUTCOME_SIGNS[result.outcome]
    told = [Piece(f"{sign} {words.outcome(result)}", ink, bold=True)]
    told += [Piece(f"   {flag}", "warning") for flag in sorted(result.flags - {Flag.TEARDOWN_ERROR})]
    change = store.change(key)
    if change is not None:
        ink = "failed" if change is Change.NEW_FAILURE else "muted"
        told.append(Piece(f"   {_SINCE[change]}", ink))
    lines: list[Line] = [[Piece(name, "strong", bold=True)], facts, told]
    if failure is not None:
        ink = words.OUTCOME_STYLES[failure.outcome]
        lines += folded(failure.headline, ink, width, Piece(""))[:_HEADLINE_ROWS]
    return [*lines, []]


_SINCE = {
    Change.NEW_FAILURE: "new since the baseline",
    Change.STILL_FAILING: "failed in the baseline too",
    Change.FIXED: "fixed since the baseline",
    Change.NEW_TEST: "not in the baseline",
    Change.NEWLY_SKIPPED: "not skipped in the baseline",
    Change.VANISHED: "vanished",
}


def _sections(result: TestResult, detail: Detail | None) -> list[tuple[str, str, Painter]]:
    """Name, text and painter of each tab: what went wrong first, then all output, then the rest."""
    sections: list[tuple[str, str, Painter]] = []
    tracebacks = detail.tracebacks if detail else ()
    if not tracebacks:
        tracebacks = tuple(
            Section(str(failure.phase or "call"), failure.text or failure.message)
            for failure in result.failures
        )
    for position, section in enumerate(tracebacks):
        name = "Traceback" if not position else section.title.capitalize()
        sections.append((_distinct(name, sections), section.text.strip("\n"), traceback_line))
    for number, attempt in enumerate(result.attempts[:-1], 1):
        sections.append((f"Attempt {number}", _attempt(attempt), traceback_line))
    for section in detail.outputs if detail else ():
        paint = log_line if section.title.startswith("log") else output_line
        sections.append((_distinct(section.title, sections), section.text.strip("\n"), paint))
    if detail and detail.properties:
        text = "\n".join(f"{name} = {value}" for name, value in detail.properties)
        sections.append((_distinct("Properties", sections), text, output_line))
    for section in detail.suite if detail else ():
        sections.append((_distinct(section.title, sections), section.text, output_line))
    if not sections:
        said = f"{result.label}\n\n{words.outcome(result)}"
        kept = "The source keeps nothing more of this test." if detail else "reading …"
        sections.append(("Result", f"{said}\n\n{kept}", output_line))
    return sections


def _attempt(attempt: Attempt) -> str:
    took = f" after {words.seconds(attempt.duration)}" if attempt.duration is not None else ""
    texts = [failure.text or failure.headline for failure in attempt.failures]
    return "\n\n".join([f"{attempt.outcome}{took}", *texts])


def _distinct(name: str, sections: list[tuple[str, str, Painter]]) -> str:
    taken = sum(known == name or known.startswith(f"{name} (") for known, _, _ in sections)
    return f"{name} ({taken + 1})" if taken else name


def position_of(store: Store, key: TestKey) -> str:
    """Where a failing test stands among those of its cause: "1 of 81 with this cause"."""
    result = store.tests.get(key)
    failure = result.failure if result else None
    if failure is None:
        return ""
    tests = store.cause_tests(store.causes.signature(failure))
    return f"{tests.index(key) + 1:,} of {len(tests):,} with this cause" if key in tests else ""
