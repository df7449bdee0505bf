"""What each term of a filter asks of a test, and of a whole block of tests at once.

May import the rest of `core`, except `core.filters.matching`. Pure. Invariant: what is said of a block is
what would be said of each of its tests; these passed, without flags and without a failure.
"""

import difflib
import re
from array import array
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from tui.core.baseline import Change
from tui.core.blocks import Block
from tui.core.causes import Cause
from tui.core.filters import fields, fuzzy
from tui.core.filters.fields import Field
from tui.core.filters.language import Term
from tui.core.filters.texts import Judged, Text, sought
from tui.core.model import Outcome, TestKey, TestResult
from tui.core.store import Store

_NAMED = 3


class Condition(Struct, frozen=True):
    """Whether it holds of `one` test, and of all or some tests of a block: `blocks`.

    `text`, where there is one, is the quick way to ask of a whole text at once; in its place.
    """

    one: Callable[[TestKey, TestResult], bool]
    blocks: bool | Callable[[Block], Judged]
    text: Callable[[Text], Judged] | None = None


Told = tuple[Condition, str]
"""A condition, and what is to be said of it beside its term."""


def _judged(flags: Sequence[bool]) -> Judged:
    return _told_apart(bytes(flags))


def _told_apart(mask: bytes) -> Judged:
    return mask if 0 in mask and 1 in mask else 1 in mask


# --- free text --------------------------------------------------------------------------------------


class Letters:
    """Whether an id holds `word`, which is folded, to the letter."""

    def __init__(self, word: str) -> None:
        self._word = word
        self._sought = sought(word)

    @property
    def condition(self) -> Condition:
        """The same as a condition."""
        word = self._word
        return Condition(lambda _key, result: word in result.label.casefold(), self.block, self.text)

    def block(self, block: Block) -> Judged:
        """Of which tests of a block it holds."""
        word, place = self._word, block.place.casefold()
        return _judged([word in place + name for name in block.names.casefold().split("\n")])

    def text(self, text: Text) -> Judged:
        """Of which tests of a text it holds."""
        return text.hold(self._sought)


class Resembling:
    """Whether an id holds one text of each piece, in the order of the pieces."""

    def __init__(self, pieces: fuzzy.Pieces) -> None:
        self._searches = [_pattern(piece).search for piece in pieces]

    @property
    def condition(self) -> Condition:
        """The same as a condition."""
        return Condition(lambda _key, result: self._holds(result.label.casefold()), self.blocks)

    def blocks(self, block: Block) -> Judged:
        """Of which tests of a block it holds."""
        place, names = block.place.casefold(), block.names.casefold()
        # A text may begin where the tests stand and end in their names.
        apart = not place[-1:].isalnum()
        if apart and not all(search(names) or search(place) for search in self._searches):
            return False
        return _judged([self._holds(place + name) for name in names.split("\n")])

    def _holds(self, label: str) -> bool:
        at = 0
        for search in self._searches:  # in their order: one pattern for all could take ages on a long id
            there = search(label, at)
            if there is None:
                return False
            at = there.end()
        return True


def _pattern(piece: tuple[str, ...]) -> re.Pattern[str]:
    """Any of these texts; of a number not just its end."""
    return re.compile("|".join(rf"(?<!\d){re.escape(e)}" if e[0].isdigit() else re.escape(e) for e in piece))


# --- terms with a name ------------------------------------------------------------------------------


def _status(term: Term, _store: Store) -> Told:
    wanted = fields.statuses(term.value)
    return Condition(lambda _key, result: result.outcome in wanted, Outcome.PASSED in wanted), ""


def _component(term: Term, store: Store) -> Told:
    every = store.components
    wanted = term.value.casefold()
    names = {name for name in every if name.casefold() == wanted}
    names = names or {name for name in every if wanted in name.casefold()}

    def holds(key: TestKey, _result: TestResult) -> bool:
        try:
            return store.component(key) in names
        except KeyError:  # it is gone since the search began
            return False

    def of_block(block: Block) -> bool:
        try:
            return store.component_of_block(block) in names
        except KeyError:
            return False

    condition = Condition(holds, of_block)
    if not names:
        return condition, _no_component(wanted, every)
    if not any(store.tally(name).tests for name in names):
        return condition, "no test of it has a result"
    return condition, ""


