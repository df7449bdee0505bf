"""How fast files are read, against the parsers that they are made of."""

from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from benchmarks import data
from benchmarks.bench import Bench
from benchmarks.figures import Aim, Row, spread
from benchmarks.reading import seconds_of
from benchmarks.rows.start import opened


def _pair(  # noqa: PLR0917  # one call for each kind of data
    bench: Bench, what: str, directory: Path, floor: str, name: str, aims: tuple[Aim, Aim | None], times: int
) -> Iterator[Row]:
    """Our reader, the floor and, for XML, junitparser, in turns; the ratios are of speeds."""
    ways = ("ours", floor, "junitparser") if aims[1] else ("ours", floor)
    found: dict[str, list[float]] = {way: [] for way in ways}
    for turn in range(times):
        bench.say(f"reading {what}, {turn + 1} of {times}")
        for way in ways:
            if way == "junitparser" and turn and found[way][0] > 15:
                found[way].append(found[way][0])
                continue
            found[way].append(seconds_of(bench, way, directory))
    for way, beside, aim in zip(ways[1:], (name, "junitparser"), aims, strict=False):
        ratio = median(other / one for one, other in zip(found["ours"], found[way], strict=True))
        yield Row(
            "reading",
            f"{what}: reader's speed",
            median(found["ours"]),
            "s",
            beside,
            median(found[way]),
            ratio,
            aim,
            f"{spread(found['ours'], 's')}; ratio of speeds",
            samples=tuple(found["ours"]),
        )


def junit(bench: Bench) -> Iterator[Row]:
    """JUnit XML: one file, a large one, many small ones."""
    aims = (Aim(0.8, least=True), Aim(2.2, least=True))
    for tests in sorted({100_000, bench.most}) if not bench.quick else (20_000, 100_000):
        times = bench.sized(5 if tests <= 100_000 else 3, 2)
        yield from _pair(
            bench, f"JUnit, {tests:,} cases", bench.junit(tests), "expat", "bare expat", aims, times
        )
    files = bench.sized(10_000, 1_000)
    yield from _pair(
        bench,
        f"JUnit, {files:,} files of 20",
        bench.folder(files),
        "expat",
        "bare expat",
        aims,
        bench.sized(5, 2),
    )


def streams(bench: Bench) -> Iterator[Row]:
    """JSON lines."""
    tests = bench.sized(100_000, 20_000)
    aims = (Aim(5, least=True), None)
    log = bench.made(f"reportlog-{tests}", lambda place: data.report_log(place / "run.jsonl", tests))
    go = bench.made(f"gotest-{tests}", lambda place: data.go_json(place / "go.jsonl", tests))
    for what, directory in (
        (f"report log, {3 * tests:,} lines", log),
        (f"go test -json, {86 * tests // 10:,} lines", go),
    ):
        yield from _pair(bench, what, directory, "json", "json.loads a line", aims, bench.sized(5, 2))


def growth(bench: Bench) -> Iterator[Row]:
    """Everything to the Store, and to the screen, from a thousand tests on."""
    sizes = [1_000, 10_000, 100_000] + ([] if bench.quick else [1_000_000])
    lines: dict[str, Callable[[Path, int], float]] = {
        "to the Store": lambda place, _: seconds_of(bench, "store", place),
        "to the Overview, from exec": lambda place, tests: opened(bench, place, tests)[1],
        "bare expat": lambda place, _: seconds_of(bench, "expat", place),
        "junitparser": lambda place, _: seconds_of(bench, "junitparser", place),
    }
    found: dict[str, list[float]] = {}
    for name, measure in lines.items():
        for tests in sizes:
            bench.say(f"growth, {name}, {tests:,}")
            times = 3 if tests <= 100_000 and not bench.quick else 1
            seconds = min(measure(bench.junit(tests), tests) for _ in range(times))
            found.setdefault(name, []).append(seconds)
            yield Row(
                "growth",
                f"{name}, {tests:,} tests",
                seconds,
                "s",
                note=f"min of {times}",
                series=name,
                at=tests,
            )
    last, before = sizes[-1], sizes[-2]
    for name in lines:
        ours = name.startswith("to the")
        yield Row(
            "growth",
            f"growth, {name}",
            found[name][-1],
            "s",
            f"at {before:,}",
            found[name][-2],
            found[name][-1] / found[name][-2],
            Aim(12) if ours else None,
            f"time({last:,}) / time({before:,})",
        )
