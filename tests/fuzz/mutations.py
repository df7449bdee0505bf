"""Documents changed step by step. Imports `seeds` only.

A step is four numbers, so that whoever draws them (a seeded generator, hypothesis, a coverage-guided
fuzzer) makes the same inputs of them.
"""

from collections.abc import Callable, Iterable
from random import Random
from typing import NamedTuple

from tests.fuzz.seeds import Stock

LARGEST = 6 * 1024
"""The most bytes that an input has: what grows faster than its input shows long before."""

_TIMES = (2, 2, 2, 2, 3, 3, 3, 5, 5, 12, 120)
_LONG = (5, 5, 10, 10, 10, 10, 70, 70, 70, 520, 520, 2100, 9000)
_ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "latin-1", "cp037", "utf-7")


class Step(NamedTuple):
    """One change: which, where, how much, and which of what there is to choose from. All from 0 on."""

    kind: int
    at: int
    size: int
    pick: int


def _flip(data: bytes, step: Step, stock: Stock) -> bytes:
    del stock
    return data[: step.at] + bytes([data[step.at] ^ (1 << step.pick % 8)]) + data[step.at + 1 :]


def _set(data: bytes, step: Step, stock: Stock) -> bytes:
    del stock
    return data[: step.at] + bytes([step.pick % 256]) + data[step.at + 1 :]


def _cut_out(data: bytes, step: Step, stock: Stock) -> bytes:
    del stock
    return data[: step.at] + data[step.at + 1 + step.size % 200 :]


def _cut_off(data: bytes, step: Step, stock: Stock) -> bytes:
    del stock
    return data[: step.at]


def _repeat(data: bytes, step: Step, stock: Stock) -> bytes:
    """A part of it several times, now and then a hundred."""
    del stock
    part = data[step.at : step.at + 1 + step.size % 300]
    return data[: step.at] + part * _TIMES[step.pick % len(_TIMES)] + data[step.at :]


def _insert(data: bytes, step: Step, stock: Stock) -> bytes:
    return data[: step.at] + stock.words[step.pick % len(stock.words)] + data[step.at :]


def _overwrite(data: bytes, step: Step, stock: Stock) -> bytes:
    """A word of the dictionary in place of as much, or of a value between quotes."""
    word = stock.words[step.pick % len(stock.words)]
    opened = data.find(b'"', step.at)
    closed = data.find(b'"', opened + 1)
    if step.size % 2 and 0 <= opened < closed:
        return data[: opened + 1] + word + data[closed:]
    return data[: step.at] + word + data[step.at + len(word) :]


def _exchange(data: bytes, step: Step, stock: Stock) -> bytes:
    """A word that stands in it becomes another."""
    one = stock.words[step.pick % len(stock.words)]
    other = stock.words[step.size % len(stock.words)]
    return data.replace(one, other, 1 + step.at % 5)


def _splice(data: bytes, step: Step, stock: Stock) -> bytes:
    """Its beginning, and the rest of another document."""
    other = stock.seeds[step.pick % len(stock.seeds)]
    return data[: step.at] + other[step.size % (len(other) + 1) :]


def _graft(data: bytes, step: Step, stock: Stock) -> bytes:
    """A part of another document in the middle of it."""
    other = stock.seeds[step.pick % len(stock.seeds)]
    start = step.size % (len(other) + 1)
    return data[: step.at] + other[start : start + step.size % 700] + data[step.at :]


def _grow(data: bytes, step: Step, stock: Stock) -> bytes:
    """A word many times over: nesting, long names, long numbers, long runs of blanks."""
    word = stock.words[step.pick % len(stock.words)]
    times = min(_LONG[step.size % len(_LONG)], LARGEST // 2 // len(word) + 1)
    return data[: step.at] + word * times + data[step.at :]


def _lines(data: bytes, step: Step, stock: Stock) -> bytes:
    """A line is left out, repeated, moved, or swapped for one of another document."""
    lines = data.splitlines(keepends=True)
    at, to = step.at % len(lines), step.size % len(lines)
    match step.pick % 5:
        case 0:
            del lines[at]
        case 1:
            lines.insert(to, lines[at])
        case 2:
            lines[at], lines[to] = lines[to], lines[at]
        case 3:
            lines[at] = lines[at].rstrip(b"\r\n")
        case _:
            others = stock.seeds[step.size % len(stock.seeds)].splitlines(keepends=True)
            lines.insert(at, others[step.pick % len(others)])
    return b"".join(lines)


def _recode(data: bytes, step: Step, stock: Stock) -> bytes:
    del stock
    return data.decode("utf-8", "replace").encode(_ENCODINGS[step.pick % len(_ENCODINGS)], "replace")


_CHANGES: tuple[Callable[[bytes, Step, Stock], bytes], ...] = (
    *(_flip, _set, _cut_out, _cut_off, _repeat, _insert, _insert, _overwrite, _overwrite, _exchange),
    *(_splice, _graft, _grow, _lines, _lines, _recode),
)  # fmt: skip


def mutated(data: bytes, steps: Iterable[Step], stock: Stock) -> bytes:
    """`data` after all `steps`."""
    for step in steps:
        if data:
            data = _CHANGES[step.kind % len(_CHANGES)](data, step._replace(at=step.at % len(data)), stock)
    return data[:LARGEST]


def drawn(random: Random, stock: Stock) -> bytes:
    """An input: a seed after a few steps, often one or two, seldom many."""
    seed = random.choice(stock.seeds)
    number = random.choice((1, 1, 1, 2, 2, 3, 4, 6, 9))
    steps = [Step(*(random.randrange(1 << 24) for _ in Step._fields)) for _ in range(number)]
    return mutated(seed, steps, stock)
