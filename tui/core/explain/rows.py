"""Explains the verdict, its criteria, the whole and the components.

May import the rest of `core`. Pure.
"""

from collections.abc import Callable, Iterator

from tui.core.components import NOT_RUN, RUNNING
from tui.core.criteria import Criterion
from tui.core.explain import rules
from tui.core.explain.model import Explanation, Part, Subject, listed
from tui.core.facts import Facts, Row
from tui.core.model import Flag, Outcome, TestKey, TestResult
from tui.core.notrun import labels
from tui.core.store import Store

OVERALL = "overall"

Chosen = Callable[[TestResult], bool]


def subjects(facts: Facts) -> Iterator[Subject]:
    """The verdict, every criterion, the whole, every component."""
    yield Subject("verdict", f"verdict: {facts.verdict.word}")
    for criterion in facts.verdict.criteria:
        yield Subject(f"criterion:{criterion.name}", criterion.name)
    yield Subject(OVERALL, "Overall")
    for row in facts.components:
        yield Subject(f"component:{row.name}", row.name)


def explained(store: Store, facts: Facts, id: str) -> Explanation | None:
    """The explanation of `id`; None where it is none of these."""
    kind, _, name = id.partition(":")
    if id == "verdict":
        return _verdict(facts)
    if id == OVERALL:
        return Explanation(id, "Overall", tuple(_row_parts(store, facts, facts.overall, None)))
    if kind == "criterion":
        criterion = facts.criterion(name)
        return Explanation(id, name, (_criterion(criterion),)) if criterion else None
    if kind == "component":
        row = next((row for row in facts.components if row.name == name), None)
        return Explanation(id, name, tuple(_row_parts(store, facts, row, name))) if row else None
    return None


def _verdict(facts: Facts) -> Explanation:
    verdict = facts.verdict
    records = [f"{c.name}: {c.state}, needed {c.needed}, got {c.got}" for c in verdict.criteria]
    arithmetic = [verdict.outlook] if verdict.outlook else []
    if not facts.overall.tally.executed:
        arithmetic.append("no test was executed")
    part = Part("word", str(verdict.word), rules.VERDICT, tuple(arithmetic), tuple(records))
    return Explanation("verdict", "verdict", (part,))


def _criterion(criterion: Criterion) -> Part:
    arithmetic = [f"needed: {criterion.needed}", f"got: {criterion.got}"]
    if criterion.arithmetic:
        arithmetic.append(criterion.arithmetic)
    if criterion.state == "unknown" and criterion.pending:
        arithmetic.append(f"it will be met if {criterion.pending}")
    rule = rules.CRITERIA[criterion.kind]
    return Part("state", str(criterion.state), rule, tuple(arithmetic), criterion.evidence)


def _row_parts(store: Store, facts: Facts, row: Row, component: str | None) -> Iterator[Part]:
    tally = row.tally
    tests = _Tests(store, component)
    sum_of = " + ".join(
        f"{number:,} {what}"
        for number, what in (
            (tally.passed, "passed"),
            (tally.failed, "failed"),
            (tally.errors, "errors"),
            (tally.skipped, "skipped"),
            (tally.running, "running"),
        )
        if number or what != "running"
    )
    yield Part("tests", f"{tally.tests:,}", rules.TESTS, (f"{tally.tests:,} = {sum_of}",), tests.by_source())
    for outcome, name, number in (
        (Outcome.PASSED, "passed", tally.passed),
        (Outcome.FAILED, "failed", tally.failed),
        (Outcome.ERROR, "errors", tally.errors),
        (Outcome.SKIPPED, "skipped", tally.skipped),
        (Outcome.RUNNING, "running", tally.running),
    ):
        records = tests.of(outcome, number)
        yield Part(name, f"{number:,}", rules.OUTCOMES[name], records=records)
    for flag, name, number in (
        (Flag.FLAKY, "flaky", tally.flaky),
        (Flag.XFAIL, "xfailed", tally.xfailed),
        (Flag.XPASS, "xpassed", tally.xpassed),
    ):
        if number or flag is Flag.FLAKY:
            records = tests.flagged(flag, number)
            yield Part(name, f"{number:,}", rules.FLAGS[name], records=records)
    surplus = (tally.explanation(),) if tally.outcomes != tally.tests else ("as many as tests",)
    several = tests.where(lambda result: result.outcomes > 1, tally.teardown_errors + tally.rerun)
    yield Part("outcomes", f"{tally.outcomes:,}", rules.OUTCOMES_STATED, surplus, several)
    yield _rate(row)
    yield _status(store, row)
    yield _delta(store, row, component)
    yield Part("duration", f"{tally.duration:.3f} s", rules.DURATION)
    yield _not_run(store, facts, row, component)
    if row.hollow:
        marks = listed(map(str, row.hollow), len(row.hollow))
        yield Part("hollow", f"{len(row.hollow):,}", rules.HOLLOW, records=marks)


