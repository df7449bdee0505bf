"""The text of a filter -> its terms, and back.

May import `core.filters.fields`. Pure. Any text is a filter: what is wrong with it is said by the term, and
nothing is refused. Invariants: the spans of the terms follow each other and do not overlap; a value that
`quoted` wrote is read back to the letter. The language is told in docs/filter.md.
"""

import dataclasses
import re

from msgspec import Struct

from tui.core.filters import fields
from tui.core.filters.fields import Field
from tui.regex import regex

_FIELD = regex(r"([A-Za-z][A-Za-z_-]+):(?!:)")
_ESCAPED = regex(r'\\(["\\])')
_QUOTED = regex(r'"((?:[^"\\]|\\.)*)("?)', re.DOTALL)
_BARE = regex(r"\S*")
_BLANKS = regex(r"\s*")
_NOT = regex(r"!*")


@dataclasses.dataclass(frozen=True, slots=True)  # a struct cannot leave a field out when it is compared
class Term:
    """One condition. `field` None: free text, looked for in the test's id.

    `quoted`: the value stood in quotes, and is meant to the letter. `span`: where the term stands in the
    text. `fault`: what is wrong with it, in words. A term whose name is unknown is free text with a fault.
    """

    field: Field | None
    value: str
    negated: bool = False
    quoted: bool = False
    span: tuple[int, int] = dataclasses.field(default=(0, 0), compare=False)
    fault: str = ""

    @property
    def is_unfinished(self) -> bool:
        """Whether it says nothing yet: more has to be typed."""
        if self.field is None:
            return not self.value
        return fields.is_unfinished(self.field, self.value)

    def __str__(self) -> str:
        quoted_too = self.quoted and not self.fault
        text = self.value if self.fault and not self.field else None
        return ("!" if self.negated else "") + (
            text or written(self.field, self.value, quoted_too=quoted_too)
        )


class Filter(Struct, frozen=True):
    """What was typed, and its terms: a test is meant where all of them hold."""

    text: str = ""
    terms: tuple[Term, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Filter":
        """The filter that `text` asks for; any text is one."""
        return cls(text.strip(), _terms(text.strip()))

    def __bool__(self) -> bool:
        return bool(self.terms)

    @property
    def fault(self) -> str:
        """The first thing that is wrong with it, in words; empty where nothing is."""
        return next((f"{term}: {term.fault}" for term in self.terms if term.fault), "")

    def without(self, number: int) -> str:
        """The text without its term `number`."""
        if not 0 <= number < len(self.terms):
            return self.text
        start, end = self.terms[number].span
        return f"{self.text[:start].rstrip()} {self.text[end:].lstrip()}".strip()


def quoted(value: str) -> str:
    """`value` in quotes, as it is read back to the letter."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def written(name: Field | None, value: str, *, quoted_too: bool = False) -> str:
    """A term as it is typed: quoted where it has to be, or should."""
    prefix = f"{name}:" if name else ""
    bare = bool(value) and _BARE.fullmatch(value) is not None and not value.startswith('"')
    if name is None:
        bare = bare and not value.startswith("!") and _FIELD.match(value) is None
    if (bare and not quoted_too) or (name and not value):
        return prefix + value
    return prefix + quoted(value)


def _terms(text: str) -> tuple[Term, ...]:
    found = []
    at = 0
    while at < len(text):
        term = _term(text, at)
        if term.value or term.field:
            found.append(term)
        at = _end(_BLANKS, text, term.span[1])
    return tuple(found)


def _term(text: str, start: int) -> Term:
    """The term that begins at `start`, which is no blank."""
    at = _end(_NOT, text, start)
    negated = (at - start) % 2 == 1
    name = _FIELD.match(text, at)
    if name is not None and name[1].casefold() not in list(Field):
        end = _value(text, name.end())[2]
        # Ids may hold colons too: so it is looked for as it stands, to the letter.
        whole = text[at:end]
        return Term(None, whole, negated, quoted=True, span=(start, end), fault=fields.no_term(name[1]))
    value, is_quoted, end = _value(text, name.end() if name else at)
    if name is None:
        return Term(None, value, negated, is_quoted, (start, end))
    known = Field(name[1].casefold())
    return Term(known, value, negated, is_quoted, (start, end), fields.fault(known, value))


def _value(text: str, start: int) -> tuple[str, bool, int]:
    """The value that begins at `start`, whether it is quoted, and where it ends.

    A quote that is never closed goes on to the end of the text.
    """
    found = _QUOTED.match(text, start)
    if found is None:
        end = _end(_BARE, text, start)
        return text[start:end], False, end
    end = found.end() if found[2] else len(text)
    inner = found[1] if found[2] else text[start + 1 :]
    return _ESCAPED.sub(r"\1", inner), True, end


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return found.end() if found else start