def _no_component(wanted: str, every: Sequence[str]) -> str:
    words = {word: name for name in reversed(every) for word in (*name.casefold().split(), name.casefold())}
    near = difflib.get_close_matches(wanted, words, n=1, cutoff=0.6)
    if near:
        return f"no such component, did you mean {words[near[0]]}?"
    more = ", …" if len(every) > _NAMED else ""
    return f"no such component, there are {', '.join(every[:_NAMED])}{more}"


def _cause(term: Term, store: Store) -> Told:
    wanted = term.value.casefold()
    causes = store.cause_list()
    number = wanted.removeprefix("#")
    if not term.quoted and number.isascii() and number.isdigit() and 1 <= int(number[:9]) <= len(causes):
        cause = causes[int(number[:9]) - 1]
        keys = frozenset(store.cause_tests(cause.signature))
        return Condition(lambda key, _result: key in keys, blocks=False), cause.title
    keys = frozenset(
        key for cause in causes if wanted in _text_of(cause) for key in store.cause_tests(cause.signature)
    )

    def holds(key: TestKey, result: TestResult) -> bool:
        if not result.outcome.is_bad:
            return False
        return key in keys or any(wanted in each.headline.casefold() for each in result.failures)

    return Condition(holds, blocks=False), ""


def _text_of(cause: Cause) -> str:
    return "\n".join([cause.title, " ".join(cause.signature)]).casefold()


def _flag(term: Term, _store: Store) -> Told:
    wanted = fields.flags(term.value)
    return Condition(lambda _key, result: not wanted.isdisjoint(result.flags), blocks=False), ""


def _file(term: Term, _store: Store) -> Told:
    wanted = term.value.casefold()

    def holds(key: TestKey, result: TestResult) -> bool:
        place = result.location
        return (
            wanted in result.label.casefold().partition("::")[0]
            or wanted in result.last.source.casefold()
            or wanted in key.scope.casefold()
            or (place is not None and wanted in place.path.casefold())
        )

    def of_block(block: Block) -> Judged:
        if wanted in block.source.casefold() or (
            block.location is not None and wanted in block.location.path.casefold()
        ):
            return True
        place = block.place.casefold()
        if "::" in place:
            return wanted in place.partition("::")[0]
        names = block.names.casefold().split("\n")
        return _judged([wanted in (place + name).partition("::")[0] for name in names])

    return Condition(holds, of_block), ""


def _name(term: Term, _store: Store) -> Told:
    return Letters(term.value.casefold()).condition, ""


def _new(_term: Term, store: Store) -> Told:
    if store.comparison is None:
        return Condition(
            lambda _key, _result: False, blocks=False
        ), store.baseline_problem or "UNKNOWN: there is no baseline"
    keys = frozenset(store.comparison.tests(Change.NEW_FAILURE))
    return Condition(lambda key, _result: key in keys, blocks=False), ""


def _known(term: Term, store: Store) -> Told:
    wanted = term.value.casefold()
    marked = dict(store.marked)
    suites = {key.test.suite for key in marked}

    def holds(key: TestKey) -> bool:
        known = marked.get(key)
        if known is None:
            return False
        return wanted in f"{known.mark.reason}\n{known.mark.who}\n{known.standing}".casefold()

    def of_block(block: Block) -> Judged:
        if block.suite not in suites:
            return False
        return _judged([holds(key) for key in block.tests()])

    told = "" if store.marked.marks.marks else "no test is marked as known"
    return Condition(lambda key, _result: holds(key), of_block), told


def _slow(term: Term, _store: Store) -> Told:
    wanted = fields.duration(term.value)
    assert wanted is not None  # what is no time has a fault

    def of_block(block: Block) -> Judged:
        return _told_apart(wanted.mask(block.seconds))

    def of_text(text: Text) -> Judged:
        if not text.blocks:
            return _judged([wanted.holds(result.duration) for result in text.results])
        return _told_apart(wanted.mask(array("d", b"".join([block.durations for block in text.blocks]))))

    told = "" if term.value else f"over {fields.SLOW_FROM:g} s"
    return Condition(lambda _key, result: wanted.holds(result.duration), of_block, of_text), told


CONDITIONS: Mapping[Field, Callable[[Term, Store], Told]] = {
    Field.STATUS: _status,
    Field.COMPONENT: _component,
    Field.CAUSE: _cause,
    Field.FLAG: _flag,
    Field.FILE: _file,
    Field.NAME: _name,
    Field.NEW: _new,
    Field.KNOWN: _known,
    Field.SLOW: _slow,
}
