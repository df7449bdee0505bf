"""How facts are put into words and signs: shared by the reports and the view.

May import `core` and `text`. Nothing is told by colour alone: every outcome, status and state has a
sign or a word of its own, and a name of a style that each front end maps to its colours.
"""

from tui.core.baseline import Change
from tui.core.causes import Cause
from tui.core.claims.judged import ClaimVerdict, JudgedPage
from tui.core.components import NOT_RUN, RUNNING
from tui.core.criteria import CriterionState
from tui.core.facts import Facts, Row
from tui.core.golden import EventVerdict, Instance, OpenPair, PathVerdict, Word
from tui.core.model import Outcome, Problem, SourceState, TestResult
from tui.core.progress import Progress
from tui.core.running import Running
from tui.core.verdict import VerdictWord
from tui.text import counted

OUTCOME_SIGNS = {
    Outcome.PASSED: "✔",
    Outcome.FAILED: "F",
    Outcome.ERROR: "E",
    Outcome.SKIPPED: "s",
    Outcome.RUNNING: "▸",
}
CRITERION_SIGNS = {CriterionState.MET: "✔", CriterionState.NOT_MET: "✖", CriterionState.UNKNOWN: "?"}
CHANGE_SIGNS = {
    Change.NEW_FAILURE: "▼",
    Change.STILL_FAILING: "=",
    Change.FIXED: "▲",
    Change.NEW_TEST: "+",
    Change.NEWLY_SKIPPED: "s",
    Change.VANISHED: "?",
}
VERDICT_SIGNS = {VerdictWord.READY: "✔", VerdictWord.NOT_READY: "✖", VerdictWord.UNKNOWN: "?"}

OUTCOME_STYLES = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "failed",
    Outcome.ERROR: "error",
    Outcome.SKIPPED: "muted",
    Outcome.RUNNING: "running",
}
CRITERION_STYLES = {
    CriterionState.MET: "passed",
    CriterionState.NOT_MET: "failed",
    CriterionState.UNKNOWN: "warning",
}
VERDICT_STYLES = {
    VerdictWord.READY: "passed",
    VerdictWord.NOT_READY: "failed",
    VerdictWord.UNKNOWN: "warning",
}
CHANGE_STYLES = {
    Change.NEW_FAILURE: "failed",
    Change.STILL_FAILING: "error",
    Change.FIXED: "passed",
    Change.NEW_TEST: "running",
    Change.NEWLY_SKIPPED: "warning",
    Change.VANISHED: "warning",
}
WORD_STYLES = {
    Word.OPTIONAL: "muted",
    Word.PROVEN: "passed",
    Word.ORDER_UNKNOWN: "warning",
    Word.CLAIMED: "warning",
    Word.SEEN: "running",
    Word.STALE: "warning",
    Word.NOT_RUN: "warning",
    Word.MISSING: "muted",
    Word.FAILED: "failed",
}
STATE_STYLES = {
    SourceState.COMPLETE: "passed",
    SourceState.GROWING: "running",
    SourceState.CUT_SHORT: "failed",
    SourceState.NOT_WHOLE: "failed",
    SourceState.EMPTY: "warning",
    SourceState.STALE: "warning",
    SourceState.UNREADABLE: "failed",
    SourceState.GONE: "muted",
}

CLAIM_SIGNS = {
    ClaimVerdict.TRUE: "✔",
    ClaimVerdict.FALSE: "✖",
    ClaimVerdict.CONTRADICTS: "≠",
    ClaimVerdict.NOT_SUPPORTED: "?",
}
CLAIM_STYLES = {
    ClaimVerdict.TRUE: "passed",
    ClaimVerdict.FALSE: "failed",
    ClaimVerdict.CONTRADICTS: "failed",
    ClaimVerdict.NOT_SUPPORTED: "warning",
}


def rate(row: Row) -> str:
    """The success rate as it stands in a table: "49.4%", or a dash where nothing was executed."""
    return "–" if row.tally.rate is None else f"{floored(row.tally.rate, 1):.1f}%"


def floored(number: float, places: int) -> float:
    """`number` rounded, but never up to a whole 100: a rate of 100 % has no failure in it."""
    rounded = round(number, places)
    return rounded if number >= 100 or rounded < 100 else 100 - 10.0**-places


