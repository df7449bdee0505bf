"""The app: owns the Store and the facts, tells the view in sight, and acts on keys.

May import everything below. Invariants: at most ten paints of new facts a second, fewer where working
them out takes long; a live update moves neither cursor nor scroll nor the open detail.
"""

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import ClassVar

from msgspec.structs import replace
from textual import events
from textual.app import App, ComposeResult, SuspendNotSupported, SystemCommand
from textual.binding import BindingType
from textual.dom import DOMNode
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import ContentSwitcher, Footer, Input, Static

from tui import baselines
from tui.config import Config, ConfigError
from tui.core.facts import Facts, gather
from tui.core.model import TestKey
from tui.core.store import Store
from tui.intake.watcher import Watcher
from tui.keys import VIEWS, every_action, shown
from tui.load import open_intake, read_baseline, read_plan
from tui.project import Project
from tui.view import outside
from tui.view.bindings import bindings
from tui.view.choosing import Choice, Choosing
from tui.view.claims import Claims, WrittenStatus, note_on
from tui.view.detail import DetailPane
from tui.view.explaining import Explaining
from tui.view.failures import Failures
from tui.view.filtering import Filter
from tui.view.golden import GoldenPaths
from tui.view.header import Header
from tui.view.help import Help
from tui.view.ink import Lines, Sheet
from tui.view.listing import Listing
from tui.view.live import Drain
from tui.view.overview import Overview
from tui.view.pane import View
from tui.view.presenting import Presenting
from tui.view.regressions import Regressions
from tui.view.sources import Sources
from tui.view.tests import Tests
from tui.view.theme import DARK, PLAIN, PLAIN_ON_LIGHT, THEMES

_PAINT_EVERY = 0.1
_PAINT_SHARE = 10
_SLOW_TICKS = 15
_OF_TEXTUAL = ("Theme",)
SMALLEST = (60, 15)


