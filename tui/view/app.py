"""The app: owns the Store and the parts that work on it, and hands on keys and messages.

May import everything below. Textual looks up actions and handlers of messages here; what they do is said in
`painting`, `going`, `furnishing`, `beside` and `acting`.
"""

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import App, ComposeResult, SystemCommand
from textual.binding import BindingType
from textual.command import Provider
from textual.screen import Screen
from textual.widgets import Static

from tui.config import Config
from tui.core.facts import Facts
from tui.core.store import Store
from tui.keys import VIEWS
from tui.memory import Memory
from tui.view.attention import Attention
from tui.view.beside import Beside
from tui.view.bindings import bindings
from tui.view.breathing import keyboard
from tui.view.finding.finder import Finder
from tui.view.furnishing import Furnishing
from tui.view.going import Going
from tui.view.header import Header
from tui.view.ink import Lines, Sheet
from tui.view.keybar import KeyBar
from tui.view.live import Drain, Feed
from tui.view.overview import Overview
from tui.view.painting import Painting
from tui.view.pane import View
from tui.view.recall import Recall, Setting
from tui.view.terminal import Herald
from tui.view.theme import DARK, PLAIN, PLAIN_ON_LIGHT, THEMES
from tui.view.views import Views

if TYPE_CHECKING:
    # The first frame needs none of these: what opens one of them imports it.
    from tui.running import Running
    from tui.view.acting.acting import Acting
    from tui.view.detail.pane import DetailPane
    from tui.view.finding.box import FilterBox
    from tui.view.finding.palette import Findable, Finds
    from tui.view.marks import Marks

_OF_TEXTUAL = ("Theme",)
_COMPLETE_AFTER = 0.5
"""In seconds; at the latest then, though not all has been read, what the first frame did without is made."""
_FIRST_TAKEN = 0.02
"""For so many seconds the first frame waits for results."""
SMALLEST = (60, 15)


def _finds() -> type[Provider]:
    from tui.view.finding.palette import Finds  # noqa: PLC0415  # nobody opens the palette before the first frame

    return Finds


