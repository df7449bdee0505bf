"""One test in full: what it is, what became of it, and tabs with all that its source keeps of it.

May import Textual, `core`, `intake.sources` (to re-read the records of one test), `project` and `view`. The
text is read in the background; what is on screen meanwhile is the excerpt that the Store holds. Invariant:
what is shown changes only when the user or the test itself does.
"""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from tui.core.model import Attempt, Detail, Section, Span, TestKey, TestResult
from tui.core.store import Store
from tui.core.tracebacks.frames import Frame
from tui.intake.sources import read_detail
from tui.project import Project, RefusedError
from tui.text import one_line
from tui.view.bindings import bindings
from tui.view.detail import code, sections
from tui.view.detail.document import EMPTY, PLACE, is_huge
from tui.view.detail.head import SOURCE_WANTED, head
from tui.view.detail.sections import Tab
from tui.view.detail.textpane import TextPane
from tui.view.detail.traceback_lines import Unfolded
from tui.view.ink import Framed, Line, Lines, Piece, wrapped

_SETTLED = 0.03
_WHILE_SEARCHING = ("find_next", "end_search")


class DetailPane(Vertical, Framed):
    """The detail of the selected test."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("detail")

    class PageWanted(Message):
        """The whole of a text is wanted in the pager."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class ProgramWanted(Message):
        """A file is wanted in the program that is there for it."""

        def __init__(self, path: Path) -> None:
            super().__init__()
            self.path = path

    class PlaceWanted(Message):
        """The place that a frame names is wanted in the editor."""

        def __init__(self, frame: Frame) -> None:
            super().__init__()
            self.frame = frame

    def __init__(self, project: Project, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._project = project
        self._key: TestKey | None = None
        self._result: TestResult | None = None
        self._generation = 0
        self._tabs: list[Tab] = []
        self._tab = ""
        self._drawn: tuple[TestKey | None, str] = (None, "")
        self._unfolded = Unfolded()
        self._attached: list[str] = []
        self._position = ""
        self._searching = False
        self._head: Callable[[int], list[Line]] = lambda _: []

    def compose(self) -> ComposeResult:
        """Head, tabs, text, and what is searched for in it."""
        yield Lines(id="detail-head")
        yield Lines(id="detail-tabs")
        yield TextPane(id="detail-text")
        yield Input(placeholder="search in this text", id="detail-search", classes="search")

    def on_mount(self) -> None:
        """Say what it is for."""
        self._box.display = False
        self.show_nothing("No test selected.")

    @property
    def key(self) -> TestKey | None:
        """The test that is shown."""
        return self._key

    @property
    def chosen_frame(self) -> Frame | None:
        """The frame that somebody marked in the traceback."""
        kind, _, number = self._text.chosen_stop.partition(" ")
        tab = self._shown_tab()
        return tab.frames[int(number)] if kind == PLACE and tab is not None and self._text.has_focus else None

    @property
    def _is_whole(self) -> bool:
        """Not any more while the app is being left, part by part."""
        return {"detail-head", "detail-tabs", "detail-text"} <= {child.id for child in self.children}

    @property
    def _text(self) -> TextPane:
        return self.query_one("#detail-text", TextPane)

    @property
    def _box(self) -> Input:
        return self.query_one("#detail-search", Input)

    # --- what is shown ------------------------------------------------------------------------------

    def show_nothing(self, why: str) -> None:
        """Say why there is nothing."""
        self._key = self._result = None
        self._tabs, self._position = [], ""
        self._head = lambda _: [[Piece(why, "muted")]]
        self._show_above()
        self._text.show(None, lambda _: EMPTY)
        self._say_where()

    def show(self, store: Store, key: TestKey, position: str = "") -> None:
        """Show a test; the one that is shown already, and has not changed, stays as it is."""
        result = store.tests.get(key)
        if result is None:
            self.show_nothing("This test is not among the results any more.")
            return
        self._position = position
        self._say_where()
        self._head = lambda width: head(store, key, result, width)
        self._show_above()
        table = store.tables.get(result.last.source)
        generation = table.generation if table else 0
        # Of a test in a block each question makes a result of its own.
        if key == self._key and result == self._result and generation == self._generation:
            return
        if key != self._key:
            self._unfolded = Unfolded(self._unfolded.everything)
            self._tab = ""
        self._key, self._result, self._generation = key, result, generation
        self._tabs = sections.tabs(result, sections.told(result, None))
        self._show_tab()
        reads = partial(
            self._read_all,
            result,
            table.format if table else "",
            table.shared_with(result.last.spans) if table else (),
            table.modified if table else 0.0,
        )
        # Not a coroutine: one that is overtaken before it began would be left behind.
        read = partial(self._read, result, reads)
        self.run_worker(read, exclusive=True, group="detail")  # type: ignore[arg-type]  # mypy finds no result type

    async def _read(self, result: TestResult, reads: Callable[[], tuple[list[Tab], list[str]]]) -> None:
        """Read all that the source keeps, and the code it tells of, off the event loop."""
        await asyncio.sleep(_SETTLED)  # a key held down passes over many tests
        source = result.last.source
        try:
            found = await asyncio.to_thread(reads)
        except (OSError, LookupError) as error:
            found = self._without(result, f"{source} cannot be read again: {error}")
        except Exception as error:  # noqa: BLE001  # whatever a stranger's file does, it is said, and goes no further
            said = one_line(f"{type(error).__name__}: {error}")
            found = self._without(result, f"{source} could not be shown: {said}")
        if result is self._result and self._is_whole:
            self._tabs, self._attached = found
            self._show_tab()

    def _read_all(
        self, result: TestResult, format_name: str, shared: Sequence[Span], modified: float
    ) -> tuple[list[Tab], list[str]]:
        """The tabs, and the paths of what is attached."""
        attempt = result.last
        detail = read_detail(self._project.locate(attempt.source), format_name, attempt.spans, shared)
        told = sections.told(result, detail)
        source = None
        if result.outcome.is_bad:
            frames = sections.own_frames(result, told)
            for path in {frame.place.path for frame in frames if frame.place}:
                code.load(path)
            source = self._project.source(frames)
        tabs = sections.tabs(result, told, detail, source, _written(attempt, modified))
        return tabs, sections.attachments(detail.properties)

    def _without(self, result: TestResult, problem: str) -> tuple[list[Tab], list[str]]:
        """The tabs of a test whose source could not be read: what is known of it, and why."""
        detail = Detail(outputs=(Section("problem", problem),))
        return sections.tabs(result, sections.told(result, None), detail), []

    def on_resize(self) -> None:
        """Head and tabs take as many rows as they need."""
        self._show_above()

    def _shown_tab(self) -> Tab | None:
        return next((tab for tab in self._tabs if tab.name == self._tab), None)

    def _show_tab(self) -> None:
        """Show the tab that is wanted, or the first, if there is none of its name."""
        if self._shown_tab() is None:
            self._tab = self._tabs[0].name if self._tabs else ""
        self._show_above()
        tab = self._shown_tab()
        if tab is None:
            return
        # What is folded away could not be found.
        unfolded = Unfolded(everything=True) if self._searching else self._unfolded
        place = (self._key, tab.name)
        identity = (place, tab.text, tab.size, *((unfolded, code.loaded()) if tab.folds else ()))
        self._text.show(identity, lambda width: tab.draw(width, unfolded), stay=place == self._drawn)
        self._drawn = place
        self._say_where()

    def _show_above(self) -> None:
        """Show the head and the tabs."""
        width = self.content_size.width or 80
        chips: list[Line] = []
        for number, tab in enumerate(self._tabs):
            on = tab.name == self._tab
            size = f" {tab.size}" if tab.size else ""
            chips.append([Piece(f" {tab.name}{size} ", "chip-on" if on else "chip", on, str(number))])
        self.query_one("#detail-head", Lines).show(self._head(width))
        self.query_one("#detail-tabs", Lines).show([*wrapped(chips, width, 1), []] if chips else [])

    def _say_where(self) -> None:
        """Which match is looked at, or where the test stands among others."""
        search, tab = self._text.search, self._shown_tab()
        told = self._position
        if search:
            told = search.told + (" in head and tail" if tab is not None and is_huge(tab.text) else "")
        self.entitle("Test", told)

    # --- actions ------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Some keys mean something only while something is searched for."""
        del parameters
        return self._searching if action in _WHILE_SEARCHING else True

    def action_section(self, step: int) -> None:
        """Show the next section, or the one before."""
        names = [tab.name for tab in self._tabs]
        if names:
            self._choose_tab(names[(names.index(self._tab) + step) % len(names)])

    def action_library(self) -> None:
        """Unfold everything, library frames first of all, or fold it."""
        self._unfolded = Unfolded(not self._unfolded.everything)
        self._show_tab()

    def action_open(self) -> None:
        """Open the whole of the section in the pager; an attachment in its program."""
        tab = self._shown_tab()
        chosen = self._text.chosen_stop
        if chosen.startswith(sections.ATTACHMENT):
            self._open_attachment(int(chosen.split()[-1]))
        elif tab is not None:
            self.post_message(self.PageWanted(tab.text))

    def _open_attachment(self, number: int) -> None:
        assert self._result is not None
        try:
            path = self._project.attachment(self._attached[number], self._result.last.source)
        except RefusedError as refused:
            self.notify(str(refused), severity="warning", markup=False)
        else:
            self.post_message(self.ProgramWanted(path))

    def action_search(self) -> None:
        """Type what to search for."""
        self._box.display = self._searching = True
        self._box.value = self._text.search.wanted
        self._box.focus()

    def action_find_next(self, step: int) -> None:
        """Go to the next place, or the one before."""
        self._text.find_next(step)
        self._say_where()

    def action_end_search(self) -> None:
        """Search for nothing any more."""
        self._box.display = False
        self._find("")
        self._text.focus()

    def _find(self, wanted: str) -> None:
        self._searching = bool(wanted) or self._box.display
        self._show_tab()
        self._text.find(wanted)
        self._say_where()
        self.refresh_bindings()

    def _choose_tab(self, name: str) -> None:
        self._tab = name
        self._unfolded = Unfolded(self._unfolded.everything)
        self._show_tab()

    # --- messages -----------------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search as it is typed."""
        event.stop()
        if self._box.display:
            self._find(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to the text, with what was found marked in it."""
        event.stop()
        self._box.display = False
        self._text.focus()

    def on_lines_clicked(self, event: Lines.Clicked) -> None:
        """Show the section whose tab was clicked, or the source, where its place was."""
        event.stop()
        if event.what == SOURCE_WANTED:
            if any(tab.name == sections.SOURCE for tab in self._tabs):
                self._choose_tab(sections.SOURCE)
        elif int(event.what) < len(self._tabs):
            self._choose_tab(self._tabs[int(event.what)].name)

    def on_text_pane_chosen(self, event: TextPane.Chosen) -> None:
        """Turn a fold over, or open what the line stands for."""
        event.stop()
        kind, _, number = event.what.partition(" ")
        if kind == "fold":
            self._unfolded = self._unfolded.turn(int(number))
            self._show_tab()
        elif kind == PLACE:
            if frame := self.chosen_frame:
                self.post_message(self.PlaceWanted(frame))
        else:
            self.action_open()


def _written(attempt: Attempt, modified: float) -> float:
    """When the result of an attempt was known: `modified` is when its source was last written."""
    return modified if attempt.started is None else attempt.started + (attempt.duration or 0.0)


def position_of(store: Store, key: TestKey) -> str:
    """Where a failing test stands among those of its cause: "1 of 81 with this cause"."""
    result = store.tests.get(key)
    failure = result.failure if result else None
    if failure is None:
        return ""
    place = store.causes.place(store.causes.signature(failure), key)
    return f"{place[0]:,} of {place[1]:,} with this cause" if place else ""
