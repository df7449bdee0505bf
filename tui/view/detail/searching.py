"""What is searched for in a document, and where it stands.

May import `view.detail.document`. Pure. Case matters where the wanted text has a capital letter.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from tui.view.detail.document import Document

_MOST = 10_000


class Place(NamedTuple):
    """Where the wanted text stands: in `line`, from `start` up to `end`."""

    line: int
    start: int
    end: int


class Search(Struct, frozen=True):
    """A search: its places in their order, and which of them is the one looked at."""

    wanted: str = ""
    places: tuple[Place, ...] = ()
    at: int = 0

    @classmethod
    def of(cls, wanted: str, document: Document, from_line: int = 0) -> "Search":
        """Search for `wanted`; the first place from a line on is looked at."""
        places = tuple(islice(_places(wanted, document), _MOST)) if wanted else ()
        at = bisect_left(places, (from_line, 0, 0))
        return cls(wanted, places, at if at < len(places) else 0)

    def __bool__(self) -> bool:
        return bool(self.wanted)

    @property
    def current(self) -> Place | None:
        """The place that is looked at."""
        return self.places[self.at] if self.places else None

    def moved(self, step: int) -> "Search":
        """The next place is looked at, or the one before; after the last comes the first."""
        return replace(self, at=(self.at + step) % len(self.places)) if self.places else self

    def again(self, document: Document) -> "Search":
        """The same search in another document."""
        if not self.wanted:
            return self
        found = Search.of(self.wanted, document)
        return replace(found, at=min(self.at, max(len(found.places) - 1, 0)))

    def on_line(self, number: int) -> list[tuple[int, int, str]]:
        """The stretches of a line in which the wanted text stands, each with its ink."""
        first = bisect_left(self.places, (number, 0, 0))
        stretches = []
        for position in range(first, len(self.places)):
            line, start, end = self.places[position]
            if line != number:
                break
            stretches.append((start, end, "found-now" if position == self.at else "found"))
        return stretches

    @property
    def told(self) -> str:
        """The search in words: "/fox 3 of 17"."""
        if not self.places:
            return f"/{self.wanted} not found"
        many = f"{len(self.places):,}" if len(self.places) < _MOST else f"more than {_MOST - 1:,}"
        return f"/{self.wanted} {self.at + 1:,} of {many}"


NOTHING_FOUND = Search()


def _places(wanted: str, document: Document) -> Iterator[Place]:
    flags = re.NOFLAG if any(map(str.isupper, wanted)) else re.IGNORECASE
    pattern = re.compile(re.escape(wanted), flags)
    for number in range(len(document)):
        for found in pattern.finditer(document.plain(number)):
            yield Place(number, found.start(), found.end())
