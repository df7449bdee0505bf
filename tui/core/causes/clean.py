"""A message -> its template: what differs between failures of one cause gives way to marks.

May import `regex`. Three degrees: `template` is what people read; `alike` leaves out what a
message quotes; `opening` has its first words only, and serves where type and place agree already.
"""

import re
from functools import lru_cache

from tui.regex import regex

_LENGTH = 200
_READ = 1000

_OPENING = 3
_WORD = regex(r"[^\W\d_]+(?:'[a-z]+)?[:,.;]?|<…>")

_ONES = str.maketrans("023456789", "111111111")
_DIGIT = regex(r"\d")
_ID = regex(r"\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b")
_ADDRESS = regex(r"\b0x[0-9a-fA-F]+\b")
_TIME = regex(
    r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?\b"
    r"|\b\d\d:\d\d:\d\d(?:[.,]\d+)?\b"
)
_PATH = regex(
    r"(?:[A-Za-z]:)?[\\/](?:private[\\/])?(?:tmp|var[\\/]folders|(?:[^\s'\":\\/]+[\\/])+(?:Temp|pytest-of-\w+))"
    r"[\\/][^\s'\":]+"
)
_WORKER = regex(r"\b(?:gw\d+|(?:[Ww]orker|[Tt]hread|pid|PID)[-_ #:]?\d+)\b")
_HASH = regex(r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,}\b")
_NUMBER = regex(
    r"(?<![\w.])[-+]?\d+(?:[.,]\d+)*(?:e[-+]?\d+)?(?:(?P<unit>ns|us|µs|ms|s|m|h|[kKMG]i?B)\b)?(?![\w.]*[A-Za-z_])"
)
_LONG = regex(r"'(?:[^'\\]|\\.){40,}'|\"(?:[^\"\\]|\\.){40,}\"")
_QUOTED = regex(
    r"(?<!\w)'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|`[^`]*`|\u2018[^\u2019]*\u2019|\u201c[^\u201d]*\u201d"
)

MARKS = {
    "<id>": "ids", "<address>": "addresses", "<time>": "times", "<path>": "temporary paths",
    "<worker>": "workers", "<hash>": "hashes", "<n>": "numbers", "<text>": "long texts",
}  # fmt: skip
"""What stands in a template for what, in words."""


@lru_cache(maxsize=64)  # one failure is asked for it several times in a row
def template(message: str) -> str:
    """The first line of `message` with what varies from failure to failure replaced by marks."""
    line = message[:_READ].split("\n", 1)[0].strip()
    # Messages of one cause differ in numbers, mostly; the patterns ask of a digit only whether it is one.
    if "0x" not in line:
        found = _template(line.translate(_ONES))
        if "1" not in found:
            return found
    return _template(line)


@lru_cache(maxsize=8192)
def _template(line: str) -> str:
    if len(line) > 40 and ("'" in line or '"' in line):
        line = _LONG.sub("<text>", line)
    if "/" in line or "\\" in line:
        line = _PATH.sub("<path>", line)
    if _DIGIT.search(line):
        if "-" in line or ":" in line:
            line = _TIME.sub("<time>", _ID.sub("<id>", line))
        if "0x" in line:
            line = _ADDRESS.sub("<address>", line)
        line = _NUMBER.sub(_number, _HASH.sub("<hash>", _WORKER.sub("<worker>", line)))
    return line[:_LENGTH]


def _number(found: re.Match[str]) -> str:
    unit = found["unit"]
    return f"<n>{unit}" if unit else "<n>"


@lru_cache(maxsize=8192)
def alike(template: str) -> str:
    """`template` without the values that it quotes."""
    return _QUOTED.sub("<…>", template)


@lru_cache(maxsize=8192)
def opening(template: str) -> str:
    """The words, at most three, that `template` opens with: what comes before the values, mostly."""
    words = []
    for word in alike(template).split()[:_OPENING]:
        if not _WORD.fullmatch(word):
            break
        words.append(word)
    return " ".join(words)
