"""Words that somebody mistyped -> the words of the tests' ids that they resemble.

May import nothing of runwatch; the only import of rapidfuzz. Pure. Invariant: resemblance is asked for
only where nothing holds the word to the letter, and only the nearest words answer, so that it never floods.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import islice

from tui.regex import regex

_WORDS = regex(r"[^\W\d_]{3,}")
_HUMP = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_PIECES = regex(r"[^\W_]+")
_LEAST = 4
_TWO_FROM = 9
_ENDING_FROM = 5
_LONGEST_ENDING = 2
_PREFIX_FROM = 6
_MOST = 20
_SLICE = 10_000

Pieces = tuple[tuple[str, ...], ...]
"""For each piece of a word the texts that it may stand for: one of each has to be there."""


def words_of(text: str) -> Iterator[str]:
    """The words of an id, those of its camels' humps too; numbers are none: all numbers are alike."""
    for word in _WORDS.findall(text):
        yield word.casefold()
        humps = _HUMP.findall(word)
        if len(humps) > 1:
            yield from (hump.casefold() for hump in humps if len(hump) > 2)


def alike(word: str, vocabulary: Collection[str]) -> Iterator[Pieces | None]:
    """What `word` (folded) may stand for, last of all; None for each step that is not yet the last.

    A piece of it that is part of some word stands for itself. An answer without pieces: for nothing.
    """
    found: list[tuple[str, ...]] = []
    for piece in _PIECES.findall(word):
        if not piece.isalpha() or any(piece in each for each in vocabulary):
            found.append((piece,))
            continue
        near: list[tuple[int, str]] = []
        for several in _sliced(vocabulary):
            near += _near(piece, several)
            yield None
        if not near:
            yield ()
            return
        least = min(distance for distance, _ in near)
        ranked = sorted({each for distance, each in near if distance == least}, key=lambda e: (len(e), e))
        found.append(tuple(ranked[:_MOST]))
    yield tuple(found)


def nearness(wanted: str, text: str) -> float:
    """How near the nearest part of `text` comes to what is wanted, from 0 to 100."""
    from rapidfuzz import fuzz  # noqa: PLC0415  # somebody who looks for something waits for it, not the start

    return float(fuzz.partial_ratio(wanted, text))


def _near(piece: str, vocabulary: Sequence[str]) -> list[tuple[int, str]]:
    """The words within the allowed distance of `piece`, or that begin like it; each with its distance.

    Counted are letters too many, too few, another, and two in each other's place.
    """
    if len(piece) < _LEAST:
        return []
    from rapidfuzz import process  # noqa: PLC0415  # see `nearness`
    from rapidfuzz.distance import OSA  # noqa: PLC0415

    allowed = 2 if len(piece) >= _TWO_FROM else 1
    found = [
        (distance, word)
        for word, distance, _ in process.extract(
            piece, vocabulary, scorer=OSA.distance, score_cutoff=allowed, limit=None
        )
    ]
    if len(piece) >= _ENDING_FROM:
        # Somebody who is still typing has only begun the word; short ones begin like too many.
        longest = 1000 if len(piece) >= _PREFIX_FROM else len(piece) + _LONGEST_ENDING
        for length in range(len(piece) - allowed, len(piece) + allowed + 1):
            longer = [word for word in vocabulary if length < len(word) <= longest]
            beginnings = [word[:length] for word in longer]
            for _, distance, at in process.extract(
                piece, beginnings, scorer=OSA.distance, score_cutoff=allowed, limit=None
            ):
                found.append((distance, longer[at]))
    return found


def _sliced(vocabulary: Collection[str]) -> Iterator[list[str]]:
    rest = iter(vocabulary)
    while several := list(islice(rest, _SLICE)):
        yield several
