"""Golden-path events that tests carry in their properties and in what they print (TRUTH 4).

May import `text` only; the readers of every format share it.
"""

import re
from collections.abc import Iterable, Iterator

from tui.regex import regex
from tui.text import one_line

MARK = "::golden "
_LINE = regex(r"^::golden\s+event=(\S+)", re.MULTILINE)
_PROPERTY = "golden_event"
_PATH_PREFIX = "golden."


def from_properties(properties: Iterable[tuple[str, str]]) -> Iterator[tuple[str | None, str]]:
    """(path or None, event) for each `golden_event`, and for each word of a `golden.<path>`."""
    for name, value in properties:
        if name == _PROPERTY and value.strip():
            yield None, one_line(value)
        elif name.startswith(_PATH_PREFIX):
            path = one_line(name.removeprefix(_PATH_PREFIX))
            for event in value.split():
                yield path, one_line(event)


def from_output(output: str) -> Iterator[str]:
    """The event of each line that begins with `::golden event=NAME`."""
    if MARK in output:
        yield from (one_line(name) for name in _LINE.findall(output))
