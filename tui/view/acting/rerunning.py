"""Tests are run again, by the command of the user's own configuration.

May import Textual, `config`, `core`, `project`, `running` and `view`. Invariants: a command is started only
after it was shown as it is; one runs at a time; when the app ends, so does what it started.
"""

import os
import shlex
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path

from textual.app import App

from tui.config import FILE_NAME, Config
from tui.core import rerun
from tui.core.model import TestKey
from tui.core.rerun import Ready, RerunError, Runner
from tui.core.store import Store
from tui.project import Project
from tui.running import Running, outcome
from tui.text import counted, shortened
from tui.view.acting.rerun_pane import Confirming, RerunPane, about_to_run
from tui.view.choosing import Choice, Choosing
from tui.view.detail.document import Drawn
from tui.view.ink import Piece

Copy = Callable[[str, str], None]
"""Copies a text, and says what it is."""

_HINT = 50


class Rerunning:
    """Runs tests again. `stamp` gives a word for this moment; `copy` copies what is to be written."""

    def __init__(
        self,
        app: App[None],
        store: Store,
        config: Config,
        *,
        project: Project,
        stamp: Callable[[], str],
        copy: Copy,
    ) -> None:
        self.pane = RerunPane(id="rerun")
        self._app = app
        self._store = store
        self._config = config
        self._project = project
        self._stamp = stamp
        self._copy = copy
        self._asking = self._leaving = False

    def _say(self, said: str, *, wrong: bool = False) -> None:
        self._app.notify(said, severity="warning" if wrong else "information", markup=False)

    def wanted(self, keys: Sequence[TestKey]) -> None:
        """Show the command that runs these tests again; start it when the user says so."""
        if self.pane.is_busy:
            self._say("A rerun is running: O shows it, and i in it interrupts it.", wrong=True)
            return
        if self._config.rerun is None:
            self._tell_how(keys)
            return
        stamp = self._stamp()
        ready = self.ready(keys, stamp)
        if isinstance(ready, str):
            self._say(ready, wrong=True)
            return
        command = self._config.rerun
        output = None
        if command.output:
            output = Path(command.directory, rerun.filled(command.output, results=self._results, stamp=stamp))
        title = f"Run {counted(ready.tests, 'test')} again?" if ready.tests else "Run this?"
        told = partial(about_to_run, ready, command.directory, str(output or ""))
        running = Running(ready.arguments, Path(command.directory), output=output)
        what = f"Rerun of {counted(ready.tests, 'test')}" if ready.tests else "Rerun"

        def answered(start: bool | None) -> None:  # noqa: FBT001  # as Textual answers
            if start:
                self.start(running, what)

        self._app.push_screen(Confirming(title, "enter runs it · esc cancels", told), answered)

    def start(self, running: Running, what: str) -> None:
        """Start a command, and show what it prints."""
        if not self.pane.is_busy:
            self._app.run_worker(self._run(running, what), group="rerun")

    async def _run(self, running: Running, what: str) -> None:
        environment = dict(os.environ)
        if not environment.get("NO_COLOR"):
            environment.setdefault("PY_COLORS", "1")  # pytest's own, so that no test sees other colours
        told = self.pane.follow(running, what)
        await running.run(told, environment)
        if self._app.is_running and not self.pane.display:
            self._say(f"{what}: {outcome(running)}", wrong=bool(running.code or running.problem))

    def interrupt(self) -> None:
        """End the command that runs."""
        if self.pane.is_busy:
            self.pane.action_interrupt()
        else:
            self._say("No rerun is running.", wrong=True)

    def show_output(self) -> None:
        """Show what the rerun prints, with the keyboard in it, or hide it."""
        pane = self.pane
        if pane.running is None:
            self._say("Nothing was run again yet: r runs the selected tests, R those that fail.", wrong=True)
        elif pane.display:
            pane.action_hide()
        else:
            pane.enter()

    def ready(self, keys: Sequence[TestKey], stamp: str = "") -> Ready | str:
        """The command for some tests, or why there is none."""
        command = self._config.rerun
        if command is None:
            return "There is no [rerun] command in the configuration: r says how to write one."
        tests = [(self._store.tests[key], self._runner(key)) for key in keys if key in self._store.tests]
        if not tests:
            return "No test is selected that could be run again."
        exists = cache(partial(self._project.has, folder=Path(command.directory)))
        try:
            return rerun.ready(command, tests, exists, results=self._results, stamp=stamp or self._stamp())
        except RerunError as error:
            return str(error)

    @property
    def _results(self) -> str:
        return str(self._project.results)

    def _runner(self, key: TestKey) -> Runner:
        table = self._store.tables.get(self._store.tests[key].last.source)
        return Runner(table.format, table.producer) if table else Runner("", "")

    def _tell_how(self, keys: Sequence[TestKey]) -> None:
        """What to write into which file, so that tests can be run again."""
        known = next((key for key in keys if key in self._store.tests), next(iter(self._store.tests), None))
        example = rerun.example(self._runner(known) if known else Runner("reportlog", "pytest"))
        path = self._config.path
        is_own = path is not None and not path.absolute().is_relative_to(self._project.results)
        target = path.absolute() if path is not None and is_own else Path.cwd() / FILE_NAME
        if target.name == "pyproject.toml":
            example = ["[tool.runwatch.rerun]", *example[1:]]
        muted = partial(Piece, ink="muted")
        lines = [
            Drawn([muted("There is no command that runs tests again. Write one into")]),
            Drawn([Piece(f"  {target}", "strong")], hang=2),
            Drawn(()),
            *(Drawn([Piece(line, "accent")], hang=4) for line in example),
            Drawn(()),
            Drawn([muted("and start runwatch again. It is taken from there only, never from results.")]),
        ]

        def answered(wanted: bool | None) -> None:  # noqa: FBT001  # as Textual answers
            if wanted:
                self._copy("\n".join(example) + "\n", "[rerun]")

        self._app.push_screen(
            Confirming("How to run tests again", "enter copies it · esc closes", lambda _width: lines),
            answered,
        )

    # --- the end ------------------------------------------------------------------------------------

    def may_quit(self, leave: Callable[[], None]) -> bool:
        """Whether the app may end now; while a command runs it is asked whether to end it, then `leave`.

        Asked for again it is ended, and again, at once.
        """
        running = self.pane.running
        if running is None or running.is_over:
            return True
        if self._leaving:
            running.interrupt()
        elif self._asking:
            self._app.run_worker(self._leave(running, leave), group="leave")
        else:
            self._ask(running, leave)
        return False

    def _ask(self, running: Running, leave: Callable[[], None]) -> None:
        choices = [
            Choice("stay", "Stay", "the command goes on"),
            Choice("end", "End it and quit", shortened(shlex.join(running.arguments), _HINT)),
        ]

        def answered(wanted: str | None) -> None:
            self._asking = False
            if wanted == "end" and not self._leaving:
                self._app.run_worker(self._leave(running, leave), group="leave")

        self._asking = True
        self._app.push_screen(Choosing("A command is running", choices), answered)

    async def _leave(self, running: Running, leave: Callable[[], None]) -> None:
        self._leaving = True
        await running.end()
        leave()

    def stop(self) -> None:
        """The app ends: nothing that it started stays behind."""
        if self.pane.running is not None:
            self.pane.running.kill()
