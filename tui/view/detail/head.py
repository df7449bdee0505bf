"""The head of a test's detail: what it is, what became of it, and why, in a few rows.

May import `core`, `report.words`, `text` and `view.ink`. Pure.
"""

from datetime import UTC, datetime

from tui.core.baseline import Change
from tui.core.identity import parted
from tui.core.marks import Known, Standing
from tui.core.model import Flag, Outcome, TestKey, TestResult
from tui.core.store import Store
from tui.report import words
from tui.view.ink import Line, Piece, wrapped

SOURCE_WANTED = "source"

_SINCE = {
    Change.NEW_FAILURE: "new since the baseline",
    Change.STILL_FAILING: "failed in the baseline too",
    Change.FIXED: "fixed since the baseline",
    Change.NEW_TEST: "not in the baseline",
    Change.NEWLY_SKIPPED: "not skipped in the baseline",
    Change.VANISHED: "vanished",
}


def head(store: Store, key: TestKey, result: TestResult, width: int) -> list[Line]:
    """At most five rows and a blank one. A click on the location says SOURCE_WANTED."""
    failure = result.failure
    location = failure.location if failure and failure.location else result.location
    place, name = parted(result.label)
    stands = str(location or place)
    # Of a test that stands nowhere at least its results do.
    where = Piece(stands, "link", action=SOURCE_WANTED) if stands else Piece(result.last.source, "muted")
    facts: list[Line] = [[where]]
    facts.append([Piece(store.component(key), "muted")])
    if result.duration is not None and result.outcome is not Outcome.RUNNING:
        facts.append([Piece(words.seconds(result.duration), "muted")])
    if len(result.attempts) > 1:
        facts.append([Piece(f"attempt {result.executions} of {result.executions}", "warning")])
    if result.last.worker:
        facts.append([Piece(result.last.worker, "muted")])
    if result.last.started:
        facts.append([Piece(f"began {_time(result.last.started)}", "muted")])
    ink = words.OUTCOME_STYLES[result.outcome]
    sign = "✖" if result.outcome.is_bad else words.OUTCOME_SIGNS[result.outcome]
    told = [Piece(f"{sign} {words.outcome(result)}", ink, bold=True)]
    told += [Piece(f"   {flag}", "warning") for flag in sorted(result.flags - {Flag.TEARDOWN_ERROR})]
    told += _known(store.known(key))
    change = store.change(key)
    if change is not None:
        ink = "failed" if change is Change.NEW_FAILURE else "muted"
        told.append(Piece(f"   {_SINCE[change]}", ink))
    lines: list[Line] = [[Piece(name, "strong", bold=True, name=True)]]
    lines += [*wrapped(facts, width, 3)[:2], told]
    if failure is not None:
        ink = words.OUTCOME_STYLES[failure.outcome]
        lines.append([Piece(failure.headline, ink)])
    return [*lines, []]


def _known(known: Known | None) -> list[Piece]:
    """Why a test is known to fail, and what became of that."""
    if known is None:
        return []
    if known.standing is Standing.DIFFERENTLY:
        said, ink = str(Standing.DIFFERENTLY), "warning"
    elif known.standing.fails:
        said, ink = "known", "muted"
    else:
        said, ink = "marked as known to fail", "warning"
    return [Piece(f"   {said}: ", ink), Piece(known.mark.reason, ink)]


def _time(started: float) -> str:
    """A time as everybody reads it alike, wherever the results were written."""
    try:
        return datetime.fromtimestamp(started, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (ValueError, OverflowError, OSError):
        return "at no time that there is"
