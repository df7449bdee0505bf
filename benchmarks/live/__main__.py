"""Records the app in a terminal beside a generated live run, and says whether it was calm and cheap.

    python -m benchmarks.live [--tests 2000] [--seconds 60] [--idle 60] [--size 120x40] [--keep DIR]

Needs tmux. Frames are taken ten times a second. Nothing here is a test; the figures are in the README.
"""

import argparse
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from benchmarks.live import tap, writer
from benchmarks.live.frames import Frame

_EVERY = 0.1
_BURST = 0.02
_TICKS = os.sysconf("SC_CLK_TCK")


class Terminal:
    """A tmux session of our own with the app in it, and all that the app writes noted."""

    def __init__(self, directory: Path, home: Path, size: tuple[int, int]) -> None:
        self._server = f"runwatch-live-{os.getpid()}"
        self._noted = home / "bytes.txt"
        environment = f"PYTHONPATH={shlex.quote(str(Path.cwd()))} XDG_STATE_HOME={shlex.quote(str(home))}"
        command = (
            f"cd {shlex.quote(str(home))} && exec env {environment} COLORTERM=truecolor {sys.executable}"
        )
        command += f" -m tui {shlex.quote(str(directory))}"
        self._tmux("new-session", "-d", "-x", str(size[0]), "-y", str(size[1]), command)
        noting = f"exec {sys.executable} {tap.__file__} {shlex.quote(str(self._noted))}"
        self._tmux("pipe-pane", noting)
        self.pid = int(self._tmux("display-message", "-p", "#{pane_pid}"))

    def _tmux(self, *words: str) -> str:
        command = ["tmux", "-L", self._server, "-f", "/dev/null", *words]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603

    def press(self, *keys: str) -> None:
        """Type keys, as tmux calls them."""
        for key in keys:
            self._tmux("send-keys", key)
            time.sleep(0.3)

    def frame(self) -> Frame:
        """What is on the screen now."""
        return Frame(time.time(), self._tmux("capture-pane", "-p", "-e"))

    def frames(self, seconds: float) -> Iterator[Frame]:
        """A frame every tenth of a second."""
        following = time.time()
        until = following + seconds
        while following < until:
            time.sleep(max(following - time.time(), 0.0))
            yield self.frame()
            following = max(following + _EVERY, time.time() - _EVERY)

    def cpu(self) -> float:
        """The seconds that the app's process has had of a core, the system's included."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def paints(self, began: float, ended: float) -> tuple[int, int]:
        """How many bursts of bytes the app wrote between two moments, and how many bytes."""
        noted = [line.split() for line in self._noted.read_text().splitlines()]
        times = [(float(at), int(size)) for at, size in noted if began <= float(at) <= ended]
        bursts, last = 0, 0.0
        for at, _ in times:
            bursts += at - last > _BURST
            last = at
        return bursts, sum(size for _, size in times)

    def close(self) -> None:
        """End the session."""
        self._tmux("kill-server")


def main() -> None:
    """Record, and print what was found."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.live", description=__doc__)
    parser.add_argument("--tests", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--idle", type=float, default=60)
    parser.add_argument("--size", default="120x40")
    parser.add_argument("--keep", type=Path, help="write the frames with a fault here")
    options = parser.parse_args()
    size = (int(options.size.partition("x")[0]), int(options.size.partition("x")[2]))
    with tempfile.TemporaryDirectory(prefix="runwatch-live-") as temporary:
        home = Path(temporary)
        directory = home / "results"
        directory.mkdir()
        (home / "before").mkdir()
        log = "".join(text for _, text in writer.parts(options.tests, options.seconds, time.time() - 3600))
        (home / "before" / "run.jsonl").write_text(log)
        (home / "runwatch.toml").write_text('[baseline]\npath = "before"\n')
        terminal = Terminal(directory, home, size)
        try:
            _record(terminal, directory, options)
        finally:
            terminal.close()


def _record(terminal: Terminal, directory: Path, options: argparse.Namespace) -> None:
    time.sleep(2)
    command = [sys.executable, "-m", "benchmarks.live.writer", str(directory / "run.jsonl")]
    began = time.time()
    running = subprocess.Popen([*command, str(options.tests), str(options.seconds)])  # noqa: S603
    cpu = terminal.cpu()
    # The overview for a third of the run, then a failing test open to the end.
    frames = list(terminal.frames(options.seconds / 3))
    terminal.press("2", "Enter", "j", "j")
    time.sleep(1)
    opened_at = time.time()
    still = list(terminal.frames(began + options.seconds - time.time() + 3))
    running.wait()
    ended = time.time()
    live_cpu = (terminal.cpu() - cpu) / (ended - began)
    faults = _say_faults([*frames, *still], options.keep)
    cursors = [frame.cursor() for frame in still]
    details = [frame.detail() for frame in still]
    print(f"frames: {len(frames) + len(still)} in {ended - began:.0f} s, {faults} blank or partly drawn")  # noqa: T201
    print(f"cursor: changed by itself {_changes(cursors)} times, was on {list(dict.fromkeys(cursors))}")  # noqa: T201
    print(f"detail: {len(details[0])} rows, changed by itself {_changes(details)} times")  # noqa: T201
    for what, start, end in (("overview", began, opened_at - 1), ("failure open", opened_at, ended)):
        paints, size = terminal.paints(start, end)
        span = end - start
        print(f"paints, {what}: {paints / span:.1f} a second, {size / span / 1000:.1f} kB/s")  # noqa: T201
    print(f"live: {100 * live_cpu:.1f} % of a core")  # noqa: T201
    time.sleep(5)
    shares = []
    began = time.time()
    whole = cpu = terminal.cpu()
    while time.time() < began + options.idle:
        time.sleep(5)
        shares.append((terminal.cpu() - cpu) / 5)
        cpu = terminal.cpu()
    span = time.time() - began
    paints, size = terminal.paints(began, time.time())
    share = 100 * (cpu - whole) / span
    print(f"idle: {share:.2f} % of a core over {span:.0f} s", end=", ")  # noqa: T201
    print(f"median of 5 s {100 * statistics.median(shares):.2f} %, {paints} paints, {size} bytes")  # noqa: T201


def _changes(values: Sequence[object]) -> int:
    return sum(one != other for one, other in pairwise(values))


def _say_faults(frames: list[Frame], keep: Path | None) -> int:
    number = 0
    for frame in frames:
        found = frame.faults()
        if found:
            number += 1
            if number <= 5:
                print(f"fault: {', '.join(found)}")  # noqa: T201
            if keep is not None:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"{number}.txt").write_text("\n".join(frame.rows))
    return number


if __name__ == "__main__":
    main()
