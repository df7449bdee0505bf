"""The text of a failure -> the exception, its message, and the place it was raised at.

May import `core.model`, `core.tracebacks.stack` and `text`. Reads what pytest (long, short and native
tracebacks) and Python print; of anything else it takes the first line as the message. Pure.
"""

import re
from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from tui.core.model import Failure, Location, Outcome, Phase
from tui.core.tracebacks import stack
from tui.core.tracebacks.stack import EXCEPTION, split_exception
from tui.regex import regex
from tui.text import bounded, one_line, plain, styled

MESSAGE_LENGTH = 1000
EXCERPT_LENGTH = 4000
_FINGERPRINT = "failure.fingerprint"
_FINGERPRINT_LENGTH = 200

_ERROR_LINE = regex(r"^E {1,7}(?! )(.*)$", re.MULTILINE)
_PLACE = regex(r"^(?P<path>[^\s:][^:\n]*):(?P<line>\d{1,9}):(?: in (?P<function>\S+)| .*)?$", re.MULTILINE)
_NATIVE_PLACE = regex(
    r'^[ \t]*File "(?P<path>[^"\n]+)", line (?P<line>\d{1,9})(?!\d)(?:, in (?P<function>\S+))?', re.MULTILINE
)
_DEFINITION = regex(r"^[> ][ \t]*(?:async )?def (\w+)\(", re.MULTILINE)


class Place(Struct, frozen=True):
    """Where an exception was raised: the innermost frame that the text shows."""

    location: Location
    function: str


def failure(
    outcome: Outcome,
    phase: Phase | None,
    *,
    message: str,
    text: str,
    type: str = "",
    place: Place | None = None,
    is_plain: bool = False,
) -> Failure:
    """A failure from what a source states of it: what it leaves out is read from `text`.

    `place` is for sources that state it apart from the text; `is_plain`: `text` is known to be plain.
    """
    stated = plain(message).strip() or last_error(text)
    found, rest = split_exception(stated)
    shown = text if is_plain else plain(text)
    coloured = text if shown is text else styled(text)
    place = place or _innermost(shown)
    return Failure(
        outcome=outcome,
        phase=phase,
        type=(type and one_line(type).rpartition(".")[2]) or found,
        message=bounded(rest, MESSAGE_LENGTH),
        text=bounded(coloured, EXCERPT_LENGTH),
        location=place.location if place else None,
        function=place.function if place else "",
        # What an excerpt lacks nobody could read from it later.
        stack=None if len(coloured) <= EXCERPT_LENGTH else stack.read(shown),
    )


def fingerprinted(
    failures: tuple[Failure, ...], properties: Iterable[tuple[str, str]]
) -> tuple[Failure, ...]:
    """The failures, with what the test's property `failure.fingerprint` says that they are grouped by."""
    said = next((one_line(value) for name, value in properties if name == _FINGERPRINT and value.strip()), "")
    if not said:
        return failures
    return tuple(replace(failure, fingerprint=said[:_FINGERPRINT_LENGTH]) for failure in failures)


def last_error(text: str) -> str:
    """The last exception that a traceback shows, else the first line of `text` that says something."""
    marked = _ERROR_LINE.findall(plain(text))
    if marked:
        return str(next((line for line in marked if EXCEPTION.match(line)), marked[0])).strip()
    lines = [line for line in plain(text).splitlines() if line.strip()]
    if _NATIVE_PLACE.search(text):
        return next((line for line in reversed(lines) if not line[0].isspace()), "").strip()
    return lines[0].strip() if lines else ""


def raised_at(text: str) -> Place | None:
    """The innermost frame of a traceback."""
    return _innermost(plain(text))


def _innermost(text: str) -> Place | None:
    start = len(text) + 1
    while start > 0:  # from the last line on, where it nearly always is
        end, start = start - 1, text.rfind("\n", 0, start - 1) + 1
        found = _PLACE.match(text, start, end)
        if found:
            path, line, function = found.groups()
            return Place(Location(path.strip(), int(line)), function or _defined(text, start))
    native = None
    if 'File "' in text:
        for native in _NATIVE_PLACE.finditer(text):  # noqa: B007  # the last one is wanted
            pass
    if native is None:
        return None
    return Place(Location(native["path"].strip(), int(native["line"])), native["function"] or "")


def _defined(text: str, end: int) -> str:
    """The function that the last of the lines before `end` that begin one defines."""
    while (at := text.rfind("def ", 0, end)) >= 0:
        end = text.rfind("\n", 0, at) + 1
        found = _DEFINITION.match(text, end)
        if found:
            return found[1]
    return ""
