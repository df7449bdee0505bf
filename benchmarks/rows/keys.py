"""From a key to the complete paint that answers it."""

from collections.abc import Callable, Iterator

from benchmarks.bench import PATIENCE, Bench, counts, has_rows, is_read
from benchmarks.data import executed
from benchmarks.figures import Aim, Row, quantile, spread
from benchmarks.screen import Screen
from benchmarks.terminal import Terminal

MINIMAL = "a list drawn by lines, alone"
PAGE_DOWN = "\x1b[6~"
_BAR = 3
_PAUSE = (0.013, 0.029, 0.047)


def left(screen: Screen) -> list[str]:
    """What the list on the left shows."""
    return [row[:44] for row in screen.rows[3:-4]]


def moved(terminal: Terminal, key: str) -> float:
    """Milliseconds from a key to the paint in which the cursor's bar has moved."""
    before = terminal.screen.bar(_BAR)
    return 1000 * terminal.answered(key, lambda screen: screen.bar(_BAR) not in (before, None), 5)


def scrolled(terminal: Terminal, key: str) -> float:
    """Milliseconds from a key to the paint in which the list or its cursor is another."""
    before, bar = left(terminal.screen), terminal.screen.bar(_BAR)
    return 1000 * terminal.answered(
        key, lambda screen: left(screen) != before or screen.bar(_BAR) not in (bar, None), 5
    )


def to_tests(terminal: Terminal) -> None:
    """Into the Tests view, with a cursor in its list."""
    terminal.send("3")
    terminal.until(
        lambda screen: screen.bar(_BAR) is not None and "Test " in screen.rows[3], 30, "the Tests view"
    )


def walk(
    terminal: Terminal, times: int, key: Callable[[int], str], going_on: Callable[[], bool] = lambda: True
) -> list[float]:
    """Keys at uneven distances, each to its paint."""
    found = []
    for turn in range(times):
        if not going_on():
            break
        found.append(moved(terminal, key(turn)))
        terminal.drain(_PAUSE[turn % 3])
    return found


def up_and_down(turn: int) -> str:
    """Down and up in turns, so that the bar always moves."""
    return "k" if turn % 2 else "j"


def floor(bench: Bench, times: int) -> list[float]:
    """The same with a minimal app."""
    with bench.reference("lines", "100000") as terminal:
        terminal.wait(lambda screen: "test_case_3" in screen.text, 20)
        terminal.settle()
        return walk(terminal, times, up_and_down)


def idle(bench: Bench) -> Iterator[Row]:
    """Keys while nothing else happens."""
    times = bench.sized(600, 100)
    with bench.app(bench.junit(bench.sized(10_000, 2_000))) as terminal:
        terminal.wait(counts(executed(bench.sized(10_000, 2_000))), PATIENCE)
        terminal.settle()
        to_tests(terminal)
        terminal.settle()
        found = walk(terminal, times, up_and_down)
    yield _row("key → repaint, idle", found, floor(bench, times), 12)


def busy(bench: Bench) -> Iterator[Row]:
    """Keys while a large directory is being read."""
    times, found = bench.sized(600, 60), list[float]()
    directory = bench.junit(bench.most)
    for _ in range(bench.sized(6, 3)):
        with bench.app(directory) as terminal:
            terminal.wait(has_rows, PATIENCE)
            to_tests(terminal)
            found += walk(
                terminal,
                times - len(found),
                up_and_down,
                lambda t=terminal: not is_read(t.screen),  # type: ignore[misc]
            )
        if len(found) >= times:
            break
    if not found:
        yield Row(
            "keys",
            f"key → repaint while {bench.most:,} are read",
            failed="all was read before a key was sent",
        )
        return
    yield _row(f"key → repaint while {bench.most:,} are read", found, floor(bench, times), 25)


def _row(what: str, found: list[float], beside: list[float], aim: float) -> Row:
    slow = quantile(found, 0.99)
    return Row(
        "keys",
        f"{what}, p99",
        slow,
        "ms",
        MINIMAL + ", p99",
        quantile(beside, 0.99),
        slow / quantile(beside, 0.99),
        Aim(aim, "figure"),
        f"p50 {quantile(found, 0.5):.1f} ms, {spread(found, 'ms')}",
        samples=tuple(found),
    )
