"""What results may lead to: files of the project and of the results directory, and no others.

May import `core`, `intake.opened` and `text`. Results are data from strangers: a path in them is followed
only to a regular file that lies, all links resolved, inside the working directory, the folder of the
configuration, or the results. Nothing hidden is opened.
"""

import itertools
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath

from msgspec import Struct

from tui.core.model import Location
from tui.core.tracebacks.frames import Frame
from tui.intake.opened import open_file
from tui.text import plain

_LARGEST = 2 * 1024 * 1024
_MOST_TOLD = 3
_CONFIRMING = 8  # characters of a line that say enough to tell it from others
_EXECUTABLE = stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH
_LAUNCHERS = (".desktop", ".app", ".command")

Locate = Callable[[str], Path]
"""The name of a source -> its file."""


class RefusedError(Exception):
    """A path that is not followed; says why."""


class SourceFile(Struct, frozen=True):
    """A file of source code as it is now, and the place in it that a failure names.

    `stated` is the path as the results have it, where that is not the file that was found; `differs`: the
    line reads otherwise than the failure shows.
    """

    path: Path
    shown: str
    text: str
    line: int
    modified: float
    stated: str
    differs: bool


class Place(Struct, frozen=True):
    """A file of the project, and a line in it where one is known. `note`: what is to be said of it."""

    path: Path
    line: int | None
    shown: str
    note: str = ""

    def __str__(self) -> str:
        return self.shown if self.line is None else f"{self.shown}:{self.line}"


class Project(Struct, frozen=True):
    """Where results lie, and where the code is that they tell of."""

    locate: Locate
    results: Path
    roots: tuple[Path, ...] = ()

    @classmethod
    def of(cls, locate: Locate, results: Path, working: Path, config: Path | None) -> "Project":
        """The project of somebody who works in `working`, with the configuration file `config`."""
        roots = [working] if config is None else [working, config.absolute().parent]
        folder = results.absolute().parent if results.is_file() else results.absolute()
        return cls(locate, folder, tuple(dict.fromkeys(root.resolve() for root in roots)))

    def source(self, frames: Iterable[Frame]) -> SourceFile | None:
        """The source of the first of `frames` whose file is at hand."""
        for frame in frames:
            if frame.place is not None and frame.place.line is not None:
                found = self._source(frame.place, frame.place.line, frame.failing)
                if found is not None:
                    return found
        return None

    def _source(self, place: Location, number: int, failing: str) -> SourceFile | None:
        for path, same in self._candidates(place.path):
            try:
                with open_file(path) as file:
                    text = plain(file.read(_LARGEST).decode("utf-8", "replace"))
                    modified = path.stat().st_mtime
            except OSError:
                continue
            lines = text.split("\n")
            if number > len(lines):
                continue
            confirmed = bool(failing.strip()) and lines[number - 1].strip() == failing.strip()
            if same or (confirmed and len(failing.strip()) >= _CONFIRMING):
                differs = bool(failing.strip()) and not confirmed
                return SourceFile(
                    path, self._shown(path), text, number, modified, "" if same else place.path, differs
                )
        return None

    def place(self, frames: Iterable[Frame]) -> Place:
        """Where the first of `frames` is whose file is at hand. Raises RefusedError: why none is."""
        missing: dict[str, str] = {}
        for frame in frames:
            if frame.place is None or not frame.place.path:
                continue
            found = self._place(frame)
            if found is not None:
                return found
            missing.setdefault(frame.place.path, self._why_missing(frame.place.path))
        where = " and ".join(map(str, self.roots)) or "no folder"
        if not missing:
            raise RefusedError(f"The results name no place in a file; files are looked for in {where}.")
        told = [f"{path}: {why}" for path, why in list(missing.items())[:_MOST_TOLD]]
        more = f"; and {len(missing) - _MOST_TOLD} more" if len(missing) > _MOST_TOLD else ""
        raise RefusedError(f"No source at hand. {'; '.join(told)}{more}. Looked in {where}.")

    def _place(self, frame: Frame) -> Place | None:
        """Where a frame is; without a line, where what it is the definition of begins."""
        assert frame.place is not None
        if frame.place.line is not None:
            source = self._source(frame.place, frame.place.line, frame.failing)
            if source is None:
                return None
            line, note = source.line, ""
            if source.differs:
                line = _nearest(source.text, frame.failing, source.line)
                note = "the file has changed since" if line == source.line else "the line has moved since"
            return Place(source.path, line, source.shown, note)
        path = next((path for path, same in self._candidates(frame.place.path) if same), None)
        if path is None:
            return None
        defined = _defined(_read(path), frame.function) if frame.function else None
        return Place(path, defined, self._shown(path))

    def _why_missing(self, stated: str) -> str:
        reasons = [self._why_refused(root / stated) for root in self.roots]
        return max(reasons, key=_telling, default=_NOT_FOUND)

    def _why_refused(self, path: Path) -> str:
        try:
            found = _followed(path, self.roots)
        except RefusedError as refused:
            return str(refused)
        except (OSError, ValueError, RuntimeError):
            return "it cannot be read"
        return f"{self._shown(found)} is there, but has no such line"

    def has(self, stated: str, folder: Path) -> bool:
        """Whether `stated` is a file of the project, as a program that runs in `folder` would find it."""
        try:
            _followed(folder / stated, self.roots)
        except (RefusedError, OSError, ValueError, RuntimeError):
            return False
        return True

    def _candidates(self, stated: str) -> Iterator[tuple[Path, bool]]:
        """Files that `stated` may mean, and whether it is that very path.

        Results are often read elsewhere than they were written: the end of a path may be found here, too,
        but then only the line itself can confirm that it is the same file.
        """
        pure = PurePosixPath(stated.replace("\\", "/"))
        bases = self.roots if pure.is_absolute() else self._upward()
        yield from ((path, True) for path in self._allowed(base / pure for base in bases))
        parts = pure.parts[1:] if pure.is_absolute() else pure.parts
        for skipped in range(1, len(parts) - 1):
            ends = (root.joinpath(*parts[skipped:]) for root in self.roots)
            yield from ((path, False) for path in self._allowed(ends))

    def _upward(self) -> Iterable[Path]:
        """Where a path may begin: the folders of the project, and those above them."""
        return dict.fromkeys((*self.roots, *(above for root in self.roots for above in root.parents)))

    def _allowed(self, paths: Iterable[Path]) -> Iterator[Path]:
        for path in paths:
            try:
                yield _followed(path, self.roots)
            except (RefusedError, OSError, ValueError, RuntimeError):
                continue

    def _shown(self, path: Path) -> str:
        """`path` as somebody in the project would write it."""
        root = next((root for root in self.roots if path.is_relative_to(root)), None)
        return str(path.relative_to(root)) if root else str(path)

    def attachment(self, stated: str, source: str) -> Path:
        """The file that a result of `source` names as an attachment. Raises RefusedError."""
        where = self.locate(source).parent
        roots = (self.results.resolve(), *self.roots)
        reasons = []
        # Some formats give an attachment a name: "screenshot: path".
        names = dict.fromkeys((stated, stated.rpartition(": ")[2]))
        bases = dict.fromkeys((where, self.results, *self.roots))
        for base, name in itertools.product(bases, names):
            try:
                path = _followed(base / name, roots)
                _refuse_program(path)
            except RefusedError as refused:
                reasons.append(str(refused))
            except (OSError, ValueError, RuntimeError):
                reasons.append("it cannot be read")
            else:
                return path
        raise RefusedError(f"{stated} is not opened: {max(reasons, key=_telling)}.")


