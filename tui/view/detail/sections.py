"""The tabs of a test's detail: what went wrong first, then all output, then the rest.

May import `core`, `report.words`, `text`, `project` and `view`. Pure. What a source says in a kind of section
that is not known here appears all the same, under its own name.
"""

from collections.abc import Callable, Sequence
from functools import partial

from msgspec import Struct

from tui.core.model import Attempt, Detail, TestResult
from tui.core.tracebacks.frames import Frame, Raised
from tui.core.tracebacks.reading import read
from tui.project import SourceFile
from tui.report import words
from tui.text import bounded
from tui.view.detail.attempts import attempts_side_by_side
from tui.view.detail.code import coloured
from tui.view.detail.document import MOST_CHARACTERS, Document, Drawn, Output, Painter, Prepared
from tui.view.detail.paint import log_line, output_line
from tui.view.detail.traceback_lines import Unfolded, frames, numbered, traceback
from tui.view.ink import Piece

_BYTES_FROM = 64 * 1024
_ATTEMPTS = 5
SOURCE = "Source"
ATTACHMENT = "attachment"
"""How a property and a line are called that name an attachment."""


class Tab(Struct, frozen=True):
    """A tab: its name, all of its text for a pager, how it is drawn, and how much is in it.

    `folds`: how it is drawn depends on what is unfolded. `frames`: those that its lines lead to.
    """

    name: str
    text: str
    draw: Callable[[int, Unfolded], Document]
    size: str = ""
    folds: bool = False
    frames: tuple[Frame, ...] = ()


class Told(Struct, frozen=True):
    """A traceback: its title, its text, and what the text says."""

    title: str
    text: str
    raised: tuple[Raised, ...]

    @classmethod
    def by(cls, title: str, text: str) -> "Told":
        """What `text` says, of a huge one what its head and its tail say."""
        text = text.strip("\n")
        return cls(title, text, read(bounded(text, MOST_CHARACTERS)))


def told(result: TestResult, detail: Detail | None) -> list[Told]:
    """The tracebacks of the last attempt: the excerpts until its source was read."""
    if detail and detail.tracebacks:
        return [Told.by(section.title, section.text) for section in detail.tracebacks]
    return [
        Told.by(str(failure.phase or "call"), failure.text or failure.message) for failure in result.failures
    ]


def own_frames(result: TestResult, tracebacks: Sequence[Told]) -> list[Frame]:
    """The project's own frames, beginning with the one that failed; then where the test itself stands."""
    found = [
        frame
        for traceback in tracebacks
        for one in traceback.raised
        for frame in one.from_within
        if not frame.is_library
    ]
    failure = result.failure
    places = [failure.location if failure else None, result.location]
    return [*found, *(Frame(place) for place in places if place)]


def tabs(
    result: TestResult,
    tracebacks: Sequence[Told],
    detail: Detail | None = None,
    source: SourceFile | None = None,
    written: float = 0.0,
) -> list[Tab]:
    """The tabs of a test. `detail` is None until its source was read; `written`: when its result was."""
    found: list[Tab] = []
    for position, each in enumerate(tracebacks):
        name = "Traceback" if not position else each.title.capitalize()
        found.append(_traceback_tab(_distinct(name, found), each))
    if source is not None:
        found.append(_source_tab(source, written))
    found += _attempt_tabs(result.attempts)
    for section in detail.outputs if detail else ():
        paint = log_line if section.title.startswith("log") else output_line
        found.append(_output_tab(_distinct(section.title, found), section.text.strip("\n"), paint))
    properties = detail.properties if detail else ()
    attached = attachments(properties)
    if attached:
        found.append(_attachments_tab(attached))
    kept = [(name, value) for name, value in properties if name != ATTACHMENT]
    if kept:
        found.append(_properties_tab(kept))
    for section in detail.suite if detail else ():
        found.append(_output_tab(_distinct(section.title, found), section.text, output_line))
    if not found:
        said = f"{result.label}\n\n{words.outcome(result)}"
        nothing = "The source keeps nothing more of this test." if detail else "reading …"
        found.append(_output_tab("Result", f"{said}\n\n{nothing}", output_line, sized=False))
    return found


def attachments(properties: Sequence[tuple[str, str]]) -> list[str]:
    """The paths of what is attached to a test."""
    return list(dict.fromkeys(value for name, value in properties if name == ATTACHMENT))


