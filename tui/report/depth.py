"""How much of the facts a report tells; what it leaves out is said with its number. May import `text`."""

from msgspec import Struct

from tui.text import counted


class Depth(Struct, frozen=True):
    """How much of it all is told: the most of each kind that is listed.

    `tests`: under each cause and change. `excerpts`: tracebacks under each cause. `others`: files set
    aside. `lines`: components, sources, notes. `every_test`: of the list of all tests, if there is one.
    """

    causes: int
    tests: int
    excerpts: int
    evidence: int
    problems: int
    others: int
    lines: int
    every_test: int = 0


GLANCE = Depth(causes=10, tests=0, excerpts=0, evidence=0, problems=0, others=0, lines=40)
"""What a picture has room for."""
BRIEF = Depth(causes=10, tests=3, excerpts=0, evidence=0, problems=3, others=0, lines=200)
"""What is read from top to bottom, or pasted."""
FULL = Depth(causes=100, tests=100, excerpts=2, evidence=50, problems=50, others=200, lines=1000)
"""What can be folded: still small enough to be opened, however many tests fail."""


def left_out(number: int, noun: str, after: str = "") -> str:
    """What is said of that which is not listed; empty where everything is."""
    if number <= 0:
        return ""
    return " ".join(filter(None, ("and", counted(number, f"more {noun}".strip()), after)))
