"""Failures that look alike -> one cause.

May import `core.model` only. Unit: one bad phase of one test. Invariant: a signature depends on the
failure alone, so the groups are the same whatever the order in which results arrive.
"""

import re
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from tui.core.model import Failure, Location, Outcome, Phase, TestKey

_TITLE_LENGTH = 200
# What differs between failures of one cause, most specific first.
_TEMPLATES = (
    (re.compile(r"\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b"), "<id>"),
    (re.compile(r"\b0x[0-9a-fA-F]+\b"), "<address>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?\b"), "<time>"),
    (re.compile(r"(?:/(?:private/)?(?:tmp|var/folders)/[^\s'\":]+)"), "<path>"),
    (re.compile(r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,}\b"), "<hash>"),
    (re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?![\w.]*[A-Za-z_])"), "<n>"),
)


class Signature(NamedTuple):
    """What failures of one cause have in common; `phase` is empty for a plain failed call."""

    phase: str
    type: str
    template: str


@dataclass(frozen=True, slots=True)
class Cause:
    """A group of failures with one signature. `tests`: how many; `new`: of them, new failures."""

    signature: Signature
    title: str
    outcome: Outcome
    phase: Phase | None
    where: str
    tests: int
    new: int | None


def template(message: str) -> str:
    """The first line of `message` with what varies from failure to failure replaced by marks."""
    line = message.split("\n", 1)[0].strip()
    for pattern, mark in _TEMPLATES:
        line = pattern.sub(mark, line)
    return line[:_TITLE_LENGTH]


def signature(failure: Failure) -> Signature:
    """The signature of one bad phase of one test."""
    phase = "" if failure.phase in (None, Phase.CALL) else str(failure.phase)
    return Signature(phase, failure.type, template(failure.message))


class Causes:
    """All failures, grouped; kept up to date one test at a time."""

    def __init__(self) -> None:
        self._groups: dict[Signature, dict[TestKey, Failure]] = {}

    def add(self, key: TestKey, failures: tuple[Failure, ...]) -> None:
        """Take in the bad phases of a test's last attempt."""
        for failure in failures:
            self._groups.setdefault(signature(failure), {})[key] = failure

    def remove(self, key: TestKey, failures: tuple[Failure, ...]) -> None:
        """Take out what `add` took in."""
        for failure in failures:
            found = signature(failure)
            group = self._groups.get(found, {})
            group.pop(key, None)
            if not group:
                self._groups.pop(found, None)

    def __len__(self) -> int:
        return len(self._groups)

    def tests(self, found: Signature) -> tuple[TestKey, ...]:
        """The tests of one cause, in the order in which they came."""
        return tuple(self._groups.get(found, ()))

    def listed(self, new_failures: frozenset[TestKey] | None) -> tuple[Cause, ...]:
        """All causes, the most frequent first. `new_failures` is None where there is no baseline."""
        causes = [
            _cause(found, group, None if new_failures is None else len(new_failures & group.keys()))
            for found, group in self._groups.items()
        ]
        return tuple(sorted(causes, key=lambda cause: (-cause.tests, cause.title, cause.signature)))


def _cause(found: Signature, group: dict[TestKey, Failure], new: int | None) -> Cause:
    sample = min(group.values(), key=lambda failure: (failure.outcome, failure.phase or ""))
    title = found.template
    if found.type and not title.startswith(found.type):
        title = f"{found.type}: {title}" if title else found.type
    return Cause(
        signature=found,
        title=title or f"{sample.outcome} without a message",
        outcome=sample.outcome,
        phase=sample.phase,
        where=_where(group),
        tests=len(group),
        new=new,
    )


def _where(group: dict[TestKey, Failure]) -> str:
    """The place most of the failures name, with its function where one fixture or helper blocks them."""
    places: Counter[tuple[Location, str]] = Counter(
        (failure.location, failure.function) for failure in group.values() if failure.location
    )
    if not places:
        return ""
    (location, function), _ = min(places.items(), key=lambda item: (-item[1], str(item[0][0]), item[0][1]))
    return f"{location} {function}".strip()
