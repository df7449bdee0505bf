"""Tests of a `go test -json` stream that passed, their lines one after the other: found without a decoder.

Most tests run alone, and of what they print most is framing. One pattern finds all lines of such a test in a
fifth of the time that decoding each takes. May import `core.model` and, of the readers, `golden` and
`jsonvalues`. Invariant: what is told of them folds into what the lines tell one by one; whatever could be
read in two ways (any escape but the line feed at the end of what was printed, other keys or another order of
them) is left to whoever decodes each line.
"""

from array import array
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tui.core.model import PassedRun
from tui.readers.golden import MARK
from tui.readers.jsonvalues import iso_moment
from tui.regex import regex

_TEST = regex(
    r'\{"Time":"([^"]++)","Action":"run"(,"Package":"([^"]++)","Test":"([^"]++)")\}\n'
    r'((?:\{"Time":"[^"]*+","Action":"output"\2,"Output":"[^"]*+(?<=\\n)"\}\n)*+)'
    r'\{"Time":"[^"]*+","Action":"pass"\2,"Elapsed":((?:0|[1-9]\d{0,8}+)(?:\.\d++)?+)\}\n'
)


class Found(NamedTuple):
    """A test, and where the lines stand that tell of it; `number`: how many these are."""

    start: int
    end: int
    number: int
    package: str
    name: str
    began: float
    took: float


def found(text: str, start: int) -> Iterator[Found]:
    """The tests in `text` from `start` on, where a line begins."""
    end = start
    for test in _TEST.finditer(text, start):
        time, same, package, name, printed, took = test.groups()
        lines = printed.count("\n")
        if printed.count("\\") != lines or MARK in printed or not same.isascii() or not same.isprintable():
            continue
        begin = test.start()
        if begin != end and text[begin - 1 : begin] not in ("\n", ""):
            continue  # it is the rest of a line
        began = iso_moment(time)
        if began is None or " " in same or "\\" in same or "/" in name or name.startswith("Benchmark"):
            continue
        end = test.end()
        yield Found(begin, end, lines + 2, package, name, began, float(took))


def run(tests: Sequence[Found], offset: int) -> PassedRun:
    """Tests of one package; the text that they were found in begins at `offset` of the file."""
    package = tests[0].package
    return PassedRun(
        package,
        f"{package}.",
        None,
        "\n".join([test.name for test in tests]),
        array("d", [test.took for test in tests]).tobytes(),
        array("Q", [offset + test.start for test in tests]).tobytes(),
        array("I", [test.end - test.start - len("\n") for test in tests]).tobytes(),
        array("d", [test.began for test in tests]).tobytes(),
    )
