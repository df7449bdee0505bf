"""One table of a configuration file: what is asked for, and where that stands which is refused.

May import nothing of runwatch. Invariants: every refusal names the file, the key, its line where it can be
found, and for an unknown key the nearest known one; what nobody asked for is refused.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tui.regex import regex

_DURATION = regex(r"(\d+(?:\.\d+)?)\s*(s|m|min|h|d|w)?")
_SECONDS = {None: 1, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400, "w": 7 * 86400}


class ConfigError(Exception):
    """A configuration that is refused; says the file, the place and what would be right."""


class Document:
    """One configuration file. `root`: where its tables begin, such as "tool.runwatch."."""

    def __init__(self, path: Path, text: str, root: str) -> None:
        self.path = path
        self._lines = text.splitlines()
        self._root = root

    def refuse(self, key: str, message: str) -> ConfigError:
        """The error to raise for `key`, a path such as `component[2].min_rate`."""
        line = self._line(key)
        place = f"{self.path}:{line}" if line else str(self.path)
        return ConfigError(f"{place}: {self._root}{key}: {message}")

    def _line(self, key: str) -> int | None:
        """The line that a key stands on: the n-th of its name below the n-th of its table."""
        table, _, name = key.partition(".") if "." in key else ("", "", key)
        start = 0
        if table:
            header, _, number = table.partition("[")
            wanted = int(number.rstrip("]")) if number.rstrip("]").isdecimal() else 1
            pattern = re.compile(rf"\s*\[+\s*(?:tool\.runwatch\.)?{re.escape(header)}\s*\]+")
            found = [i for i, line in enumerate(self._lines) if pattern.match(line)]
            if len(found) < wanted:
                return None
            start = found[wanted - 1] + 1
        pattern = re.compile(rf"\s*(?:\[+\s*(?:tool\.runwatch\.)?)?[\"']?{re.escape(name)}[\"']?\s*(?:=|\])")
        return next((i + 1 for i in range(start, len(self._lines)) if pattern.match(self._lines[i])), None)


class Table:
    """One table of the file. What is not asked for by the time of `finish` is unknown, and refused."""

    def __init__(self, document: Document, content: Mapping[str, Any], path: str) -> None:
        self._document = document
        self._content = content
        self._path = path
        self._asked: list[str] = []

    def key(self, name: str) -> str:
        """The path of a key from the root of the file."""
        return f"{self._path}.{name}" if self._path else name

    def refuse(self, name: str, message: str) -> ConfigError:
        """The error to raise for a key of this table."""
        return self._document.refuse(self.key(name), message)

    def names(self) -> list[str]:
        """The keys that are there."""
        return list(self._content)

    def text(self, name: str) -> str | None:
        """A text; None where the key is not there."""
        value = self._get(name)
        if value is not None and not isinstance(value, str):
            raise self.refuse(name, f"must be text, not {shown(value)}")
        return value

    def needed(self, name: str) -> str:
        """A text that has to be there."""
        value = self.text(name)
        if not value or not value.strip():
            raise self.missing(name, "is needed")
        return value

    def missing(self, name: str, message: str) -> ConfigError:
        """The error for a key that is not there; one that is nearly called so is to blame for it."""
        for said in self._content:
            if said not in self._asked and nearest(said, [name]):
                return self.refuse(said, f"unknown key{nearest(said, [name])}")
        return self.refuse(name, message)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; empty where the key is not there."""
        value = self._get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self.refuse(name, f'must be a list of texts such as ["a", "b"], not {shown(value)}')
        return tuple(value)

    def pairs(self, name: str) -> tuple[tuple[str, str], ...]:
        """A list of pairs of texts, or one pair; empty where the key is not there."""
        value = self._get(name)
        found = value if isinstance(value, list) else [] if value is None else [value]
        for each in found:
            if not isinstance(each, list) or len(each) != 2 or not all(isinstance(e, str) for e in each):
                raise self.refuse(name, f'must be a list of pairs such as [["a", "b"]], not {shown(value)}')
        return tuple((opens, closes) for opens, closes in found)

    def texts_by_name(self, name: str) -> tuple[tuple[str, str], ...]:
        """A table of texts, as pairs; empty where the key is not there."""
        value = self._get(name)
        if value is None:
            return ()
        if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
            raise self.refuse(name, f'must be a table of texts such as {{ "a" = "b" }}, not {shown(value)}')
        return tuple(value.items())

    def pattern(self, name: str) -> re.Pattern[str] | None:
        """A regular expression; None where there is none."""
        value = self.text(name)
        try:
            return re.compile(value) if value else None
        except (re.error, RecursionError, OverflowError) as error:
            raise self.refuse(name, f"not a regular expression: {error}") from None

    def number(self, name: str, least: float, most: float) -> float | None:
        """A number from `least` to `most`; None where the key is not there."""
        value = self._get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise self.refuse(name, f"must be a number from {least:g} to {most:g}, not {shown(value)}")
        return float(value)

    def whole(self, name: str) -> int | None:
        """A whole number from 0 on; None where the key is not there."""
        value = self._get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self.refuse(name, f"must be a whole number, 0 or more, not {shown(value)}")
        return value

    def flag(self, name: str) -> bool:
        """True or false; false where the key is not there."""
        value = self._get(name)
        if value is not None and not isinstance(value, bool):
            raise self.refuse(name, f"must be true or false, not {shown(value)}")
        return bool(value)

    def age(self, name: str) -> float | None:
        """A time in seconds, from a number or text such as "24h"; None where the key is not there."""
        value = self._get(name)
        if value is None:
            return None
        try:
            return duration(str(value) if isinstance(value, str | bool) else str(float(value)))
        except (ValueError, TypeError):
            raise self.refuse(name, f'must be a time such as "24h" or "30m", not {shown(value)}') from None

    def choice(self, name: str, choices: Sequence[str]) -> str | None:
        """One of `choices`; None where the key is not there."""
        value = self.text(name)
        if value is not None and value not in choices:
            raise self.refuse(name, f"must be one of {', '.join(choices)}, not {shown(value)}")
        return value

    def table(self, name: str) -> "Table | None":
        """The table under a key; None where there is none."""
        value = self._get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.refuse(name, f"must be a table, [{name}], not {shown(value)}")
        return Table(self._document, value, self.key(name))

    def tables(self, name: str) -> list["Table"]:
        """The tables of a list; empty where there is none."""
        value = self._get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise self.refuse(name, f"must be a list of tables, [[{name}]], not {shown(value)}")
        return [Table(self._document, each, f"{self.key(name)}[{i}]") for i, each in enumerate(value, 1)]

    def flat(self) -> "Table":
        """This table with its tables drawn into it: `list.up` is the same with quotes or without."""
        return Table(self._document, dict(_flattened(self._content)), self._path)

    def finish(self) -> None:
        """Refuse the first key that nobody asked for."""
        for name in self._content:
            if name not in self._asked:
                hint = nearest(name, self._asked) or f", known here: {', '.join(self._asked)}"
                raise self.refuse(name, f"unknown key{hint}")

    def _get(self, name: str) -> Any:  # noqa: ANN401  # whatever TOML holds
        self._asked.append(name)
        return self._content.get(name)


def _flattened(content: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in content.items():
        if isinstance(value, dict):
            yield from _flattened(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", value


def nearest(name: str, known: Sequence[str]) -> str:
    """Which of the `known` names was meant, as the end of a sentence; empty where none is near."""
    import difflib  # noqa: PLC0415  # wanted where something is refused only

    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f", did you mean {near[0]}?" if near else ""


def duration(text: str) -> float:
    """Seconds: "90", "30s", "15m", "24h", "7d". Raises ValueError."""
    found = _DURATION.fullmatch(text.strip())
    if not found:
        raise ValueError(text)
    return float(found[1]) * _SECONDS[found[2]]


def shown(value: object) -> str:
    """A value as TOML has it."""
    kinds: Mapping[type, Callable[[Any], str]] = {str: repr, bool: lambda v: str(v).lower()}
    return kinds.get(type(value), str)(value)
