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
