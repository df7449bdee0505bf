"""XML that is not well-formed -> elements and text: what expat refuses is read on by this.

It knows the elements of one format (`Vocabulary`) and goes on at the next tag of one of them; whatever
else looks like markup is text. So a raw `<`, `"` or `&`, a CDATA section that ended too early, `]]>` in
a text, and tags that do not match cost no element that stands in the file. May import `charset`.

Invariants: what is told depends on the bytes alone, never on how they were cut; time is linear in them,
and no more than about `LARGEST` of them are held.
"""

import re
from collections.abc import Callable, Iterable

from msgspec import Struct

from tui.readers.xml.charset import ESCAPE
from tui.regex import regex

LARGEST = 8 * 1024 * 1024
"""A tag that is longer ends here; a text that is longer is told in parts."""

_PATIENCE = 64 * 1024
_LONGEST_NAME = 128
_CDATA, _COMMENT, _INSTRUCTION = b"]]>", b"-->", b"?>"
_NAME = rb"[^\s\"'<>/=&]++"
_STRICT = regex(rb"((?>\s++" + _NAME + rb"\s*+=\s*+(?:\"[^\"<]*+\"|'[^'<]*+'))*+)\s*+(/?)>", re.DOTALL)
_ATTRIBUTE = regex(rb"(" + _NAME + rb")\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)')")
# The quote that ends a value is followed by another attribute or by the end of the tag.
_LOOSE = regex(
    rb"\s*+(" + _NAME + rb")\s*+=\s*+([\"'])(.*?)\2(?=\s++" + _NAME + rb"\s*+=\s*+[\"']|\s*+/?>)", re.DOTALL
)
_RAGGED = regex(rb"\s*+(" + _NAME + rb")\s*+=\s*+[\"']?([^\"'>]*+)[\"']?")
_CLOSING = regex(rb"</[^<>]*+>?")
_REFERENCE = regex(r"&(?:#(\d{1,8});|#x([0-9a-fA-F]{1,7});|(lt|gt|amp|quot|apos);)?")
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_NO_CHARACTER = regex("[\ufffe\uffff]")
_TOKEN = regex(
    rb"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|(<!\[CDATA\[)|(<(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+>)", re.DOTALL
)


class RefusedError(Exception):
    """The document asks for something that a results file has no business with."""


class Vocabulary(Struct, frozen=True):
    """The elements of a format; `records` are those that hold one test each and never one another."""

    names: frozenset[str]
    records: frozenset[str]
    markup: re.Pattern[bytes]


def vocabulary(names: Iterable[str], records: Iterable[str]) -> Vocabulary:
    """The vocabulary of the elements `names` and `records`, without their namespaces."""
    every = frozenset(names) | frozenset(records)
    known = b"|".join(re.escape(name.encode()) for name in sorted(every, key=len, reverse=True))
    markup = rb"</?(?:[\w.-]++:)?(?:" + known + rb")(?=[\s/>])|<!\[CDATA\[|<!--|<\?|<![A-Z]"
    return Vocabulary(every, frozenset(records), re.compile(markup))


class Handlers(Struct, frozen=True):
    """Who is told: as expat tells. `open` are the elements that are open, kept by `start` and `end`."""

    start: Callable[[str, dict[str, str]], None]
    end: Callable[[str], None]
    text: Callable[[str], None]
    open: list[str]


