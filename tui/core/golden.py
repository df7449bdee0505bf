"""Golden paths: which events are proven, by what, and in which order (TRUTH 4).

May import `core.model` and `core.components`. Pure: it judges the observations that it is handed.
Invariants: nothing is PROVEN without an observation in a passing test; an order that nothing states is
never taken for granted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tui.core.components import Globs
from tui.core.model import EvidenceKind, GoldenEvent, Outcome


class Order(StrEnum):
    """How a path's events must follow each other."""

    IN_ORDER = "in_order"
    ANY = "any"


class OrderState(StrEnum):
    """Whether one and the same instance shows every event of a path in order."""

    PROVEN = "proven"
    NOT_PROVEN = "not proven"
    UNKNOWN = "unknown"


class Word(StrEnum):
    """What an event's evidence is worth, in words; from best to worst."""

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


@dataclass(frozen=True, slots=True)
class PathRule:
    """A golden path as configured. `tests`: globs on the ids of the tests that may prove (all if none)."""

    name: str
    events: tuple[str, ...]
    order: Order = Order.IN_ORDER
    key: str | None = None
    tests: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Witness:
    """The test that an observation belongs to; `scope` tells it from one of the same label in a matrix."""

    label: str
    outcome: Outcome
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """One golden-path event with the source that holds it and the test it was tied to, if any."""

    event: GoldenEvent
    source: str
    witness: Witness | None
    stale: bool = False

    @property
    def is_mocked(self) -> bool:
        """Whether the event says of itself that a stand-in produced it: such an event proves nothing."""
        return ("src", "mock") in self.event.fields

    @property
    def place(self) -> str:
        """The source, with the line where the format has lines."""
        return self.source if self.event.line is None else f"{self.source} line {self.event.line}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why an event has its grade: one observation, or a test that is named for it."""

    kind: EvidenceKind
    source: str
    line: int | None
    test: str | None
    outcome: Outcome | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class EventVerdict:
    """One event of a path. `tests`: how many distinct tests its evidence comes from."""

    name: str
    word: Word
    evidence: tuple[Evidence, ...]
    passing_tests: int
    tests: int


@dataclass(frozen=True, slots=True)
class PathVerdict:
    """A golden path: its state, its order, and every event with its evidence."""

    name: str
    state: str
    order: OrderState
    first_break: str | None
    events: tuple[EventVerdict, ...]

    @property
    def proven(self) -> int:
        """How many events are proven."""
        return sum(event.word is Word.PROVEN for event in self.events)

    @property
    def is_proven(self) -> bool:
        """Whether the whole path is."""
        return self.state == Word.PROVEN


@dataclass(slots=True)
class _Instance:
    """The observations of one (test, key): whether their order is known, and what broke it."""

    observations: list[Observation]
    order_known: bool
    covers_all: bool
    broken: frozenset[str] = frozenset()
    first_break: str | None = None

    @property
    def passes(self) -> bool:
        witness = self.observations[0].witness
        return witness is not None and witness.outcome is Outcome.PASSED


def judge(
    rule: PathRule,
    observations: Iterable[Observation],
    named: Mapping[str, Sequence[Witness]],
    *,
    any_results: bool,
) -> PathVerdict:
    """The verdict on one path.

    `named`: for every event the tests that have its name in theirs. `any_results`: whether any test
    that may prove the path ran at all.
    """
    allowed = Globs(rule.tests) if rule.tests else None
    mine = [
        observation
        for observation in observations
        if observation.event.path in (None, rule.name)
        and observation.event.name in rule.events
        and not observation.is_mocked
    ]
    may_prove = [o for o in mine if o.witness and (allowed is None or allowed.match(o.witness.label))]
    instances = _instances(rule, may_prove)
    events = tuple(
        _judge_event(
            rule,
            name,
            [o for o in mine if o.event.name == name],
            [i for i in instances if any(o.event.name == name for o in i.observations)],
            [w for w in named.get(name, ()) if allowed is None or allowed.match(w.label)],
            any_results=any_results,
        )
        for name in rule.events
    )
    first_break = next((i.first_break for i in instances if i.first_break), None)
    order = _order(instances)
    return PathVerdict(rule.name, _state(events, order), order, first_break, events)


def _state(events: Sequence[EventVerdict], order: OrderState) -> str:
    worst = max((event.word for event in events), key=lambda word: word.badness)
    if worst is Word.PROVEN and order is not OrderState.PROVEN:
        return EACH_PROVEN if order is OrderState.NOT_PROVEN else Word.ORDER_UNKNOWN
    return worst


