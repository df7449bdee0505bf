"""Reads files in one way and says how long it took: python -m benchmarks.reading WAY PATH...

A process of its own for each reading: none finds the memory that another left. The seconds are those of the
reading alone, without the start of Python and imports.
"""

import gc
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from xml.parsers import expat

from benchmarks.bench import Bench

_CHUNK = 64 * 1024
_OUR_CHUNK = 256 * 1024


def pieces(path: Path) -> Iterator[bytes]:
    """The bytes of a file."""
    with path.open("rb") as file:
        while data := file.read(_CHUNK):
            yield data


def bare_expat(paths: Iterable[Path]) -> int:
    """The floor: the name, class, time and outcome of every case, held, and nothing else."""
    found: list[tuple[str | None, ...]] = []
    current: list[str | None] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "testcase":
            current[:] = [attributes.get("classname"), attributes.get("name"), attributes.get("time"), None]
        elif tag in ("failure", "error", "skipped") and current:
            current[3] = tag

    def end(tag: str) -> None:
        if tag == "testcase":
            found.append(tuple(current))

    for path in paths:
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = start, end
        for data in pieces(path):
            parser.Parse(data)
        parser.Parse(b"", True)  # noqa: FBT003  # expat takes it by position
    return len(found)


def bare_json(paths: Iterable[Path]) -> int:
    """The floor for JSON lines: each line decoded."""
    number = 0
    for path in paths:
        with path.open("rb") as file:
            for line in file:
                json.loads(line)
                number += 1
    return number


def junitparser(paths: Iterable[Path]) -> int:
    """The same four of every case, by junitparser."""
    from junitparser import JUnitXml  # noqa: PLC0415  # not on the floor's bill

    found: list[tuple[object, ...]] = []
    for path in paths:
        for suite in JUnitXml.fromfile(str(path)):
            for case in suite:
                kinds = [type(one).__name__ for one in case.result]
                found.append((case.classname, case.name, case.time, kinds))
    return len(found)


def ours(paths: Iterable[Path]) -> int:
    """Our readers, chosen by what the files are; read and handed on as intake does, and not held."""
    from tui.intake.opened import open_file  # noqa: PLC0415
    from tui.readers.formats import BY_NAME, HEAD, recognise  # noqa: PLC0415

    list(BY_NAME.values())  # imported by now, as the parsers on the floor's side are
    number = 0
    for path in paths:
        with open_file(path) as file:
            data = file.read(HEAD)
            known = recognise(data)
            assert known is not None
            reader = known.open()
            if len(data) == HEAD:
                data += file.read(_OUR_CHUNK - HEAD)
            while data:
                number += len(reader.feed(data))
                data = file.read(_OUR_CHUNK)
        number += len(reader.ending().events)
    return number


def whole(paths: Iterable[Path]) -> int:
    """Everything to the Store: found, read, told apart, counted, as `check` and `report` do."""
    from tui.config import Config  # noqa: PLC0415
    from tui.load import load  # noqa: PLC0415

    return sum(len(load(path, Config(), strict=False).tests) for path in paths)


WAYS: dict[str, Callable[[Iterable[Path]], int]] = {
    "expat": bare_expat,
    "json": bare_json,
    "junitparser": junitparser,
    "ours": ours,
    "store": whole,
}


def seconds_of(bench: Bench, way: str, directory: Path) -> float:
    """How long one reading of a directory takes, in a process of its own."""
    told = bench.home / "told.json"
    told.unlink(missing_ok=True)
    ended = bench.python("-m", "benchmarks.reading", way, str(directory), str(told), seconds=1200)
    if ended.code:
        raise RuntimeError(f"{way}: {ended.said}")
    seconds: float = json.loads(told.read_text())["seconds"]
    return seconds


def main() -> None:
    """Read, and tell."""
    way, directory, told = WAYS[sys.argv[1]], Path(sys.argv[2]), Path(sys.argv[3])
    way(())  # what is imported late is imported now
    paths = [directory] if way is whole else sorted(path for path in directory.rglob("*") if path.is_file())
    gc.collect()
    gc.freeze()
    began = time.perf_counter()
    number = way(paths)
    told.write_text(json.dumps({"seconds": time.perf_counter() - began, "number": number}))


if __name__ == "__main__":
    main()