class TagSoup:
    """Reads on from byte `position`; its public names are those of an expat parser."""

    def __init__(
        self,
        known: Vocabulary,
        handlers: Handlers,
        encoding: str,
        *,
        position: int = 0,
        line: int = 1,
        in_cdata: bool = False,
    ) -> None:
        self.CurrentByteIndex = position
        self.CurrentLineNumber = line
        self.replaced = 0
        self._known = known
        self._tell = handlers
        self._encoding = encoding
        self._data = b""
        self._base = position
        self._until = _CDATA if in_cdata else b""
        self._enough = 0

    def Parse(self, data: bytes, last: bool = False) -> None:  # noqa: FBT001, FBT002, N802  # as in expat
        """Read on. Raises RefusedError where an entity is declared."""
        self._data += data
        if len(self._data) < self._enough and not last:
            return
        at = 0
        while at < len(self._data):
            then = self._inside(at, last=last) if self._until else self._next(at, last=last)
            if then == at:
                break
            self._arrive(then)
            at = then
        self._base += at
        self._data = self._data[at:]
        # What is waited for is looked at again only when there is twice as much of it.
        self._enough = 2 * len(self._data) if len(self._data) > _PATIENCE else 0

    def _arrive(self, at: int) -> None:
        came_from = self.CurrentByteIndex - self._base
        self.CurrentLineNumber += line_ends(self._data, came_from, at)
        self.CurrentByteIndex = self._base + at

    def _next(self, at: int, *, last: bool) -> int:
        """Tell of what stands at `at`; return where the next thing stands, `at` where more is needed."""
        data = self._data
        found = self._known.markup.search(data, at)
        end = found.start() if found else len(data) if last else self._safe_end(at)
        if end > at or found is None:
            self._say(data[at:end], references=True)
            return end
        mark = found.group()
        if mark == b"<![CDATA[":
            self._until = _CDATA
        elif mark == b"<!--":
            self._until = _COMMENT
        elif mark == b"<?":
            self._until = _INSTRUCTION
        elif mark.startswith(b"<!"):
            return self._declaration(at, last=last)
        elif mark.startswith(b"</"):
            return self._closing(at, found.end(), last=last)
        else:
            return self._opening(at, found.end(), last=last)
        return found.end()

    def _inside(self, at: int, *, last: bool) -> int:
        """Pass through a CDATA section (which is text), a comment or a processing instruction."""
        end = self._data.find(self._until, at)
        is_text = self._until == _CDATA
        if end < 0:
            end = len(self._data) if last else self._safe_end(at)
        else:
            then = end + len(self._until)
            self._until = b""
            if is_text:
                self._say(self._data[at:end], references=False)
            return then
        if is_text:
            self._say(self._data[at:end], references=False)
        return end

    def _safe_end(self, at: int) -> int:
        """Up to where a text can be told before its end is known: nothing is cut in two there."""
        data = self._data
        if len(data) - at < _PATIENCE:
            return at
        end = data.rfind(b"\n", at, len(data) - _LONGEST_NAME) + 1
        if end > at:
            return end
        end = len(data) - _LONGEST_NAME
        reference = data.rfind(b"&", end - 16, end)
        end = reference if reference >= 0 else end
        while end > at and (data[end] & 0xC0 == 0x80 or data[end : end + 1] in (b"]", b">")):
            end -= 1
        return end

    def _declaration(self, at: int, *, last: bool) -> int:
        end = self._data.find(b">", at, at + LARGEST)
        if end < 0:
            if not last and len(self._data) - at < LARGEST:
                return at
            end = len(self._data) - 1
        inner = self._data.find(b"[", at, end)
        if self._data.startswith(b"<!ENTITY", at):
            name = self._data[at + 8 : end].split()[:1]
            raise RefusedError(f"it declares the entity {b''.join(name).decode('utf-8', 'replace')[:80]!r}")
        return (inner if inner >= 0 else end) + 1

    def _closing(self, at: int, name_end: int, *, last: bool) -> int:
        found = _CLOSING.match(self._data, at, at + _PATIENCE)
        end = found.end() if found else name_end
        if end == len(self._data) and not last and not self._data.endswith(b">"):
            return at
        tag = self._data[at + 2 : name_end].decode("utf-8", "replace")
        if tag in self._tell.open:
            while self._tell.open[-1] != tag:
                self.replaced += 1
                self._tell.end(self._tell.open[-1])
            self._tell.end(tag)
        else:
            self.replaced += 1
        return end

    def _opening(self, at: int, name_end: int, *, last: bool) -> int:
        tag = self._data[at + 1 : name_end].decode("utf-8", "replace")
        strict = _STRICT.match(self._data, name_end, at + LARGEST)
        if strict is not None:
            found = _ATTRIBUTE.findall(strict[1])
            attributes = {name: a or b for name, a, b in reversed(found)}
            self.replaced += len(found) - len(attributes)  # of two of one name the first one stands
            end, is_empty = strict.end(), bool(strict[2])
        else:
            edge = self._known.markup.search(self._data, name_end, at + LARGEST)
            if edge is None and not last and len(self._data) - at < LARGEST:
                return at
            limit = edge.start() if edge else min(at + LARGEST, len(self._data))
            attributes, end, is_empty = self._ragged(name_end, limit)
            if not end:
                if edge is None and last and len(self._data) - at < LARGEST:
                    return len(self._data)  # the file ends within this tag: nothing is known of it
                end = limit
        self._open(
            tag, {name.decode("utf-8", "replace"): self._value(value) for name, value in attributes.items()}
        )
        if is_empty:
            self._arrive(end)
            self._tell.end(tag)
        return end

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        """Open an element; a record that was never closed ends where the next one begins."""
        records, stack = self._known.records, self._tell.open
        if _local(tag) in records and any(_local(each) in records for each in stack):
            while _local(stack[-1]) not in records:
                self._tell.end(stack[-1])
            self._tell.end(stack[-1])
            self.replaced += 1
        self._tell.start(tag, attributes)

    def _ragged(self, at: int, limit: int) -> tuple[dict[bytes, bytes], int, bool]:
        """The attributes of a tag that is no proper one, its end (0 without one), whether it is empty."""
        self.replaced += 1
        attributes: dict[bytes, bytes] = {}
        pattern = _LOOSE
        while True:
            found = pattern.match(self._data, at, limit)
            if found is None and pattern is _LOOSE:
                pattern = _RAGGED  # a quote is missing: take what there is
                continue
            if found is None:
                break
            attributes.setdefault(found[1], found[found.re.groups])
            at = found.end()
        end = self._data.find(b">", at, limit) + 1
        return attributes, end, end > 1 and self._data[end - 2 : end - 1] == b"/"

    # --- characters ---------------------------------------------------------------------------------

    def _say(self, raw: bytes, *, references: bool) -> None:
        if not raw:
            return
        text = self._decoded(raw)
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        if self._tell.open:
            if references:
                self.replaced += text.count("<") + text.count("]]>")
                text = self._resolved(text)
            self._tell.text(text)

    def _value(self, raw: bytes) -> str:
        text = self._decoded(raw)
        if "\n" in text or "\t" in text or "\r" in text:
            text = text.replace("\r\n", " ").replace("\n", " ").replace("\t", " ").replace("\r", " ")
        return self._resolved(text)

    def _decoded(self, raw: bytes) -> str:
        text = raw.decode(self._encoding, "replace")
        if not text.isascii():
            if "\ufffd" in text:
                self.replaced += text.count("\ufffd") - raw.count("\ufffd".encode())
            if _NO_CHARACTER.search(text):
                text, count = _NO_CHARACTER.subn("", text)
                self.replaced += count
        return text.replace(ESCAPE, "\x1b")

    def _resolved(self, text: str) -> str:
        return _REFERENCE.sub(self._referred, text) if "&" in text else text

    def _referred(self, found: re.Match[str]) -> str:
        if found[3]:
            return _ENTITIES[found[3]]
        number = found[1] or found[2]
        if number is None:
            self.replaced += 1
            return "&"
        code = int(number, 10 if found[1] else 16)
        if (
            code in (9, 10, 13)
            or 0x20 <= code < 0xD800
            or 0xE000 <= code < 0xFFFE
            or 0xFFFF < code < 0x110000
        ):
            return chr(code)
        self.replaced += 1
        return "\x1b" if code == ord("\x1b") else ""


def line_ends(data: bytes, start: int, end: int) -> int:
    """How many line ends expat counts in a part of `data`: a carriage return alone is one."""
    pairs = data.count(b"\r\n", start, end)
    return data.count(b"\n", start, end) + data.count(b"\r", start, end) - pairs


def told_before(data: bytes, fault: int, *, in_cdata: bool) -> tuple[int, bool]:
    """Up to where expat, which met a fault at `fault`, told of `data`; whether a CDATA section is open there.

    Of a text it tells at its end, at the next tag: one that the fault stands in was not told.
    """
    told = at = 0
    while True:
        if in_cdata:
            end = data.find(_CDATA, at, fault)
            if end < 0:
                return told, True
            told = at = end + len(_CDATA)
            in_cdata = False
        found = _TOKEN.search(data, at, fault)
        if found is None:
            return told, False
        at = found.end()
        in_cdata = found[1] is not None
        if in_cdata or found[2] is not None:
            told = at


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]
