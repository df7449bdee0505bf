"""The two lines on top: what is watched and how it is, and the views.

May import Textual, `core`, `report.words` and `view`.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from tui.core.facts import Facts
from tui.keys import VIEWS
from tui.report import words
from tui.text import age, counted
from tui.view.ink import Lines, Piece, fitted, width_of
from tui.view.live import Waiting
from tui.view.verdict_panel import verdict_piece

_SHORT = {"golden": "Golden", "regressions": "Changes"}
_NARROW = 100
_ONE_RUN = 2 * 86400  # results of longer than that are not of one run


class Header(Lines):
    """Shows the state of the watch, and which view is in sight."""

    _again: Callable[[], None] = staticmethod(lambda: None)

    def on_resize(self) -> None:
        """What is said depends on the width."""
        self._again()

    def show_state(
        self,
        facts: Facts,
        *,
        name: str,
        view: str,
        new_failures: int,
        wanted: str,
        now: float,
        paused: Sequence[Piece] = (),
    ) -> None:
        """Show these facts at `now`.

        `new_failures`: how many came since the failures were last seen; `wanted`: the filter in force;
        `paused`: what is to be said of a pause, while there is one.
        """

        def show() -> None:
            views = self._views(view, new_failures)
            if wanted:
                views.append(Piece(f" /{wanted} ", "chip-on"))
            self.show([self._state(facts, name, now, paused), self._with_verdict(facts, view, views)])

        self._again = show
        show()

    def _state(self, facts: Facts, name: str, now: float, paused: Sequence[Piece]) -> list[Piece]:
        named = Piece(f" {name} ", "strong", bold=True)
        parts = [Piece(" runwatch ", "brand", bold=True), *paused, named]
        if paused:
            pass
        elif not facts.directory_exists:
            parts.append(Piece(" ○ waiting", "warning"))
        elif not facts.scanned:
            parts.append(Piece(" ◐ reading", "running"))
        elif facts.backlog:
            parts.append(Piece(f" ◐ reading {counted(facts.backlog, 'file')}", "running"))
        elif facts.live:
            parts.append(Piece(" ● live", "passed"))
        else:
            parts.append(Piece(" ○ at rest", "muted"))
        if facts.cut_short:
            parts.append(Piece(f"  ✖ {counted(facts.cut_short, 'run')} cut short", "failed", bold=True))
        told = []
        if facts.elapsed is not None and facts.elapsed < _ONE_RUN and facts.overall.tally.tests:
            told.append(
                f"{words.clock(facts.elapsed)} elapsed"
                if facts.live
                else f"over {words.clock(facts.elapsed)}"
            )
        if facts.not_run.to_come:
            left = words.time_left(facts.progress)
            told.append(f"{counted(facts.not_run.to_come, 'test')} to come{', ' if left else ''}{left}")
        if not 0 < self.size.width < _NARROW:
            told.append(counted(len(facts.sources), "file"))
        if facts.changed is not None:
            told.append(f"changed {_ago(now - facts.changed)}")
        parts.append(Piece("  " + " · ".join(told), "muted"))
        if facts.directory_problem:
            parts.append(Piece(f"  ! {facts.directory_problem}", "failed"))
        return [*(piece._replace(ink="bar") if piece.ink == "plain" else piece for piece in parts)]

    def _views(self, view: str, new_failures: int) -> list[Piece]:
        line: list[Piece] = [Piece(" ")]
        narrow = 0 < self.size.width < _NARROW
        for number, (name, title) in enumerate(VIEWS.items(), 1):
            on = name == view
            line.append(Piece(f" {number} ", "key" if on else "muted", action=name))
            shown = _SHORT.get(name, title) if narrow else title
            line.append(Piece(shown, "link" if on else "muted", on, name))
            if name == "failures" and new_failures:
                line.append(Piece(f" +{new_failures:,}", "failed", bold=True, action=name))
            line.append(Piece(" "))
        return line

    def _with_verdict(self, facts: Facts, view: str, line: list[Piece]) -> list[Piece]:
        """The views, and at the right end the verdict where the view itself does not show it."""
        if view != "overview":
            narrow = 0 < self.size.width < _NARROW
            fraction = "" if narrow else f" {facts.overall.tally.fraction}"
            verdict = [verdict_piece(facts), Piece(f"{fraction} ", "muted")]
            if width_of(line) + width_of(verdict) >= self.size.width > 0:  # the verdict is never cut
                line = [piece for piece in line if piece.text != " "]
                room = self.size.width - width_of(verdict) - 1
                line = fitted(line, room) if width_of(line) > room else line
            line.append(Piece(" " * max(self.size.width - width_of(line) - width_of(verdict), 1)))
            line += verdict
        return line


def pause_pieces(waiting: Waiting, since: float, *, selected: bool) -> list[Piece]:
    """What is said of a pause that began at `since`. `selected`: the test that is looked at changed."""
    told = f" {counted(waiting.changes, 'change')} waiting" if waiting.changes else " nothing new"
    pieces = [Piece(" ❚❚ paused ", "found", bold=True), Piece(told, "strong")]
    if waiting.bad:
        pieces.append(Piece(f", {waiting.bad:,} failing", "failed", bold=True))
    if selected:
        pieces.append(Piece(", the selected test too", "warning"))
    if waiting.is_full:
        pieces.append(Piece(", reading waits", "warning"))
    moment = datetime.fromtimestamp(since).astimezone().strftime("%H:%M:%S")
    return [*pieces, Piece(f" · as of {moment} ·", "muted")]


def _ago(seconds: float) -> str:
    """How long ago, in steps that do not draw the eye: what counts up beside a text is restless."""
    if seconds < 2:
        return "just now"
    step = 1 if seconds < 10 else 10 if seconds < 120 else 60
    return f"{age(seconds // step * step)} ago" if seconds >= 10 else f"{int(seconds)} s ago"
