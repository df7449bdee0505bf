"""The formats there are, and which of them a file has: told by its content, never by its name.

To add one: write `readers/KIND/NAME.py` with a `FORMAT`, and name it here. May import the readers, each when
a file first looks like one of its own: what is in no file costs nothing.
"""

import re
from collections.abc import Iterator, Mapping
from importlib import import_module

from tui.readers.reader import Format
from tui.readers.xml.charset import narrowed
from tui.readers.xml.markup import root

_KINDS: dict[str, tuple[str, tuple[bytes, ...]]] = {
    # Those of whole JSON documents stand first: one on a single line could pass for a line of a log.
    "ctrf": ("documents.ctrf", (b'"reportFormat"', b'"results"')),
    "gtest": ("documents.gtestjson", (b'"disabled"',)),
    "allure": ("documents.allure", (b'"uuid"', b'"status"')),
    "otlp": ("documents.otlp", (b'"resourceSpans"',)),
    "otlp-lines": ("streams.otlplines", (b'"resourceSpans"',)),
    "junit": ("xml.junit", (b"testsuite", b"testcase")),
    "trx": ("xml.trx", (b"TestRun",)),
    "nunit": ("xml.nunit", (b"test-run", b"test-results")),
    "xunit": ("xml.xunit", (b"assembl",)),
    "robot": ("xml.robot", (b"robot",)),
    "reportlog": ("streams.reportlog", (b'"$report_type"',)),
    "gotest": ("streams.gotest", (b'"Action"',)),
    "libtest": ("streams.libtest", (b'"type"',)),
    "eventlog": ("streams.eventlog", (b'"event"',)),
    "plan": ("streams.plan", (b".py::",)),
    "tap": ("streams.tap", (b"\nTAP version", b"\n1..", b"\n# Subtest", b"\nok", b"\nnot ok")),
}
"""By the name of a format: its module, and the clues that a file of it has at least one of, as ASCII."""


class _Formats(Mapping[str, Format]):
    """The formats by their names, in the order in which a file is held against them."""

    def __init__(self) -> None:
        self._known: dict[str, Format] = {}

    def __getitem__(self, name: str) -> Format:
        if name not in self._known:
            self._known[name] = import_module(f"tui.readers.{_KINDS[name][0]}").FORMAT
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_KINDS)

    def __len__(self) -> int:
        return len(_KINDS)


BY_NAME = _Formats()

HEAD = 16 * 1024
"""How many of a file's first bytes are enough to tell its format."""

_ATTACHMENT = "-attachment"
_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*+(?:\[\s*+)?\{")
# XML and JSON that build tools leave beside test results, by root element or leading key.
_FOREIGN_ROOTS = {
    "coverage": "code coverage",
    "report": "code coverage",
    "checkstyle": "linter findings",
    "pmd": "linter findings",
    "project": "a build file",
    "html": "a web page",
    "svg": "a picture",
}


_USUAL_JUNIT = re.compile(
    rb'(?:<\?xml version="1\.0" encoding="[uU][tT][fF]-8" ?\?>)?'
    rb"\s*+<testsuites?([ >][ -;=-~\r\n]*+)<test(?:suite|case)"
)


def recognise(head: bytes) -> Format | None:
    """The format of a file that begins with `head`; None where no reader knows it."""
    # Of ten thousand files most are such, and it takes a fifth of what asking each format does.
    usual = _USUAL_JUNIT.match(head)
    if usual and b"check." not in usual[1]:
        return BY_NAME["junit"]
    said = b"\n" + narrowed(head)
    likely = (BY_NAME[name] for name, (_, clues) in _KINDS.items() if any(clue in said for clue in clues))
    return next((known for known in likely if known.recognise(head)), None)


def foreign(head: bytes, name: str = "") -> str:
    """What a file that no reader knows is well known to be instead; empty where nobody can tell."""
    name_of_root, _ = root(head)
    if name_of_root.lower() in _FOREIGN_ROOTS:
        return _FOREIGN_ROOTS[name_of_root.lower()]
    if not _JSON.match(head) and _ATTACHMENT not in name:
        return ""
    from tui.readers.documents import allure, gtestjson  # noqa: PLC0415  # of what no reader knows, most is no JSON
    from tui.readers.streams import otlplines  # noqa: PLC0415

    return allure.foreign(head, name) or gtestjson.foreign(head) or otlplines.foreign(head)


def description(head: bytes) -> str:
    """What can be said of a file that no reader knows."""
    name_of_root, _ = root(head)
    if name_of_root:
        return f"XML with the root element <{name_of_root}>"
    if b"\0" in head:
        return "binary data"
    first = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if first in (b"{", b"["):
        return "JSON of an unknown shape"
    return "text of an unknown shape"
