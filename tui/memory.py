"""What the app remembers of each results directory: the view, the filter, how lists are sorted, the theme.

May import `state`. One JSON file, `runwatch/directories.json` below `$XDG_STATE_HOME`, else below
`~/.local/state`. Invariants: it is written whole or not at all; a file that is missing, broken or cannot be
written never stops anything; only the directories used last are kept.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tui import state

_FORMAT = 1
_USED = "used"
_MARK = "runwatch_memory"
_MOST_DIRECTORIES = 100
_LARGEST = 1_000_000
_LONGEST_TEXT = 1000

State = Mapping[str, str]
"""What is remembered of a directory: names of one's own choice, "tests.order" say, and texts."""


def default_file(environment: Mapping[str, str], home: Path) -> Path:
    """Where the memory is kept."""
    return state.folder(environment, home) / "directories.json"


class Memory:
    """What is remembered of one results directory, in `file`."""

    def __init__(self, file: Path, directory: Path) -> None:
        self._file = file
        self._directory = os.path.realpath(directory)
        self._kept: State | None = None

    def read(self) -> State:
        """What was remembered; nothing where that cannot be read."""
        kept = self._all().get(self._directory, {})
        return {name: value for name, value in kept.items() if isinstance(value, str) and name != _USED}

    def write(self, state: State, now: float) -> None:
        """Remember `state`; what cannot be written is not."""
        kept = {name: value for name, value in state.items() if value and len(value) <= _LONGEST_TEXT}
        if kept == self._kept:
            return
        import json  # noqa: PLC0415  # as late as it can be, so too below: the first frame waits

        self._kept = kept
        directories = self._all()
        directories[self._directory] = {**kept, _USED: now}
        latest = sorted(directories, key=lambda each: _used(directories[each]), reverse=True)
        content = {
            _MARK: _FORMAT,
            "directories": {each: directories[each] for each in latest[:_MOST_DIRECTORIES]},
        }
        unfinished = self._file.with_name(f".{self._file.name}.{os.getpid()}.part")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_text(json.dumps(content, ensure_ascii=True, indent=1), encoding="utf-8")
            os.replace(unfinished, self._file)  # noqa: PTH105  # in one step
        except (OSError, ValueError):
            return

    def _all(self) -> dict[str, dict[str, Any]]:
        try:
            if self._file.stat().st_size > _LARGEST:
                return {}
            import json  # noqa: PLC0415

            content = json.loads(self._file.read_text("utf-8"))
            if content[_MARK] != _FORMAT:
                return {}
            return {path: kept for path, kept in content["directories"].items() if isinstance(kept, dict)}
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return {}


def _used(kept: Mapping[str, Any]) -> float:
    used = kept.get(_USED)
    return float(used) if isinstance(used, int | float) else 0.0
