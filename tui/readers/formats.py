"""The formats there are, and which of them a file has: told by its content, never by its name.

To add one: write `readers/KIND/NAME.py` with a `FORMAT`, and name it here. May import the readers.
"""

from tui.readers.documents import allure, ctrf, gtestjson, otlp
from tui.readers.reader import Format
from tui.readers.streams import eventlog, gotest, libtest, otlplines, plan, reportlog, tap
from tui.readers.xml import junit, nunit, robot, trx, xunit
from tui.readers.xml.markup import root

# Those of whole JSON documents stand first: one on a single line could pass for a line of a log.
FORMATS: tuple[Format, ...] = (
    ctrf.FORMAT,
    gtestjson.FORMAT,
    allure.FORMAT,
    otlp.FORMAT,
    otlplines.FORMAT,
    junit.FORMAT,
    trx.FORMAT,
    nunit.FORMAT,
    xunit.FORMAT,
    robot.FORMAT,
    reportlog.FORMAT,
    gotest.FORMAT,
    libtest.FORMAT,
    eventlog.FORMAT,
    plan.FORMAT,
    tap.FORMAT,
)
BY_NAME = {known.name: known for known in FORMATS}

HEAD = 16 * 1024
"""How many of a file's first bytes are enough to tell its format."""

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


def recognise(head: bytes) -> Format | None:
    """The format of a file that begins with `head`; None where no reader knows it."""
    return next((known for known in FORMATS if known.recognise(head)), None)


def foreign(head: bytes, name: str = "") -> str:
    """What a file that no reader knows is well known to be instead; empty where nobody can tell."""
    name_of_root, _ = root(head)
    if name_of_root.lower() in _FOREIGN_ROOTS:
        return _FOREIGN_ROOTS[name_of_root.lower()]
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
