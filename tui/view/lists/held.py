"""Some tests as they were numbered, what became of them since, and what was made of them: sorted, counted.

May import `core`. Pure. Invariant: what was made of them is of these very tests; what cannot be brought up to
date when one of them changes is dropped.
"""

from collections.abc import Iterator

from tui.core.arranging import Arrangement, Order
from tui.core.durations import Durations
from tui.core.filling import Shelves
from tui.core.model import TestKey, TestResult
from tui.core.numbering import Some


class Held:
    """Tests as they were at a revision, `loose` what became of some since; and what was made of them."""

    def __init__(self, some: Some) -> None:
        self.revision = some.numbering.revision
        self.some = some
        self.loose: dict[TestKey, TestResult] = {}
        self.arrangement: Arrangement | None = None
        self.ahead: Arrangement | None = None
        self.shelves: Shelves | None = None
        self.durations: Durations | None = None

    def __len__(self) -> int:
        return len(self.some) + len(self.loose)

    def result(self, key: TestKey) -> TestResult | None:
        """What is known of a test that is kept by itself; None of any other."""
        result = self.loose.get(key)
        if result is None:
            number = self.some.find(key)
            if number is not None and number < self.some.numbering.first:
                return self.some.numbering.results[number]
        return result

    def since(self) -> dict[TestKey, TestResult | None]:
        """What became of tests since they were numbered; None: they are not there any more."""
        return {**dict.fromkeys(self.some.taken()), **self.loose}

    def sorted_by(self, way: tuple[Order, bool]) -> Arrangement | None:
        """Where they are sorted so already: how."""
        known = (self.arrangement, self.ahead)
        return next((each for each in known if each is not None and each.way == way), None)

    def sorting(self, arrangement: Arrangement) -> Iterator[None]:
        """Sort all numbered tests, step by step."""
        if self.shelves is None:
            shelves = Shelves(self.some.numbering)
            yield from shelves.filling()
            self.shelves = shelves
        yield from arrangement.filling(self.shelves)

    def singles(self) -> list[tuple[TestKey, TestResult]]:
        """All tests that are kept by themselves."""
        return [*self.some.single_items(), *self.loose.items()]
