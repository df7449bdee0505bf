"""What a golden path demands: the entries of `events`, and the matcher that holds events against them.

An entry is a name; a name with `+` (once or more), `*` (any number) or `?` (at most once); or a group of
such names in parentheses, with or without one of these signs: "(tool_executing tool_completed)*".

A plain name has to be there, and repeats of it do not matter, wherever they stand. A name with a sign, or
in a group, stands only where the pattern has it, every time. May import `tui.regex`. Invariant:
matching takes time linear in the events (the positions that a pattern may be at are followed all at once).
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct

from tui.regex import regex

_SIGNS = "+*?"
_OPTIONAL = frozenset("*?")
_LOOPING = frozenset("+*")
_GROUP = regex(r"\((?P<names>[^()]*)\)(?P<sign>[+*?]?)")
_NAME = regex(r"(?P<name>[^()+*?]*[^()+*?\s])(?P<sign>[+*?]?)")


class PatternError(ValueError):
    """An entry that says nothing, and why."""


class Break(NamedTuple):
    """What does not fit: the name that is out of place, which of the events it was, and how."""

    name: str
    position: int
    message: str


class _Item(NamedTuple):
    name: str
    sign: str


class _Part(Struct, frozen=True):
    """One entry. `start`: the position of its first item; those of a pattern count from 1."""

    items: tuple[_Item, ...]
    sign: str
    start: int
    is_group: bool


class Pattern(Struct, frozen=True, cache_hash=True):
    """A parsed list of entries: what it names, what of that is required.

    `strict` are the names that stand only where the pattern has them. `pairs` are its groups of two names.
    """

    parts: tuple[_Part, ...]
    names: tuple[str, ...]
    required: tuple[str, ...]
    strict: frozenset[str]
    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, parts: tuple[_Part, ...]) -> "Pattern":
        """The pattern of these entries."""
        items = [(part, item) for part in parts for item in part.items]
        needed = (item.name for part, item in items if not {part.sign, item.sign} & _OPTIONAL)
        groups = [[item.name for item in part.items] for part in parts if part.is_group]
        return cls(
            parts,
            names=tuple(dict.fromkeys(item.name for _, item in items)),
            required=tuple(dict.fromkeys(needed)),
            strict=frozenset(item.name for part, item in items if part.is_group or item.sign),
            pairs=tuple((names[0], names[1]) for names in groups if len(names) == 2),
        )


@lru_cache(maxsize=256)
def parse(entries: tuple[str, ...]) -> Pattern:
    """The pattern that `entries` spell. Raises PatternError, which begins with the entry."""
    parts: list[_Part] = []
    start = 1
    for entry in entries:
        text = entry.strip()
        if group := _GROUP.fullmatch(text):
            items = tuple(_item(name, entry) for name in group["names"].split())
            if not items:
                raise PatternError(f"{entry!r}: a group needs a name")
            part = _Part(items, group["sign"], start, is_group=True)
        else:
            part = _Part((_item(text, entry),), "", start, is_group=False)
        parts.append(part)
        start += len(part.items)
    pattern = Pattern.of(tuple(parts))
    if entries and not pattern.required:
        raise PatternError("at least one event has to be required: all of these may be absent")
    return pattern


def _item(text: str, entry: str) -> _Item:
    found = _NAME.fullmatch(text)
    if found:
        return _Item(found["name"], found["sign"])
    if text.count("(") != text.count(")"):
        why = "a parenthesis that is not closed, or not opened"
    elif "(" in text:
        why = "a group is one pair of parentheses, with +, * or ? behind it and nothing else"
    elif text.strip(_SIGNS) and not any(sign in text.rstrip(_SIGNS) for sign in _SIGNS):
        why = "one of +, * and ? is enough"
    elif text.strip(_SIGNS):
        why = "+, * and ? stand behind a name, not in it"
    else:
        why = "has no name"
    raise PatternError(f"{entry!r}: {why}")


@lru_cache(maxsize=4096)
def breaks(pattern: Pattern, names: tuple[str, ...]) -> tuple[Break, ...]:
    """What of `names`, events in their order, breaks the pattern; the first break first.

    Every name is one of the pattern's. Events of which none is there are missing, and break nothing.
    """
    there = set(names)
    optional = 0
    for part in pattern.parts:
        if not any(item.name in there for item in part.items):
            optional |= sum(1 << part.start + offset for offset in range(len(part.items)))
    found: dict[str, Break] = {}
    while True:
        machine = _machine(pattern, optional)
        end = machine.run(names)
        for each in end.breaks:
            found.setdefault(each.name, each)
        if end.states & machine.accepting:
            return tuple(found.values())
        reached = end.states.bit_length() - 1
        pending = machine.follow[reached].bit_length() - 1
        for each in machine.lacking(names, reached, pending, end):
            found.setdefault(each.name, each)
        optional |= 1 << pending


@lru_cache(maxsize=1024)
def _machine(pattern: Pattern, optional: int) -> "_Machine":
    return _Machine(pattern, optional)


class _End(NamedTuple):
    """Where a run ended: the positions it may be at, the last event taken for each name, the breaks."""

    states: int
    taken: dict[str, int]
    breaks: list[Break]


class _Machine:
    """The positions of a pattern, and which may follow which; sets of positions are the bits of a number.

    Position 0 is the start. `optional`: positions that may be passed over. (V. M. Glushkov, The abstract
    theory of automata, 1961: one state a position, no empty moves.)
    """

    def __init__(self, pattern: Pattern, optional: int) -> None:
        self.names = ["", *(item.name for part in pattern.parts for item in part.items)]
        self.follow = [0] * len(self.names)
        self._group = [-1] * len(self.names)
        self._strict = pattern.strict
        self._at: dict[str, int] = {}
        for position, name in enumerate(self.names[1:], 1):
            self._at[name] = self._at.get(name, 0) | 1 << position
        self._steps: dict[tuple[int, str], int] = {}
        last = 1
        for number, part in enumerate(pattern.parts):
            first, ends, may_skip = self._part(part, optional)
            self._link(last, first)
            last = ends | (last if may_skip else 0)
            if part.is_group:
                for offset in range(len(part.items)):
                    self._group[part.start + offset] = number
        self.accepting = last

    def _part(self, part: _Part, optional: int) -> tuple[int, int, bool]:
        """The positions it may begin and end with, and whether it may be passed over."""
        first, last, may_skip = 0, 0, True
        for position, item in enumerate(part.items, part.start):
            bit = 1 << position
            if item.sign in _LOOPING:
                self._link(bit, bit)
            self._link(last, bit)
            passing = bool(optional & bit) or item.sign in _OPTIONAL
            first |= bit if may_skip else 0
            last = bit | (last if passing else 0)
            may_skip = may_skip and passing
        if part.sign in _LOOPING:
            self._link(last, first)
        return first, last, may_skip or part.sign in _OPTIONAL

    def _link(self, these: int, to: int) -> None:
        for position in _bits(these):
            self.follow[position] |= to

    def run(self, names: Sequence[str]) -> _End:
        """Go through `names`; one that cannot stand where it does is a break, and left out."""
        states = 1
        taken: dict[str, int] = {}
        found: list[Break] = []
        for number, name in enumerate(names):
            after = self._step(states, name)
            if after:
                states, taken[name] = after, number
            else:
                found.append(Break(name, number, self._misplaced(name, states.bit_length() - 1)))
        return _End(states, taken, found)

    def _step(self, states: int, name: str) -> int:
        known = self._steps.get((states, name))
        if known is None:
            known = self._next(states) & self._at[name]
            known |= 0 if name in self._strict else states
            self._steps[states, name] = known
        return known

    def _next(self, states: int) -> int:
        after = 0
        for position in _bits(states):
            after |= self.follow[position]
        return after

    def _misplaced(self, name: str, reached: int) -> str:
        """In words, why `name` cannot stand behind position `reached`."""
        again = " again" if name == self.names[reached] else ""
        ahead = self.follow[reached]
        wanted = next((p for p in _bits(ahead) if self.follow[p] & self._at[name]), None)
        while wanted is None and (further := ahead | self._next(ahead)) != ahead:
            ahead = further
            if ahead & self._at[name]:
                wanted = self.follow[reached].bit_length() - 1
        if wanted is not None:
            return f"{name}{again} before {self.names[wanted]}"
        return f"{name}{again or f' after {self.names[reached]}'}"

    def lacking(self, names: Sequence[str], reached: int, pending: int, end: _End) -> Iterator[Break]:
        """The break that the end of `names` is, while `pending` has to follow `reached`."""
        last, wanted = self.names[reached], self.names[pending]
        if reached and self._group[reached] == self._group[pending] != -1:
            yield Break(last, end.taken[last], f"{last} without {wanted}")
        elif reached and wanted in names:
            position = len(names) - 1 - list(reversed(names)).index(wanted)
            yield Break(wanted, position, f"{wanted} before {last}")


def _bits(states: int) -> Iterable[int]:
    """The positions in a set, from the first on."""
    while states:
        yield (states & -states).bit_length() - 1
        states &= states - 1