class RunwatchApp(App[None]):
    """The live view of one results directory. `now` gives the time in seconds since the epoch."""

    CSS_PATH = "app.tcss"
    TITLE = "runwatch"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = bindings("app")

    def __init__(
        self,
        directory: Path,
        config: Config,
        *,
        strict: bool = True,
        name: str = "",
        now: Callable[[], float] = time.time,
    ) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self._now = now
        self._shown_directory = str(directory)
        self._watched = name or config.title or directory.absolute().name
        self._config = config
        self._compared = config.baseline
        self._intake = open_intake(directory, config, strict=strict, now=now)
        self._project = Project.of(self._intake.locate, directory, Path.cwd(), config.path)
        self.store = Store(config.rules)
        self._drain = Drain(self.store, self._changed)
        self.facts: Facts = gather(self.store, self._now())
        self._status = WrittenStatus(config.claims, config.rules) if config.claims else None
        self._filter = Filter()
        self._painted_at = 0.0
        self._paint_cost = 0.0
        self._paint_timer: Timer | None = None
        self._ticks = 0
        self._has_read = False
        self._failures_seen = 0

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """What our own themes say beyond Textual's."""
        return PLAIN if self.current_theme.dark else PLAIN_ON_LIGHT

    def get_default_screen(self) -> Screen[None]:
        """The screen that holds the inks."""
        return Sheet(id="_default")

    def compose(self) -> ComposeResult:
        """Header, the views, the filter, the keys."""
        yield Header(id="header")
        with ContentSwitcher(initial="overview", id="views"):
            yield Overview(self._config.rules, self._shown_directory, id="overview")
            yield Failures(self._project, self._shown_directory, id="failures")
            yield Tests(self._project, self._shown_directory, id="tests")
            yield GoldenPaths(id="golden")
            yield Regressions(self._project, self._shown_directory, id="regressions")
            yield Sources(self._shown_directory, id="sources")
        yield Input(placeholder="status:failed  component:…  cause:…  file:…  new:  or any text", id="filter")
        yield Footer(show_command_palette=False)
        yield Static("runwatch needs 60 columns and 15 rows.", id="too-small", markup=False)

    def on_mount(self) -> None:
        """Begin to watch: the first frame comes before the first scan."""
        self.theme = self._config.theme or DARK.name
        self.set_keymap(dict(self._config.keys))
        self.query_one("#filter", Input).display = False
        self._show()
        self._view.focus_first()
        self.set_interval(1.0, self._tick)
        self.call_after_refresh(self._start)

    def _start(self) -> None:
        self.run_worker(self._read_references(), group="references")
        self.run_worker(self._look_at_claims(), group="claims")
        self._drain.start(lambda ready: Watcher(self._intake, ready))
        for note in self._config.notes:
            self.notify(note, severity="warning", markup=False)

    async def _look_at_claims(self) -> None:
        """Read the written status again if it is another, off the event loop."""
        if self._status is not None and await asyncio.to_thread(self._status.look, self.facts):
            self._changed()

    async def _read_references(self) -> None:
        """Read the baseline and the plan off the event loop, however large they are."""
        config = replace(self._config, baseline=self._compared)
        self.store.set_baseline(await asyncio.to_thread(read_baseline, config))
        self.store.set_plan(await asyncio.to_thread(read_plan, self._config))
        self._changed()

    def on_unmount(self) -> None:
        """End the watch."""
        self._drain.stop()

    @property
    def _view(self) -> View:
        return self.query_one(f"#{self._view_name}", View)

    @property
    def _view_name(self) -> str:
        return self.query_one("#views", ContentSwitcher).current or "overview"

    # --- painting -----------------------------------------------------------------------------------

    def _changed(self) -> None:
        """The Store changed: paint soon, but not more often than is good."""
        if self._paint_timer is None:
            wait = self._painted_at + max(_PAINT_EVERY, self._paint_cost * _PAINT_SHARE) - time.perf_counter()
            self._paint_timer = self.set_timer(max(wait, 0.001), self._paint)

    def _paint(self) -> None:
        self._paint_timer = None
        if not self.is_running:
            return
        began = time.perf_counter()
        self.facts = gather(self.store, self._now())
        self._show()
        if not self._has_read and self.facts.scanned and not self.facts.backlog:
            self._has_read = True
            if isinstance(self.focused, Listing) and self.focused.is_untouched:
                self._view.focus_first()  # only now is it known what there is to look at
        self._painted_at = time.perf_counter()
        self._paint_cost = self._painted_at - began

    def _show(self) -> None:
        page = self._status.judged(self.facts) if self._status else None
        self.query_one(Overview).claims_note = note_on(page) if self.facts.scanned else ""
        if isinstance(self.screen, Claims):
            self.screen.show(page)
        self._view.show(self.store, self.facts, self._filter)
        self._show_header()
        if isinstance(self.screen, Explaining | Presenting):
            self.screen.show(self.store, self.facts)

    def _show_header(self) -> None:
        if self._view_name == "failures":
            self._failures_seen = self.facts.failing_tests
        new = max(self.facts.failing_tests - self._failures_seen, 0) if self._failures_seen >= 0 else 0
        self.query_one(Header).show_state(
            self.facts,
            name=self._watched,
            view=self._view_name,
            new_failures=new if self.facts.live else 0,
            wanted=self._filter.text,
            now=self._now(),
        )

    def _tick(self) -> None:
        """Time goes on: running tests and ages; all facts now and then, for what time alone turns."""
        self._ticks += 1
        if not self.is_running:
            return
        if self._status is not None and not any(worker.group == "claims" for worker in self.workers):
            self.run_worker(self._look_at_claims(), group="claims")
        shows_ages = self._view_name == "sources"
        if self.facts.live or shows_ages or self._ticks % _SLOW_TICKS == 0:
            self._changed()
        else:
            self._show_header()

    # --- actions ------------------------------------------------------------------------------------

    def action_view(self, name: str) -> None:
        """Show a view."""
        self.query_one("#views", ContentSwitcher).current = name
        self._show()
        self._view.focus_first()

    def action_next_failure(self, step: int) -> None:
        """Show the next failing test, from anywhere."""
        if self._view_name != "failures":
            self.action_view("failures")
        self.query_one(Failures).next_failure(step)

    def action_filter(self) -> None:
        """Type a filter."""
        box = self.query_one("#filter", Input)
        box.display = True
        box.value = self._filter.text
        box.focus()
        if self._view_name not in ("failures", "tests", "regressions"):
            self.action_view("tests")
            box.focus()

    def action_explain(self, subject: str = "") -> None:
        """Open what is behind the selection, or behind `subject`."""
        self.push_screen(Explaining(self.store, self.facts, subject or self._view.subject()))

    def action_present(self) -> None:
        """Show the facts in large type, slide by slide."""
        self.push_screen(Presenting(self.store, self.facts, self._config.rules, self._watched))

    def action_baseline(self) -> None:
        """Choose what to compare with."""
        where = baselines.folder(self._config, Path.cwd())
        choices = [Choice("", "none", "regressions are UNKNOWN")]
        if self._config.baseline is not None:
            choices.append(Choice(str(self._config.baseline), self._config.baseline.stem, "as configured"))
        choices += [
            Choice(str(kept.path), kept.name, kept.described(self._now()))
            for kept in baselines.saved(where)
            if kept.path != self._config.baseline
        ]
        self.push_screen(Choosing("Compare with", choices, str(self._compared or "")), self._compare_with)

    def _compare_with(self, path: str | None) -> None:
        if path is not None:
            self._compared = Path(path) if path else None
            self.run_worker(self._read_references(), group="references", exclusive=True)

    def action_step_back(self) -> None:
        """Go back; then clear the filter; then to the overview; never quit."""
        box = self.query_one("#filter", Input)
        if box.has_focus:
            box.display = False
            self._set_filter("")
            self._view.focus_first()
        elif self._view.go_back():
            return
        elif self._filter:
            box.display = False
            self._set_filter("")
        else:
            self.action_view("overview")

    def action_claims(self) -> None:
        """List the claims of the written status beside what was counted."""
        self.push_screen(Claims(self._status.judged(self.facts) if self._status else None))

    def action_keys(self) -> None:
        """List the keys of the focused pane and of the app."""
        self.push_screen(Help([binding for _, binding, _, _ in self.screen.active_bindings.values()]))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action that can be taken now, and what Textual brings."""
        titles = {action.id: action for action in every_action() if not action.moves}
        told = set[str]()
        for node, binding, _, _ in screen.active_bindings.values():
            action = titles.get(binding.id or "")
            if action is None or action.title in told or action.id == "palette":
                continue
            told.add(action.title)
            title = f"Go to {action.title}" if action.id.startswith("view.") else action.title
            yield SystemCommand(title, f"Key: {shown(binding.key)}", self._runs(binding.action, node))
        for command in super().get_system_commands(screen):
            if command.title in _OF_TEXTUAL:
                yield command

    def _runs(self, action: str, node: DOMNode) -> Callable[[], Awaitable[object]]:
        async def run() -> None:
            await self.run_action(action, node)

        return run

    # --- messages -----------------------------------------------------------------------------------

    def on_lines_clicked(self, event: Lines.Clicked) -> None:
        """A view's name in the header was clicked."""
        if event.what in VIEWS:
            self.action_view(event.what)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as it is typed."""
        if event.input.id == "filter":
            self._set_filter(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the filter, and go to the list."""
        if event.input.id == "filter":
            event.input.display = bool(self._filter)
            self._view.focus_first()

    def on_overview_cause_wanted(self, event: Overview.CauseWanted) -> None:
        """Show the failures of a cause."""
        self.action_view("failures")
        self.query_one(Failures).open_cause(event.cause.signature)

    def on_overview_component_wanted(self, event: Overview.ComponentWanted) -> None:
        """Show the tests of a component."""
        self._set_filter(f"component:{event.name.split()[0].lower()}")
        self.action_view("tests")

    def on_view_test_wanted(self, event: View.TestWanted) -> None:
        """Show one test, wherever it is listed."""
        self._show_test(event.key)

    def on_detail_pane_page_wanted(self, event: DetailPane.PageWanted) -> None:
        """Leave the terminal to the pager until it ends."""
        try:
            with self.suspend():
                trouble = outside.page(event.text)
        except SuspendNotSupported:
            trouble = "There is no terminal here to open a pager in."
        self._tell(trouble)

    def on_detail_pane_program_wanted(self, event: DetailPane.ProgramWanted) -> None:
        """Open a file in its own program."""
        self._tell(outside.open_in_program(event.path) or f"Opened {event.path.name}.")

    def _tell(self, said: str) -> None:
        if said:
            self.notify(said, markup=False)

    def _show_test(self, key: TestKey) -> None:
        self._set_filter("")
        result = self.store.tests.get(key)
        name = "failures" if result is not None and result.outcome.is_bad else "tests"
        self.action_view(name)
        view = self.query_one(Failures) if name == "failures" else self.query_one(Tests)
        if view.select_test(key):
            view.enter_detail()

    def _set_filter(self, text: str) -> None:
        wanted = Filter.parse(text)
        if wanted != self._filter:
            self._filter = wanted
            self._show()

    def on_resize(self, event: events.Resize) -> None:
        """Lay everything out anew; below the smallest size only that is said."""
        width, height = event.size
        self.set_class(width < SMALLEST[0] or height < SMALLEST[1], "too-small")
        self._changed()


def watch(directory: Path, config: Config, *, strict: bool, name: str = "") -> int:
    """Run the app on `directory` until the user quits; return the exit code. Raises ConfigError."""
    app = RunwatchApp(directory, config, strict=strict, name=name)
    if config.theme and config.theme not in app.available_themes:
        known = ", ".join(sorted(app.available_themes))
        raise ConfigError(f"{config.path}: theme: none is called {config.theme!r}, there are {known}")
    app.run()
    gc.freeze()  # the process ends now: looking for garbage once more would only delay it
    return app.return_code or 0
