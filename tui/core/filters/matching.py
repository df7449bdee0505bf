"""A filter and the tests -> which of them are meant, found in steps.

May import the rest of `core`. Pure. Invariants: a test is meant by a finished term or by its negation, never
by both; what is found is of one moment, though the Store may change between two steps; a word is taken for
another only where no id holds it to the letter.
"""

import difflib
import re
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from tui.core.baseline import Change, KnownTest
from tui.core.causes import Cause
from tui.core.filters import fields, fuzzy
from tui.core.filters.fields import Field
from tui.core.filters.index import SLICE, Index, Row
from tui.core.filters.language import Filter, Term
from tui.core.model import TestKey
from tui.core.store import Store

_TAKEN_FOR = 3

Condition = Callable[[Row], bool]
_Told = tuple[Condition, str]
"""A condition, and what is to be said of it beside its term."""


class Found(Struct, frozen=True, eq=False):
    """What a filter found, as the tests were at one revision of the Store.

    One search is equal to no other: to compare a hundred thousand tests would hold up a key.

    `keys`: the tests that are meant, in their order; None: all are, nothing is wanted. For each term
    `remarks` says what it was taken for, or why it can find nothing, and `left` how many tests were left
    of `total` after it.
    """

    wanted: Filter = field(default_factory=Filter)
    revision: int = -1
    keys: Mapping[TestKey, None] | None = None
    remarks: tuple[str, ...] = ()
    left: tuple[int, ...] = ()
    total: int = 0

    def __bool__(self) -> bool:
        return self.keys is not None

    @property
    def text(self) -> str:
        """The filter as it was typed."""
        return self.wanted.text

    def means(self, key: TestKey) -> bool:
        """Whether a test is meant."""
        return self.keys is None or key in self.keys

    def of(self, keys: Iterable[TestKey]) -> list[TestKey]:
        """Those of `keys` that are meant."""
        meant = self.keys
        return list(keys) if meant is None else [key for key in keys if key in meant]

    def means_known(self, known: KnownTest) -> bool:
        """Whether a test is meant that only the baseline has: of it just id and component are known."""
        if not self:
            return True
        return all(
            _holds_of_known(term, known) is not term.negated
            for term in self.wanted.terms
            if not term.is_unfinished
        )


class Matching:
    """One search. It is worked at in steps, so that nobody has to wait for it."""

    def __init__(self, wanted: Filter, store: Store, index: Index) -> None:
        self.wanted = wanted
        self.found: Found | None = None
        self._store = store
        self._index = index
        self._steps = self._run()

    def step(self) -> bool:
        """Look at some more; whether the search is over, and `found` there."""
        return next(self._steps, self) is self

    def _run(self) -> Iterator[None]:
        terms = self.wanted.terms
        if not terms:
            self.found = Found(self.wanted, self._store.revision)
            return
        yield from self._index.follow(self._store)
        rows, revision = self._index.rows, self._index.revision
        conditions: list[tuple[Condition, bool]] = []
        remarks = []
        for term in terms:
            condition, remark = yield from self._told(term)
            conditions.append((condition, term.negated and not term.is_unfinished))
            remarks.append(remark)
        left = [0] * len(terms)
        keys: dict[TestKey, None] = {}
        for start in range(0, len(rows), SLICE):
            some = rows[start : start + SLICE]
            for number, (condition, negated) in enumerate(conditions):
                some = [row for row in some if condition(row) is not negated]
                left[number] += len(some)
            keys.update(dict.fromkeys(row.key for row in some))
            yield
        self.found = Found(self.wanted, revision, keys, tuple(remarks), tuple(left), len(rows))

    def _told(self, term: Term) -> Generator[None, None, _Told]:
        """The condition of a term, and what is to be said of it."""
        if term.is_unfinished:
            return (lambda _row: True), ""
        if term.field is None:
            return (yield from self._text(term))
        if term.fault:
            return (lambda _row: False), ""
        return _CONDITIONS[term.field](term, self._store)

    def _text(self, term: Term) -> Generator[None, None, _Told]:
        """The condition of free text: to the letter, or by resemblance where no id holds it."""
        word = term.value.casefold()

        def holds(row: Row) -> bool:
            return word in row.label

        if term.quoted:
            return holds, ""
        rows = self._index.rows
        for start in range(0, len(rows), SLICE):
            if any(word in row.label for row in rows[start : start + SLICE]):
                return holds, ""
            yield
        yield from self._index.learn()
        pieces: fuzzy.Pieces = ()
        for answer in fuzzy.alike(word, list(self._index.words)):
            if answer is None:
                yield
            else:
                pieces = answer
        if not pieces or pieces == ((word,),):
            return holds, ""

        patterns = [_pattern(piece).search for piece in pieces]

        def resembles(row: Row) -> bool:
            at = 0
            for search in patterns:  # in their order: one pattern for all could take ages on a long id
                there = search(row.label, at)
                if there is None:
                    return False
                at = there.end()
            return True

        return resembles, f"≈ {' '.join(_one_of(piece) for piece in pieces)}"


