"""What people use instead, on the same files, with the peak of their memory. Who is missing is said so."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

from benchmarks import data, processes
from benchmarks.bench import Bench
from benchmarks.figures import Row
from benchmarks.terminal import Terminal

_Command = Callable[[Path, Path], list[str]]
_BESIDE = Path(__file__).resolve().parents[1] / ".peers"

COMMANDS: dict[str, tuple[str, _Command]] = {
    "junitparser verify": ("junitparser", lambda place, _: ["verify", *_files(place)]),
    "junitparser merge": (
        "junitparser",
        lambda place, out: ["merge", *_files(place), str(out / "merged.xml")],
    ),
    "junit2html": ("junit2html", lambda place, out: _page(_files(place), out)),
    "xunit-viewer, console": (
        "xunit-viewer",
        lambda place, _: ["-r", str(place), "-c", "--no-color"],
    ),
}


def _files(place: Path) -> list[str]:
    return [str(path) for path in sorted(place.iterdir())]


def _page(files: list[str], out: Path) -> list[str]:
    """A page of one file; of several it makes one file first, and that is what is timed."""
    return [*files, str(out / "page.html")] if len(files) == 1 else ["--merge", str(out / "all.xml"), *files]


def found(name: str) -> str | None:
    """Where a program is: beside this Python, among the peers installed for the purpose, or on the path."""
    folders = [str(Path(sys.executable).parent), str(_BESIDE / "bin"), str(_BESIDE / "node_modules" / ".bin")]
    return shutil.which(name, path=os.pathsep.join([*folders, os.environ.get("PATH", "")]))


def _timed(bench: Bench, command: Sequence[str], times: int) -> tuple[float, float]:
    ended = []
    for _ in range(times):
        ended.append(bench.run(*command, seconds=bench.sized(180, 30)))
        if ended[-1].seconds > 10:
            break
    if ended[-1].code not in (0, 1, 3):
        raise RuntimeError(f"exit code {ended[-1].code}: {ended[-1].said}")
    return median(one.seconds for one in ended), max(one.peak for one in ended)


def peers(bench: Bench) -> Iterator[Row]:
    """Commands that read all and print."""
    places = [
        (f"{tests:,} cases", bench.junit(tests))
        for tests in ((10_000,) if bench.quick else (10_000, 100_000))
    ]
    if not bench.quick:
        places.append(("1,000 files of 20", bench.folder(1_000)))
    for where, place in places:
        times = bench.sized(3, 1)
        ours, peak = _timed(bench, [sys.executable, "-m", "tui", "report", str(place)], times)
        yield Row("peers", f"runwatch report, {where}", ours, "s", note=f"peak {peak:.0f} MB")
        for name, (program, words) in COMMANDS.items():
            bench.say(f"{name}, {where}")
            path = found(program)
            what = f"{name}, {where}"
            if path is None:
                yield Row("peers", what, failed="not installed")
                continue
            out = bench.fresh("peer")
            try:
                took, memory = _timed(bench, [path, *words(place, out)], times)
            except (OSError, RuntimeError, TimeoutError) as error:
                yield Row("peers", what, reference="runwatch report", against=ours, failed=str(error))
                continue
            finally:
                shutil.rmtree(out, ignore_errors=True)
            yield Row(
                "peers",
                what,
                took,
                "s",
                "runwatch report",
                ours,
                took / ours,
                note=f"peak {memory:.0f} MB, ours {peak:.0f}; ratio: theirs over ours",
            )


def viewers(bench: Bench) -> Iterator[Row]:
    """Terminal programs on a log: from exec to content, and what they hold."""
    tests = bench.sized(100_000, 20_000)
    log = (
        bench.made(f"reportlog-{tests}", lambda place: data.report_log(place / "run.jsonl", tests))
        / "run.jsonl"
    )
    for program in ("less", "lnav"):
        path, what = found(program), f"{program}, {log.stat().st_size / 1e6:.0f} MB of lines → content"
        if path is None:
            yield Row("peers", what, failed="not installed")
            continue
        times, peak = [], 0.0
        for _ in range(bench.sized(5, 2)):
            with Terminal([path, str(log)], bench.home, bench.environment, brackets=False) as terminal:
                times.append(
                    terminal.bytes_seen(b"nodeid" if program == "less" else b"exitstatus", 20)
                    - terminal.began
                )
                terminal.drain(bench.sized(3, 1))
                peak = max(peak, processes.memory(terminal.pid)[0])
        yield Row("peers", what, median(times), "s", note=f"holds {peak:.0f} MB {bench.sized(3, 1)} s later")
