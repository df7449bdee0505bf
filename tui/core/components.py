"""Which component a test belongs to, and the word that a component's rate earns.

May import `core.model` and `core.tally`. Invariant: every test is in exactly one component, so that
the components' counts add up to the overall row.
"""

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from fnmatch import translate
from functools import lru_cache

from msgspec import Struct

from tui.core.model import TestId
from tui.core.tally import Tally

OTHER = "Other tests"
NOT_RUN = "NOT RUN"
_MOST_INFERRED = 100
RUNNING = "RUNNING"
DEFAULT_BANDS = (("EXCELLENT", 90.0), ("STABLE", 75.0), ("AT RISK", 50.0), ("FAILING", 0.0))


class ComponentRule(Struct, frozen=True):
    """A component as configured: globs on test ids, or globs on the paths of sources."""

    name: str
    tests: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    required: bool = False


class Globs:
    """Shell patterns tried on whole strings; `*` and `**` both match anything, slashes included.

    A string that equals a pattern to the letter matches too, so that an id with brackets can be named.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        self._literal = frozenset(patterns)
        self._pattern = re.compile("|".join(translate(p) for p in patterns) or r"(?!)", re.DOTALL)

    def match(self, text: str) -> bool:
        """Whether one of the patterns matches the whole of `text`."""
        return text in self._literal or self._pattern.match(text) is not None


Assignment = Callable[[str, TestId, str], str]
"""(source path, test, label) -> name of the component."""


def by_rules(rules: Sequence[ComponentRule]) -> Assignment:
    """Components as configured: the first rule that matches a test has it; `OTHER` has the rest.

    A glob on sources is tried on the path and, where it holds no slash, on the file name.
    """
    compiled = [(rule.name, Globs(rule.tests), Globs(rule.sources)) for rule in rules]
    by_source: dict[str, str | None] = {}

    def source_component(source: str) -> str | None:
        names = (source, source.rsplit("/", 1)[-1])
        return next((name for name, _, globs in compiled if any(map(globs.match, names))), None)

    order = {name: position for position, (name, _, _) in enumerate(compiled)}

    def assign(source: str, test: TestId, label: str) -> str:
        if source not in by_source:
            by_source[source] = source_component(source)
        found = by_source[source]
        before = len(order) if found is None else order[found]
        for name, tests, _ in compiled[:before]:
            if tests.match(label) or tests.match(test.dotted):
                return name
        return OTHER if found is None else found

    return assign


class Scheme(StrEnum):
    """How components are inferred where none are configured."""

    PACKAGE = "one per leading package"
    FILE = "one per file"
    FOLDER = "one per folder"


def scheme(sources: int, folders: int) -> Scheme:
    """The scheme for that many sources with tests, lying in that many folders.

    One that would make more components than anybody reads is none: a runner that writes a file a class
    writes thousands.
    """
    if sources < 2 or (sources if folders < 2 else folders) > _MOST_INFERRED:
        return Scheme.PACKAGE
    return Scheme.FILE if folders < 2 else Scheme.FOLDER


def inferred(by: Scheme) -> Assignment:
    """Components where none are configured."""
    match by:
        case Scheme.PACKAGE:
            return lambda _source, test, label: _package(test, label)
        case Scheme.FILE:
            return lambda source, _test, _label: _stem(source)
        case Scheme.FOLDER:
            return lambda source, _test, _label: folder(source) or _stem(source)


def folder(source: str) -> str:
    """The folder that a source lies in, relative to the results directory; empty for the directory."""
    return source.rpartition("/")[0]


def status(tally: Tally, bands: Sequence[tuple[str, float]], *, live: bool) -> str:
    """The word for `tally`: from `bands` (name, least rate in percent; highest first) once it ended."""
    if live and tally.tests:
        return RUNNING
    if tally.rate is None:
        return RUNNING if tally.running else NOT_RUN
    return next((name for name, least in bands if tally.rate >= least), bands[-1][0])


def _stem(source: str) -> str:
    return source.rsplit("/", 1)[-1].split(".", 1)[0] or source


def _package(test: TestId, label: str) -> str:
    """The folders of a test's file, or its suite path without its last part; three levels at most."""
    path, separator, _ = label.partition("::")
    return _leading(path if separator or not test.suite else "", test.suite)


@lru_cache(maxsize=1024)
def _leading(path: str, suite: str) -> str:
    if "/" in path:
        return "/".join(path.split("/")[:-1][:3])
    parts = re.split(r"[./]", suite)
    return ".".join(parts[: max(1, min(3, len(parts) - 1))]) or OTHER