def _order(instances: Sequence[_Instance]) -> OrderState:
    whole = [instance for instance in instances if instance.covers_all and instance.passes]
    if any(not instance.broken and instance.order_known for instance in whole):
        return OrderState.PROVEN
    if any(not instance.broken and not instance.order_known for instance in whole):
        return OrderState.UNKNOWN
    return OrderState.NOT_PROVEN if instances else OrderState.UNKNOWN


def _judge_event(
    rule: PathRule,
    name: str,
    observed: Sequence[Observation],
    instances: Sequence[_Instance],
    named: Sequence[Witness],
    *,
    any_results: bool,
) -> EventVerdict:
    in_order = [i for i in instances if i.passes and name not in i.broken]
    evidence = tuple(_evidence(o, instances) for o in observed)
    witnesses = {o.witness for o in observed if o.witness}
    tied_badly = any(w.outcome.is_bad for w in witnesses) or any(name in i.broken for i in instances)
    if any(i.order_known for i in in_order) or (in_order and rule.order is Order.ANY):
        word = Word.PROVEN
    elif in_order:
        word = Word.ORDER_UNKNOWN
    elif tied_badly:
        word = Word.FAILED
    elif observed:
        word = Word.STALE if all(o.stale for o in observed) else Word.SEEN
    else:
        witnesses = set(named)
        evidence = tuple(Evidence(EvidenceKind.NAME, "", None, w.label, w.outcome) for w in named)
        word = _named_word(named, any_results=any_results)
    if word in (Word.PROVEN, Word.ORDER_UNKNOWN) and all(o.stale for o in observed):
        word = Word.STALE
    return EventVerdict(
        name,
        word,
        evidence,
        passing_tests=sum(w.outcome is Outcome.PASSED for w in witnesses),
        tests=len(witnesses),
    )


def _named_word(named: Sequence[Witness], *, any_results: bool) -> Word:
    if any(witness.outcome is Outcome.PASSED for witness in named):
        return Word.CLAIMED
    if any(witness.outcome.is_bad for witness in named):
        return Word.FAILED
    return Word.MISSING if any_results else Word.NOT_RUN


def _evidence(observation: Observation, instances: Sequence[_Instance]) -> Evidence:
    event, witness = observation.event, observation.witness
    note = next(
        (i.first_break or "" for i in instances if observation in i.observations and event.name in i.broken),
        "",
    )
    return Evidence(
        event.kind,
        observation.source,
        event.line,
        witness.label if witness else (str(event.test) if event.test else None),
        witness.outcome if witness else None,
        note,
    )


def _instances(rule: PathRule, observations: Sequence[Observation]) -> list[_Instance]:
    """The observations by test and by the value of the path's key, each brought into order."""
    by_key: dict[tuple[Witness | None, str | None], list[Observation]] = {}
    for observation in observations:
        value = dict(observation.event.fields).get(rule.key) if rule.key else None
        by_key.setdefault((observation.witness, value), []).append(observation)
    return [_instance(rule, told) for told in by_key.values()]


def _instance(rule: PathRule, told: list[Observation]) -> _Instance:
    required = [name for name in rule.events if any(o.event.name == name for o in told)]
    covers_all = len(required) == len(rule.events)
    if rule.order is Order.ANY:
        return _Instance(told, order_known=True, covers_all=covers_all)
    ordered, known = _in_time(told)
    if not known:
        return _Instance(ordered, order_known=len(required) < 2, covers_all=covers_all)
    broken: dict[str, str] = {}
    position, previous = 0, ""
    for name in required:
        found = next((i for i in range(position, len(ordered)) if ordered[i].event.name == name), None)
        if found is None:
            last = next(o for o in reversed(ordered) if o.event.name == name)
            broken[name] = f"{name} before {previous}, {last.place}"
        else:
            position, previous = found + 1, name
    first_break = next(iter(broken.values()), None)
    return _Instance(
        ordered, order_known=True, covers_all=covers_all, broken=frozenset(broken), first_break=first_break
    )


def _in_time(told: list[Observation]) -> tuple[list[Observation], bool]:
    """The observations of one instance in order, and whether anything states that order."""
    if all(o.event.seq is not None for o in told):
        return sorted(told, key=lambda o: (o.event.seq or 0.0, o.event.index)), True
    if all(o.event.at is not None for o in told):
        return sorted(told, key=lambda o: (o.event.at or 0.0, o.event.index)), True
    if len({(o.source, o.event.kind) for o in told}) == 1:
        return sorted(told, key=lambda o: o.event.index), True
    return told, False