def rate_style(row: Row, bands: tuple[tuple[str, float], ...]) -> str:
    """The style of a rate or status: by the position of its band, whatever the band is called.

    None is green where more is demanded.
    """
    if row.status in (NOT_RUN, RUNNING) or row.tally.rate is None:
        return "running" if row.status == RUNNING else "warning"
    names = [name for name, _ in bands]
    position = names.index(row.status) / max(len(names) - 1, 1)
    if position <= 0.34 and not row.unmet:
        return "passed"
    return "failed" if position == 1 else "error"


def delta(row: Row) -> tuple[str, str]:
    """The change since the baseline with its sign, and its style."""
    if row.delta is None:
        return ("≠", "muted") if row.delta_note.startswith("not comparable") else ("–", "muted")
    if round(row.delta, 1) == 0:
        return "=", "muted"
    return (f"▲{row.delta:.1f}", "passed") if row.delta > 0 else (f"▼{-row.delta:.1f}", "failed")


def changes(kind: Change, number: int) -> str:
    """A kind of change as it stands behind its number: "11 new failures"."""
    nouns = (Change.NEW_FAILURE, Change.NEW_TEST)
    return f"{kind}s" if kind in nouns and number != 1 else str(kind)


def number(count: int) -> str:
    """A count in a table: a dot for none."""
    return f"{count:,}" if count else "·"


