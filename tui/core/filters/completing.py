"""What somebody who types a filter may want to type next.

May import `core.filters`, `core.facts` and `core.store`. Pure.
"""

import re
from collections.abc import Sequence

from msgspec import Struct

from tui.core.facts import Facts
from tui.core.filters.fields import FLAGS, STATUSES, Field
from tui.core.filters.language import Filter, quoted, written
from tui.core.store import Store
from tui.regex import regex

_CAUSES = 200
_SOURCES = 2000
_TIMES = (">1s", ">10s", "<100ms")
_FIELD = regex(r"(!*)([A-Za-z]+)(:?)(.*)", re.DOTALL)


class Vocabulary(Struct, frozen=True):
    """What the results of the moment have names for."""

    components: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @classmethod
    def of(cls, store: Store, facts: Facts) -> "Vocabulary":
        """What these facts have names for."""
        return cls(
            store.components,
            tuple(cause.title for cause in facts.causes[:_CAUSES]),
            tuple(row.path for row in facts.sources[:_SOURCES]),
        )

    def values(self, name: Field) -> Sequence[str]:
        """What may stand behind the colon of a term."""
        match name:
            case Field.STATUS:
                return STATUSES
            case Field.FLAG:
                return FLAGS
            case Field.SLOW:
                return _TIMES
            case Field.COMPONENT:
                return self.components
            case Field.CAUSE:
                return self.causes
            case Field.FILE:
                return self.files
        return ()


class Completion(Struct, frozen=True):
    """`shown` goes on from what was typed, letter by letter; `text` is what it becomes, quotes and all."""

    shown: str
    text: str


def complete(text: str, vocabulary: Vocabulary) -> Completion | None:
    """What `text` may be completed to: its last word, where that is a term or begins like one."""
    start = _last_word(text)
    found = _FIELD.fullmatch(text[start:])
    if found is None:
        return None
    negation, name, colon, value = found.groups()
    before = text[:start]
    if not colon:
        known = next((each for each in Field if each.startswith(name.casefold())), None)
        if known is None or value:
            return None
        rest = f"{known[len(name) :]}:"
        return Completion(text + rest, text + rest)
    try:
        term = Field(name.casefold())
    except ValueError:
        return None
    return _of_value(f"{before}{negation}{name}:", value, term, vocabulary)


def _of_value(before: str, typed: str, term: Field, vocabulary: Vocabulary) -> Completion | None:
    """The first value that begins as it was typed, else one of which a word does."""
    opened = typed.startswith('"')
    begun = typed[1:] if opened else typed
    if opened and begun.endswith('"'):
        return None
    listed, comma, last = begun.rpartition(",") if term in (Field.STATUS, Field.FLAG) else ("", "", begun)
    for value in vocabulary.values(term):
        if not value.casefold().startswith(last.casefold()) or len(value) == len(last):
            continue
        whole = f"{listed}{comma}{value}"
        becomes = quoted(whole) if opened else written(term, whole).removeprefix(f"{term}:")
        close = '"' if opened else ""
        return Completion(f"{before}{typed}{value[len(last) :]}{close}", before + becomes)
    return None


def _last_word(text: str) -> int:
    """Where the word begins that is being typed; the length of the text where none is."""
    terms = Filter.parse(text).terms if text == text.lstrip() else ()
    if not terms:
        return len(text)
    start, end = terms[-1].span
    return start if end == len(text) else len(text)
