"""Records -> one test with one outcome: the rules of TRUTH 1.

May import `core.model` only. Invariants: folding is pure, and depends on the order of a source's
records alone, never on how they were batched; a failed call is never hidden by what comes after it,
and nothing unfinished counts as passed; a record costs the same however many of its test came before.
"""

from msgspec.structs import replace

from tui.core.model import (
    NO_FLAGS,
    Attempt,
    Failure,
    Flag,
    Outcome,
    Phase,
    Span,
    TestRecord,
    TestResult,
    TestStarted,
)

_KEPT = 100
"""The most attempts that are kept of a test, and failures and spans of an attempt."""

_UNWRITTEN = Failure(Outcome.FAILED, message="This attempt was repeated; its runner wrote no reason for it.")


def begin(result: TestResult | None, event: TestStarted, source: str) -> TestResult:
    """The test of which nothing is known yet but that it began."""
    attempt = Attempt(
        Outcome.RUNNING,
        started=event.at,
        finished=False,
        spans=(event.span,) if event.span else (),
        source=source,
    )
    if result is None:
        return TestResult(event.test, event.label, Outcome.RUNNING, (attempt,), location=event.location)
    return _with_attempts(result, (*result.attempts, attempt))


def fold(result: TestResult | None, record: TestRecord, source: str) -> TestResult:
    """`result` with `record`, the next one of the same test in the same source, taken in."""
    if result is None and record.final and not record.earlier:
        return _only(record, source)
    if result is None:
        attempts: tuple[Attempt, ...] = ()
        result = TestResult(record.test, record.label, record.outcome, (), location=record.location)
    else:
        attempts = result.attempts
    if attempts and _continues(attempts[-1], record):
        attempts = (*attempts[:-1], _extended(attempts[-1], record))
    else:
        attempts = (*_superseded(attempts), *_earlier(record, source), _attempt(record, source))
    if record.location and not result.location:
        result = replace(result, location=record.location)
    return _with_attempts(result, attempts)


def _only(record: TestRecord, source: str) -> TestResult:
    """A test that has one record: of a million most are so, and this takes a third."""
    failures, outcome, span, flags = record.failures, record.outcome, record.span, record.flags or NO_FLAGS
    if failures or (outcome is not Outcome.PASSED and outcome is not Outcome.SKIPPED):
        outcome = _outcome(failures, skipped=outcome is Outcome.SKIPPED, finished=True)
    attempt = Attempt(
        outcome,
        failures if len(failures) <= _KEPT else _some(failures),
        record.duration,
        record.started,
        flags=flags,
        reason=record.reason,
        spans=(span,) if span else (),
        source=source,
        worker=record.worker,
    )
    return TestResult(record.test, record.label, outcome, (attempt,), flags, record.location)


def cut_short(result: TestResult, reason: str) -> TestResult:
    """A test that began and never finished, once its run is known to be over: never passed."""
    attempt = result.last
    outcome, failures, duration = attempt.outcome, attempt.failures, attempt.duration
    if not outcome.is_bad:
        outcome = Outcome.ERROR
        if attempt.phase is not Phase.TEARDOWN:
            duration = None  # the phases that ended say nothing of how long its call took
        where = f"in {attempt.phase}" if attempt.phase else "in flight"
        failures = (Failure(outcome, attempt.phase, "Cut short", f"{where} when the run stopped: {reason}"),)
    flags = attempt.flags | {Flag.CUT_SHORT}
    attempt = replace(attempt, outcome=outcome, failures=failures, duration=duration, flags=flags)
    return _with_attempts(result, (*result.attempts[:-1], attempt))


def overlay(runs: tuple[TestResult, ...]) -> TestResult:
    """One test that several runs executed, earliest first: the last run's outcome is the current one."""
    return _with_attempts(runs[-1], tuple(attempt for run in runs for attempt in run.attempts))


def _continues(attempt: Attempt, record: TestRecord) -> bool:
    if not attempt.finished:
        # A phase that comes first, and a pass of all phases, begin an attempt anew.
        is_first = record.phase is Phase.SETUP or (record.phase is None and record.outcome is Outcome.PASSED)
        return not is_first or attempt.phase is None
    # pytest writes a test that failed in call and errored in teardown as two elements of one name.
    return (
        record.phase is Phase.TEARDOWN
        and attempt.outcome is Outcome.FAILED
        and all(failure.phase is not Phase.TEARDOWN for failure in attempt.failures)
    )


def _attempt(record: TestRecord, source: str) -> Attempt:
    return _extended(Attempt(Outcome.RUNNING, started=record.started, finished=False, source=source), record)


