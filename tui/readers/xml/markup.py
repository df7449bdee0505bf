"""What the readers of XML share: a hardened stream of elements.

expat (https://docs.python.org/3/library/pyexpat.html) reads what is well-formed; from the first thing
that it refuses on, `tagsoup` does. XML is data from outside: a declared entity is refused, nothing
external is followed, depth and the size of a tag are bounded, and bytes that XML does not allow are
replaced and counted. May import `core.model`, `text` and, of the readers, `reader`, `charset` and `tagsoup`.

Invariants: events depend on the bytes alone, never on how they were cut; offsets are those of the file as
it is, so that a record can be read again from it, with the same repairs (`element.py`).
"""

import copy
import re
from collections.abc import Callable
from typing import ClassVar
from xml.parsers import expat

from tui.core.model import Event, Problem, ProblemFound, Repaired
from tui.readers.reader import Ending
from tui.readers.xml.charset import ESCAPE, Incoming, narrowed
from tui.readers.xml.tagsoup import (
    LARGEST,
    Handlers,
    RefusedError,
    TagSoup,
    Vocabulary,
    line_ends,
    told_before,
)
from tui.text import one_line, plain

DEEPEST = 500
_SLICE = 64 * 1024
_TEXT_HEAD = 256 * 1024
_TEXT_TAIL = 64 * 1024

_ROOT = re.compile(
    rb"(?><\?.*?\?>\s*+|<!--.*?-->\s*+|<!DOCTYPE[^>\[]*+(?:\[.*?\]\s*+)?>\s*+)*+"
    rb"<(?:[\w.-]++:)?([A-Za-z_][\w.-]*+)([\s/>][^<]*+)",
    re.DOTALL,
)


def root(head: bytes) -> tuple[str, bytes]:
    """The name of the root element of a file that begins with `head`, and what its tag holds; else empty."""
    found = _ROOT.match(narrowed(head))
    return (found[1].decode("ascii"), found[2]) if found else ("", b"")


class Text:
    """The text of one element: its head and its tail, however long it is and in whatever pieces it comes."""

    __slots__ = ("_head", "_room", "_tail", "_tail_size", "_tail_start")

    def __init__(self) -> None:
        self._head: list[str] = []
        self._tail: list[str] = []
        self._room = _TEXT_HEAD
        self._tail_start = self._tail_size = 0

    def add(self, data: str) -> None:
        """Take in the next piece."""
        if self._room:
            self._head.append(data[: self._room])
            data = data[self._room :]
            self._room -= len(self._head[-1])
        if not data:
            return
        self._tail.append(data)
        self._tail_size += len(data)
        if self._tail_size - self._tail_start > 2 * _TEXT_TAIL:
            self._tail = ["".join(self._tail)[-_TEXT_TAIL:]]
            self._tail_start = self._tail_size - _TEXT_TAIL

    def __str__(self) -> str:
        tail = "".join(self._tail)[-_TEXT_TAIL:]
        left_out = self._tail_size - len(tail)
        cut = [f"\n[... {left_out} characters cut ...]\n"] if left_out else []
        return "".join([*self._head, *cut, tail])


class Skipped:
    """What expat was not fed: how many lines, and by how much that moves the columns of the line behind."""

    def __init__(self) -> None:
        self.lines = 0
        self._line = -1
        self._columns = 0

    def add(self, part: bytes, line: int, column: int) -> None:
        """`part` was passed over where expat counts `line` and `column`."""
        before = self.columns(line)
        last = part.rfind(b"\n") + 1
        # Lines are long: from each end to the next is faster looked for than byte by byte.
        self.lines += len(part) - len(part.replace(b"\n", b""))
        self._line, self._columns = line, len(part) - last - column if last else before + len(part)

    def columns(self, line: int) -> int:
        """How many columns are missing before what expat tells of on a line."""
        return self._columns if line == self._line else 0


