"""Claims as judged: what the reports and the view show.

May import nothing of runwatch, so that what shows no claims does not load what judges them.
"""

from enum import StrEnum

from msgspec import Struct


class ClaimVerdict(StrEnum):
    """What became of a claim."""

    TRUE = "true"
    FALSE = "false"
    CONTRADICTS = "contradicts itself"
    NOT_SUPPORTED = "not supported"


class JudgedClaim(Struct, frozen=True):
    """A claim beside what was counted. `text`: the words of the page; `gap`: claimed less counted.

    `subject`: the component, empty for the whole. `why` is empty where there is nothing to explain.
    """

    line: int
    subject: str
    claim: str
    text: str
    counted: str
    gap: str
    verdict: ClaimVerdict
    why: str

    @property
    def is_not_so(self) -> bool:
        """Whether it is false or contradicts another claim."""
        return self.verdict in (ClaimVerdict.FALSE, ClaimVerdict.CONTRADICTS)


class JudgedPage(Struct, frozen=True):
    """All claims of a page, in its order. `problem`: why it could not be read, or not whole."""

    name: str
    claims: tuple[JudgedClaim, ...] = ()
    problem: str = ""

    def number(self, verdict: ClaimVerdict) -> int:
        """How many claims came to `verdict`."""
        return sum(claim.verdict is verdict for claim in self.claims)

    @property
    def not_so(self) -> int:
        """How many claims are false or contradict themselves."""
        return sum(claim.is_not_so for claim in self.claims)
