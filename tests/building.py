"""What the tests build results from: XML, report logs and event logs in a line, and Stores of them."""

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby, pairwise
from pathlib import Path

from tui.config import Config
from tui.core.facts import Facts, gather
from tui.core.fold import fold
from tui.core.model import (
    Event,
    Failure,
    Outcome,
    PassedRun,
    Phase,
    Problem,
    ProblemFound,
    Repaired,
    SourceEvents,
    SourceOpened,
    SourceSettled,
    SourceState,
    TestId,
    TestRecord,
    TestResult,
)
from tui.core.rules import Rules
from tui.core.store import Store
from tui.core.table import Table
from tui.core.tally import Tally
from tui.load import load
from tui.readers import formats
from tui.readers.reader import Reader

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "sample_results"
SHARED = ROOT.parent / "shared"

LONG_AFTER = 4_000_000_000.0
"""A time at which every file on disk has long been quiet."""


# --- values -----------------------------------------------------------------------------------------


def bad(phase: Phase | None = Phase.CALL, message: str = "boom", type: str = "ValueError") -> Failure:
    outcome = Outcome.FAILED if phase in (Phase.CALL, None) else Outcome.ERROR
    return Failure(outcome, phase, type, message)


def record(
    *failures: Failure,
    outcome: Outcome | None = None,
    name: str = "test_a",
    phase: Phase | None = None,
    final: bool = True,
    earlier: tuple[Failure, ...] = (),
) -> TestRecord:
    stated = outcome or (failures[0].outcome if failures else Outcome.PASSED)
    test = TestId("tests.test_a", name)
    label = f"tests/test_a.py::{name}"
    return TestRecord(test, label, stated, phase=phase, final=final, failures=failures, earlier=earlier)


def folded(*records: TestRecord) -> TestResult:
    result = None
    for each in records:
        result = fold(result, each, "a.xml")
    assert result is not None
    return result


def counts(tally: Tally) -> tuple[int, int, int, int, int]:
    """Tests, passed, failed, errors, skipped."""
    return tally.tests, tally.passed, tally.failed, tally.errors, tally.skipped


# --- JUnit XML --------------------------------------------------------------------------------------


def case(name: str = "test_a", inner: str = "", *, suite: str = "tests.test_a", more: str = "") -> str:
    return f'<testcase classname="{suite}" name="{name}" time="0.5" {more}>{inner}</testcase>'


def failure(message: str = "ValueError: boom", text: str = "") -> str:
    return f'<failure message="{message}">{text}</failure>'


def teardown_error(what: str = "ValueError: left open") -> str:
    return f'<error message="failed on teardown with &quot;{what}&quot;">E   {what}</error>'


def setup_error(what: str = "ConnectionError: refused") -> str:
    return f'<error message="failed on setup with &quot;{what}&quot;">E   {what}</error>'


def pytest_xml(
    *cases: str, began: str = "2026-01-13T10:00:00+00:00", time: float = 60, header: str = ""
) -> str:
    """A file as pytest writes it."""
    return (
        '<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests">'
        f'<testsuite name="pytest" {header} time="{time}" timestamp="{began}">'
        f"{''.join(cases)}</testsuite></testsuites>"
    )


def other_xml(*cases: str, header: str = "", name: str = "suite") -> str:
    """A file of another producer, whose names may repeat."""
    return f'<testsuite name="{name}" {header}>{"".join(cases)}</testsuite>'


# --- report logs and event logs ---------------------------------------------------------------------


def json_lines(*values: Mapping[str, object]) -> str:
    return "".join(json.dumps(value) + "\n" for value in values)


def event_log(*values: Mapping[str, object]) -> str:
    return json_lines(*({"event": value["event"]} | dict(value) for value in values))


SESSION_START = {"$report_type": "SessionStart", "pytest_version": "9.0.3"}
SESSION_FINISH = {"$report_type": "SessionFinish", "exitstatus": 0}
BEGAN = 1768298400.0  # 2026-01-13T10:00:00+00:00


def phase_line(node_id: str, when: str, outcome: str = "passed", **more: object) -> dict[str, object]:
    failed = outcome in ("failed", "rerun")
    crash = {"path": "/srv/app.py", "lineno": 7, "message": "ValueError: boom"}
    longrepr = {"reprcrash": crash, "reprtraceback": {"reprentries": []}} if failed else None
    return {
        "$report_type": "TestReport",
        "nodeid": node_id,
        "when": when,
        "outcome": outcome,
        "longrepr": longrepr,
        "start": BEGAN,
        "duration": 0.25,
        "sections": [],
        "user_properties": [],
    } | more


def phases(
    node_id: str,
    *,
    setup: str = "passed",
    call: str | None = "passed",
    teardown: str = "passed",
    **more: object,
) -> list[dict[str, object]]:
    """The lines of one test; it has no call where its setup did not pass."""
    told = [("setup", setup), ("call", call if setup == "passed" else None), ("teardown", teardown)]
    return [phase_line(node_id, when, outcome, **more) for when, outcome in told if outcome]