class MarkupReader:
    """Reads one XML file; a format names the elements that it wants to hear of.

    `on_start` and `on_end`: by the local name of an element, what to do when it begins (with its
    attributes) and ends. `text`: where what stands in the element that is open goes. `events`: what was
    found so far. `open`: the elements that are open, outermost first; `is_over`: the outermost was closed.
    `place`: where what is told of stands, as long as there is no parser.
    """

    is_stream: ClassVar[bool] = False
    has_end: ClassVar[bool] = True
    known: ClassVar[Vocabulary]

    # What is frozen stands here: ten thousand readers are made, and most never have more of it.
    text: Text | None = None
    is_over = False
    place = 0
    _refused = ""
    _in_cdata = False
    _soup: TagSoup | None = None
    _parser: expat.XMLParserType | TagSoup | None = None
    _begun = False
    _shift = -1
    _taken = 0
    _fed = 0
    _ahead = b""
    _ahead_at = 0

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.open: list[str] = []
        self.on_start: dict[str, Callable[[dict[str, str]], None]] = {}
        self.on_end: dict[str, Callable[[], None]] = {}
        self._incoming = Incoming()
        self._skipped = Skipped()

    def feed(self, data: bytes) -> list[Event]:
        """The events of the elements that `data` ends."""
        if not self._refused:
            self._guarded(self._incoming.take(data))
        events, self.events = self.events, []
        return events

    def ending(self) -> Ending:
        """Whether the root element was closed; what was still open is told as begun."""
        if not self._refused:
            self._guarded(b"")
        last = self._finished()
        complete = last.is_over and not last.open and not last._refused  # noqa: SLF001  # itself
        events = (*last.events, *last.at_end(complete=complete), *last._repairs())  # noqa: SLF001
        if complete:
            return Ending(complete=True, events=events)
        if last._refused:  # noqa: SLF001
            return Ending(complete=False, reason=plain(last._refused), fatal=True, events=events)  # noqa: SLF001
        inside = last.inside()
        reason = f"ends at line {last.line()}" + (f", inside {inside}" if inside else "")
        return Ending(complete=False, reason=plain(reason), events=events)

    def _finished(self) -> "MarkupReader":
        """This reader, had nothing followed: what it holds back is read by a copy, as more may follow."""
        if self._refused or (self._begun and self._soup is None):
            return self
        last = copy.deepcopy(self)
        last._guarded(last._incoming.take(b"", last=True), last=True)  # noqa: SLF001
        return last

    def listen(self) -> None:
        """Fill `on_start` and `on_end`, where that takes long: asked for when there is a parser."""

    def at_end(self, *, complete: bool) -> tuple[Event, ...]:
        """What is still to be told once the file will grow no more."""
        del complete
        return ()

    def inside(self) -> str:
        """The record that is open, as it is called in the source."""
        return ""

    def here(self) -> int:
        """The offset in the file of the tag that is told of."""
        if self._parser is None:
            return self.place
        position = self._parser.CurrentByteIndex
        return position + self._shift if self._shift >= 0 else self._incoming.offset(position)

    def past(self, tag: str) -> int:
        """The offset behind the closing `tag` that is told of, or a little further on."""
        return self.here() + (len(tag) + len("</>")) * self._incoming.width

    def line(self) -> int:
        """The line of the tag that is told of."""
        here = 1 if self._parser is None else self._parser.CurrentLineNumber
        return self._incoming.lines + self._skipped.lines + here

    def _repairs(self) -> tuple[Event, ...]:
        """How much was replaced: of a file that is refused nobody can tell."""
        count = self._incoming.replaced + (self._soup.replaced if self._soup is not None else 0)
        return (Repaired(count),) if count and not self._refused else ()

    # --- reading ------------------------------------------------------------------------------------

    def _guarded(self, data: bytes, *, last: bool = False) -> None:
        try:
            if data:
                self._read(data)
            elif self._begun:
                self.take(b"")
            if last and self._soup is not None:
                self._soup.Parse(b"", True)  # noqa: FBT003
        except RefusedError as error:
            self._refused = f"refused at line {self.line()}: {one_line(str(error))}"

    def _read(self, data: bytes) -> None:
        if not self._begun:
            self._begun = True
            self._begin()
        at = 0
        # Parts end at the same places of the file however it was cut; expat buffers the text of one part.
        while self._soup is None and at < len(data):
            part = data[at : at + _SLICE - self._taken % _SLICE]
            at += len(part)
            self._taken += len(part)
            self.take(part)
            if self._taken % _SLICE == 0 and len(self._ahead) > LARGEST:
                self._cut_tag()
        if at < len(data):
            self.take(data[at:])

    def take(self, part: bytes) -> None:
        """Read the next part of the file; a format may know parts of itself that need no parser.

        What it holds back of one part it reads with the next, though that may be empty.
        """
        if self._soup is not None:
            self._soup.Parse(part)
        elif part:
            self._parse(part)

    def skip(self, part: bytes) -> None:
        """Pass over a part of the file: offsets and lines go on behind it."""
        if part:
            assert isinstance(self._parser, expat.XMLParserType)
            self._shift += len(part)
            self._skipped.add(part, self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber)

    @property
    def is_untold(self) -> bool:
        """Whether nothing of the file was read yet."""
        return self._parser is None and not self.is_over

    @property
    def is_simple(self) -> bool:
        """Whether the file is read by expat, and its offsets are those of what expat is fed."""
        return self._soup is None and self._shift >= 0

    def is_between_tags(self) -> bool:
        """Whether no tag, comment or section of text is open where expat stands."""
        parser = self._parser
        at_end = parser is not None and self._soup is None and parser.CurrentByteIndex == self._fed
        return at_end and not self._in_cdata

    def next_offset(self) -> int:
        """The offset in the file of what is to be read next, where that is simple."""
        return self._fed + self._shift

    def _begin(self) -> None:
        encoding = self._incoming.encoding
        if self._incoming.width == 1:
            self._shift = self._incoming.offset(0)
        if self._incoming.unknown_label:
            label = one_line(self._incoming.unknown_label)[:80]
            self.problem(
                "encoding", f"declares the encoding {label!r}, which it does not have: read as UTF-8", 1
            )
        if encoding != "utf-8" and not _is_single(encoding):
            self._parser = self._soup = self._recovering(0, 1, in_cdata=False)

    def opened(self, before: bytes = b"") -> expat.XMLParserType:
        """A parser, made when the first part needs one; it stands behind `before`, which was told of."""
        self.listen()
        parser = expat.ParserCreate(self._incoming.encoding)
        if before:
            parser.Parse(before)
            self._fed, self._ahead_at = len(before), max(parser.CurrentByteIndex, 0)
            self._ahead = before[self._ahead_at :]
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = self._entity
        parser.StartCdataSectionHandler = self._cdata_began
        parser.EndCdataSectionHandler = self._cdata_ended
        if hasattr(parser, "SetReparseDeferralEnabled"):
            parser.SetReparseDeferralEnabled(False)  # noqa: FBT003
        self._parser = parser
        return parser

    def _parse(self, part: bytes) -> None:
        if self._parser is None:
            self.opened()
        assert isinstance(self._parser, expat.XMLParserType)
        in_cdata = self._in_cdata
        # A part never fills it, so that a text is told at its end; to have more takes long.
        self._parser.buffer_size = max(self._parser.buffer_size, 4 * len(part))
        try:
            self._parser.Parse(part)
        except expat.ExpatError as error:
            what = expat.errors.messages[error.code]
            line = error.lineno + self._incoming.lines + self._skipped.lines
            if self.open or not self.is_over:
                column = error.offset + 1 + self._skipped.columns(error.lineno)
                place = f"line {line}, column {column}"
                self.problem(
                    "not well-formed", f"not well-formed at {place}: {what}; read on with repairs", line
                )
            self._recover(part, self._parser.ErrorByteIndex, error.lineno, in_cdata=in_cdata)
            return
        self._fed += len(part)
        unread = max(self._parser.CurrentByteIndex, 0)
        if not self.open and not self.is_over:
            self._ahead += part  # where expat stands in a prologue is not said
        elif unread >= self._fed - len(part):
            self._ahead, self._ahead_at = part[unread - self._fed + len(part) :], unread
        else:
            self._ahead += part

    def _cut_tag(self) -> None:
        """Read on behind a tag that has no end."""
        assert self._parser is not None
        fault, line = self._fed, self._parser.CurrentLineNumber
        size = LARGEST // (1024 * 1024)
        place = line + self._incoming.lines + self._skipped.lines
        self.problem("too long", f"a tag of more than {size} MiB at line {place}: cut there", place)
        self._recover(b"", fault, line, in_cdata=self._in_cdata)

    def _recover(self, part: bytes, fault: int, fault_line: int, *, in_cdata: bool) -> None:
        """Let the recovering parser go on, from behind the last thing that expat told of."""
        data, start = self._ahead + part, self._ahead_at
        told = 0
        if self.open or self.is_over:
            told, in_cdata = told_before(data, fault - start, in_cdata=in_cdata)
        line = fault_line - line_ends(data, told, max(fault - start, told))
        self._parser = self._soup = self._recovering(start + told, line, in_cdata=in_cdata)
        self._ahead = b""
        self._soup.Parse(data[told:])

    def _recovering(self, position: int, line: int, *, in_cdata: bool) -> TagSoup:
        self.listen()
        handlers = Handlers(self._start, self._end, self._characters, self.open)
        encoding = self._incoming.encoding
        return TagSoup(self.known, handlers, encoding, position=position, line=line, in_cdata=in_cdata)

    def problem(self, kind: str, message: str, line: int) -> None:
        """Say what is wrong with the file."""
        self.events.append(ProblemFound(Problem(kind, message, line)))

    # --- what both parsers tell ---------------------------------------------------------------------

    def _entity(self, name: str, *_: object) -> None:
        raise RefusedError(f"it declares the entity {one_line(name)!r}")

    def _cdata_began(self) -> None:
        self._in_cdata = True

    def _cdata_ended(self) -> None:
        self._in_cdata = False

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.open.append(tag)
        if len(self.open) > DEEPEST:
            raise RefusedError(f"elements nested deeper than {DEEPEST}")
        action = self.on_start.get(tag)
        if action is None and ":" in tag:
            action = self.on_start.get(tag.rpartition(":")[2])
        if action is not None:
            if ESCAPE in "".join(attributes.values()):
                attributes = {name: value.replace(ESCAPE, "\x1b") for name, value in attributes.items()}
            action(attributes)

    def _end(self, tag: str) -> None:
        self.open.pop()
        action = self.on_end.get(tag)
        if action is None and ":" in tag:
            action = self.on_end.get(tag.rpartition(":")[2])
        if action is not None:
            action()
        if not self.open:
            self.is_over = True

    def _characters(self, data: str) -> None:
        if self.text is not None:
            self.text.add(data.replace(ESCAPE, "\x1b") if ESCAPE in data else data)


def _is_single(encoding: str) -> bool:
    """Whether each byte is a character."""
    try:
        return len(bytes(range(256)).decode(encoding, "replace")) == 256
    except (LookupError, ValueError):
        return False
