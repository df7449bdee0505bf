"""A registry of named things: tools, agents, models."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._entries: dict[str, T] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, name: str, entry: T) -> None:
        if not name.isidentifier():
            raise ValueError(f"not a name for a {self.kind}: {name!r}")
        if name in self._entries:
            raise ValueError(f"{self.kind} {name} is there already")
        self._entries[name] = entry

    def get(self, name: str) -> T:
        if name not in self._entries:
            raise LookupError(
                f"no {self.kind} {name}, there are: {', '.join(self.names()) or 'none'}"
            )
        return self._entries[name]

    def names(self) -> list[str]:
        """Sorted, so that menus and logs do not depend on the order of imports."""
        return sorted(self._entries)
