"""The suites of a JUnit XML file: which are open, and what each keeps for all its tests.

Ant, Surefire and unittest write what a whole class printed once, behind its cases; who ran it and when
stands in the suite's own tag, its properties before the cases. A test is shown it by place: the suite
whose bytes hold the test's bytes. May import `core.model`, `text` and, of the readers, `markup`,
`tagsoup` and `junit_producers`. Invariant: what is kept are places, never texts, so that a suite costs
the same whatever it printed.
"""

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from msgspec import Struct, field

from tui.core.model import Section, SharedFound, Span
from tui.readers.xml.junit_producers import unescaped_by_anyone
from tui.readers.xml.markup import element
from tui.readers.xml.tagsoup import Vocabulary
from tui.text import plain, styled

_OUTPUTS = {"system-out": "suite stdout", "system-err": "suite stderr"}
_SAID_BY_THE_TAG = ("name", "package", "hostname", "timestamp", "time", "file", "filepath")
_TAG_LONGEST = 8 * 1024
_PIECE_LONGEST = 1024 * 1024
_PIECES_OF_A_SUITE = 20
_UNENDED = 1 << 62


class _Suite(Struct):
    name: str
    offset: int
    pieces: list[Span] = field(default_factory=list)


class Suites:
    """The suites that are open, outermost first."""

    def __init__(self) -> None:
        self._open: list[_Suite] = []

    def __bool__(self) -> bool:
        return bool(self._open)

    @property
    def names(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(suite.name for suite in self._open)

    def begin(self, name: str, offset: int, *, tells: bool) -> None:
        """A suite begins at `offset`; `tells`: its tag says more than a name and counts."""
        self._open.append(_Suite(name, offset, [Span(offset, _TAG_LONGEST)] if tells else []))

    def keep(self, offset: int, end: int) -> None:
        """What stands there belongs to all tests of the innermost suite."""
        if self._open and len(self._open[-1].pieces) < _PIECES_OF_A_SUITE:
            self._open[-1].pieces.append(Span(offset, max(min(end - offset, _PIECE_LONGEST), 0)))

    def end(self, end: int) -> Iterator[SharedFound]:
        """The innermost suite ends: tell what it kept."""
        if self._open:
            yield from _told(self._open.pop(), end)

    def unended(self) -> Iterator[SharedFound]:
        """What the suites kept that are open where the file ends."""
        for suite in self._open:
            yield from _told(suite, _UNENDED)


def _told(suite: _Suite, end: int) -> Iterator[SharedFound]:
    within = Span(suite.offset, end - suite.offset)
    return (SharedFound(within, piece) for piece in suite.pieces)


def read_suite(pieces: Sequence[bytes], known: Vocabulary) -> tuple[Section, ...]:
    """What suites keep for all their tests, from the pieces of the file that `Suites` told of."""
    said: dict[str, list[str]] = {}
    for piece in pieces:
        kept = element(piece, known)
        if kept is None:
            continue
        title = _OUTPUTS.get(kept.tag) or ("suite properties" if kept.tag == "properties" else "suite")
        text = "\n".join(_lines(kept)).strip("\n")
        if len(piece) >= _PIECE_LONGEST:
            text += "\n[... cut ...]"
        if text.strip():
            said.setdefault(title, []).append(text)
    return tuple(Section(title, "\n".join(texts)) for title, texts in said.items())


def _lines(kept: Element) -> Iterator[str]:
    match kept.tag:
        case "testsuite":
            for name in _SAID_BY_THE_TAG:
                if kept.get(name):
                    yield f"{name} = {plain(kept.get(name, ''))}"
        case "properties":
            for stated in kept.iter("property"):
                value = plain(stated.get("value") or stated.text or "")
                yield f"{plain(stated.get('name', ''))} = {value}"
        case _:
            yield styled(unescaped_by_anyone(kept.text or ""))
