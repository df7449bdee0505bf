"""The text of a failed GoogleTest assertion -> its place and what is wrong; its JSON and XML share it.

May import `core.model`, `text` and, of the readers, `trace`. Pure.
"""

from tui.core.model import Failure, Location, Outcome
from tui.readers import trace
from tui.regex import regex
from tui.text import one_line

PLACE = regex(r"(?P<path>[^\n]+?)(?::(?P<line>\d+)|\((?P<brackets>\d+)\)):?[ \t]*\n")
"""How the text begins: "a.cc:7", with MSVC "a.cc(7):"."""

_NO_PLACE = "unknown file\n"


def failure(text: str) -> Failure:
    """The failure that `text` tells of."""
    found = PLACE.match(text)
    message = text[found.end() :] if found else text.removeprefix(_NO_PLACE)
    place = None
    if found:
        line = int((found["line"] or found["brackets"])[:9])
        place = trace.Place(Location(one_line(found["path"]), line), "")
    return trace.failure(Outcome.FAILED, None, message=message, text=text, place=place)