def report_log(*lines: Mapping[str, object], start: bool = True, finish: bool = True) -> str:
    return json_lines(*[SESSION_START][: int(start)], *lines, *[SESSION_FINISH][: int(finish)])


# --- reading ----------------------------------------------------------------------------------------


def reader_of(data: bytes) -> Reader:
    known = formats.recognise(data[: formats.HEAD])
    assert known is not None, data[:80]
    return known.open()


def pieces(data: bytes, cuts: Iterable[int]) -> list[bytes]:
    places = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[start:end] for start, end in pairwise(places)]


def fed(reader: Reader, parts: Iterable[bytes]) -> list[Event]:
    """The events of a source that is fed in `parts`, runs of passed tests one by one.

    Whether a run is told before its neighbours that did not pass depends on the pieces; here neighbours
    come in the order of the file.
    """
    found: list[Event] = []
    every = one_by_one(event for part in parts for event in reader.feed(part))
    for _, some in groupby(every, lambda event: isinstance(event, TestRecord)):
        found += sorted(some, key=_place_in_file)
    return found


def one_by_one(events: Iterable[Event]) -> list[Event]:
    """`events` with the tests of runs one by one: how these are cut depends on the pieces."""
    found: list[Event] = []
    for event in events:
        found += event.records() if isinstance(event, PassedRun) else (event,)
    return found


def _place_in_file(event: Event) -> int:
    return event.span.offset if isinstance(event, TestRecord) and event.span else 0


def told(reader: Reader, parts: Iterable[bytes]) -> list[Event]:
    """Every event of a source that is fed in `parts`, those of its ending included.

    Counts of repairs add up, wherever they are told.
    """
    events = fed(reader, parts)
    events += reader.ending().events
    repaired = sum(event.count for event in events if isinstance(event, Repaired))
    return [*(event for event in events if not isinstance(event, Repaired)), Repaired(repaired)]


def amounts(reader: Reader, parts: Iterable[bytes], *, in_blocks: bool = False) -> dict[str, object]:
    """All that a source amounts to which is fed in `parts`, and ends there."""
    table = Table("a", "any", 1)
    for part in parts:
        table.apply(reader.feed(part), in_blocks=in_blocks)
    ending = reader.ending()
    running = [result.test for result in table.running()]
    table.apply(ending.events)
    said = ("tally", "started", "ended", "starts", "workers", "problems", "events", "claimed", "repaired")
    more = ("producer", "zoned", "attempt_of", "planned", "planned_number", "exit_status", "stopped")
    return {
        "tests": dict(table.tests),
        "running": running,
        "ending": (ending.complete, ending.reason, ending.fatal),
        **{name: getattr(table, name) for name in (*said, *more)},
    }


def problems(events: Sequence[Event]) -> list[Problem]:
    return [event.problem for event in events if isinstance(event, ProblemFound)]


def records(events: Sequence[Event]) -> list[TestRecord]:
    return [event for event in one_by_one(events) if isinstance(event, TestRecord)]


def read(text: str | bytes) -> list[Event]:
    data = text.encode() if isinstance(text, str) else text
    return told(reader_of(data), [data])


def put(
    store: Store, name: str, text: str | bytes, *, generation: int = 1, state: SourceState | None = None
) -> None:
    """Tell `store` of a source, as intake does; `state` is judged by its ending where it is not given."""
    data = text.encode() if isinstance(text, str) else text
    known = formats.recognise(data[: formats.HEAD])
    assert known is not None, data[:80]
    reader = known.open()
    events = reader.feed(data)
    ending = reader.ending()
    if state is None:
        state = SourceState.COMPLETE if ending.complete else SourceState.CUT_SHORT
    if state is not SourceState.GROWING:
        events += ending.events
    store.apply(SourceOpened(name, known.name, generation, staged=False))
    store.apply(SourceEvents(name, generation, tuple(events)))
    store.apply(SourceSettled(name, generation, state, ending.reason, BEGAN, len(data)))


def store_of(files: Mapping[str, str | bytes], rules: Rules | None = None) -> Store:
    store = Store(rules or Rules())
    for generation, (name, text) in enumerate(files.items(), 1):
        put(store, name, text, generation=generation)
    return store


def facts_of(files: Mapping[str, str | bytes], rules: Rules | None = None) -> Facts:
    store = store_of(files, rules)
    store.scanned = True
    return gather(store, BEGAN + 3600)


def outcomes(store: Store) -> dict[str, Outcome]:
    return {result.label: result.outcome for result in store.tests.values()}


def only(store: Store) -> TestResult:
    """The one test that `store` holds."""
    (result,) = store.tests.values()
    return result


# --- on disk ----------------------------------------------------------------------------------------


def written(root: Path, files: Mapping[str, str | bytes], modified: float = BEGAN) -> Path:
    """`root`, with `files` in it that were last changed at `modified`."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        os.utime(path, (modified, modified))
    return root


def at(time: float) -> Callable[[], float]:
    """A clock that stands still."""
    return lambda: time


def loaded(root: Path, config: Config | None = None) -> Store:
    """What `root` holds, once everything in it has come to rest."""
    return load(root, config or Config(), now=at(LONG_AFTER))
