"""Tests that somebody marks as known -> the marks to write, and those that they take the place of.

May import `core.store` and `core.marks`. Pure: the day is handed in. Invariants: a mark is of tests by name
and says how they failed; tests that failed differently get marks of their own; a test that does not fail
gets no mark that it had not.
"""

from collections.abc import Hashable, Iterable
from typing import NamedTuple

from msgspec.structs import replace

from tui.core.marks import Known, Mark, name_of
from tui.core.model import TestKey, TestResult
from tui.core.store import Store

Named = tuple[str, str]
"""A test of a mark: its name, and the source that the mark gives."""


class Change(NamedTuple):
    """What is to become of the marks."""

    gone: tuple[Named, ...] = ()
    added: tuple[Mark, ...] = ()


def marked(store: Store, tests: Iterable[TestKey], reason: str, who: str, day: str) -> Change:
    """Mark the tests of these that fail, or change the marks of those that are marked."""
    tests = list(tests)
    made: dict[Hashable, Mark] = {}
    sources = _sources(store, tests)
    for key in tests:
        result, known = store.tests[key], store.known(key)
        fresh = _mark(store, result, known, day)
        if fresh is None:
            continue
        name = name_of(result)
        source = key.scope if len(sources[name]) > 1 else ""
        place = (fresh.failures, fresh.date, source)
        fresh = replace(fresh, reason=reason, who=who)
        before = made.get(place)
        if before is None:
            made[place] = replace(fresh, tests=(name,), source=source)
        elif name not in before.tests:
            made[place] = replace(before, tests=(*before.tests, name))
    return Change(unmarked(store, tests).gone, tuple(made.values()))


def unmarked(store: Store, tests: Iterable[TestKey]) -> Change:
    """Take the marks off these tests."""
    gone = (
        (name_of(store.tests[key]), known.mark.source)
        for key in tests
        if (known := store.known(key)) is not None
    )
    return Change(tuple(dict.fromkeys(gone)))


def _mark(store: Store, result: TestResult, known: Known | None, day: str) -> Mark | None:
    """How a test fails, today; for one that does not fail, how it did when it was marked."""
    if not result.outcome.is_bad:
        return known.mark if known is not None else None
    found = dict.fromkeys(map(store.causes.signature, result.failures))
    headline = result.failure.headline if result.failure else ""
    return Mark("", "", (), day, headline, tuple(sorted(found)))


def _sources(store: Store, tests: Iterable[TestKey]) -> dict[str, set[str]]:
    """Which sources have tests of the names that these have."""
    found: dict[str, set[str]] = {name_of(store.tests[key]): set() for key in tests}
    for key, result in store.tests.items():
        name = name_of(result)
        if name in found:
            found[name].add(key.scope)
    return found
