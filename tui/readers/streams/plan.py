"""A plan: the list of tests that are to run, one id a line, as `pytest --collect-only -q` prints it.

The lines around the list (a summary, warnings, collection errors) are pytest's own
(https://docs.pytest.org/en/stable/how-to/usage.html); a list of ids of any runner may be named in the
configuration. May import `core.model`, `core.identity`, `text` and, of the readers, `reader`, `lines` and
`linewise`. Invariant: a plan says what is to run, never that it ran.
"""

import re
from collections.abc import Sequence
from typing import Self

from tui.core.identity import from_node_id
from tui.core.model import Detail, Event, Problem, ProblemFound, TestPlanned
from tui.readers.reader import Ending, Format
from tui.readers.streams.lines import Line
from tui.readers.streams.linewise import LineReader
from tui.text import one_line, plain

# What pytest prints of a run begins like an id too, and ends with a result.
_NODE_ID = re.compile(
    r"(?!.* (?:PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS|RERUN)\b)[^\s:\[][^:\[\]\n]*\.py::[^\s:][^\n]*"
)
_SUMMARY = re.compile(
    r"(?:=+ )?(?:no tests|\d+(?:/\d+)? tests?) (?:collected|ran)\b.*|=+ .* =+|-- Docs: .*|!+ .* !+|ERROR .*"
    r"|\s.*|.*Warning: .*|_+ .* _+|E  .*",
)
_LOOKED_AT = 20


def parse(lines: Sequence[str]) -> tuple[TestPlanned, ...]:
    """The tests that somebody listed, one a line; empty lines and those that begin with `#` say nothing."""
    ids = (one_line(line) for line in lines if line.strip() and not line.lstrip().startswith("#"))
    return tuple(TestPlanned(from_node_id(each), each) for each in ids if not _SUMMARY.fullmatch(each))


class _Plan:
    def line(self, data: bytes, line: Line) -> list[Event]:
        text = plain(data.decode("utf-8", "replace"))
        if _NODE_ID.fullmatch(text):
            label = one_line(text)
            return [TestPlanned(from_node_id(label), label)]
        if not text.strip() or _SUMMARY.fullmatch(text):
            return []
        return [ProblemFound(Problem("noise", "not a test id, left out", line.number))]

    def fork(self) -> Self:
        return self

    def takes(self, data: bytes) -> bool:
        return bool(data.strip())

    def closed(self, number: int) -> Ending:
        del number
        return Ending(complete=True)


def _recognise(head: bytes) -> bool:
    """Whether the first lines that say anything are ids; the last one may be cut off."""
    lines = [line for line in head.decode("utf-8", "replace").split("\n") if line.strip()]
    first = lines[:_LOOKED_AT]
    said = [line for line in first if not _SUMMARY.fullmatch(line)]
    return bool(said) and sum(bool(_NODE_ID.fullmatch(line.rstrip("\r"))) for line in said) >= 0.9 * len(said)


def _open() -> LineReader:
    return LineReader("plan", _Plan())


def _detail(records: Sequence[bytes]) -> Detail:
    del records  # a plan holds no results
    return Detail()


FORMAT = Format("plan", _recognise, _open, _detail)
