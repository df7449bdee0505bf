"""Claims held against the facts, and against each other -> what is so, and what is not.

May import the rest of `core`. Pure. Invariants: a claim is `true` only where the counts say the same;
what nothing can be held against is `not supported`, never true and never false; a claim that the counts
bear out is not blamed for another one that contradicts it.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from tui.core.baseline import Change
from tui.core.claims.contradictions import contradictions, stated
from tui.core.claims.judged import ClaimVerdict, JudgedClaim, JudgedPage
from tui.core.claims.reading import Reading, read
from tui.core.claims.said import (
    Claim,
    Counts,
    Event,
    Events,
    NotCounts,
    Part,
    Passing,
    Rate,
    Ready,
    Regressions,
    Status,
    Suites,
    Vocabulary,
    vocabulary,
)
from tui.core.components import NOT_RUN
from tui.core.criteria import CriterionState
from tui.core.facts import Facts, Row
from tui.core.golden import EventVerdict, Word
from tui.core.rules import Rules
from tui.core.tally import Tally
from tui.core.verdict import VerdictWord
from tui.text import counted


class _Held(Struct, frozen=True):
    """What came of holding one claim against the facts."""

    verdict: ClaimVerdict
    counted: str = ""
    gap: str = ""
    why: str = ""


def hold(name: str, text: str, facts: Facts, rules: Rules) -> JudgedPage:
    """Every claim of the Markdown page `text`, judged."""
    known = vocabulary(facts, rules)
    return judge(name, read(text, known), facts, known)


def judge(name: str, reading: Reading, facts: Facts, known: Vocabulary) -> JudgedPage:
    """Every claim of the page `name`, which was read with the names `known`, judged."""
    against = contradictions(reading.claims, known)
    accounts = stated(reading.claims)
    judged = []
    for position, claim in enumerate(reading.claims):
        held = _held(claim, facts, known, accounts[claim.group, claim.subject])
        if (
            held.verdict is ClaimVerdict.FALSE
            and claim.is_total
            and (some := _rows_only(claim, reading, facts))
        ):
            held = replace(held, verdict=ClaimVerdict.NOT_SUPPORTED, why=some)
        conflict = against.get(position, "")
        if conflict and held.verdict is not ClaimVerdict.TRUE:
            told = "; ".join(filter(None, (conflict, held.why)))
            held = replace(held, verdict=ClaimVerdict.CONTRADICTS, why=told)
        judged.append(
            JudgedClaim(
                claim.line,
                claim.subject.name,
                f"{claim.subject.name}: {wording(claim)}" if claim.subject.name else wording(claim),
                claim.text,
                held.counted,
                held.gap,
                held.verdict,
                held.why,
            )
        )
    problem = "only its beginning was read: it is too long" if reading.cut else ""
    return JudgedPage(name, tuple(judged), problem)


def _rows_only(total: Claim, reading: Reading, facts: Facts) -> str:
    """Why a table's total may be one of its rows alone; empty where they are all components."""
    named = {claim.subject.name for claim in reading.claims if claim.table == total.table}
    left_out = [row.name for row in facts.components if row.tally.tests and row.name not in named]
    return f"a total without {', '.join(left_out)}" if left_out else ""


def wording(claim: Claim) -> str:  # noqa: PLR0911  # one for each kind of claim
    """A claim in plain words."""
    match claim.said:
        case Counts(parts):
            return ", ".join(_amount(part, amount) for part, amount in parts)
        case Rate(percent, decimals):
            return f"{percent:.{decimals}f} %"
        case Status(word):
            return word
        case Passing(whole):
            return "all tests pass" if whole else "tests fail"
        case Suites(amount, of):
            return f"{_of(amount, of)} components pass"
        case Event(event, proven):
            return f"{event} {'' if proven else 'not '}validated"
        case Events(amount, of):
            return f"{_of(amount, of)} events validated"
        case Regressions(amount):
            return counted(amount, "regression")
        case Ready(_, words):
            return words
        case _:
            assert_never(claim.said)


