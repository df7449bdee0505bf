"""Who has a file open for writing: the evidence that a run goes on, or that it is over.

Imports nothing of runwatch. Linux only (`/proc`, proc(5)); elsewhere, and for processes that this user
may not look at, it says that it does not know.
"""

import os
import time
from pathlib import Path

_PROC = "/proc"
_WRITING = os.O_WRONLY | os.O_RDWR
_SCAN_EVERY = 1.0
_DESCRIPTION_LONGEST = 4096

Identity = tuple[int, int]
"""Which file: its device and its inode."""


class Writers:
    """Looks up writers. All processes are looked at once a second at most, or when a known writer is gone."""

    def __init__(self) -> None:
        self._writer: dict[Identity, str] = {}
        self._scanned_at = float("-inf")

    @staticmethod
    def are_visible() -> bool:
        """Whether open files can be looked up on this system at all."""
        return Path(_PROC, "self", "fdinfo").is_dir()

    def has(self, file: Identity) -> bool:
        """Whether some visible process has `file` open for writing, as of at most a second ago."""
        known = self._writer.get(file)
        if known is not None:
            if file in _written_by(known):
                return True
            del self._writer[file]
            self._scanned_at = float("-inf")  # it closed it just now; another may have it
        if time.monotonic() - self._scanned_at >= _SCAN_EVERY:
            self._scanned_at = time.monotonic()
            processes = [name for name in _entries(_PROC) if name.isdecimal()]
            self._writer = {found: process for process in processes for found in _written_by(process)}
        return file in self._writer


def _written_by(process: str) -> set[Identity]:
    """What a process writes to; by plain strings, which cost less than paths, of thousands of descriptors."""
    found = set()
    folder = f"{_PROC}/{process}"
    for descriptor in _entries(f"{folder}/fd"):
        try:
            target = os.readlink(f"{folder}/fd/{descriptor}")  # noqa: PTH115  # a name, often of no path
            if not target.startswith("/") or target.startswith("/dev/"):
                continue
            if _is_writing(f"{folder}/fdinfo/{descriptor}"):
                status = os.stat(f"{folder}/fd/{descriptor}")  # noqa: PTH116
                found.add((status.st_dev, status.st_ino))
        except (OSError, ValueError):
            continue  # the process or the descriptor is gone, or not ours to see
    return found


def _entries(directory: str) -> list[str]:
    try:
        return os.listdir(directory)  # noqa: PTH208  # names are enough
    except OSError:
        return []


def _is_writing(description: str) -> bool:
    with open(description, "rb", buffering=0) as file:  # noqa: PTH123
        said = file.read(_DESCRIPTION_LONGEST).partition(b"flags:")[2].split(None, 1)
    return bool(said) and bool(int(said[0], 8) & _WRITING)
