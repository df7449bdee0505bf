"""Tests of a `go test -json` stream that ran alone, their lines one after the other: found without a decoder.

Most tests run so, and of what they print most is framing. One pattern finds all lines of such a test in a
fifth of the time that decoding each takes. May import `core.model` and, of the readers, `golden`. Invariant:
what is told of them folds into what the lines tell one by one; whatever could be read in two ways (any escape
but the line feed at the end of what was printed, other keys or another order of them) is left to whoever
decodes each line.
"""

from array import array
from collections.abc import Sequence

from tui.core.model import PassedRun
from tui.readers.golden import MARK
from tui.regex import regex

ALONE = regex(
    r'\{"Time":"([^"]++)","Action":"run"(,"Package":"([^"]++)","Test":"([^"]++)")\}\n'
    r'((?:\{"Time":"[^"]*+","Action":"output"\2,"Output":"[^"]*+(?<=\\n)"\}\n)*+)'
    r'\{"Time":"[^"]*+","Action":"(pass|fail|skip)"\2,"Elapsed":((?:0|[1-9]\d{0,8}+)(?:\.\d++)?+)\}\n'
)
"""Groups: when it began, the keys that name it, package, name, output, how it ended, how long it took."""

_OUTPUT = regex(r'"Output":"([^"\\]*+)\\n"\}\n')

Passed = tuple[str, float, float, int, int]
"""Name, how long it took, when it began, and where its lines begin and end."""


def is_sure(keys: str, name: str, printed: str) -> bool:
    """Whether the lines can be read in one way only, and say no more than what the test printed."""
    return (
        printed.isascii()
        and printed.count("\\") == printed.count("\n")
        and MARK not in printed
        and keys.isascii()
        and keys.isprintable()
        and " " not in keys
        and "\\" not in keys
        and "/" not in name
    )


def outputs(printed: str) -> list[str]:
    """What the lines of `printed` print."""
    return [text + "\n" for text in _OUTPUT.findall(printed)]


def run(package: str, tests: Sequence[Passed], offset: int) -> PassedRun:
    """Tests of one package that passed; the text that they were found in begins at `offset` of the file."""
    names, took, began, starts, ends = zip(*tests, strict=True)
    return PassedRun(
        package,
        f"{package}.",
        None,
        "\n".join(names),
        array("d", took).tobytes(),
        array("Q", [offset + start for start in starts]).tobytes(),
        array("I", [end - start - len("\n") for start, end in zip(starts, ends, strict=True)]).tobytes(),
        array("d", began).tobytes(),
    )
