"""A small JUnit file as a whole: where all of it is in the usual form, no parser is needed for it.

Of ten thousand files of twenty cases, making a parser for each and feeding it the two tags before the cases
and the two behind takes as long as the cases. May import, of the readers, `junit_body` and `junit_plain`.
Invariant: what is found are the tags, the cases and what is kept of suites in their order, and nothing but
blanks stands between them; whatever could be read in two ways (a tag of another element, a comment, a
reference in a tag, anything but ASCII outside of a case) is left to the parser.
"""

import re

from msgspec import Struct

from tui.readers.xml.junit_body import PROPERTIES, printed
from tui.readers.xml.junit_plain import Stretch, is_blank, stretches

_DEEPEST = 20
_TAIL = 64
_ENDS = ("</testsuites>", "</testsuite>")
_PROLOGUE = re.compile(r'(?:<\?xml version="1\.0" encoding="[uU][tT][fF]-8" ?\?>)?')
_NAME, _VALUE = r"[A-Za-z_][\w.-]*+", r"[ !#-%'-;=-~]*+"
_TAG = re.compile(rf'[ \t\r\n]*+(?:<(testsuites?)((?: {_NAME}="{_VALUE}")*+) ?>|</(testsuites?)>)', re.ASCII)
_ATTRIBUTES = re.compile(rf' ({_NAME})="({_VALUE})"', re.ASCII)


class Tag(Struct, gc=False):
    """A tag of a suite, or of them all, at `start`; its `attributes`, where it opens."""

    name: str
    start: int
    attributes: dict[str, str] | None = None


class Kept(Struct, gc=False):
    """What a suite says of all its tests: its properties, what it printed."""

    start: int
    end: int


class _Tags:
    """What stands between the cases, in order."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self.found: list[Tag | Kept | Stretch] = []
        self.is_closed = False

    def read(self, text: str, start: int, end: int) -> bool:
        """Take in what stands between `start` and `end`; whether a parser could tell no more of it."""
        while start < end:
            if tag := _TAG.match(text, start, end):
                opens, said, closes = tag.groups()
                if self.is_closed or not (self._begin(tag, opens, said) if opens else self._end(tag, closes)):
                    return False
                start = tag.end()
            elif is_blank(text[start:end]):
                return True
            else:
                kept = self._kept(text, start, end)
                if kept is None:
                    return False
                self.found.append(kept)
                start = kept.end
        return True

    def _kept(self, text: str, start: int, end: int) -> Kept | None:
        if not self.open:
            return None
        if found := PROPERTIES.match(text, start, end):
            return Kept(found.start(1), found.end())
        place = printed(text, start)
        return Kept(*place) if place and place[1] <= end else None

    def _begin(self, tag: re.Match[str], name: str, said: str) -> bool:
        attributes = _ATTRIBUTES.findall(said)
        named = dict(attributes)
        if len(named) < len(attributes) or len(self.open) >= _DEEPEST or (name == "testsuites" and self.open):
            return False
        self.open.append(name)
        self.found.append(Tag(name, tag.start(1) - len("<"), named))
        return True

    def _end(self, tag: re.Match[str], name: str) -> bool:
        if not self.open or self.open.pop() != name:
            return False
        self.is_closed = not self.open
        self.found.append(Tag(name, tag.start(3) - len("</")))
        return True


def whole(text: str, offset: int = 0) -> list[Tag | Kept | Stretch] | None:
    """What the file `text` holds, in order; None where that is not all of it, or it holds no case."""
    first = text.find("<testcase ")
    if first < 0 or not text[-_TAIL:].rstrip().endswith(_ENDS):
        return None
    prologue = _PROLOGUE.match(text)
    position = prologue.end() if prologue else 0
    tags = _Tags()
    if not tags.read(text, position, first):
        return None
    position = first
    for found in stretches(text, offset, name_first=text.startswith("<testcase name=", first)):
        if not tags.read(text, position, found.start) or tags.open[-1:] != ["testsuite"]:
            return None
        tags.found.append(found)
        position = found.end
    if not tags.read(text, position, len(text)) or not tags.is_closed:
        return None
    return tags.found
