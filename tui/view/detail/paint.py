"""Lines of captured output -> pieces.

May import rich, `view.ink`. Pure. Colours of captured output are the program's own; every other control
sequence was taken out when the text was read.
"""

from rich.ansi import AnsiDecoder

from tui.view.ink import Piece


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
