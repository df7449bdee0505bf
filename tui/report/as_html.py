"""The report as one HTML file: nothing to fetch, nothing that runs, folded where it is long.

May import `document`, and reads `page.css` beside it. Invariants: every text passes through
`html.escape`; the page forbids itself scripts, frames and the network by its Content-Security-Policy.
"""

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import assert_never

from tui.report import document
from tui.report.document import (
    Block,
    Column,
    Document,
    Excerpt,
    Items,
    Line,
    Piece,
    Row,
    Section,
    Sentence,
    Table,
)

_STYLE = Path(__file__).with_name("page.css")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
# What stands out in a traceback: the failing line, the exception, the places.
_LINES = (
    (re.compile(r">"), "warning"),
    (re.compile(r"E\s|\s*(?:[\w.]+(?:Error|Exception|Failure)\b)"), "failed"),
    (re.compile(r"\S[^:\n]*:\d+(?::|$)|\s*File \""), "running"),
    (re.compile(r"[_-]( ?[_-]){4,}"), "muted"),
)


def render(report: Document) -> str:
    """The whole page."""
    return "".join(f"{line}\n" for line in _page(report))


def _page(report: Document) -> Iterator[str]:
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">'
    yield f"<title>{escape(report.verdict.text)} · {escape(report.title)}</title>"
    yield f"<style>\n{_STYLE.read_text(encoding='utf-8')}</style>\n</head>\n<body>"
    yield from _head(report)
    yield "<main>"
    for number, section in enumerate(report.sections):
        yield from _section(section, number)
    yield "</main>"
    yield f"<footer>{escape(report.made)}, from <code>{escape(report.directory)}</code></footer>"
    yield "</body>\n</html>"


def _head(report: Document) -> Iterator[str]:
    yield f'<header class="{report.verdict.style}">'
    yield f"<h1>{escape(report.title)}</h1>"
    yield f'<p class="verdict">{_piece(report.verdict)}</p>'
    yield f'<p class="rate">{_line(report.rate)}</p>'
    if report.shares:
        told = ", ".join(f"{count:,} {piece.text}" for count, piece in report.shares)
        yield f'<div class="bar" role="img" aria-label="{escape(told)}">'
        yield from (
            f'<span class="{piece.style}" style="flex-grow:{count}"></span>' for count, piece in report.shares
        )
        yield "</div>"
    yield f'<p class="account">{_line(report.account)}</p>'
    yield "</header>"


def _section(section: Section, number: int) -> Iterator[str]:
    yield f'<section class="{section.part}" aria-labelledby="s{number}">'
    told = f" <small>{_line(section.said)}</small>" if section.said else ""
    yield f'<h2 id="s{number}">{escape(section.title)}{told}</h2>'
    for block in section.blocks:
        yield from _block(block)
    yield "</section>"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Table(more=more):
            if block.rows:
                yield from _folds(block) if block.is_open else _table(block)
            yield from _more(more)
        case Items(lines, more):
            yield "<ul>"
            yield from (f"<li>{_line(line)}</li>" for line in lines)
            yield "</ul>"
            yield from _more(more)
        case Sentence(line):
            yield f"<p>{_line(line)}</p>"
        case Excerpt(title, text):
            yield f'<pre tabindex="0" aria-label="{escape(title)}">{_excerpt(text)}</pre>'
        case _:
            assert_never(block)


def _more(more: str) -> Iterator[str]:
    if more:
        yield f'<p class="more">{escape(more)}</p>'


def _table(table: Table) -> Iterator[str]:
    yield '<div class="wide"><table>\n<thead><tr>'
    for column in table.columns:
        heading = escape(column.heading) or '<span class="unseen">Sign</span>'
        yield f'<th scope="col"{_kind(column)}>{heading}</th>'
    yield "</tr></thead>\n<tbody>"
    named = next(place for place, column in enumerate(table.columns) if column.heading)
    for row in table.rows:
        yield '<tr class="whole">' if row.whole else "<tr>"
        for place, (column, line) in enumerate(zip(table.columns, row.cells, strict=True)):
            label = f' data-label="{escape(column.heading)}"'
            tag, scope = ("th", ' scope="row"') if place == named else ("td", "")
            yield f"<{tag}{scope}{_kind(column)}{label}>{_cell(column, line)}</{tag}>"
        yield "</tr>"
    yield "</tbody>\n</table></div>"


def _folds(table: Table) -> Iterator[str]:
    """A table with something below its rows: a list of what can be opened."""
    yield f'<ul class="folds" style="--columns:{_widths(table)}">'
    for row in table.rows:
        yield "<li>"
        if row.below:
            yield f"<details><summary>{_summary(table, row)}</summary><div>"
            for block in row.below:
                yield from _block(block)
            yield "</div></details>"
        else:
            yield f'<div class="closed">{_summary(table, row)}</div>'
        yield "</li>"
    yield "</ul>"


def _widths(table: Table) -> str:
    """The widths of the columns, by their longest texts: what is long shares what the others leave."""
    widths = []
    for place, column in enumerate(table.columns):
        longest = max(len(document.plain(row.cells[place])) for row in table.rows)
        if column.flexible:
            widths.append(f"minmax(0,{min(max(longest, 8), 60)}fr)")
        else:
            widths.append(f"{min(longest * 1.05 + 0.5, 40):.4g}ch")
    return " ".join(widths)


def _summary(table: Table, row: Row) -> str:
    """The cells of a row, each with its heading for those who do not see the columns."""
    cells = []
    for column, line in zip(table.columns, row.cells, strict=True):
        heading = f'<span class="unseen">{escape(column.heading)}: </span>' if column.heading and line else ""
        cells.append(f"<span{_kind(column)}>{heading}{_cell(column, line)}</span>")
    return '<span class="row">' + "".join(cells) + "</span>"


def _kind(column: Column) -> str:
    kinds = [
        "sign" * (not column.heading),
        "right" * column.right,
        "long" * column.flexible,
    ]
    said = " ".join(filter(None, kinds))
    return f' class="{said}"' if said else ""


def _cell(column: Column, line: Line) -> str:
    shown = _line(line)
    return f"<code>{shown}</code>" if column.code and shown else shown


def _line(line: Line) -> str:
    return "".join(map(_piece, line))


def _piece(piece: Piece) -> str:
    text = escape(piece.text)
    return f'<span class="{piece.style}">{text}</span>' if piece.style else text


def _excerpt(text: str) -> str:
    return "\n".join(map(_traceback_line, text.split("\n")))


def _traceback_line(line: str) -> str:
    style = next((style for pattern, style in _LINES if pattern.match(line)), "")
    return _piece(Piece(line, style))
