"""What an explanation is made of. Imports nothing of runwatch."""

from collections.abc import Iterable

from msgspec import Struct

SHOWN = 12
"""How many records an explanation lists; how many more there are is said."""


class Subject(Struct, frozen=True):
    """Something that can be explained: `id` names it, `title` is what it is called on screen."""

    id: str
    title: str


class Part(Struct, frozen=True):
    """One number or word: what it is, the rule behind it, how it was worked out, what it was made from."""

    name: str
    value: str
    rule: str
    arithmetic: tuple[str, ...] = ()
    records: tuple[str, ...] = ()


class Explanation(Struct, frozen=True):
    """All the parts of one subject."""

    id: str
    title: str
    parts: tuple[Part, ...]


def listed(records: Iterable[str], number: int) -> tuple[str, ...]:
    """The first of `number` records, and how many more there are."""
    shown: list[str] = []
    for record in records:
        if len(shown) == SHOWN:
            break
        shown.append(record)
    more = number - len(shown)
    return (*shown, f"and {more:,} more") if more > 0 else tuple(shown)