def _traceback_tab(name: str, told: Told) -> Tab:
    return Tab(
        name, told.text, partial(traceback, told.raised), folds=True, frames=tuple(frames(told.raised))
    )


def _output_tab(name: str, text: str, paint: Painter, *, sized: bool = True) -> Tab:
    return Tab(name, text, lambda _width, _unfolded: Output(text, paint), _size(text) if sized else "")


def _size(text: str) -> str:
    """How much there is: lines, or bytes of what is large."""
    if len(text) < _BYTES_FROM:
        return f"{text.count(chr(10)) + 1:,}"
    kilobytes = len(text.encode("utf-8", "replace")) / 1000
    return f"{kilobytes:,.0f} kB" if kilobytes < 1000 else f"{kilobytes / 1000:,.1f} MB"


def _source_tab(source: SourceFile, written: float) -> Tab:
    notes: list[Drawn] = []
    if source.differs:
        notes.append(_note("The file has changed: the failure shows another line.", "failed"))
    elif source.modified > written + 1:
        notes.append(_note("The file is newer than this result.", "warning"))
    if source.stated:
        notes.append(_note(f"The failure names it {source.stated}", "muted"))
    lines = [
        numbered(line, number, failing=number == source.line)
        for number, line in enumerate(coloured(source.text, source.shown), 1)
    ]
    place = source.line - 1
    document = Prepared([*lines[:place], *notes, *lines[place:]], place)
    size = f"{source.shown.rpartition('/')[2]}:{source.line}"
    return Tab(SOURCE, source.text, lambda _width, _unfolded: document, size)


def _note(told: str, ink: str) -> Drawn:
    return Drawn([Piece(f"{'':8}", "plain"), Piece(f"▲ {told}", ink)])


def _attempt_tabs(attempts: Sequence[Attempt]) -> list[Tab]:
    """All attempts side by side, and each of the earlier ones where they are few."""
    if len(attempts) == 1:
        return []
    text = "\n\n".join(_attempt(number, attempt) for number, attempt in enumerate(attempts, 1))
    all_of_them = Tab(
        "Attempts",
        text,
        lambda width, _unfolded: attempts_side_by_side(attempts, width),
        f"{len(attempts)}",
    )
    earlier = attempts[:-1] if len(attempts) <= _ATTEMPTS else ()
    single = [
        _traceback_tab(f"Attempt {number}", Told.by("", "\n\n".join(_texts(attempt)) or str(attempt.outcome)))
        for number, attempt in enumerate(earlier, 1)
    ]
    return [all_of_them, *single]


def _attempt(number: int, attempt: Attempt) -> str:
    return "\n\n".join([f"Attempt {number}: {attempt.outcome}", *_texts(attempt)])


def _texts(attempt: Attempt) -> list[str]:
    return [failure.text or failure.headline for failure in attempt.failures]


def _attachments_tab(paths: Sequence[str]) -> Tab:
    lines = [
        Drawn([Piece("  "), Piece(path, "link")], f"{ATTACHMENT} {number}")
        for number, path in enumerate(paths)
    ]
    hint = Drawn([Piece("o", "key"), Piece(" opens the marked one in its own program", "muted")])
    return Tab(
        "Attachments",
        "\n".join(paths),
        lambda _width, _unfolded: Prepared([*lines, Drawn(()), hint]),
        str(len(paths)),
    )


def _properties_tab(properties: Sequence[tuple[str, str]]) -> Tab:
    longest = max(len(name) for name, _ in properties)
    width = min(longest, 30)
    lines = []
    for name, value in properties:
        first, *others = value.split("\n")
        lines.append(Drawn([Piece(f"{name:<{width}}  ", "muted"), Piece(first.expandtabs(8))]))
        lines += [Drawn([Piece(f"{'':{width}}  {other.expandtabs(8)}")]) for other in others]
    text = "\n".join(f"{name} = {value}" for name, value in properties)
    return Tab("Properties", text, lambda _width, _unfolded: Prepared(lines), str(len(properties)))


def _distinct(name: str, found: Sequence[Tab]) -> str:
    taken = sum(tab.name == name or tab.name.startswith(f"{name} (") for tab in found)
    return f"{name} ({taken + 1})" if taken else name
