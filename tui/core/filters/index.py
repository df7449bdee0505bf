"""The tests as a filter looks at them: each with its id in small letters, made once.

May import `core.model`, `core.store` and `core.filters.fuzzy`. Invariant: rows and words are brought up to
date in steps; steps that come to no end leave the rows as they were.
"""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from tui.core.filters import fuzzy
from tui.core.model import TestKey, TestResult
from tui.core.store import Store

SLICE = 2000
"""How many tests are looked at in a step: two milliseconds of work, about."""

_LEARNT_AT_ONCE = 500


class Row(NamedTuple):
    """A test with its id, folded."""

    key: TestKey
    result: TestResult
    label: str


class Index:
    """The rows of all tests of one Store, and the words of their ids."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.revision = -1
        self._by_key: dict[TestKey, Row] = {}
        self._words: dict[str, None] = {}
        self._read: set[str] = set()
        self._learnt = -1

    @property
    def words(self) -> Collection[str]:
        """The words of the ids, folded, as far as they were learnt."""
        return self._words

    def follow(self, store: Store) -> Iterator[None]:
        """Bring the rows up to date with `store`, in steps."""
        if self.revision == store.revision:
            return
        revision = store.revision
        # Two lists of what there is already: pairs would be a hundred thousand new objects at once.
        keys, results = list(store.tests), list(store.tests.values())
        rows: dict[TestKey, Row] = {}
        for start in range(0, len(keys), SLICE):
            for key, result in zip(keys[start : start + SLICE], results[start : start + SLICE], strict=True):
                row = self._by_key.get(key)
                if row is None or row.result is not result:
                    same = row is not None and row.result.label == result.label
                    row = Row(key, result, row.label if row and same else result.label.casefold())
                rows[key] = row
            yield
        self._by_key = rows
        self.rows, self.revision = list(rows.values()), revision

    def learn(self) -> Iterator[None]:
        """Learn the words of all ids, in steps; those of tests that are gone are not forgotten."""
        if self._learnt == self.revision:
            return
        rows, revision = self.rows, self.revision
        for start in range(0, len(rows), _LEARNT_AT_ONCE):
            for row in rows[start : start + _LEARNT_AT_ONCE]:
                # Many tests have their place in common, and their name without parameters: read once.
                label, _, parameters = row.result.label.partition("[")
                for part in (*label.rpartition("::"), parameters):
                    if part not in self._read and not part.strip("]").isdigit():
                        self._read.add(part)
                        self._words.update(dict.fromkeys(fuzzy.words_of(part)))
            yield
        self._learnt = revision
