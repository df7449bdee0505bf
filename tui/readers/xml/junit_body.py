"""What stands in a case of JUnit XML between its tags: found without a parser, where it is in a usual form.

That is properties, one reason why it did not pass, and what was printed, in this order. May import `regex`
and, of the readers, `charset` and `golden`. Invariant: what is told is what the parser's way tells; whatever
could be read in two ways (an unknown reference, a carriage return, markup but a section of text, anything but
ASCII), and whatever tells of more than a result (golden-path events, a fingerprint), is left to the parser.
"""

import re

from tui.readers.golden import MARK
from tui.readers.xml.charset import ESCAPE
from tui.regex import regex

_VALUE = r'"([^"<\n\t\r]*+)"'
_BLANKS = r"[ \t\n]*+"
_CDATA = r"(<!\[CDATA\[)?+"
_RESULT = re.compile(
    rf"{_BLANKS}<(failure|error|skipped)(?: type={_VALUE})?+(?: message={_VALUE})?+(?: type={_VALUE})?+"
    rf"(?:( ?/)>|>{_CDATA})"
)
_PRINTED = regex(rf"{_BLANKS}<(system-out|system-err)(?:( ?/)>|>{_CDATA})")
_SAID = r"(?:[ !#-%'-;=-~]|&(?:lt|gt|amp|quot|apos);)*+"
PROPERTIES = regex(
    r"[ \t\r\n]*+(<properties>)"
    rf'(?:[ \t\r\n]*+<property name="{_SAID}" value="{_SAID}" ?/>)*+[ \t\r\n]*+</properties>'
)
"""The properties of a suite, or of a case."""

_MEANT = ("golden", "failure.")
"""What is in the names of properties that tell of more than themselves."""

_CLOSING = {tag: f"</{tag}>" for tag in ("failure", "error", "skipped", "system-out", "system-err")}
_END = "</testcase>"
_ENDS = regex(_BLANKS + _END)
_CDATA_ENDS = "]]>"
_REFERENCES = {
    "lt": "<",
    "gt": ">",
    "amp": "&",
    "quot": '"',
    "apos": "'",
    "#10": "\n",
    "#09": "\t",
    "#9": "\t",
}

Body = tuple[str, str, str, str, int]
"""Of the element that says why a case did not pass its tag, type, message and text; where the case ends."""


def body(text: str, start: int, *, is_sure_of_all: bool = False) -> Body | None:
    """What stands in a case whose first tag ends at `start`; None where only a parser can tell.

    `is_sure_of_all`: what `is_sure` says of the whole text.
    """
    tag = kind = message = said = ""
    end = start
    try:
        result = _RESULT.match(text, start)
        if result is None and (properties := PROPERTIES.match(text, start)) is not None:
            if any(meant in properties[0] for meant in _MEANT):
                return None
            end = properties.end()
            result = _RESULT.match(text, end)
        if result is not None:
            tag, kind, message, said, end = _result(text, result)
        end = _behind_outputs(text, end)
    except LookupError:
        return None
    if not is_sure_of_all and not is_sure(text[start:end]):
        return None
    return tag, kind, message, said, end


def _result(text: str, result: re.Match[str]) -> Body:
    """What the element says that `result` begins; it ends behind that. Raises LookupError."""
    tag, kind, message, other_kind, closed, raw = result.groups("")
    said, end = ("", result.end()) if closed else _inside(text, result.end(), tag, raw)
    if other_kind:
        if kind:
            raise LookupError(kind)
        kind = other_kind
    if "&" in kind or "&" in message:
        kind, message = _unescaped(kind), _unescaped(message)
    return tag, kind, message, said, end


def _behind_outputs(text: str, end: int) -> int:
    """Where the case ends, behind what was printed. Raises LookupError where there is anything else."""
    while not text.startswith(_END, end):
        output = _PRINTED.match(text, end)
        if output is None:
            last = _ENDS.match(text, end)
            if last is None:
                raise LookupError(_END)
            return last.end()
        tag, closed, raw = output.groups()
        end = output.end()
        if not closed:
            told, end = _inside(text, end, tag, raw)
            if MARK in told:
                raise LookupError(MARK)
    return end + len(_END)


def _inside(text: str, start: int, tag: str, raw: str | None) -> tuple[str, int]:
    """The text of an element, `raw` or not, and where it ends. Raises LookupError where that is not sure."""
    end = text.find(_CDATA_ENDS if raw else "<", start)
    said, closing = text[start:end], _CLOSING[tag]
    if raw:
        end += len(_CDATA_ENDS)
    elif "&" in said:
        said = _unescaped(said)
    elif "]" in said and _CDATA_ENDS in said:
        raise LookupError(_CDATA_ENDS)
    if end < start or not text.startswith(closing, end):
        raise LookupError(closing)
    return said, end + len(closing)


def printed(text: str, start: int) -> tuple[int, int] | None:
    """Where a suite says what all its tests printed, behind blanks; None where that is not what follows."""
    found = _PRINTED.match(text, start)
    if found is None or found[2]:
        return None
    try:
        _, end = _inside(text, found.end(), found[1], found[3])
    except LookupError:
        return None
    start = text.index("<", start)
    return (start, end) if is_sure(text[start:end]) else None


def is_sure(text: str) -> bool:
    """Whether no character in `text` stands for another one."""
    return text.isascii() and "\r" not in text and ESCAPE not in text


def _unescaped(text: str) -> str:
    """`text` with what its references stand for. Raises LookupError where one is not among the usual."""
    if "]" in text and _CDATA_ENDS in text:
        raise LookupError(_CDATA_ENDS)
    parts: list[str] = []
    start = 0
    while (at := text.find("&", start)) >= 0:
        end = text.find(";", at)
        if end < 0:
            raise LookupError("&")
        parts += (text[start:at], _REFERENCES[text[at + 1 : end]])
        start = end + 1
    return "".join([*parts, text[start:]])