def seconds(duration: float | None) -> str:
    """A duration as people say it: "< 1 ms", "4 ms", "5.02 s", "11m42s", "3h05m"."""
    if duration is None:
        return ""
    if 0 < duration < 0.001:
        return "< 1 ms"
    if duration < 0.9995:
        return f"{duration * 1000:.0f} ms"
    if duration < 60:
        return f"{duration:.2f} s"
    minutes = int(duration // 60)
    if minutes < 60:
        return f"{minutes}m{int(duration % 60):02}s"
    return f"{minutes // 60}h{minutes % 60:02}m"


def clock(duration: float) -> str:
    """A span of time to the second: "12 s", "11m42s"."""
    return f"{duration:.0f} s" if duration < 60 else seconds(duration)


def over_time(running: Running) -> str:
    """How long a running test takes beside what it took: "9 × its 3.8 s"; empty where that is usual."""
    if not running.is_over or running.times is None:
        return ""
    times = f"{running.times:.0f}" if running.times < 1000 else "1,000 and more"
    return f"{times} × its {seconds(running.usual)}"


def time_left(progress: Progress) -> str:
    """How much longer the run takes: "about 3 min left"; empty where that is not known.

    In steps that grow with it, so that it neither flickers nor claims to be exact.
    """
    if progress.left is None:
        return ""
    about = "at least" if progress.at_least else "about"
    left = progress.left
    if left < 10:
        return "a few seconds left" if not progress.at_least else ""
    if left < 55:
        return f"{about} {round(left, -1):.0f} s left"
    if left < 55 * 60:
        return f"{about} {max(round(left / 60), 1)} min left"
    return f"{about} {round(left / 1800) / 2:g} h left"


def outcome(result: TestResult) -> str:
    """What became of a test, in words: "failed in call + errored in teardown"."""
    verbs = {Outcome.FAILED: "failed", Outcome.ERROR: "errored"}
    if not result.outcome.is_bad:
        return f"{result.outcome}: {result.last.reason}" if result.last.reason else str(result.outcome)
    parts = []
    for failure in result.failures:
        verb = verbs[failure.outcome]
        parts.append(f"{verb} in {failure.phase}" if failure.phase else verb)
    return " + ".join(dict.fromkeys(parts))


def claims(page: JudgedPage) -> str:
    """What became of a page's claims: "STATUS.md: 11 of 26 claims are not so"."""
    total = len(page.claims)
    if not total:
        return f"{page.name}: {page.problem or 'it claims nothing that can be counted'}"
    said = f"{page.not_so:,} of {counted(total, 'claim')} {'is' if page.not_so == 1 else 'are'} not so"
    unsupported = page.number(ClaimVerdict.NOT_SUPPORTED)
    if unsupported:
        said += f", {unsupported:,} not supported"
    return f"{page.name}: {said}{'; ' if page.problem else ''}{page.problem}"


def evidence(event: EventVerdict) -> str:
    """What speaks for an event, with the first place to look at; empty where nothing does."""
    if not event.evidence:
        return ""
    first = event.evidence[0]
    told = f"{counted(event.passing_tests, 'passing test')} of {event.tests}"
    return f"{told}, e.g. {place(first.source, first.line) or first.test}"


def problem(problem: Problem) -> str:
    """What is wrong with a source, with its line where there is one."""
    return problem.message if problem.line is None else f"line {problem.line}: {problem.message}"


ALL_VERIFIED = "nothing that was asked for"
"""What stands under "Not verified" where nothing is to be said there."""


def span(gap: float) -> str:
    """A span of time as it stands in a column: "0 ms", "4 ms", "5.02 s", "11m42s"; a clock may run back."""
    return f"-{seconds(-gap)}" if gap < 0 else seconds(gap)


def beside(path: PathVerdict) -> list[str]:
    """What a golden path's instances show beside its events: what is hollow, open, or in no path."""
    said = [open_pair(pairs) for pairs in open_pairs(path)]
    said += [hollow(path)] if path.hollow else []
    return said + ([extras(path)] if path.extras else [])


def hollow(path: PathVerdict) -> str:
    """How many tests pass without all that they should have shown."""
    lack = dict.fromkeys(name for instance in path.hollow for name in instance.missing)
    some = "lacking" if len(lack) == 1 else "lacking some of"
    return f"hollow: {counted(len(path.hollow_tests), 'passing test')} {some} {', '.join(lack)}"


def extras(path: PathVerdict) -> str:
    """The events that no path names."""
    return "extras: " + ", ".join(f"{number:,} {name}" for name, number in path.extras)


def open_pairs(path: PathVerdict) -> list[list[tuple[Instance, OpenPair]]]:
    """What nothing closed, by pair."""
    found: dict[tuple[str, str], list[tuple[Instance, OpenPair]]] = {}
    for instance, pair in path.open_pairs:
        found.setdefault((pair.opens, pair.closes), []).append((instance, pair))
    return list(found.values())


def open_pair(pairs: list[tuple[Instance, OpenPair]]) -> str:
    """How often one event came without the other, and where first."""
    first = pairs[0][1]
    where = place(first.source, first.line)
    return f"open: {len(pairs):,} {first.opens} without {first.closes}, first {where}"


def place(source: str, line: int | None) -> str:
    """A source with the line in it."""
    return source if line is None else f"{source}:{line}"


def unverified(facts: Facts) -> list[str]:
    """What nobody can conclude from these results: said in every report."""
    said = [f"{row.name}: did not run" for row in facts.components if not row.tally.executed]
    said += [
        f"{criterion.name}: {criterion.got}"
        for criterion in facts.verdict.criteria
        if criterion.state is CriterionState.UNKNOWN
    ]
    for path in facts.golden_paths:
        lacking = [e for e in path.events if e.word not in (Word.PROVEN, Word.OPTIONAL)]
        said += [f"{path.name}: {event.name} {event.word}" for event in lacking]
        if not path.is_proven:
            said.append(f"{path.name}: {path.order_in_words}")
    if not facts.regressions.known:
        said.append("regressions: UNKNOWN, " + (facts.regressions.problem or "there is no baseline"))
    said += [
        f"{row.path}: {row.state}"
        for row in facts.sources
        if row.state not in (SourceState.COMPLETE, SourceState.STALE)
    ]
    if facts.overall.tally.skipped:
        said.append(counted(facts.overall.tally.skipped, "skipped test"))
    if facts.overall.tally.running:
        said.append(counted(facts.overall.tally.running, "running test"))
    if facts.not_run.number:
        said.append(f"{counted(facts.not_run.number, 'planned test')} not run")
    said += [f"hollow? {mark}" for mark in facts.hollow]
    return said


def standing(cause: Cause) -> str:
    """Where a cause is, and how many tests it keeps from being run: "blocks 3 tests, conftest.py:31 db"."""
    blocks = f"blocks {counted(cause.blocked, 'test')}" if cause.blocked else ""
    return ", ".join(part for part in (blocks, cause.where) if part)
