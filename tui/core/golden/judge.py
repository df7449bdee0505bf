"""Judged instances -> the verdict on a path: a word for every event, and whether one shows it all (TRUTH 4).

May import `core.model` and, of this package, `model`. Invariants: nothing is PROVEN without an observation
in a passing test; the path is PROVEN only where one instance of such a test has every required event, in
order and in time.
"""

from collections.abc import Iterable, Mapping, Sequence

from tui.core.golden.model import (
    EACH_PROVEN,
    TIME_UNKNOWN,
    TOO_SLOW,
    EventVerdict,
    Evidence,
    Instance,
    OrderState,
    PathRule,
    PathVerdict,
    Witness,
    Word,
)
from tui.core.model import EvidenceKind, Outcome


def path(
    rule: PathRule,
    instances: Iterable[Instance],
    named: Mapping[str, Sequence[Witness]],
    mocked: Mapping[str, int],
    *,
    any_results: bool,
) -> PathVerdict:
    """The verdict on one path.

    `named`: the tests that have the name of an event in theirs, for events that nothing observed. `mocked`:
    how often a stand-in sent one. `any_results`: whether any test that may prove the path ran at all.
    """
    told = sorted(instances, key=lambda each: each.first)
    having: dict[str, list[Instance]] = {name: [] for name in rule.pattern.names}
    evidence: dict[str, list[Evidence]] = {name: [] for name in rule.pattern.names}
    for each in told:
        for name in each.names:
            having[name].append(each)
        for name, step in each.steps:
            evidence[name].append(step)
    events = tuple(
        _event(
            name,
            having[name],
            evidence[name],
            named.get(name, ()),
            mocked.get(name, 0),
            required=name in rule.pattern.required,
            any_results=any_results,
        )
        for name in rule.pattern.names
    )
    order = _order(told)
    shown = [each for each in told if each.passes and each.order is OrderState.PROVEN]
    state = _state(events, order, told)
    return PathVerdict(
        name=rule.name,
        state=state,
        order=order,
        first_break=_first_break(told, late=state == TOO_SLOW),
        events=events,
        instances=tuple(told),
        within=rule.within,
        took=min((each.took for each in shown if each.took is not None), default=None),
        hollow=_hollow(told),
    )


def _state(events: Sequence[EventVerdict], order: OrderState, instances: Sequence[Instance]) -> str:
    worst = max((event.word for event in events if event.required), key=lambda word: word.badness)
    if worst is not Word.PROVEN or order is OrderState.PROVEN:
        return worst
    whole = any(each.is_whole and each.order_known for each in instances if each.passes)
    if order is OrderState.UNKNOWN:
        return TIME_UNKNOWN if whole else Word.ORDER_UNKNOWN
    if whole:
        return TOO_SLOW
    return Word.FAILED if any(event.word is Word.FAILED for event in events) else EACH_PROVEN


def _order(instances: Sequence[Instance]) -> OrderState:
    states = {each.order for each in instances if each.passes}
    for state in (OrderState.PROVEN, OrderState.UNKNOWN):
        if state in states:
            return state
    ended = any(each.owner.may_prove and not each.is_running for each in instances)
    return OrderState.NOT_PROVEN if ended or any(each.broken for each in instances) else OrderState.UNKNOWN


def _first_break(instances: Sequence[Instance], *, late: bool) -> str | None:
    """The first of a test that may prove, else of any."""
    those_first = sorted(instances, key=lambda each: not each.owner.may_prove)
    found = next((each.first_break for each in those_first if each.first_break), None)
    return found or (next((each.late for each in instances if each.late), None) if late else None)


def _hollow(instances: Sequence[Instance]) -> tuple[Instance, ...]:
    """Passing tests that lack a required event; what carries no key says nothing of a test that has it."""
    keyed = {w.key for each in instances if each.owner.value is not None and (w := each.owner.witness)}

    def says_it(each: Instance) -> bool:
        witness = each.owner.witness
        return each.owner.value is not None or (witness is not None and witness.key not in keyed)

    return tuple(each for each in instances if each.passes and each.missing and says_it(each))


def _event(
    name: str,
    instances: Sequence[Instance],
    evidence: Sequence[Evidence],
    named: Sequence[Witness],
    mocked: int,
    *,
    required: bool,
    any_results: bool,
) -> EventVerdict:
    witnesses = {w.key: w for each in instances if (w := each.owner.witness)}
    if instances:
        word = _word(name, instances)
    elif required:
        evidence = [Evidence(EvidenceKind.NAME, "", None, w.label, w.outcome) for w in named]
        witnesses = {witness.key: witness for witness in named}
        word = _named_word(named, any_results=any_results)
    else:
        word = Word.OPTIONAL
    passing = sum(witness.outcome is Outcome.PASSED for witness in witnesses.values())
    return EventVerdict(name, word, tuple(evidence), passing, len(witnesses), required, mocked)


def _word(name: str, instances: Sequence[Instance]) -> Word:
    """What it is worth that these instances hold an event."""
    in_order = [each for each in instances if each.passes and name not in each.broken]
    if in_order:
        return Word.PROVEN if any(each.order_known for each in in_order) else Word.ORDER_UNKNOWN
    fresh = [each for each in instances if not each.stale]
    if not fresh:
        return Word.STALE
    if any(each.is_running and each.owner.may_prove for each in fresh):
        return Word.SEEN
    tied_badly = any(each.owner.outcome and each.owner.outcome.is_bad for each in fresh)
    out_of_order = any(each.owner.may_prove and name in each.broken for each in fresh)
    return Word.FAILED if tied_badly or out_of_order else Word.SEEN


def _named_word(named: Sequence[Witness], *, any_results: bool) -> Word:
    if any(witness.outcome is Outcome.PASSED for witness in named):
        return Word.CLAIMED
    if any(witness.outcome.is_bad for witness in named):
        return Word.FAILED
    return Word.MISSING if any_results else Word.NOT_RUN