def _pattern(piece: tuple[str, ...]) -> re.Pattern[str]:
    """Any of these texts; of a number not just its end."""
    return re.compile("|".join(rf"(?<!\d){re.escape(e)}" if e[0].isdigit() else re.escape(e) for e in piece))


# --- the conditions of the terms --------------------------------------------------------------------


def _status(term: Term, _store: Store) -> _Told:
    wanted = fields.statuses(term.value)
    return (lambda row: row.result.outcome in wanted), ""


def _component(term: Term, store: Store) -> _Told:
    every = store.components
    wanted = term.value.casefold()
    names = {name for name in every if name.casefold() == wanted}
    names = names or {name for name in every if wanted in name.casefold()}

    def holds(row: Row) -> bool:
        try:
            return store.component(row.key) in names
        except KeyError:  # it is gone since the search began
            return False

    if not names:
        return holds, _no_component(wanted, every)
    if not any(store.tally(name).tests for name in names):
        return holds, "no test of it has a result"
    return holds, ""


def _no_component(wanted: str, every: Sequence[str]) -> str:
    words = {word: name for name in reversed(every) for word in (*name.casefold().split(), name.casefold())}
    near = difflib.get_close_matches(wanted, words, n=1, cutoff=0.6)
    if near:
        return f"no such component, did you mean {words[near[0]]}?"
    more = ", …" if len(every) > _TAKEN_FOR else ""
    return f"no such component, there are {', '.join(every[:_TAKEN_FOR])}{more}"


def _cause(term: Term, store: Store) -> _Told:
    wanted = term.value.casefold()
    causes = store.cause_list()
    number = wanted.removeprefix("#")
    if not term.quoted and number.isascii() and number.isdigit() and 1 <= int(number[:9]) <= len(causes):
        cause = causes[int(number[:9]) - 1]
        keys = frozenset(store.cause_tests(cause.signature))
        return (lambda row: row.key in keys), cause.title
    keys = frozenset(
        key for cause in causes if wanted in _text_of(cause) for key in store.cause_tests(cause.signature)
    )

    def holds(row: Row) -> bool:
        if not row.result.outcome.is_bad:
            return False
        return row.key in keys or any(wanted in each.headline.casefold() for each in row.result.failures)

    return holds, ""


def _text_of(cause: Cause) -> str:
    return "\n".join([cause.title, " ".join(cause.signature)]).casefold()


def _flag(term: Term, _store: Store) -> _Told:
    wanted = fields.flags(term.value)
    return (lambda row: not wanted.isdisjoint(row.result.flags)), ""


def _file(term: Term, _store: Store) -> _Told:
    wanted = term.value.casefold()

    def holds(row: Row) -> bool:
        place = row.result.location
        return (
            wanted in row.label.partition("::")[0]
            or wanted in row.result.last.source.casefold()
            or wanted in row.key.scope.casefold()
            or (place is not None and wanted in place.path.casefold())
        )

    return holds, ""


def _name(term: Term, _store: Store) -> _Told:
    wanted = term.value.casefold()
    return (lambda row: wanted in row.label), ""


def _new(_term: Term, store: Store) -> _Told:
    if store.comparison is None:
        return (lambda _row: False), store.baseline_problem or "UNKNOWN: there is no baseline"
    keys = frozenset(store.comparison.tests(Change.NEW_FAILURE))
    return (lambda row: row.key in keys), ""


def _known(term: Term, store: Store) -> _Told:
    wanted = term.value.casefold()

    def holds(row: Row) -> bool:
        known = store.known(row.key)
        if known is None:
            return False
        return wanted in f"{known.mark.reason}\n{known.mark.who}\n{known.standing}".casefold()

    return holds, "" if store.marked.marks.marks else "no test is marked as known"


def _slow(term: Term, _store: Store) -> _Told:
    wanted = fields.duration(term.value)
    assert wanted is not None  # what is no time has a fault
    return (
        lambda row: wanted.holds(row.result.duration)
    ), "" if term.value else f"over {fields.SLOW_FROM:g} s"


_CONDITIONS: Mapping[Field, Callable[[Term, Store], _Told]] = {
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


def _holds_of_known(term: Term, known: KnownTest) -> bool:
    wanted, label = term.value.casefold(), known.label.casefold()
    match term.field:
        case None | Field.NAME:
            return wanted in label
        case Field.COMPONENT:
            return wanted in known.component.casefold()
        case Field.FILE:
            return wanted in label.partition("::")[0] or wanted in known.key.scope.casefold()
    return False


def _one_of(piece: tuple[str, ...]) -> str:
    more = len(piece) - _TAKEN_FOR
    return "|".join(piece[:_TAKEN_FOR]) + ("|…" if more > 0 else "")
