"""Reports read back: what a reader finds in each format, for the tests that hold them against each other."""

import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from xml.etree import ElementTree as ET

from markdown_it import MarkdownIt
from markdown_it.token import Token

Counts = dict[str, int]
Grid = list[list[str]]

_NAMES = ("tests", "passed", "failed", "errors", "skipped", "running")
_ACCOUNT = re.compile(
    r"([\d,]+) tests? = ([\d,]+) passed(?: \([^)]*\))? \+ ([\d,]+) failed \+ ([\d,]+) errors?"
    r" \+ ([\d,]+) skipped(?: \([^)]*\))?(?: \+ ([\d,]+) running)?"
)
_VERDICT = re.compile(r"([✔✖?]) (NOT READY|READY|UNKNOWN)\b")
MARKDOWN = MarkdownIt("gfm-like")
VOID = frozenset(("meta", "link", "img", "br", "hr", "input", "base", "embed", "source", "area"))


@dataclass
class Read:
    """What a report says: its verdict, its account, its components, and its headings in their order."""

    verdict: str
    account: Counts
    components: dict[str, Counts] = field(default_factory=dict)
    headings: list[str] = field(default_factory=list)
    unverified: list[str] = field(default_factory=list)


def read_json(text: str) -> Read:
    report = json.loads(text)
    return Read(
        report["verdict"]["word"],
        {name: report["overall"][name] for name in _NAMES},
        {
            row["name"]: {name: row[name] for name in _NAMES}
            for row in [*report["components"], {"name": "Overall", **report["overall"]}]
        },
        unverified=report["not_verified"],
    )


def read_text(text: str) -> Read:
    blocks = [block.split("\n") for block in text.rstrip("\n").split("\n\n")]
    table = next(block for block in blocks if block[0].startswith("Component "))
    told = next(block for block in blocks if block[0].startswith("Not verified"))
    return Read(
        *_head(text),
        _components([re.split(r" {2,}", line.strip()) for line in table]),
        ["Components" if block is table else block[0].strip() for block in blocks],
        [line.strip().removeprefix("- ") for line in told[1:]],
    )


def read_markdown(text: str) -> Read:
    tokens = MARKDOWN.parse(text)
    grids: list[Grid] = []
    grid: Grid = []
    headings: list[str] = []
    lists: list[str] = []
    for before, token in pairwise(tokens):
        if token.type == "table_open":
            grid = []
            grids.append(grid)
        elif token.type == "tr_open":
            grid.append([])
        elif before.type in ("th_open", "td_open"):
            grid[-1].append(shown(token))
        elif before.type == "heading_open":
            headings.append(shown(token))
            lists = []
        elif token.type == "inline":
            lists.append(shown(token))
    table = next(grid for grid in grids if grid[0][0] == "Component")
    said = " ".join(shown(token) for token in tokens if token.type == "inline")
    # The last of all lines says when the report was made.
    return Read(*_head(said), _components(table), headings, lists[:-1])


def shown(token: Token) -> str:
    """What one inline token shows to a reader."""
    return "".join(child.content for child in token.children or ())


class Page(HTMLParser):
    """An HTML page as a reader finds it; fails where tags do not match."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.tables: list[Grid] = []
        self.headings: list[str] = []
        self.items: list[str] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
        elif tag == "h2":
            self.headings.append("")
            self.items = []
        elif tag == "li":
            self.items.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, tag

    def handle_data(self, data: str) -> None:
        if "style" in self.open:
            return
        self.texts.append(data)
        if "td" in self.open or "th" in self.open:
            self.tables[-1][-1][-1] += data
        elif "h2" in self.open:
            self.headings[-1] += data
        elif "li" in self.open:
            self.items[-1] += data


def read_html(text: str) -> Read:
    page = Page(text)
    table = next(table for table in page.tables if table[0][0] == "Component")
    return Read(*_head("".join(page.texts)), _components(table), page.headings, page.items)


def read_svg(text: str) -> Read:
    found = ET.fromstring(text).iter("{http://www.w3.org/2000/svg}text")  # noqa: S314  # made by us
    texts = [each.text or "" for each in found]
    return Read(*_head(" ".join(texts)), headings=texts)


def _head(text: str) -> tuple[str, Counts]:
    text = " ".join(text.split())
    verdict, account = _VERDICT.search(text), _ACCOUNT.search(text)
    assert verdict, text[:200]
    assert account, text[:400]
    signs = {"READY": "✔", "NOT READY": "✖", "UNKNOWN": "?"}
    assert verdict[1] == signs[verdict[2]]
    return verdict[2], dict(zip(_NAMES, map(_number, account.groups(default="0")), strict=True))


def _components(table: Grid) -> dict[str, Counts]:
    headings = [heading.lower() for heading in table[0]]
    rows: dict[str, Counts] = {}
    for row in table[1:]:
        told = dict(zip(headings, row, strict=True))
        name = told["component"].removesuffix(" hollow?").removesuffix(" (required)").removesuffix(" ✖")
        rows[name] = {each: _number(told.get(each, "·")) for each in _NAMES}
    return rows


def _number(text: str) -> int:
    return 0 if text == "·" else int(text.replace(",", ""))
