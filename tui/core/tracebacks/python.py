"""Tracebacks of Python and of pytest (long, short, line, auto, native) -> exceptions and frames.

May import `core.model` and `frames`. Pure.
"""

import textwrap

from tui.core.model import Location
from tui.core.tracebacks.frames import Frame, FrameLine, Link, Part, Raised, trimmed
from tui.regex import regex

_PATH = r"(?P<path>(?:[A-Za-z]:)?[^\s:][^:]*):(?P<line>\d+):"
_SHORT = regex(rf"{_PATH} in (?P<function>.+)$")
_TAIL = regex(rf"{_PATH} ?[\w.]*$")
_NATIVE = regex(r'\s*File "(?P<path>[^"]+)", line (?P<line>\d+)(?:, in (?P<function>.+))?$')
_ERROR = regex(r"E(?=   |\s*$)")
_MARKED = regex(r">(?=   |\s*$)")
_VALUE = regex(r"\w+ += ")
_RULE = regex(r"(?:_ ){5,}_?\s*$")
_CARETS = regex(r"\s*[\^~][\^~ ]*$")
_DEFINITION = regex(r"\s*(?:async )?(?:def|class) (\w+)")
_HEADING = regex(r"\s*(?:\+ Exception Group )?Traceback(?: \(most recent call last\))?:$")
_GROUP = "Exception Group Traceback (most recent call last):"
_BAR = regex(r"\s*\| ?")
_MEMBER = regex(r"\s*\+[-+]*-+ (?:\d+|\.\.\.) -+$")
_GROUP_END = regex(r"\s*\+-{5,}$")
_LINKS = {
    "The above exception was the direct cause of the following exception:": Link.CAUSED_BY,
    "During handling of the above exception, another exception occurred:": Link.WHILE_HANDLING,
}
_INDENT = 4  # where pytest begins a line of source: room for its marks


def is_python(text: str) -> bool:
    """Whether `text` is a traceback of Python."""
    lines = text.split("\n")
    if _GROUP in text:
        return True
    marked = any(map(_MARKED.match, lines)) and any(map(_TAIL.match, lines))
    return marked or any(_ERROR.match(line) or _NATIVE.match(line) or _SHORT.match(line) for line in lines)


def read(text: str) -> tuple[Raised, ...]:
    """The exceptions of `text`, beginning with the one that was raised last."""
    lines = text.split("\n")
    grouped = _GROUP in text
    # Every piece is an exception, or a group of them; the text begins with the one raised first.
    pieces: list[tuple[list[Raised], Link | None]] = []
    members: list[Raised] = []
    one = _One()
    for whole in lines:
        if grouped and _MEMBER.match(whole):
            members.append(one.finished(Link.MEMBER if members else None))
            one = _One()
            continue
        if grouped and _GROUP_END.match(whole):
            continue
        line = _BAR.sub("", whole, count=1) if grouped and _BAR.match(whole) else whole
        link = _LINKS.get(line.strip())
        if link is None:
            one.feed(line)
            continue
        pieces.append(([*members, one.finished(Link.MEMBER if members else None)], link))
        members, one = [], _One()
    pieces.append(([*members, one.finished(Link.MEMBER if members else None)], None))
    found: list[Raised] = []
    for piece, link in reversed(pieces):
        first = piece[0]
        found.append(Raised(first.error, first.frames, link))
        found += piece[1:]
    return tuple(found)


class _One:
    """One exception while its lines are read."""

    def __init__(self) -> None:
        self._error: list[str] = []
        self._said: list[str] = []
        self._frames: list[Frame] = []
        self._place: Location | None = None
        self._function = ""
        self._lines: list[FrameLine] = []
        self._native = False

    def finished(self, link: Link | None) -> Raised:
        """All that was read."""
        self._close()
        error = trimmed(textwrap.dedent("\n".join(self._error)).split("\n"))
        said = trimmed(self._said)
        return Raised((*error, *([""] if error and said else []), *said), tuple(self._frames), link)

    def feed(self, line: str) -> None:
        """Take in the next line."""
        if found := _SHORT.match(line) or _NATIVE.match(line):
            self._close()
            self._native = found.re is _NATIVE
            self._place = Location(found["path"].strip(), int(found["line"]))
            self._function = found["function"] or ""
        elif found := _TAIL.match(line):
            self._place = Location(found["path"].strip(), int(found["line"]))
            self._close()
        elif _RULE.match(line) or _HEADING.match(line):
            self._close()
        elif self._native:
            self._native_line(line)
        elif _ERROR.match(line):
            self._error.append(f" {line[1:]}")
        else:
            self._source_line(line)

    def _native_line(self, line: str) -> None:
        """A line below `File "..."`; what begins at the margin is what the exception says."""
        if line.startswith(" ") and not self._error:
            text = line[_INDENT:] if not line[:_INDENT].strip() else line.strip()
            repeated = line.strip().startswith("[Previous line repeated")
            part = Part.NOTE if repeated else Part.CARET if _CARETS.match(line) else Part.FAILING
            self._lines.append(FrameLine(text.rstrip(), part))
        elif line.strip() or self._error:
            self._error.append(line)

    def _source_line(self, line: str) -> None:
        """A line as pytest lays them out: source is indented, what fails is marked, values are not."""
        first = not (self._frames or self._lines or self._error or self._said)
        if _MARKED.match(line):
            self._lines.append(FrameLine(line[_INDENT:].rstrip(), Part.FAILING))
        elif _VALUE.match(line):
            self._lines.append(FrameLine(line.rstrip(), Part.VALUE))
        elif line.startswith(" " * _INDENT) or not line.strip():
            self._indented(line)
        elif first and (_DEFINITION.match(line) or line.startswith("@")):
            self._lines.append(FrameLine(line.rstrip(), Part.CODE))  # its indent was stripped on the way
        elif self._error and line.startswith(" "):
            self._error.append(line)
        else:
            self._said.append(line)

    def _indented(self, line: str) -> None:
        if self._error:
            self._error.append(line)
        elif not line.strip() and not any(known.part is not Part.VALUE for known in self._lines):
            if self._said:
                self._said.append("")
        else:
            marked = self._lines and self._lines[-1].part is Part.FAILING
            part = Part.CARET if marked and _CARETS.match(line) else Part.CODE
            self._lines.append(FrameLine(line[_INDENT:].rstrip(), part))

    def _close(self) -> None:
        """The frame ends here."""
        lines = self._lines
        while lines and not lines[-1].text.strip():
            lines.pop()
        while lines and not lines[0].text.strip():
            lines.pop(0)
        if self._place is not None or lines:
            function = self._function
            if not function:
                defined = [found[1] for line in lines if (found := _DEFINITION.match(line.text))]
                function = defined[0] if defined else ""
            elif not any(line.part is Part.FAILING for line in lines):
                lines = [_as_failing(line) for line in lines]  # the short form shows the failing lines only
            self._frames.append(Frame(self._place, function, tuple(lines)))
        self._place, self._function, self._lines, self._native = None, "", [], False


def _as_failing(line: FrameLine) -> FrameLine:
    if line.part is not Part.CODE:
        return line
    return FrameLine(line.text, Part.CARET if _CARETS.match(line.text) else Part.FAILING)
