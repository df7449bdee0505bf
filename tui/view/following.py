"""A screen over the views that shows the facts of the moment. May import Textual and `core`."""

from textual.screen import ModalScreen

from tui.core.claims.judged import JudgedPage
from tui.core.facts import Facts
from tui.core.store import Store


class Following(ModalScreen[None]):
    """A screen that is told the facts while it is in sight, as a view is."""

    def follow(self, store: Store, facts: Facts, page: JudgedPage | None) -> None:
        """Show the facts as they are now; `page` is the written status, judged by them."""
        raise NotImplementedError
