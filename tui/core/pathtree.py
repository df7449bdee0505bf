"""Tests as a tree of folders, files and classes, with how many of each fail and pass.

May import `core.blocks`, `core.identity`, `core.inblocks` and `core.model`. Pure. Invariants: the numbers
of a folder are those of all tests below it; one more test costs the length of its path; tests in blocks
cost what their blocks do.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple, overload

from tui.core.blocks import Block
from tui.core.identity import place_of
from tui.core.inblocks import Mask, seconds, size, without
from tui.core.model import Outcome, TestKey, TestResult
from tui.regex import regex

_DOTTED = regex(r"[\w$]+(?:\.[\w$]+)*\.(?:[A-Z][\w$]*|[\w$]+\.[\w$]+)")
_SEPARATORS = ("::", "/", ".")
_STEP = 2_000

Path = tuple[str, ...]
"""The parts of a path, each with what parts it from the one before: ("tests", "/test_a.py", "::TestA")."""


class Folder(NamedTuple):
    """The row of a folder."""

    path: Path


class Node:
    """A folder with its numbers; `blocks` are tests of its own, too.

    Those that were skipped or still run are no part of `executed`, as in a `Tally`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.folders: dict[str, Node] = {}
        self.tests: dict[TestKey, None] = {}
        self.blocks: dict[Block, Mask] = {}
        self.number = self.executed = self.failing = self.passed = 0
        self.duration = 0.0

    @property
    def own(self) -> int:
        """How many tests stand in it, and in no folder below it."""
        return len(self.tests) + sum(size(*part) for part in self.blocks.items())

    @property
    def has_own(self) -> bool:
        """Whether any do."""
        return bool(self.tests or self.blocks)

    def count(self, result: TestResult, sign: int) -> None:
        """Take in a result, or take it out."""
        self.number += sign
        if result.outcome.is_bad:
            self.failing += sign
            self.executed += sign
        elif result.outcome is Outcome.PASSED:
            self.passed += sign
            self.executed += sign
        self.duration += sign * (result.duration or 0.0)

    def hold(self, block: Block, mask: Mask) -> None:
        """Take in tests of a block."""
        number = size(block, mask)
        self.blocks[block] = mask
        self.number += number
        self.passed += number
        self.executed += number
        self.duration += sum(seconds(block, mask))

    def add(self, below: "Node") -> None:
        """Take in all that a folder in it counts."""
        self.number += below.number
        self.executed += below.executed
        self.failing += below.failing
        self.passed += below.passed
        self.duration += below.duration