def _amount(part: Part, amount: int) -> str:
    match part:
        case Part.TESTS:
            return counted(amount, "test")
        case Part.ERRORS:
            return counted(amount, "error")
        case _:
            return f"{amount:,} {part}"


def _of(amount: int | None, of: int | None) -> str:
    if amount is None:
        return "all" if of is None else f"all {of}"
    return str(amount) if of in (None, amount) else f"{amount} of {of}"


# --- one claim --------------------------------------------------------------------------------------


def _held(claim: Claim, facts: Facts, known: Vocabulary, named: Collection[Part]) -> _Held:
    """`named`: the parts that its account states, in this claim or in others."""
    problem = claim.problem or claim.subject.problem
    if problem:
        return _Held(ClaimVerdict.NOT_SUPPORTED, why=problem)
    row = _row(claim.subject.name, facts)
    if row is None:
        return _Held(ClaimVerdict.NOT_SUPPORTED, why="not matched: it has no results any more")
    if isinstance(claim.said, Counts):
        held = _counts(dict(claim.said.parts), row, named)
    else:
        held = _against_facts(claim.said, row, facts, known)
    if held.verdict is ClaimVerdict.NOT_SUPPORTED:
        return held
    if not facts.overall.tally.tests:
        return replace(held, verdict=ClaimVerdict.NOT_SUPPORTED, gap="", why="there are no results")
    if facts.live or not facts.scanned:
        return replace(held, verdict=ClaimVerdict.NOT_SUPPORTED, why="the run is live: more may come")
    return held


def _row(name: str, facts: Facts) -> Row | None:
    if not name:
        return facts.overall
    return next((row for row in facts.components if row.name == name), None)


def _against_facts(said: NotCounts, row: Row, facts: Facts, known: Vocabulary) -> _Held:
    match said:
        case Rate():
            return _rate(said, row)
        case Status(word):
            return _status(word, row, known)
        case Passing(whole):
            return _passing(row, whole=whole)
        case Suites(amount, of):
            return _suites(amount, of, facts)
        case Event(name, proven):
            return _event(name, facts, proven=proven)
        case Events(amount, of):
            return _events(amount, of, facts)
        case Regressions(amount):
            return _regressions(amount, facts)
        case Ready(ready):
            return _ready(row, facts, ready=ready)
        case _:
            assert_never(said)


def _counts(parts: Mapping[Part, int], row: Row, named: Collection[Part]) -> _Held:
    tally = row.tally
    got = {part: _count(tally, part) for part in parts}
    said = ", ".join(_amount(part, amount) for part, amount in got.items())
    why = []
    if Part.FAILED in parts and Part.ERRORS not in named and parts[Part.FAILED] == tally.bad != tally.failed:
        # Many pages call every test failed that did not pass.
        got[Part.FAILED] = tally.bad
        why.append(f"{tally.failed:,} failed and {counted(tally.errors, 'error')} are counted")
    if parts.get(Part.TESTS) == tally.executed and Part.SKIPPED not in named and len(named) > 1:
        # A rate of the executed tests: the skipped ones may be left out.
        got[Part.TESTS] = tally.executed
    gaps = {part: parts[part] - got[part] for part in parts if parts[part] != got[part]}
    if not gaps:
        return _Held(ClaimVerdict.TRUE, said, why="; ".join(why))
    if not tally.executed:
        why.append(_not_run(row))
    elif tally.outcomes - tally.tests in gaps.values():
        why.append(tally.explanation())
    return _Held(ClaimVerdict.FALSE, said, ", ".join(_gap(*each) for each in gaps.items()), "; ".join(why))


def _count(tally: Tally, part: Part) -> int:
    match part:
        case Part.TESTS:
            return tally.tests
        case Part.PASSED:
            return tally.passed
        case Part.FAILED:
            return tally.failed
        case Part.ERRORS:
            return tally.errors
        case Part.SKIPPED:
            return tally.skipped
        case _:
            assert_never(part)


def _gap(part: Part, gap: int) -> str:
    return f"{'+' if gap > 0 else '-'}{_amount(part, abs(gap))}"


def _not_run(row: Row) -> str:
    required = ", and it is required" if row.required else ""
    return f"{NOT_RUN}, no test of it was executed{required}"


