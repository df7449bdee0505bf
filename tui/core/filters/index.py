"""The tests as a filter looks at them: each with its id in small letters, made once.

May import `core.model`, `core.store` and `core.filters.fuzzy`. Invariant: both answers are brought up to date in steps, and
a step that is never followed by another leaves the index as it was.
"""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from tui.core.filters import fuzzy
from tui.core.model import TestKey, TestResult
from tui.core.store import Store

SLICE = 2000
"""How many tests are looked at in a step: two milliseconds of work, about."""


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
        tests = list(store.tests.items())
        rows: list[Row] = []
        for start in range(0, len(tests), SLICE):
            for key, result in tests[start : start + SLICE]:
                row = self._by_key.get(key)
                if row is None or row.result is not result:
                    same = row is not None and row.result.label == result.label
                    row = Row(key, result, row.label if row and same else result.label.casefold())
                rows.append(row)
            yield
        self._by_key = {row.key: row for row in rows}
        self.rows, self.revision = rows, revision

    def learn(self) -> Iterator[None]:
        """Learn the words of all ids, in steps; those of tests that are gone are not forgotten."""
        if self._learnt == self.revision:
            return
        rows, revision = self.rows, self.revision
        for start in range(0, len(rows), SLICE):
            for row in rows[start : start + SLICE]:
                # Many tests have the place where they stand in common: it is read once.
                for part in row.result.label.rpartition("::"):
                    if part not in self._read:
                        self._read.add(part)
                        self._words.update(dict.fromkeys(fuzzy.words_of(part)))
            yield
        self._learnt = revision
