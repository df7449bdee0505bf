"""The views, made by name, one of them in sight. May import Textual, `core`, `project` and `view`.

What a view is made of is imported when it is made: the first frame needs one view, and waits for no other.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.widgets import ContentSwitcher

from tui.core.model import TestKey
from tui.core.rules import Rules
from tui.keys import VIEWS
from tui.view.ink import Kept
from tui.view.pane import View
from tui.view.recall import Recall

if TYPE_CHECKING:
    from tui.project import Project
    from tui.view.failures import Failures


_FILTERED = ("failures", "tests", "regressions")


class Views(Kept, ContentSwitcher):
    """All views: `first` is made by `made` at once, the others when they are wanted, each as it was left."""

    def __init__(self, made: Callable[[str], View], first: str, recall: Recall, *, id: str) -> None:
        super().__init__(initial=first, id=id)
        self._made = made
        self._first = first
        self._recall = recall
        self._unmade = [name for name in VIEWS if name != first]

    def compose(self) -> ComposeResult:
        """The first view alone."""
        yield self._made(self._first)

    async def make_all(self) -> None:
        """Make the views that are not in sight: after the first facts, so that nobody waits for them."""
        unmade, self._unmade = self._unmade, []
        for name in unmade:
            view = self._made(name)
            view.display = False
            await self.mount(view)
            self._recall.restore([view])

    @property
    def name_in_sight(self) -> str:
        """What the view in sight is called."""
        return self.current or "overview"

    @property
    def is_filtered(self) -> bool:
        """Whether the view in sight lists what the filter means, with its box below."""
        return self.name_in_sight in _FILTERED

    @property
    def in_sight(self) -> View:
        """The view in sight."""
        return self.query_one(f"#{self.name_in_sight}", View)

    @property
    def open_tests(self) -> tuple[TestKey, ...]:
        """The test whose detail is shown, if one is."""
        key = self.in_sight.open_test()
        return () if key is None else (key,)

    @property
    def failures(self) -> "Failures":
        """The view of the failures."""
        from tui.view.failures import Failures  # noqa: PLC0415  # see above

        return self.query_one(Failures)


def make(name: str, rules: Rules, project: "Callable[[], Project]", shown_directory: str) -> View:
    """The view of this name, of `tui.keys.VIEWS`."""
    match name:
        case "failures":
            from tui.view.failures import Failures  # noqa: PLC0415  # see above, so too below

            return Failures(project(), shown_directory, id=name)
        case "tests":
            from tui.view.tests import Tests  # noqa: PLC0415

            return Tests(project(), shown_directory, id=name)
        case "golden":
            from tui.view.golden import GoldenPaths  # noqa: PLC0415

            return GoldenPaths(id=name)
        case "regressions":
            from tui.view.regressions import Regressions  # noqa: PLC0415

            return Regressions(project(), shown_directory, id=name)
        case "sources":
            from tui.view.sources import Sources  # noqa: PLC0415

            return Sources(shown_directory, id=name)
        case _:
            from tui.view.overview import Overview  # noqa: PLC0415

            return Overview(rules, shown_directory, id=name)
