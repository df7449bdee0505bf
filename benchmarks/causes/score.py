"""Groups and labels -> pairwise precision and recall.

A pair is two failures of one round. It is found where both are in one group, and true where both have
one label. Precision: of the pairs found, the part that is true. Recall: of the true, the part found.
"""

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pairs:
    """Counts of pairs; they add up over rounds."""

    both: int = 0
    found: int = 0
    true: int = 0

    def __add__(self, other: "Pairs") -> "Pairs":
        return Pairs(self.both + other.both, self.found + other.found, self.true + other.true)

    @property
    def precision(self) -> float:
        """1.0 where nothing was put together: no pair is wrong then."""
        return self.both / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """1.0 where there was nothing to be put together."""
        return self.both / self.true if self.true else 1.0


def pairs(members: Iterable[tuple[Hashable, Hashable]]) -> Pairs:
    """The pairs of one round, of each failure its group and its label."""
    joint = Counter(members)
    groups: Counter[Hashable] = Counter()
    labels: Counter[Hashable] = Counter()
    for (group, label), number in joint.items():
        groups[group] += number
        labels[label] += number
    return Pairs(*(sum(n * (n - 1) // 2 for n in counter.values()) for counter in (joint, groups, labels)))
