"""A filter and the tests -> which of them are meant, found in steps.

May import the rest of `core`. Pure. Invariants: a test is meant by a finished term or by its negation, never
by both; what is found is of one moment, though the Store may change between two steps; a word is taken for
another only where no id holds it to the letter.
"""

from collections.abc import Collection, Generator, Iterable, Iterator

from msgspec import Struct, field

from tui.core.baseline import KnownTest
from tui.core.blocks import Block
from tui.core.filters import fuzzy
from tui.core.filters.conditions import CONDITIONS, Condition, Judged, Letters, Resembling, Told
from tui.core.filters.fields import Field
from tui.core.filters.index import BLOCKS, SLICE, Index, Shelf
from tui.core.filters.language import Filter, Term
from tui.core.inblocks import InBlocks, Mask
from tui.core.model import TestKey, TestResult
from tui.core.store import Store

_TAKEN_FOR = 3
_TURNED = bytes([1, 0])

_EVERY = Condition(lambda _row: True, blocks=True)
_NONE = Condition(lambda _row: False, blocks=False)


class Meant(Collection[TestKey]):
    """The tests that a filter means: `singles`, with what was known of them, and some that are in blocks."""

    def __init__(self, singles: dict[TestKey, TestResult], in_blocks: InBlocks) -> None:
        self.singles = singles
        self.in_blocks = in_blocks

    def __len__(self) -> int:
        return len(self.singles) + len(self.in_blocks)

    def __iter__(self) -> Iterator[TestKey]:
        yield from self.singles
        yield from self.in_blocks

    def __contains__(self, key: object) -> bool:
        if key in self.singles:
            return True
        return isinstance(key, TestKey) and len(self.in_blocks) > 0 and self.in_blocks.find(key) is not None


class Found(Struct, frozen=True, eq=False):
    """What a filter found, as the tests were at one revision of the Store.

    One search is equal to no other: to compare a hundred thousand tests would hold up a key.

    `keys`: the tests that are meant, in their order; None: all are, nothing is wanted. For each term
    `remarks` says what it was taken for, or why it can find nothing, and `left` how many tests were left
    of `total` after it.
    """

    wanted: Filter = field(default_factory=Filter)
    revision: int = -1
    keys: Meant | None = None
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
        rows, shelves, revision = self._index.rows, self._index.shelves, self._index.revision
        total = self._index.number
        conditions: list[tuple[Condition, bool]] = []
        remarks = []
        for term in terms:
            condition, remark = yield from self._told(term)
            conditions.append((condition, term.negated and not term.is_unfinished))
            remarks.append(remark)
        left = [0] * len(terms)
        singles: dict[TestKey, TestResult] = {}
        for start in range(0, len(rows), SLICE):
            some = rows[start : start + SLICE]
            for number, (condition, negated) in enumerate(conditions):
                some = [row for row in some if condition.one(row) is not negated]
                left[number] += len(some)
            singles.update((row.key, row.result) for row in some)
            yield
        in_blocks: dict[Block, Mask] = {}
        for start in range(0, len(shelves), BLOCKS):
            in_blocks.update(_meant(shelves[start : start + BLOCKS], conditions, left))
            yield
        meant = Meant(singles, InBlocks(in_blocks))
        self.found = Found(self.wanted, revision, meant, tuple(remarks), tuple(left), total)

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
        rows, shelves = self._index.rows, self._index.shelves
        for start in range(0, len(rows), SLICE):
            if any(word in row.label for row in rows[start : start + SLICE]):
                return holds, ""
            yield
        for start in range(0, len(shelves), BLOCKS):
            if any(map(letters.blocks, letters.sieve(shelves[start : start + BLOCKS]))):
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
        return Resembling(pieces).condition, f"≈ {' '.join(_one_of(piece) for piece in pieces)}"


def _meant(
    shelves: list[Shelf], conditions: list[tuple[Condition, bool]], left: list[int]
) -> list[tuple[Block, Mask]]:
    """Of each block the tests that are meant; how many each condition leaves is added to `left`."""
    first, negated = conditions[0]
    if first.sieve is not None and not negated:
        shelves = first.sieve(shelves)
    some: list[tuple[Shelf, Mask]] = [(shelf, None) for shelf in shelves]
    for number, (condition, negated) in enumerate(conditions):
        blocks = condition.blocks
        if isinstance(blocks, bool):
            some = some if blocks is not negated else []
        else:
            judged = ((shelf, _both(mask, blocks(shelf), negated)) for shelf, mask in some)
            some = [(shelf, mask) for shelf, mask in judged if mask != b""]
        left[number] += sum(shelf.number if mask is None else mask.count(1) for shelf, mask in some)
    return [(shelf.block, mask) for shelf, mask in some]


def _both(mask: Mask, judged: Judged, negated: bool) -> Mask:  # noqa: FBT001
    """What is meant by both; without a byte where nothing is."""
    if isinstance(judged, bool):
        return mask if judged is not negated else b""
    if negated:
        judged = judged.translate(_TURNED.ljust(256, b"\0"))
    if mask is not None:
        judged = (int.from_bytes(mask) & int.from_bytes(judged)).to_bytes(len(mask))
    return judged if 1 in judged else b""


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
