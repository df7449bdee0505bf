"""Explains golden paths, changes since the baseline, causes, sources and single tests.

May import the rest of `core`. Pure.
"""

from collections.abc import Iterator

from tui.core.baseline import Change
from tui.core.causes.why import why
from tui.core.explain import rules
from tui.core.explain.model import Explanation, Part, Subject, listed
from tui.core.facts import Facts
from tui.core.golden import EventVerdict, Evidence
from tui.core.model import Attempt, TestResult
from tui.core.sourcerows import SourceRow
from tui.core.store import Store
from tui.core.table import claim_gaps


def subjects(facts: Facts) -> Iterator[Subject]:
    """Every golden path and event, kind of change, cause and source."""
    for path in facts.golden_paths:
        yield Subject(f"golden:{path.name}", f"golden path {path.name}")
        for event in path.events:
            yield Subject(f"golden:{path.name}/{event.name}", event.name)
    if facts.regressions.known:
        for kind in Change:
            yield Subject(f"change:{kind}", str(kind))
        yield Subject("change:moved", "moved")
    for number, cause in enumerate(facts.causes, 1):
        yield Subject(f"cause:{number}", cause.title)
    for row in facts.sources:
        yield Subject(f"source:{row.path}", row.path)


def explained(store: Store, facts: Facts, id: str) -> Explanation | None:
    """The explanation of `id`; None where it is none of these."""
    kind, _, name = id.partition(":")
    match kind:
        case "golden":
            return _golden(facts, id, name)
        case "change" if facts.regressions.known:
            part = _change(store, facts, name)
            title = f"since {facts.regressions.baseline}: {name}"
            return Explanation(id, title, (part,)) if part else None
        case "cause":
            return _cause(store, facts, id, name)
        case "source":
            row = next((row for row in facts.sources if row.path == name), None)
            return Explanation(id, name, tuple(_source(row))) if row else None
        case "test":
            key = store.find(name)
            return Explanation(id, store.tests[key].label, tuple(_test(store.tests[key]))) if key else None
    return None


def _golden(facts: Facts, id: str, name: str) -> Explanation | None:
    for path in facts.golden_paths:
        if path.name == name:
            said = [f"{path.proven} of {path.demanded} events proven", path.order_in_words]
            if path.first_break:
                said.append(f"first break: {path.first_break}")
            events = tuple(f"{event.word.grade} {event.name}: {event.word}" for event in path.events)
            part = Part("state", str(path.state), rules.GOLDEN_PATH, tuple(said), events)
            return Explanation(id, f"golden path {name}", (part,))
        for event in path.events:
            if f"{path.name}/{event.name}" == name:
                return Explanation(id, event.name, (_event(event),))
    return None


def _event(event: EventVerdict) -> Part:
    said = f"{event.passing_tests:,} passing of {event.tests:,} tests that its evidence comes from"
    records = listed(map(_evidence, event.evidence), len(event.evidence))
    return Part("word", f"{event.word.grade} {event.word}", rules.GOLDEN_EVENT, (said,), records)


def _evidence(evidence: Evidence) -> str:
    place = evidence.source if evidence.line is None else f"{evidence.source}:{evidence.line}"
    told = [str(evidence.kind), place]
    if evidence.test:
        told.append(f"{evidence.test} ({evidence.outcome})" if evidence.outcome else evidence.test)
    if evidence.note:
        told.append(evidence.note)
    return ", ".join(filter(None, told))


def _change(store: Store, facts: Facts, name: str) -> Part | None:
    comparison, regressions = store.comparison, facts.regressions
    if comparison is None or name not in rules.CHANGES:
        return None
    number = f"{regressions.shared:,} of its {regressions.tests_then:,} tests are here"
    shared = f"compared with {regressions.baseline}: {number}"
    if name == "moved":
        pairs = (f"{store.tests[key].label} was {known.label}" for key, known in comparison.moved.items())
        records = listed(pairs, regressions.moved)
        return Part(name, f"{regressions.moved:,}", rules.CHANGES[name], (shared,), records)
    kind = Change(name)
    if kind is Change.VANISHED:
        labels = (test.label for test in regressions.vanished)
    else:
        labels = (store.tests[key].label for key in comparison.tests(kind))
    count = regressions.numbers[kind]
    return Part(name, f"{count:,}", rules.CHANGES[name], (shared,), listed(labels, count))


def _cause(store: Store, facts: Facts, id: str, number: str) -> Explanation | None:
    if not number.isdecimal() or not 0 < int(number) <= len(facts.causes):
        return None
    cause = facts.causes[int(number) - 1]
    tests = store.cause_tests(cause.signature)
    records = listed((store.tests[key].label for key in tests), len(tests))
    said = [f"at {cause.where}"] if cause.where else []
    said += why(cause)
    part = Part("tests", f"{cause.tests:,}", rules.CAUSE, tuple(said), records)
    return Explanation(id, cause.title, (part,))


def _source(row: SourceRow) -> Iterator[Part]:
    problems = tuple(
        f"{problem.kind}: {problem.message}" + (f" (line {problem.line:,})" if problem.line else "")
        for problem in row.problems
    )
    said = [f"{row.format}, written by {row.producer or 'nobody that can be told'}", f"{row.size:,} bytes"]
    if row.reason:
        said.append(row.reason)
    if row.relation:
        said.append(row.relation)
    yield Part("state", str(row.state), rules.SOURCE, tuple(said), listed(problems, len(problems)))
    gaps = claim_gaps(row.claimed, row.tally) if row.claimed else []
    stated = ("its header and what was counted agree",) if row.claimed and not gaps else tuple(gaps)
    yield Part("tests", f"{row.tally.tests:,}", rules.TESTS, stated)


def _test(result: TestResult) -> Iterator[Part]:
    attempts = tuple(_attempt(number, each) for number, each in enumerate(result.attempts, 1))
    flags = (f"flags: {', '.join(sorted(result.flags))}",) if result.flags else ()
    yield Part("outcome", str(result.outcome), rules.TEST, flags, listed(attempts, len(attempts)))


def _attempt(number: int, attempt: Attempt) -> str:
    where = f"{attempt.source}, byte {attempt.spans[0].offset:,}" if attempt.spans else attempt.source
    bad = "; ".join(f"{f.outcome} in {f.phase or 'the call'}: {f.headline}" for f in attempt.failures)
    return f"attempt {number}: {attempt.outcome} ({where})" + (f" {bad}" if bad else "")
