"""A frame of a terminal, as `tmux capture-pane -e` gives it: its characters, and where the cursor bar is.

Pure.
"""

import re
from collections import Counter
from dataclasses import dataclass

_SGR = re.compile(r"\x1b\[([0-9;:]*)m")
_ANY = re.compile(r"\x1b\[[0-9;:?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b.")
_BACKGROUND = re.compile(r"48[;:]2[;:]+(\d+)[;:](\d+)[;:](\d+)|48[;:]5[;:](\d+)")

_LOW = 30


@dataclass(frozen=True)
class Frame:
    """What a screen showed at a moment; `raw` has the colours."""

    at: float
    raw: str

    @property
    def rows(self) -> list[str]:
        """The characters, row by row."""
        return [_ANY.sub("", row) for row in self.raw.split("\n")]

    def faults(self) -> list[str]:
        """Why this frame is blank or only partly drawn."""
        rows = [row.rstrip() for row in self.rows]
        if not any(rows):
            return ["blank"]
        found = []
        if not rows[0].startswith(" runwatch "):
            found.append("no header")
        if "Overview" not in rows[1]:
            found.append("no views")
        if "Filter" not in next((row for row in reversed(rows) if row), ""):
            found.append("no footer")
        tops = sum(row.count("╭") for row in rows)
        ends = sum(row.count("╰") for row in rows)
        # On a low screen some frames are open below, on purpose.
        if (
            not tops
            or ends > tops
            or (ends < tops and len(rows) > _LOW)
            or any(row.count("╭") != row.count("╮") for row in rows)
        ):
            found.append(f"frames open: {tops} begin, {ends} end")
        if any(row.count("│") % 2 for row in rows if row.lstrip().startswith("│")):
            found.append("a border is missing")
        return found

    def cursor(self) -> tuple[int, str] | None:
        """The row of the cursor bar in the leftmost list, the only one of its ground; what stands in it."""
        grounds: dict[str, list[int]] = {}
        for number, row in enumerate(self.raw.split("\n")):
            inside = row.partition("│")[2].partition("│")[0]
            for ground in {match.group() for match in _BACKGROUND.finditer(inside)}:
                grounds.setdefault(ground, []).append(number)
        single = Counter(rows[0] for rows in grounds.values() if len(rows) == 1)
        if not single:
            return None
        number = single.most_common(1)[0][0]
        return number, self.rows[number].partition("│")[2].partition("│")[0].strip()

    def detail(self) -> tuple[str, ...]:
        """What stands in the right frame, without its border: the test that is open."""
        parts = (row.split("│") for row in self.rows)
        return tuple(part[3].rstrip() for part in parts if len(part) >= 5)
