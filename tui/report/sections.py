"""Facts -> the document that every format for people draws: what is said, and in which order.

May import `core`, `text`, and `words` and `document` beside it. Counts nothing. Invariants: the formats
differ in depth alone; what a depth leaves out is said with its number; "Not verified" is always there.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from tui import __version__
from tui.core.claims.judged import JudgedPage
from tui.core.criteria import CriterionState
from tui.core.facts import Facts, Row
from tui.core.golden import EventVerdict, Evidence, PathVerdict
from tui.core.model import SourceState
from tui.core.rules import Rules
from tui.core.sourcerows import SourceRow
from tui.core.store import Store
from tui.core.tally import Tally
from tui.core.verdict import Verdict
from tui.report import document, testlists, words
from tui.report.depth import Depth, left_out
from tui.report.document import (
    Block,
    Column,
    Document,
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
from tui.text import age, counted


def compose(
    store: Store,
    facts: Facts,
    *,
    directory: str,
    title: str,
    claims: JudgedPage | None = None,
    depth: Depth,
) -> Document:
    """The report on `facts`, and on a written status where one is held against them.

    The order is that of `Part`.
    """
    moment = datetime.fromtimestamp(facts.now, UTC)
    sections = [
        criteria(facts.verdict),
        _components(facts, store.rules, depth),
        *(_golden(path, depth) for path in facts.golden_paths),
        *testlists.failures(store, facts, depth),
        *testlists.not_run(store, facts.not_run, depth),
        testlists.regressions(store, facts, depth),
        _sources(facts, depth),
        *_listed(Part.NOTES, "Notes", facts.notes, "note", depth),
        *_claims(claims),
        *_listed(Part.UNVERIFIED, "Not verified", words.unverified(facts) or [words.ALL_VERIFIED], "", depth),
    ]
    if depth.every_test:
        sections.append(testlists.every_test(store, facts, depth))
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


def _claims(page: JudgedPage | None) -> Sequence[Section]:
    """What a written status says, beside what was counted."""
    if page is None:
        return ()
    columns = (
        Column(""),
        Column("Line", right=True, lead="line "),
        Column("Claim", flexible=True),
        Column("Counted", flexible=True),
        Column("Gap"),
        Column("Verdict"),
    )
    rows, reasons = [], []
    for claim in page.claims:
        style = words.CLAIM_STYLES[claim.verdict]
        cells = (
            said(words.CLAIM_SIGNS[claim.verdict], style),
            said(str(claim.line), "muted"),
            said(claim.claim),
            said(claim.counted),
            said(claim.gap, style),
            said(claim.verdict, style),
        )
        rows.append(document.Row(cells))
        if claim.why:
            reasons.append(said(f"line {claim.line}: {claim.why}"))
    blocks: list[Block] = [table(columns, rows, headed=True)] if rows else []
    if reasons:
        blocks.append(Items(tuple(reasons)))
    return (Section(Part.CLAIMS, "Claims", said(words.claims(page)), tuple(blocks)),)


def verdict(judged: Verdict) -> Piece:
    """The verdict in one word, with its sign."""
    return Piece(f"{words.VERDICT_SIGNS[judged.word]} {judged.word}", words.VERDICT_STYLES[judged.word])


def criteria(judged: Verdict, *, evidence: bool = False) -> Section:
    """Every criterion of the verdict: what was needed, what was got, and the `evidence` against it."""
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
        against = criterion.evidence if evidence and criterion.state is not CriterionState.MET else ()
        rows.append(document.Row(cells, (Items(tuple(map(said, against))),) if against else ()))
    blocks: list[Block] = [table(columns, rows)]
    if judged.outlook:
        blocks.append(Sentence(said(judged.outlook, "muted")))
    return Section(Part.CRITERIA, "Criteria", blocks=tuple(blocks))


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
    if facts.not_run.number:
        line.append(Piece(f"; {counted(facts.not_run.number, 'planned test')} not run", "warning"))
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
        if row.unmet:
            name += said(" ✖", "failed")
        if row.required:
            name += said(" (required)", "muted")
        if row.hollow:
            name += said(" hollow?", "warning")
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
    more = left_out(len(facts.components) - len(shown), "component")
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
    blocks += [Sentence(said(told, "warning")) for told in words.beside(path)]
    told = f"{path.state}, {path.proven} of {path.demanded} proven, {path.order_in_words}"
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
        more=left_out(len(event.evidence) - len(shown), "piece", "of evidence"),
    )


def _piece_of_evidence(evidence: Evidence) -> document.Row:
    outcome = evidence.outcome
    return document.Row(
        (
            said(words.place(evidence.source, evidence.line)),
            said(evidence.kind, "muted"),
            said(outcome, words.OUTCOME_STYLES[outcome]) if outcome else (),
            said(evidence.test or "") + said(f"  {evidence.note}" if evidence.note else "", "warning"),
        )
    )


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
    rows = tuple(_source(row, depth, facts.now) for row in shown)
    blocks: list[Block] = [table(columns, rows, more=left_out(len(sources) - len(shown), "source"))]
    told = counted(len(sources), "source")
    if facts.others:
        aside = f"{counted(len(facts.others), 'other file')} set aside"
        told += f", {aside}"
        if depth.others:
            others = facts.others[: depth.others]
            lines = tuple(said(f"{path}: {reason}") for path, reason in others)
            items = Items(lines, left_out(len(facts.others) - len(others), "file"))
            blocks.append(table((Column("Files"),), (document.Row((said(aside, "muted"),), (items,)),)))
    return Section(Part.SOURCES, "Sources", said(told), tuple(blocks))


def _source(row: SourceRow, depth: Depth, now: float) -> document.Row:
    # Why a run broke off is one of the problems, which stand below.
    remark = row.relation if row.state is SourceState.NOT_WHOLE else row.reason or row.relation
    cells = (
        said(row.path),
        said(row.format, "muted"),
        said(row.state, words.STATE_STYLES[row.state]),
        said(counted(row.tally.tests, "test") if row.format != "eventlog" else counted(row.events, "event")),
        said(f"{age(row.age(now))} old", "muted"),
        said(remark),
    )
    shown = row.problems[: depth.problems]
    if not shown:
        return document.Row(cells)
    problems = Items(
        tuple(said(words.problem(each), "warning") for each in shown),
        left_out(len(row.problems) - len(shown), "problem"),
    )
    return document.Row(cells, (problems,))


def _listed(part: Part, title: str, lines: Sequence[str], noun: str, depth: Depth) -> list[Section]:
    if not lines:
        return []
    shown = lines[: depth.lines]
    items = Items(tuple(said(line) for line in shown), left_out(len(lines) - len(shown), noun))
    return [Section(part, title, blocks=(items,))]
