"""The report as Markdown that pastes well into a chat, a pull request or a wiki.

May import `document`. GitHub's flavour (https://github.github.com/gfm/), without HTML. Invariant: text
becomes neither markup, nor a link, a mention, a reference or a picture: every word that could stands in
a code span, where none of the programs that show Markdown reads anything into it.
"""

import re
from collections.abc import Iterable, Iterator
from typing import assert_never

from tui.regex import regex
from tui.report.document import (
    Block,
    Column,
    Document,
    Excerpt,
    Items,
    Line,
    Section,
    Sentence,
    Table,
    plain,
)

_LETTERS = r"[A-Za-z0-9\u0080-\U0010ffff]+"
_NUMBER = r"[\u0080-\U0010ffff]?\d[\d,]*(?:[./]\d+)*"
# A word of letters, a number, a fraction; perhaps in parentheses, and with a mark at its end.
_HARMLESS = regex(rf"\(?(?:{_NUMBER}|{_LETTERS}(?:[-']{_LETTERS})*)%?[),;:.?!]*")
# What looks like a commit, like a ticket, or like the number of a list's item.
_TELLING = regex(r"\(?(?:[0-9a-fA-F]{7,}|[A-Za-z]+-\d+)[^A-Za-z0-9]*|\d+[.)][),;:.?!]*")
_HARMLESS_MARKS = frozenset(("=", "?", "%", "e.g."))
_BULLETS = frozenset(("+", "-"))


def render(report: Document) -> str:
    """The whole report."""
    lines = [f"## {inline(report.title)}", ""]
    lines += [f"**{report.verdict.text}** · {inline(plain(report.rate))}", "", inline(plain(report.account))]
    for section in report.sections:
        lines += ["", *_section(section)]
    return "\n".join([*lines, "", f"{report.made}, from {code(report.directory)}", ""])


def inline(text: str, *, cell: bool = False) -> str:
    """`text` as Markdown that shows it. `cell`: in a table, where a line's beginning has no meaning."""
    shown: list[str] = []
    unsafe: list[str] = []

    def close() -> None:
        if unsafe:
            run = " ".join(unsafe)
            inner = run.rstrip(",;:") or run
            shown.append(code(inner, cell=cell) + run[len(inner) :])
            unsafe.clear()

    for place, word in enumerate(text.split()):
        if _is_harmless(word, first=not (place or cell)):
            close()
            shown.append(word)
        else:
            unsafe.append(word)
            if word[-1] in ",;:":
                close()
    close()
    return " ".join(shown)


def code(text: str, *, cell: bool = False) -> str:
    """`text` as a code span; empty where it is blank."""
    text = " ".join(text.split())
    if not text:
        return ""
    if cell:
        # A backslash protects a bar in a table, where the backslashes before it count as pairs.
        text = re.sub(r"(\\*)\|", lambda match: rf"{match[1] * 2}\|", text)
    fence = "`" * (_longest_run(text) + 1)
    blank = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{blank}{text}{blank}{fence}"


def fenced(text: str) -> list[str]:
    """`text` as a block of code that nothing in it can end."""
    fence = "`" * max(3, _longest_run(text) + 1)
    return [fence, *text.split("\n"), fence]


def _is_harmless(word: str, *, first: bool) -> bool:
    if word in _BULLETS:
        return not first
    if word in _HARMLESS_MARKS:
        return True
    return _HARMLESS.fullmatch(word) is not None and _TELLING.fullmatch(word) is None


def _section(section: Section) -> Iterator[str]:
    yield f"### {inline(section.title)}"
    if section.said:
        yield ""
        yield inline(plain(section.said))
    for block in section.blocks:
        yield ""
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Table(more=more):
            if block.rows:
                yield from _list(block) if block.is_open else _table(block)
            # A table goes on until a blank line.
            yield from ("", more) if more else ()
        case Items(lines, more):
            yield from (f"- {inline(plain(line))}" for line in lines)
            yield from (f"- {more}",) if more else ()
        case Sentence(line):
            yield inline(plain(line))
        case Excerpt(title, text):
            yield from (f"{title}:", "", *fenced(text))
        case _:
            assert_never(block)


def _table(table: Table) -> Iterator[str]:
    yield _barred(column.heading for column in table.columns)
    yield _barred("---:" if column.right else "---" for column in table.columns)
    for row in table.rows:
        cells = [_cell(*pair, cell=True) for pair in zip(table.columns, row.cells, strict=True)]
        if row.whole:
            cells[0] = f"**{cells[0]}**"
        yield _barred(cells)


def _list(table: Table) -> Iterator[str]:
    """A table with something below its rows, as a list of lists."""
    for row in table.rows:
        told = ""
        for column, cell in zip(table.columns, row.cells, strict=True):
            text = _cell(column, cell)
            if text:
                # A sign or a number belongs to what follows it.
                told += f"**{text}** " if column.right else f"{text} " if not column.heading else f"{text} · "
        yield f"- {told.rstrip(' ·')}"
        for block in row.below:
            below = _names(block) if isinstance(block, Table) else _block(block)
            yield from (f"  {line}" for line in below)


def _names(table: Table) -> Iterator[str]:
    """The rows of a table below a row: their essence, as a list."""
    for row in table.rows:
        cells = [
            _cell(column, cell)
            for column, cell in zip(table.columns, row.cells, strict=True)
            if not column.detail
        ]
        yield f"- {' · '.join(filter(None, cells))}"
        for block in row.below:
            yield ""
            yield from (f"  {line}" for line in _block(block))
            yield ""
    if table.more:
        yield f"- {table.more}"


def _cell(column: Column, line: Line, *, cell: bool = False) -> str:
    return (code if column.code else inline)(plain(line), cell=cell)


def _barred(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _longest_run(text: str) -> int:
    """How many backticks stand together, at most."""
    return max(map(len, re.findall("`+", text)), default=0)
