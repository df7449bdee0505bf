"""Source code in colours.

May import rich's highlighter (late: it takes a tenth of a second) and `view.ink`. Invariant: the characters
are those of the code, whatever a lexer makes of it.
"""

from functools import lru_cache
from pathlib import PurePath
from typing import Any

from tui.view.ink import Piece

_LARGEST = 200_000
_INKS = (
    ("Token.Keyword.Constant", "code-number"),
    ("Token.Keyword", "code-keyword"),
    ("Token.Operator.Word", "code-keyword"),
    ("Token.Literal.String.Interpol", "plain"),
    ("Token.Literal.String", "code-string"),
    ("Token.Literal.Number", "code-number"),
    ("Token.Comment", "code-comment"),
    ("Token.Name.Function", "code-name"),
    ("Token.Name.Class", "code-name"),
    ("Token.Name.Decorator", "code-name"),
)

_lexers: dict[str, Any] = {}  # pygments has no types


def load(path: str) -> None:
    """Get ready for code of files like `path`. It takes long the first time; another thread may do it."""
    suffix = PurePath(path).suffix
    if suffix in _lexers:
        return
    from rich.syntax import Syntax  # noqa: PLC0415

    _lexers[suffix] = Syntax("", Syntax.guess_lexer(f"code{suffix}")).lexer if suffix else None


def loaded() -> frozenset[str]:
    """The kinds of files whose code is shown in colours by now."""
    return frozenset(_lexers)


def coloured(code: str, path: str) -> list[list[Piece]]:
    """The lines of `code`; without colours as long as nothing was loaded for files like `path`."""
    lexer = _lexers.get(PurePath(path).suffix)
    if lexer is None or len(code) > _LARGEST:
        return [[Piece(line)] for line in code.split("\n")]
    return _coloured(code, PurePath(path).suffix)


@lru_cache(maxsize=512)
def _coloured(code: str, suffix: str) -> list[list[Piece]]:
    lexer = _lexers[suffix]
    assert lexer is not None
    lines: list[list[Piece]] = [[]]
    told = ""
    for token, text in lexer.get_tokens(code):
        told += text
        ink = _ink(str(token))
        first, *others = text.split("\n")
        lines[-1].append(Piece(first, ink))
        lines += [[Piece(other, ink)] for other in others]
    if told == f"{code}\n":
        lines.pop()
    elif told != code:
        return [[Piece(line)] for line in code.split("\n")]
    return lines


@lru_cache(maxsize=256)
def _ink(token: str) -> str:
    return next((ink for start, ink in _INKS if token.startswith(start)), "plain")
