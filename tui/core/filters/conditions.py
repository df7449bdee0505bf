"""What each term of a filter asks of a test, and of a whole block of tests at once.

May import the rest of `core`, except `core.filters.matching`. Pure. Invariant: what is said of a block is
what would be said of each of its tests; these passed, without flags and without a failure.
"""

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from tui.core.baseline import Change
from tui.core.blocks import Block
from tui.core.causes import Cause
from tui.core.filters import fields, fuzzy
from tui.core.filters.fields import Field
from tui.core.filters.index import Text
from tui.core.filters.language import Term
from tui.core.model import Outcome, TestKey, TestResult
from tui.core.store import Store

_NAMED = 3

Judged = bool | bytes
"""Whether it holds of all tests of a block, or of none; or a mask."""


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
    mask = bytes(flags)
    return mask if 0 in mask and 1 in mask else 1 in mask


# --- free text --------------------------------------------------------------------------------------

_HIT = b"\xff"  # it is no byte of UTF-8
_FEW_HITS = 64
_LOOKED_AT = 8
_BUT_HITS = bytes(byte for byte in range(256) if byte not in b"\n\xff")


class Held(NamedTuple):
    """Which lines of a text hold a word; and how many times they do, where that is known."""

    lines: Judged
    hits: int | None = None


class Letters:
    """Whether an id holds `word`, which is folded, to the letter.

    `former`: another word that was sought before. Where this one goes on from it, it cannot be where that was not.
    """

    def __init__(self, word: str, former: "Letters | None" = None) -> None:
        self._word = word
        self._sought = word.replace("\n", "\v").encode(errors="surrogatepass")
        self._former = former if former is not None and former._sought in self._sought else None
        self._narrows = True
        self._known: dict[int, tuple[bytes, Held]] = {}
        # A word may begin where a test stands and end in its name.
        self._cuts = [(self._sought[:at], b"\n" + self._sought[at:]) for at in range(1, len(self._sought))]

    @property
    def condition(self) -> Condition:
        """The same as a condition."""
        word = self._word
        return Condition(lambda _key, result: word in result.label.casefold(), self.block, self.text)

    def forget(self) -> None:
        """What was sought before is needed no more."""
        self._former = None

    def block(self, block: Block) -> Judged:
        """Of which tests of a block it holds."""
        word, place = self._word, block.place.casefold()
        return _judged([word in place + name for name in block.names.casefold().split("\n")])

    def text(self, text: Text) -> Judged:
        """Of which tests of a text it holds."""
        if not text.blocks:
            return self._lines(text)
        if self._is_across(text):
            return b"".join(whole(self.block(block), len(block)) for block in text.blocks)
        word, judged = self._sought, self._lines(text)
        if judged is True or word not in text.places:
            return judged
        # What stands in a place holds of all tests there.
        every = bytearray(whole(judged, text.number))
        at = 0
        for block, place in zip(text.blocks, text.places.split(b"\n"), strict=True):
            if word in place:
                every[at : at + len(block)] = b"\1" * len(block)
            at += len(block)
        return bytes(every) if 0 in every else True

    def _lines(self, text: Text) -> Judged:
        """Which lines of a text hold it."""
        found = self._narrowed(text)
        if found is None:
            found = holding(self._sought, text.lines, text.number)
        self._known[text.first] = text.lines, found
        return found.lines

    def _narrowed(self, text: Text) -> "Held | None":
        """The same, where that follows from where the former word is; else None.

        Each place of this word is one of the former; where there are as many, they are in the same lines.
        """
        lines, held = (self._former and self._former._known.get(text.first)) or (None, None)
        if held is None or lines is not text.lines:
            return None
        if held.lines is False:
            return held
        if not self._narrows or held.hits is None:
            return None
        self._narrows = text.lines.count(self._sought) == held.hits
        return held if self._narrows else None

    def _is_across(self, text: Text) -> bool:
        """Whether any id may hold it between the place of a test and its name."""
        lines, places = text.lines, text.places
        return any(
            (begin + b"\n" in places or places.endswith(begin))
            and (end in lines or lines.startswith(end[1:]))
            for begin, end in self._cuts
        )

    def is_in(self, text: Text) -> bool:
        """Whether it holds of any test of a text."""
        word = self._sought
        return word in text.lines or word in text.places or (bool(text.blocks) and self._is_across(text))


def holding(word: bytes, lines: bytes, number: int) -> Held:
    """Which of so many lines hold a word that has no line's end.

    A million lines are looked at for each letter that is typed, so that nothing is done line by line where a
    word is in many of them: it is replaced by a mark, and all but marks and lines' ends is left out.
    """
    at = lines.find(word)
    if at < 0:
        return Held(lines=False, hits=0)
    if not word:
        return Held(lines=True)
    marks = bytearray(number)
    row = last = 0
    for hits in range(1, _FEW_HITS):
        row += lines.count(b"\n", last, at)
        marks[row] = 1
        last = lines.find(b"\n", at)
        at = lines.find(word, last) if last >= 0 else -1
        if at < 0:
            return Held(bytes(marks) if 0 in marks else True)
        if hits == _LOOKED_AT and at * _FEW_HITS < len(lines) * _LOOKED_AT:
            break  # there will be many
    if lines.startswith(word) and lines.count(b"\n" + word) == number - 1:
        return Held(lines=True, hits=lines.count(word))
    left = lines.replace(word, _HIT).translate(None, _BUT_HITS)
    hits = left.count(_HIT)
    while _HIT + _HIT in left:
        left = left.replace(_HIT + _HIT, _HIT)
    mask = (left + b"\n").replace(_HIT + b"\n", b"\1").replace(b"\n", b"\0")
    return Held(mask if 0 in mask else True, hits)


def whole(judged: Judged, number: int) -> bytes:
    """The mask of so many tests."""
    if isinstance(judged, bool):
        return (b"\1" if judged else b"\0") * number
    return judged


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
        took = block.seconds.tolist()
        ends = wanted.holds(min(took)), wanted.holds(max(took))
        # It holds of all above a time, or of all below it.
        return ends[0] if ends[0] is ends[1] else _judged([wanted.holds(each) for each in took])

    told = "" if term.value else f"over {fields.SLOW_FROM:g} s"
    return Condition(lambda _key, result: wanted.holds(result.duration), of_block), told


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
