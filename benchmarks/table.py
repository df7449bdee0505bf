"""The table of what was measured, as text and as Markdown. Pure."""

from collections.abc import Sequence

from benchmarks.figures import Row, shown

HEADINGS = ("what", "figure", "reference", "", "ratio", "aim", "reached?")
_NOT = "not measured"


def cells(row: Row) -> tuple[str, ...]:
    """A row, as words."""
    if row.failed:
        return (row.what, "–", row.reference, "–", "–", row.aim.words(row.unit) if row.aim else "", _NOT)
    reached = {True: "yes", False: "NO", None: ""}[row.reached]
    if row.aim and row.reached is None:
        reached = _NOT
    return (
        row.what,
        shown(row.figure, row.unit) or "–",
        row.reference,
        shown(row.against, row.unit),
        f"{row.ratio:.2f}" if row.ratio is not None else "",
        row.aim.words(row.unit) if row.aim else "",
        reached,
    )


def text(rows: Sequence[Row]) -> str:
    """The table for a terminal, a heading for each theme, the reasons of what failed below it."""
    every = [cells(row) for row in rows]
    widths = [max(len(heading), *(len(row[n]) for row in every)) for n, heading in enumerate(HEADINGS)]
    lines = [_line(HEADINGS, widths), "─" * (sum(widths) + 2 * len(widths) - 2)]
    theme = ""
    for row, words in zip(rows, every, strict=True):
        if row.theme != theme:
            theme = row.theme
            lines.append(f"· {theme}")
        lines.append(_line(words, widths))
    for row in rows:
        if row.failed:
            lines.append(f"failed: {row.what}: {row.failed.splitlines()[0]}")
    aimed = [row for row in rows if row.aim]
    if aimed:
        lines += ["", tally(rows)]
    return "\n".join(lines)


def tally(rows: Sequence[Row]) -> str:
    """How many aims were reached, missed and not measured."""
    aimed = [row.reached for row in rows if row.aim]
    return (
        f"{len(aimed)} aims: {aimed.count(True)} reached, {aimed.count(False)} not reached, "
        f"{aimed.count(None)} not measured"
    )


def markdown(rows: Sequence[Row]) -> str:
    """The table for docs."""
    lines = ["| what | figure | reference | ratio | aim | reached? | how |", "|---|---|---|---|---|---|---|"]
    for row in rows:
        what, figure, reference, against, ratio, aim, reached = cells(row)
        beside = f"{reference}: {against}" if reference and against else reference
        how = f"failed: {row.failed.splitlines()[0]}" if row.failed else row.note
        words = (what, figure, beside, ratio, aim, f"**{reached}**" if reached == "NO" else reached, how)
        lines.append("| " + " | ".join(word.replace("|", "\\|") for word in words) + " |")
    return "\n".join(lines)


def _line(words: Sequence[str], widths: Sequence[int]) -> str:
    left = {0, 2}
    return "  ".join(
        word.ljust(width) if n in left else word.rjust(width)
        for n, (word, width) in enumerate(zip(words, widths, strict=True))
    ).rstrip()
