"""The facts as slides for a room: the verdict, the components, the golden paths, what changed.

May import `core`, `report.words`, `text` and `view`. Pure: nothing here knows which slide is shown. Nothing
is left out for want of room: what does not fit on a slide goes on the next one.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tui.core.baseline import Change
from tui.core.criteria import CriterionState
from tui.core.facts import Facts, Row
from tui.core.golden import PathVerdict, Word
from tui.core.identity import parted
from tui.core.rules import Rules
from tui.core.store import Store
from tui.report import words
from tui.text import counted
from tui.view.ink import Line, Piece, folded, wrapped
from tui.view.presenting.large import large
from tui.view.verdict_panel import bar, counts_line

_LARGEST = 3
_AIR = 3
_TOLD = (Change.NEW_FAILURE, Change.FIXED, Change.VANISHED, Change.NEW_TEST, Change.NEWLY_SKIPPED)


class Room(NamedTuple):
    """How many columns and rows a slide has."""

    width: int
    height: int


class Slide(NamedTuple):
    """A slide: `id` stays the same while its facts change."""

    id: str
    title: str
    lines: list[Line]


def slides(store: Store, facts: Facts, rules: Rules, room: Room) -> list[Slide]:
    """All slides, in the order in which they are shown."""
    return [
        Slide("verdict", "Verdict", _verdict(facts, rules, room)),
        *_paged("components", "Components", [], _components(facts, rules, room), room, air=_AIR),
        *(slide for path in facts.golden_paths for slide in _golden(path, room)),
        *_changes(store, facts, room),
    ]


def _paged(
    id: str, title: str, head: Sequence[Line], blocks: Sequence[Sequence[Line]], room: Room, *, air: int = 0
) -> list[Slide]:
    """As many slides as the blocks take, each below `head`; `air`: rows between two blocks, if all fit so."""
    left = max(room.height - len(head), 1)
    taken = sum(map(len, blocks))
    gap = min(max((left - taken) // max(len(blocks), 1), 0), air)
    pages: list[list[Line]] = [[]]
    for block in blocks:
        if pages[-1] and len(pages[-1]) + len(block) > left:
            pages.append([])
        pages[-1] += [*block, *([()] * gap)]
    many = len(pages) > 1
    return [
        Slide(f"{id}:{number}", f"{title} ({number} of {len(pages)})" if many else title, [*head, *page])
        for number, page in enumerate(pages, 1)
    ]


# --- the verdict ------------------------------------------------------------------------------------


def _verdict(facts: Facts, rules: Rules, room: Room) -> list[Line]:
    word, row = facts.verdict.word, facts.overall
    lines: list[Line] = [*large(str(word), words.VERDICT_STYLES[word], room.width, _scale(room)), []]
    if row.tally.executed:
        lines += large(words.rate(row), words.rate_style(row, rules.bands), room.width, _scale(room))
        lines.append([])
    lines += [*wrapped(counts_line(facts, rules, narrow=False), room.width, 3), bar(facts, room.width), []]
    if facts.verdict.outlook:
        lines += [*folded(facts.verdict.outlook, "muted", room.width, Piece("» ", "muted")), []]
    lines += _criteria(facts, max(room.height - len(lines), 1), room)
    return lines


def _criteria(facts: Facts, rows: int, room: Room) -> list[Line]:
    """What is not met, then what nobody knows; what holds, as a number."""
    order = (CriterionState.NOT_MET, CriterionState.UNKNOWN)
    told = [each for state in order for each in facts.verdict.criteria if each.state is state]
    lines: list[Line] = []
    for number, criterion in enumerate(told):
        mark = Piece(f"{words.CRITERION_SIGNS[criterion.state]} ", words.CRITERION_STYLES[criterion.state])
        block = folded(f"{criterion.short}: {criterion.got}", "plain", room.width, mark)
        if lines and len(lines) + len(block) >= rows:
            return [
                *lines,
                [Piece(f"  and {len(told) - number:,} more that are not met or UNKNOWN", "muted")],
            ]
        lines += block
    met = [each.short for each in facts.verdict.criteria if each.state is CriterionState.MET]
    if met:
        lines += folded(f"met: {', '.join(met)}", "muted", room.width, Piece("✔ ", "passed"))
    return lines


def _scale(room: Room) -> int:
    """How large letters may be, so that what stands below them has room."""
    return min(room.height // 14, _LARGEST)


# --- components -------------------------------------------------------------------------------------


def _components(facts: Facts, rules: Rules, room: Room) -> list[list[Line]]:
    rows = [*facts.components, facts.overall]
    widest = max(len(row.name) for row in rows)
    return [_component(row, rules, room, widest) for row in rows]


def _component(row: Row, rules: Rules, room: Room, widest: int) -> list[Line]:
    ink = words.rate_style(row, rules.bands)
    head = [
        Piece(f"{row.name:<{widest}}  ", "strong", bold=True),
        Piece(f"{words.rate(row):>6}  ", ink, bold=True),
        Piece(f"{row.status:<10}", ink, bold=True),
        Piece(f" {row.tally.fraction} passed" if row.tally.executed else " no test of it ran", "muted"),
        Piece("  required" if row.required else "", "muted"),
    ]
    return [head, _rate_bar(row, ink, room.width)]


def _rate_bar(row: Row, ink: str, width: int) -> Line:
    """The rate as a part of the whole width; a dotted line where there is none."""
    if row.tally.rate is None:
        return [Piece("┄" * width, "faint")]
    full = int(width * row.tally.rate / 100)
    return [Piece("━" * full, ink), Piece("━" * (width - full), "faint")]


# --- golden paths -----------------------------------------------------------------------------------


def _golden(path: PathVerdict, room: Room) -> list[Slide]:
    ink = "passed" if path.is_proven else "failed" if path.first_break else "warning"
    head: list[Line] = [
        *large(f"{path.proven}/{path.demanded}", ink, room.width, _scale(room)),
        [],
        [Piece(f"events proven, {path.order_in_words}", "muted")],
        [],
    ]
    longest = max(len(event.name) for event in path.events)
    blocks: list[Sequence[Line]] = []
    for event in path.events:
        word_ink = words.WORD_STYLES[event.word]
        missing = event.word is Word.MISSING
        line: Line = [
            Piece(f"{event.word.grade} ", word_ink, bold=True),
            Piece(f"{event.name:<{longest}}  ", "muted" if missing else "strong", bold=not missing),
            Piece(f"{event.word:<14}", word_ink, bold=True),
            Piece(words.evidence(event), "muted"),
        ]
        blocks.append([line])
    if path.first_break:
        blocks.append(folded(path.first_break, "failed", room.width, Piece("✖ ", "failed")))
    return _paged(f"golden:{path.name}", f"Golden path: {path.name}", head, blocks, room, air=_AIR - 1)


# --- what changed -----------------------------------------------------------------------------------


def _changes(store: Store, facts: Facts, room: Room) -> Iterator[Slide]:
    regressions = facts.regressions
    if not regressions.known:
        why = regressions.problem or "there is no baseline"
        unknown = large("UNKNOWN", "warning", room.width, _scale(room))
        told = folded(f"What changed: {why}", "muted", room.width, Piece(""))
        yield Slide("changes", "Changes", [*unknown, [], *told])
        return
    since = f"since {regressions.baseline}"
    shared = f"{regressions.shared:,} of the baseline's {counted(regressions.tests_then, 'test')} compared"
    if not any(regressions.numbers[kind] for kind in _TOLD):
        same = large("NO CHANGE", "plain", room.width, _scale(room))
        yield Slide("changes", f"Changes {since}", [*same, [], [Piece(shared, "muted")]])
    for kind in _TOLD:
        number = regressions.numbers[kind]
        if not number:
            continue
        ink = words.CHANGE_STYLES[kind]
        head: list[Line] = [
            *large(f"{number:,}", ink, room.width, _scale(room)),
            [],
            [Piece(f"{words.CHANGE_SIGNS[kind]} {words.changes(kind, number)}", ink, bold=True)],
            [Piece(shared, "muted")],
            [],
        ]
        title = f"{words.changes(kind, number)} {since}".capitalize()
        yield from _paged(f"changes:{kind}", title, head, list(_changed(store, facts, kind)), room)


def _changed(store: Store, facts: Facts, kind: Change) -> Iterator[list[Line]]:
    """The tests of a kind of change, each with what is to be said of it."""
    if kind is Change.VANISHED:
        for known in facts.regressions.vanished:
            place, name = parted(known.label)
            yield [[Piece(name, name=True), Piece(f"  {place}", "muted")]]
        return
    comparison = store.comparison
    for key in comparison.tests(kind) if comparison is not None else ():
        result = store.tests[key]
        place, name = parted(result.label)
        failure = result.failure
        yield [[Piece(name, name=True), Piece(f"  {failure.headline if failure else place}", "muted")]]
