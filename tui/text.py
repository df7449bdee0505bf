"""Text from outside -> safe text.

The lowest layer: imports nothing of runwatch. Invariant: what `plain`, `one_line` and `styled` return
holds no control character but newline and tab, and no escape sequence but colours (SGR, `styled`
only), so nothing that a results file says can move the cursor, set a title, reach the clipboard or
reorder what is read. Sequences: ECMA-48 (https://ecma-international.org/publications-and-standards/
standards/ecma-48/) and xterm's control sequences.
"""

import re

from tui.regex import regex

# OSC, DCS, SOS, PM and APC swallow what follows up to their terminator; an unterminated one is cut at
# the end of its line, so that it cannot hide the rest of a traceback.
_STRING = r"(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?"
_CSI = r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
_TWO_CHARACTERS = r"\x1b[ -/]*[0-~]?"
# C0 but tab and newline, DEL, C1, the bidirectional marks, overrides and isolates, and lone surrogates.
_SINGLE = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
_UNSAFE = regex(f"{_STRING}|{_CSI}|{_TWO_CHARACTERS}|{_SINGLE}")
_SGR = regex(r"(?:\x1b\[|\x9b)([0-9;:]{0,64})m")
_SGR_LONGEST = 67
_SUSPECT = regex(_SINGLE)
_LINE_ENDS = regex(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CLEAN = bytes(range(32, 127)) + b"\n\t"
_BLANKS = regex(r"\s+")


def plain(text: str) -> str:
    """`text` without any control sequence or character but newline and tab."""
    if _is_clean(text):
        return text
    text = _LINE_ENDS.sub("\n", text)
    return _UNSAFE.sub(_replacement, text) if _SUSPECT.search(text) else text


def styled(text: str) -> str:
    """`text` with its colours (SGR sequences, in their seven-bit form) and no other control."""
    if _is_clean(text):
        return text
    text = _LINE_ENDS.sub("\n", text)
    return _UNSAFE.sub(_colour_or_replacement, text) if _SUSPECT.search(text) else text


def one_line(text: str) -> str:
    """`text` made plain, its runs of white space folded into one blank each."""
    if text.isascii() and text.isprintable():  # as nearly all are: then only the blank is white
        return (_BLANKS.sub(" ", text) if "  " in text else text).strip()
    return _BLANKS.sub(" ", plain(text)).strip()


def _is_clean(text: str) -> bool:
    """Whether nothing in `text` can be meant but itself: most texts are so, and this costs little."""
    return text.isascii() and (text.isprintable() or not text.encode().translate(None, _CLEAN))


def bounded(text: str, limit: int) -> str:
    """`text` in at most about `limit` characters: its head and its tail, the cut marked between them."""
    if len(text) <= limit:
        return text
    end, start = _past_colour(text, limit // 2), _past_colour(text, len(text) - limit // 2)
    return f"{text[:end]}\n[... {start - end} characters cut ...]\n{text[start:]}"


def shortened(text: str, limit: int) -> str:
    """`text` in at most `limit` characters, ending in an ellipsis where it was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def counted(number: int, noun: str) -> str:
    """`number` with its noun: "1 test", "1,116 tests"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def age(seconds: float) -> str:
    """`seconds` as people say it: "0.4 s", "12 s", "3 min", "5 h", "2 days"."""
    if seconds < 10:
        return f"{max(seconds, 0.0):.1f} s"
    for unit, length, until in (("s", 1, 120), ("min", 60, 120 * 60), ("h", 3600, 48 * 3600)):
        if seconds < until:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds / 86400:.0f} days"


def _past_colour(text: str, at: int) -> int:
    """`at`; the end of a colour's sequence where `at` lies within one."""
    start = text.rfind("\x1b", max(at - _SGR_LONGEST, 0), at)
    found = _SGR.match(text, start) if start >= 0 else None
    return max(found.end(), at) if found else at


def _replacement(match: re.Match[str]) -> str:
    found = match.group()
    return "\N{REPLACEMENT CHARACTER}" if "\ud800" <= found <= "\udfff" else ""


def _colour_or_replacement(match: re.Match[str]) -> str:
    colour = _SGR.fullmatch(match.group())
    return f"\x1b[{colour[1]}m" if colour else _replacement(match)
