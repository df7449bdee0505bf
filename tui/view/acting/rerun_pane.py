"""What a rerun looks like: the command in full before it is started, and what it prints while it runs.

May import Textual, `core`, `running`, `text` and `view`.
"""

import shlex
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widget import Widget

from tui.core.rerun import Ready
from tui.running import Running, outcome
from tui.text import age, counted
from tui.view.bindings import bindings
from tui.view.detail.document import Document, Drawn, Prepared
from tui.view.detail.paint import output_line
from tui.view.detail.textpane import TextPane
from tui.view.ink import INK_CLASSES, Down, Piece, plain_text
from tui.view.pane import titled

_PAINT_EVERY = 0.2
_MOST_LEFT_OUT = 20


class Confirming(ModalScreen[bool]):
    """Shows what is about to happen; answers whether it may."""

    COMPONENT_CLASSES: ClassVar[set[str]] = INK_CLASSES
    BINDINGS: ClassVar[list[BindingType]] = bindings("confirming")

    def __init__(self, title: str, keys: str, make: Callable[[int], Sequence[Drawn]]) -> None:
        super().__init__()
        self._title = title
        self._keys = keys
        self._make = make

    def compose(self) -> ComposeResult:
        """One text."""
        pane = TextPane(id="confirming")
        pane.add_class("frame")
        yield pane

    def on_mount(self) -> None:
        """As high as the text is, where there is room."""
        titled(self.query_one(TextPane), self._title, self._keys)
        self.query_one(TextPane).focus()
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        pane = self.query_one(TextPane)
        pane.show("text", lambda width: Prepared(self._make(width)))
        pane.styles.height = pane.virtual_size.height + 2

    def on_resize(self) -> None:
        """Another width needs another height."""
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        pane = self.query_one(TextPane)
        pane.styles.height = pane.virtual_size.height + 2


def about_to_run(ready: Ready, directory: str, output: str, width: int) -> list[Drawn]:
    """All of a command that is about to be started."""
    what = counted(ready.tests, "test") if ready.tests else "The command names no test: it runs what it says."
    lines = [
        Drawn([Piece(what, "strong", bold=True), Piece("  in ", "muted"), Piece(directory)], hang=2),
        Drawn(()),
        *(Drawn([Piece(line, "running")], hang=6) for line in command_lines(ready.arguments, width)),
    ]
    if output:
        lines += [Drawn(()), Drawn([Piece("what it prints goes to ", "muted"), Piece(output)], hang=2)]
    if ready.left_out:
        lines += [Drawn(()), Drawn([Piece(f"▲ {counted(len(ready.left_out), 'test')} left out:", "warning")])]
        lines += [
            Drawn([Piece(f"  {label}", name=True), Piece(f"  {why}", "muted")], hang=4)
            for label, why in ready.left_out[:_MOST_LEFT_OUT]
        ]
        if len(ready.left_out) > _MOST_LEFT_OUT:
            more = len(ready.left_out) - _MOST_LEFT_OUT
            lines.append(Drawn([Piece(f"  and {counted(more, 'more test')}", "muted")]))
    return lines


def command_lines(arguments: Sequence[str], width: int) -> list[str]:
    """A command as a shell takes it, in lines that end between arguments where they can."""
    lines: list[str] = []
    for word in map(shlex.quote, arguments):
        if lines and len(lines[-1]) + len(word) + 3 <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(f"    {word}" if lines else word)
    return [*(f"{line} \\" for line in lines[:-1]), *lines[-1:]]


class RerunPane(Down):
    """What a command prints, and how far it is. It stays until somebody hides it."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("rerun")

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.running: Running | None = None
        self._title = ""
        self._painter: Timer | None = None
        self._clock: Timer | None = None
        self._revision = 0
        self._before: Widget | None = None

    def compose(self) -> ComposeResult:
        """One text."""
        yield TextPane(id="rerun-text")

    def on_mount(self) -> None:
        """Nothing has run yet."""
        self.display = False

    @property
    def is_busy(self) -> bool:
        """Whether a command is running."""
        return self.running is not None and not self.running.is_over

    def follow(self, running: Running, title: str) -> Callable[[], None]:
        """Show what `running` prints from now on; the answer is to be called when there is more."""
        self.running, self._title = running, title
        self._revision += 1
        self.display = True
        self.remove_class("-failed")
        self._clock = self._clock or self.set_interval(1.0, self._say_how_far)
        self.call_after_refresh(self._paint)
        return self._soon

    def _soon(self) -> None:
        if (
            self._painter is None and self.is_running and not self._closing
        ):  # a timer of later is never stopped
            self._painter = self.set_timer(_PAINT_EVERY, self._paint)

    def _paint(self) -> None:
        self._painter = None
        running = self.running
        if running is None or not self.is_mounted:
            return
        text = self.query_one(TextPane)
        follows = text.scroll_offset.y >= text.max_scroll_y
        self._revision += 1
        document = _Printed(running)
        text.show(("rerun", self._revision), lambda _width: document, stay=True)
        if follows:
            text.scroll_to(y=text.max_scroll_y, animate=False, immediate=True, force=True)
        self._say_how_far()

    def _say_how_far(self) -> None:
        running = self.running
        if running is None:
            return
        if running.is_over and self._clock is not None:
            self._clock.stop()
            self._clock = None
        keys = "i interrupts · O hides" if self.is_busy else "O hides"
        if running.is_over:
            self.set_class(bool(running.code or running.problem), "-failed")
            self.refresh_bindings()
        titled(self, f"{self._title}: {outcome(running)}, {age(running.seconds)}", keys)

    # --- actions ------------------------------------------------------------------------------------

    def action_interrupt(self) -> None:
        """End the command: SIGINT, SIGTERM, SIGKILL; each further time the next of them at once."""
        if self.running is not None:
            self.running.interrupt(self._soon)

    def enter(self) -> None:
        """Into sight, with the keyboard in it."""
        self.display = True
        focused = self.screen.focused
        text = self.query_one(TextPane)
        self._before = focused if focused is not text else self._before
        text.focus()

    def action_hide(self) -> None:
        """Out of sight; what runs goes on. The keyboard goes back to where it was."""
        if self.has_focus_within and self._before is not None:
            self._before.focus()
        self.display = False

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is something to interrupt only while something runs."""
        del parameters
        return self.is_busy if action == "interrupt" else True


class _Printed:
    """The lines of a command as they are now."""

    start = 0
    stops: Sequence[int] = ()

    def __init__(self, running: Running) -> None:
        self._lines = [f"$ {shlex.join(running.arguments)}"]
        if running.tail.dropped:
            self._lines.append(f"… {counted(running.tail.dropped, 'line')} before these are not kept")
        self._head = len(self._lines)
        self._lines += running.tail.lines

    def __len__(self) -> int:
        return len(self._lines)

    def __getitem__(self, number: int) -> Drawn:
        line = self._lines[number].expandtabs(8)
        return Drawn([Piece(line, "muted")] if number < self._head else output_line(line))

    def plain(self, number: int) -> str:
        """The characters of a line: colours take no room."""
        line = self._lines[number]
        return line if "\x1b" not in line and "\t" not in line else plain_text(self[number].line)

    def hang(self, number: int) -> int:
        """Output is wrapped as a terminal does it."""
        del number
        return 0


_CHECKED: type[Document] = _Printed
