"""The sections that list tests: failures by cause, what did not run, what changed, every test.

May import `core`, `text`, and `words`, `document` and `depth` beside it. Counts nothing.
"""

from collections.abc import Sequence
from itertools import groupby, islice

from msgspec.structs import replace

from tui.core import notrun
from tui.core.baseline import Change, Comparison
from tui.core.causes import Cause
from tui.core.facts import Facts
from tui.core.marks import Standing
from tui.core.model import Failure, TestKey, TestResult
from tui.core.notrun import NotRun
from tui.core.store import Store
from tui.report import document, words
from tui.report.depth import Depth, left_out
from tui.report.document import Block, Column, Excerpt, Items, Part, Section, said, table
from tui.text import counted, plain

# --- failures ---------------------------------------------------------------------------------------


def failures(store: Store, facts: Facts, depth: Depth) -> list[Section]:
    """The causes, each with its tests; nothing where no test failed."""
    if not facts.causes:
        return []
    told = f"{counted(facts.failing_tests, 'test')}, {counted(len(facts.causes), 'cause')}"
    if facts.tests_in_several_causes:
        told += f" ({counted(facts.tests_in_several_causes, 'test')} in two)"
    if facts.known.failing:
        told += f"; {facts.known.failing:,} marked as known"
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
            said(words.standing(cause), "muted"),
            said(f"{cause.new:,} new" if cause.new else "", "failed"),
        )
        rows.append(document.Row(cells, _cause_tests(store, cause, depth)))
    more = left_out(len(facts.causes) - len(shown), "cause")
    return [Section(Part.FAILURES, "Failures", said(told), (table(columns, rows, more=more),))]


def _cause_tests(store: Store, cause: Cause, depth: Depth) -> tuple[Block, ...]:
    if not depth.tests:
        return ()
    keys = store.cause_tests(cause.signature)
    shown = keys[: depth.tests]
    rows = []
    for position, key in enumerate(shown):
        result = store.tests[key]
        failure = next(each for each in result.failures if store.causes.signature(each) == cause.signature)
        row = _test(store, key, result, _beside(store, key, failure, cause))
        rows.append(replace(row, below=_excerpt(failure)) if position < depth.excerpts else row)
    return (table(_TESTS, tuple(rows), more=left_out(len(keys) - len(shown), "test")),)


def _beside(store: Store, key: TestKey, failure: Failure, cause: Cause) -> str:
    """What a test said where it is not what its cause says, and why it is known where it is."""
    told = [failure.headline] if failure.headline != cause.title else []
    known = store.known(key)
    if known is not None:
        differs = " (fails differently now)" if known.standing is Standing.DIFFERENTLY else ""
        told.append(f"known: {known.mark.reason}{differs}")
    return " · ".join(told)


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


def every_test(store: Store, facts: Facts, depth: Depth) -> Section:
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
        below = table(columns, tests, more=left_out(count - len(tests), "test"))
        rows.append(document.Row((said(component), said(counted(count, "test"), "muted")), (below,)))
    more = ""
    if len(keys) > depth.every_test:
        more = f"{left_out(len(keys) - depth.every_test, 'test')}: the JSON report lists every one"
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


def not_run(store: Store, not_run: NotRun, depth: Depth) -> list[Section]:
    """What was to run and has no result; nothing where all of it has, or nothing says what is to run."""
    if not not_run.number:
        return []
    told = f"{not_run.number:,} of {not_run.planned:,} planned tests"
    told += f": {not_run.reason}" if not_run.reason else ""
    known = notrun.labels(store, not_run)
    shown = known[: depth.tests]
    items = Items(tuple(said(label) for label in shown), left_out(not_run.number - len(shown), "test"))
    return [Section(Part.NOT_RUN, "Not run", said(told, "warning"), (items,) if shown else ())]


def regressions(store: Store, facts: Facts, depth: Depth) -> Section:
    """What became of the tests since the baseline; UNKNOWN where there is none."""
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
        more = left_out(number - len(labels), "test")
        tests = table(_TESTS[:1], tuple(document.Row((said(label),)) for label in labels), more=more)
        style = words.CHANGE_STYLES[kind] if number else "muted"
        cells = (
            said(words.CHANGE_SIGNS[kind], style),
            said(words.number(number), style),
            said(words.changes(kind, number)),
        )
        rows.append(document.Row(cells, (tests,) if labels else ()))
    if regressions.moved:
        rows.append(_moved(store, store.comparison, depth))
    columns = (Column(""), Column("Tests", right=True), Column("Change"))
    return Section(Part.REGRESSIONS, title, said(told), (table(columns, rows),))


def _moved(store: Store, comparison: Comparison, depth: Depth) -> document.Row:
    shown = tuple(islice(comparison.moved.items(), depth.tests))
    lines = tuple(said(f"{store.tests[key].label}, was {known.label}") for key, known in shown)
    number = len(comparison.moved)
    cells = (said("→", "muted"), said(words.number(number)), said("moved"))
    return document.Row(cells, (Items(lines, left_out(number - len(shown), "test")),) if shown else ())
