"""The app: owns the Store and the facts, tells the view in sight, and acts on keys.

May import everything below. Invariants: new facts are painted as often as `pace` says; a live update
moves neither cursor nor scroll nor the open detail.
"""

import asyncio
import gc
import os
import time
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import App, ComposeResult, SuspendNotSupported, SystemCommand
from textual.binding import BindingType
from textual.command import Provider
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Static

from tui import state
from tui.config import Config
from tui.core.facts import Facts, gather
from tui.core.model import TestKey
from tui.core.sourcebook import SourceBook
from tui.core.store import Store
from tui.keys import VIEWS
from tui.memory import Memory
from tui.view.attention import Attention
from tui.view.beside import Beside
from tui.view.bindings import bindings
from tui.view.breathing import keyboard
from tui.view.finding.finder import Finder
from tui.view.header import Header
from tui.view.ink import Lines, Sheet
from tui.view.keybar import KeyBar
from tui.view.lists.listing import Listing
from tui.view.live import Drain, Feed
from tui.view.overview import Overview
from tui.view.pace import Pace
from tui.view.pane import View
from tui.view.recall import Recall, Setting
from tui.view.terminal import Herald
from tui.view.theme import DARK, PLAIN, PLAIN_ON_LIGHT, THEMES
from tui.view.views import Views, make

if TYPE_CHECKING:
    # The first frame needs none of these: what opens one of them imports it.
    from tui.project import Project
    from tui.running import Running
    from tui.view.acting.acting import Acting
    from tui.view.detail.pane import DetailPane
    from tui.view.finding.box import FilterBox
    from tui.view.finding.palette import Findable, Finds
    from tui.view.marks import Marks

