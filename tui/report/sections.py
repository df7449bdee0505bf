"""Facts -> the document that every format for people draws: what is said, and in which order.

May import `core`, `text`, and `words` and `document` beside it. Counts nothing. Invariants: the formats
differ in depth alone; what a depth leaves out is said with its number; "Not verified" is always there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby, islice

from tui import __version__
from tui.core import causes
from tui.core.baseline import Change
from tui.core.causes import Cause
from tui.core.facts import Facts, Row, SourceRow
from tui.core.golden import EventVerdict, Evidence, PathVerdict
from tui.core.model import Failure, SourceState, TestKey, TestResult
from tui.core.rules import Rules
from tui.core.store import Store
from tui.core.tally import Tally
from tui.core.verdict import Verdict
from tui.report import document, words
from tui.report.document import (
    Block,
    Column,
    Document,
    Excerpt,
    Items,
    Line,
    Part,
    Piece,
    Section,
    Sentence,
    Table,
    said,
    table,
)
from tui.text import age, counted, plain


@dataclass(frozen=True, slots=True)
class Depth:
    """How much of it all is told: the most of each kind that is listed.

    `tests`: under each cause and change. `excerpts`: tracebacks under each cause. `others`: files set
    aside. `lines`: components, sources, notes. `every_test`: of the list of all tests, if there is one.
    """

    causes: int
    tests: int
    excerpts: int
    evidence: int
    problems: int
    others: int
    lines: int
    every_test: int = 0


GLANCE = Depth(causes=10, tests=0, excerpts=0, evidence=0, problems=0, others=0, lines=40)
"""What a picture has room for."""
BRIEF = Depth(causes=10, tests=3, excerpts=0, evidence=0, problems=3, others=0, lines=200)
"""What is read from top to bottom, or pasted."""
FULL = Depth(causes=100, tests=100, excerpts=2, evidence=50, problems=50, others=200, lines=1000)
"""What can be folded: still small enough to be opened, however many tests fail."""


def compose(store: Store, facts: Facts, *, directory: str, title: str, depth: Depth) -> Document:
    """The report on `facts`. The order is that of `Part`."""
    moment = datetime.fromtimestamp(facts.now, UTC)
    sections = [
        criteria(facts.verdict),
        _components(facts, store.rules, depth),
        *(_golden(path, depth) for path in facts.golden_paths),
        *_failures(store, facts, depth),
        _regressions(store, facts, depth),
        _sources(facts, depth),
        *_listed(Part.NOTES, "Notes", facts.notes, "note", depth),
        *_listed(Part.UNVERIFIED, "Not verified", words.unverified(facts) or [words.ALL_VERIFIED], "", depth),
    ]
    if depth.every_test:
        sections.append(_every_test(store, facts, depth))
    return Document(
        title=title or directory,
        directory=directory,
        made=f"{moment:%Y-%m-%d %H:%M:%S} UTC by runwatch {__version__}",
        verdict=verdict(facts.verdict),
        rate=_rate(facts.overall, store.rules),
        account=_account(facts),
        shares=_shares(facts.overall.tally),
        sections=tuple(sections),
    )


def verdict(judged: Verdict) -> Piece:
    """The verdict in one word, with its sign."""
    return Piece(f"{words.VERDICT_SIGNS[judged.word]} {judged.word}", words.VERDICT_STYLES[judged.word])


def criteria(judged: Verdict) -> Section:
    """Every criterion of the verdict: what was needed, and what was got."""
    columns = (
        Column(""),
        Column("Criterion"),
        Column("Needed", flexible=True, lead="needed "),
        Column("Got", flexible=True, lead="got "),
        Column("State"),
    )
    rows = []
    for criterion in judged.criteria:
        style = words.CRITERION_STYLES[criterion.state]
        cells = (
            said(words.CRITERION_SIGNS[criterion.state], style),
            said(criterion.name),
            said(criterion.needed, "muted"),
            said(criterion.got),
            said(criterion.state, style),
        )
        rows.append(document.Row(cells))
    return Section(Part.CRITERIA, "Criteria", blocks=(table(columns, rows),))


# --- the account ------------------------------------------------------------------------------------


def _rate(row: Row, rules: Rules) -> Line:
    style = words.rate_style(row, rules.bands)
    return (
        Piece(f"{row.tally.fraction} passed", "title"),
        Piece(f"  {words.rate(row)}  {row.status}", style),
    )


def _account(facts: Facts) -> Line:
    """The counts as a sum that can be checked: "5 tests = 3 passed + 1 failed + 1 error + 0 skipped"."""
    tally = facts.overall.tally
    terms = [Piece(f"{tally.passed:,} passed{_of_them(flaky=tally.flaky, xpassed=tally.xpassed)}", "passed")]
    terms.append(Piece(f"{tally.failed:,} failed", "failed" if tally.failed else "muted"))
    terms.append(Piece(counted(tally.errors, "error"), "error" if tally.errors else "muted"))
    terms.append(Piece(f"{tally.skipped:,} skipped{_of_them(xfailed=tally.xfailed)}", "muted"))
    if tally.running:
        terms.append(Piece(f"{tally.running:,} running", "running"))
    line = [Piece(counted(tally.tests, "test"), "title")]
    for sign, term in zip(["="] + ["+"] * len(terms), terms, strict=False):
        line += [Piece(f" {sign} ", "muted"), term]
    if facts.live:
        line.append(Piece("; live: more may come", "running"))
    return tuple(line)


def _of_them(**counts: int) -> str:
    told = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)
    return f" ({told})" if told else ""


def _shares(tally: Tally) -> tuple[tuple[int, Piece], ...]:
    shares = (
        (tally.passed, Piece("passed", "passed")),
        (tally.failed, Piece("failed", "failed")),
        (tally.errors, Piece("errors", "error")),
        (tally.skipped, Piece("skipped", "muted")),
        (tally.running, Piece("running", "running")),
    )
    return tuple((count, piece) for count, piece in shares if count)


def _components(facts: Facts, rules: Rules, depth: Depth) -> Section:
    live = facts.overall.tally.running > 0
    headings = ["Tests", "Passed", "Failed", "Errors", "Skipped", *["Running"][: int(live)], "Rate", "Δ"]
    columns = (
        Column("Component", flexible=True),
        *(Column(each, right=True) for each in headings),
        Column("Status"),
    )
    shown = facts.components[: depth.lines]
    rows = []
    for row in (*shown, facts.overall):
        style = words.rate_style(row, rules.bands)
        tally = row.tally
        whole = row is facts.overall
        name = said(row.name, "title" if whole else "")
        if row.required:
            name += said(" (required)", "muted")
        counts = [
            (tally.tests, ""),
            (tally.passed, "passed"),
            (tally.failed, "failed"),
            (tally.errors, "error"),
            (tally.skipped, "muted"),
            *[(tally.running, "running")][: int(live)],
        ]
        change, change_style = words.delta(row)
        cells = (
            name,
            *(said(words.number(count), colour if count else "muted") for count, colour in counts),
            said(words.rate(row), style),
            said(change, change_style),
            said(row.status, style),
        )
        rows.append(document.Row(cells, whole=whole))
    more = _more(len(facts.components) - len(shown), "component")
    return Section(Part.COMPONENTS, "Components", blocks=(table(columns, rows, headed=True, more=more),))


# --- golden paths -----------------------------------------------------------------------------------


def _golden(path: PathVerdict, depth: Depth) -> Section:
    columns = (
        Column("Grade"),
        Column("Event"),
        Column("Word"),
        Column("Evidence", flexible=True, detail=True),
    )
    rows = []
    for event in path.events:
        style = words.WORD_STYLES[event.word]
        cells = (
            said(event.word.grade, style),
            said(event.name),
            said(event.word, style),
            said(words.evidence(event), "muted"),
        )
        below = (_evidence(event, depth),) if depth.evidence and event.evidence else ()
        rows.append(document.Row(cells, below))
    blocks: list[Block] = [table(columns, rows)]
    if path.first_break:
        blocks.append(Sentence(said(f"first break: {path.first_break}", "failed")))
    told = f"{path.state}, {path.proven} of {len(path.events)} proven, order {path.order}"
    style = "passed" if path.is_proven else "warning"
    return Section(Part.GOLDEN, f"Golden path: {path.name}", said(told, style), tuple(blocks))


def _evidence(event: EventVerdict, depth: Depth) -> Table:
    columns = (
        Column("Where", code=True),
        Column("Kind"),
        Column("Outcome"),
        Column("Test", flexible=True, code=True),
    )
    shown = event.evidence[: depth.evidence]
    return table(
        columns,
        tuple(_piece_of_evidence(each) for each in shown),
        more=_more(len(event.evidence) - len(shown), "piece", "of evidence"),
    )


def _piece_of_evidence(evidence: Evidence) -> document.Row:
    outcome = evidence.outcome
    return document.Row(
        (
            said(words.place(evidence)),
            said(evidence.kind, "muted"),
            said(outcome, words.OUTCOME_STYLES[outcome]) if outcome else (),
            said(evidence.test or "") + said(f"  {evidence.note}" if evidence.note else "", "warning"),
        )
    )


# --- failures ---------------------------------------------------------------------------------------


def _failures(store: Store, facts: Facts, depth: Depth) -> list[Section]:
    if not facts.causes:
        return []
    told = f"{counted(facts.failing_tests, 'test')}, {counted(len(facts.causes), 'cause')}"
    if facts.tests_in_several_causes:
        told += f" ({counted(facts.tests_in_several_causes, 'test')} in two)"
    columns = (
        Column(""),
        Column("Tests", right=True),
        Column("Cause", flexible=True),
        Column("Phase"),
        Column("Where", flexible=True, code=True),
        Column("New"),
    )
    shown = facts.causes[: depth.causes]
    rows = []
    for cause in shown:
        cells = (
            said(words.OUTCOME_SIGNS[cause.outcome], words.OUTCOME_STYLES[cause.outcome]),
            said(f"{cause.tests:,}", "title"),
            said(cause.title),
            said(str(cause.phase or ""), "muted"),
            said(cause.where, "muted"),
            said(f"{cause.new:,} new" if cause.new else "", "failed"),
        )
        rows.append(document.Row(cells, _cause_tests(store, cause, depth)))
    more = _more(len(facts.causes) - len(shown), "cause")
    return [Section(Part.FAILURES, "Failures", said(told), (table(columns, rows, more=more),))]


def _cause_tests(store: Store, cause: Cause, depth: Depth) -> tuple[Block, ...]:
    if not depth.tests:
        return ()
    keys = store.cause_tests(cause.signature)
    shown = keys[: depth.tests]
    rows = []
    for position, key in enumerate(shown):
        result = store.tests[key]
        failure = next(each for each in result.failures if causes.signature(each) == cause.signature)
        row = _test(store, key, result, failure.headline if failure.headline != cause.title else "")
        rows.append(replace(row, below=_excerpt(failure)) if position < depth.excerpts else row)
    return (table(_TESTS, tuple(rows), more=_more(len(keys) - len(shown), "test")),)


def _excerpt(failure: Failure) -> tuple[Block, ...]:
    text = plain(failure.text or failure.message)
    return (Excerpt("Traceback", text),) if text.strip() else ()


_TESTS = (
    Column("Test", flexible=True, code=True),
    Column("Component", detail=True),
    Column("Took", right=True, detail=True),
    Column("Said", flexible=True, detail=True),
)


def _test(store: Store, key: TestKey, result: TestResult, message: str) -> document.Row:
    cells = (
        said(result.label),
        said(store.component(key), "muted"),
        said(words.seconds(result.duration), "muted"),
        said(message),
    )
    return document.Row(cells)


def _every_test(store: Store, facts: Facts, depth: Depth) -> Section:
    """Every test by component; the first `depth.every_test` of them."""
    order = {row.name: position for position, row in enumerate(facts.components)}
    keys = sorted(store.tests, key=lambda key: order[store.component(key)])
    shown = islice(keys, depth.every_test)
    columns = (
        Column(""),
        Column("Test", flexible=True, code=True),
        Column("Outcome"),
        Column("Took", right=True),
        Column("Flags"),
    )
    rows = []
    for component, of_it in groupby(shown, store.component):
        tests = tuple(_one_of_all(store.tests[key]) for key in of_it)
        count = store.tally(component).tests
        below = table(columns, tests, more=_more(count - len(tests), "test"))
        rows.append(document.Row((said(component), said(counted(count, "test"), "muted")), (below,)))
    more = ""
    if len(keys) > depth.every_test:
        more = f"{_more(len(keys) - depth.every_test, 'test')}: the JSON report lists every one"
    told = said(counted(len(keys), "test"))
    by_component = table((Column("Component"), Column("Tests")), rows, more=more)
    return Section(Part.TESTS, "All tests", told, (by_component,))


def _one_of_all(result: TestResult) -> document.Row:
    return document.Row(
        (
            said(words.OUTCOME_SIGNS[result.outcome], words.OUTCOME_STYLES[result.outcome]),
            said(result.label),
            said(words.outcome(result)),
            said(words.seconds(result.duration), "muted"),
            said(", ".join(sorted(result.flags)), "warning"),
        )
    )


# --- what changed -----------------------------------------------------------------------------------


def _regressions(store: Store, facts: Facts, depth: Depth) -> Section:
    regressions, title = facts.regressions, "Regressions"
    if not regressions.known or store.comparison is None:
        why = regressions.problem or "there is no baseline"
        return Section(Part.REGRESSIONS, title, said(f"UNKNOWN, {why}", "warning"))
    told = f"against {regressions.baseline}: "
    told += f"{regressions.shared:,} of {regressions.tests_then:,} tests shared"
    if not regressions.comparable:
        told += ", rates not comparable"
    rows = []
    for kind in Change:
        number = regressions.numbers[kind]
        if kind is Change.VANISHED:
            labels: Sequence[str] = [test.label for test in regressions.vanished[: depth.tests]]
        else:
            labels = [store.tests[key].label for key in store.comparison.tests(kind)[: depth.tests]]
        more = _more(number - len(labels), "test")
        tests = table(_TESTS[:1], tuple(document.Row((said(label),)) for label in labels), more=more)
        style = words.CHANGE_STYLES[kind] if number else "muted"
        cells = (
            said(words.CHANGE_SIGNS[kind], style),
            said(words.number(number), style),
            said(words.changes(kind, number)),
        )
        rows.append(document.Row(cells, (tests,) if labels else ()))
    columns = (Column(""), Column("Tests", right=True), Column("Change"))
    return Section(Part.REGRESSIONS, title, said(told), (table(columns, rows),))


# --- sources, notes ---------------------------------------------------------------------------------


def _sources(facts: Facts, depth: Depth) -> Section:
    columns = (
        Column("Source", code=True),
        Column("Format"),
        Column("State"),
        Column("Holds"),
        Column("Age"),
        Column("Remark", flexible=True),
    )
    # Where not all can be shown, what is wrong comes first.
    sources = facts.sources
    if len(sources) > depth.lines:
        sources = tuple(
            sorted(sources, key=lambda row: row.state is SourceState.COMPLETE and not row.problems)
        )
    shown = sources[: depth.lines]
    rows = tuple(_source(row, depth) for row in shown)
    blocks: list[Block] = [table(columns, rows, more=_more(len(sources) - len(shown), "source"))]
    told = counted(len(sources), "source")
    if facts.others:
        aside = f"{counted(len(facts.others), 'other file')} set aside"
        told += f", {aside}"
        if depth.others:
            others = facts.others[: depth.others]
            lines = tuple(said(f"{path}: {reason}") for path, reason in others)
            items = Items(lines, _more(len(facts.others) - len(others), "file"))
            blocks.append(table((Column("Files"),), (document.Row((said(aside, "muted"),), (items,)),)))
    return Section(Part.SOURCES, "Sources", said(told), tuple(blocks))


def _source(row: SourceRow, depth: Depth) -> document.Row:
    cells = (
        said(row.path),
        said(row.format, "muted"),
        said(row.state, words.STATE_STYLES[row.state]),
        said(counted(row.tally.tests, "test") if row.format != "eventlog" else counted(row.events, "event")),
        said(f"{age(row.age)} old", "muted"),
        said(row.reason or row.relation),
    )
    shown = row.problems[: depth.problems]
    if not shown:
        return document.Row(cells)
    problems = Items(
        tuple(said(words.problem(each), "warning") for each in shown),
        _more(len(row.problems) - len(shown), "problem"),
    )
    return document.Row(cells, (problems,))


def _listed(part: Part, title: str, lines: Sequence[str], noun: str, depth: Depth) -> list[Section]:
    if not lines:
        return []
    shown = lines[: depth.lines]
    items = Items(tuple(said(line) for line in shown), _more(len(lines) - len(shown), noun))
    return [Section(part, title, blocks=(items,))]


def _more(number: int, noun: str, after: str = "") -> str:
    """What is said of that which is not listed; empty where everything is."""
    return (
        " ".join(filter(None, ("and", counted(number, f"more {noun}".strip()), after))) if number > 0 else ""
    )
