"""What is read beside the results, and chosen or changed here: baseline, plan, written status, marks.

May import Textual, `baselines`, `config`, `core`, `known`, `load` and `view`. Invariant: all of it is read
off the event loop, however large it is, and `changed` is called once it is in the Store. It begins when the
first frame is there, and imports what it takes then.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual.app import App

from tui.config import Config
from tui.core.facts import Facts
from tui.core.model import TestKey
from tui.core.store import Store

if TYPE_CHECKING:
    from tui.core.claims.judged import JudgedPage
    from tui.core.marking import Change
    from tui.view.claims import WrittenStatus
    from tui.view.marking import Answer, KnownTests

_GROUPED_AT_ONCE = 0.02


class Beside:
    """Keeps `store` as these files are. `now` gives the time."""

    def __init__(
        self,
        app: App[None],
        store: Store,
        config: Config,
        *,
        now: Callable[[], float],
        changed: Callable[[], None],
    ) -> None:
        self._app = app
        self._store = store
        self._config = config
        self._now = now
        self._changed = changed
        self._compared = config.baseline
        self._status: WrittenStatus | None = None

    @cached_property
    def _known(self) -> "KnownTests":
        from tui import known  # noqa: PLC0415  # the first frame does without all of this, so too below
        from tui.view.marking import KnownTests  # noqa: PLC0415

        return KnownTests(known.path_of(self._config, Path.cwd()), Path.cwd())

    # --- reading ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Read what to compare with, if anything is."""
        if self._config.claims:
            from tui.view.claims import WrittenStatus  # noqa: PLC0415

            self._status = WrittenStatus(self._config.claims, self._config.rules)
        if self._config.baseline or self._config.plan:
            self._app.run_worker(self._read_references(), group="references")

    def look(self, facts: Facts) -> None:
        """Read the written status and the marks again if they are others, unless that is being done."""
        busy = {worker.group for worker in self._app.workers}
        if self._status is not None and "claims" not in busy:
            self._app.run_worker(self._look_at_claims(self._status, facts), group="claims")
        if "known" not in busy:
            self._app.run_worker(self._look_at_known(), group="known")

    async def _look_at_claims(self, status: "WrittenStatus", facts: Facts) -> None:
        if await asyncio.to_thread(status.look, facts):
            self._changed()

    async def _look_at_known(self) -> None:
        if await self._known.look(self._store):
            self._changed()

    async def _read_references(self) -> None:
        from tui.load import read_baseline, read_plan  # noqa: PLC0415

        config = replace(self._config, baseline=self._compared)
        self._store.set_baseline(await asyncio.to_thread(read_baseline, config))
        until = time.perf_counter() + _GROUPED_AT_ONCE  # few causes are not seen to go and come again
        self._store.group_causes(lambda: time.perf_counter() >= until)
        self._store.set_plan(await asyncio.to_thread(read_plan, self._config))
        self._changed()

    # --- the written status -------------------------------------------------------------------------

    def page(self, facts: Facts) -> "JudgedPage | None":
        """The written status, judged by these facts; None without one."""
        return self._status.judged(facts) if self._status else None

    def note(self, page: "JudgedPage | None") -> str:
        """What is to be noted of the written status; empty without one."""
        if page is None:
            return ""
        from tui.view.claims import note_on  # noqa: PLC0415

        return note_on(page)

    def show_claims(self, facts: Facts) -> None:
        """List the claims of the written status."""
        from tui.view.claims import Claims  # noqa: PLC0415

        self._app.push_screen(Claims(self.page(facts)))

    # --- the baseline -------------------------------------------------------------------------------

    def choose_baseline(self) -> None:
        """Ask what to compare with."""
        from tui import baselines  # noqa: PLC0415
        from tui.view.choosing import Choice, Choosing  # noqa: PLC0415

        configured = self._config.baseline
        choices = [Choice("", "none", "regressions are UNKNOWN")]
        if configured is not None:
            choices.append(Choice(str(configured), configured.stem, "as configured"))
        choices += [
            Choice(str(kept.path), kept.name, kept.described(self._now()))
            for kept in baselines.saved(baselines.folder(self._config, Path.cwd()))
            if kept.path != configured
        ]
        chosen = str(self._compared or "")
        self._app.push_screen(Choosing("Compare with", choices, chosen), self._compare_with)

    def _compare_with(self, path: str | None) -> None:
        if path is not None:
            self._compared = Path(path) if path else None
            self._app.run_worker(self._read_references(), group="references", exclusive=True)

    # --- marks --------------------------------------------------------------------------------------

    async def mark(self, wanted: Sequence[TestKey]) -> None:
        """Ask why the tests are known, then mark them."""
        from tui.view.marking import answered, dialog, markable  # noqa: PLC0415

        who = await self._known.user()
        tests = markable(self._store, wanted)
        if not tests:
            self._say("Only failing tests can be marked as known.")
            return

        async def mark(answer: "Answer | None") -> None:
            if answer is not None:
                await self._change(*answered(self._store, tests, answer, self._now()))

        await self._app.push_screen(dialog(self._store, tests, who), mark)

    async def unmark(self, change: "Change") -> None:
        """Take marks off."""
        await self._change(change, f"{len(change.gone):,} marks taken off.")

    async def _change(self, change: "Change", told: str) -> None:
        self._say(await self._known.change(self._store, change) or told)
        self._changed()

    def _say(self, said: str) -> None:
        self._app.notify(said, markup=False)
