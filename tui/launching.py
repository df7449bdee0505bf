"""`runwatch run`: a test command -> the same command with live results switched on.

May import nothing of runwatch. Invariants: words are only added where the runner is known for certain; what
the command says of its own results stays as it is.
"""

import contextlib
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

STREAM = "run.jsonl"
"""The file in the results directory for what comes while the command runs; the next run replaces it."""

DOCUMENT = "run.xml"
"""The file there for what comes at the end."""

_PYTEST = ("pytest", "py.test", "pytest3", "pytest-3")
_LAUNCHERS = (
    "env",
    "nice",
    "timeout",
    "xvfb-run",
    "uv",
    "uvx",
    "poetry",
    "pipenv",
    "pdm",
    "hatch",
    "rye",
    "pixi",
)
_PATIENCE = 60.0

CanLog = Callable[[Sequence[str]], bool]
"""The words that start pytest -> whether that pytest can write a report log."""


class Launch(Struct, frozen=True):
    """The words to start. `output`: the file for what is printed, where that is the results.

    `replaced`: the files that it writes; what the last run left there is none of its results.
    """

    arguments: tuple[str, ...]
    output: Path | None = None
    replaced: tuple[Path, ...] = ()
    notes: tuple[str, ...] = ()


def launch(command: Sequence[str], results: Path, can_log: CanLog) -> Launch:
    """`command`, made to write its results into `results` as they come, where it is known how."""
    at = _pytest(command)
    if at is not None:
        return _with_pytest(command, at, results, can_log)
    program = Path(command[0]).name
    if program == "go" and list(command[1:2]) == ["test"]:
        own = {"-json", "--json"}.intersection(command)
        words = [*command[:2], *(() if own else ("-json",)), *command[2:]]
        return Launch(tuple(words), results / STREAM, (results / STREAM,))
    if program == "gotestsum":
        if _has(command, "--jsonfile"):
            return Launch(tuple(command), notes=("--jsonfile is the command's own: it has to lead there",))
        words = [command[0], f"--jsonfile={results / STREAM}", *command[1:]]
        return Launch(tuple(words), replaced=(results / STREAM,))
    note = f"it is not known how {program} is told to write results: it has to do so itself"
    return Launch(tuple(command), notes=(note,))


def can_log(words: Sequence[str]) -> bool:
    """Whether the pytest that `words` start has pytest-reportlog: asked of that pytest itself."""
    try:
        done = subprocess.run(  # noqa: S603  # the user's own command
            [*words, "-p", "pytest_reportlog.plugin", "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def run_plainly(launch: Launch) -> int | None:
    """Run the command where there is no terminal to draw on; what it prints goes where it would go."""
    with contextlib.ExitStack() as files:
        try:
            output = files.enter_context(launch.output.open("xb")) if launch.output else None
            process = subprocess.Popen(launch.arguments, stdout=output)  # noqa: S603  # the user's own command
        except OSError:
            return None
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue  # it was told as well, and ends when it has done what it has to


def exit_code(code: int | None) -> int:
    """What a shell makes of the end of a command: of a signal, 128 and its number; not started, 127."""
    if code is None:
        return 127
    return code if code >= 0 else 128 - code


def _pytest(command: Sequence[str]) -> int | None:
    """Where in `command` pytest is started: as the program, as a module, or by a launcher."""
    launched = Path(command[0]).name in _LAUNCHERS
    for number, word in enumerate(command):
        if Path(word).name not in _PYTEST:
            continue
        if number == 0 or command[number - 1] == "-m" or launched:
            return number
    return None


def _with_pytest(command: Sequence[str], at: int, results: Path, can_log: CanLog) -> Launch:
    start, rest = list(command[: at + 1]), list(command[at + 1 :])
    added, notes, replaced = [], [], []
    if _has(rest, "--report-log"):
        notes.append("--report-log is the command's own: it has to lead there")
    elif can_log(start):
        replaced.append(results / STREAM)
        added.append(f"--report-log={replaced[-1]}")
    else:
        notes.append("this pytest has no pytest-reportlog: results come at the end only")
    if not _has(rest, "--junitxml") and not _has(rest, "--junit-xml"):
        replaced.append(results / DOCUMENT)
        added.append(f"--junitxml={replaced[-1]}")
    return Launch((*start, *added, *rest), replaced=tuple(replaced), notes=tuple(notes))


def _has(words: Sequence[str], option: str) -> bool:
    return any(word == option or word.startswith(f"{option}=") for word in words)
