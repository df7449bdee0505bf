"""What the command palette finds beside actions: tests, causes, components, sources and saved filters.

May import Textual, `config`, `core`, `report.words`, `text` and `view`. Says what was chosen by messages.
Invariants: a search gives way to everything else after a slice; names are text, never markup.
"""

import asyncio
import time
from collections.abc import Iterable, Iterator
from functools import partial
from heapq import nsmallest
from typing import NamedTuple, Protocol, cast

from msgspec import Struct
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.style import Style

from tui.config import SavedFilter
from tui.core.facts import Facts
from tui.core.filters.fuzzy import nearness
from tui.core.filters.index import Index
from tui.core.filters.language import Filter, Term, written
from tui.core.filters.matching import Found, Matching
from tui.core.identity import parted
from tui.core.model import TestKey
from tui.core.store import Store
from tui.report import words
from tui.text import counted, shortened
from tui.view.overview import Overview
from tui.view.pane import View

_SLICE = 0.006
_TESTS = 25
_OTHERS = 8
_RANKED = 2000
_LONGEST = 90

# Below what Textual gives an action that has the query in one piece (three a letter, six at least), and above
# what it gives one that merely has its letters.
_A_LETTER, _AT_LEAST = 3.0, 6.0
_FILTERS, _COMPONENTS, _CAUSES, _SOURCES, _ONE_TEST, _ALL_TESTS = 0.1, 0.2, 0.3, 0.4, 0.5, 0.9


class Findable(Struct, frozen=True):
    """What there is to be found."""

    store: Store
    facts: Facts
    index: Index
    found: Found
    filters: tuple[SavedFilter, ...]


class _App(Protocol):
    findable: Findable


class _Match(NamedTuple):
    """Something that was found: its name, a word on it, how far behind it stands, what choosing it says."""

    title: str
    hint: str
    behind: float
    message: Message


class Finds(Provider):
    """Finds whatever has a name."""

    class FilterWanted(Message):
        """Somebody wants to see the tests that a filter means."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class SourceWanted(Message):
        """Somebody wants to see a source."""

        def __init__(self, path: str) -> None:
            super().__init__()
            self.path = path

    async def discover(self) -> Hits:
        """The saved filters: all else is too much to be listed."""
        for saved in self._findable.filters:
            shown = self._shown(saved.name, f"Filter: {saved.filter}", ())
            yield DiscoveryHit(shown, self._says(self.FilterWanted(saved.filter)), text=saved.name)

    async def search(self, query: str) -> Hits:
        """Everything that has the words of `query` in its name, tests last."""
        wanted = query.casefold().split()
        findable = self._findable
        best = max(_A_LETTER * len(query), _AT_LEAST)
        for match in _named(findable, wanted):
            yield self._hit(match, wanted, best)
        terms = tuple(Term(None, word) for word in wanted)
        matching = Matching(Filter(query, terms), findable.store, findable.index)
        until = time.perf_counter() + _SLICE
        while not matching.step():
            if time.perf_counter() >= until:
                await asyncio.sleep(0)
                until = time.perf_counter() + _SLICE
        assert matching.found is not None
        for match in _tests(findable.store, matching.found, query, wanted):
            yield self._hit(match, wanted, best)

    @property
    def _findable(self) -> Findable:
        return cast("_App", self.app).findable

    def _hit(self, match: _Match, wanted: Iterable[str], best: float) -> Hit:
        shown = self._shown(match.title, match.hint, wanted)
        return Hit(best - match.behind, shown, self._says(match.message), text=match.title)

    def _shown(self, title: str, hint: str, wanted: Iterable[str]) -> Content:
        title = shortened(title, _LONGEST)
        name, folded = Content(title), title.casefold()
        for word in wanted:
            at = folded.find(word)
            if at >= 0 and self.match_style is not None and len(folded) == len(title):
                name = name.stylize(self.match_style, at, at + len(word))
        return Content("\n").join(
            [name, Content(shortened(hint, _LONGEST)).stylize(Style(dim=True, bold=False))]
        )

    def _says(self, message: Message) -> "partial[None]":
        return partial(self._say, message)

    def _say(self, message: Message) -> None:
        while isinstance(self.app.screen, ModalScreen):
            self.app.pop_screen()
        self.app.post_message(message)


def _named(findable: Findable, wanted: list[str]) -> Iterator[_Match]:
    """All but the tests."""

    def some(texts: Iterable[str]) -> list[int]:
        found = [
            number for number, text in enumerate(texts) if all(word in text.casefold() for word in wanted)
        ]
        return found[:_OTHERS]

    facts, filters = findable.facts, findable.filters
    for at in some(saved.name for saved in filters):
        wish = Finds.FilterWanted(filters[at].filter)
        yield _Match(filters[at].name, f"Filter: {filters[at].filter}", _FILTERS, wish)
    for at in some(row.name for row in facts.components):
        row = facts.components[at]
        hint = f"Component: {row.status}, {row.tally.fraction} passed"
        yield _Match(row.name, hint, _COMPONENTS, Overview.ComponentWanted(row.name))
    for at in some(cause.title for cause in facts.causes):
        cause = facts.causes[at]
        hint = f"Cause {at + 1}: {counted(cause.tests, 'test')}"
        yield _Match(cause.title, hint, _CAUSES, Overview.CauseWanted(cause))
    for at in some(source.path for source in facts.sources):
        source = facts.sources[at]
        hint = f"Source: {source.format}, {source.state}, {counted(source.tally.tests, 'test')}"
        yield _Match(source.path, hint, _SOURCES, Finds.SourceWanted(source.path))


def _tests(store: Store, found: Found, query: str, wanted: list[str]) -> Iterator[_Match]:
    """The tests that are most likely meant, and all of them as a filter."""
    keys = [key for key, _ in zip(found.keys or (), range(_RANKED), strict=False) if key in store.tests]
    first = wanted[0] if wanted else ""

    def rank(key: TestKey) -> tuple[float, int, int, str]:
        name = parted(store.tests[key].label)[1].casefold()
        at = name.find(first)
        return (-101.0 if at >= 0 else -nearness(first, name)), at, len(name), name

    for number, key in enumerate(nsmallest(_TESTS, keys, key=rank)):
        result = store.tests[key]
        place, name = parted(result.label)
        took = words.seconds(result.duration)
        hint = f"Test: {result.outcome}{', ' if took else ''}{took}  {place}"
        yield _Match(name, hint, _ONE_TEST + number / 100, View.TestWanted(key))
    if len(found.keys or ()) > 1:
        text = " ".join(written(None, word) for word in query.split())
        told = f"All {counted(len(found.keys or ()), 'test')} with “{query}”"
        yield _Match(told, f"Filter: {text}", _ALL_TESTS, Finds.FilterWanted(text))
