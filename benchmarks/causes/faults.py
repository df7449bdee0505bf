"""Source code -> the same source with one fault planted in one function.

Pure. A fault is an edit of the text, not of a tree that is printed anew, so tracebacks keep the lines
and the look of what somebody wrote.
"""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Fault:
    """One edit: what kind it is of, where it is made; `text` stands for the bytes from `begin` to `end`."""

    kind: str
    path: str
    function: str
    begin: int
    end: int
    text: str


Edit = tuple[ast.expr | ast.stmt, str]
"""A node and what is to stand for it; `{}` is what was there."""
Function = ast.FunctionDef | ast.AsyncFunctionDef

_NEXT = {
    "Lt": "<=",
    "LtE": "<",
    "Gt": ">=",
    "GtE": ">",
    "Eq": "!=",
    "NotEq": "==",
    "Is": "is not",
    "In": "not in",
}
_RAISED = (
    'raise RuntimeError("the state is not what it should be")',
    'raise ValueError(f"cannot work with {{{name}!r}}")',
    'raise KeyError("missing")',
    'raise OSError(5, "input/output error")',
    "raise NotImplementedError",
)


def planted(kind: str, path: str, name: str, source: str, random: Random) -> Fault | None:
    """A fault of that kind in that function of `source`, drawn by `random`; None where none fits."""
    for found, function in _functions(ast.parse(source), ""):
        if found == name:
            edits = list(_KINDS[kind](function, random))
            return Fault(kind, path, name, *_placed(source, *random.choice(edits))) if edits else None
    return None


def edited(source: str, faults: Iterable[Fault]) -> str:
    """`source`, a file's, with those of the faults that are of that file; they are in different functions."""
    whole = source.encode()
    for fault in sorted(faults, key=lambda fault: -fault.begin):
        whole = whole[: fault.begin] + fault.text.encode() + whole[fault.end :]
    return whole.decode()


def _functions(node: ast.AST, inside: str) -> Iterator[tuple[str, Function]]:
    for child in ast.iter_child_nodes(node):
        name = getattr(child, "name", "")
        path = f"{inside}.{name}".strip(".") if isinstance(child, Function | ast.ClassDef) else inside
        if isinstance(child, Function):
            yield path, child
        yield from _functions(child, path)


def _own(function: Function) -> Iterator[ast.AST]:
    """The nodes of a function's body, without those of functions within it."""
    todo: list[ast.AST] = list(function.body)
    while todo:
        node = todo.pop()
        if isinstance(node, Function | ast.ClassDef | ast.Lambda):
            continue
        yield node
        todo += ast.iter_child_nodes(node)


def _body(function: Function) -> list[ast.stmt]:
    documented = isinstance(function.body[0], ast.Expr) and isinstance(function.body[0].value, ast.Constant)
    return function.body[1:] if documented else function.body


def _raise(function: Function, random: Random) -> Iterator[Edit]:
    names = [argument.arg for argument in function.args.args]
    text = random.choice(_RAISED).format(name=names[-1] if names else "None")
    for first in _body(function)[:1]:
        yield first, f"{text}\n{' ' * first.col_offset}{{}}"


def _wrong_value(function: Function, random: Random) -> Iterator[Edit]:
    for node in _own(function):
        if isinstance(node, ast.Return) and node.value and not _is_constant(node.value, None):
            yield node.value, random.choice(("None", "({}, None)", "not ({})"))


def _off_by_one(function: Function, random: Random) -> Iterator[Edit]:
    for node in _own(function):
        if isinstance(node, ast.Constant) and type(node.value) is int:
            yield node, f"({node.value} {random.choice('+-')} 1)"


def _comparison(function: Function, _: Random) -> Iterator[Edit]:
    for node in _own(function):
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            operator = _NEXT.get(type(node.ops[0]).__name__)
            if operator:
                left, right = ast.unparse(node.left), ast.unparse(node.comparators[0])
                yield node, f"({left}) {operator} ({right})"


def _line_removed(function: Function, _: Random) -> Iterator[Edit]:
    for node in _own(function):
        if isinstance(node, ast.Expr | ast.AugAssign | ast.Assign) and not isinstance(
            node.value, ast.Constant | ast.Yield | ast.YieldFrom
        ):
            yield node, "pass"


def _attribute(function: Function, _: Random) -> Iterator[Edit]:
    for node in _own(function):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            yield node, "{}_"


def _name_gone(function: Function, _: Random) -> Iterator[Edit]:
    """A function of a module that others import is not there."""
    if function.col_offset == 0:
        yield function, f"{{}}\n\n\ndel {function.name}\n"


def _fixture(function: Function, _: Random) -> Iterator[Edit]:
    if any("fixture" in ast.unparse(decorator) for decorator in function.decorator_list):
        for first in _body(function)[:1]:
            yield first, f'raise ConnectionError("refused")\n{" " * first.col_offset}{{}}'


def _is_constant(node: ast.expr, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


_KINDS: dict[str, Callable[[Function, Random], Iterator[Edit]]] = {
    "raise": _raise,
    "wrong value": _wrong_value,
    "off by one": _off_by_one,
    "comparison": _comparison,
    "line removed": _line_removed,
    "attribute": _attribute,
    "name gone": _name_gone,
    "fixture": _fixture,
}
KINDS = tuple(_KINDS)
"""Every kind of fault. `fixture` is for test code, all others are for the product's."""


def _placed(source: str, node: ast.expr | ast.stmt, text: str) -> tuple[int, int, str]:
    whole = source.encode()
    starts = [0, *(found.end() for found in re.finditer(b"\n", whole))]
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    begin = starts[node.lineno - 1] + node.col_offset
    end = starts[node.end_lineno - 1] + node.end_col_offset
    before, hole, after = text.partition("{}")
    if not hole:
        return begin, end, text
    if not after:  # only what comes before or behind is new, so other edits within the node stay possible
        return begin, begin, before
    if not before:
        return end, end, after
    return begin, end, before + whole[begin:end].decode() + after
