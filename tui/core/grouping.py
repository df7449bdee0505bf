"""Failing tests in groups: by cause, component or file; parametrised cases below their function.

May import the rest of `core`. Pure. Invariants: by component and by file, every test is in one group; by
cause, in one for each of its causes; which rows are folded changes no group and no count.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from enum import StrEnum

from msgspec import Struct

from tui.core.causes import Cause
from tui.core.identity import parted, place_of
from tui.core.model import TestKey, TestResult
from tui.core.store import Store
from tui.regex import regex

_BRACKETS = regex(r"(?P<function>\S|\S[^\[]*[^\s\[])\[.*\]$", re.DOTALL)
_ARGUMENTS = regex(r"(?P<function>[A-Za-z_$][\w$]*)\(.+\)$", re.DOTALL)
_SUBTEST = regex(r"(?P<function>[A-Za-z_]\w*)/.+$", re.DOTALL)


class By(StrEnum):
    """What failures are grouped by."""

    CAUSE = "cause"
    COMPONENT = "component"
    FILE = "file"
    NONE = "none"


class Group(Struct, frozen=True):
    """Some failing tests. `id` stays the same while results come in; `cause` where that is the group."""

    id: Hashable
    title: str
    tests: tuple[TestKey, ...]
    cause: Cause | None = None


class GroupRow(Struct, frozen=True):
    """The row of a group."""

    group: Hashable


class CasesRow(Struct, frozen=True):
    """The row of a function with several cases, within a group."""

    group: Hashable
    function: tuple[str, str]


class TestRow(Struct, frozen=True):
    """The row of a test, within a group: a test with two causes has two rows."""

    group: Hashable
    test: TestKey


OutlineRow = GroupRow | CasesRow | TestRow


def grouped(
    store: Store, causes: Iterable[Cause], by: By, is_meant: Callable[[TestKey], bool] | None = None
) -> list[Group]:
    """The failing tests that are meant, in groups; the largest groups first."""

    def kept(tests: Sequence[TestKey]) -> tuple[TestKey, ...]:
        return tuple(filter(is_meant, tests)) if is_meant else tuple(tests)

    if by is By.CAUSE:
        groups = [
            Group(cause.signature, cause.title, kept(store.cause_tests(cause.signature)), cause)
            for cause in causes
        ]
        return [group for group in groups if group.tests]
    every = kept(store.failures())
    if by is By.NONE:
        return [Group("", "", every)] if every else []
    parts: dict[str, list[TestKey]] = {}
    for key in every:
        name = store.component(key) if by is By.COMPONENT else file_of(store.tests[key])
        parts.setdefault(name, []).append(key)
    found = [Group(name, name, tuple(tests)) for name, tests in parts.items()]
    return sorted(found, key=lambda group: (-len(group.tests), group.title))


def steady(groups: Iterable[Group], before: Iterable[Hashable]) -> list[Group]:
    """`groups` in the order that those of them had `before`; what is new stands below."""
    places = {known: place for place, known in enumerate(before)}
    return sorted(groups, key=lambda group: places.get(group.id, len(places)))


def file_of(result: TestResult) -> str:
    """The file that a test stands in as its id says it, else the source that tells of it."""
    return place_of(result.label).partition("::")[0] or result.last.source


def function_of(label: str) -> str | None:
    """The function that a test is a case of: "t.py::test_x" for "t.py::test_x[a]"; None where it is none.

    Brackets behind the name as pytest and JUnit write them, arguments as NUnit and TestNG do, and the
    subtests of Go.
    """
    place, name = parted(label)
    for form in (_BRACKETS, _ARGUMENTS, _SUBTEST):
        found = form.match(name)
        if found:
            function = found["function"]
            return f"{place}::{function}" if place else function
    return None


class Outline:
    """Groups and what stands below them. `flat`: the groups themselves have no rows.

    `function` says which function a test is a case of, if any.
    """

    def __init__(
        self, groups: Sequence[Group], function: Callable[[TestKey], str | None], *, flat: bool = False
    ) -> None:
        self.groups = {group.id: group for group in groups}
        self.is_flat = flat
        self._function = function
        self._entries: dict[Hashable, dict[OutlineRow, tuple[TestKey, ...]]] = {}
        self._places_in: dict[Hashable, dict[TestRow, int]] = {}

    def rows(self, unfolded: AbstractSet[OutlineRow]) -> list[OutlineRow]:
        """The rows that are in sight where those in `unfolded` are."""
        found: list[OutlineRow] = []
        for group in self.groups:
            row = GroupRow(group)
            if not self.is_flat:
                found.append(row)
                if row not in unfolded:
                    continue
            for entry, tests in self._below(group).items():
                found.append(entry)
                if isinstance(entry, CasesRow) and entry in unfolded:
                    found += [TestRow(group, test) for test in tests]
        return found

    def tests(self, row: object) -> tuple[TestKey, ...]:
        """All the tests that a row stands for; none where there is no such row."""
        match row:
            case GroupRow(group):
                return self.groups[group].tests if group in self.groups else ()
            case CasesRow(group, _):
                return self._below(group).get(row, ()) if group in self.groups else ()
            case TestRow(_, test):
                return (test,)
        return ()

    def above(self, row: OutlineRow) -> list[OutlineRow]:
        """The rows that have to be unfolded for `row` to be in sight, the outermost first."""
        found: list[OutlineRow] = []
        if isinstance(row, GroupRow):
            return found
        if not self.is_flat:
            found.append(GroupRow(row.group))
        if isinstance(row, TestRow) and row.group in self.groups:
            entries = self._below(row.group)
            if row not in entries:
                cases = self._cases(row)
                found += [cases] if cases in entries else []
        return found

    def row_of(self, test: TestKey, group: Hashable = None) -> TestRow | None:
        """The row of a test: below `group` where it is there, else below the first group that has it."""
        if group in self.groups and test in self.groups[group].tests:
            return TestRow(group, test)
        found = (each.id for each in self.groups.values() if test in each.tests)
        return next((TestRow(each, test) for each in found), None)

    def folds(self) -> Iterator[OutlineRow]:
        """Every row that can be unfolded."""
        for group in self.groups:
            if not self.is_flat:
                yield GroupRow(group)
            yield from (entry for entry in self._below(group) if isinstance(entry, CasesRow))

    def holds(self, row: object) -> bool:
        """Whether there is such a row, folded away or not."""
        if isinstance(row, GroupRow):
            return row.group in self.groups and not self.is_flat
        if not isinstance(row, CasesRow | TestRow) or row.group not in self.groups:
            return False
        entries = self._below(row.group)
        if row in entries or isinstance(row, CasesRow):
            return row in entries
        cases = self._cases(row)
        return cases is not None and row.test in entries.get(cases, ())

    def neighbour(self, row: object, step: int) -> TestRow | None:
        """The row of the test after `row`, or before it, as they stand where everything is unfolded.

        Behind the last comes the first. No more groups are laid out for it than the two that it takes.
        """
        groups = list(self.groups)
        if not groups:
            return None
        tests = self.tests(row)
        known = isinstance(row, GroupRow | CasesRow | TestRow) and row.group in self.groups and tests
        group = row.group if known else groups[0]  # type: ignore[attr-defined]
        places = self._places(group)
        # The row of a group or a function stands right before the first of its tests.
        place = min(step, 0)
        if isinstance(row, TestRow):
            place = places[row] + step if row in places else place
        elif known:
            place += places[TestRow(group, tests[0])]
        if not 0 <= place < len(places):
            places = self._places(groups[(groups.index(group) + step) % len(groups)])
            place = min(step, 0)
        return list(places)[place]

    def _places(self, group: Hashable) -> dict[TestRow, int]:
        """The rows of the tests of a group, each with its place among them."""
        known = self._places_in.get(group)
        if known is None:
            rows = (TestRow(group, test) for tests in self._below(group).values() for test in tests)
            known = self._places_in[group] = {row: place for place, row in enumerate(rows)}
        return known

    def _below(self, group: Hashable) -> dict[OutlineRow, tuple[TestKey, ...]]:
        """What stands directly below a group: tests, and functions of which it has several cases."""
        known = self._entries.get(group)
        if known is None:
            parts: dict[OutlineRow, list[TestKey]] = {}
            for test in self.groups[group].tests:
                row = TestRow(group, test)
                parts.setdefault(self._cases(row) or row, []).append(test)
            known = {
                row if len(tests) > 1 else TestRow(group, tests[0]): tuple(tests)
                for row, tests in parts.items()
            }
            self._entries[group] = known
        return known

    def _cases(self, row: TestRow) -> CasesRow | None:
        function = self._function(row.test)
        return None if function is None else CasesRow(row.group, (row.test.scope, function))
