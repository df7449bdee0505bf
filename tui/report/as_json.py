"""The machine's view: one JSON object, schema 1 (docs/report.md). May import `core`."""

import json
from datetime import UTC, datetime
from typing import Any

from tui import __version__
from tui.core.baseline import Change
from tui.core.causes import Cause
from tui.core.causes.why import why
from tui.core.facts import Facts, Regressions, Row, SourceRow
from tui.core.golden import PathVerdict
from tui.core.model import TestKey
from tui.core.store import Store
from tui.core.tally import Tally

SCHEMA = 1

Json = dict[str, Any]


def render(store: Store, facts: Facts, *, directory: str, title: str, all_tests: bool = False) -> str:
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
        "sources": [_source(row) for row in facts.sources],
        "other_files": [{"path": path, "reason": reason} for path, reason in facts.others],
        "golden_paths": [_golden_path(path) for path in facts.golden_paths],
        "regressions": _regressions(store, facts.regressions),
        "causes": [_cause(store, cause) for cause in facts.causes],
        "failures": [_test(store, key) for key in store.failures()],
        "notes": list(facts.notes),
    }
    if all_tests:
        report["tests"] = [_test(store, key) for key in store.tests]
    return json.dumps(report, ensure_ascii=False, indent=2)


def verdict(facts: Facts) -> Json:
    """The verdict with its criteria."""
    return {
        "word": facts.verdict.word,
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
    }


def _source(row: SourceRow) -> Json:
    claimed = row.claimed
    return {
        "path": row.path,
        "format": row.format,
        "producer": row.producer or None,
        "state": row.state,
        "reason": row.reason or None,
        "repaired": row.repaired,
        "age": round(row.age, 1),
        **_counts(row.tally),
        "events": row.events,
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
        "events": [
            {
                "name": event.name,
                "grade": event.word.grade,
                "word": event.word,
                "evidence": [
                    {
                        "kind": evidence.kind,
                        "source": evidence.source or None,
                        "line": evidence.line,
                        "test": evidence.test,
                        "outcome": evidence.outcome,
                        "note": evidence.note or None,
                    }
                    for evidence in event.evidence
                ],
            }
            for event in path.events
        ],
    }


def _regressions(store: Store, regressions: Regressions) -> Json:
    def labels(kind: Change) -> list[str]:
        if store.comparison is None:
            return []
        return [store.tests[key].label for key in store.comparison.tests(kind)]

    return {
        "baseline": regressions.baseline,
        "state": "known" if regressions.known else "unknown",
        "problem": regressions.problem or None,
        "comparable": regressions.comparable if regressions.known else None,
        "shared": regressions.shared,
        "new_failures": labels(Change.NEW_FAILURE),
        "still_failing": labels(Change.STILL_FAILING),
        "fixed": labels(Change.FIXED),
        "new_tests": labels(Change.NEW_TEST),
        "vanished": [test.label for test in regressions.vanished],
        "newly_skipped": labels(Change.NEWLY_SKIPPED),
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
    }


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 2)
