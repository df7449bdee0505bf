"""Where the program keeps what is the user's own and no configuration. May import nothing of runwatch."""

from collections.abc import Mapping
from pathlib import Path


def folder(environment: Mapping[str, str], home: Path) -> Path:
    """`$XDG_STATE_HOME/runwatch`, or below `~/.local/state`.

    A path that is not absolute is to be ignored (XDG Base Directory Specification).
    """
    stated = Path(environment.get("XDG_STATE_HOME") or "")
    return (stated if stated.is_absolute() else home / ".local" / "state") / "runwatch"
