"""The box in which a filter is typed, and below it the chips of what was understood.

May import Textual, `core`, `remembered` and `view`. Says what was typed by messages; what is found by it,
it is told.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import Reactive
from textual.suggester import Suggester
from textual.widgets import Input

from tui import remembered
from tui.core.facts import Facts
from tui.core.filters.completing import Vocabulary, complete
from tui.core.filters.language import Filter
from tui.core.filters.matching import Found
from tui.core.store import Store
from tui.view.bindings import bindings
from tui.view.finding import chips
from tui.view.ink import Down, Line, Lines

_LOW = 30

Ask = Callable[[], Vocabulary]


def filter_box(directory: Path, looked_at: Callable[[], tuple[Store, Facts]]) -> "FilterBox":
    """The box of the app on `directory`; `looked_at`: what there is to filter."""
    return FilterBox(lambda: Vocabulary.of(*looked_at()), remembered.place(directory), id="filter-box")


class _Completing(Suggester):
    """Suggests how what was typed may go on."""

    def __init__(self, vocabulary: Ask) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._vocabulary = vocabulary

    async def get_suggestion(self, value: str) -> str | None:
        """What is shown behind the cursor."""
        found = complete(value, self._vocabulary())
        return found.shown if found else None


class _Box(Input):
    """The line to type in. Up and down go through the filters that were typed before."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("filter")
    virtual_size = Reactive(Size(0, 0))
    """How long what was typed is; the line is as large whatever that is: a letter lays nothing out anew."""

    def __init__(self, vocabulary: Ask, *, id: str) -> None:
        super().__init__(suggester=_Completing(vocabulary), select_on_focus=False, id=id)
        self.history: tuple[str, ...] = ()
        self._vocabulary = vocabulary
        self._back = 0
        self._draft = ""

    def begin(self, text: str) -> None:
        """Put `text` there, with the cursor behind it."""
        self._back = 0
        self.value = text
        self.cursor_position = len(text)

    def action_recall(self, step: int) -> None:
        """An earlier filter (`step` 1), or a later one (-1); after the last, what was being typed."""
        back = max(min(self._back + step, len(self.history)), 0)
        if back == self._back:
            return
        if not self._back:
            self._draft = self.value
        self._back = back
        self.value = self.history[-back] if back else self._draft
        self.cursor_position = len(self.value)

    def action_complete(self) -> None:
        """Take what is suggested; where nothing is, go to the next pane."""
        if not self._take_suggestion():
            self.screen.focus_next()

    def action_cursor_right(self, select: bool = False) -> None:  # noqa: FBT001, FBT002  # as Textual has it
        """At the end of the line, take what is suggested."""
        if select or not self._take_suggestion():
            super().action_cursor_right(select)

    def _take_suggestion(self) -> bool:
        found = complete(self.value, self._vocabulary()) if self.cursor_at_end else None
        if found is None:
            return False
        self.value = found.text
        self.cursor_position = len(found.text)
        return True


class FilterBox(Down):
    """Where the filter is typed and shown. `kept`: the file that keeps what was typed; None: none does."""

    class Typed(Message):
        """The filter is another now."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Left(Message):
        """The filter stands: the keyboard is wanted elsewhere. `trouble`: why it could not be kept."""

    class Failed(Message):
        """What was typed could not be kept."""

        def __init__(self, trouble: str) -> None:
            super().__init__()
            self.trouble = trouble

    def __init__(self, vocabulary: Ask, kept: Path | None, *, id: str) -> None:
        super().__init__(id=id)
        self._vocabulary = vocabulary
        self._file = kept
        self._failed = False
        self._wanted = Filter()
        self._found = Found()

    def compose(self) -> ComposeResult:
        """The line, and the chips below it."""
        box = _Box(self._vocabulary, id="filter")
        box.display = False
        yield box
        yield Lines(id="chips")

    def on_mount(self) -> None:
        """Read what was typed in earlier sessions."""
        if self._file is not None:
            self.run_worker(self._recall(self._file), group="history")

    @property
    def history(self) -> tuple[str, ...]:
        """What was typed before, the last one last."""
        return self._box.history

    @property
    def is_typed_in(self) -> bool:
        """Whether the keyboard is in the line."""
        return self._box.has_focus

    @property
    def _box(self) -> _Box:
        return self.query_one(_Box)

    def open(self) -> None:
        """Type a filter."""
        self._box.display = True
        self._box.begin(self._wanted.text)
        self._box.focus()
        self._draw()

    def take(self, text: str) -> None:
        """This is the filter, whoever said so; the line is closed."""
        self._box.display = False
        self._wanted = Filter.parse(text)
        with self.prevent(Input.Changed):
            self._box.begin(text)
        self._draw()

    def show_found(self, found: Found) -> None:
        """This was found."""
        self._found = found
        self._draw()

    def remember(self, text: str) -> None:
        """Keep `text` for later sessions too."""
        if not text:
            return
        self._box.history = remembered.with_added(self._box.history, [text])
        if self._file is not None:
            self.run_worker(self._keep(self._file, text), group="history")

    async def _recall(self, path: Path) -> None:
        before = await asyncio.to_thread(remembered.read, path)
        self._box.history = remembered.with_added(before, self._box.history)

    async def _keep(self, path: Path, text: str) -> None:
        trouble = await asyncio.to_thread(remembered.add, path, text)
        if trouble and not self._failed:
            self._failed = True
            self.post_message(self.Failed(trouble))

    def _draw(self) -> None:
        typing = self._box.display
        if not self._wanted:
            lines: list[Line] = [chips.help_line()] if typing else []
        else:
            current = self._found.wanted == self._wanted
            most = 2 if self.screen.size.height < _LOW else 3
            remarks = self._found.remarks if current else ()
            width = max((self.size.width or self.screen.size.width) - 2, 20)
            lines = chips.chips(self._wanted, remarks, width, most, typing=typing)
        shown = self.query_one("#chips", Lines)
        shown.display = bool(lines)
        shown.show(lines)

    def on_resize(self) -> None:
        """The chips have another width."""
        self._draw()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as it is typed."""
        event.stop()
        self._wanted = Filter.parse(event.value)
        self._draw()
        self.post_message(self.Typed(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the filter, and leave."""
        event.stop()
        self._box.display = False
        self._draw()
        self.remember(self._wanted.text)
        self.post_message(self.Left())

    def on_lines_clicked(self, event: Lines.Clicked) -> None:
        """A chip was clicked: its cross removes it, the rest of it is edited."""
        event.stop()
        if event.what == chips.EDIT:
            self.open()
            return
        text = self._wanted.without(int(event.what.removeprefix(chips.REMOVE)))
        if self._box.display:
            self._box.begin(text)
        else:
            self.take(text)
            self.post_message(self.Typed(text))

    def on_blur(self, _: events.Blur) -> None:
        """Nothing to do but to draw."""
        self._draw()
