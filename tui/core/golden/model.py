"""The values that golden paths are judged by, and the verdicts on them. May import `core.model`.

Invariant: every value is frozen. Times are seconds since the epoch, spans of time seconds.
"""

from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from tui.core.golden import pattern
from tui.core.golden.pattern import Pattern
from tui.core.model import EvidenceKind, GoldenEvent, Outcome, TestKey


class Order(StrEnum):
    """How a path's events must follow each other."""

    IN_ORDER = "in_order"
    ANY = "any"


class OrderState(StrEnum):
    """Whether one and the same instance shows every event of a path, in order and in time."""

    PROVEN = "proven"
    NOT_PROVEN = "not proven"
    UNKNOWN = "unknown"


class Word(StrEnum):
    """What an event's evidence is worth, in words; from best to worst."""

    OPTIONAL = "OPTIONAL"
    PROVEN = "PROVEN"
    ORDER_UNKNOWN = "ORDER UNKNOWN"
    CLAIMED = "CLAIMED"
    SEEN = "SEEN"
    STALE = "STALE"
    NOT_RUN = "NOT RUN"
    MISSING = "MISSING"
    FAILED = "FAILED"

    @property
    def grade(self) -> str:
        """The letter of the grade."""
        return _GRADES.get(self, "-")

    @property
    def badness(self) -> int:
        """How far the word is from PROVEN."""
        return _WORDS.index(self)


_WORDS = tuple(Word)
_GRADES = {
    Word.PROVEN: "A",
    Word.ORDER_UNKNOWN: "B",
    Word.CLAIMED: "C",
    Word.SEEN: "D",
    Word.FAILED: "F",
}
EACH_PROVEN = "EACH PROVEN"
TOO_SLOW = "TOO SLOW"
TIME_UNKNOWN = "TIME UNKNOWN"


