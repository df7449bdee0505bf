"""The verdict, the bar of the whole and the criteria: the top of the overview, and one line elsewhere.

May import Textual, `core`, `report.words` and `view.ink`.
"""

from tui.core.baseline import Change
from tui.core.facts import Facts
from tui.core.identity import parted
from tui.core.rules import Rules
from tui.core.running import Running
from tui.report import words
from tui.text import counted
from tui.view.ink import Flowing, Line, Piece, fitted, folded, width_of, wrapped

_NARROW = 90
_ROOMY = 34
"""From so many rows of screen on, what runs has some of its own."""
_RUNNING_ROWS = 3
_NAMED_FROM = 1.0
_MORE = 14


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
    """The whole as a bar, with what is to come: every kind that there is takes at least one column."""
    tally = facts.overall.tally
    parts = [
        (tally.passed, "passed"),
        (tally.failed, "failed"),
        (tally.errors, "error"),
        (tally.skipped, "muted"),
        (tally.running, "running"),
        ((facts.progress.to_come or 0) if facts.live else 0, "faint"),
    ]
    present = [(count, ink) for count, ink in parts if count]
    if not present:
        return [Piece("━" * width, "faint")]
    whole = sum(count for count, _ in present)
    columns = [max(1, int(width * count / whole)) for count, _ in present]
    columns[columns.index(max(columns))] += width - sum(columns)
    return [Piece("━" * n, ink) for n, (_, ink) in zip(columns, present, strict=True)]


class VerdictPanel(Flowing):
    """Verdict and counts, the bar, the criteria, and what runs now."""

    _most_running = 1

    def show(self, facts: Facts, rules: Rules) -> None:
        """Show these facts from now on."""
        self._most_running = max(self._most_running, len(facts.running)) if facts.live else 1
        self.flow(lambda width: self._panel(facts, rules, width))

    def _panel(self, facts: Facts, rules: Rules, width: int) -> list[Line]:
        narrow = width < _NARROW
        gap = 2 if narrow else 3
        head = [[verdict_piece(facts)], *counts_line(facts, rules, narrow=narrow)]
        lines: list[Line] = [*wrapped(head, width, gap)]
        lines.append(bar(facts, width))
        lines += wrapped(criteria_pieces(facts), width, gap)
        if facts.live:
            roomy = self.screen.size.height >= _ROOMY
            if roomy and (line := progress_line(facts)):
                lines.append(line)
            # As many rows as tests ever ran at once, a few at most: what is below does not jump as they end.
            lines += running_lines(facts, min(self._most_running, _RUNNING_ROWS) if roomy else 1, width)
            if facts.verdict.outlook:
                lost = facts.verdict.outlook.startswith("cannot")
                ink = "failed" if lost else "muted"
                lines += folded(facts.verdict.outlook, ink, width, Piece("» ", "muted"))
        return lines


def progress_line(facts: Facts) -> list[Piece]:
    """How far the run is, and how much longer it takes, with what says so."""
    progress = facts.progress
    if not progress.to_come or progress.share is None:
        return []
    whole = progress.done + progress.running + progress.to_come
    line = [
        Piece("» ", "muted"),
        Piece(f"{100 * progress.done // whole} % of {counted(whole, 'test')}", "strong"),
        Piece(f", {progress.to_come:,} to come by {progress.by}", "muted"),
    ]
    left = words.time_left(progress)
    if left:
        line += [Piece(f" · {left}", "running"), Piece(" by the baseline's durations", "muted")]
    return line


def running_lines(facts: Facts, rows: int, width: int) -> list[Line]:
    """As many of the running tests as there are rows, those over their time first; and how many more.

    A test that began within this second is not named: in a fast run that would only flicker.
    """
    named = [each for each in facts.running if each.seconds is None or each.seconds >= _NAMED_FROM]
    more = len(facts.running) - min(len(named), rows)
    lines: list[Line] = [_running(each, width - (_MORE if more else 0)) for each in named[:rows]]
    if not lines:
        told = "what runs began less than a second ago" if facts.running else "between tests"
        return [[Piece("▸ live", "running"), Piece(f"  {told}", "muted")], *([[]] * (rows - 1))]
    if more:
        lines[-1] = [*lines[-1], Piece(f"{f'and {more:,} more':>{_MORE}}", "muted")]
    return [*lines, *([[]] * (rows - len(lines)))]


def _running(each: Running, width: int) -> list[Piece]:
    place, name = parted(each.label)
    phase = f"in {each.phase}  " if each.phase and each.phase != "call" else ""
    worker = f"  {each.worker}" if each.worker else ""
    over = words.over_time(each)
    since = "" if each.seconds is None else words.clock(each.seconds)
    told = [
        Piece(f"  {phase}", "muted"),
        Piece(f"{since}, {over}" if over else since, "warning" if over else "running"),
    ]
    told.append(Piece(worker, "muted"))
    label = [
        Piece(name, "warning" if over else "plain", name=True),
        Piece(f"  {place}" if place else "", "muted"),
    ]
    sign = Piece("▲ " if over else "▸ ", "warning" if over else "running")
    return [sign, *fitted(label, max(width - 2 - width_of(told), 8)), *told]
