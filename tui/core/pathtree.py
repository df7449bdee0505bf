"""Tests as a tree of folders, files and classes, with how many of each fail and pass.

May import `core.model` and `core.identity`. Pure. Invariants: the numbers of a folder are those of all tests
below it; one more test costs the length of its path.
"""

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import NamedTuple

from tui.core.identity import place_of
from tui.core.model import Outcome, TestKey, TestResult
from tui.regex import regex

_DOTTED = regex(r"[\w$]+(?:\.[\w$]+)*\.(?:[A-Z][\w$]*|[\w$]+\.[\w$]+)")
_SEPARATORS = ("::", "/", ".")

Path = tuple[str, ...]
"""The parts of a path, each with what parts it from the one before: ("tests", "/test_a.py", "::TestA")."""


class Folder(NamedTuple):
    """The row of a folder."""

    path: Path


class Node:
    """A folder with its numbers; `others` are tests that neither fail nor passed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.folders: dict[str, Node] = {}
        self.tests: dict[TestKey, None] = {}
        self.number = self.failing = self.passed = 0
        self.duration = 0.0

    def count(self, result: TestResult, sign: int) -> None:
        """Take in a result, or take it out."""
        self.number += sign
        if result.outcome.is_bad:
            self.failing += sign
        elif result.outcome is Outcome.PASSED:
            self.passed += sign
        self.duration += sign * (result.duration or 0.0)

    def add(self, below: "Node") -> None:
        """Take in all that a folder in it counts."""
        self.number += below.number
        self.failing += below.failing
        self.passed += below.passed
        self.duration += below.duration


class PathTree:
    """All tests by where they stand."""

    def __init__(self, tests: Iterable[tuple[TestKey, TestResult]] = ()) -> None:
        self.root = Node(())
        leaves: dict[str, Node] = {}
        for key, result in tests:
            place = place_of(result.label)
            leaf = leaves.get(place)
            if leaf is None:
                leaf = leaves[place] = self._way(_path(place))[-1]
            leaf.tests[key] = None
            leaf.count(result, 1)
        # What was counted where it stands counts in every folder above it.
        self._add_up(self.root)

    def count(self, key: TestKey, result: TestResult, sign: int) -> None:
        """Take in a test, or take it out again with the very result that it came with."""
        way = self._way(path_of(result.label))
        for node in way:
            node.count(result, sign)
        if sign > 0:
            way[-1].tests[key] = None
        else:
            del way[-1].tests[key]
            for above, below in zip(reversed(way[:-1]), reversed(way[1:]), strict=True):
                if not below.number:
                    del above.folders[below.path[-1]]

    def _way(self, path: Path) -> list[Node]:
        """The folders on the way to `path`, made where there are none."""
        node = self.root
        way = [node]
        for part in path:
            below = node.folders.get(part)
            if below is None:
                below = node.folders[part] = Node((*node.path, part))
            node = below
            way.append(node)
        return way

    def _add_up(self, node: Node) -> None:
        for below in node.folders.values():
            self._add_up(below)
            node.add(below)

    def rows(
        self,
        unfolded: AbstractSet[Folder],
        tests: Callable[[Iterable[TestKey]], Iterable[TestKey]],
        folders: Callable[[Node], object],
    ) -> list[Folder | TestKey]:
        """The rows in sight; `tests` sorts the tests of a folder, `folders` says by what folders are."""
        return list(self._below(self.root, unfolded, tests, folders))

    def _below(
        self,
        node: Node,
        unfolded: AbstractSet[Folder],
        tests: Callable[[Iterable[TestKey]], Iterable[TestKey]],
        folders: Callable[[Node], object],
    ) -> Iterator[Folder | TestKey]:
        for each in sorted(map(_deepest, node.folders.values()), key=folders):  # type: ignore[arg-type]
            row = Folder(each.path)
            yield row
            if row in unfolded:
                yield from self._below(each, unfolded, tests, folders)
        yield from tests(node.tests)

    def node(self, row: Folder) -> Node | None:
        """The folder of a row; None where there is none any more."""
        node: Node | None = self.root
        for part in row.path:
            node = node.folders.get(part) if node is not None else None
        return node

    def tests(self, row: Folder) -> list[TestKey]:
        """All the tests below a folder."""
        node = self.node(row)
        found: list[TestKey] = []
        waiting = [node] if node is not None else []
        while waiting:
            node = waiting.pop()
            found += node.tests
            waiting += reversed(node.folders.values())
        return found

    def folders(self) -> Iterator[Folder]:
        """Every folder that has a row."""
        waiting = [self.root]
        while waiting:
            for each in map(_deepest, waiting.pop().folders.values()):
                yield Folder(each.path)
                waiting.append(each)

    def above(self, path: Path) -> list[Folder]:
        """The rows of the folders on the way to `path`, itself included, the outermost first."""
        found = []
        node = self.root
        while len(node.path) < len(path):
            below = node.folders.get(path[len(node.path)])
            if below is None:
                break
            node = _deepest(below)
            found.append(Folder(node.path))
        return found


def _deepest(node: Node) -> Node:
    """The folder that stands for a chain of folders with nothing else in them: "tests/unit" is one row."""
    while len(node.folders) == 1 and not node.tests:
        (node,) = node.folders.values()
    return node


def name_of(row: Folder, above: Path) -> str:
    """How a folder is called below the folder `above`."""
    name = "".join(row.path[len(above) :])
    for separator in _SEPARATORS:
        name = name.removeprefix(separator)
    return name


def path_of(label: str) -> Path:
    """The folders, the file and the classes that a test stands in."""
    return _path(place_of(label))


@lru_cache(maxsize=65536)
def _path(place: str) -> Path:
    file, *classes = place.split("::")
    separator = "." if _DOTTED.fullmatch(file) else "/"
    first, *rest = file.split(separator)
    parts = [first, *(f"{separator}{part}" for part in rest), *(f"::{part}" for part in classes)]
    return tuple(part for part in parts if part)
