"""The report for a terminal or a log: plain text in a fixed order, drawn by rich.

May import `core`, `text` and rich. Text from results reaches rich as `Text` only, never as markup.
"""

import io

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

from tui.core.baseline import Change
from tui.core.facts import Facts
from tui.core.rules import Rules
from tui.core.verdict import Verdict
from tui.report import words
from tui.text import age, counted

_CAUSES = 10
_WIDTH = 110
STYLES = Theme(
    {
        "passed": "green",
        "failed": "bold red",
        "error": "yellow",
        "warning": "yellow",
        "running": "cyan",
        "muted": "dim",
        "title": "bold",
    }
)


def render(
    facts: Facts, rules: Rules, *, directory: str, title: str, width: int | None = None, colour: bool = False
) -> str:
    """The whole report. `width` in columns; `colour` adds ANSI colours."""
    parts: list[RenderableType] = [_head(facts, directory, title), *_verdict_parts(facts.verdict)]
    parts += [Text(), _components(facts, rules), *_golden(facts), *_causes(facts), *_regressions(facts)]
    parts += [*_sources(facts), *_listed("Notes", facts.notes)]
    parts += _listed("Not verified", words.unverified(facts) or ["nothing that was asked for"])
    return _drawn(parts, width, colour=colour)


def render_verdict(verdict: Verdict, *, width: int | None = None, colour: bool = False) -> str:
    """The verdict with its criteria."""
    return _drawn(_verdict_parts(verdict), width, colour=colour)


def _drawn(parts: list[RenderableType], width: int | None, *, colour: bool) -> str:
    console = Console(
        file=io.StringIO(),
        width=width or _WIDTH,
        theme=STYLES,
        force_terminal=colour,
        no_color=not colour,
        color_system="standard" if colour else None,
        highlight=False,
        legacy_windows=False,
    )
    with console.capture() as capture:
        for part in parts:
            console.print(part)
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


def _head(facts: Facts, directory: str, title: str) -> Text:
    head = Text(title or directory, style="title")
    tally = facts.overall.tally
    if title:
        head.append(f"  {directory}", style="muted")
    head.append(f"\n{tally.fraction} passed", style="title")
    head.append(f"  {words.rate(facts.overall)}  {facts.overall.status}")
    head.append(f"   {tally.failed:,} failed", style="failed" if tally.failed else "muted")
    head.append(f"   {counted(tally.errors, 'error')}", style="error" if tally.errors else "muted")
    head.append(f"   {tally.skipped:,} skipped", style="muted")
    if facts.live:
        running = f"{tally.running:,} running, " if tally.running else ""
        head.append(f"   {running}live: more may come", style="running")
    return head


def _verdict_parts(verdict: Verdict) -> list[RenderableType]:
    word = Text()
    word.append(
        f"\n{words.VERDICT_SIGNS[verdict.word]} {verdict.word}", style=words.VERDICT_STYLES[verdict.word]
    )
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for criterion in verdict.criteria:
        style = words.CRITERION_STYLES[criterion.state]
        table.add_row(
            Text(words.CRITERION_SIGNS[criterion.state], style=style),
            Text(criterion.name),
            Text(f"needed {criterion.needed}", style="muted"),
            Text(f"got {criterion.got}"),
            Text(str(criterion.state), style=style),
        )
    return [word, Padding(table, (0, 0, 0, 2))]


def _components(facts: Facts, rules: Rules) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="muted")
    table.add_column("Component")
    for heading in ("Tests", "Passed", "Failed", "Errors", "Skipped", "Rate", "Δ"):
        table.add_column(heading, justify="right")
    table.add_column("Status")
    for row in (*facts.components, facts.overall):
        style = words.rate_style(row, rules.bands)
        tally = row.tally
        change, change_style = words.delta(row)
        name = Text(row.name, style="title" if row is facts.overall else "")
        if row.required:
            name.append(" (required)", style="muted")
        counts = [tally.tests, tally.passed, tally.failed, tally.errors, tally.skipped]
        table.add_row(
            name,
            *(Text(words.number(count)) for count in counts),
            Text(words.rate(row), style=style),
            Text(change, style=change_style),
            Text(row.status, style=style),
        )
    return table