def _read(path: Path) -> str:
    try:
        with open_file(path) as file:
            return file.read(_LARGEST).decode("utf-8", "replace")
    except OSError:
        return ""


def _nearest(text: str, failing: str, line: int) -> int:
    """The line nearest to `line` that reads as the failing one; `line` where none does."""
    wanted = failing.strip()
    if len(wanted) < _CONFIRMING:
        return line
    same = (number for number, each in enumerate(text.split("\n"), 1) if each.strip() == wanted)
    return min(same, key=lambda number: abs(number - line), default=line)


def _defined(text: str, name: str) -> int | None:
    """The line that defines `name`, a function of Python's, perhaps of a class: "TestA.test_b"."""
    start = 0
    number = None
    for kind, part in _kinds(name):
        found = re.compile(rf"^[ \t]*{kind}[ \t]+{re.escape(part)}\b", re.MULTILINE).search(text, start)
        if found is None:
            return number
        start, number = found.end(), text.count("\n", 0, found.start()) + 1
    return number


def _kinds(name: str) -> Iterator[tuple[str, str]]:
    """What each part of a dotted name is defined with: classes, and a function at the end."""
    *classes, function = name.split(".")
    yield from (("class", each) for each in classes)
    yield r"(?:async[ \t]+)?def", function


def _refuse_program(path: Path) -> None:
    if path.stat().st_mode & _EXECUTABLE or path.suffix in _LAUNCHERS:
        raise RefusedError("it is a program")


_NOT_FOUND = "there is no such file"


def _telling(reason: str) -> bool:
    return reason != _NOT_FOUND


def _followed(path: Path, roots: tuple[Path, ...]) -> Path:
    """`path` with all links resolved. Raises RefusedError where it leads elsewhere, or to no regular file."""
    found = path.resolve()
    root = next((root for root in roots if found.is_relative_to(root)), None)
    if root is None:
        raise RefusedError("it lies outside the results and the project")
    if any(part.startswith(".") for part in found.relative_to(root).parts):
        raise RefusedError("it is hidden")
    if not found.exists():
        raise RefusedError(_NOT_FOUND)
    if not stat.S_ISREG(found.stat().st_mode):
        raise RefusedError("it is not a regular file")
    return found
