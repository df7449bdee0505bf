"""Programs of the user's that do what a view cannot: pager, editor, and whatever opens an attachment.

May import nothing of runwatch. Invariants: no shell is asked, and what is handed out is already safe text;
a key that ends what runs in the terminal does not end the app that waits for it.
"""

import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

_PAGERS = ("less -R", "more")


def page(text: str) -> str:
    """Show `text` in the user's pager, and wait for its end. Return what went wrong, in words."""
    command = _pager()
    if not command:
        return "No pager: set PAGER, or install less."
    with tempfile.TemporaryDirectory(prefix="runwatch-") as folder:  # nobody else may look into it
        path = Path(folder) / "output.txt"
        path.write_text(text, "utf-8", "replace")
        return run_here([*command, str(path)])


def run_here(command: Sequence[str]) -> str:
    """Give the terminal to a program of the user's choice until it ends. Return what went wrong, in words."""
    try:
        with _spared():
            done = subprocess.run(command, check=False)  # noqa: S603  # the user's own choice
    except OSError as error:
        return f"{command[0]} cannot be started: {error.strerror}"
    return _ended(command, done.returncode)


def run_beside(command: Sequence[str], ended: Callable[[str], None]) -> str:
    """Start a program that has a window of its own. Return what went wrong at once, in words.

    `ended` is told on another thread what goes wrong later.
    """
    quiet = subprocess.DEVNULL
    try:
        process = subprocess.Popen(  # noqa: S603  # the user's own choice
            command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
        )
    except OSError as error:
        return f"{command[0]} cannot be started: {error.strerror}"

    def wait() -> None:
        trouble = _ended(command, process.wait())
        if trouble:
            ended(trouble)

    threading.Thread(target=wait, name="editor", daemon=True).start()
    return ""


def _ended(command: Sequence[str], code: int) -> str:
    if code < 0:
        return f"{command[0]} was ended by signal {-code}."
    return f"{command[0]} ended with exit code {code}." if code else ""


@contextmanager
def _spared() -> Iterator[None]:
    """Keys that interrupt reach the program in the terminal, and pass the app by.

    A handler, unlike SIG_IGN, is not handed down to the program that is started.
    """
    before = {number: signal.signal(number, _pass) for number in (signal.SIGINT, signal.SIGQUIT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _pass(_number: int, _frame: FrameType | None) -> None:
    """Do nothing."""


def keep(text: str, name: str, folders: Iterable[Path]) -> str:
    """Write `text` into the first of `folders` that takes it; never over a file. Return where, in words."""
    problem = "there is no place for it"
    for folder in folders:
        path = folder / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            problem = f"{path}: {error.strerror}"
        else:
            return f"Saved as {path}"
    return f"Not saved: {problem}"


def _pager() -> list[str]:
    for wanted in (os.environ.get("PAGER", ""), *_PAGERS):
        try:
            command = shlex.split(wanted)
        except ValueError:
            continue
        if command and shutil.which(command[0]):
            # less shows colours only when it is told to.
            return [*command, "-R"] if command == ["less"] else command
    return []


def open_in_program(path: Path) -> str:
    """Open a file in the program that the desktop has for it. Return what went wrong, in words."""
    opener = "open" if sys.platform == "darwin" else "xdg-open"
    program = shutil.which(opener)
    if program is None:
        return f"{path}: there is no {opener} to open it with."
    quiet = subprocess.DEVNULL
    try:
        subprocess.Popen(  # noqa: S603  # a path that `project` allows, and no shell
            [program, str(path)], stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
        )
    except OSError as error:
        return f"{opener} cannot be started: {error.strerror}"
    return ""
