"""Lines of tracebacks and of captured output -> pieces.

May import rich, `view.ink`. Pure. Colours of captured output are the program's own; every other control
sequence was taken out when the text was read.
"""

import re

from rich.ansi import AnsiDecoder

from tui.view.ink import Piece

_PLACE = re.compile(r"^(\S[^:]*:\d+)(: .*|:)?$")
_NATIVE = re.compile(r'^(\s*File )("[^"]+", line \d+)(.*)$')
_ERROR = re.compile(r"^(E\s{1,7})(.*)$")
_SEPARATOR = re.compile(r"^(?:_ ){5,}_?$|^-{5,}.*-{5,}$")


def traceback_line(line: str) -> list[Piece]:
    """A line of a traceback: the failing line, the exception, its diff and the places stand out."""
    if "\x1b" in line:
        return output_line(line)
    if line.startswith(">"):
        return [Piece(line, "warning", bold=True)]
    error = _ERROR.match(line)
    if error:
        return [Piece(error[1], "failed"), _error_text(error[2])]
    place = _PLACE.match(line)
    if place:
        return [Piece(place[1], "link"), Piece(place[2] or "", "failed")]
    native = _NATIVE.match(line)
    if native:
        return [Piece(native[1], "muted"), Piece(native[2], "link"), Piece(native[3], "muted")]
    if _SEPARATOR.match(line):
        return [Piece(line, "faint")]
    return [Piece(line)]


def _error_text(text: str) -> Piece:
    """What pytest says of a comparison: `-` is what was wanted, `+` what was got, `?` where they part."""
    sign = text.lstrip()[:2]
    if sign.startswith("+ ") or sign == "+":
        return Piece(text, "failed")
    if sign.startswith("- ") or sign == "-":
        return Piece(text, "passed")
    if sign.startswith("? "):
        return Piece(text, "muted")
    if text.startswith(" "):
        return Piece(text)
    return Piece(text, "failed", bold=True)


def output_line(line: str) -> list[Piece]:
    """A line of captured output, in the colours that the program gave it."""
    if "\x1b" not in line:
        return [Piece(line)]
    decoded = next(iter(AnsiDecoder().decode(line)), None)
    if decoded is None:
        return [Piece("")]
    pieces, end = [], 0
    for span in decoded.spans:
        if span.start > end:
            pieces.append(Piece(decoded.plain[end : span.start]))
        style = span.style if not isinstance(span.style, str) else "plain"
        pieces.append(Piece(decoded.plain[span.start : span.end], style))
        end = span.end
    return [*pieces, Piece(decoded.plain[end:])]


def log_line(line: str) -> list[Piece]:
    """A line of a log: its level stands out."""
    if "\x1b" in line:
        return output_line(line)
    level, _, rest = line.partition(" ")
    inks = {
        "ERROR": "failed",
        "CRITICAL": "failed",
        "WARNING": "warning",
        "INFO": "running",
        "DEBUG": "muted",
    }
    if level in inks:
        return [Piece(level, inks[level]), Piece(f" {rest}")]
    return [Piece(line)]
