"""A traceback as it is read: what was raised first, then the project's own frames, the rest folded.

May import `core.tracebacks`, `text` and, of the view, `code`, `document` and `ink`. Pure.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from msgspec import Struct

from tui.core.tracebacks.diffs import DiffLine, Side, aligned, compared
from tui.core.tracebacks.frames import Frame, Link, Part, Raised
from tui.regex import regex
from tui.text import counted
from tui.view.detail.code import coloured
from tui.view.detail.document import PLACE, Drawn, Prepared
from tui.view.ink import Line, Piece, overlaid, plain_text

_LONGEST_ERROR = 40
_LONGEST_CODE = 16
_CODE_HEAD, _CODE_TAIL = 2, 10
_NAME = regex(r"(?:[\w$]+[./])*([A-Z]\w*)(?=:|$| \[)")
_SIDES = {Side.WANTED: "passed", Side.GOT: "failed", Side.HINT: "muted", Side.HEADING: "muted"}
_PARTS = {Side.WANTED: "wanted-part", Side.GOT: "got-part"}
_MARK = Piece("E ", "failed")
_LEAST_ALIGNED = 40
_MOST_HANG = 24
_GUTTER = " " * 8


class Unfolded(Struct, frozen=True):
    """What of a traceback is open: `everything`, or what differs from the rule."""

    everything: bool = False
    turned: frozenset[int] = frozenset()

    def turn(self, fold: int) -> "Unfolded":
        """The same with one fold turned over."""
        return Unfolded(self.everything, self.turned ^ {fold})


def traceback(raised: Sequence[Raised], width: int, unfolded: Unfolded) -> Prepared:
    """The lines of `raised`, for `width` columns."""
    page = _Page(width, unfolded, frames(raised))
    if len(raised) > 1:
        page.chain(raised)
    for number, one in enumerate(raised):
        if one.link is not None:
            page.link(one.link, is_root=number == len(raised) - 1)
        page.error(one.error)
        page.frames(one)
    return Prepared(page.lines)


def frames(raised: Sequence[Raised]) -> list[Frame]:
    """All frames: the stop of a line that shows one is PLACE and its number here."""
    return [frame for one in raised for frame in one.frames]


class _Page:
    """The lines while they are put together."""

    def __init__(self, width: int, unfolded: Unfolded, frames: Sequence[Frame]) -> None:
        self.lines: list[Drawn] = []
        self._numbers = {id(frame): number for number, frame in enumerate(frames)}
        self._width = width
        self._unfolded = unfolded
        self._folds = 0

    def _add(self, *pieces: Piece, stop: str = "", marked: bool = False, hang: int = 0) -> None:
        self.lines.append(Drawn(pieces, stop, marked=marked, hang=hang))

    def _fold(self, told: str, more: Iterable[Piece], draw: Callable[[], None]) -> None:
        """A line that stands for others; open, it stands above them."""
        number = self._folds
        self._folds += 1
        is_open = self._unfolded.everything ^ (number in self._unfolded.turned)
        sign = "▾" if is_open else "▸"
        self.lines.append(Drawn([Piece(f"{sign} {told}", "key"), *more], f"fold {number}"))
        if is_open:
            draw()

    # --- exceptions ---------------------------------------------------------------------------------

    def chain(self, raised: Sequence[Raised]) -> None:
        """How the exceptions led to each other, in a line."""
        if any(one.link is Link.MEMBER for one in raised):
            self._add(Piece(f"{_name(raised[0])} of {counted(len(raised) - 1, 'exception')}", "muted"))
        else:
            line = [Piece(_name(raised[0]), "failed", bold=True)]
            for one in raised[1:]:
                line += [Piece(f" ← {one.link} ", "muted"), Piece(_name(one), "failed", bold=True)]
            self._add(*line)
        self._add()

    def link(self, link: Link, *, is_root: bool) -> None:
        """What the next exception has to do with the one above."""
        told = f" {link}" + (" · the first of all " if is_root and link is not Link.MEMBER else " ")
        if self.lines and self.lines[-1].line:
            self._add()
        rest = "─" * max(self._width - len(told) - 2, 0)
        self._add(Piece("──", "faint"), Piece(told, "warning", bold=True), Piece(rest, "faint"))

    def error(self, error: Sequence[str]) -> None:
        """What the exception says, with its diff."""
        told = compared(error)
        if len(told) > _LONGEST_ERROR:
            self._error_lines(told[: _LONGEST_ERROR - 5])
            rest = told[_LONGEST_ERROR - 5 :]
            # Partners are numbered from the start: what is folded is drawn without them.
            rest = [DiffLine(line.text, line.side, line.differing) for line in rest]
            self._fold(f"{counted(len(rest), 'more line')}", (), lambda: self._error_lines(rest))
        else:
            self._error_lines(told)

    def _error_lines(self, told: Sequence[DiffLine]) -> None:
        done: set[int] = set()
        room = max(self._width - len(_MARK.text), _LEAST_ALIGNED)
        for number, line in enumerate(told):
            if number in done:
                continue
            partner = line.partner if line.partner in range(number + 1, len(told)) else None
            if partner is None or max(len(line.text), len(told[partner].text)) <= room:
                self._error_line(line, first=not number)
            else:
                hints = range(number + 1, min(partner + 2, len(told)))
                done.update(n for n in hints if told[n].side is Side.HINT)
                done.add(partner)
                self._aligned(line, told[partner], room)

    def _error_line(self, line: DiffLine, *, first: bool) -> None:
        ink = "failed" if first else _SIDES.get(line.side, "plain")
        text = Piece(line.text, ink, bold=first)
        part = _PARTS.get(line.side, "")
        self._add(
            _MARK, *overlaid([text], [(start, end, part) for start, end in line.differing]), hang=_hang(line)
        )

    def _aligned(self, one: DiffLine, other: DiffLine, room: int) -> None:
        """Two long lines, piece below piece; what both have in common is passed over."""
        signs = (one.sign, other.sign)
        same = 0
        for pair in aligned(one, other, room - max(map(len, signs))):
            if pair[0].side is Side.BOTH:
                same += len(pair[0].text)
                continue
            self._same(same)
            same = 0
            for sign, piece in zip(signs, pair, strict=True):
                self._error_line(
                    DiffLine(
                        sign + piece.text,
                        piece.side,
                        tuple(each.moved(len(sign)) for each in piece.differing),
                    ),
                    first=False,
                )
        self._same(same)

    def _same(self, characters: int) -> None:
        if characters:
            self._add(_MARK, Piece(f"    ⋯ {counted(characters, 'character')} the same", "muted"))

    # --- frames -------------------------------------------------------------------------------------

    def frames(self, raised: Raised) -> None:
        """The frames in their order: own ones in full, others folded."""
        frames = raised.frames
        if frames and raised.error:
            self._add()
        within = next((f for f in raised.from_within if not f.is_library), None)
        # Where nothing is the project's own, the frame that raised is what there is to see.
        shown = within or next(raised.from_within, None)
        for is_library, run in groupby(frames, lambda frame: frame.is_library and frame is not shown):
            if is_library:
                self._library(list(run))
            else:
                for same, calls in groupby(run, lambda frame: (frame.place, frame.function, frame.stated)):
                    first, *others = calls
                    self._frame(first, failing=first is shown)
                    if others:
                        told = f"{counted(len(others), 'more call')} of {same[1] or 'the same'}"
                        self._fold(told, (), lambda others=others: self._frames(others))  # type: ignore[misc]

    def _frames(self, frames: Sequence[Frame]) -> None:
        for frame in frames:
            self._frame(frame)

    def _library(self, frames: list[Frame]) -> None:
        places = [_short(frame.place.path) for frame in frames if frame.place]
        names = " … ".join(dict.fromkeys([places[0], places[-1]])) if places else ""
        told = counted(len(frames), "library frame")
        self._fold(told, [Piece(f"  {names}", "muted")], lambda: self._frames(frames))
        if any(frame.lines for frame in frames):
            self._add()

    def _frame(self, frame: Frame, *, failing: bool = False) -> None:
        ink = "muted" if frame.is_library else "plain"
        place = str(frame.place) if frame.place else ""
        stop = f"{PLACE} {self._numbers[id(frame)]}" if place else ""
        if frame.stated:
            mark = Piece("> ", "warning", bold=True) if failing else Piece("  ")
            before, found, after = frame.stated.partition(place) if place else (frame.stated, "", "")
            link = Piece(found, "muted" if frame.is_library else "link")
            self._add(mark, Piece(before, ink), link, Piece(after, ink), stop=stop, marked=failing, hang=4)
            return
        in_function = [Piece("  in ", "muted"), Piece(frame.function, ink)] if frame.function else []
        self._add(Piece(place, "muted" if frame.is_library else "link"), *in_function, stop=stop, hang=4)
        self._source(frame)
        if frame.lines:
            self._add()

    def _source(self, frame: Frame) -> None:
        """The lines of a frame, numbered where their numbers are known; of a long one head and tail."""
        source = [line.text for line in frame.lines if line.part in (Part.CODE, Part.FAILING)]
        path = frame.place.path if frame.place else ""
        colours = iter(coloured("\n".join(source), path))
        number = frame.first_number
        drawn: list[Drawn] = []
        for line in frame.lines:
            if line.part in (Part.CODE, Part.FAILING):
                drawn.append(numbered(next(colours), number, failing=line.part is Part.FAILING))
                number = number + 1 if number is not None else None
            elif line.part is Part.CARET:
                drawn.append(Drawn([Piece(f"{_GUTTER}{line.text}", "warning")], hang=len(_GUTTER)))
            else:
                drawn.append(Drawn([Piece(f"{_GUTTER}{line.text}", "muted")], hang=len(_GUTTER)))
        hidden = drawn[_CODE_HEAD:-_CODE_TAIL]
        if len(drawn) <= _LONGEST_CODE:
            self.lines += drawn
            return
        self.lines += drawn[:_CODE_HEAD]
        self._fold(counted(len(hidden), "more line"), (), lambda: self.lines.extend(hidden))
        self.lines += drawn[-_CODE_TAIL:]


def numbered(code: Line, number: int | None, *, failing: bool) -> Drawn:
    """A line of source with its number; the failing one is marked."""
    ink = "warning" if failing else "faint"
    gutter = Piece(f"{'>' if failing else ' '} {number or '':>4}  ", ink, bold=failing)
    pieces = [piece._replace(bold=True) for piece in code] if failing else code
    text = plain_text(code)
    hang = len(_GUTTER) + len(text) - len(text.lstrip()) + 4
    return Drawn([gutter, *pieces], marked=failing, hang=min(hang, _MOST_HANG))


def _hang(line: DiffLine) -> int:
    """Further rows of what an exception says lie below the text, not below the marks."""
    return len(_MARK.text) + min(len(line.text) - len(line.text.lstrip(" -+")), _MOST_HANG)


def _name(raised: Raised) -> str:
    """The type of an exception, or what it says."""
    found = _NAME.match(raised.headline)
    return found[1] if found else raised.headline[:40]


def _short(path: str) -> str:
    """A path's last two names."""
    return "/".join(path.replace("\\", "/").split("/")[-2:])
