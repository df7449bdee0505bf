"""Stacks with a line for each frame (Java, JavaScript, .NET, Rust, Go, Ruby, PHP, Erlang) -> exceptions.

May import `core.model` and `frames`. Pure. What is no frame is what the exception says.
"""

import re
from collections.abc import Sequence

from tui.core.model import Location
from tui.core.tracebacks.frames import Frame, Link, Raised, trimmed
from tui.regex import regex

_FRAMES = tuple(
    regex(pattern)
    for pattern in (
        r"\s*at (?P<function>.+\)) in (?P<path>.+):line (?P<line>\d+)$",
        r"\s*at (?P<function>[^()\s]+)\((?P<path>[^():]+)(?::(?P<line>\d+))?\)(?: ~?\[.*\])?$",
        r"\s*at (?:(?P<function>.+) \()?(?:file://)?(?P<path>[^()\s]+?):(?P<line>\d+):\d+\)?(?: \{)?$",
        r"\s*at (?P<function>.+) \((?P<path><anonymous>|native)\)$",
        r"\s+at (?P<function>\S.*)$",
        r"\s*\u276f (?:(?P<function>\S.*) )?(?P<path>[^\s()]+):(?P<line>\d+):\d+$",
        r":*in (?:function|call from) (?P<function>.+/\d+) \((?P<path>[^,()]+), line (?P<line>\d+)\)$",
        r"\s*(?:from )?(?P<path>[^\s:]+):(?P<line>\d+):in [`'](?P<function>.+)'$",
        r"(?P<path>/?[\w.@/\\-]+\.\w+):(?P<line>\d+)$",
    )
)
_NUMBERED = regex(r"\s+\d+: (?:0x[0-9a-f]+ - )?(?P<function>\S.*)$")
_NUMBERED_PLACE = regex(r"\s+at (?P<path>\S+?):(?P<line>\d+)(?::\d+)?$")
_GO_PLACE = regex(r"\s+(?P<path>\S+\.(?:go|s)):(?P<line>\d+)(?: \+0x[0-9a-f]+)?$")
_GO_CALL = regex(r"(?:created by )?(?P<function>[\w./*()\[\]-]+?)(?:\(.*\)| in goroutine \d+)?$")
_OMITTED = regex(r"\s*\.\.\. \d+ (?:more|common frames omitted|frames? hidden)$")
_LINKS = (
    (regex(r"\s*(?:Caused by|\[cause\]|cause): (?=\S)"), Link.CAUSED_BY),
    (regex(r"\s*Suppressed: (?=\S)"), Link.SUPPRESSED),
)
_HEADING = regex(r"(?:stack backtrace|Stack trace|Stack):$", re.IGNORECASE)


def read(text: str) -> tuple[Raised, ...]:
    """The exceptions of `text`, beginning with the one that was raised last."""
    lines = text.split("\n")
    found: list[Raised] = []
    error: list[str] = []
    frames: list[Frame] = []
    link: Link | None = None
    after_frame = False
    number = 0
    while number < len(lines):
        line = lines[number]
        frame, taken = _frame(lines, number)
        number += taken
        linked = _linked(line) if frames or error else None
        if frame is not None:
            frames.append(frame)
        elif linked is not None:
            found.append(Raised(tuple(trimmed(error)), tuple(frames), link, innermost_first=True))
            link, said = linked
            error, frames = [said], []
        elif not _HEADING.match(line):
            error += ["", line] if after_frame and line.strip() else [line]
        after_frame = frame is not None
    found.append(Raised(tuple(trimmed(error)), tuple(frames), link, innermost_first=True))
    return tuple(found)


def _linked(line: str) -> tuple[Link, str] | None:
    """The link that a line begins with, and what follows it."""
    for pattern, link in _LINKS:
        if found := pattern.match(line):
            return link, line[found.end() :]
    return None


def _frame(lines: Sequence[str], number: int) -> tuple[Frame | None, int]:
    """The frame that begins at a line, and how many lines were looked at for it."""
    line = lines[number]
    following = lines[number + 1] if number + 1 < len(lines) else ""
    if call := _NUMBERED.match(line):
        place = _NUMBERED_PLACE.match(following)
        return _joined(call["function"], place), 2 if place else 1
    if (place := _GO_PLACE.match(following)) and (call := _GO_CALL.match(line)):
        return _joined(call["function"], place, line.strip()), 2
    if _OMITTED.match(line):
        return Frame(function="java.", stated=line.strip()), 1
    for pattern in _FRAMES:
        if found := pattern.match(line):
            parts = found.groupdict()
            stated = parts.get("path")
            at = Location(stated, int(parts["line"]) if parts.get("line") else None) if stated else None
            return Frame(at, parts.get("function") or "", stated=line.strip()), 1
    return None, 1


def _joined(function: str, place: re.Match[str] | None, call: str = "") -> Frame:
    """A frame of two lines: the function, and where it is."""
    if place is None:
        return Frame(None, function, stated=call or function)
    at = Location(place["path"], int(place["line"]))
    return Frame(at, function, stated=f"{call or function}  {at}")
