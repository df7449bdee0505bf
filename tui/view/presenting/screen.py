"""The facts for a room, one calm slide at a time.

May import Textual, `core` and `view`. It shows the facts of the moment; the slide changes only by a key.
"""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType

from tui.core.claims.judged import JudgedPage
from tui.core.facts import Facts
from tui.core.rules import Rules
from tui.core.store import Store
from tui.view.bindings import bindings
from tui.view.following import Following
from tui.view.ink import INK_CLASSES, Lines
from tui.view.pane import titled
from tui.view.presenting.slides import Room, slides


class Presenting(Following):
    """Shows slides; the keys step through them."""

    COMPONENT_CLASSES: ClassVar[set[str]] = INK_CLASSES
    BINDINGS: ClassVar[list[BindingType]] = bindings("presenting")

    def __init__(self, store: Store, facts: Facts, rules: Rules, name: str) -> None:
        super().__init__()
        self._store = store
        self._facts = facts
        self._rules = rules
        self._name = name
        self._ids: list[str] = []
        self._shown = ""

    def compose(self) -> ComposeResult:
        """One slide."""
        slide = Lines(id="slide")
        slide.add_class("frame")
        yield slide

    def on_resize(self, event: events.Resize) -> None:
        """Draw for the size that there is now."""
        del event
        self.call_after_refresh(self._draw)

    def follow(self, store: Store, facts: Facts, page: JudgedPage | None) -> None:
        """Show the facts as they are now."""
        del page
        self.show(store, facts)

    def show(self, store: Store, facts: Facts) -> None:
        """Present the facts as they are now."""
        self._store, self._facts = store, facts
        self._draw()

    def action_step(self, step: int) -> None:
        """Show the next slide, or the one before."""
        if self._shown in self._ids:
            position = self._ids.index(self._shown) + step
            self._shown = self._ids[max(min(position, len(self._ids) - 1), 0)]
            self._draw()

    def action_end(self, position: int) -> None:
        """Show the first slide (0) or the last (-1)."""
        if self._ids:
            self._shown = self._ids[position]
            self._draw()

    def _draw(self) -> None:
        pane = self.query_one("#slide", Lines)
        room = Room(*pane.content_size)
        if not room.width or not room.height:
            return
        found = slides(self._store, self._facts, self._rules, room)
        # A slide that is gone gives way to what stands in its place now.
        place = self._ids.index(self._shown) if self._shown in self._ids else 0
        self._ids = [slide.id for slide in found]
        if self._shown not in self._ids:
            self._shown = self._ids[min(place, len(self._ids) - 1)]
        position = self._ids.index(self._shown)
        slide = found[position]
        titled(pane, f"{self._name} · {slide.title}", f"{position + 1} of {len(found)} · ← → step · esc ends")
        above = max(room.height - len(slide.lines), 0) // 3  # a little above the middle, where eyes rest
        pane.show([*([()] * above), *slide.lines])
