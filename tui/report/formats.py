"""The formats, by name: those for people draw the same document, each to a depth of its own.

May import `core` and all of `report`; a format is imported when it is asked for.
"""

import sys

from msgspec.structs import replace

from tui.core.claims.judged import JudgedPage
from tui.core.facts import Facts
from tui.core.store import Store
from tui.report.depth import BRIEF, FULL, GLANCE

_EVERY_TEST_ON_A_PAGE = 20_000
"""How many of all tests a page lists: with more of them a browser is slow to open it."""


def render(
    format: str,
    store: Store,
    facts: Facts,
    *,
    directory: str,
    title: str,
    claims: JudgedPage | None = None,
    all_tests: bool = False,
    width: int | None = None,
    colour: bool = False,
) -> str:
    """The report as "json", "text", "markdown", "html" or "svg". `width` and `colour` are for text."""
    if format == "json":
        from tui.report import as_json  # noqa: PLC0415

        told = as_json.render(
            store, facts, directory=directory, title=title, claims=claims, all_tests=all_tests
        )
        return told + "\n"
    from tui.report import sections  # noqa: PLC0415

    depth, every_test = BRIEF, sys.maxsize
    if format == "html":
        depth, every_test = FULL, _EVERY_TEST_ON_A_PAGE
    elif format == "svg":
        depth, every_test = GLANCE, 0
    if all_tests:
        depth = replace(depth, every_test=every_test)
    report = sections.compose(store, facts, directory=directory, title=title, claims=claims, depth=depth)
    match format:
        case "markdown":
            from tui.report import as_markdown  # noqa: PLC0415

            return as_markdown.render(report)
        case "html":
            from tui.report import as_html  # noqa: PLC0415

            return as_html.render(report)
        case "svg":
            from tui.report import as_svg  # noqa: PLC0415

            return as_svg.render(report)
        case _:
            from tui.report import as_text  # noqa: PLC0415

            return as_text.render(report, width=width, colour=colour)
