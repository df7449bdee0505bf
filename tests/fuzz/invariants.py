"""What holds of every input, whatever its bytes (TRUTH: one outcome, counts that add up, safe text).

`check` reads an input as intake does, in one piece and in several, folds it, counts it, renders it and
reads its details again; it raises AssertionError, or lets what the code under test raised go through.
"""

import dataclasses
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from tests.building import BEGAN, one_by_one, pieces
from tests.fuzz.seeds import PACKED
from tui.core.facts import gather
from tui.core.model import (
    Claimed,
    Detail,
    Event,
    Failure,
    Outcome,
    Repaired,
    Section,
    SourceEvents,
    SourceOpened,
    SourceSettled,
    SourceState,
    TestRecord,
    TestStarted,
)
from tui.core.rules import Rules
from tui.core.store import Store
from tui.core.table import Table
from tui.core.tally import Tally
from tui.intake import frames, unpacked
from tui.readers import formats
from tui.readers.reader import Reader
from tui.report import as_json

# Written down anew, not taken from `tui.text`: the two must agree.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_COLOUR = re.compile("\x1b\\[[0-9;:]*m")
_STYLED = {(Failure, "text"), (Section, "text")}
_ONE_LINE = {(TestRecord, "label"), (TestRecord, "reason"), (TestStarted, "label"), (Failure, "type")}

_EVENTS_A_BYTE = 2
_EVENTS_AT_LEAST = 10_100  # of TAP, that many planned tests are told of that were not seen
_TEXT_A_BYTE = 64
_TEXT_AT_LEAST = 4_000_000
_COUNTS = ("tests", "passed", "failed", "errors", "skipped", "running", "outcomes")


@dataclasses.dataclass(frozen=True, slots=True)
class _Told:
    """What a reader said of an input."""

    events: tuple[Event, ...]
    repaired: int
    complete: bool
    reason: str
    fatal: bool


def check(name: str, data: bytes, cuts: Iterable[int], *, thorough: bool = True) -> None:
    """Check all invariants of `data`, read in the format `name`.

    Not `thorough`: without what costs most, looks while a source is being read, the report, the details.
    """
    _check_telling(data[: formats.HEAD])
    whole = _told(_reader(name, data), [data])
    in_pieces = _told(_reader(name, data), pieces(data, cuts), look=thorough)
    # Of damaged data it is said (tui.intake.unpacked) that the slice with the fault is not told of.
    if not (name == PACKED and whole.fatal and in_pieces.fatal):
        assert in_pieces == whole, "depends on how the bytes are cut"
    _check_texts(whole, len(data))
    _check_table(whole.events, SourceState.GROWING)
    _check_table(whole.events, SourceState.CUT_SHORT)
    if not thorough:
        return
    _check_table(whole.events, SourceState.COMPLETE)
    store = _store(name, whole, len(data))
    _check_report(store)
    known = formats.BY_NAME.get(name) or formats.recognise(_head(data).data)
    if known is not None:
        for records in _records(whole.events, data, name):
            _check_detail(known.detail(records))


# --- reading ----------------------------------------------------------------------------------------


def _check_telling(head: bytes) -> None:
    """No head of a file, however odd, keeps its format from being told."""
    for known in formats.BY_NAME.values():
        known.recognise(head)
    said = formats.description(head) + formats.foreign(head, "a-result.json")
    assert not _UNSAFE.search(said), said


def _reader(name: str, data: bytes) -> Reader:
    if name != PACKED:
        return formats.BY_NAME[name].open()
    head = _head(data)
    known = formats.recognise(head.data) or formats.BY_NAME["tap"]
    return head.reading(known.open())


def _head(data: bytes) -> unpacked.Head:
    return unpacked.read_head(io.BytesIO(data))


def _told(reader: Reader, parts: Iterable[bytes], *, look: bool = False) -> _Told:
    """All that is said of a source that comes in `parts`; a `look` at it in between changes nothing."""
    events: list[Event] = []
    for part in parts:
        told = reader.feed(part)
        _check_pipe(told)
        events += one_by_one(told)
        if look:
            reader.ending()
    ending = reader.ending()
    events += ending.events
    repaired = sum(event.count for event in events if isinstance(event, Repaired))
    rest = tuple(event for event in events if not isinstance(event, Repaired))
    return _Told(rest, repaired, ending.complete, ending.reason, ending.fatal)


# --- texts ------------------------------------------------------------------------------------------


def _check_texts(told: _Told, size: int) -> None:
    assert len(told.events) <= _EVENTS_AT_LEAST + _EVENTS_A_BYTE * size, "more events than its size allows"
    assert not _UNSAFE.search(told.reason), told.reason
    length, seen = 0, set[int]()
    for owner, field, text in _texts(told.events):
        if id(text) not in seen:
            seen.add(id(text))
            length += len(text)
        _check_text(owner, field, text)
    assert length <= _TEXT_AT_LEAST + _TEXT_A_BYTE * size, f"{length} characters of text from {size} bytes"
    for event in told.events:
        _check_numbers(event)


