"""All failures, grouped; kept up to date one test at a time.

May import `core.counting`, `core.model` and its neighbours here. Invariants: the groups are the same
whatever the order in which failures came; what is taken out leaves no trace; one more failure costs the
same however many there are.
"""

from collections import Counter, deque
from collections.abc import Collection, Hashable, Sequence
from functools import lru_cache
from heapq import nsmallest
from typing import Any, NamedTuple, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from tui.core.causes.clean import template
from tui.core.causes.signature import CauseRule, Kind, Signature, kind_of, signature
from tui.core.counting import Frequent, change
from tui.core.model import Failure, Outcome, Phase, TestKey

_MOST_FREQUENT = 8
_BEFORE_THE_CALL = (Phase.SETUP, Phase.COLLECT)
_H = TypeVar("_H", bound=Hashable)


class Cause(Struct, frozen=True):
    """A group of failures with one signature.

    `tests`: how many; `new`: of them, new failures; `blocked`: of them, those that never came to their
    call. `messages`, `phases` and `places`: the most frequent ones, each with its number; `wordings` says
    how many different messages there are.
    """

    signature: Signature
    kind: Kind
    title: str
    outcome: Outcome
    phase: Phase | None
    where: str
    tests: int
    new: int | None
    blocked: int
    wordings: int
    messages: tuple[tuple[str, int], ...]
    phases: tuple[tuple[str, int], ...]
    places: tuple[tuple[str, int], ...]


class Causes:
    """All failures, grouped by what the configured `rules` and the failures themselves say.

    `lazily`: those that come wait until `work` is called, for they are read from their tracebacks, and a
    hundred thousand take seconds. `grouped`: how many were, so far.
    """

    def __init__(self, rules: Sequence[CauseRule] = (), *, lazily: bool = False) -> None:
        self._rules = tuple(rules)
        self._lazily = lazily
        self._waiting: dict[TestKey, tuple[Failure, ...]] = {}
        self._queue: deque[TestKey] = deque()
        self.grouped = 0
        self._groups: dict[Signature, _Group] = {}
        self._listed: tuple[Cause, ...] | None = None  # until a group is another

    def signature(self, failure: Failure) -> Signature:
        """The signature of the cause that a failure belongs to."""
        return signature(failure, self._rules)

    def add(self, key: TestKey, failures: tuple[Failure, ...]) -> None:
        """Take in the bad phases of a test's last attempt."""
        if self._lazily:
            self._waiting[key] = failures
            self._queue.append(key)
        else:
            self._group(key, failures)

    def work(self) -> bool:
        """Group the failures of one more test; whether any wait after it."""
        if self._queue:
            key = self._queue.popleft()
            failures = self._waiting.pop(key, None)
            if failures is not None:
                self._group(key, failures)
        return bool(self._queue)

    @property
    def waiting(self) -> Collection[TestKey]:
        """The tests whose failures are not grouped yet."""
        return self._waiting  # as a dict is copied with the hashes that it holds

    @property
    def failing(self) -> set[TestKey]:
        """All tests, in no order: of a hundred thousand it takes a tenth of the time."""
        return set(self._waiting).union(*(group.tests for group in self._groups.values()))

    def _group(self, key: TestKey, failures: tuple[Failure, ...]) -> None:
        self.grouped += 1
        self._listed = None
        for failure in failures:
            found = self.signature(failure)
            group = self._groups.get(found)
            if group is None:
                group = self._groups[found] = _Group()
            group.count(key, failure, 1)

    def remove(self, key: TestKey, failures: tuple[Failure, ...]) -> None:
        """Take out what `add` took in."""
        if self._waiting.pop(key, None) is not None:
            return
        self._listed = None
        for failure in failures:
            found = self.signature(failure)
            group = self._groups[found]
            group.count(key, failure, -1)
            if not group.tests:
                del self._groups[found]

    def __len__(self) -> int:
        return len(self._groups)

    def tests(self, found: Signature) -> tuple[TestKey, ...]:
        """The tests of one cause, in the order in which they came."""
        group = self._groups.get(found)
        return tuple(group.tests) if group else ()

    def place(self, found: Signature, key: TestKey) -> tuple[int, int] | None:
        """Where a test stands among those of one cause, from 1, and how many these are."""
        group = self._groups.get(found)
        return (group.place(key), len(group.tests)) if group and key in group.tests else None

    def listed(self, new_failures: frozenset[TestKey] | None) -> tuple[Cause, ...]:
        """All causes, the most frequent first. `new_failures` is None where there is no baseline."""
        if new_failures is None and self._listed is not None:
            return self._listed
        causes = []
        for found, group in self._groups.items():
            cause = group.cause(found)
            if new_failures is not None:
                cause = replace(cause, new=len(new_failures & group.tests.keys()))
            causes.append(cause)
        listed = tuple(sorted(causes, key=lambda cause: (-cause.tests, cause.title, cause.signature)))
        if new_failures is None:
            self._listed = listed
        return listed


