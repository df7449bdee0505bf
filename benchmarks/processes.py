"""What processes cost, from /proc: CPU and memory of one and all that it started; commands, and peaks."""

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

_TICKS = os.sysconf("SC_CLK_TCK")
_KIB = 1024 / 1e6


class Ended(Struct, frozen=True):
    """A command that ran to its end: seconds, the peak of its memory in MB, its exit code."""

    seconds: float
    peak: float
    code: int
    said: str = ""


def tree(pid: int) -> list[int]:
    """A process and all that it started and theirs."""
    found = [pid]
    for one in found:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found.extend(int(child) for child in task.read_text().split())
            except OSError:
                continue
    return found


def cpu(pid: int) -> float:
    """Seconds of a core that they have had, those of ended children included."""
    total = 0
    for one in tree(pid):
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(int(field) for field in fields[11:15])
    return total / _TICKS


def memory(pid: int) -> tuple[float, float]:
    """Resident MB of all of them, each counted whole; and of the largest of them."""
    sizes = []
    for one in tree(pid):
        try:
            status = Path(f"/proc/{one}/status").read_text()
        except OSError:
            continue
        sizes += [int(line.split()[1]) * _KIB for line in status.splitlines() if line.startswith("VmRSS")]
    return sum(sizes), max(sizes, default=0.0)


def run(command: Sequence[str], environment: dict[str, str], cwd: Path, seconds: float = 600) -> Ended:
    """Run a command to its end; what it prints is thrown away, but for the end of its errors."""
    with (cwd / "said.txt").open("w+b") as said:
        began = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603  # our own commands
            command,
            env=environment,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        too_long = threading.Timer(seconds, process.kill)
        too_long.start()
        _, status, usage = os.wait4(process.pid, 0)
        took = time.perf_counter() - began
        too_long.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        if took >= seconds:
            raise TimeoutError(f"{Path(command[0]).name} did not end within {seconds:.0f} s")
        said.seek(0)
        last = said.read()[-300:].decode("utf-8", "replace")
    return Ended(took, usage.ru_maxrss * _KIB, process.returncode, last)
