"""A JSON document in pieces -> the values of interest in it, one at a time (RFC 8259).

For formats whose results stand in an array inside one document. The document is never held as a whole:
each wanted value is decoded by itself once its bytes are there, what lies between is only stepped over.
So a truncated document gives every value that was closed, and memory is bounded by the largest value.
May import `core.model` and `text`, and, of the readers, `reader`. Invariants: what is told depends on the
bytes alone, never on how they were cut; no document raises.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, NamedTuple

from tui.core.model import Event, Problem, ProblemFound, Repaired, Span
from tui.readers.reader import Ending
from tui.text import one_line, shortened

LARGEST = 256 * 1024 * 1024
"""The most bytes that are read of one document."""

LONGEST = 32 * 1024 * 1024
"""The most bytes that one wanted value may have; a longer one is left out."""

ITEM = "*"
"""Stands for any item of an array in the keys of a value."""

Keys = tuple[str, ...]
"""How a value is reached from the root: ("results", "tests", ITEM)."""

Members = Mapping[str, Any]

_SCALAR_LONGEST = 64 * 1024
_KEY_SHOWN = 80
_BOM = b"\xef\xbb\xbf"
_BLANKS = re.compile(rb"[ \t\r\n]*+")
_SCALAR = re.compile(rb"[-+.\w]*+", re.ASCII)
_SCALAR_BEGINS = b"-0123456789tfnNI"
_IN_STRING = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
# Up to the next bracket, over every string that is whole.
_TO_BRACKET = re.compile(rb'[^"{}\[\]]*+(?:"(?:[^"\\]++|\\.)*+"[^"{}\[\]]*+)*+', re.DOTALL)
_QUOTE, _BACKSLASH = b'"\\'
_OPENING = b"{["

_VALUE, _ITEM_OR_END, _KEY, _KEY_OR_END, _COLON, _COMMA_OR_END, _NOTHING = range(7)  # what comes next
_EXPECTED = {
    _VALUE: "a value",
    _ITEM_OR_END: "a value or ]",
    _KEY: "a key",
    _KEY_OR_END: "a key or }",
    _COLON: "a colon",
}


class Piece(NamedTuple):
    """A wanted value: how it was reached, what it is, where it stands, and the line it begins at."""

    keys: Keys
    value: Any
    span: Span
    line: int


class _Place(NamedTuple):
    line: int
    column: int

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}"


class _Frame(NamedTuple):
    """An array or object on the way to wanted values, while it is open."""

    keys: Keys
    is_list: bool
    seen: set[str]


class _NotJsonError(Exception):
    """What stands at this place cannot stand there."""

    def __init__(self, message: str, place: _Place) -> None:
        super().__init__(f"not JSON at {place}: {message}")


class Document:
    """Reads one document.

    `wanted` says which values are told of; `read` turns one into events. `begun` does so with the
    members that are there of an item of which the end is missing.
    """

    def __init__(
        self,
        wanted: Collection[Keys],
        read: Callable[[Piece], Iterable[Event]],
        begun: Callable[[Members], Iterable[Event]],
    ) -> None:
        self._wanted = frozenset(wanted)
        self._ways = {keys[:end]: keys[end] == ITEM for keys in wanted for end in range(len(keys))}
        self._lists = {keys[: keys.index(ITEM)] for keys in wanted if ITEM in keys}
        self._read = read
        self._begun = begun
        self._buffer = bytearray()
        self._base = 0
        self._at = 0
        self._counted = 0  # up to this byte of the document, `_line` lines began; the last at `_line_start`
        self._line, self._line_start = 1, 0
        self._expect = _VALUE
        self._frames: list[_Frame] = []
        self._keys: Keys = ()
        self._start = -1  # the byte that the value or key being read begins with; -1 between values
        self._place = _Place(1, 1)
        self._depth = 0
        self._in_string = self._is_scalar = self._is_key = False
        self._kept = self._too_long = False
        self._said_trailing = False
        self._error = ""

    def feed(self, data: bytes) -> list[Event]:
        """The events of the values that `data` ends."""
        events: list[Event] = []
        if self._error:
            return events
        room = LARGEST - self._base - len(self._buffer)
        self._buffer += data[:room] if len(data) > room else data
        try:
            while self._step(events):
                pass
        except _NotJsonError as error:
            self._error = str(error)
        if len(data) > room and not self._error:
            self._error = f"refused: larger than {LARGEST // 1024 // 1024} MiB, the rest is not read"
        self._forget()
        return events

    def ending(self) -> Ending:
        """Whether the root value was closed; an item that is still open is told as begun."""
        if self._expect == _NOTHING:
            return Ending(complete=True)
        events: tuple[Event, ...] = ()
        if self._kept and not self._is_key and self._is_item:
            text = bytes(self._buffer[self._start - self._base :]).decode("utf-8", "replace")
            events = tuple(self._begun(_whole_members(text)))
        if self._error:
            return Ending(complete=False, reason=self._error, fatal=True, events=events)
        keys = self._keys if self._start >= 0 else self._frames[-1].keys if self._frames else ()
        inside = f", inside {_name(keys)}" if keys else ""
        return Ending(
            complete=False, reason=f"ends at {self._located(len(self._buffer))}{inside}", events=events
        )

    @property
    def _is_item(self) -> bool:
        """Whether the value that is being read is a whole record, of which an end can be missing."""
        return not self._keys or self._keys[-1] == ITEM

    # --- stepping -----------------------------------------------------------------------------------

    def _step(self, events: list[Event]) -> bool:
        """Go on by one token; False where the next is not whole yet."""
        if self._start >= 0:
            if not self._scan():
                return False
            self._close(events)
            return True
        if not self._base + self._at and self._buffer[:1] == _BOM[:1]:
            if len(self._buffer) < len(_BOM):
                return False
            self._at += len(_BOM) if self._buffer.startswith(_BOM) else 0
        self._at = _end(_BLANKS, self._buffer, self._at)
        if self._at >= len(self._buffer):
            return False
        if self._expect == _NOTHING:
            self._trailing(events)
            return False
        self._token(self._buffer[self._at], events)
        return True

    def _trailing(self, events: list[Event]) -> None:
        if not self._said_trailing:
            self._said_trailing = True
            message = "what follows the end of the document is not read"
            events.append(ProblemFound(Problem("trailing text", message, self._mark().line)))

    def _token(self, token: int, events: list[Event]) -> None:
        expect = self._expect
        if expect == _COLON and token == ord(":"):
            self._at, self._expect = self._at + 1, _VALUE
        elif expect in (_KEY, _KEY_OR_END) and token == _QUOTE:
            self._begin(token, is_key=True)
        elif expect in (_KEY_OR_END, _ITEM_OR_END, _COMMA_OR_END) and token == self._closing():
            self._at += 1
            self._leave(events)
        elif expect == _COMMA_OR_END and token == ord(","):
            self._at += 1
            self._expect = _VALUE if self._frames[-1].is_list else _KEY
        elif expect in (_VALUE, _ITEM_OR_END) and (
            token == _QUOTE or token in _OPENING or token in _SCALAR_BEGINS
        ):
            self._value(token, events)
        else:
            expected = _EXPECTED.get(expect) or f"a comma or {chr(self._closing())}"
            found = chr(token) if 32 < token < 127 else f"the byte {token:#04x}"
            raise _NotJsonError(f"{found} where {expected} belongs", self._mark())

    def _closing(self) -> int:
        return ord("]" if self._frames[-1].is_list else "}")

    def _value(self, token: int, events: list[Event]) -> None:
        """A value begins: go into it, where it leads to wanted ones, else read it or step over it."""
        if self._frames and self._frames[-1].is_list:
            self._keys = (*self._frames[-1].keys, ITEM)
        is_list = self._ways.get(self._keys)
        if is_list is not None and token == ord("[" if is_list else "{"):
            self._frames.append(_Frame(self._keys, is_list, set()))
            self._lists.discard(self._keys)
            self._at += 1
            self._expect = _ITEM_OR_END if is_list else _KEY_OR_END
            return
        self._begin(token, is_key=False)
        if is_list is not None:
            self._lists.discard(self._keys)
            message = f"{_name(self._keys)} is not {'a list' if is_list else 'an object'}, left out"
            events.append(ProblemFound(Problem("wrong type", message, self._place.line)))

    def _begin(self, token: int, *, is_key: bool) -> None:
        self._place = self._mark()
        self._start = self._base + self._at
        self._is_key = is_key
        self._kept = is_key or self._keys in self._wanted
        self._too_long = False
        self._in_string = token == _QUOTE
        self._depth = 1 if token in _OPENING else 0
        self._is_scalar = not self._depth and not self._in_string
        self._at += 0 if self._is_scalar else 1

    def _scan(self) -> bool:
        """Go on to the end of the value that is being read; False where it is not there yet."""
        if self._is_scalar:
            self._at = _end(_SCALAR, self._buffer, self._at)
            if self._base + self._at - self._start > _SCALAR_LONGEST:
                raise _NotJsonError("a number without an end", self._place)
            return self._at < len(self._buffer)
        size = len(self._buffer)
        while True:
            pattern = _IN_STRING if self._in_string else _TO_BRACKET
            self._at = _end(pattern, self._buffer, self._at)
            if self._at >= size or (self._in_string and self._buffer[self._at] == _BACKSLASH):
                return False
            token = self._buffer[self._at]
            self._at += 1
            if token == _QUOTE:
                self._in_string = not self._in_string
            else:
                self._depth += 1 if token in _OPENING else -1
            if not self._depth and not self._in_string:
                return True

    def _close(self, events: list[Event]) -> None:
        """The value or key that was being read has ended."""
        span = Span(self._start, self._base + self._at - self._start)
        data = bytes(self._buffer[self._start - self._base : self._at]) if self._kept else b""
        too_long = self._too_long or (self._kept and span.length > LONGEST)
        self._start = -1
        if self._is_key:
            if too_long:
                raise _NotJsonError(f"a key longer than {LONGEST // 1024 // 1024} MiB", self._place)
            self._named(data, events)
        else:
            self._expect = _COMMA_OR_END
            if too_long:
                message = f"{_name(self._keys)} left out: longer than {LONGEST // 1024 // 1024} MiB"
                events.append(ProblemFound(Problem("too long", message, self._place.line)))
            elif self._kept:
                self._tell(data, span, events)
            self._kept = False
            self._end_of_root(events)

    def _named(self, data: bytes, events: list[Event]) -> None:
        """A key was read: the value that follows has these keys."""
        frame = self._frames[-1]
        try:
            key = str(_decoded(data, [])[0])
        except ValueError as error:
            raise _NotJsonError(f"a key that cannot be read: {error}", self._place) from None
        self._keys = (*frame.keys, key)
        self._expect, self._kept, self._is_key = _COLON, False, False
        if self._keys in self._wanted or self._keys in self._ways:
            if key in frame.seen:
                message = f"{_name(self._keys)} stands there twice"
                events.append(ProblemFound(Problem("repeated key", message, self._place.line)))
            frame.seen.add(key)

    def _leave(self, events: list[Event]) -> None:
        self._keys = self._frames.pop().keys
        self._expect = _COMMA_OR_END
        self._end_of_root(events)

    def _end_of_root(self, events: list[Event]) -> None:
        if self._frames:
            return
        self._expect = _NOTHING
        for keys in sorted(self._lists):
            events.append(ProblemFound(Problem("no tests", f"it has no {_name(keys)}")))

    def _tell(self, data: bytes, span: Span, events: list[Event]) -> None:
        """Decode a wanted value and have it read; what is wrong with it costs this value only."""
        place = self._place
        repeated: list[str] = []
        try:
            value, replaced = _decoded(data, repeated)
            if replaced:
                events.append(Repaired(replaced))
            told = list(self._read(self._piece(value, span)))
        except json.JSONDecodeError as error:
            column = error.colno + (place.column - 1 if error.lineno == 1 else 0)
            events.append(self._left_out(error.msg, _Place(place.line + error.lineno - 1, column)))
        except RecursionError:
            events.append(self._left_out("nested too deep", place))
        except (ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
            events.append(self._left_out(str(error), place))
        else:
            if repeated:
                message = f"keys that stand there twice, of which the last is used: {', '.join(repeated)}"
                events.append(ProblemFound(Problem("repeated key", message, place.line)))
            events += told

    def _piece(self, value: object, span: Span) -> Piece:
        if self._is_item and not isinstance(value, dict):
            raise TypeError("not an object")
        return Piece(self._keys, value, span, self._place.line)

    def _left_out(self, why: str, place: _Place) -> ProblemFound:
        message = one_line(f"{_name(self._keys)} left out: {why}, at {place}")
        return ProblemFound(Problem("bad record", message, place.line))

    # --- the bytes ----------------------------------------------------------------------------------

    def _located(self, index: int) -> _Place:
        """The place of a byte of the buffer that is not before those already counted."""
        begin = self._counted - self._base
        lines = self._buffer.count(b"\n", begin, index)
        last = self._buffer.rfind(b"\n", begin, index)
        start = self._base + last + 1 if lines else self._line_start
        return _Place(self._line + lines, self._base + index - start + 1)

    def _mark(self) -> _Place:
        """The place of the next byte; what is before it is counted for good."""
        place = self._located(self._at)
        self._line, self._line_start = place.line, self._base + self._at - place.column + 1
        self._counted = self._base + self._at
        return place

    def _forget(self) -> None:
        """Let go of the bytes that nobody needs any more."""
        if self._kept and self._base + len(self._buffer) - self._start > LONGEST:
            self._kept, self._too_long = False, True
        end = self._start - self._base if self._kept else self._at
        if self._base + end > self._counted:
            at, self._at = self._at, end
            self._mark()
            self._at = at
        del self._buffer[:end]
        self._base += end
        self._at -= end
        if self._error or self._said_trailing:
            self._buffer.clear()


def _end(pattern: re.Pattern[bytes], buffer: bytearray, at: int) -> int:
    """Where a match of `pattern` ends that begins at `at`; the patterns all match nothing, too."""
    found = pattern.match(buffer, at)
    return found.end() if found else at


def _decoded(data: bytes, repeated: list[str]) -> tuple[Any, int]:
    """The value, and how many bytes had to be replaced; fills `repeated` with keys that stand twice.

    Raises ValueError, RecursionError.
    """

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            times = Counter(key for key, _ in pairs)
            repeated.extend(shortened(one_line(key), _KEY_SHOWN) for key in found if times[key] > 1)
        return found

    try:
        text, replaced = data.decode("utf-8"), 0
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
        replaced = text.count("\N{REPLACEMENT CHARACTER}") - data.count("\N{REPLACEMENT CHARACTER}".encode())
    return json.loads(text, strict=False, object_pairs_hook=members, parse_int=_integer), replaced


def _integer(digits: str) -> int | float:
    """An integer; one of more digits than Python converts is infinite."""
    return int(digits) if len(digits) < 1000 else math.inf


def _whole_members(text: str) -> dict[str, Any]:
    """The members that stand whole at the beginning of an object without an end."""
    found: dict[str, Any] = {}
    if not text.startswith("{"):
        return found
    decoder = json.JSONDecoder(strict=False, parse_int=_integer)
    at = 1
    try:
        while True:
            key, at = decoder.raw_decode(text, _after(" \t\r\n,", text, at))
            value, at = decoder.raw_decode(text, _after(" \t\r\n:", text, at))
            if at >= len(text) and not isinstance(value, str):
                return found  # more digits may have followed
            found[str(key)] = value
    except (ValueError, RecursionError):
        return found


def _after(characters: str, text: str, at: int) -> int:
    while at < len(text) and text[at] in characters:
        at += 1
    return at


def _name(keys: Keys) -> str:
    """How a value is called in words: "results.tests[]"."""
    name = ".".join(keys).replace(f".{ITEM}", "[]") or "the document"
    return shortened(one_line(name), _KEY_SHOWN)
