"""The events of one test and one value of a path's key: in which order they came, and what breaks it.

May import `core.model` and, of this package, `model` and `pattern`. Invariant: the answer does not depend
on the order in which the observations are handed in.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import groupby

from tui.core.golden import pattern
from tui.core.golden.model import (
    Evidence,
    Instance,
    Observation,
    OpenPair,
    Order,
    OrderState,
    Owner,
    PathRule,
)
from tui.core.model import Outcome

# The ends by which pairs are known that nobody declared: how it is called when it begins, when it ends.
_BEGINS = ("executing", "started", "begun", "opened")
_Number = Callable[[Observation], float | None]
_ENDS = ("completed", "finished", "ended", "done", "closed")


def judge(
    rule: PathRule,
    observations: Sequence[Observation],
    extras: Sequence[Observation],
    owner: Owner,
) -> Instance:
    """The instance that `observations` of the path's events make; `extras` belong to it, and to no path."""
    told, rest, order_known = _in_turn(rule, observations)
    running = owner.outcome is Outcome.RUNNING
    breaks: dict[int, tuple[str, str]] = {}
    if order_known and not running and rule.order is Order.IN_ORDER:
        found = pattern.breaks(rule.pattern, tuple(each.name for each in told))
        breaks = {each.position: (each.name, each.message) for each in found}
    open_pairs = [] if running else _open_pairs(rule, told, order_known=order_known)
    for position, opens, closes, demanded in open_pairs:
        if demanded:
            breaks.setdefault(position, (opens, f"{opens} without {closes}"))
    names = frozenset(each.name for each in observations)
    broken = frozenset(name for name, _ in breaks.values())
    missing = tuple(name for name in rule.pattern.required if name not in names)
    took, late, time_known = _pace(rule, told)
    first = next(iter(breaks.items()), None)
    stale = any(each.stale for each in observations) or bool(owner.witness and owner.witness.stale)
    known = order_known or rule.order is Order.ANY
    order = OrderState.PROVEN if known and time_known else OrderState.UNKNOWN
    return Instance(
        owner=owner,
        first=min((each.source, each.event.index) for each in observations),
        names=names,
        steps=(
            *_steps(told, breaks, owner, in_turn=order_known),
            *_steps(rest, {}, owner, in_turn=False),
        ),
        stale=stale,
        passes=owner.outcome is Outcome.PASSED and owner.may_prove and not stale,
        order=OrderState.NOT_PROVEN if missing or broken or late else order,
        order_known=known,
        broken=broken,
        first_break=f"{first[1][1]}, {told[first[0]].place}" if first else None,
        late=late,
        took=took,
        missing=missing,
        extras=tuple(sorted(Counter(each.name for each in extras).items())),
        open_pairs=tuple(
            OpenPair(opens, closes, told[position].source, told[position].event.line, demanded)
            for position, opens, closes, demanded in open_pairs
        ),
    )


def _steps(
    told: Sequence[Observation],
    breaks: Mapping[int, tuple[str, str]],
    owner: Owner,
    *,
    in_turn: bool,
) -> Iterable[tuple[str, Evidence]]:
    before: float | None = None
    for position, each in enumerate(told):
        at = each.event.at
        gap = at - before if in_turn and at is not None and before is not None else None
        note = breaks[position][1] if position in breaks else ""
        yield (
            each.name,
            Evidence(
                each.event.kind,
                each.source,
                each.event.line,
                owner.test,
                owner.outcome,
                note,
                at,
                gap,
                owner.value,
            ),
        )
        before = at


def _pace(rule: PathRule, told: Sequence[Observation]) -> tuple[float | None, str | None, bool]:
    """How long it took from the first required event to the last, why that is too long, if it is known."""
    needed = [each for each in told if each.name in rule.pattern.required]
    times = [each.event.at for each in needed if each.event.at is not None]
    if not needed or len(times) < len(needed):
        return None, None, rule.within is None
    took = max(times) - min(times)
    if rule.within is None or took <= rule.within:
        return took, None, True
    last = max(needed, key=lambda each: each.event.at or 0.0)
    return took, f"took {took:.2f} s, more than {rule.within:g} s, {last.place}", True