def _golden(facts: Facts) -> list[RenderableType]:
    parts: list[RenderableType] = []
    for path in facts.golden_paths:
        said = f"{path.state}, {path.proven} of {len(path.events)} proven, order {path.order}"
        parts.append(Text(f"\nGolden path: {path.name}  {said}"))
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        for event in path.events:
            first = next((each for each in event.evidence), None)
            told = ""
            if first:
                place = first.source if first.line is None else f"{first.source}:{first.line}"
                told = f"{counted(event.passing_tests, 'passing test')} of {event.tests}"
                told += f", e.g. {place or first.test}"
            table.add_row(
                Text(event.word.grade, style=words.WORD_STYLES[event.word]),
                Text(event.name),
                Text(str(event.word), style=words.WORD_STYLES[event.word]),
                Text(told, style="muted"),
            )
        parts.append(Padding(table, (0, 0, 0, 2)))
        if path.first_break:
            parts.append(Text(f"  first break: {path.first_break}", style="failed"))
    return parts


def _causes(facts: Facts) -> list[RenderableType]:
    if not facts.causes:
        return []
    head = f"\nFailures: {counted(facts.failing_tests, 'test')}, {counted(len(facts.causes), 'cause')}"
    if facts.tests_in_several_causes:
        head += f" ({counted(facts.tests_in_several_causes, 'test')} in two)"
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for cause in facts.causes[:_CAUSES]:
        table.add_row(
            Text(words.OUTCOME_SIGNS[cause.outcome], style=words.OUTCOME_STYLES[cause.outcome]),
            Text(f"{cause.tests:,}", justify="right"),
            Text(cause.title, overflow="ellipsis", no_wrap=True),
            Text(str(cause.phase or ""), style="muted"),
            Text(words.standing(cause), style="muted", overflow="ellipsis", no_wrap=True),
            Text(f"{cause.new} new" if cause.new else "", style="failed"),
        )
    parts: list[RenderableType] = [Text(head), Padding(table, (0, 0, 0, 2))]
    if len(facts.causes) > _CAUSES:
        parts.append(Text(f"  and {counted(len(facts.causes) - _CAUSES, 'more cause')}", style="muted"))
    return parts


def _regressions(facts: Facts) -> list[RenderableType]:
    regressions = facts.regressions
    if not regressions.known:
        why = regressions.problem or "there is no baseline"
        return [Text(f"\nRegressions: UNKNOWN, {why}", style="warning")]
    told = ", ".join(
        f"{regressions.numbers[kind]:,} {words.changes(kind, regressions.numbers[kind])}" for kind in Change
    )
    shared = f"{regressions.shared:,} of {regressions.tests_then:,} tests shared"
    if not regressions.comparable:
        shared += ", rates not comparable"
    return [Text(f"\nRegressions against {regressions.baseline} ({shared}): {told}")]


def _sources(facts: Facts) -> list[RenderableType]:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for row in facts.sources:
        counts = (
            counted(row.tally.tests, "test") if row.format != "eventlog" else counted(row.events, "event")
        )
        table.add_row(
            Text(row.path),
            Text(row.format, style="muted"),
            Text(str(row.state), style=words.STATE_STYLES[row.state]),
            Text(counts),
            Text(f"{age(row.age)} old", style="muted"),
            Text(row.reason or row.relation),
        )
    others = f", {counted(len(facts.others), 'other file')} set aside" if facts.others else ""
    return [Text(f"\n{counted(len(facts.sources), 'source')}{others}"), Padding(table, (0, 0, 0, 2))]


def _listed(title: str, lines: list[str] | tuple[str, ...]) -> list[RenderableType]:
    if not lines:
        return []
    return [Text(f"\n{title}"), *(Text(f"  - {line}") for line in lines)]
