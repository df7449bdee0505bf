"""The tests as a filter looks at them: numbered, with their ids in small letters, made once.

May import `core.blocks`, `core.numbering`, `core.store` and, of `core.filters`, `fuzzy` and `texts`.
Invariant: texts and words are brought up to date in steps; steps that come to no end leave them as they were.
"""

from collections.abc import Collection, Iterator

from tui.core.blocks import Block
from tui.core.filters import fuzzy
from tui.core.filters.texts import LINES, Text, of_blocks, of_singles
from tui.core.numbering import Numbering, numbered
from tui.core.store import Store

_LEARNT_AT_ONCE = 500
_BLOCKS_LEARNT_AT_ONCE = 100


class Index:
    """The tests of one Store as texts, and the words of their ids; `revision` is that of the Store."""

    def __init__(self) -> None:
        self.numbering = Numbering(-1, [], [], [])
        self.revision = -1
        self.texts: list[Text] = []
        self._words: dict[str, None] = {}
        self._read: set[str] = set()
        self._learnt = -1
        self._told: Numbering | None = None
        self._singles: list[Text] = []
        self._by_block: dict[Block, Text] = {}

    @property
    def words(self) -> Collection[str]:
        """The words of the ids, folded, as far as they were learnt."""
        return self._words

    def is_of(self, store: Store) -> bool:
        """Whether the texts are those of `store` as it is now."""
        return self.revision == store.revision and self._told is self.numbering

    def number(self, store: Store) -> Iterator[None]:
        """Number the tests of `store`, in steps."""
        if self.revision == store.revision:
            return
        if self.revision >= 0 and store.journal.since(self.numbering.revision) == set():
            self.revision = store.revision  # no test is another: causes or sources are
            return
        for numbering in numbered(store):
            if numbering is None:
                yield
            elif numbering.revision > self.revision:  # two may be at it: who has one keeps it
                self.numbering, self.revision = numbering, numbering.revision

    def follow(self, store: Store) -> Iterator[None]:
        """Bring the texts up to date with `store`, in steps."""
        yield from self.number(store)
        numbering = self.numbering
        if self._told is numbering:
            return
        texts: list[Text] = []
        known = self._singles
        for start in range(0, numbering.first, LINES):
            results = numbering.results[start : start + LINES]
            text = known[start // LINES] if start // LINES < len(known) else None
            if text is None or text.results != results:
                text = of_singles(start, results)
            texts.append(text)
            yield
        singles = len(texts)
        at, blocks, starts = 0, numbering.blocks, numbering.starts
        while at < len(blocks):
            text = self._by_block.get(blocks[at])
            if text is not None and blocks[at : at + len(text.blocks)] == text.blocks:
                texts.append(text._replace(first=starts[at]))
                at += len(text.blocks)
                continue
            some = [blocks[at]]
            number = len(blocks[at])
            for block in blocks[at + 1 : at + LINES]:
                if number >= LINES or block in self._by_block:
                    break
                some.append(block)
                number += len(block)
            texts.append(of_blocks(starts[at], some))
            at += len(some)
            yield
        self.texts, self._singles, self._told = texts, texts[:singles], numbering
        self._by_block = {text.blocks[0]: text for text in texts[singles:]}

    def learn(self) -> Iterator[None]:
        """Learn the words of all ids, in steps; those of tests that are gone are not forgotten."""
        numbering = self.numbering
        if self._learnt == numbering.revision:
            return
        for start in range(0, numbering.first, _LEARNT_AT_ONCE):
            for result in numbering.results[start : start + _LEARNT_AT_ONCE]:
                # Many tests have their place in common, and their name without parameters: read once.
                label, _, parameters = result.label.partition("[")
                for part in (*label.rpartition("::"), parameters):
                    if part not in self._read and not part.strip("]").isdigit():
                        self._learn(part)
            yield
        for start in range(0, len(numbering.blocks), _BLOCKS_LEARNT_AT_ONCE):
            for block in numbering.blocks[start : start + _BLOCKS_LEARNT_AT_ONCE]:
                if block.place not in self._read:
                    self._learn(block.place)
                for word in fuzzy.letters_of(block.names):
                    if word not in self._read:
                        self._learn(word)
            yield
        self._learnt = numbering.revision

    def _learn(self, text: str) -> None:
        self._read.add(text)
        self._words.update(dict.fromkeys(fuzzy.words_of(text)))