class PathTree:
    """All tests by where they stand."""

    def __init__(self, tests: Iterable[tuple[TestKey, TestResult]] = ()) -> None:
        self.root = Node(())
        for _ in self.filling(list(tests), {}):
            pass

    def filling(
        self, tests: Sequence[tuple[TestKey, TestResult]], blocks: Mapping[Block, Mask]
    ) -> Iterator[None]:
        """Take in tests, and those in blocks, in steps; only for a tree that is empty."""
        leaves: dict[str, Node] = {}

        def leaf_of(place: str) -> Node:
            leaf = leaves.get(place)
            if leaf is None:
                leaf = leaves[place] = self._way(_path(place))[-1]
            return leaf

        for start in range(0, len(tests), _STEP):
            for key, result in tests[start : start + _STEP]:
                leaf = leaf_of(place_of(result.label))
                leaf.tests[key] = None
                leaf.count(result, 1)
            yield
        parts = list(blocks.items())
        for start in range(0, len(parts), _STEP // 4):
            for block, mask in parts[start : start + _STEP // 4]:
                for place, some in _placed(block, mask):
                    leaf_of(place).hold(block, some)
            yield
        # What was counted where it stands counts in every folder above it.
        self._add_up(self.root)

    def count(self, key: TestKey, result: TestResult, sign: int) -> None:
        """Take in a test, or take it out again with the very result that it came with."""
        leaf = self._count(result, sign)
        if sign > 0:
            leaf.tests[key] = None
        else:
            del leaf.tests[key]
            self._prune(leaf)

    def take(self, block: Block, row: int) -> None:
        """Take a test of a block out."""
        leaf = self._count(block.result(row), -1)
        left = without(block, leaf.blocks[block], row)
        if 1 in left:
            leaf.blocks[block] = left
        else:
            del leaf.blocks[block]
            self._prune(leaf)

    def _count(self, result: TestResult, sign: int) -> Node:
        way = self._way(path_of(result.label))
        for node in way:
            node.count(result, sign)
        return way[-1]

    def _prune(self, leaf: Node) -> None:
        """Forget the folders above `leaf`, itself included, in which nothing is any more."""
        way = self._way(leaf.path)
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
        tests: Callable[[Node], Sequence[TestKey]],
        folders: Callable[[Node], object],
        path_of: Callable[[TestKey], Path | None],
    ) -> "Rows":
        """The rows in sight.

        `tests` gives the tests of a folder, `folders` says by what folders are sorted,
        `path_of` where a test is.
        """
        return Rows(self._below(self.root, unfolded, tests, folders), path_of)

    def _below(
        self,
        node: Node,
        unfolded: AbstractSet[Folder],
        tests: Callable[[Node], Sequence[TestKey]],
        folders: Callable[[Node], object],
    ) -> "Iterator[Folder | tuple[Path, Sequence[TestKey]]]":
        for each in sorted(map(_deepest, node.folders.values()), key=folders):  # type: ignore[arg-type]
            row = Folder(each.path)
            yield row
            if row in unfolded:
                yield from self._below(each, unfolded, tests, folders)
        if node.has_own:
            yield node.path, tests(node)

    def node(self, row: Folder) -> Node | None:
        """The folder of a row; None where there is none any more."""
        node: Node | None = self.root
        for part in row.path:
            node = node.folders.get(part) if node is not None else None
        return node

    def below(self, row: Folder) -> Iterator[Node]:
        """A folder and all below it."""
        node = self.node(row)
        waiting = [node] if node is not None else []
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed(node.folders.values())

    def first(self, row: Folder, folders: Callable[[Node], object]) -> Node | None:
        """The first folder with tests of its own, if everything below a row were unfolded."""
        node = self.node(row)
        while node is not None and node.folders:
            node = min(map(_deepest, node.folders.values()), key=folders)  # type: ignore[arg-type]
        return node

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


class Rows(Sequence[Folder | TestKey]):
    """The rows of a tree: folders, and between them tests, which need not be known before they are seen."""

    def __init__(
        self,
        pieces: Iterable[Folder | tuple[Path, Sequence[TestKey]]],
        path_of: Callable[[TestKey], Path | None],
    ) -> None:
        self._path_of = path_of
        self.folders: list[Folder] = []
        self._pieces: list[Folder | Sequence[TestKey]] = []
        self._places: dict[Folder | Path, int] = {}
        for piece in pieces:
            if isinstance(piece, Folder):
                self.folders.append(piece)
                self._places[piece] = len(self._pieces)
                self._pieces.append(piece)
            else:
                # As a key the path of a folder is no Folder, though it may be equal to a tuple.
                self._places["tests", *piece[0]] = len(self._pieces)
                self._pieces.append(piece[1])
        lengths = (1 if isinstance(piece, Folder) else len(piece) for piece in self._pieces)
        self._starts = [0, *accumulate(lengths)]

    def __len__(self) -> int:
        return self._starts[-1]

    @overload
    def __getitem__(self, place: int) -> Folder | TestKey: ...
    @overload
    def __getitem__(self, place: slice) -> list[Folder | TestKey]: ...
    def __getitem__(self, place: int | slice) -> Folder | TestKey | list[Folder | TestKey]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        if place < 0:
            place += len(self)
        if not 0 <= place < len(self):
            raise IndexError(place)
        at = bisect_right(self._starts, place) - 1
        piece = self._pieces[at]
        return piece if isinstance(piece, Folder) else piece[place - self._starts[at]]

    def index(self, value: object, start: int = 0, stop: int | None = None) -> int:
        """The row of a folder or a test. Raises ValueError."""
        del start, stop
        at = None
        if isinstance(value, Folder):
            at = self._places.get(value)
        elif isinstance(value, TestKey) and (path := self._path_of(value)) is not None:
            at = self._places.get(("tests", *path))
        if at is None:
            raise ValueError(value)
        piece = self._pieces[at]
        return self._starts[at] + (0 if isinstance(piece, Folder) else piece.index(value))


def _deepest(node: Node) -> Node:
    """The folder that stands for a chain of folders with nothing else in them: "tests/unit" is one row."""
    while len(node.folders) == 1 and not node.has_own:
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


def _placed(block: Block, mask: Mask) -> Iterator[tuple[str, Mask]]:
    """Where the tests of a block stand: as a rule all of them in one place."""
    place = block.place
    if len(place) > 2 and place.endswith("::") and "[" not in place and "::" not in block.names:
        yield place[:-2], mask
        return
    places: dict[str, bytearray] = {}
    for row, name in enumerate(block.name_list()):
        if mask is None or mask[row]:
            places.setdefault(place_of(place + name), bytearray(len(block)))[row] = 1
    for found, rows in places.items():
        yield found, bytes(rows)
