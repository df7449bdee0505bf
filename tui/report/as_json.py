"""The machine's view: one JSON object, schema 1 (docs/report.md). May import `core` and `words`."""

import json
from datetime import UTC, datetime
from typing import Any

from tui import __version__
from tui.core.baseline import Change
from tui.core.causes import Cause
from tui.core.causes.why import why
from tui.core.claims.judged import ClaimVerdict, JudgedPage
from tui.core.facts import Facts, Regressions, Row
from tui.core.golden import EventVerdict, Evidence, Instance, OpenPair, PathVerdict
from tui.core.marks import Known
from tui.core.model import TestKey
from tui.core.notrun import NotRun, labels
from tui.core.sourcerows import SourceRow
from tui.core.store import Store
from tui.core.tally import Tally
from tui.report import words

SCHEMA = 1

Json = dict[str, Any]


def render(
    store: Store,
    facts: Facts,
    *,
    directory: str,
    title: str,
    claims: JudgedPage | None = None,
    all_tests: bool = False,
) -> str:
    """The whole report as JSON text. `all_tests` adds every test, not only those that failed."""
    report: Json = {
        "schema": SCHEMA,
        "runwatch": __version__,
        "directory": directory,
        "generated": datetime.fromtimestamp(facts.now, UTC).isoformat(timespec="seconds"),
        "title": title or None,
        "live": facts.live,
        "verdict": verdict(facts),
        "overall": _row(facts.overall),
        "components": [{"name": row.name, "required": row.required, **_row(row)} for row in facts.components],
        "golden_paths": [_golden_path(path) for path in facts.golden_paths],
        "causes": [_cause(store, cause) for cause in facts.causes],
        "failures": [_test(store, key) for key in store.failures()],
        "known": facts.known._asdict(),
        "not_run": _not_run(store, facts.not_run),
        "hollow": [
            {"component": mark.component, "subject": mark.subject, "reason": mark.reason}
            for mark in facts.hollow
        ],
        "regressions": _regressions(store, facts.regressions),
        "sources": [_source(row, facts.now) for row in facts.sources],
        "other_files": [{"path": path, "reason": reason} for path, reason in facts.others],
        "notes": list(facts.notes),
        "claims": claims and _claims(claims),
        "not_verified": words.unverified(facts),
    }
    if all_tests:
        report["tests"] = [_test(store, key) for key in store.tests]
    return json.dumps(report, ensure_ascii=False, indent=2)


def verdict(facts: Facts) -> Json:
    """The verdict with its criteria."""
    return {
        "word": facts.verdict.word,
        "outlook": facts.verdict.outlook or None,
        "criteria": [
            {
                "name": criterion.name,
                "needed": criterion.needed,
                "got": criterion.got,
                "state": criterion.state,
                "evidence": list(criterion.evidence),
            }
            for criterion in facts.verdict.criteria
        ],
    }


def _counts(tally: Tally) -> Json:
    return {
        "tests": tally.tests,
        "passed": tally.passed,
        "failed": tally.failed,
        "errors": tally.errors,
        "skipped": tally.skipped,
        "running": tally.running,
        "flaky": tally.flaky,
        "xfailed": tally.xfailed,
        "xpassed": tally.xpassed,
        "outcomes": tally.outcomes,
    }


def _row(row: Row) -> Json:
    return {
        **_counts(row.tally),
        "rate": _rounded(row.tally.rate),
        "status": row.status,
        "duration": round(row.tally.duration, 3),
        "delta": _rounded(row.delta),
        "delta_note": row.delta_note or None,
        "not_run": row.not_run,
    }


def _source(row: SourceRow, now: float) -> Json:
    claimed = row.claimed
    return {
        "path": row.path,
        "format": row.format,
        "producer": row.producer or None,
        "state": row.state,
        "reason": row.reason or None,
        "repaired": row.repaired,
        "age": round(row.age(now), 1),
        **_counts(row.tally),
        "events": row.events,
        "planned": row.planned,
        "relation": row.relation or None,
        "claimed": claimed
        and {
            "tests": claimed.tests,
            "failures": claimed.failures,
            "errors": claimed.errors,
            "skipped": claimed.skipped,
        },
        "problems": [
            {"kind": problem.kind, "line": problem.line, "message": problem.message}
            for problem in row.problems
        ],
    }


def _golden_path(path: PathVerdict) -> Json:
    return {
        "name": path.name,
        "state": path.state,
        "order": path.order,
        "first_break": path.first_break,
        "within": path.within,
        "took": _seconds(path.took),
        "events": [_golden_event(event) for event in path.events],
        "instances": [_instance(instance) for instance in path.instances],
        "hollow": [
            {"test": each.owner.test, "instance": each.owner.value, "missing": list(each.missing)}
            for each in path.hollow
        ],
        "extras": [{"name": name, "count": count} for name, count in path.extras],
        "open_pairs": [
            {"test": each.owner.test, "instance": each.owner.value, **_open_pair(pair)}
            for each, pair in path.open_pairs
        ],
    }


