"""The suites of a JUnit XML file: which are open, and what each keeps for all its tests.

Ant, Surefire and unittest write what a whole class printed once, behind its cases; who ran it and when
stands in the suite's own tag, its properties before the cases. A test is shown it by place: the suite
whose bytes hold the test's bytes. May import `core.model`. Invariant: what is kept are places, never texts,
so that a suite costs the same whatever it printed.
"""

from msgspec import Struct, field

from tui.core.model import SharedFound, Span

PIECE_LONGEST = 1024 * 1024
"""No more bytes are kept of one thing that a suite says."""

_TAG_LONGEST = 8 * 1024
_PIECES_OF_A_SUITE = 20
_UNENDED = 1 << 62


class _Suite(Struct):
    offset: int
    pieces: list[Span] = field(default_factory=list)


class Suites:
    """The suites that are open, outermost first; `names` are theirs."""

    names: tuple[str, ...] = ()

    def __init__(self) -> None:
        self._open: list[_Suite] = []

    def __bool__(self) -> bool:
        return bool(self._open)

    def begin(self, name: str, offset: int, *, tells: bool) -> None:
        """A suite begins at `offset`; `tells`: its tag says more than a name and counts."""
        self.names = (*self.names, name)
        self._open.append(_Suite(offset, [Span(offset, _TAG_LONGEST)] if tells else []))

    def keep(self, offset: int, end: int) -> None:
        """What stands there belongs to all tests of the innermost suite."""
        if self._open and len(self._open[-1].pieces) < _PIECES_OF_A_SUITE:
            self._open[-1].pieces.append(Span(offset, max(min(end - offset, PIECE_LONGEST), 0)))

    def end(self, end: int) -> list[SharedFound]:
        """The innermost suite ends: tell what it kept."""
        if not self._open:
            return []
        self.names = self.names[:-1]
        return _told(self._open.pop(), end)

    def unended(self) -> list[SharedFound]:
        """What the suites kept that are open where the file ends."""
        return [shared for suite in self._open for shared in _told(suite, _UNENDED)]


def _told(suite: _Suite, end: int) -> list[SharedFound]:
    within = Span(suite.offset, end - suite.offset)
    return [SharedFound(within, piece) for piece in suite.pieces]