class _Said(NamedTuple):
    """What a failure says, of which there are few in a group."""

    outcome: Outcome
    phase: Phase | None
    kind: Kind


class _Group:
    """The tests of one signature, each with its number of failures, and how many of these say what."""

    def __init__(self) -> None:
        self.tests: Counter[TestKey] = Counter()
        self._said: Counter[_Said] = Counter()
        self._titles = Frequent(_MOST_FREQUENT)
        self._places = Frequent(_MOST_FREQUENT)
        self._cause: Cause | None = None
        self._placed: tuple[TestKey, int] | None = None

    def place(self, key: TestKey) -> int:
        """Where a test of it stands, from 1. What is asked at every paint is looked for once."""
        if self._placed is None or self._placed[0] != key:
            self._placed = key, list(self.tests).index(key) + 1
        return self._placed[1]

    def count(self, key: TestKey, failure: Failure, sign: int) -> None:
        self._cause = None
        if sign < 0:
            self._placed = None  # those that come stand behind all others
        change(self.tests, key, sign)
        said, title = _read(failure.outcome, failure.phase, failure.type, template(failure.message))
        change(self._said, said, sign)
        self._titles.change(title, sign)
        location = failure.location
        if location:
            where = location.path if location.line is None else f"{location.path}:{location.line}"
            self._places.change(f"{where} {failure.function}".strip(), sign)

    def cause(self, found: Signature) -> Cause:
        if self._cause is None:
            outcomes, phases, kinds = (self._by(part) for part in range(len(_Said._fields)))
            messages, places, wordings = self._titles.ranked(), self._places.ranked(), len(self._titles)
            title = messages[0][0] if wordings == 1 else f"{messages[0][0]} (and {wordings - 1} alike)"
            self._cause = Cause(
                signature=found,
                kind=_ranked(kinds)[0][0],
                title=found.given or title,
                outcome=_ranked(outcomes)[0][0],
                phase=_ranked(phases)[0][0],
                where=places[0][0] if places else "",
                tests=len(self.tests),
                new=None,
                blocked=sum(phases[phase] for phase in _BEFORE_THE_CALL),
                wordings=wordings,
                messages=messages,
                phases=tuple((str(phase or Phase.CALL), n) for phase, n in _ranked(phases)),
                places=places,
            )
        return self._cause

    def _by(self, part: int) -> "Counter[Any]":
        found: Counter[Any] = Counter()
        for said, number in self._said.items():
            found[said[part]] += number
        return found


def _ranked(counter: "Counter[_H]") -> tuple[tuple[_H, int], ...]:
    return tuple(nsmallest(_MOST_FREQUENT, counter.items(), key=lambda item: (-item[1], str(item[0] or ""))))


@lru_cache(maxsize=8192)
def _read(outcome: Outcome, phase: Phase | None, type: str, template: str) -> tuple[_Said, str]:
    """What a failure says in short, and its title."""
    title = template
    if type and not title.startswith(type):
        title = f"{type}: {title}" if title else type
    return _Said(outcome, phase, kind_of(outcome, phase, type, template)), (
        title or f"{outcome} without a message"
    )
