"""What the command line asks for, where it is plain: `runwatch DIR`, `runwatch check DIR`.

Imports nothing of runwatch. To import argparse and set it up takes as long as to read a small file, and most
that is asked is plain. Invariant: what is plain is told as `parser` tells it; a test compares them.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

COMMANDS = ("watch", "demo", "run", "report", "check", "init", "explain", "baseline")
OF_ALL = ("-h", "--help", "--version")
FORMATS = ("text", "markdown", "html", "json", "svg")

_COLUMNS = 80
_UNSAID: dict[str, dict[str, Any]] = {
    "watch": {"fresh": False, "claims": None, "config": None, "baseline": None},
    "check": {"json": False, "config": None, "baseline": None},
    "report": {
        "format": None,
        "output": None,
        "all_tests": False,
        "claims": None,
        "config": None,
        "baseline": None,
    },
}


def with_command(arguments: Sequence[str]) -> list[str]:
    """The command line with the command that is meant where none is named."""
    words = list(arguments)
    return words if words and words[0] in (*COMMANDS, *OF_ALL) else ["watch", *words]


def mistyped(directory: Path | None) -> str:
    """The command that was meant where a directory that is not there is called nearly so; else empty."""
    if directory is None or len(directory.parts) != 1 or directory.exists():
        return ""
    import difflib  # noqa: PLC0415  # wanted where something is wrong

    return next(iter(difflib.get_close_matches(directory.name, COMMANDS, n=1, cutoff=0.7)), "")


def plain(words: Sequence[str]) -> SimpleNamespace | None:
    """What a command alone, or with one directory, asks for: `does` names it. None where more is said."""
    if words[0] not in _UNSAID or len(words) > 2 or any(word.startswith("-") for word in words):
        return None
    directory = Path(words[1]) if words[1:] else None
    return SimpleNamespace(does=words[0], directory=directory, **_UNSAID[words[0]])


def columns() -> int:
    """How wide the terminal is: as `shutil` has it, which brings every packer."""
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and int(said):
        return int(said)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or _COLUMNS  # type: ignore[union-attr]
    except (AttributeError, OSError, ValueError):
        return _COLUMNS