def _rate(rate: Rate, row: Row) -> _Held:
    tally = row.tally
    if tally.rate is None:
        return _Held(ClaimVerdict.FALSE, NOT_RUN, why=_not_run(row))
    said = f"{tally.rate:.2f} % ({tally.fraction})"
    if rate.is_near(tally.rate):
        return _Held(ClaimVerdict.TRUE, said)
    if rate.is_near(100.0 * tally.passed / tally.tests):
        return _Held(ClaimVerdict.TRUE, said, why=f"of all {tally.tests:,} tests, the skipped ones too")
    return _Held(ClaimVerdict.FALSE, said, f"{rate.percent - tally.rate:+.2f} points")


def _status(word: str, row: Row, known: Vocabulary) -> _Held:
    earned = row.status if row.tally.rate is None else f"{row.status} ({row.tally.rate:.2f} %)"
    if word == row.status:
        return _Held(ClaimVerdict.TRUE, earned)
    if not row.tally.executed:
        return _Held(ClaimVerdict.FALSE, earned, why=_not_run(row))
    if word == NOT_RUN:
        return _Held(ClaimVerdict.FALSE, earned, why=f"{counted(row.tally.executed, 'test')} executed")
    if word in known.bands:
        return _Held(
            ClaimVerdict.FALSE, earned, why=f"{row.tally.rate:.2f} % is {row.status} by the declared bands"
        )
    return _Held(ClaimVerdict.NOT_SUPPORTED, earned, why=f"not matched: no status is named {word!r}")


def _passing(row: Row, *, whole: bool) -> _Held:
    tally = row.tally
    said = f"{tally.fraction} passed"
    if not tally.executed:
        return _Held(ClaimVerdict.FALSE, NOT_RUN, why=_not_run(row))
    if whole is not bool(tally.bad):
        return _Held(ClaimVerdict.TRUE, said)
    gap = f"{tally.failed:,} failed, {counted(tally.errors, 'error')}" if tally.bad else "none failed"
    return _Held(ClaimVerdict.FALSE, said, why=gap)


def _suites(amount: int | None, of: int | None, facts: Facts) -> _Held:
    total = len(facts.components)
    if of not in (None, total):
        return _Held(
            ClaimVerdict.NOT_SUPPORTED,
            why=f"not matched: of {of}, and {counted(total, 'component')} are known",
        )
    passing = sum(bool(row.tally.executed) and not row.tally.bad for row in facts.components)
    claimed = total if amount is None else amount
    said = f"{passing} of {total}"
    if claimed == passing:
        return _Held(ClaimVerdict.TRUE, said)
    bad = [row.name for row in facts.components if row.tally.bad or not row.tally.executed]
    return _Held(ClaimVerdict.FALSE, said, f"{claimed - passing:+d}", f"do not: {', '.join(bad)}")


# --- golden paths, the baseline, the verdict --------------------------------------------------------


def _all_events(facts: Facts) -> list[EventVerdict]:
    """Each event once: where several paths have it, as it stands in the worst."""
    worst: dict[str, EventVerdict] = {}
    for event in (event for path in facts.golden_paths for event in path.events):
        if event.name not in worst or event.word.badness > worst[event.name].word.badness:
            worst[event.name] = event
    return list(worst.values())


def _event(name: str, facts: Facts, *, proven: bool) -> _Held:
    event = next(event for event in _all_events(facts) if event.name == name)
    said = (
        f"{event.word} ({event.passing_tests} of {counted(event.tests, 'test')})"
        if event.tests
        else str(event.word)
    )
    if (event.word is Word.PROVEN) is proven:
        return _Held(ClaimVerdict.TRUE, said)
    if not proven:
        return _Held(ClaimVerdict.FALSE, said)
    note = next((evidence.note for evidence in event.evidence if evidence.note), "")
    return _Held(_unproven([event.word]), said, why=note or _WHY_UNPROVEN[event.word])