_SLOW_TICKS = 15
_OF_TEXTUAL = ("Theme",)
_FILTERED = ("failures", "tests", "regressions")
_COMPLETE_AFTER = 0.5
_FIRST_TAKEN = 0.02
_LATER = Path(__file__).with_name("later.tcss")
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
        self._is_complete = False
        self._is_furnished = False
        self._furnishing = asyncio.Lock()
        self._directory = directory
        self._shown_directory = str(directory)
        self._watched = name or config.title or directory.absolute().name
        self._config = config
        self._feed = feed or _feed_within(directory, config, strict=strict, now=now)
        self.store = Store(config.rules, lazily=True)
        self._drain = Drain(self.store, self._changed)
        self._attention = Attention(now, self._drain)
        self._now = self._attention.now
        self._book = SourceBook(self.store)
        self.facts: Facts = gather(self.store, self._now(), self._book)
        self._beside = Beside(self, self.store, config, now=self._now, changed=self._changed)
        self._finder = Finder(
            self.store, lambda work: self.run_worker(work, group="finding"), self._show_found
        )
        self._pace = Pace()
        self._paint_timer: Timer | None = None
        self._ticks = 0
        self._has_read = False
        self._claims_note = ""
        in_tmux = bool(os.environ.get("TMUX"))
        self._herald = Herald(
            self._write, config.notify, bell=config.bell, name=self._watched, in_tmux=in_tmux
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
            self._read_styles()
        yield Header(id="header")
        yield Views(self._made, self._left.view or "overview", self._recall, id="views")
        yield KeyBar(id="keys")

    def _made(self, name: str) -> View:
        return make(name, self._config.rules, lambda: self._project, self._shown_directory)

    def _read_styles(self) -> None:
        """Of all that the overview does without. To read a style sheet takes a while."""
        self.stylesheet.add_source(_LATER.read_text("utf-8"), read_from=(str(_LATER), ""))

    @cached_property
    def _project(self) -> "Project":
        from tui.intake.tree import Tree  # noqa: PLC0415  # the first frame needs none of this, so too below
        from tui.project import Project  # noqa: PLC0415

        directory = self._directory
        return Project.of(Tree(directory.absolute()).path, directory, Path.cwd(), self._config.path)

    @cached_property
    def _acting(self) -> "Acting":
        from tui.view.acting.acting import Acting  # noqa: PLC0415

        return Acting(self, self.store, self._config, self._project, self._stamp)

    async def on_event(self, event: events.Event) -> None:
        """Before anything is done for somebody, everything is there; while it is done, nothing else is."""
        if isinstance(event, events.InputEvent) and not isinstance(event, events.MouseMove):
            keyboard.pressed()
        if isinstance(event, events.InputEvent):
            await self._furnish()
        await super().on_event(event)

    async def _furnish(self) -> None:
        """Make what the first frame did without: the other views, the filter's box, what a rerun prints."""
        async with self._furnishing:
            if self._is_furnished:
                return
            self._is_furnished = True
            self._read_styles()
            from tui.view.finding.box import filter_box  # noqa: PLC0415

            box = filter_box(self._directory, lambda: (self.store, self.facts))
            box.display = self._view_name in _FILTERED
            await self.mount(self._acting.rerunning.pane, box, after="#views")
            await self._views.make_all()
            box.take(self._finder.wanted.text)
            box.show_found(self._finder.found)

    async def _complete(self) -> None:
        """Make and read all that the first facts did without."""
        if self._is_complete:
            return
        self._is_complete = True
        await self._furnish()
        self._beside.look(self.facts)
        gc.freeze()  # what there is now stays
        gc.enable()  # see `cli`

    async def on_mount(self) -> None:
        """Begin to watch: what another process has read by now is in the first frame, or soon after."""
        self.set_keymap(dict(self._config.keys))
        if self._view_name in _FILTERED:
            await self._furnish()
        self._restore()
        self._drain.take_in(self._feed, _FIRST_TAKEN)
        self._paint()
        self._view.focus_first()
        self.set_interval(1.0, self._tick)
        self._herald.open()
        self._start()

    def _start(self) -> None:
        self.set_timer(_COMPLETE_AFTER, self._complete)
        self.call_after_refresh(self._drain.start, self._feed)
        self.call_after_refresh(self._beside.start)
        if self._running_first is not None:
            self.call_after_refresh(self._run, self._running_first)
        for note in self._config.notes:
            self.notify(note, severity="warning", markup=False)

    async def _run(self, running: "Running") -> None:
        await self._furnish()
        self._acting.rerunning.start(running, "Run")

    def on_unmount(self) -> None:
        """End the watch, and what was started."""
        if self._is_furnished:
            self._acting.rerunning.stop()
        self._drain.stop()
        self._herald.close()

    def _restore(self) -> None:
        """Be set as somebody left this directory."""
        self._recall.restore(self.query(View))
        self._set_filter(self._left.filter)

    def _remember(self) -> None:
        configured = self._config.theme or DARK.name
        theme = self.theme if self.theme != configured else ""
        setting = Setting(self._view_name, self._finder.wanted.text, theme)
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
    def _box(self) -> "FilterBox":
        from tui.view.finding.box import FilterBox  # noqa: PLC0415

        return self.query_one(FilterBox)

    @property
    def _views(self) -> Views:
        return self.query_one(Views)

    @property
    def _view(self) -> View:
        return self._views.in_sight

    @property
    def _view_name(self) -> str:
        return self._views.name_in_sight

    # --- painting -----------------------------------------------------------------------------------

    def _changed(self, events: int = 1) -> None:
        """The Store changed by so many events: paint soon, but not more often than is good."""
        self._pace.came(events)
        is_read = self.store.scanned and not self.store.directory.backlog
        if is_read and self._pace.arrive() and self._paint_timer is not None:
            self._paint_timer.stop()
            self._paint_timer = None
        if self._paint_timer is None:
            self._paint_timer = self.set_timer(self._pace.wait(time.perf_counter()), self._paint)

    def _paint(self) -> None:
        self._paint_timer = None
        if not self.is_running:
            return
        if waits := keyboard.waits():
            self._paint_timer = self.set_timer(waits, self._paint)
            return
        self._pace.begin(time.perf_counter())
        self.facts = gather(self.store, self._now(), self._book)
        if self.facts.ungrouped:
            self._drain.wake()
        self._finder.follow()
        self._show()
        self._tell(self._herald.look(self.facts))
        read = self.facts.scanned and not self.facts.backlog
        if not self._has_read and read and (self.facts.causes or not self.facts.ungrouped):
            self._has_read = True
            if isinstance(self.focused, Listing) and self.focused.is_untouched:
                self._view.focus_first()  # only now is it known what there is to look at
        if self._has_read and not self._is_complete:
            self.call_after_refresh(self._complete)
        self._pace.end(time.perf_counter())

    def _show(self) -> None:
        self._attention.follow(self.store, self.facts)
        page = self._beside.page(self.facts)
        self._claims_note = self._beside.note(page) if self.facts.scanned else ""
        if self._view_name == "overview":
            self.query_one(Overview).claims_note = self._claims_note
        self.query("#filter-box").set(display=self._view_name in _FILTERED)
        self._view.show(self.store, self.facts, self._finder.found)
        if self._has_read:
            self._view.stick()
        self._show_header()
        if len(self.screen_stack) > 1:
            from tui.view.following import Following  # noqa: PLC0415  # nothing lies over the first frame

            if isinstance(self.screen, Following):
                self.screen.follow(self.store, self.facts, page)

    def _show_header(self) -> None:
        if self._view_name == "failures":
            self._attention.news.see(self._views.open_tests)
        self.query_one(Header).show_state(
            self.facts,
            name=self._watched,
            view=self._view_name,
            new_failures=self._attention.news.number,
            wanted="" if self._view_name in _FILTERED else self._finder.wanted.text,
            now=self._now(),
            paused=self._attention.told(self._views.open_tests),
        )

    def _tick(self) -> None:
        """Time goes on: running tests and ages; all facts now and then, for what time alone turns."""
        self._ticks += 1
        if not self.is_running:
            return
        self._herald.entitle(self.facts, paused=self._attention.is_paused)
        if (left := self._recall.test(self.store, self.facts, self._view)) is not None:
            self._view.select_test(left)
        if self._attention.is_paused:
            self._show_header()
            return
        self._beside.look(self.facts)
        shows_ages = self._view_name == "sources"
        if self.facts.live or shows_ages or self._ticks % _SLOW_TICKS == 0:
            self._changed()
        else:
            self._show_header()

    # --- actions ------------------------------------------------------------------------------------

    def action_view(self, name: str) -> None:
        """Show a view."""
        if self._view_name == "failures":
            self._attention.news.see_all()
        self._views.current = name
        self._show()
        self._view.focus_first()
        self._remember()

    def action_pause(self) -> None:
        """Let the screen stand still while reading goes on, or go on with it."""
        self._attention.toggle()
        self._changed()

    def action_new_failure(self) -> None:
        """Show the first failure that is new since somebody looked."""
        key = self._attention.news.first
        if key is None:
            self._tell("No failure is new since you looked.")
            return
        if self._view_name != "failures":
            self.action_view("failures")
        failures = self._views.failures
        if not failures.select_test(key):
            self._set_filter("")
            failures.select_test(key)
        self._attention.news.see([key])
        self._show_header()

    def action_next_failure(self, step: int) -> None:
        """Show the next failing test, from anywhere."""
        if self._view_name != "failures":
            self.action_view("failures")
        self._views.failures.next_failure(step)

    def action_filter(self) -> None:
        """Type a filter."""
        if self._view_name not in _FILTERED:
            self.action_view("tests")
        self._finder.get_ready()
        self._box.open()

    def action_saved_filters(self) -> None:
        """Choose a filter that was saved, or typed before."""
        from tui.view.choosing import Choice, Choosing  # noqa: PLC0415  # wanted when it is opened, so too below

        choices = [Choice(saved.filter, saved.name, saved.filter) for saved in self._config.filters]
        told = {choice.id for choice in choices}
        earlier = reversed(self._box.history)
        choices += [Choice(text, text, "typed before") for text in earlier if text not in told]
        if choices:
            self.push_screen(Choosing("Filters", choices, self._finder.wanted.text), self._filter_by)
        else:
            self._tell('No filter is saved yet. In the configuration: [[filter]] name = "…" filter = "…"')

    def _filter_by(self, text: str | None) -> None:
        if text is not None:
            if self._view_name not in _FILTERED:
                self.action_view("tests")
            self._set_filter(text)

    def action_explain(self, subject: str = "") -> None:
        """Open what is behind the selection, or behind `subject`."""
        from tui.view.explaining import Explaining  # noqa: PLC0415

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
        return time.strftime(
            "%Y%m%d-%H%M%S", time.gmtime(self._attention.clock())
        )  # also while the screen stands still

    def action_interrupt_rerun(self) -> None:
        """End the command that runs, from wherever."""
        self._acting.rerunning.interrupt()

    def action_notes(self) -> None:
        """List all notes on the results."""
        from tui.view.noting import Noting  # noqa: PLC0415

        said = self._claims_note
        self.push_screen(Noting([*self.facts.notes, said] if said else self.facts.notes))

    def action_screenshot(self, filename: str | None = None, path: str | None = None) -> None:
        """Save the screen as SVG where somebody works, or where the state is kept."""
        from tui.view.acting import outside  # noqa: PLC0415

        name = filename or f"runwatch-{self._stamp()}.svg"
        folders = [Path(path)] if path else [Path.cwd(), state.folder(os.environ, Path.home())]
        self._tell(outside.keep(self.export_screenshot(), name, folders))

    def action_present(self) -> None:
        """Show the facts in large type, slide by slide."""
        from tui.view.presenting.screen import Presenting  # noqa: PLC0415

        self.push_screen(Presenting(self.store, self.facts, self._config.rules, self._watched))

    def action_baseline(self) -> None:
        """Choose what to compare with."""
        self._beside.choose_baseline()

    def action_step_back(self) -> None:
        """Go back; then clear the filter; then to the overview; never quit."""
        if self._box.is_typed_in:
            self._set_filter("")
            self._view.focus_first()
        elif self._view.go_back():
            return
        elif self._finder.wanted:
            self._set_filter("")
        else:
            self.action_view("overview")

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
            self.action_view(event.what)

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
        self.action_view("failures")
        self._views.failures.open_cause(event.cause.signature)

    def on_overview_component_wanted(self, event: Overview.ComponentWanted) -> None:
        """Show the tests of a component."""
        from tui.core.filters.fields import Field  # noqa: PLC0415
        from tui.core.filters.language import written  # noqa: PLC0415

        self._set_filter(written(Field.COMPONENT, event.name))
        self.action_view("tests")

    def on_finds_filter_wanted(self, event: "Finds.FilterWanted") -> None:
        """Show the tests that a filter means."""
        self._filter_by(event.text)

    def on_finds_source_wanted(self, event: "Finds.SourceWanted") -> None:
        """Show a source."""
        from tui.view.sources import Sources  # noqa: PLC0415  # see `views`

        self.action_view("sources")
        self.query_one(Sources).select_source(event.path)

    def on_view_test_wanted(self, event: View.TestWanted) -> None:
        """Show one test, wherever it is listed."""
        self._show_test(event.key)

    async def on_view_mark_wanted(self, event: View.MarkWanted) -> None:
        """Ask why the tests are known, then mark them."""
        await self._beside.mark(event.tests)

    async def on_marks_unwanted(self, event: "Marks.Unwanted") -> None:
        """Take marks off."""
        await self._beside.unmark(event.change)

    def on_detail_pane_page_wanted(self, event: "DetailPane.PageWanted") -> None:
        """Leave the terminal to the pager until it ends."""
        from tui.view.acting import outside  # noqa: PLC0415

        try:
            with self.suspend():
                trouble = outside.page(event.text)
        except SuspendNotSupported:
            trouble = "There is no terminal here to open a pager in."
        self._tell(trouble)

    def on_detail_pane_place_wanted(self, event: "DetailPane.PlaceWanted") -> None:
        """Open the editor at a frame."""
        self._acting.open([event.frame])

    def on_detail_pane_program_wanted(self, event: "DetailPane.ProgramWanted") -> None:
        """Open a file in its own program."""
        from tui.view.acting import outside  # noqa: PLC0415

        self._tell(outside.open_in_program(event.path) or f"Opened {event.path.name}.")

    def _tell(self, said: str) -> None:
        if said:
            self.notify(said, markup=False)

    def _show_test(self, key: TestKey) -> None:
        self._set_filter("")
        result = self.store.tests.get(key)
        name = "failures" if result is not None and result.outcome.is_bad else "tests"
        self.action_view(name)
        if self._view.select_test(key):
            self._view.enter_detail()

    def _set_filter(self, text: str) -> None:
        if self._is_furnished:
            self._box.take(text)
        self._finder.want(text)

    def _show_found(self) -> None:
        if self.is_running:
            if self._is_furnished:
                self._box.show_found(self._finder.found)
            self._show()

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
