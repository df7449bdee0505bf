"""A filter and the tests -> which of them are meant, found in steps.

May import the rest of `core`. Pure. Invariants: a test is meant by a finished term or by its negation, never
by both; what is found is of one moment, though the Store may change between two steps; a word is taken for
another only where no id holds it to the letter.
"""

from collections.abc import Collection, Generator, Iterable, Iterator

from msgspec import Struct, field

from tui.core.baseline import KnownTest
from tui.core.filters import fuzzy
from tui.core.filters.conditions import CONDITIONS, Condition, Letters, Resembling, Told
from tui.core.filters.fields import Field
from tui.core.filters.index import Index
from tui.core.filters.language import Filter, Term
from tui.core.filters.texts import Judged, Text, both, marked, whole
from tui.core.model import TestKey
from tui.core.numbering import Numbering
from tui.core.store import Store

_LOOKED_THROUGH = 20
"""So many texts are looked through in a step for whether any has a word at all."""
_TAKEN_FOR = 3
_TURNED = bytes([1, 0]).ljust(256, b"\0")

_EVERY = Condition(lambda _key, _result: True, blocks=True)
_NONE = Condition(lambda _key, _result: False, blocks=False)


class Meant(Collection[TestKey]):
    """The tests that a filter means: a mask of numbered tests, and how many it means."""

    def __init__(self, numbering: Numbering, mask: bytes, number: int) -> None:
        self.numbering = numbering
        self.mask = mask
        self._number = number

    def __len__(self) -> int:
        return self._number

    def __iter__(self) -> Iterator[TestKey]:
        return self.numbering.keys(self.mask)

    def __contains__(self, key: object) -> bool:
        number = self.numbering.find(key) if isinstance(key, TestKey) and self._number else None
        return number is not None and self.mask[number] == 1


class Found(Struct, frozen=True, eq=False):
    """What a filter found, as the tests were at one revision of the Store.

    One search is equal to no other: to compare a hundred thousand tests would hold up a key.

    `keys`: the tests that are meant, in their order; None: all are, nothing is wanted. For each term
    `remarks` says what it was taken for, or why it can find nothing, and `left` how many tests were left
    of `total` after it. `index`: where the tests were looked for, or would be.
    """

    wanted: Filter = field(default_factory=Filter)
    revision: int = -1
    keys: Meant | None = None
    remarks: tuple[str, ...] = ()
    left: tuple[int, ...] = ()
    total: int = 0
    index: Index | None = None

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
            self.found = Found(self.wanted, self._store.revision, index=self._index)
            return
        yield from self._index.follow(self._store)
        numbering, texts, revision = self._index.numbering, self._index.texts, self._index.revision
        conditions: list[tuple[Condition, bool]] = []
        remarks = []
        for term in terms:
            condition, remark = yield from self._told(term)
            conditions.append((condition, term.negated and not term.is_unfinished))
            remarks.append(remark)
        left = [0] * len(terms)
        masks: list[bytes] = []
        for text in texts:
            masks.append(_meant(text, numbering, conditions, left))
            yield
        meant = Meant(numbering, b"".join(masks), left[-1])
        self.found = Found(
            self.wanted,
            revision,
            meant,
            tuple(remarks),
            tuple(left),
            len(numbering),
            self._index,
        )

    def _told(self, term: Term) -> Generator[None, None, Told]:
        """The condition of a term, and what is to be said of it."""
        if term.is_unfinished:
            return _EVERY, ""
        if term.field is None:
            return (yield from self._text(term))
        if term.fault:
            return _NONE, ""
        return CONDITIONS[term.field](term, self._store)

    def _text(self, term: Term) -> Generator[None, None, Told]:
        """The condition of free text: to the letter, or by resemblance where no id holds it."""
        word = term.value.casefold()
        letters = Letters(word)
        holds = letters.condition
        if term.quoted:
            return holds, ""
        for number, text in enumerate(self._index.texts, 1):
            if letters.text(text) is not False:
                return holds, ""
            if not number % _LOOKED_THROUGH:
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
        return Resembling(pieces).condition, f"≈ {' '.join(_one_of(piece) for piece in pieces)}"


def _meant(
    text: Text, numbering: Numbering, conditions: list[tuple[Condition, bool]], left: list[int]
) -> bytes:
    """Which tests of a text are meant; how many each condition leaves is added to `left`."""
    mask: Judged = True
    for place, (condition, negated) in enumerate(conditions):
        if mask is False:
            break
        judged = _judged(text, numbering, condition, mask)
        if negated:
            judged = not judged if isinstance(judged, bool) else judged.translate(_TURNED)
        mask = both(mask, judged)
        left[place] += text.number * mask if isinstance(mask, bool) else marked(mask)
    return whole(mask, text.number)


def _judged(text: Text, numbering: Numbering, condition: Condition, among: Judged) -> Judged:
    """Of which tests of a text a condition holds, at least of those `among` which it matters."""
    if condition.text is not None:
        return condition.text(text)
    if text.blocks:
        blocks = condition.blocks
        if isinstance(blocks, bool):
            return blocks
        return b"".join([whole(blocks(block), len(block)) for block in text.blocks])
    one = condition.one
    tests = zip(numbering.singles[text.first : text.first + text.number], text.results, strict=True)
    if isinstance(among, bool):
        return bytes([one(key, result) for key, result in tests])
    return bytes([is_among and one(*test) for is_among, test in zip(among, tests, strict=True)])


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
