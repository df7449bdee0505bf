"""Programs of the user's that show what a terminal view cannot: the pager, and whatever opens an attachment.

May import nothing of runwatch. Invariants: no shell is asked, and what is handed out is already safe text.
"""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

_PAGERS = ("less -R", "more")


def page(text: str) -> str:
    """Show `text` in the user's pager, and wait for its end. Return what went wrong, in words."""
    command = _pager()
    if not command:
        return "No pager: set PAGER, or install less."
    with tempfile.TemporaryDirectory(prefix="runwatch-") as folder:  # nobody else may look into it
        path = Path(folder) / "output.txt"
        path.write_text(text, "utf-8", "replace")
        try:
            subprocess.run([*command, str(path)], check=False)  # noqa: S603  # the user's own choice
        except OSError as error:
            return f"{command[0]} cannot be started: {error.strerror}"
    return ""


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