_WHY_UNPROVEN = {
    Word.PROVEN: "",
    Word.ORDER_UNKNOWN: "nothing states the order",
    Word.CLAIMED: "a passing test is named for it, nothing was observed",
    Word.SEEN: "observed, tied to no passing test",
    Word.STALE: "only in older results",
    Word.NOT_RUN: "its tests did not run",
    Word.MISSING: "never observed",
    Word.FAILED: "observed only in failing tests, or out of order",
}


def _unproven(words: Iterable[Word]) -> ClaimVerdict:
    """False where the evidence speaks against it; not supported where it is only too weak."""
    against = any(word in (Word.FAILED, Word.MISSING) for word in words)
    return ClaimVerdict.FALSE if against else ClaimVerdict.NOT_SUPPORTED


def _events(amount: int | None, of: int | None, facts: Facts) -> _Held:
    events = _all_events(facts)
    if not events:
        return _Held(ClaimVerdict.NOT_SUPPORTED, why="no golden path is configured")
    if of not in (None, len(events)) or (amount or 0) > len(events):
        return _Held(
            ClaimVerdict.NOT_SUPPORTED, why=f"not matched: {counted(len(events), 'event')} are configured"
        )
    proven = [event for event in events if event.word is Word.PROVEN]
    claimed = len(events) if amount is None else amount
    said = f"{len(proven)} of {len(events)} proven"
    if claimed == len(proven):
        return _Held(ClaimVerdict.TRUE, said)
    missing = [event for event in events if event.word is not Word.PROVEN]
    verdict = _unproven(event.word for event in missing) if claimed > len(proven) else ClaimVerdict.FALSE
    why = ", ".join(f"{event.name} {event.word}" for event in missing)
    return _Held(verdict, said, f"{claimed - len(proven):+d}", why)


def _regressions(amount: int, facts: Facts) -> _Held:
    known = facts.regressions
    if not known.known:
        why = known.problem or "there is no baseline"
        return _Held(ClaimVerdict.NOT_SUPPORTED, "UNKNOWN", why=why)
    new = known.numbers[Change.NEW_FAILURE]
    said = counted(new, "regression")
    if amount == new:
        return _Held(ClaimVerdict.TRUE, said)
    return _Held(ClaimVerdict.FALSE, said, f"{amount - new:+,}", f"against {known.baseline}")


def _ready(row: Row, facts: Facts, *, ready: bool) -> _Held:
    if row is not facts.overall:
        return _component_ready(row, facts, ready=ready)
    word = facts.verdict.word
    unmet = [each.short for each in facts.verdict.criteria if each.state is CriterionState.NOT_MET]
    why = f"not met: {', '.join(unmet)}" if unmet else ""
    if word is VerdictWord.UNKNOWN:
        open_ = [each.short for each in facts.verdict.criteria if each.state is CriterionState.UNKNOWN]
        return _Held(
            ClaimVerdict.NOT_SUPPORTED, word, why=f"unknown: {', '.join(open_)}" if open_ else "no results"
        )
    so = (word is VerdictWord.READY) is ready
    return _Held(ClaimVerdict.TRUE if so else ClaimVerdict.FALSE, word, why="" if so else why)


def _component_ready(row: Row, facts: Facts, *, ready: bool) -> _Held:
    """A component is ready when it ran and meets the criteria that are declared for it alone."""
    if not row.tally.executed:
        verdict = ClaimVerdict.FALSE if ready else ClaimVerdict.TRUE
        return _Held(verdict, NOT_RUN, why=_not_run(row))
    own = [criterion for criterion in facts.verdict.criteria if criterion.component == row.name]
    unmet = [criterion for criterion in own if criterion.state is CriterionState.NOT_MET]
    if not unmet and not all(criterion.state is CriterionState.MET for criterion in own):
        return _Held(ClaimVerdict.NOT_SUPPORTED, why="its criteria cannot be judged")
    if not own:
        said = f"{row.tally.fraction} passed"
        return _Held(
            ClaimVerdict.NOT_SUPPORTED, said, why="no criterion is declared for this component alone"
        )
    verdict = ClaimVerdict.TRUE if ready is not bool(unmet) else ClaimVerdict.FALSE
    got = unmet[0] if unmet else own[0]
    return _Held(verdict, got.got, why=f"needed {got.needed}")