def _check_text(owner: type, field: str, text: str) -> None:
    found = _UNSAFE.search(_COLOUR.sub("", text) if (owner, field) in _STYLED else text)
    assert not found, f"{owner.__name__}.{field} holds {found.group()!r}: {text[:200]!r}"
    if (owner, field) in _ONE_LINE:
        assert "\n" not in text, f"{owner.__name__}.{field} holds a line end: {text[:200]!r}"


def _texts(value: object, owner: type = object, field: str = "") -> Iterator[tuple[type, str, str]]:
    """Every text in `value`, with where it stands."""
    if isinstance(value, str):
        yield owner, field, value
    elif isinstance(value, Struct):
        for each in value.__struct_fields__:
            yield from _texts(getattr(value, each), type(value), each)
    elif isinstance(value, tuple | frozenset):
        for item in value:
            yield from _texts(item, owner, field)


def _check_numbers(event: Event) -> None:
    """Numbers are finite, and what is a duration, a count or a place is not negative."""
    match event:
        case TestRecord(duration=duration, started=started, span=span):
            assert duration is None or 0 <= duration < float("inf"), duration
            assert started is None or abs(started) < 1e12, started
            assert span is None or (span.offset >= 0 and span.length > 0), span
        case Claimed(tests, failures, errors, skipped):
            claims = [claim for claim in (tests, failures, errors, skipped) if claim is not None]
            assert all(claim >= 0 for claim in claims), claims
        case _:
            pass


def _check_pipe(events: Sequence[Event]) -> None:
    """What is told can be handed from one process to another."""
    batch = SourceEvents("a", 1, tuple(events))
    assert frames.decoder_of_batches().decode(frames.encoded(batch)) == batch


# --- counts -----------------------------------------------------------------------------------------


def _check_table(events: Sequence[Event], state: SourceState) -> None:
    table = Table("a", "any", 1)
    table.apply(events)
    table.settle(state, "ends here" if state is SourceState.CUT_SHORT else "", BEGAN, 1)
    _check_sums(table.tally)
    recount = Tally()
    for result in table.tests.values():
        recount.add(result)
        assert result.outcome is result.last.outcome
        over = state is not SourceState.GROWING
        assert not (over and result.outcome is Outcome.RUNNING), f"{result.label} runs on after the end"
        unfinished = not result.last.finished
        assert not (unfinished and result.outcome is Outcome.PASSED), f"{result.label} passed and never ended"
        assert result.outcome.is_bad or not result.failures, (
            f"{result.label} is {result.outcome}, with a failure"
        )
    assert recount == table.tally, "the tally is no count of the tests"


def _check_sums(tally: Tally) -> None:
    parts = tally.passed + tally.failed + tally.errors + tally.skipped + tally.running
    assert tally.tests == parts, tally
    assert tally.outcomes >= tally.tests, tally
    assert min(tally.passed, tally.failed, tally.errors, tally.skipped, tally.running) >= 0, tally


def _store(name: str, told: _Told, size: int) -> Store:
    state = SourceState.COMPLETE if told.complete else SourceState.CUT_SHORT
    store = Store(Rules())
    store.scanned = True
    store.apply(SourceOpened("a", name, 1, staged=True))
    store.apply(SourceEvents("a", 1, (*told.events, Repaired(told.repaired))))
    store.apply(SourceSettled("a", 1, state, told.reason, BEGAN, size))
    return store


def _check_report(store: Store) -> None:
    """The report is valid JSON that can be written out, and its components come to the whole."""
    text = as_json.render(store, gather(store, BEGAN + 60), directory="d", title="t", all_tests=True)
    report = json.loads(text.encode("utf-8"), parse_constant=_no_constant)
    for key in _COUNTS:
        assert report["overall"][key] == sum(each[key] for each in report["components"]), key
    overall = report["overall"]
    assert overall["tests"] == sum(overall[key] for key in _COUNTS[1:6]), overall
    assert len(report["tests"]) == overall["tests"]
    assert len(report["failures"]) == overall["failed"] + overall["errors"]
    green = overall["failed"] + overall["errors"] + overall["running"] == 0 < overall["passed"]
    assert report["verdict"]["word"] != "READY" or green, "READY without a pass"
    assert not _UNSAFE.search(text), "an unsafe character in the report"


def _no_constant(name: str) -> None:
    raise AssertionError(f"{name} in the report")


# --- details ----------------------------------------------------------------------------------------


def _records(events: Sequence[Event], data: bytes, name: str) -> Iterator[list[bytes]]:
    """The bytes of the records of some tests; and, as files change under a reader, of any place."""
    spans = [event.span for event in events if isinstance(event, TestRecord | TestStarted) and event.span]
    for span in spans[:4] + spans[-2:]:
        yield unpacked.read_spans(io.BytesIO(data), [span], 1 << 20)
    if name != PACKED:
        yield [data]
        yield [data[len(data) // 3 :], data[: len(data) // 2]]


def _check_detail(detail: Detail) -> None:
    for owner, field, text in _texts(detail):
        _check_text(owner, field, text)
