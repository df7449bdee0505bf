"""What is done with the tests that are meant: opened in the editor, copied, run again; what is shown is kept.

May import Textual, `config`, `core`, `intake.sources` (to re-read records), `project` and `view`. Invariants:
commands come from the user's own configuration and environment only; no file is opened but the project's.
"""

import asyncio
import contextlib
import os
import shlex
import shutil
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import App, SuspendNotSupported

from tui import state
from tui.config import Config
from tui.core.causes import Cause
from tui.core.identity import parted
from tui.core.model import Location, TestKey, TestResult
from tui.core.rerun import Ready
from tui.core.store import Store
from tui.core.tracebacks.frames import Frame
from tui.intake.sources import read_detail
from tui.project import Place, Project, RefusedError
from tui.text import counted, shortened
from tui.view.acting import clipboard, editors, outside
from tui.view.acting.rerunning import Rerunning
from tui.view.choosing import Choice, Choosing
from tui.view.pane import View

if TYPE_CHECKING:
    from tui.view.acting.copying import Copied  # what copies brings all of Markdown: wanted by who copies

_HINT = 60
_NOTHING = "Select a test or a cause first."


class Acting:
    """The actions on tests. `stamp` gives a word for this moment."""

    def __init__(
        self, app: App[None], store: Store, config: Config, project: Project, stamp: Callable[[], str]
    ) -> None:
        self._app = app
        self._store = store
        self._project = project
        self._stamp = stamp
        self.rerunning = Rerunning(app, store, config, project=project, stamp=stamp, copy=self._send)

    def _say(self, said: str, *, wrong: bool = False) -> None:
        if said:
            self._app.notify(said, severity="warning" if wrong else "information", markup=False)

    # --- programs of the user's ---------------------------------------------------------------------

    def edit(self, view: View) -> None:
        """Open the editor where the test that is looked at failed, or at the frame that is marked."""
        aim = view.aim()
        result = self._store.tests.get(aim.test) if aim is not None else None
        if aim is None or result is None:
            self._say(_NOTHING, wrong=True)
            return
        marked = [aim.frame] if aim.frame is not None else []
        self.open(marked or places(result))

    def open(self, frames: Sequence[Frame]) -> None:
        """Open the editor at the first of `frames` whose file is at hand."""
        try:
            place = self._project.place(frames)
            editor = editors.chosen(os.environ, shutil.which)
        except (RefusedError, editors.EditorError) as refused:
            self._say(str(refused), wrong=True)
            return
        trouble = self._open(editor, place)
        if trouble:
            self._say(trouble, wrong=True)
            return
        notes = [
            f"{place} opened in {editor.name}" if not editor.in_terminal else "",
            place.note,
            editor.note,
        ]
        if place.line is not None and not editor.takes_lines:
            notes.append(f"how {editor.name} is told a line is not known: it is line {place.line}")
        self._say(". ".join(filter(None, notes)))

    def _open(self, editor: editors.Editor, place: Place) -> str:
        command = editor.opening(place.path, place.line)
        if not editor.in_terminal:
            return outside.run_beside(command, self._say_from_thread)
        try:
            with self._app.suspend():
                return outside.run_here(command)
        except SuspendNotSupported:
            return "There is no terminal here to open an editor in."

    def page(self, text: str) -> None:
        """Leave the terminal to the pager until it ends."""
        try:
            with self._app.suspend():
                trouble = outside.page(text)
        except SuspendNotSupported:
            trouble = "There is no terminal here to open a pager in."
        self._say(trouble)

    def open_in_program(self, path: Path) -> None:
        """Open a file in its own program."""
        self._say(outside.open_in_program(path) or f"Opened {path.name}.")

    def keep(self, picture: str, name: str | None, folder: Path | None) -> None:
        """Save a picture of the screen where somebody works, or where the state is kept."""
        folders = [folder] if folder else [Path.cwd(), state.folder(os.environ, Path.home())]
        self._say(outside.keep(picture, name or f"runwatch-{self._stamp()}.svg", folders))

    def _say_from_thread(self, said: str) -> None:
        with contextlib.suppress(RuntimeError):  # the app may have ended meanwhile
            self._app.call_from_thread(self._say, said, wrong=True)

    # --- copying ------------------------------------------------------------------------------------

    def copy(self, view: View) -> None:
        """Choose what to copy of the tests that are meant."""
        keys = [key for key in view.meant() if key in self._store.tests]
        if not keys:
            self._say(_NOTHING, wrong=True)
            return
        from tui.view.acting.copying import Copied  # noqa: PLC0415  # see above

        copied = Copied(self._store, keys, self._cause(view, keys[0]), whole=view.cause() is not None)
        ready = self.rerunning.ready(keys)
        choices = [
            Choice("ids", "Test id" if len(keys) == 1 else f"{len(keys):,} test ids", _hint(copied.ids())),
            Choice(
                "rerun", "Rerun command", _hint(ready) if isinstance(ready, str) else _hint(_joined(ready))
            ),
            Choice("traceback", "Traceback", _hint(copied.headline)),
            Choice("markdown", "Markdown", "a block for an issue"),
        ]
        if copied.cause is not None and copied.cause.tests > 1 and len(keys) == 1:
            tests = counted(copied.cause.tests, "test")
            choices.append(Choice("cause", f"All ids of the cause: {tests}", _hint(copied.cause.title)))
        self._app.push_screen(Choosing("Copy", choices), partial(self._copy, copied, ready))

    def _copy(self, copied: "Copied", ready: Ready | str, wanted: str | None) -> None:
        match wanted:
            case "ids":
                self._send(copied.ids(), "Id" if len(copied.keys) == 1 else f"{len(copied.keys):,} ids")
            case "rerun" if isinstance(ready, str):
                self._say(ready, wrong=True)
            case "rerun" if not isinstance(ready, str):
                self._send(_joined(ready), "Rerun command")
            case "cause":
                self._send(copied.ids_of_cause(), "Ids of the cause")
            case "traceback" | "markdown":
                self._app.run_worker(self._copy_read(copied, wanted), group="copy", exclusive=True)

    async def _copy_read(self, copied: "Copied", wanted: str) -> None:
        """Copy what has to be read from the sources again, off the event loop."""
        reads = [self._reads(key) for key in copied.read]
        texts = await asyncio.to_thread(lambda: [read() for read in reads])
        if wanted == "traceback":
            self._send(copied.tracebacks(texts), "Traceback")
        else:
            self._send(copied.markdown(texts), "Markdown")

    def _reads(self, key: TestKey) -> Callable[[], str]:
        """What reads the tracebacks of a test in full; the excerpt serves where its source is gone."""
        from tui.view.detail import sections  # noqa: PLC0415  # what reads tracebacks is wanted by who looks at one

        result = self._store.tests[key]
        attempt, table = result.last, self._store.tables.get(result.last.source)
        path = self._project.locate(attempt.source)
        shared = table.shared_with(attempt.spans) if table else ()
        format_name = table.format if table else ""

        def read() -> str:
            try:
                detail = read_detail(path, format_name, attempt.spans, shared)
            except (OSError, LookupError):
                detail = None
            return "\n\n".join(told.text for told in sections.told(result, detail))

        return read

    def _cause(self, view: View, key: TestKey) -> Cause | None:
        """The cause that is selected, or that of a test."""
        failure = self._store.tests[key].failure
        signature = view.cause() or (self._store.causes.signature(failure) if failure else None)
        return next((each for each in self._store.cause_list() if each.signature == signature), None)

    def _send(self, text: str, what: str) -> None:
        folder = state.folder(os.environ, Path.home())
        self._say(clipboard.copy(text, what, self._app.copy_to_clipboard, folder))


def places(result: TestResult) -> list[Frame]:
    """Where a test failed, the likeliest place first; at the end where it begins."""
    from tui.view.detail import sections  # noqa: PLC0415  # see `_reads`

    found = sections.own_frames(result, sections.told(result, None)) if result.outcome.is_bad else []
    place, name = parted(result.label)
    file, _, classes = place.partition("::")
    location = result.location or (Location(file) if file else None)
    if location is None:
        return found
    function = ".".join([*filter(None, classes.split("::")), name.partition("[")[0]])
    return [*found, Frame(location, function)]


def _joined(ready: Ready) -> str:
    return shlex.join(ready.arguments)


def _hint(text: str) -> str:
    """The beginning of a text, in a line."""
    return shortened(text.split("\n", 1)[0], _HINT)
