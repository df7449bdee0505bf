"""How the app was left here the last time, and is found again: view, filter, theme, the selected test.

May import `core`, `memory`, `keys` and `view`. The views say themselves how they are set (`View.remembered`).
Invariant: what was remembered is a wish: what does not exist any more is passed over.
"""

from collections.abc import Iterable
from typing import NamedTuple

from tui.core.facts import Facts
from tui.core.model import TestKey
from tui.core.store import Store
from tui.keys import VIEWS
from tui.memory import Memory, State
from tui.view.lists.listing import Listing
from tui.view.pane import View


class Setting(NamedTuple):
    """How the app as a whole is set: which view is in sight, the filter's text, the theme."""

    view: str = ""
    filter: str = ""
    theme: str = ""


class Recall:
    """Keeps in `memory` how the app is set; without one, nothing is remembered."""

    def __init__(self, memory: Memory | None) -> None:
        self._memory = memory
        self._left: State = memory.read() if memory is not None else {}
        self._test = self._left.get("test", "")

    def setting(self) -> Setting:
        """How the app as a whole was left."""
        state = self._left
        view_name = state.get("view", "")
        return Setting(
            view_name if view_name in VIEWS else "", state.get("filter", ""), state.get("theme", "")
        )

    def restore(self, views: Iterable[View]) -> None:
        """Set these views as they were left."""
        for view in views:
            prefix = f"{view.id}."
            view.restore({n.removeprefix(prefix): v for n, v in self._left.items() if n.startswith(prefix)})

    def test(self, store: Store, facts: Facts, view: View) -> TestKey | None:
        """The test that was selected: once, when everything was read, unless somebody moves already."""
        if not self._test or not facts.scanned or facts.backlog:
            return None
        text, self._test = self._test, ""
        return store.find(text) if all(listing.is_untouched for listing in view.query(Listing)) else None

    def keep(
        self, views: Iterable[View], setting: Setting, meant: Iterable[TestKey], store: Store, now: float
    ) -> None:
        """Remember how everything is set; `meant`: the selected test."""
        if self._memory is None:
            return
        state: dict[str, str] = setting._asdict()
        for view in views:
            state |= {f"{view.id}.{name}": value for name, value in view.remembered().items()}
        results = (store.tests.get(key) for key in meant)
        state["test"] = next((result.label for result in results if result is not None), self._test)
        self._memory.write(state, now)
