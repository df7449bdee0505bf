"""The views, made by name. May import Textual, `core`, `project` and `view`.

What a view is made of is imported when it is made: the first frame needs one view, and waits for no other.
"""

from tui.core.rules import Rules
from tui.project import Project
from tui.view.pane import View


def make(name: str, rules: Rules, project: Project, shown_directory: str) -> View:  # one a view
    """The view of this name, of `tui.keys.VIEWS`."""
    match name:
        case "failures":
            from tui.view.failures import Failures  # noqa: PLC0415  # see above, so too below

            return Failures(project, shown_directory, id=name)
        case "tests":
            from tui.view.tests import Tests  # noqa: PLC0415

            return Tests(project, shown_directory, id=name)
        case "golden":
            from tui.view.golden import GoldenPaths  # noqa: PLC0415

            return GoldenPaths(id=name)
        case "regressions":
            from tui.view.regressions import Regressions  # noqa: PLC0415

            return Regressions(project, shown_directory, id=name)
        case "sources":
            from tui.view.sources import Sources  # noqa: PLC0415

            return Sources(shown_directory, id=name)
        case _:
            from tui.view.overview import Overview  # noqa: PLC0415

            return Overview(rules, shown_directory, id=name)
