"""Why a filter leaves nothing of a list, and what to press. May import `core`, `text` and `view.ink`."""

from tui.core.filters.matching import Found
from tui.text import counted, shortened
from tui.view.ink import Line, Piece

_LONGEST = 30


def unmet(found: Found, what: str) -> list[Line]:
    """What a filter is too narrow for: `what` is the noun of the list."""
    if found.keys:
        some = len(found.keys)
        none = "The one test" if some == 1 else f"None of the {counted(some, 'test')}"
        said = f"{none} that the filter leaves is {'no' if some == 1 else 'a'} {what} here."
        return [[Piece(said, "muted")], [], *_press("3", "shows them"), *_press("esc", "clears the filter")]
    lines: list[Line] = [[Piece(f"No {what} matches the filter.", "strong", bold=True)], []]
    before = found.total
    longest = max((len(str(term)) for term in found.wanted.terms), default=0)
    width = min(longest, _LONGEST)
    for number, term in enumerate(found.wanted.terms):
        if term.is_unfinished:
            continue
        left = found.left[number] if number < len(found.left) else 0
        remark = found.remarks[number] if number < len(found.remarks) else ""
        of = f"of {before:,}" if before == found.total else f"of these {before:,}"
        told = f"{left:,} {of}" if left else f"none {of}"
        name = shortened(str(term), _LONGEST)
        lines.append([Piece(f"  {name:<{width}}  ", "accent"), Piece(told, "plain" if left else "warning")])
        if term.fault or remark:
            lines.append([Piece(f"    {term.fault or remark}", "warning")])
        before = left
        if not left:
            break
    return [*lines, [], *_press("esc", "clears it"), *_press("/", "edits it")]


def _press(key: str, does: str) -> list[Line]:
    return [[Piece(f"  {key:<4}", "key"), Piece(does, "muted")]]
