"""A command of the user's in a process group of its own: started, followed, and ended for certain.

May import `text`. Runs on an asyncio loop. Invariants: no shell; what it prints is made safe and is bounded
in memory; when it is over, by itself or not, nothing that it started in its group is left running.
"""

import asyncio
import atexit
import codecs
import contextlib
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from io import FileIO
from pathlib import Path
from typing import BinaryIO

from tui.text import styled

MOST_LINES = 5_000
_LONGEST_LINE = 4_000
_CHUNK = 64 * 1024
_LEFT_BEHIND = 2.0
_LOOK_EVERY = 0.02
_FATAL = (signal.SIGHUP, signal.SIGTERM)
_ENDING = ((signal.SIGINT, 5.0), (signal.SIGTERM, 3.0), (signal.SIGKILL, 0.0))
"""What a command is ended with, and for how many seconds it is waited for after that."""


class Tail:
    """The last lines that a command printed. `dropped`: how many before them are not kept."""

    def __init__(self, most: int = MOST_LINES) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._lines: deque[str] = deque(maxlen=most)
        self._open = ""
        self.dropped = 0

    def feed(self, data: bytes, *, final: bool = False) -> None:
        """Take in what was printed next."""
        *whole, self._open = (self._open + self._decoder.decode(data, final)).split("\n")
        for line in whole:
            self._add(line)
        if len(self._open) > _LONGEST_LINE:  # nobody has to end a line: what is kept of it is bounded, too
            self._add(self._open)
            self._open = ""

    def _add(self, line: str) -> None:
        if len(self._lines) == self._lines.maxlen:
            self.dropped += 1
        self._lines.append(_shown(line))

    @property
    def lines(self) -> list[str]:
        """The lines as they can be shown: colours, and no other control."""
        return [*self._lines, _shown(self._open)] if self._open else list(self._lines)


def _shown(line: str) -> str:
    """A line as a terminal leaves it: what follows a carriage return is written over what was there."""
    return styled(line.rstrip("\r").rpartition("\r")[2][:_LONGEST_LINE]).replace("\n", " ")


class State(StrEnum):
    """How far a command is."""

    RUNNING = "running"
    ENDING = "ending"
    ENDED = "ended"


