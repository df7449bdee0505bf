"""What was copied, kept in a file as well: a terminal may refuse to copy, and never says so.

May import `text`. The clipboard is reached by OSC 52, which Textual writes. Invariants: the file is nobody's
but the user's; it is in a folder of the user's own, and no link there is followed.
"""

import contextlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

LONGEST = 74_994
"""Bytes that any terminal with OSC 52 takes: some end a sequence after 100,000, and base64 adds a third."""

_FILE = "copied.txt"


def keep(text: str, folder: Path) -> Path:
    """Write `text` into the file for what was copied. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / _FILE
    with contextlib.suppress(FileNotFoundError):  # what is there may be a link, or be open to others
        path.unlink()
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR), "wb"
    ) as file:
        file.write(text.encode("utf-8", "replace"))
    return path


def copy(text: str, what: str, send: Callable[[str], None], folder: Path) -> str:
    """Copy `text`, and say what became of it. `send` gives it to the terminal."""
    size = len(text.encode("utf-8", "replace"))
    fits = size <= LONGEST
    if fits:
        send(text)
    try:
        path = keep(text, folder)
    except OSError as error:
        trouble = f"{folder} cannot be written: {error.strerror}"
        return (
            f"{what} copied; {trouble}"
            if fits
            else f"{what} not copied: {size:,} bytes are too much; {trouble}"
        )
    where = _shown(path)
    if fits:
        return f"{what} copied, also in {where}"
    return f"{what}: {size:,} bytes are more than terminals copy ({LONGEST:,}), so only in {where}"


def _shown(path: Path) -> str:
    """`path` as people write it."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)