def _golden_event(event: EventVerdict) -> Json:
    return {
        "name": event.name,
        "grade": event.word.grade,
        "word": event.word,
        "required": event.required,
        "mocked": event.mocked,
        "evidence": [_evidence(evidence) for evidence in event.evidence],
    }


def _evidence(evidence: Evidence) -> Json:
    return {
        "kind": evidence.kind,
        "source": evidence.source or None,
        "line": evidence.line,
        "test": evidence.test,
        "outcome": evidence.outcome,
        "note": evidence.note or None,
        "instance": evidence.instance,
        "at": _moment(evidence.at),
        "gap": _seconds(evidence.gap),
    }


def _instance(instance: Instance) -> Json:
    return {
        "test": instance.owner.test,
        "outcome": instance.owner.outcome,
        "instance": instance.owner.value,
        "order": instance.order,
        "first_break": instance.first_break,
        "late": instance.late,
        "took": _seconds(instance.took),
        "missing": list(instance.missing),
        "events": [
            {
                "name": name,
                "source": step.source,
                "line": step.line,
                "at": _moment(step.at),
                "gap": _seconds(step.gap),
                "note": step.note or None,
            }
            for name, step in instance.steps
        ],
        "extras": [{"name": name, "count": count} for name, count in instance.extras],
        "open_pairs": [_open_pair(pair) for pair in instance.open_pairs],
    }


def _open_pair(pair: OpenPair) -> Json:
    return {
        "opens": pair.opens,
        "closes": pair.closes,
        "source": pair.source,
        "line": pair.line,
        "breaks": pair.breaks,
    }


def _not_run(store: Store, not_run: NotRun) -> Json:
    return {
        "state": "known" if not_run.known else "unknown",
        "planned": not_run.planned if not_run.known else None,
        "number": not_run.number if not_run.known else None,
        "to_come": not_run.to_come,
        "plans": list(not_run.plans),
        "reason": not_run.reason or None,
        "problem": not_run.problem or None,
        "tests": list(labels(store, not_run)),
        "modules": list(not_run.modules),
    }


def _regressions(store: Store, regressions: Regressions) -> Json:
    def named(kind: Change) -> list[str]:
        if store.comparison is None:
            return []
        return [store.tests[key].label for key in store.comparison.tests(kind)]

    return {
        "baseline": regressions.baseline,
        "state": "known" if regressions.known else "unknown",
        "problem": regressions.problem or None,
        "comparable": regressions.comparable if regressions.known else None,
        "shared": regressions.shared,
        "new_failures": named(Change.NEW_FAILURE),
        "still_failing": named(Change.STILL_FAILING),
        "fixed": named(Change.FIXED),
        "new_tests": named(Change.NEW_TEST),
        "vanished": [test.label for test in regressions.vanished],
        "newly_skipped": named(Change.NEWLY_SKIPPED),
        "moved": [
            {"id": store.tests[key].label, "was": known.label}
            for key, known in (store.comparison.moved.items() if store.comparison else ())
        ],
    }


def _cause(store: Store, cause: Cause) -> Json:
    return {
        "signature": " | ".join(part for part in cause.signature if part),
        "title": cause.title,
        "outcome": cause.outcome,
        "phase": cause.phase,
        "where": cause.where or None,
        "tests": [store.tests[key].label for key in store.cause_tests(cause.signature)],
        "new": cause.new,
        "kind": cause.kind,
        "blocks": cause.blocked,
        "why": list(why(cause)),
    }


def _test(store: Store, key: TestKey) -> Json:
    result = store.tests[key]
    failure = result.failure
    location = failure.location if failure and failure.location else result.location
    return {
        "id": result.label,
        "component": store.component(key),
        "source": result.last.source,
        "outcome": result.outcome,
        "flags": sorted(result.flags),
        "phase": failure.phase if failure else None,
        "type": (failure.type or None) if failure else None,
        "message": (failure.message.split("\n", 1)[0] if failure else result.last.reason) or None,
        "location": str(location) if location else None,
        "duration": result.duration,
        "known": _known(store.known(key)),
    }


def _known(known: Known | None) -> Json | None:
    if known is None:
        return None
    mark = known.mark
    return {
        "reason": mark.reason,
        "who": mark.who or None,
        "date": mark.date or None,
        "cause": mark.cause or None,
        "now": known.standing,
    }


def _claims(page: JudgedPage) -> Json:
    return {
        "file": page.name,
        "problem": page.problem or None,
        "numbers": {str(verdict): page.number(verdict) for verdict in ClaimVerdict},
        "list": [
            {
                "line": claim.line,
                "component": claim.subject or None,
                "claim": claim.claim,
                "text": claim.text,
                "counted": claim.counted or None,
                "gap": claim.gap or None,
                "verdict": claim.verdict,
                "why": claim.why or None,
            }
            for claim in page.claims
        ],
    }


def _seconds(span: float | None) -> float | None:
    return None if span is None else round(span, 6)


def _moment(at: float | None) -> str | None:
    """A time with its offset; None where there is none, or no calendar has it."""
    try:
        return None if at is None else datetime.fromtimestamp(at, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return None


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 2)
