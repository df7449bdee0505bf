"""What the app says outside its own screen: the window's title, the bell, a desktop notification.

May import `core` and `text`. Sequences of the terminal only, nothing is executed: OSC 2 sets the title, and
xterm's title stack (CSI 22 and 23 t) gives the old one back (https://invisible-island.net/xterm/ctlseqs/);
OSC 9 notifies (iTerm2, kitty, WezTerm, foot, Ghostty, Windows Terminal pass over what they do not know).
Invariant: what is written has no character but printable ones between the sequences.
"""

from collections.abc import Callable

from tui.core.facts import Facts
from tui.core.telling import Notify, Telling, title
from tui.text import one_line, shortened

_LONGEST_TITLE = 100
_LONGEST_NOTE = 200
_SAVE, _RESTORE = "\x1b[22;2t", "\x1b]2;\x07\x1b[23;2t"


class Herald:
    """Tells of the facts by way of `write`. `in_tmux`: tmux passes notifications on, if it is allowed to."""

    def __init__(
        self, write: Callable[[str], None], notify: Notify, *, bell: bool, name: str, in_tmux: bool = False
    ) -> None:
        self.write = write
        self._telling = Telling(notify)
        self._bell = bell
        self._name = name
        self._in_tmux = in_tmux
        self._title = ""

    def open(self) -> None:
        """Keep the title that the window has."""
        self.write(_SAVE)

    def close(self) -> None:
        """Give the window its title back."""
        self.write(_RESTORE)

    def look(self, facts: Facts) -> str:
        """Tell what is worth it, by bell and notification; return what was told."""
        told = self._telling.look(facts)
        if told:
            self.write(notification(f"{self._name}: {told}", in_tmux=self._in_tmux))
            if self._bell:
                self.write("\x07")
        return told

    def entitle(self, facts: Facts, *, paused: bool) -> None:
        """Set the title, if it is another; called once a second."""
        wanted = safe(title(facts, self._name, paused=paused), _LONGEST_TITLE)
        if wanted != self._title:
            self._title = wanted
            self.write(f"\x1b]2;{wanted}\x07")


def safe(text: str, limit: int) -> str:
    """`text` of printable characters alone, in at most `limit` of them."""
    return shortened("".join(each for each in one_line(text) if each.isprintable()), limit)


def notification(text: str, *, in_tmux: bool) -> str:
    """The sequence that notifies. Some terminals take a number behind OSC 9 for a command: there is none."""
    sequence = f"\x1b]9;runwatch {safe(text, _LONGEST_NOTE)}\x07"
    return f"\x1bPtmux;{sequence.replace(chr(27), chr(27) * 2)}\x1b\\" if in_tmux else sequence
