"""When a run is worth a word to somebody who looks elsewhere, and which.

May import `core` and `text`. Pure. A verdict counts once it is judged: at rest, or NOT READY while the run
goes on, since nothing can undo that. What stood there at the first look is no news.
"""

from enum import StrEnum
from typing import TYPE_CHECKING

from tui.core.verdict import VerdictWord
from tui.text import counted

if TYPE_CHECKING:  # the configuration names what is here, and is read before there is anything to gather
    from tui.core.facts import Facts


class Notify(StrEnum):
    """What is told.

    CHANGE: the verdict became another. FAIL: it became NOT READY, or a run ended so. ALWAYS: every change of
    it, and every end of a run.
    """

    CHANGE = "change"
    FAIL = "fail"
    ALWAYS = "always"
    NEVER = "never"


class Telling:
    """Follows the facts, and says what is to be told of them."""

    def __init__(self, notify: Notify) -> None:
        self._notify = notify
        self._verdict: VerdictWord | None = None
        self._was_live = False
        self._begun = False

    def look(self, facts: "Facts") -> str:
        """What is to be told of these facts; empty: nothing."""
        if not facts.scanned or facts.backlog:
            return ""
        word = facts.verdict.word
        judged = not facts.live or word is VerdictWord.NOT_READY
        ended = self._was_live and not facts.live and bool(facts.overall.tally.tests)
        changed = judged and word is not self._verdict and bool(facts.overall.tally.tests)
        first, self._begun = not self._begun, True
        self._was_live = facts.live
        if changed:
            self._verdict = word
        if first:
            return ""
        match self._notify:
            case Notify.CHANGE:
                told = changed
            case Notify.FAIL:
                told = (changed or ended) and word is VerdictWord.NOT_READY
            case Notify.ALWAYS:
                told = changed or ended
            case Notify.NEVER:
                told = False
        return self._said(facts) if told else ""

    def _said(self, facts: "Facts") -> str:
        tally = facts.overall.tally
        bad = f"{tally.bad:,} of {counted(tally.executed, 'test')} failing" if tally.bad else ""
        passed = f"{tally.fraction} passed"
        over = "the run goes on" if facts.live else ""
        return ", ".join(part for part in (str(facts.verdict.word), bad or passed, over) if part)


def title(facts: "Facts", name: str, *, paused: bool = False) -> str:
    """What stands on top of the terminal's window: "✖ 3 failing · 40/120 · web"."""
    tally, progress = facts.overall.tally, facts.progress
    if tally.bad:
        state = f"✖ {tally.bad:,} failing"
    elif facts.live:
        state = "▸ live"
    elif not tally.tests:
        state = "runwatch"
    else:
        signs = {VerdictWord.READY: "✔", VerdictWord.NOT_READY: "✖", VerdictWord.UNKNOWN: "?"}
        state = f"{signs[facts.verdict.word]} {facts.verdict.word}"
    done = tally.tests - tally.running
    whole = done + tally.running + (progress.to_come or 0)
    number = counted(done, "test") if facts.live and progress.to_come is None else f"{done:,}/{whole:,}"
    parts = ["❚❚" if paused else "", state, number if tally.tests else "", name]
    return " · ".join(part for part in parts if part)