def _rate(row: Row) -> Part:
    tally = row.tally
    left_out = f"{tally.skipped:,} skipped - {tally.running:,} running"
    executed = f"{tally.tests:,} tests - {left_out} = {tally.executed:,} executed"
    if tally.rate is None:
        return Part("rate", "none", rules.RATE, (executed,))
    return Part(
        "rate",
        f"{tally.rate:.2f} %",
        rules.RATE,
        (executed, f"{tally.passed:,} passed / {tally.executed:,} executed = {tally.rate:.4f} %"),
    )


def _status(store: Store, row: Row) -> Part:
    bands = [f"{name} from {least:g} %" for name, least in store.rules.bands]
    said = {
        NOT_RUN: "nothing was executed, so that there is no rate",
        RUNNING: "more may come, so that no word is earned yet",
    }
    rate = row.tally.rate
    why = said.get(row.status) or f"{rate or 0.0:.4f} % is {row.status}"
    return Part("status", row.status, rules.STATUS, (why,), tuple(bands))


def _delta(store: Store, row: Row, component: str | None) -> Part:
    comparison = store.comparison
    if row.delta is None or comparison is None:
        return Part("delta", "none", rules.DELTA, (row.delta_note,) if row.delta_note else ())
    shared, then = comparison.shared(component), comparison.size(component)
    rates = [
        f"{when} {passed:,}/{executed:,}"
        for when, passed, executed in (
            ("now", shared.passed_now, shared.executed_now),
            ("then", shared.passed_then, shared.executed_then),
        )
    ]
    return Part(
        "delta",
        f"{row.delta:+.2f}",
        rules.DELTA,
        (
            f"{shared.tests:,} tests are in both, of {row.tally.tests:,} now and {then:,} then",
            ", ".join(rates),
        ),
    )


def _not_run(store: Store, facts: Facts, row: Row, component: str | None) -> Part:
    found = facts.not_run
    if row.not_run is None:
        return Part("not_run", "unknown", rules.NOT_RUN, ("nothing says what was to run",))
    arithmetic = [f"plans: {', '.join(found.plans) or 'the baseline'}"]
    if row.not_run and found.reason:
        arithmetic.append(found.reason)
    if found.to_come is not None:
        arithmetic.append(f"{found.to_come:,} still to come")
    told = listed(labels(store, found, component), row.not_run) if row.not_run else ()
    return Part("not_run", f"{row.not_run:,}", rules.NOT_RUN, tuple(arithmetic), told)


class _Tests:
    """The tests of one component, or of all."""

    def __init__(self, store: Store, component: str | None) -> None:
        self._store = store
        self._component = component

    def _items(self) -> Iterator[tuple[TestKey, TestResult]]:
        for key, result in self._store.tests.items():
            if self._component is None or self._store.component(key) == self._component:
                yield key, result

    def where(self, chosen: Chosen, number: int) -> tuple[str, ...]:
        """Those that are `chosen`, of which there are `number`."""
        if not number:
            return ()
        return listed((_record(result) for _, result in self._items() if chosen(result)), number)

    def of(self, outcome: Outcome, number: int) -> tuple[str, ...]:
        """Those with this outcome, of which there are `number`."""
        return self.where(lambda result: result.outcome is outcome, number)

    def flagged(self, flag: Flag, number: int) -> tuple[str, ...]:
        """Those with this flag, of which there are `number`."""
        return self.where(lambda result: flag in result.flags, number)

    def by_source(self) -> tuple[str, ...]:
        """How many tests each source tells of."""
        counts: dict[str, int] = {}
        for _, result in self._items():
            counts[result.last.source] = counts.get(result.last.source, 0) + 1
        return listed((f"{source}: {number:,}" for source, number in sorted(counts.items())), len(counts))


def _record(result: TestResult) -> str:
    attempt = result.last
    where = f"{attempt.source}, byte {attempt.spans[0].offset:,}" if attempt.spans else attempt.source
    flags = "".join(f", {flag}" for flag in sorted(result.flags))
    return f"{result.label} ({result.outcome}{flags}; {where})"