class RunwatchApp(App[None]):
    """The live view of one results directory. `now` gives the time in seconds since the epoch."""

    CSS_PATH = "app.tcss"
    TITLE = "runwatch"
    ENABLE_COMMAND_PALETTE = True
    COMMANDS = App.COMMANDS | {_finds}
    BINDINGS: ClassVar[list[BindingType]] = bindings("app")

    def __init__(
        self,
        directory: Path,
        config: Config,
        *,
        strict: bool = True,
        name: str = "",
        now: Callable[[], float] = time.time,
        memory: Memory | None = None,
        running: "Running | None" = None,
        feed: Feed | None = None,
    ) -> None:
        super().__init__()
        self._running_first = running
        for theme in THEMES:
            self.register_theme(theme)
        self._recall = Recall(memory)
        self._left = self._recall.setting()
        self._begin_with(self._left.theme, config.theme, DARK.name)
        self._watched = name or config.title or directory.absolute().name
        self._config = config
        self._feed = feed or _feed_within(directory, config, strict=strict, now=now)
        self.store = Store(config.rules, lazily=True)
        self._drain = Drain(self.store, self._changed)
        self._attention = Attention(now, self._drain)
        self._beside = Beside(self, self.store, config, now=self._attention.now, changed=self._changed)
        self._finder = Finder(
            self.store, lambda work: self.run_worker(work, group="finding"), self._show_found
        )
        in_tmux = bool(os.environ.get("TMUX"))
        self._herald = Herald(
            self._write, config.notify, bell=config.bell, name=self._watched, in_tmux=in_tmux
        )
        self._furnishing = Furnishing(
            self,
            directory,
            config,
            self.store,
            beside=self._beside,
            finder=self._finder,
            facts=lambda: self.facts,
            stamp=self._stamp,
        )
        self._painting = Painting(
            self,
            self.store,
            self._watched,
            drain=self._drain,
            attention=self._attention,
            beside=self._beside,
            finder=self._finder,
            furnishing=self._furnishing,
            herald=self._herald,
        )
        self._going = Going(
            self,
            self.store,
            news=self._attention.news,
            finder=self._finder,
            furnishing=self._furnishing,
            painting=self._painting,
            went=self._remember,
        )

    def _begin_with(self, *themes: str) -> None:
        """Have the first of these themes that exists; a change later works out all styles once more."""
        theme = next(theme for theme in themes if theme in self.available_themes)
        self.set_reactive(App.theme, theme)
        self.set_class(self.current_theme.dark, "-dark-mode", update=False)
        self.set_class(not self.current_theme.dark, "-light-mode", update=False)
        self.stylesheet.set_variables(self.get_css_variables())

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """What our own themes say beyond Textual's."""
        return PLAIN if self.current_theme.dark else PLAIN_ON_LIGHT

    def get_default_screen(self) -> Screen[None]:
        """The screen that holds the inks."""
        return Sheet(id="_default")

    def compose(self) -> ComposeResult:
        """Header, the view in sight, the keys: what the first frame shows."""
        if self._left.view not in ("", "overview"):
            self._furnishing.read_styles()
        yield Header(id="header")
        yield Views(self._furnishing.view, self._left.view or "overview", self._recall, id="views")
        yield KeyBar(id="keys")

    async def on_event(self, event: events.Event) -> None:
        """Before anything is done for somebody, everything is there; while it is done, nothing else is."""
        if isinstance(event, events.InputEvent) and not isinstance(event, events.MouseMove):
            keyboard.pressed()
        if isinstance(event, events.InputEvent):
            await self._furnishing.furnish()
        await super().on_event(event)

    def post_display_hook(self) -> None:
        """A key that waited is answered."""
        keyboard.answered()

    async def on_mount(self) -> None:
        """Begin to watch: what another process has read by now is in the first frame, or soon after."""
        self.set_keymap(dict(self._config.keys))
        if self._views.is_filtered:
            await self._furnishing.furnish()
        self._restore()
        self._drain.take_in(self._feed, _FIRST_TAKEN)
        self._painting.paint()
        self._view.focus_first()
        self.set_interval(1.0, self._tick)
        self._herald.open()
        self._start()

    def _start(self) -> None:
        self.set_timer(_COMPLETE_AFTER, self._furnishing.complete)
        self.call_after_refresh(self._drain.start, self._feed)
        self.call_after_refresh(self._beside.start)
        if self._running_first is not None:
            self.call_after_refresh(self._run, self._running_first)
        for note in self._config.notes:
            self.notify(note, severity="warning", markup=False)

    async def _run(self, running: "Running") -> None:
        await self._furnishing.furnish()
        self._acting.rerunning.start(running, "Run")

    def on_unmount(self) -> None:
        """End the watch, and what was started."""
        if self._furnishing.is_furnished:
            self._acting.rerunning.stop()
        self._drain.stop()
        self._herald.close()

    def _restore(self) -> None:
        """Be set as somebody left this directory."""
        self._recall.restore(self.query(View))
        self._going.filter(self._left.filter)

    def _remember(self) -> None:
        configured = self._config.theme or DARK.name
        theme = self.theme if self.theme != configured else ""
        setting = Setting(self._views.name_in_sight, self._finder.wanted.text, theme)
        self._recall.keep(
            self.query(View), setting, self._views.open_tests, self.store, self._attention.clock()
        )

    def _write(self, sequence: str) -> None:
        """Write to the terminal itself, where there is one."""
        if not self.is_headless and self._driver is not None:
            self._driver.write(sequence)

    @property
    def findable(self) -> "Findable":
        """What the palette finds."""
        from tui.view.finding.palette import Findable  # noqa: PLC0415  # see `_finds`

        finder = self._finder
        return Findable(self.store, self.facts, finder.index, finder.found, self._config.filters)

    @property
    def _views(self) -> Views:
        return self.query_one(Views)

    @property
    def _view(self) -> View:
        return self._views.in_sight

    @property
    def _acting(self) -> "Acting":
        return self._furnishing.acting

    # --- painting -----------------------------------------------------------------------------------

    @property
    def facts(self) -> Facts:
        """The facts that are on screen."""
        return self._painting.facts

    def _changed(self, events: int = 1) -> None:
        self._painting.changed(events)

    def _show_found(self) -> None:
        if self.is_running:
            if self._furnishing.is_furnished:
                self._furnishing.box.show_found(self._finder.found)
            self._painting.show()

    def _tick(self) -> None:
        if not self.is_running:
            return
        if (left := self._recall.test(self.store, self.facts, self._view)) is not None:
            self._view.select_test(left)
        self._painting.tick()
        if not self._drain.is_behind:
            self._finder.look_ahead()

    # --- actions ------------------------------------------------------------------------------------

    def action_view(self, name: str) -> None:
        """Show a view."""
        self._going.to_view(name)

    def action_pause(self) -> None:
        """Let the screen stand still while reading goes on, or go on with it."""
        self._attention.toggle()
        self._changed()

    def action_new_failure(self) -> None:
        """Show the first failure that is new since somebody looked."""
        self._going.to_new_failure()

    def action_next_failure(self, step: int) -> None:
        """Show the next failing test, from anywhere."""
        self._going.to_next_failure(step)

    def action_filter(self) -> None:
        """Type a filter."""
        self._going.to_filter()

    def action_saved_filters(self) -> None:
        """Choose a filter that was saved, or typed before."""
        self._going.to_saved_filter(self._config.filters)

    def action_explain(self, subject: str = "") -> None:
        """Open what is behind the selection, or behind `subject`."""
        from tui.view.explaining import Explaining  # noqa: PLC0415  # wanted when it is opened, so too below

        self.push_screen(Explaining(self.store, self.facts, subject or self._view.subject()))

    def action_edit(self) -> None:
        """Open the editor where the selected test failed."""
        self._acting.edit(self._view)

    def action_copy(self) -> None:
        """Choose what to copy of the selection."""
        self._acting.copy(self._view)

    def action_rerun(self) -> None:
        """Run the selected tests again."""
        self._acting.rerunning.wanted(self._view.meant())

    def action_rerun_failing(self) -> None:
        """Run again all failing tests that the filter lets through."""
        failing = self.store.failures()
        self._acting.rerunning.wanted(self._finder.found.of(failing))

    def action_rerun_output(self) -> None:
        """Show what the rerun prints."""
        self._acting.rerunning.show_output()

    async def action_quit(self) -> None:
        """Quit; while a command runs it is asked what is to become of it."""
        if self._acting.rerunning.may_quit(self._leave):
            self._leave()

    def _leave(self) -> None:
        self._remember()
        self.exit()

    def _stamp(self) -> str:
        now = self._attention.clock()  # also while the screen stands still
        return time.strftime("%Y%m%d-%H%M%S", time.gmtime(now))

    def action_interrupt_rerun(self) -> None:
        """End the command that runs, from wherever."""
        self._acting.rerunning.interrupt()

    def action_notes(self) -> None:
        """List all notes on the results."""
        from tui.view.noting import Noting  # noqa: PLC0415

        said = self._painting.claims_note
        self.push_screen(Noting([*self.facts.notes, said] if said else self.facts.notes))

    def action_screenshot(self, filename: str | None = None, path: str | None = None) -> None:
        """Save the screen as SVG where somebody works, or where the state is kept."""
        self._acting.keep(self.export_screenshot(), filename, Path(path) if path else None)

    def action_present(self) -> None:
        """Show the facts in large type, slide by slide."""
        from tui.view.presenting.screen import Presenting  # noqa: PLC0415

        self.push_screen(Presenting(self.store, self.facts, self._config.rules, self._watched))

    def action_baseline(self) -> None:
        """Choose what to compare with."""
        self._beside.choose_baseline()

    def action_step_back(self) -> None:
        """Go back; then clear the filter; then to the overview; never quit."""
        self._going.back()

    def action_claims(self) -> None:
        """List the claims of the written status beside what was counted."""
        self._beside.show_claims(self.facts)

    def action_marks(self) -> None:
        """List the tests that are marked as known."""
        from tui.view.marks import Marks  # noqa: PLC0415

        self.push_screen(Marks(self.store))

    def action_keys(self) -> None:
        """List the keys of the focused pane and of the app."""
        from tui.view.help import Help  # noqa: PLC0415

        self.push_screen(Help([binding for _, binding, _, _ in self.screen.active_bindings.values()]))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action that can be taken now, and what Textual brings."""
        from tui.view.finding.commands import commands  # noqa: PLC0415

        yield from commands(self, screen)
        for command in super().get_system_commands(screen):
            if command.title in _OF_TEXTUAL:
                yield command

    # --- messages -----------------------------------------------------------------------------------

    def on_lines_clicked(self, event: Lines.Clicked) -> None:
        """A view's name in the header was clicked."""
        if event.what in VIEWS:
            self._going.to_view(event.what)

    def on_filter_box_typed(self, event: "FilterBox.Typed") -> None:
        """Filter as it is typed."""
        self._finder.want(event.text)

    def on_filter_box_left(self) -> None:
        """The filter stands: go to the list."""
        self._view.focus_first()

    def on_filter_box_failed(self, event: "FilterBox.Failed") -> None:
        """What was typed is not kept; that is said, and no more."""
        self.notify(f"Filters are not remembered: {event.trouble}", severity="warning", markup=False)

    def on_overview_cause_wanted(self, event: Overview.CauseWanted) -> None:
        """Show the failures of a cause."""
        self._going.to_cause(event.cause.signature)

    def on_overview_component_wanted(self, event: Overview.ComponentWanted) -> None:
        """Show the tests of a component."""
        self._going.to_component(event.name)

    def on_finds_filter_wanted(self, event: "Finds.FilterWanted") -> None:
        """Show the tests that a filter means."""
        self._going.to_filtered(event.text)

    def on_finds_source_wanted(self, event: "Finds.SourceWanted") -> None:
        """Show a source."""
        self._going.to_source(event.path)

    def on_view_test_wanted(self, event: View.TestWanted) -> None:
        """Show one test, wherever it is listed."""
        self._going.to_test(event.key)

    async def on_view_mark_wanted(self, event: View.MarkWanted) -> None:
        """Ask why the tests are known, then mark them."""
        await self._beside.mark(event.tests)

    async def on_marks_unwanted(self, event: "Marks.Unwanted") -> None:
        """Take marks off."""
        await self._beside.unmark(event.change)

    def on_detail_pane_page_wanted(self, event: "DetailPane.PageWanted") -> None:
        """Leave the terminal to the pager until it ends."""
        self._acting.page(event.text)

    def on_detail_pane_place_wanted(self, event: "DetailPane.PlaceWanted") -> None:
        """Open the editor at a frame."""
        self._acting.open([event.frame])

    def on_detail_pane_program_wanted(self, event: "DetailPane.ProgramWanted") -> None:
        """Open a file in its own program."""
        self._acting.open_in_program(event.path)

    def on_resize(self, event: events.Resize) -> None:
        """Lay everything out anew; below the smallest size only that is said."""
        width, height = event.size
        is_too_small = width < SMALLEST[0] or height < SMALLEST[1]
        if is_too_small and not self.query("#too-small"):
            self.mount(Static("runwatch needs 60 columns and 15 rows.", id="too-small", markup=False))
        self.set_class(is_too_small, "too-small")
        self._changed()


def _feed_within(directory: Path, config: Config, *, strict: bool, now: Callable[[], float]) -> Feed:
    """Reading in this process, where no other can be had, or none is wanted."""
    from tui.intake.watcher import Watcher  # noqa: PLC0415  # another process does it, nearly always
    from tui.load import open_intake  # noqa: PLC0415

    return Watcher(open_intake(directory, config, strict=strict, now=now))
