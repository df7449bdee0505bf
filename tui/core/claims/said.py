"""What a status page can say: closed values, one for each kind of claim.

May import `core.rules`, `core.facts`. Invariant: a claim that could not be understood, or that belongs to
nothing known, says so in `problem` and is never judged.
"""

from enum import StrEnum

from msgspec import Struct

from tui.core.facts import Facts
from tui.core.rules import Rules


class Part(StrEnum):
    """A number of an account."""

    TESTS = "tests"
    PASSED = "passed"
    FAILED = "failed"
    ERRORS = "errors"
    SKIPPED = "skipped"


class Counts(Struct, frozen=True):
    """Numbers of tests, each part at most once: "4 tests, 3 passed"."""

    parts: tuple[tuple[Part, int], ...]


class Rate(Struct, frozen=True):
    """A success rate in percent, printed with so many `decimals`."""

    percent: float
    decimals: int

    def is_near(self, rate: float) -> bool:
        """Whether `rate`, rounded as the claim is, is what is claimed; less than 100 may be printed so."""
        tolerance = 0.5 * 10.0**-self.decimals + 1e-9
        below = 100 - 10.0**-self.decimals
        return abs(self.percent - rate) <= tolerance or (
            rate < 100 and self.percent == round(below, 4) < rate
        )


class Status(Struct, frozen=True):
    """The word for a component's state: one of the bands, NOT RUN, or whatever stands there."""

    word: str


class Passing(Struct, frozen=True):
    """All tests pass, or (`whole` False) some do not."""

    whole: bool


class Suites(Struct, frozen=True):
    """So many components pass; `of` so many, where that is said; `number` None: all of them."""

    number: int | None
    of: int | None


class Event(Struct, frozen=True):
    """A golden-path event is validated, or (`proven` False) is not."""

    name: str
    proven: bool


class Events(Struct, frozen=True):
    """So many golden-path events are validated; `number` None: all of them."""

    number: int | None
    of: int | None


class Regressions(Struct, frozen=True):
    """So many tests got worse."""

    number: int


class Ready(Struct, frozen=True):
    """The whole (or a component) may go out, or may not; `words`: how that is put."""

    ready: bool
    words: str = ""


NotCounts = Rate | Status | Passing | Suites | Event | Events | Regressions | Ready
Said = Counts | NotCounts


class Subject(Struct, frozen=True):
    """What a claim is about: a component by its name, or the whole (`name` empty).

    `problem`: why it is nothing that is known.
    """

    name: str = ""
    problem: str = ""


WHOLE = Subject()


class Claim(Struct, frozen=True):
    """One thing that the page says. `group`: claims of one row or list, which are one account.

    `table`: claims of one table, of which the row for the whole is the sum; `is_total`: that row calls
    itself a total, so that it may be one of the rows alone. `problem`: why nothing can be held against it.
    """

    line: int
    text: str
    subject: Subject
    said: Said
    group: int
    table: int | None = None
    is_total: bool = False
    problem: str = ""


class Vocabulary(Struct, frozen=True):
    """The names that a page is read with."""

    components: tuple[str, ...] = ()
    bands: tuple[str, ...] = ()
    events: tuple[str, ...] = ()


def vocabulary(facts: Facts, rules: Rules) -> Vocabulary:
    """The names of these facts."""
    events = dict.fromkeys(event for path in rules.golden_paths for event in path.events)
    return Vocabulary(
        tuple(row.name for row in facts.components), tuple(name for name, _ in rules.bands), tuple(events)
    )
