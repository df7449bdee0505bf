"""The diagnostics of a TAP point -> why it failed, and where.

YAML blocks are read by the few shapes that producers write: `key: value`, one level of keys below a
key, block scalars (`|`, `>`), and quoted values over several lines. Each line is looked at once, what
is not understood is left to the text. May import `core.model`, `text` and, of the readers, `trace`. Pure.
"""

import re
from collections.abc import Mapping, Sequence

from tui.core.model import Failure, Location, Outcome
from tui.readers import trace
from tui.text import one_line, plain

_KEY = re.compile(r"( *)(?:- )?([A-Za-z_][\w .-]{0,60}?)\s*:(?:\s+(.*))?")
_BLOCK = re.compile(r"[|>][+-]?\d?[+-]?\s*")
_PLACES = (
    re.compile(r"^(?:file://)?(?P<path>[^\s:][^:\n]*):(?P<line>\d{1,9})(?::\d+)?$"),
    re.compile(r"\((?:file://)?(?P<path>[^()\s:][^():\n]*):(?P<line>\d{1,9})(?::\d+)?\)"),
    re.compile(
        r"^[ \t]*(?:at )?(?:file://)?(?P<path>/[^():\n]+):(?P<line>\d{1,9})(?::\d+)?[ \t]*$", re.MULTILINE
    ),
    re.compile(r"\bin (?:test )?file (?P<path>[^,\n]+), line (?P<line>\d{1,9})"),
    re.compile(r"^[ \t]*at (?P<path>\S+) line (?P<line>\d{1,9})\.?$", re.MULTILINE),
)
_OF_NODE_ITSELF = ("node:", "internal/")
_MESSAGES = ("error.message", "error", "message", "exception.message", "reason")
_TYPES = ("error.name", "name", "exception.class")
_FILES = (("at.fileName", "at.lineNumber"), ("at.file", "at.line"), ("file", "line"))
_VALUE_LONGEST = 4000


def parse_block(lines: Sequence[str]) -> dict[str, str]:
    """The values of a YAML block by key, those one level below as "key.key"; the first one stays."""
    found: dict[str, str] = {}
    reading = _Values(found)
    for line in lines:
        reading.take(line)
    reading.end()
    return found


class _Values:
    """Takes the lines of a block in and sorts them into `found`."""

    def __init__(self, found: dict[str, str]) -> None:
        self._found = found
        self._base: int | None = None
        self._parent = ""
        self._key = ""
        self._indent = 0
        self._quote = ""
        self._lines: list[str] = []

    def take(self, line: str) -> None:
        """Take in the next line."""
        indent = len(line) - len(line.lstrip(" "))
        if self._quote:
            self._lines.append(line)
            if _closes(line, self._quote):
                self.end()
            return
        if self._key and (not line.strip() or indent > self._indent):
            self._lines.append(line)
            return
        self.end()
        found = _KEY.fullmatch(line.rstrip())
        if found:
            self._begin(len(found[1]), found[2].strip(), found[3] or "")

    def end(self) -> None:
        """The value that is open ends."""
        if self._key:
            text = "\n".join(line[self._indent + 2 :] if line[:1] == " " else line for line in self._lines)
            value = text.strip("\n")
            if self._quote:
                value = _unquoted("\n".join(self._lines))
            self._found.setdefault(self._key, value[:_VALUE_LONGEST])
        self._key, self._quote, self._lines = "", "", []

    def _begin(self, indent: int, name: str, value: str) -> None:
        if self._base is None:
            self._base = indent
        nested = indent > self._base and self._parent
        key = f"{self._parent}.{name}" if nested else name
        if not nested:
            self._parent = name
        if value[:1] in ('"', "'"):
            self._key, self._indent, self._quote, self._lines = key, indent, value[0], [value]
            if len(value) > 1 and _closes(value[1:], value[0]):
                self.end()
        elif _BLOCK.fullmatch(value):
            self._key, self._indent = key, indent
        elif value:
            self._found.setdefault(key, value[:_VALUE_LONGEST])


def _closes(line: str, quote: str) -> bool:
    line = line.rstrip()
    if not line.endswith(quote):
        return False
    escapes = len(line) - 1 - len(line[:-1].rstrip("\\"))
    return quote == "'" or escapes % 2 == 0


def _unquoted(value: str) -> str:
    value = value.rstrip()
    quote = value[:1]
    value = value[1:].removesuffix(quote)
    if quote == "'":
        return value.replace("''", "'")
    named = {"n": "\n", "t": "\t", "r": "\n"}
    return re.sub(r"\\(.)", lambda found: named.get(found[1], found[1]), value, flags=re.DOTALL)


def duration(values: Mapping[str, str]) -> float | None:
    """How long the test took, in seconds."""
    found = re.fullmatch(r"\d{1,12}(?:\.\d{1,12})?", values.get("duration_ms", ""))
    return float(found[0]) / 1000 if found else None


def failure(name: str, values: Mapping[str, str], text: str) -> Failure:
    """Why the point `name` failed: from the values of its YAML block, or the `text` behind it."""
    text = plain(text)
    message = next((values[key] for key in _MESSAGES if values.get(key)), "")
    kind = next((values[key] for key in _TYPES if values.get(key)), "")
    place = _stated_place(values) or _place(values.get("stack", "")) or trace.raised_at(text) or _place(text)
    if not values:
        message = _first_words(text)
    elif _place(message.partition("\n")[0]):
        message = _first_words(message)
    return trace.failure(
        Outcome.FAILED, None, message=message or name, text=text, type=one_line(kind), place=place
    )


def _first_words(text: str) -> str:
    """The first line of a diagnostic that says what is wrong, rather than where."""
    found = trace.last_error(text)
    if found and not _place(found):
        return found
    lines = [line.strip() for line in text.splitlines() if line.strip() and not _place(line)]
    return lines[0] if lines else found


def _stated_place(values: Mapping[str, str]) -> trace.Place | None:
    for file, line in _FILES:
        number = values.get(line, "")
        if values.get(file) and re.fullmatch(r"\d{1,9}", number):
            return trace.Place(Location(one_line(_unquoted_if(values[file])), int(number)), "")
    return _place(values.get("at", "")) or _place(_unquoted_if(values.get("location", "")))


def _unquoted_if(value: str) -> str:
    return _unquoted(value) if value[:1] in ('"', "'") else value


def _place(text: str) -> trace.Place | None:
    for pattern in _PLACES:
        for found in pattern.finditer(text):
            if not found["path"].startswith(_OF_NODE_ITSELF):
                return trace.Place(Location(one_line(found["path"]), int(found["line"])), "")
    return None
