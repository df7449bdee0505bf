"""What files there are below a results directory.

Imports `text` only. Invariants: nothing but regular files is handed out; no link is followed; what is
passed over is named, with the reason.
"""

import contextlib
import os
import stat
from collections.abc import Collection, Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from msgspec import Struct

from tui.text import one_line

_NAMED_MOST = 200_000
"""What more files than these are called on screen is worked out anew: names take memory, too."""

# Folders of tools, below the directory: never results, and some hold a hundred thousand files.
PRUNED = frozenset(
    {
        ".git",
        ".hg",
        ".hypothesis",
        ".mypy_cache",
        ".pytest_cache",
        ".ruff_cache",
        ".runwatch",
        ".svn",
        ".venv",
        "__pycache__",
        "node_modules",
        "venv",
    }
)


class Stamp(Struct, frozen=True):
    """What tells one content of a file from another without reading it.

    `changed_ns` is the time of the last change of content or permissions, which nobody can set back.
    """

    device: int
    inode: int
    size: int
    modified_ns: int
    changed_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> "Stamp":
        """The stamp of a file with this status."""
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)

    @property
    def modified(self) -> float:
        """When the file was last changed, in seconds since the epoch."""
        return self.modified_ns / 1e9

    @property
    def touched(self) -> float:
        """When the file was last changed in any way, and be it that its times were set back."""
        return max(self.modified_ns, self.changed_ns) / 1e9

    @property
    def file(self) -> tuple[int, int]:
        """Which file it is, whatever its content."""
        return self.device, self.inode


class Found(Struct, frozen=True):
    """A regular file: its name on screen (relative, with `/`), where it is, its stamp."""

    name: str
    at: str
    stamp: Stamp

    @property
    def path(self) -> Path:
        """Its path; a sweep of ten thousand files that did not change makes none."""
        return Path(self.at)


class Tree:
    """Walks a directory (or stands for a single file).

    `excluded` are paths that are no results; `ignored` are globs that the user put aside.
    """

    def __init__(self, root: Path, excluded: Collection[Path] = (), ignored: Collection[str] = ()) -> None:
        self.root = root
        self._before = f"{root}{os.sep}"
        self.passed_over: dict[str, str] = {}
        self._named: dict[str, str] = {}
        self._excluded = frozenset(os.path.realpath(path) for path in excluded)
        self._ignored = tuple(ignored)

    def walk(self) -> Iterator[Found]:
        """Every regular file; `passed_over` is renewed at the end. Raises OSError for the root alone."""
        passed_over: dict[str, str] = {}
        if len(self._named) > _NAMED_MOST:
            self._named.clear()
        status = self.root.stat()
        if stat.S_ISREG(status.st_mode):
            self.passed_over = passed_over
            yield Found(self.name(self.root), str(self.root), Stamp.of(status))
            return
        real_root = os.path.realpath(self.root)
        folders = [(self.root, real_root)]
        while folders:
            folder, real_folder = folders.pop()
            try:
                with os.scandir(folder) as scan:
                    entries = sorted(scan, key=lambda entry: entry.name)
            except OSError as error:
                if folder == self.root:
                    raise
                passed_over[self.name(folder)] = f"folder not read: {error.strerror}"
                continue
            for entry in entries:
                real = f"{real_folder}/{entry.name}"
                if real in self._excluded:
                    continue
                if not entry.is_dir(follow_symlinks=False):
                    found = self._file(entry, real_root, passed_over)
                    if found is not None:
                        yield found
                elif entry.name not in PRUNED:
                    folders.append((Path(entry.path), real))
        self.passed_over = passed_over

    def name(self, path: Path) -> str:
        """How `path` is called on screen: any byte may stand in a file name, so some are escaped."""
        return _shown(path.relative_to(self.root).as_posix() if path != self.root else path.name)

    def _name(self, entry: "os.DirEntry[str]") -> str:
        """The same of a file that is found: to make a path of each of ten thousand takes long."""
        if os.sep != "/" or not entry.path.startswith(self._before):
            return self.name(Path(entry.path))
        return _shown(entry.path.removeprefix(self._before))

    def path(self, name: str) -> Path:
        """The file that is called `name` on screen; one that had to be escaped is looked for."""
        path = self.root / name
        if not path.exists():
            with contextlib.suppress(OSError):
                return next((found.path for found in self.walk() if found.name == name), path)
        return path

    def _file(self, entry: "os.DirEntry[str]", real_root: str, passed_over: dict[str, str]) -> Found | None:
        """A file, if it is a regular one; else why it is passed over is noted."""
        name = self._named.get(entry.path)
        if name is None:
            name = self._named[entry.path] = self._name(entry)
        if any(fnmatchcase(name, glob) or fnmatchcase(entry.name, glob) for glob in self._ignored):
            passed_over[name] = "ignored by the configuration"
            return None
        try:
            if entry.is_symlink():
                inside = f"{os.path.realpath(entry.path)}/".startswith(f"{real_root}/")
                passed_over[name] = (
                    "a link within the directory: its target is read itself"
                    if inside
                    else "a link that leaves the directory: not followed"
                )
                return None
            status = entry.stat()
        except OSError as error:
            passed_over[name] = f"not read: {error.strerror}"
            return None
        if stat.S_ISREG(status.st_mode):
            return Found(name, entry.path, Stamp.of(status))
        passed_over[name] = "not a regular file: not opened"
        return None


def _shown(relative: str) -> str:
    text = relative.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    # Escaped, not cleaned: two files must not come to be called the same.
    return text if one_line(text) == text else text.encode("unicode_escape").decode("ascii")