class Running:
    """One command. `told` is called on the loop whenever there is something new to show."""

    def __init__(self, arguments: Sequence[str], directory: Path, *, output: Path | None = None) -> None:
        self.arguments = tuple(arguments)
        self.directory = directory
        self.output = output
        self.tail = Tail()
        self.state = State.RUNNING
        self.code: int | None = None
        self.problem = ""
        self.sent: signal.Signals | None = None
        self.left_behind = False
        self.began = time.monotonic()
        self.took = 0.0
        self._group = 0
        self._started = asyncio.Event()
        self._over = asyncio.Event()
        self._hurry = asyncio.Event()
        self._ending: asyncio.Task[None] | None = None

    @property
    def is_over(self) -> bool:
        """Whether it has ended, and all that it started in its group."""
        return self.state is State.ENDED

    @property
    def seconds(self) -> float:
        """For how long it has run."""
        return self.took if self.is_over else time.monotonic() - self.began

    # --- running ------------------------------------------------------------------------------------

    async def run(self, told: Callable[[], None], environment: Mapping[str, str] | None = None) -> None:
        """Start it, and take in what it prints until it is over."""
        self.began = time.monotonic()
        try:
            with contextlib.ExitStack() as files:
                copy = self._opened(files)
                if not self.problem:
                    await self._run(told, environment, copy)
        except OSError as error:
            self.problem = f"{self.arguments[0]} cannot be started in {self.directory}: {error.strerror}"
        except asyncio.CancelledError:
            told = _nothing  # whoever gives it up is not there any more
            raise
        finally:
            self.kill()
            self._group = 0
            self.took = time.monotonic() - self.began
            self.state = State.ENDED
            self._over.set()
            told()

    def _opened(self, files: contextlib.ExitStack) -> BinaryIO | None:
        """The file that gets what is printed: never one that is there already."""
        if self.output is None:
            return None
        try:
            self.output.parent.mkdir(parents=True, exist_ok=True)
            return files.enter_context(self.output.open("xb"))
        except OSError as error:
            self.problem = f"{self.output} cannot be written: {error.strerror}"
            return None

    async def _run(
        self, told: Callable[[], None], environment: Mapping[str, str] | None, copy: BinaryIO | None
    ) -> None:
        # A pipe of its own: whoever else holds its end must not keep the end of the command from being seen.
        reader, writer = os.pipe()
        with FileIO(reader) as source:
            try:
                process = await asyncio.create_subprocess_exec(
                    *self.arguments,
                    cwd=self.directory,
                    env=dict(os.environ if environment is None else environment),
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=writer,
                    stderr=writer,
                    start_new_session=True,
                )
            finally:
                os.close(writer)
            self._group = process.pid
            self._started.set()
            with _guarded(self.kill):
                await self._follow(process, source, told, copy)

    async def _follow(
        self,
        process: asyncio.subprocess.Process,
        source: FileIO,
        told: Callable[[], None],
        copy: BinaryIO | None,
    ) -> None:
        stream = asyncio.StreamReader()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(stream), source
        )
        reading = asyncio.create_task(self._read(stream, told, copy))
        try:
            self.code = await process.wait()
            # What it started may hold on to its output: that is waited for, but not for ever.
            await asyncio.wait((reading,), timeout=_LEFT_BEHIND)
            await self._sweep()
            await asyncio.wait((reading,), timeout=_LEFT_BEHIND)
        finally:
            reading.cancel()
            transport.close()
            if process.returncode is None:  # nobody waits for it any more: it ends with what waited
                self.kill()
                await process.wait()

    async def _sweep(self) -> None:
        """End what the command left running in its group."""
        if self._signal(signal.SIGTERM):
            self.left_behind = self.state is State.RUNNING
            until = time.monotonic() + _LEFT_BEHIND
            while self._signal(0) and time.monotonic() < until:  # noqa: ASYNC110  # no event tells of a group
                await asyncio.sleep(_LOOK_EVERY)
            self.kill()

    async def _read(
        self, stream: asyncio.StreamReader, told: Callable[[], None], copy: BinaryIO | None
    ) -> None:
        while data := await stream.read(_CHUNK):
            if copy is not None:
                copy.write(data)
                copy.flush()
            self.tail.feed(data)
            told()
        self.tail.feed(b"", final=True)

    # --- ending -------------------------------------------------------------------------------------

    def interrupt(self, told: Callable[[], None] = lambda: None) -> None:
        """Begin to end it: each further call goes on to the next signal at once."""
        if self.is_over:
            return
        if self._ending is None:
            self._ending = asyncio.create_task(self._end(told))
        else:
            self._hurry.set()

    async def _end(self, told: Callable[[], None]) -> None:
        await _first((self._started, self._over), None)
        for number, patience in _ENDING:
            if self.is_over or not self._signal(number):
                break
            self.state, self.sent = State.ENDING, number
            told()
            self._hurry.clear()
            await _first((self._over, self._hurry), patience or None)

    async def end(self) -> None:
        """End it as fast as it can be done without loss: the user is about to go."""
        if self.is_over:
            return
        self.interrupt()
        await self._over.wait()

    def kill(self) -> None:
        """End at once what there is left of it. It is no error that nothing is."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> bool:
        """Send a signal to the whole group; whether there is any."""
        if not self._group:  # 0 would be the group that this program is in
            return False
        try:
            os.killpg(self._group, number)
        except (ProcessLookupError, PermissionError):
            return False
        return True


def _nothing() -> None:
    """Tell nobody."""


async def _first(events: Sequence[asyncio.Event], seconds: float | None) -> None:
    """Wait until one of `events` is set, or for so many seconds."""
    waits = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()


@contextlib.contextmanager
def _guarded(kill: Callable[[], None]) -> Iterator[None]:
    """However this program ends, `kill` is called before, unless it is itself killed without a word."""

    def end(number: signal.Signals) -> None:
        kill()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    loop = asyncio.get_running_loop()
    atexit.register(kill)
    with contextlib.suppress(ValueError, RuntimeError):  # a loop off the main thread is told of no signal
        for number in _FATAL:
            loop.add_signal_handler(number, end, number)
    try:
        yield
    finally:
        for number in _FATAL:
            loop.remove_signal_handler(number)
        atexit.unregister(kill)


# --- in words ---------------------------------------------------------------------------------------

_PYTEST = {
    0: "all passed",
    1: "some tests failed",
    2: "interrupted",
    3: "internal error of pytest",
    4: "pytest does not take these arguments",
    5: "pytest found no tests",
}


def outcome(running: Running) -> str:
    """What became of a command, in words."""
    if running.problem:
        return running.problem
    code = running.code
    if not running.is_over:
        if running.state is State.ENDING and running.sent is not None:
            return f"ending: {running.sent.name} sent"
        return "running"
    if code is None:
        return "ended, and nobody knows how"
    if code < 0:
        told = f"ended by {_signal_name(-code)}"
    else:
        word = _PYTEST.get(code) if _is_pytest(running.arguments) else None
        told = f"exit code {code}" + (f": {word}" if word else " (success)" if not code else "")
    if running.left_behind:
        told += "; what it had left running was ended"
    return told


def _is_pytest(arguments: Sequence[str]) -> bool:
    """Whether a command runs pytest: by its name, as a module, or through a runner such as uv."""
    return any(Path(word).name in ("pytest", "py.test") for word in arguments[:6])


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
