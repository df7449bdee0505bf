"""What the first frame does without: the views that are not in sight, the filter's box, the actions on tests.

May import Textual, `config`, `core`, `intake.tree`, `project` and `view`. Invariants: each part is made once,
at the latest before the first key is acted on, and is imported when it is made.
"""

import asyncio
import gc
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import App

from tui.config import Config
from tui.core.facts import Facts
from tui.core.store import Store
from tui.view.beside import Beside
from tui.view.finding.finder import Finder
from tui.view.pane import View
from tui.view.views import Views, make

if TYPE_CHECKING:
    from tui.project import Project
    from tui.view.acting.acting import Acting
    from tui.view.finding.box import FilterBox

_LATER = Path(__file__).with_name("later.tcss")


class Furnishing:
    """Furnishes `app`, which watches `directory`. `stamp` gives a word for this moment."""

    def __init__(
        self,
        app: App[None],
        directory: Path,
        config: Config,
        store: Store,
        *,
        beside: Beside,
        finder: Finder,
        facts: Callable[[], Facts],
        stamp: Callable[[], str],
    ) -> None:
        self.is_furnished = False
        self.is_complete = False
        self._app = app
        self._directory = directory
        self._config = config
        self._store = store
        self._beside = beside
        self._finder = finder
        self._facts = facts
        self._stamp = stamp
        self._at_work = asyncio.Lock()

    @cached_property
    def _project(self) -> "Project":
        from tui.intake.tree import Tree  # noqa: PLC0415  # the first frame needs none of this, so too below
        from tui.project import Project  # noqa: PLC0415

        directory = self._directory
        return Project.of(Tree(directory.absolute()).path, directory, Path.cwd(), self._config.path)

    @cached_property
    def acting(self) -> "Acting":
        """What is done with the tests that are meant."""
        from tui.view.acting.acting import Acting  # noqa: PLC0415

        return Acting(self._app, self._store, self._config, self._project, self._stamp)

    @property
    def box(self) -> "FilterBox":
        """Where the filter is typed, once all is furnished."""
        from tui.view.finding.box import FilterBox  # noqa: PLC0415

        return self._app.query_one(FilterBox)

    def view(self, name: str) -> View:
        """Make the view of this name."""
        return make(name, self._config.rules, lambda: self._project, str(self._directory))

    def read_styles(self) -> None:
        """Of all that the overview does without. To read a style sheet takes a while."""
        self._app.stylesheet.add_source(_LATER.read_text("utf-8"), read_from=(str(_LATER), ""))

    async def furnish(self) -> None:
        """Make what the first frame did without: the other views, the filter's box, what a rerun prints."""
        async with self._at_work:
            if self.is_furnished:
                return
            self.is_furnished = True
            self.read_styles()
            from tui.view.finding.box import filter_box  # noqa: PLC0415

            views = self._app.query_one(Views)
            box = filter_box(self._directory, lambda: (self._store, self._facts()))
            box.display = views.is_filtered
            await self._app.mount(self.acting.rerunning.pane, box, after="#views")
            await views.make_all()
            box.take(self._finder.wanted.text)
            box.show_found(self._finder.found)

    async def complete(self) -> None:
        """Make and read all that the first facts did without."""
        if self.is_complete:
            return
        self.is_complete = True
        await self.furnish()
        self._beside.look(self._facts())
        gc.freeze()  # what there is now stays
        gc.enable()  # see `cli`
