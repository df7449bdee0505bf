"""What a traceback is made of: exceptions that led to each other, each with its frames.

May import `core.model`. Pure. Invariant: nothing that the text says is left out, but for headings and rules
that only part its pieces.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from tui.core.model import Location
from tui.regex import regex

_LIBRARY_PATH = regex(
    r"(?:^|/)(?:site-packages|dist-packages|node_modules|vendor|rustc|gems)/"
    r"|/lib(?:64)?/(?:python\d|ruby/|node/|jvm/)|/Python\d+/Lib/"
    r"|^/usr/(?:lib|share|local/(?:lib|go|Cellar))/|/go/(?:pkg/mod|src)/|/\.cargo/registry/"
    r"|^<frozen |^node:|^internal/|^<anonymous>$|^native$|^eunit_\w+\.erl$"
)
_LIBRARY_FUNCTION = regex(
    r"(?:app//)?(?:java\.base|jdk\.|java\.|javax\.|sun\.|com\.sun\.|kotlin\.|kotlinx\.|scala\.|groovy\.|"
    r"org\.(?:junit|apache\.maven|gradle|testng|mockito|hamcrest|assertj|codehaus|spockframework|"
    r"springframework|opentest4j|scalatest)\.|junit\.|net\.bytebuddy\.|"
    r"System\.|Microsoft\.|Xunit\.|NUnit\.|"
    r"testing\.|runtime\.|(?:core|std|alloc|__rustc|test)::|rust_begin_unwind|<fn\(\))"
)


class Part(StrEnum):
    """What a line of a frame is."""

    CODE = "code"
    FAILING = "failing"
    CARET = "caret"
    VALUE = "value"
    NOTE = "note"


class FrameLine(NamedTuple):
    """A line below a frame's head: source, the mark under it, an argument's value."""

    text: str
    part: Part


class Link(StrEnum):
    """What an exception has to do with the one shown before it, which it led to."""

    CAUSED_BY = "caused by"
    WHILE_HANDLING = "raised while handling"
    MEMBER = "one of the group"
    SUPPRESSED = "suppressed"


class Frame(Struct, frozen=True):
    """A call. `stated`: the frame as the text has it, where it is one line of it."""

    place: Location | None = None
    function: str = ""
    lines: tuple[FrameLine, ...] = ()
    stated: str = ""

    @property
    def is_library(self) -> bool:
        """Whether it is code that the project only uses, as its path or its function tells."""
        path = self.place.path.replace("\\", "/") if self.place else ""
        return bool(_LIBRARY_PATH.search(path)) or bool(_LIBRARY_FUNCTION.match(self.function))

    @property
    def failing(self) -> str:
        """The line of source that is marked as the failing one, where there is just one."""
        marked = [line.text for line in self.lines if line.part is Part.FAILING]
        return marked[0] if len(marked) == 1 else ""

    @property
    def first_number(self) -> int | None:
        """The number of the first line of source, where the lines are known to follow each other."""
        if self.place is None or self.place.line is None or not self.failing:
            return None
        source = [line.part for line in self.lines if line.part in (Part.CODE, Part.FAILING)]
        return self.place.line - source.index(Part.FAILING)


class Raised(Struct, frozen=True):
    """One exception: what it says, and the frames in the order in which the text has them."""

    error: tuple[str, ...]
    frames: tuple[Frame, ...] = ()
    link: Link | None = None
    innermost_first: bool = False

    @property
    def headline(self) -> str:
        """The first line of what it says."""
        return self.error[0] if self.error else ""

    @property
    def from_within(self) -> Iterator[Frame]:
        """The frames, beginning with the one that raised."""
        return iter(self.frames) if self.innermost_first else reversed(self.frames)


def trimmed(lines: Iterable[str]) -> list[str]:
    """`lines` without blanks at their ends, and without blank lines around them."""
    kept = [line.rstrip() for line in lines]
    while kept and not kept[-1]:
        kept.pop()
    while kept and not kept[0]:
        kept.pop(0)
    return kept
