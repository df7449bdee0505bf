"""Tests that are the same under another path: moved or renamed files are not vanished and new tests.

May import `core.model` only. Pure, and independent of the
order in which results came. A test is taken for moved where its own name is the same and no other test can
be meant: the name is the only one of its kind on both sides, or its file as a whole has moved.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from msgspec import Struct

from tui.core.model import TestKey

_MOST_ALIKE = 400
_WHOLE_FILE = 0.5


class Named(Struct, frozen=True):
    """A test by its scope and its label, apart from where its results stand."""

    key: TestKey
    label: str

    @property
    def file(self) -> str:
        """The file, or the suite, that the test stands in."""
        return self.label.partition("::")[0]

    @property
    def own_name(self) -> str:
        """What the test is called within its file; empty where it has no file."""
        return self.label.partition("::")[2]


def match(gone: Iterable[Named], new: Iterable[Named]) -> dict[TestKey, TestKey]:
    """For the `new` tests that were moved: the test that each was, one of those that are `gone`.

    Tests of the same scope meet first, so that a matrix moves side by side.
    """
    gone, new = (sorted(side, key=lambda test: test.key) for side in (gone, new))
    found: dict[TestKey, TestKey] = {}
    for with_scope in (True, False):
        then, now = _by_name(gone, with_scope=with_scope), _by_name(new, with_scope=with_scope)
        found |= _matched(then, now)
        taken = set(found.values())
        gone = [test for test in gone if test.key not in taken]
        new = [test for test in new if test.key not in found]
    return found


Names = Mapping[tuple[str, str], list[Named]]


def _by_name(tests: Iterable[Named], *, with_scope: bool) -> dict[tuple[str, str], list[Named]]:
    found: dict[tuple[str, str], list[Named]] = {}
    for test in tests:
        if test.own_name:
            found.setdefault((test.key.scope if with_scope else "", test.own_name), []).append(test)
    return found


def _matched(then: Names, now: Names) -> dict[TestKey, TestKey]:
    pairs: dict[tuple[str, str], list[tuple[Named, Named, bool]]] = {}
    for name in then.keys() & now.keys():
        if len(then[name]) * len(now[name]) > _MOST_ALIKE:
            continue  # nobody can tell which of so many is meant
        is_only_one = len(then[name]) == len(now[name]) == 1
        for was in then[name]:
            for test in now[name]:
                # The same path in another source is the same test elsewhere; it has not moved.
                if was.file != test.file:
                    pairs.setdefault((was.file, test.file), []).append((was, test, is_only_one))
    sizes_then, sizes_now = (
        Counter(t.file for tests in side.values() for t in tests) for side in (then, now)
    )
    found: dict[TestKey, TestKey] = {}
    taken: set[TestKey] = set()

    def rank(files: tuple[str, str]) -> tuple[bool, int, tuple[str, str]]:
        return not _alike(*files), -len(pairs[files]), files

    for files in sorted(pairs, key=rank):
        share = len(pairs[files]) / min(sizes_then[files[0]], sizes_now[files[1]])
        whole = _alike(*files) or share >= _WHOLE_FILE
        for was, test, is_only_one in pairs[files]:
            if (is_only_one or whole) and was.key not in taken and test.key not in found:
                found[test.key] = was.key
                taken.add(was.key)
    return found


def _alike(one: str, other: str) -> bool:
    """Whether two files have the same name in different folders, or two suites in different packages."""
    if "/" in one or "/" in other:
        return PurePosixPath(one).name == PurePosixPath(other).name
    return one.rpartition(".")[2] == other.rpartition(".")[2]