class PathRule(Struct, frozen=True):
    """A golden path as configured. `events`: the entries of its pattern.

    `tests`: globs on the ids of the tests that may prove (all if none). `within`: the most seconds that
    an instance may take. `pairs`: events of which the second has to follow the first. `renamed`: (name as
    observed, name in this path).
    """

    name: str
    events: tuple[str, ...]
    order: Order = Order.IN_ORDER
    key: str | None = None
    tests: tuple[str, ...] = ()
    within: float | None = None
    pairs: tuple[tuple[str, str], ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()

    @property
    def pattern(self) -> Pattern:
        """What `events` spell."""
        return pattern.parse(self.events)


class Witness(Struct, frozen=True):
    """The test that an observation belongs to. `stale`: its result is too old to count."""

    key: TestKey
    label: str
    outcome: Outcome
    stale: bool = False


class Owner(NamedTuple):
    """Whose events an instance holds: a test, or the name of one that the results do not know, if any.

    `value`: of the path's key. `may_prove`: whether the path lets that test prove.
    """

    witness: Witness | None
    name: str | None
    value: str | None
    may_prove: bool

    @property
    def test(self) -> str | None:
        """What the test is called."""
        return self.witness.label if self.witness else self.name

    @property
    def outcome(self) -> Outcome | None:
        """What became of the test."""
        return self.witness.outcome if self.witness else None


class Observation(NamedTuple):
    """One golden-path event, by the name that it has in the path, and the source that holds it."""

    name: str
    event: GoldenEvent
    source: str
    stale: bool = False

    @property
    def place(self) -> str:
        """The source, with the line where the format has lines."""
        return self.source if self.event.line is None else f"{self.source} line {self.event.line}"


class Evidence(NamedTuple):
    """Why an event has its grade: one observation, or a test that is named for it.

    `gap`: the time since the path's event before it in the same instance, where both say when they were.
    `instance`: the value of the path's key. `note`: how it breaks the order.
    """

    kind: EvidenceKind
    source: str
    line: int | None
    test: str | None
    outcome: Outcome | None
    note: str = ""
    at: float | None = None
    gap: float | None = None
    instance: str | None = None


class OpenPair(Struct, frozen=True):
    """An event that a second one has to follow, and none did. `breaks`: a rule of the path demands it."""

    opens: str
    closes: str
    source: str
    line: int | None
    breaks: bool


class Instance(Struct, frozen=True):
    """The events of one test and one value of the path's key, judged.

    `first`: the source, and the number in it, of the event that came first there. `names`: the path's events
    that it has; `steps`: (name, evidence), in order where one is known. `passes`: its test passed, may prove,
    and is not too old. `order`: what it shows by itself, whatever became of its test; `order_known`: whether
    something orders it. `broken`: the events that are out of order, `first_break` the first of that in
    words. `late`: that it took too long, in words; `took` is how long. `missing`: required events that are
    not there. `extras`: events that no path names.
    """

    owner: Owner
    first: tuple[str, int]
    names: frozenset[str]
    steps: tuple[tuple[str, Evidence], ...]
    stale: bool
    passes: bool
    order: OrderState
    order_known: bool
    broken: frozenset[str]
    first_break: str | None
    late: str | None
    took: float | None
    missing: tuple[str, ...]
    extras: tuple[tuple[str, int], ...]
    open_pairs: tuple[OpenPair, ...]

    @property
    def is_running(self) -> bool:
        """Whether its test still runs, so that more may come."""
        return self.owner.outcome is Outcome.RUNNING

    @property
    def is_whole(self) -> bool:
        """Whether it has every required event, and nothing out of order."""
        return not self.missing and not self.broken


class EventVerdict(Struct, frozen=True):
    """One event of a path. `tests`: how many distinct tests its evidence comes from.

    `mocked`: how often a stand-in sent it, which proves nothing.
    """

    name: str
    word: Word
    evidence: tuple[Evidence, ...]
    passing_tests: int
    tests: int
    required: bool = True
    mocked: int = 0


class PathVerdict(Struct, frozen=True):
    """A golden path: its state, its order, every event with its evidence, and every instance.

    `hollow`: the instances of tests that passed although a required event is missing. `took`: the time of
    the quickest instance that shows all of it in order.
    """

    name: str
    state: str
    order: OrderState
    first_break: str | None
    events: tuple[EventVerdict, ...]
    instances: tuple[Instance, ...] = ()
    within: float | None = None
    took: float | None = None
    hollow: tuple[Instance, ...] = ()

    @property
    def proven(self) -> int:
        """How many events are proven."""
        return sum(event.word is Word.PROVEN for event in self.events)

    @property
    def demanded(self) -> int:
        """How many events count: an optional one that was not seen does not."""
        return sum(event.word is not Word.OPTIONAL for event in self.events)

    @property
    def is_proven(self) -> bool:
        """Whether the whole path is."""
        return self.state == Word.PROVEN

    @property
    def order_in_words(self) -> str:
        """Whether the order is proven, or what is wrong although it is as it should be."""
        return self.state.lower() if self.state in (TOO_SLOW, TIME_UNKNOWN) else f"order {self.order}"

    @property
    def hollow_tests(self) -> tuple[str, ...]:
        """The tests that passed although a required event of their own instance is missing."""
        return tuple(dict.fromkeys(each.owner.test for each in self.hollow if each.owner.test))

    @property
    def extras(self) -> tuple[tuple[str, int], ...]:
        """The events of its instances that no path names, and how often each was seen."""
        counts: dict[str, int] = {}
        for name, number in (extra for instance in self.instances for extra in instance.extras):
            counts[name] = counts.get(name, 0) + number
        return tuple(sorted(counts.items(), key=lambda extra: (-extra[1], extra[0])))

    @property
    def open_pairs(self) -> tuple[tuple[Instance, OpenPair], ...]:
        """Every event that nothing closed, with its instance."""
        return tuple((instance, pair) for instance in self.instances for pair in instance.open_pairs)