def _open_pairs(
    rule: PathRule, told: Sequence[Observation], *, order_known: bool
) -> list[tuple[int, str, str, bool]]:
    """(position, name that opens, name that closes, whether that is demanded) of what nothing closed."""
    found = []
    for opens, closes, demanded in _pairs(rule):
        places = [place for place, each in enumerate(told) if each.name in (opens, closes)]
        if not order_known:
            places.sort(key=lambda place: told[place].name == closes)
        waiting: list[int] = []
        for place in places:
            if told[place].name == opens:
                waiting.append(place)
            elif waiting:
                waiting.pop()
        found += [(place, opens, closes, demanded) for place in waiting]
    return sorted(found)


@lru_cache(maxsize=256)
def _pairs(rule: PathRule) -> tuple[tuple[str, str, bool], ...]:
    """The pairs of a path, the demanded ones first: those that it states, and those known by their names."""
    names = rule.pattern.names
    demanded = dict.fromkeys((*rule.pairs, *rule.pattern.pairs))
    usual = dict.fromkeys(pair for name in names if (pair := _usual_pair(name, names)))
    return tuple((*pair, pair in demanded) for pair in (demanded | usual))


def _usual_pair(name: str, known: Collection[str]) -> tuple[str, str] | None:
    """What is known by its name to be closed, and the event that does it."""
    begin = next((begin for begin in _BEGINS if name.endswith(f"_{begin}")), None)
    closes = (name.removesuffix(begin) + end for end in _ENDS) if begin else ()
    return next(((name, close) for close in closes if close in known), None)


def _in_turn(
    rule: PathRule, observations: Sequence[Observation]
) -> tuple[list[Observation], list[Observation], bool]:
    """The observations in order, those that say the same once more, and whether anything states that order.

    Where nothing orders what several carriers say, each of them is asked by itself: two that say the same
    are one testimony, and a carrier that shows the whole of a path of plain names in order is enough.
    """
    told = sorted(observations, key=lambda each: (each.source, each.event.index))
    ordered = _sorted(told)
    if ordered is not None or len({each.name for each in told}) < 2:
        return ordered or told, [], True
    carriers: dict[tuple[str, str], list[Observation]] = {}
    for each in told:
        carriers.setdefault((each.source, each.event.kind), []).append(each)
    # Of those that say the same, one that says when is worth more.
    said = sorted(
        (_sorted(of_one) or of_one for of_one in carriers.values()),
        key=lambda of_one: any(each.event.at is None for each in of_one),
    )
    alike = len({tuple(each.name for each in of_one) for of_one in said}) == 1
    enough = said[0] if alike else None
    if not alike and not rule.pattern.strict:
        enough = next((of_one for of_one in said if _shows_all(rule, of_one)), None)
    if enough is None:
        return told, [], False
    return enough, [each for of_one in said if of_one is not enough for each in of_one], True


def _shows_all(rule: PathRule, told: Sequence[Observation]) -> bool:
    names = tuple(each.name for each in told)
    return {*rule.pattern.required} <= {*names} and not pattern.breaks(rule.pattern, names)


def _sorted(told: list[Observation]) -> list[Observation] | None:
    """`told` by sequence number, else by time, else as one carrier has it; None where that is unknown."""
    numbers: tuple[_Number, ...] = (lambda each: each.event.seq, lambda each: each.event.at)
    for number in numbers:
        known = [(stated, each) for each in told if (stated := number(each)) is not None]
        if len(known) < len(told):
            continue
        known.sort(key=lambda pair: (pair[0], pair[1].source, pair[1].event.index))
        if not any(
            _is_undecided([each for _, each in tied]) for _, tied in groupby(known, lambda pair: pair[0])
        ):
            return [each for _, each in known]
    return told if len({(each.source, each.event.kind) for each in told}) == 1 else None


def _is_undecided(tied: Sequence[Observation]) -> bool:
    """Whether equal numbers stand in two sources: they were counted apart, or say nothing."""
    return len({each.source for each in tied}) > 1 and len({each.name for each in tied}) > 1
