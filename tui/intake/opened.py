"""A file that the scan found, opened: it may have become something else since.

Imports nothing of runwatch. Invariants: opening never waits (for the writer of a pipe, say) and only a
regular file is handed out.
"""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

_HOLLOW_FROM = 1024 * 1024 * 1024
_HOLLOW_SHARE = 1000
_BLOCK = 512  # stat(2): st_blocks counts these, whatever the file system's own blocks are


def open_file(path: Path | str) -> BinaryIO:
    """`path` for reading. Raises OSError, also where it is no regular file (any more)."""
    # All that is read is read in large pieces: a buffer would be made for nothing.
    file = open(path, "rb", buffering=0, opener=_without_waiting)  # noqa: SIM115  # Path.open takes no opener
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    return file


def hollow(file: BinaryIO) -> str:
    """Why a file that is nearly all holes is not read: nobody wrote that much; empty for all others."""
    status = os.fstat(file.fileno())
    on_disk = status.st_blocks * _BLOCK
    if status.st_size < _HOLLOW_FROM or on_disk * _HOLLOW_SHARE > status.st_size:
        return ""
    return f"refused: a sparse file of {status.st_size:,} bytes, of which {on_disk:,} were written"


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)
