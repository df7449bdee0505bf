"""Baselines that were saved under a name: what a results directory held at some moment, in one file.

May import `core`, `config` and `text`. They lie in `.runwatch/baselines` beside the configuration, else in
the working directory. Invariants: a file is written whole or not at all; what is read back is what was
saved, and anything else is refused with its name.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from tui.config import Config
from tui.core.baseline import Baseline, KnownTest
from tui.core.model import Outcome, TestId, TestKey
from tui.core.store import Store
from tui.regex import regex
from tui.text import age, counted, one_line

FORMAT = 1
_MARK = "runwatch_baseline"
_FOLDER = Path(".runwatch") / "baselines"
_NAME = regex(r"[\w][\w.-]{0,99}")
_HEAD = 64


class BaselineError(Exception):
    """A baseline that cannot be saved or found; says which and why."""


class Saved(Struct, frozen=True):
    """A saved baseline: its name, its file, when it was saved (seconds since the epoch), how many tests."""

    name: str
    path: Path
    saved: float
    tests: int

    def described(self, now: float) -> str:
        """How much it holds, and how old it is."""
        return f"{counted(self.tests, 'test')}, {age(now - self.saved)} old"


def folder(config: Config, working: Path) -> Path:
    """Where the baselines of a project are kept."""
    return (config.path.parent if config.path else working) / _FOLDER


def save(store: Store, name: str, where: Path, now: float) -> Saved:
    """Save what `store` holds in the folder `where`. Raises BaselineError."""
    import json  # noqa: PLC0415  # few compare with a saved baseline, and it takes as long as this module

    if not _NAME.fullmatch(name):
        raise BaselineError(f"{name!r}: a baseline's name has letters, digits, '.', '-' and '_' only")
    tests = [_row(test) for test in store.known_tests()]
    if not tests:
        raise BaselineError("there are no results to save")
    path = where / f"{name}.json"
    content = {_MARK: FORMAT, "saved": datetime.fromtimestamp(now, UTC).isoformat(), "tests": tests}
    unfinished = path.with_name(f".{path.name}.part")
    try:
        where.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        os.replace(unfinished, path)  # noqa: PTH105  # in one step
    except OSError as error:
        raise BaselineError(f"{path}: cannot be written: {error.strerror}") from error
    return Saved(name, path, now, len(tests))


def saved(where: Path) -> Iterator[Saved]:
    """The baselines in the folder `where`, by name. What is none is passed over."""
    for path in sorted(where.glob("*.json")):
        try:
            content = _content(path)
            moment = datetime.fromisoformat(content["saved"]).timestamp()
            yield Saved(path.stem, path, moment, len(content["tests"]))
        except (BaselineError, LookupError, ValueError, TypeError):
            continue


def find(text: str, where: Path) -> Path:
    """The baseline that `text` means: a name in the folder `where`, else a path. Raises BaselineError."""
    named = where / f"{text}.json"
    if _NAME.fullmatch(text) and named.is_file():
        return named
    if Path(text).exists():
        return Path(text)
    known = ", ".join(each.name for each in saved(where)) or "none"
    raise BaselineError(f"{text}: neither a saved baseline (there are: {known}) nor a path")


def is_saved(path: Path) -> bool:
    """Whether `path` is a file that `save` wrote."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return f'"{_MARK}"'.encode() in file.read(_HEAD)
    except OSError:
        return False


def read(path: Path) -> Baseline:
    """What was saved in `path`; a file that cannot be read is a baseline with a problem."""
    try:
        tests = tuple(_test(row) for row in _content(path)["tests"])
    except BaselineError as error:
        return Baseline(path.stem, problem=str(error))
    except (LookupError, ValueError, TypeError) as error:
        return Baseline(path.stem, problem=f"{path}: not a baseline that can be read: {one_line(str(error))}")
    return Baseline(path.stem, tests, "" if tests else f"{path}: holds no results")


def _content(path: Path) -> dict[str, Any]:
    import json  # noqa: PLC0415  # see `save`

    try:
        content = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise BaselineError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise BaselineError(f"{path}: not a baseline that can be read: {error}") from error
    if not isinstance(content, dict) or content.get(_MARK) != FORMAT:
        raise BaselineError(f"{path}: not a baseline of this version")
    return content


def _row(test: KnownTest) -> list[object]:
    key = test.key
    return [
        key.scope,
        key.test.suite,
        key.test.name,
        key.test.ordinal,
        test.label,
        test.component,
        str(test.outcome),
        test.duration,
        sorted(test.proved),
    ]


def _test(row: list[Any]) -> KnownTest:
    scope, suite, name, ordinal, label, component, outcome, duration, proved = row
    key = TestKey(str(scope), TestId(str(suite), str(name), int(ordinal)))
    took = None if duration is None else float(duration)
    return KnownTest(
        key, one_line(label), one_line(component), Outcome(outcome), took, frozenset(map(str, proved))
    )
