"""A Textual app with one Static: the least that paints."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class OneStatic(App[None]):
    """One line of text."""

    def compose(self) -> ComposeResult:
        """The line."""
        yield Static("a line of text")


if __name__ == "__main__":
    OneStatic().run()
