"""Where tests are counted: the component of each, and the components that each source reaches.

May import `core.blocks`, `core.components`, `core.counting` and `core.model`. Invariants: a test is in one
component, found by asking the sources that tell of it in turn, so that a rerun does not move it; where
nothing is configured, the scheme follows the scopes of tests, never the number of files.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType

from tui.core.blocks import Block
from tui.core.components import (
    OTHER,
    Assignment,
    ComponentRule,
    Scheme,
    by_rules,
    folder,
    inferred,
    scheme,
)
from tui.core.counting import change
from tui.core.model import TestId


class Placement:
    """Places tests by the configured `rules`, or by what the results look like where there are none."""

    def __init__(self, rules: Sequence[ComponentRule]) -> None:
        self._has_rules = bool(rules)
        self._scheme = Scheme.PACKAGE
        self._assign: Assignment = by_rules(rules) if rules else inferred(self._scheme)
        self._scopes: dict[str, str] = {}
        self._numbers: Counter[str] = Counter()
        self._folders: Counter[str] = Counter()
        self._reach: dict[str, set[str]] = {}
        self._suites: dict[str, str] = {}

    @property
    def suites(self) -> Mapping[str, str]:
        """The suite paths of all tests, each with the component that a test of it was placed in last."""
        return MappingProxyType(self._suites)

    def reach(self, source: str) -> frozenset[str]:
        """The components that a source has had tests of."""
        return frozenset(self._reach.get(source, ()))

    def place(self, test: TestId, label: str, sources: Sequence[str]) -> str:
        """The component of a test that `sources` tell of."""
        component = self._assign(sources[0], test, label)
        if component == OTHER:
            found = (self._assign(path, test, label) for path in sources[1:])
            component = next((name for name in found if name != OTHER), OTHER)
        self._suites[test.suite] = component
        for path in sources:
            reach = self._reach.get(path)
            if reach is None:
                reach = self._reach[path] = set()
            reach.add(component)
        return component

    def place_block(self, block: Block) -> str | None:
        """The component of all tests of a block; None where they are not all in the same."""
        found = self._component_of(block)
        if found is not None:
            self._suites[block.suite] = found
            self._reach.setdefault(block.source, set()).add(found)
        return found

    def _component_of(self, block: Block) -> str | None:
        # What is inferred is inferred from the place, which one of the tests has as well as another.
        is_inferred = not self._has_rules and "::" in block.place
        names = [block.names.partition("\n")[0]] if is_inferred else block.name_list()
        source, suite, place = block.source, block.suite, block.place
        found = {self._assign(source, TestId(suite, name), place + name) for name in names}
        return found.pop() if len(found) == 1 else None

    def of_planned(self, test: TestId, label: str) -> str:
        """The component of a test that no source tells of; empty where only its neighbours tell."""
        if not self._has_rules and self._scheme is not Scheme.PACKAGE:
            return ""
        found = self._assign("", test, label)
        return "" if found == OTHER else found

    def follow(self, source: str, scope: Callable[[str], str | None], regrouped: Collection[str]) -> bool:
        """Take note of whether `source` has tests; whether all tests have to be placed anew by that.

        `scope`: that of a source's tests, None where it has none that count. `regrouped`: sources of which
        it may be another now.
        """
        if (scope(source) is not None) == (source in self._scopes) and not regrouped:
            return False
        for known in {*self._scopes, *regrouped} if regrouped else ():
            self._count(known, scope(known))
        self._count(source, scope(source))
        if self._has_rules:
            return False
        before = self._scheme
        self._scheme = scheme(len(self._numbers), len(self._folders))
        self._assign = inferred(self._scheme)
        return self._scheme is not before

    def _count(self, source: str, scope: str | None) -> None:
        """The tests of `source` are of this scope from now on; None: it has none."""
        before = self._scopes.pop(source, None)
        if scope is not None:
            self._scopes[source] = scope
        for each, sign in ((before, -1), (scope, 1)):
            if each is not None:
                change(self._numbers, each, sign)
                change(self._folders, folder(each), sign)

    def forget(self, source: str) -> None:
        """Forget what `source` reached."""
        self._reach.pop(source, None)

    def clear(self) -> None:
        """Forget what every source reached: all tests are placed anew."""
        self._reach, self._suites = {}, {}