def _extended(attempt: Attempt, record: TestRecord) -> Attempt:
    failures = attempt.failures + record.failures
    skipped = Outcome.SKIPPED in (attempt.outcome, record.outcome)
    torn_down_badly = record.phase is Phase.TEARDOWN and bool(record.failures)
    flags = attempt.flags | record.flags if record.flags else attempt.flags
    if torn_down_badly and attempt.outcome is Outcome.FAILED:
        flags |= {Flag.TEARDOWN_ERROR}
    return Attempt(
        outcome=_outcome(failures, skipped=skipped, finished=record.final),
        failures=_some(failures),
        duration=_sum(attempt.duration, record.duration),
        started=attempt.started if attempt.started is not None else record.started,
        records=attempt.records + (torn_down_badly and attempt.outcome is Outcome.FAILED),
        finished=record.final,
        flags=flags,
        reason=record.reason or attempt.reason,
        spans=_spans(attempt, record),
        source=attempt.source,
        worker=record.worker or attempt.worker,
        phase=_next_phase(record),
    )


def _spans(attempt: Attempt, record: TestRecord) -> tuple[Span, ...]:
    """Where it stands: phases that follow one another in the file are one piece; so is all of a test."""
    span, spans = record.span, attempt.spans
    if span is None:
        return spans
    if spans and not attempt.finished:
        last = spans[-1]
        if last.end == span.offset:
            return (*spans[:-1], Span(last.offset, last.length + span.length))
        if span.offset <= last.offset and last.end <= span.end:
            return (*spans[:-1], span)
    return (*spans[: _KEPT - 1], span)


def _outcome(failures: tuple[Failure, ...], *, skipped: bool, finished: bool) -> Outcome:
    if len(failures) == 1:
        return Outcome.FAILED if failures[0].outcome is Outcome.FAILED else Outcome.ERROR
    if failures:
        stated = [failure.outcome for failure in failures]
        return Outcome.FAILED if Outcome.FAILED in stated else Outcome.ERROR
    if skipped:
        return Outcome.SKIPPED
    return Outcome.PASSED if finished else Outcome.RUNNING


def _next_phase(record: TestRecord) -> Phase | None:
    if record.final or record.phase is None:
        return None
    after = {Phase.SETUP: Phase.CALL, Phase.CALL: Phase.TEARDOWN}
    return Phase.TEARDOWN if record.failures else after.get(record.phase)


def _superseded(attempts: tuple[Attempt, ...]) -> tuple[Attempt, ...]:
    """`attempts`, the last of which was repeated: a pass without a reason to repeat it is a phantom."""
    if not attempts or attempts[-1].outcome is not Outcome.PASSED:
        return attempts
    phantom = replace(attempts[-1], outcome=Outcome.FAILED, failures=(_UNWRITTEN,))
    return (*attempts[:-1], phantom)


def _earlier(record: TestRecord, source: str) -> tuple[Attempt, ...]:
    return tuple(
        Attempt(
            failure.outcome, (failure,), records=0, source=source, spans=(record.span,) if record.span else ()
        )
        for failure in record.earlier
    )


def _some(failures: tuple[Failure, ...]) -> tuple[Failure, ...]:
    """The first of very many failures, with one that decides the outcome among them."""
    if len(failures) <= _KEPT:
        return failures
    decisive = next((failure for failure in failures if failure.outcome is Outcome.FAILED), failures[0])
    return (decisive, *(failure for failure in failures[:_KEPT] if failure is not decisive))[:_KEPT]


def _thinned(attempts: tuple[Attempt, ...]) -> tuple[Attempt, ...]:
    """The first and the last of very many attempts, and between them one, a bad one, for all others."""
    if len(attempts) <= _KEPT:
        return attempts
    half = _KEPT // 2
    between = attempts[half - 1 : -half]
    shown = next((attempt for attempt in between if attempt.outcome.is_bad), between[0])
    shown = replace(
        shown,
        records=sum(attempt.records for attempt in between),
        others=sum(1 + attempt.others for attempt in between) - 1,
    )
    return (*attempts[: half - 1], shown, *attempts[-half:])


def _with_attempts(result: TestResult, attempts: tuple[Attempt, ...]) -> TestResult:
    attempts = _thinned(attempts)
    last = attempts[-1]
    flags = last.flags
    if len(attempts) > 1:
        repeated = {Flag.RERUN}
        if last.outcome is Outcome.PASSED and any(a.outcome.is_bad for a in attempts[:-1]):
            repeated.add(Flag.FLAKY)
        flags = flags | repeated
    return replace(result, outcome=last.outcome, attempts=attempts, flags=flags or NO_FLAGS)


def _sum(one: float | None, other: float | None) -> float | None:
    if one is None:
        return other
    return one if other is None else one + other
