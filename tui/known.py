"""The file of the tests that are known to fail: `.runwatch/known.toml`, read, looked at again, changed.

May import `core`, `config`, `baselines` and `text`. It lies beside the saved baselines and is edited by
hand too. Invariants: it is written whole or not at all, and never where any of it could not be read; what
a change is not about stays as it was written, comments included.
"""

import os
import re
import tomllib
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct

from tui import baselines
from tui.config import Config
from tui.core.causes import Signature
from tui.core.marks import Mark, Marks
from tui.regex import regex
from tui.text import one_line, plain

NAME = "known.toml"
_SHOWN = f".runwatch/{NAME}"
_HEAD = """\
# Tests that are known to fail, and why. Written by runwatch (key m), and yours to edit.
# A mark changes no count and no verdict. A mark without `failures` fits every failure of its tests.
"""
_KEYS = ("reason", "who", "date", "cause", "source", "tests", "failures")
_ENTRY = regex(r"\s*\[\[\s*known\s*\]\]\s*(?:#.*)?$")
_AT = regex(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_GIT_PATIENCE = 2.0

_T = TypeVar("_T")
Named = tuple[str, str]
"""A test of a mark: its name, and the source that the mark gives."""


class KnownError(Exception):
    """The file cannot be read or written; says where and why."""


class _Entry(Struct, frozen=True):
    """One mark as it stands in the file: `lines` are its own, with the comment right above them."""

    lines: tuple[str, ...]
    mark: Mark | None
    problems: tuple[str, ...] = ()


def path_of(config: Config, working: Path) -> Path:
    """Where the marks of a project are kept."""
    return baselines.folder(config, working).parent / NAME


def read(path: Path) -> Marks:
    """The marks in `path`; what of it cannot be read is a problem."""
    try:
        entries = _entries(_text(path))
    except KnownError as error:
        return Marks(problems=(str(error),))
    return Marks(
        tuple(entry.mark for entry in entries if entry.mark is not None),
        tuple(problem for entry in entries for problem in entry.problems),
    )


def change(path: Path, *, gone: Iterable[Named] = (), added: Sequence[Mark] = ()) -> None:
    """Take the marks off the tests in `gone`, then add marks. Raises KnownError, and then changes nothing."""
    text = _text(path)
    entries = _entries(text)
    problems = [problem for entry in entries for problem in entry.problems]
    if problems:
        raise KnownError(f"not written, since it could not be read: {problems[0]}")
    dropped = set(gone)
    kept: list[str] = []
    for entry in entries:
        kept += _left(entry, dropped)
    body = "".join(kept).rstrip("\n")
    parts = [body or _HEAD.rstrip("\n"), *(_written(mark).rstrip("\n") for mark in added)]
    _replace(path, "\n\n".join(parts) + "\n")


def user(working: Path) -> str:
    """Who marks: as git knows them, else the name they logged in with."""
    import getpass  # noqa: PLC0415  # wanted by who marks; reading the marks does without
    import subprocess  # noqa: PLC0415

    try:
        found = subprocess.run(
            ["git", "config", "--get", "user.name"],  # noqa: S607  # git is where the user has it
            cwd=working,
            capture_output=True,
            timeout=_GIT_PATIENCE,
            check=False,
        )
        name = one_line(found.stdout.decode("utf-8", "replace"))
    except (OSError, subprocess.SubprocessError):
        name = ""
    if name:
        return name
    try:
        return one_line(getpass.getuser())
    except (OSError, KeyError):
        return ""


class KnownFile:
    """The marks of a project, read again whenever the file is another."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._state: tuple[int, ...] | None = None

    def look(self) -> Marks | None:
        """The marks, if the file is another than when it was last looked at. Touches the disk."""
        try:
            found = self.path.stat()
            state: tuple[int, ...] = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
        except OSError:
            state = ()
        if state == self._state:
            return None
        self._state = state
        return read(self.path)


# --- reading ----------------------------------------------------------------------------------------


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise KnownError(f"{_SHOWN}: not UTF-8: {error.reason} at byte {error.start}") from error
    except OSError as error:
        raise KnownError(f"{_SHOWN}: cannot be read: {error.strerror}") from error


def _entries(text: str) -> list[_Entry]:
    """What stands before the first mark, and every mark. Raises KnownError where `text` is no TOML."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _AT.search(str(error))
        line = (at and at[1]) or len(text.rstrip().split("\n"))
        raise KnownError(f"{_SHOWN}:{line}: not TOML: {_AT.sub('', one_line(str(error)))}") from error
    lines = [f"{line}\n" for line in text.removesuffix("\n").split("\n")]
    starts = [number for number, line in enumerate(lines) if _ENTRY.match(line)]
    tables = content.get("known", [])
    for name in content:
        if name != "known":
            raise KnownError(
                f"{_SHOWN}:{_line_of(name, lines, 1)}: unknown key {name!r}; a mark is [[known]]"
            )
    if not isinstance(tables, list) or len(tables) != len(starts):
        raise KnownError(f"{_SHOWN}: every mark has to begin with a line [[known]]")
    begins = [_with_comment(lines, start) for start in starts]
    ends = [*begins[1:], len(lines)] if begins else []
    found = [_Entry(tuple(lines[: begins[0] if begins else len(lines)]), None)]
    for table, start, begin, end in zip(tables, starts, begins, ends, strict=True):
        mark, problems = _mark(table, lines[start:end], start + 1)
        found.append(_Entry(tuple(lines[begin:end]), mark, problems))
    return found


def _with_comment(lines: list[str], start: int) -> int:
    """Where the mark that starts at `start` begins, the comment right above it included."""
    while start and lines[start - 1].lstrip().startswith("#"):
        start -= 1
    return start


def _mark(table: object, lines: list[str], first: int) -> tuple[Mark | None, tuple[str, ...]]:
    """The mark that `table` is, and what is wrong with it; `lines` are its own, from line `first` on."""
    if not isinstance(table, dict):
        return None, (f"{_SHOWN}:{first}: a mark has to be a table",)
    problems = []
    for name in table:
        if name not in _KEYS:
            import difflib  # noqa: PLC0415  # wanted where something is wrong only

            near = difflib.get_close_matches(name, _KEYS, n=1, cutoff=0.5)
            meant = f"; is {near[0]!r} meant?" if near else ""
            problems.append(f"{_SHOWN}:{_line_of(name, lines, first)}: unknown key {name!r}{meant}")

    def value(name: str, default: _T, what: str) -> _T:
        given = table.get(name, default)
        if isinstance(given, type(default)):
            return given
        problems.append(f"{_SHOWN}:{_line_of(name, lines, first)}: {name!r} has to be {what}")
        return default

    reason = one_line(value("reason", "", "text"))
    tests = value("tests", list[Any](), "a list of names of tests")
    failures = value("failures", list[Any](), "a list of tables")
    if not reason and "reason" not in " ".join(problems):
        problems.append(f"{_SHOWN}:{first}: a mark needs a reason")
    if not all(isinstance(test, str) for test in tests) or not tests:
        line = _line_of("tests", lines, first)
        problems.append(f"{_SHOWN}:{line}: 'tests' has to name the tests that are known to fail")
        return None, tuple(problems)
    signatures = []
    for failure in failures:
        if not isinstance(failure, dict) or not _is_signature(failure):
            line = _line_of("failures", lines, first)
            fields = ", ".join(Signature._fields)
            problems.append(f"{_SHOWN}:{line}: each of 'failures' has texts named {fields}")
            break
        signatures.append(Signature(**failure))
    given = table.get("date", "")
    given = given.isoformat() if type(given) is date else given
    mark = Mark(
        reason=reason,
        who=one_line(value("who", "", "text")),
        tests=tuple(dict.fromkeys(map(plain, tests))),
        date=one_line(given if isinstance(given, str) else value("date", "", "a day")),
        cause=one_line(value("cause", "", "text")),
        failures=tuple(signatures),
        source=plain(value("source", "", "text")),
    )
    return mark, tuple(problems)


def _is_signature(failure: dict[str, object]) -> bool:
    return failure.keys() <= set(Signature._fields) and all(isinstance(v, str) for v in failure.values())


def _line_of(name: str, lines: Sequence[str], first: int) -> int:
    """The line on which the key or table `name` stands; else the first of these."""
    pattern = re.compile(rf"\s*(?:\[+\s*)?[\"']?{re.escape(name)}\b")
    return next((first + number for number, line in enumerate(lines) if pattern.match(line)), first)


# --- writing ----------------------------------------------------------------------------------------


def _left(entry: _Entry, gone: set[Named]) -> Sequence[str]:
    """The lines that are left of an entry once the tests in `gone` are taken out of it."""
    mark = entry.mark
    if mark is None:
        return entry.lines
    names = [test for test in mark.tests if (test, mark.source) in gone]
    if not names:
        return entry.lines
    left = mark.without(names)
    if not left.tests:
        return ()
    comments = [f"{line.strip()}\n" for line in entry.lines if line.lstrip().startswith("#")]
    return [*comments, _written(left), "\n"]


def _written(mark: Mark) -> str:
    lines = ["[[known]]", f"reason = {_quoted(mark.reason)}", f"who = {_quoted(mark.who)}"]
    if mark.date:
        lines.append(f"date = {mark.date if _is_day(mark.date) else _quoted(mark.date)}")
    if mark.cause:
        lines.append(f"cause = {_quoted(mark.cause)}")
    if mark.source:
        lines.append(f"source = {_quoted(mark.source)}")
    lines += ["tests = [", *(f"    {_quoted(test)}," for test in mark.tests), "]"]
    if mark.failures:
        lines += ["failures = [", *(f"    {_inline(failure)}," for failure in mark.failures), "]"]
    return "\n".join(lines) + "\n"


def _inline(failure: Signature) -> str:
    fields = (f"{name} = {_quoted(value)}" for name, value in failure._asdict().items() if value)
    return f"{{ {', '.join(fields)} }}"


def _quoted(text: str) -> str:
    """`text` as TOML writes it; JSON does the same but for DEL, and for halves of characters."""
    import json  # noqa: PLC0415  # wanted where marks are written only

    whole = text.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _replace(path: Path, text: str) -> None:
    target = path.resolve()
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(text.encode("utf-8"))
        os.replace(unfinished, target)  # noqa: PTH105  # in one step
    except OSError as error:
        raise KnownError(f"{_SHOWN}: cannot be written: {error.strerror}") from error
