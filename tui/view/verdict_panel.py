"""The verdict, the bar of the whole and the criteria: the top of the overview, and one line elsewhere.

May import Textual, `core`, `report.words` and `view.ink`.
"""

from tui.core.baseline import Change
from tui.core.facts import Facts
from tui.core.rules import Rules
from tui.report import words
from tui.text import counted
from tui.view.ink import Flowing, Line, Piece, folded, wrapped

_NARROW = 90


def verdict_piece(facts: Facts) -> Piece:
    """The word of the verdict with its sign."""
    word = facts.verdict.word
    return Piece(f"{words.VERDICT_SIGNS[word]} {word}", words.VERDICT_STYLES[word], bold=True)


def counts_line(facts: Facts, rules: Rules, *, narrow: bool) -> list[list[Piece]]:
    """The counts beside the verdict, the most important first."""
    row, tally = facts.overall, facts.overall.tally
    if not tally.tests:
        reading = facts.backlog or not facts.scanned
        return [[Piece("reading …", "running") if reading else Piece("no results", "muted")]]
    rate = Piece(words.rate(row), words.rate_style(row, rules.bands), bold=True)
    parts = [[Piece(f"{tally.fraction} {'' if narrow else 'passed '}", "strong", bold=True), rate]]
    parts.append([Piece(f"{tally.failed:,} failed", "failed" if tally.failed else "muted")])
    parts.append([Piece(counted(tally.errors, "error"), "error" if tally.errors else "muted")])
    if tally.running:
        parts.append([Piece(f"▸ {tally.running:,} running", "running")])
    if tally.skipped or not narrow:
        xfailed = f" ({tally.xfailed:,} xfailed)" if tally.xfailed else ""
        parts.append([Piece(f"{tally.skipped:,} skipped{xfailed}", "muted")])
    if tally.xpassed:
        parts.append([Piece(f"{tally.xpassed:,} xpassed", "warning")])
    if tally.flaky:
        parts.append([Piece(f"{tally.flaky:,} flaky", "warning")])
    if facts.not_run.number:
        parts.append([Piece(f"{facts.not_run.number:,} not run", "warning")])
    regressions = facts.regressions
    if regressions.known:
        new, fixed = regressions.numbers[Change.NEW_FAILURE], regressions.numbers[Change.FIXED]
        said = f"{new:,} worse" if narrow else counted(new, "regression")
        parts.append([Piece(f"▼ {said}", "failed" if new else "muted")])
        parts.append([Piece(f"▲ {fixed:,} fixed", "passed" if fixed else "muted")])
    else:
        parts.append([Piece("regressions UNKNOWN", "warning")])
    return parts


def criteria_pieces(facts: Facts) -> list[list[Piece]]:
    """Every criterion with its sign, in the order in which they are declared: none moves as it turns."""
    return [
        [
            Piece(words.CRITERION_SIGNS[each.state], words.CRITERION_STYLES[each.state], bold=True),
            Piece(f" {each.short}", "muted" if each.state == "met" else "plain"),
        ]
        for each in facts.verdict.criteria
    ]


def bar(facts: Facts, width: int) -> list[Piece]:
    """The whole as a bar: every kind that there is takes at least one column."""
    tally = facts.overall.tally
    parts = [
        (tally.passed, "passed"),
        (tally.failed, "failed"),
        (tally.errors, "error"),
        (tally.skipped, "muted"),
        (tally.running, "running"),
    ]
    present = [(count, ink) for count, ink in parts if count]
    if not present:
        return [Piece("━" * width, "faint")]
    columns = [max(1, int(width * count / tally.tests)) for count, _ in present]
    columns[columns.index(max(columns))] += width - sum(columns)
    return [Piece("━" * n, ink) for n, (_, ink) in zip(columns, present, strict=True)]


class VerdictPanel(Flowing):
    """Verdict and counts, the bar, the criteria, and what runs now."""

    def show(self, facts: Facts, rules: Rules) -> None:
        """Show these facts from now on."""
        self.flow(lambda width: _panel(facts, rules, width))


def _panel(facts: Facts, rules: Rules, width: int) -> list[Line]:
    narrow = width < _NARROW
    gap = 2 if narrow else 3
    head = [[verdict_piece(facts)], *counts_line(facts, rules, narrow=narrow)]
    lines: list[Line] = [*wrapped(head, width, gap)]
    lines.append(bar(facts, width))
    lines += wrapped(criteria_pieces(facts), width, gap)
    if facts.live:
        lines.append(_running(facts))
        if facts.verdict.outlook:
            lost = facts.verdict.outlook.startswith("cannot")
            ink = "failed" if lost else "muted"
            lines += folded(facts.verdict.outlook, ink, width, Piece("» ", "muted"))
    return lines


def _running(facts: Facts) -> Line:
    if not facts.running:
        return [Piece("▸ live", "running"), Piece(" between tests", "muted")]
    _, result = facts.running[0]
    attempt = result.last
    since = max(facts.now - attempt.started, 0.0) if attempt.started else None
    line = [Piece("▸ ", "running"), Piece(result.label)]
    phase = f" in {attempt.phase}" if attempt.phase and attempt.phase != "call" else ""
    line.append(Piece(f"{phase}  {words.seconds(since)}", "running"))
    if len(facts.running) > 1:
        line.append(Piece(f"  and {len(facts.running) - 1:,} more", "muted"))
    return line
