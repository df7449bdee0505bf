"""The filters that were typed, kept from one session to the next.

May import `text`. They lie in the user's own state directory, never among the results. Invariant: a file
that is missing, broken or not to be written is no error of anybody who filters: there is just no history.
"""

import os
import stat
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from tui import state
from tui.text import one_line

_MOST = 200
_BYTES = 256 * 1024
_LONGEST = 1000


def place(results: Path) -> Path | None:
    """Where filters are kept; None where there is no such place outside of `results`."""
    try:
        path = state.folder(os.environ, Path.home()) / "filters"
        inside = path.resolve().is_relative_to(results.resolve())
    except (OSError, RuntimeError, ValueError):
        return None
    return None if inside else path


def read(path: Path) -> tuple[str, ...]:
    """The filters that are kept in `path`, the oldest first; none where it cannot be read."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return ()
        with path.open("rb") as file:
            data = file.read(_BYTES)
    except (OSError, ValueError):
        return ()
    return with_added((), (one_line(line) for line in data.decode("utf-8", "replace").split("\n")))


def with_added(kept: Iterable[str], texts: Iterable[str]) -> tuple[str, ...]:
    """`kept` and then `texts`, each once, where it stood last."""
    ordered: dict[str, None] = {}
    for text in (*kept, *texts):
        if text and len(text) <= _LONGEST:
            ordered.pop(text, None)
            ordered[text] = None
    return tuple(ordered)[-_MOST:]


def add(path: Path, text: str) -> str:
    """Keep `text` as the last one, beside what other sessions kept meanwhile; why it cannot be, if so."""
    texts = with_added(read(path), [one_line(text)])
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if path.exists() and not path.is_file():
            return f"{path}: not a file"
        handle, temporary = tempfile.mkstemp(
            dir=path.parent, prefix=".filters-"
        )  # only its owner may read it
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
            file.write("".join(f"{each}\n" for each in texts))
        Path(temporary).replace(path)
    except (OSError, ValueError) as error:
        with suppress(OSError):
            if temporary:
                Path(temporary).unlink()
        return f"{path}: {error.strerror if isinstance(error, OSError) else error}"
    return ""
