"""Renews the figures of docs/performance.md and its plot: python -m benchmarks.page [JSON]."""

import sys
from pathlib import Path
from typing import Any

from benchmarks import plot, record, table
from benchmarks.__main__ import RESULTS
from benchmarks.bench import ROOT
from benchmarks.figures import Row

PAGE = ROOT / "docs" / "performance.md"
PICTURE = ROOT / "docs" / "growth.svg"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"


def series(rows: list[Row]) -> dict[str, list[tuple[int, float]]]:
    """The lines of the plot."""
    lines: dict[str, list[tuple[int, float]]] = {}
    for row in rows:
        if row.series and row.figure:
            lines.setdefault(row.series, []).append((row.at, row.figure))
    return lines


def figures(kept: dict[str, Any], rows: list[Row]) -> str:
    """What stands between the marks."""
    shown = [row for row in rows if not row.series]
    size = "The quick run: smaller sizes than the aims are meant for." if kept["quick"] else "The full run."
    on = f"{kept['machine']['words']}; {kept['machine']['versions']}"
    head = f"{size} {kept['when']}, {kept['seconds']} s. {on}."
    missed = [row.what for row in shown if row.aim and row.reached is False]
    unknown = [row.what for row in shown if row.failed]
    parts = [head, table.tally(shown) + ".", table.markdown(shown)]
    parts.append("Not reached: " + ("; ".join(missed) or "none") + ".")
    parts.append("Not measured: " + ("; ".join(unknown) or "none of the above") + ".")
    if series(rows):
        parts.append("![Seconds over tests](growth.svg)")
    return "\n\n".join(parts)


def renewed(page: str, text: str) -> str:
    """The page with these figures."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{text}\n\n{END}{after}"


def main() -> None:
    """Write both."""
    kept, rows = record.read(Path(sys.argv[1]) if len(sys.argv) > 1 else RESULTS)
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8"), figures(kept, rows)), encoding="utf-8")
    if lines := series(rows):
        PICTURE.write_text(plot.svg(lines, "Seconds over tests"), encoding="utf-8")


if __name__ == "__main__":
    main()
