"""Going somewhere: to a view, to a test, to the tests that a filter means, and back.

May import Textual, `config`, `core` and `view`. Invariants: where somebody goes is in sight on
return; a test that is gone to is listed, whatever the filter was; going back never quits.
"""

from collections.abc import Callable

from textual.app import App

from tui.config import SavedFilter
from tui.core.causes import Signature
from tui.core.model import TestKey
from tui.core.news import News
from tui.core.store import Store
from tui.view.finding.finder import Finder
from tui.view.furnishing import Furnishing
from tui.view.painting import Painting
from tui.view.views import Views


class Going:
    """Goes about in `app`. `went` is called when another view is in sight."""

    def __init__(
        self,
        app: App[None],
        store: Store,
        *,
        news: News,
        finder: Finder,
        furnishing: Furnishing,
        painting: Painting,
        went: Callable[[], None],
    ) -> None:
        self._app = app
        self._store = store
        self._news = news
        self._finder = finder
        self._furnishing = furnishing
        self._painting = painting
        self._went = went

    @property
    def _views(self) -> Views:
        return self._app.query_one(Views)

    # --- to a view ----------------------------------------------------------------------------------

    def to_view(self, name: str) -> None:
        """Show a view."""
        views = self._views
        if views.name_in_sight == "failures":
            self._news.see_all()
        views.current = name
        views.in_sight.come()
        self._painting.show()
        views.in_sight.focus_first()
        self._went()

    def to_source(self, path: str) -> None:
        """Show a source."""
        from tui.view.sources import Sources  # noqa: PLC0415  # see `views`

        self.to_view("sources")
        self._app.query_one(Sources).select_source(path)

    def to_cause(self, cause: Signature) -> None:
        """Show the failures of a cause."""
        self.to_view("failures")
        self._views.failures.open_cause(cause)

    def back(self) -> None:
        """Go back; then clear the filter; then to the overview; never quit."""
        view = self._views.in_sight
        if self._furnishing.box.is_typed_in:
            self.filter("")
            view.focus_first()
        elif view.go_back():
            return
        elif self._finder.wanted:
            self.filter("")
        else:
            self.to_view("overview")

    # --- to a test ----------------------------------------------------------------------------------

    def to_test(self, key: TestKey) -> None:
        """Show one test, wherever it is listed."""
        self.filter("")
        result = self._store.tests.get(key)
        self.to_view("failures" if result is not None and result.outcome.is_bad else "tests")
        view = self._views.in_sight
        if view.select_test(key):
            view.enter_detail()

    def to_new_failure(self) -> None:
        """Show the first failure that is new since somebody looked."""
        key = self._news.first
        if key is None:
            self._app.notify("No failure is new since you looked.", markup=False)
            return
        self._to_failures()
        failures = self._views.failures
        if not failures.select_test(key):
            self.filter("")
            failures.select_test(key)
        self._news.see([key])
        self._painting.show_header()

    def to_next_failure(self, step: int) -> None:
        """Show the next failing test, from anywhere."""
        self._to_failures()
        self._views.failures.next_failure(step)

    def _to_failures(self) -> None:
        if self._views.name_in_sight != "failures":
            self.to_view("failures")

    # --- to the tests that a filter means -----------------------------------------------------------

    def filter(self, text: str) -> None:
        """Filter by `text` from now on, in whatever view."""
        if self._furnishing.is_furnished:
            self._furnishing.box.take(text)
        self._finder.want(text)

    def to_filter(self) -> None:
        """Type a filter."""
        self._to_filtered()
        self._finder.get_ready()
        self._furnishing.box.open()

    def to_filtered(self, text: str | None) -> None:
        """Show the tests that a filter means; None, where none was chosen, leads nowhere."""
        if text is not None:
            self._to_filtered()
            self.filter(text)

    def to_component(self, name: str) -> None:
        """Show the tests of a component."""
        from tui.core.filters.fields import Field  # noqa: PLC0415  # wanted when somebody goes, so too below
        from tui.core.filters.language import written  # noqa: PLC0415

        self.filter(written(Field.COMPONENT, name))
        self.to_view("tests")

    def to_saved_filter(self, saved: tuple[SavedFilter, ...]) -> None:
        """Choose a filter that was saved, or typed before."""
        from tui.view.choosing import Choice, Choosing  # noqa: PLC0415

        choices = [Choice(each.filter, each.name, each.filter) for each in saved]
        told = {choice.id for choice in choices}
        earlier = reversed(self._furnishing.box.history)
        choices += [Choice(text, text, "typed before") for text in earlier if text not in told]
        if choices:
            self._app.push_screen(Choosing("Filters", choices, self._finder.wanted.text), self.to_filtered)
        else:
            said = 'No filter is saved yet. In the configuration: [[filter]] name = "…" filter = "…"'
            self._app.notify(said, markup=False)

    def _to_filtered(self) -> None:
        if not self._views.is_filtered:
            self.to_view("tests")
