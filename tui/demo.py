"""Plays the sample results into a directory as a run would write them.

May import `text` only. Report log and event log grow line by line, JUnit XML appears at the end of its
suite, as pytest does it; times are moved to now. `speed` 1 takes about half a minute.
"""

import json
import random
import re
import shutil
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

_SECONDS = 24.0
_PACKAGED = Path(__file__).parent / "sample"
_IN_CHECKOUT = Path(__file__).parent.parent / "sample_results"
_SETTINGS = ("runwatch.toml", "baseline", "STATUS.md")
_TIMESTAMP = re.compile(r'(timestamp=")[^"]*(")')
# When each file is written, as parts of the whole: from its first line to its last.
_SCHEDULE = {"core.jsonl": (0.02, 0.62), "chat.events.jsonl": (0.10, 0.86), "config.xml": (0.30, 0.30)}
_REST = (0.97, 0.97)


class _Step(Struct, frozen=True):
    """Append `text` to the file `name` (or put it there as a whole), `at` seconds after the start."""

    at: float
    name: str
    text: str
    whole: bool


def sample() -> Path:
    """Where the sample results are: inside the package, or in the checkout. Raises FileNotFoundError."""
    for candidate in (_PACKAGED, _IN_CHECKOUT):
        if (candidate / "runwatch.toml").is_file():
            return candidate
    raise FileNotFoundError("the sample results are missing from this installation")


def prepare(directory: Path) -> None:
    """Put the configuration, the baseline and the written status into `directory`; the results come later."""
    for name in _SETTINGS:
        source = sample() / name
        if source.is_dir():
            shutil.copytree(source, directory / name)
        else:
            shutil.copy(source, directory / name)


class Player(threading.Thread):
    """Writes the sample's results into `directory` while it runs; `stop` ends it at once."""

    def __init__(self, directory: Path, *, speed: float = 1.0) -> None:
        super().__init__(name="runwatch-demo", daemon=True)
        self._directory = directory
        self._speed = speed
        self._stopped = threading.Event()

    def run(self) -> None:
        """Play from start to end."""
        started = time.monotonic()
        streams = {
            name: (self._directory / name).open("w", encoding="utf-8") for name in _SCHEDULE if _grows(name)
        }
        try:
            for step in sorted(_steps(), key=lambda step: step.at):
                wait = step.at / self._speed - (time.monotonic() - started)
                if self._stopped.wait(max(wait, 0)):
                    return
                if step.whole:
                    unfinished = self._directory / f".{step.name}.part"
                    unfinished.write_text(step.text, encoding="utf-8")
                    unfinished.replace(self._directory / step.name)
                else:
                    streams[step.name].write(_restamped(step.text))
                    streams[step.name].flush()
        finally:
            for stream in streams.values():
                stream.close()

    def stop(self) -> None:
        """End the play where it is."""
        self._stopped.set()
        self.join(timeout=1)


def _steps() -> Iterator[_Step]:
    rhythm = random.Random(0)  # noqa: S311  # the rhythm of a play, the same each time
    for path in sorted(sample().glob("*.*")):
        begin, end = _SCHEDULE.get(path.name, _REST)
        if path.suffix == ".xml":
            text = _TIMESTAMP.sub(rf"\g<1>{datetime.now(UTC).isoformat()}\g<2>", path.read_text("utf-8"))
            yield _Step(begin * _SECONDS, path.name, text, whole=True)
        elif _grows(path.name):
            lines = path.read_text("utf-8").splitlines(keepends=True)
            pauses = [rhythm.expovariate(1.0) for _ in lines]
            passed = 0.0
            for line, pause in zip(lines, pauses, strict=True):
                passed += pause
                at = (begin + (end - begin) * passed / sum(pauses)) * _SECONDS
                yield _Step(at, path.name, line, whole=False)


def _grows(name: str) -> bool:
    return name.endswith(".jsonl")


def _restamped(line: str) -> str:
    """`line` as if it had been written now."""
    said = json.loads(line)
    now = time.time()
    if "start" in said:
        said["start"], said["stop"] = now - said["duration"], now
    if "ts" in said:
        said["ts"] = datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds")
    return json.dumps(said, ensure_ascii=False) + "\n"
