"""What the readers of XML formats share in which one element is one test (TRX, NUnit, xUnit.net, Robot).

May import `core.model`, `core.identity`, `text` and, of the readers, `markup`, `golden` and `reader`.
Invariant: a record that is still open where its file ends is told as begun, never as passed.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import ClassVar

from msgspec import Struct, field

from tui.core import identity
from tui.core.model import (
    Event,
    EventSeen,
    EvidenceKind,
    GoldenEvent,
    Problem,
    ProblemFound,
    ProducerNamed,
    Section,
    Span,
    TestId,
    TestRecord,
    TestStarted,
)
from tui.readers.golden import from_output, from_properties
from tui.readers.xml.markup import MarkupReader, Text
from tui.text import one_line, plain, shortened, styled

REASON_LENGTH = 300
_PROBLEM_LENGTH = 300
_BEHIND_A_NAME = "(<[\"' "


class Record(Struct):
    """The element of one test. `said`: the texts in it, by "parent/element"; `inner`: how many it holds."""

    attributes: dict[str, str]
    offset: int
    line: int
    length: int = 0
    said: dict[str, Text] = field(default_factory=dict)
    properties: list[tuple[str, str]] = field(default_factory=list)
    inner: list["Record"] = field(default_factory=list)

    def get(self, name: str) -> str:
        """An attribute; empty where it is not there."""
        return self.attributes.get(name, "")

    def text(self, *places: str) -> str:
        """What stands at the first of `places` that says something."""
        return said_at(self.said, *places)

    @property
    def span(self) -> Span | None:
        """Where the record stands in its file; None where it has no end."""
        return Span(self.offset, self.length) if self.length > 0 else None


class RecordReader(MarkupReader):
    """Reads a file of such a format.

    `record` is the element of a test; `leaves` are elements whose text is kept while one is open.
    """

    record: ClassVar[str]
    leaves: ClassVar[frozenset[str]]
    producer: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.records: list[Record] = []
        self.on_start[self.record] = self._begin_record
        self.on_end[self.record] = self._end_record
        for leaf in self.leaves:
            self.on_start[leaf] = partial(self._begin_leaf, leaf)
            self.on_end[leaf] = self._end_leaf
        self.on_start["property"] = self._begin_property
        self._named = False
        self._index = 0

    def name_producer(self, producer: str = "") -> None:
        """Say who wrote the file, once; before its first record at the latest."""
        if not self._named:
            self._named = True
            self.events.append(ProducerNamed(one_line(producer) or self.producer, merges=False))

    def parent(self, steps: int = 1) -> str:
        """The local name of the element that holds the one that is told of, or of one further out."""
        return self.open[-1 - steps].rpartition(":")[2] if len(self.open) > steps else ""

    def identity(self, record: Record) -> TestId:
        """The test that `record` is of."""
        raise NotImplementedError

    def ended(self, record: Record) -> None:
        """`record` is whole: tell of it."""
        raise NotImplementedError

    def inside(self) -> str:
        """The record that is open, as its file names it."""
        if not self.records:
            return ""
        name = self.records[-1].get("name") or self.records[-1].get("testName")
        return f"<{self.record}> {name[:80]!r}"

    def at_end(self, *, complete: bool) -> tuple[Event, ...]:
        """The innermost record that is still open: begun and never finished."""
        del complete
        if not self.records:
            return ()
        test = self.identity(self.records[-1])
        started = TestStarted(test, one_line(identity.label(test)))
        return (started,) if self._named else (ProducerNamed(self.producer, merges=False), started)

    def tell(self, record: Record, told: TestRecord, output: Iterable[str] = ()) -> None:
        """Tell of a test, and of the golden-path events that it carries."""
        self.name_producer()
        self.events.append(told)
        for path, name in from_properties(record.properties):
            self._observed(name, EvidenceKind.PROPERTY, path, told.test, record.line)
        for text in output:
            for name in from_output(text):
                self._observed(name, EvidenceKind.OUTPUT, None, told.test, record.line)

    def problem_of_run(self, kind: str, text: str) -> None:
        """Say what went wrong with the run as a whole."""
        message = shortened(one_line(text), _PROBLEM_LENGTH)
        self.events.append(ProblemFound(Problem(kind, message, self.line())))

    def _observed(self, name: str, kind: EvidenceKind, path: str | None, test: TestId, line: int) -> None:
        self._index += 1
        self.events.append(EventSeen(GoldenEvent(name, kind, self._index, line=line, path=path, test=test)))

    def _begin_record(self, attributes: dict[str, str]) -> None:
        self.records.append(Record(attributes, self.here(), self.line()))
        self.text = None

    def _end_record(self) -> None:
        self.text = None
        if not self.records:
            return
        record = self.records.pop()
        record.length = self.past(self.record) - record.offset
        if self.records:
            self.records[-1].inner.append(record)
        self.ended(record)

    def _begin_leaf(self, leaf: str, attributes: dict[str, str]) -> None:
        del attributes
        if self.records:
            place = f"{self.parent()}/{leaf}"
            self.text = self.records[-1].said.setdefault(place, Text())

    def _end_leaf(self) -> None:
        self.text = None

    def _begin_property(self, attributes: dict[str, str]) -> None:
        if self.records:
            name, value = attributes.get("name", ""), attributes.get("value", "")
            self.records[-1].properties.append((plain(name), plain(value)))


def said_at(said: Mapping[str, Text], *places: str) -> str:
    """What was said at the first of `places` that says something."""
    return next((text for place in places if (text := str(said.get(place, "")).strip())), "")


def split_name(full: str) -> tuple[str, str]:
    """The class and the rest of "Name.Space.Class.Method(1.5)"."""
    end = min((at for mark in _BEHIND_A_NAME if (at := full.find(mark)) >= 0), default=len(full))
    dot = full.rfind(".", 0, end)
    return (full[:dot], full[dot + 1 :]) if dot > 0 else ("", full)


def reason(text: str) -> str:
    """Why a test was skipped, in one line."""
    return shortened(one_line(text), REASON_LENGTH)


def sections(texts: Iterable[tuple[str, str | None]]) -> Iterator[Section]:
    """Pieces of a detail; those that say nothing are left out."""
    for title, text in texts:
        if text and text.strip():
            yield Section(title, styled(text).strip("\n"))
