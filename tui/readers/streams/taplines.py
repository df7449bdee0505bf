"""One line of TAP -> what it says: a point, a plan, a bail out.

TAP 12 to 14 (https://testanything.org/tap-version-14-specification.html), with what producers write
beside it: `time=` of node-tap and Vitest, ` in 6ms` of Bats. May import `text`. Pure.
"""

import re

from msgspec import Struct

from tui.text import one_line, plain

_POINT = re.compile(r"(not )?ok(?=[\s#-]|$)[ \t]*(?:(\d{1,9})(?!\d))?[ \t]*(?:-[ \t]*)?(.*)", re.DOTALL)
_PLAN = re.compile(r"1\.\.(\d{1,9})[ \t]*(?:#?[ \t]*(?:skip\S*)[ \t:]*(.*)|#.*|todo.*)?", re.IGNORECASE)
_VERSION = re.compile(r"TAP version (\d{1,3})\s*")
_BAIL_OUT = re.compile(r"Bail out!\s*(.*)", re.IGNORECASE)
_DIRECTIVE = re.compile(r"#\s*(skip|todo)\w*\b:?", re.IGNORECASE)
_TIME = re.compile(r"(?<!\\)#[ \t]*time=(\d{1,12}(?:\.\d{1,12})?)(ms|s)\b")
_BATS_TIME = re.compile(r" in (\d{1,9})(ms|sec)$")
_ESCAPED = re.compile(r"\\([\\#])")
_UNITS = {"ms": 1000.0, "s": 1.0, "sec": 1.0}


class Point(Struct, frozen=True):
    """A test point. `directive` is "skip", "todo" or empty; `opens`: its subtest follows in braces."""

    ok: bool
    number: int | None = None
    name: str = ""
    directive: str = ""
    reason: str = ""
    duration: float | None = None
    opens: bool = False

    @property
    def is_bad(self) -> bool:
        """Whether it makes what holds it fail."""
        return not self.ok and not self.directive


class Plan(Struct, frozen=True):
    """How many points there are; `skipped`: why there are none, where that is said."""

    number: int
    skipped: str | None = None


def parse_point(text: str) -> Point | None:
    """`text` as a test point."""
    found = _POINT.fullmatch(text.rstrip())
    if not found:
        return None
    said = found[3]
    opens = said.endswith("{") and said[-2:-1] in ("", " ", "\t")
    if opens:
        said = said[:-1].rstrip()
    duration = None
    if timed := _TIME.search(said):
        duration = float(timed[1]) / _UNITS[timed[2]]
        said = said[: timed.start()] + said[timed.end() :]
    directive, reason = "", ""
    if marked := _directive(said):
        directive, reason = marked[1].lower(), one_line(_unescaped(said[marked.end() :]))
        said = said[: marked.start()]
    if timed := _BATS_TIME.search(said.rstrip()):
        duration = float(timed[1]) / _UNITS[timed[2]]
        said = said[: timed.start()]
    number = int(found[2]) if found[2] else None
    name = plain(_unescaped(said)).strip()
    return Point(not found[1], number, name, directive, reason, duration, opens)


def parse_plan(text: str) -> Plan | None:
    """`text` as a plan."""
    found = _PLAN.fullmatch(text.rstrip())
    if not found:
        return None
    number = int(found[1])
    return Plan(number, one_line(found[2] or "") if not number else None)


def parse_version(text: str) -> int | None:
    """The version of TAP that `text` states."""
    found = _VERSION.fullmatch(text)
    return int(found[1]) if found else None


def parse_bail_out(text: str) -> str | None:
    """Why the run was given up; empty where no reason is said, None where it was not."""
    found = _BAIL_OUT.match(text)
    return one_line(found[1]) if found else None


def _directive(text: str) -> re.Match[str] | None:
    """The first directive whose `#` no backslash takes its meaning from."""
    for found in _DIRECTIVE.finditer(text):
        start = found.start()
        while start and text[start - 1] == "\\":
            start -= 1
        if (found.start() - start) % 2 == 0:
            return found
    return None


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text
