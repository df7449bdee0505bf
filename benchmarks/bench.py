"""What every part of the measuring shares: where it writes, how large the data is, how the app is started.

Invariants: nothing is read that the app or an earlier part left behind, each app has a home of its own; data
is made once and kept for the whole run.
"""

import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

import tui
from benchmarks import data, processes
from benchmarks.figures import Sample
from benchmarks.screen import Screen
from benchmarks.terminal import Terminal

ROOT = Path(tui.__file__).resolve().parents[1]
SAMPLE = ROOT / "sample_results"
SAMPLE_TESTS = 532
_REFERENCES = Path(__file__).resolve().parent / "references"
_COUNTED = re.compile(r"^ │ \S.*?\S {2,}[1-9][\d,]* ", re.MULTILINE)
_EXECUTED = re.compile(r"/([\d,]+) passed")
PATIENCE = 240.0


class Bench:
    """The place and the sizes of one run."""

    def __init__(self, home: Path, say: Callable[[str], None], *, quick: bool) -> None:
        self.home, self.quick, self.say = home, quick, say
        self._apps = 0

    def sized(self, full: int, quick: int) -> int:
        """A size or a number of times."""
        return quick if self.quick else full

    @property
    def most(self) -> int:
        """As many tests as the table asks for at most."""
        return self.sized(1_000_000, 100_000)

    @property
    def environment(self) -> dict[str, str]:
        """As a user has it: bytecode is kept, the terminal has colours, nothing is remembered."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTHON", "TEXTUAL", "TMUX"))
        }
        return kept | {
            "PYTHONPATH": str(ROOT),
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "XDG_STATE_HOME": str(self.home / "state"),
            "XDG_CONFIG_HOME": str(self.home / "config"),
        }

    # --- data --------------------------------------------------------------------------------------

    def made(self, name: str, make: Callable[[Path], object]) -> Path:
        """A directory of data, made at its first use."""
        directory = self.home / "data" / name
        if not directory.exists():
            self.say(f"writing {name}")
            directory.mkdir(parents=True)
            make(directory)
            os.sync()
            # A file of this second may still be written, for all that the app knows.
            old = time.time() - 3600
            for path in directory.rglob("*"):
                os.utime(path, (old, old))
        return directory

    def junit(self, tests: int, kind: str | None = None) -> Path:
        """A directory of one JUnit XML of so many tests."""
        name = f"junit-{tests}{'' if kind is None else '-' + (kind or 'passed')}"
        return self.made(name, lambda place: data.junit(place / "results.xml", tests, kind=kind))

    def folder(self, files: int) -> Path:
        """A directory of so many files of 20 tests."""
        return self.made(f"folder-{files}", lambda place: data.folder(place, files))

    def fresh(self, name: str) -> Path:
        """An empty directory of its own."""
        self._apps += 1
        directory = self.home / "fresh" / f"{os.getpid()}-{self._apps}-{name}"
        directory.mkdir(parents=True)
        return directory

    # --- what is started ---------------------------------------------------------------------------

    def app(self, directory: Path, size: tuple[int, int] = (120, 40), *before: str) -> Terminal:
        """The app on a directory, in a terminal; `before`: words before `-m tui`."""
        home = self.fresh("home")
        environment = self.environment | {"XDG_STATE_HOME": str(home / "state")}
        command = [sys.executable, *(before or ("-m", "tui")), "watch", str(directory)]
        return Terminal(command, home, environment, size)

    def reference(self, name: str, *words: str) -> Terminal:
        """One of the references in a terminal."""
        environment = self.environment | {"TEXTUAL_FPS": "120"}
        command = [sys.executable, str(_REFERENCES / f"{name}.py"), *words]
        return Terminal(command, self.home, environment)

    def run(self, *command: str, seconds: float = 600) -> processes.Ended:
        """A command, to its end."""
        return processes.run(command, self.environment, self.home, seconds)

    def python(self, *words: str, seconds: float = 600) -> processes.Ended:
        """A Python process, to its end."""
        return self.run(sys.executable, *words, seconds=seconds)


def in_turns(ours: Callable[[], float], theirs: Callable[[], float], times: int) -> Sample:
    """Both, in turns."""
    pairs = [(ours(), theirs()) for _ in range(times)]
    return Sample(tuple(one for one, _ in pairs), tuple(other for _, other in pairs))


def has_rows(screen: Screen) -> bool:
    """Whether a component stands there with a number of tests that is not zero."""
    return _COUNTED.search(screen.text) is not None


def executed(screen: Screen) -> int:
    """Of how many tests that ran the verdict of the Overview speaks; 0 where it does not."""
    found = _EXECUTED.search(screen.text)
    return int(found[1].replace(",", "")) if found else 0


def counts(number: int) -> Callable[[Screen], bool]:
    """Whether the verdict speaks of so many tests that ran."""
    return lambda screen: executed(screen) == number


def is_read(screen: Screen) -> bool:
    """Whether the header does not say, in any view, that something is being read."""
    return "reading" not in screen.rows[0]
