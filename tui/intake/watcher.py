"""Wakes, threads, queue: the intake of a live view.

The only import of watchfiles, which says *when* to look; what to read, the intake's own scan says. Two
daemon threads: one waits for hints, one looks and reads, and both end within a moment when told to.
May import `core.flow`, `core.model` and, of `intake`, `outlet`, `sources` and `tree`. Invariants: whatever
hints are lost, everything is seen at the next sweep, which comes after a second, or 300 times as long as a
sweep takes; an error of the watcher is said, and looking goes on.
"""

import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from tui.core.flow import Flow, told
from tui.core.model import Batch, DirectoryScanned
from tui.intake.outlet import Outlet
from tui.intake.sources import Intake
from tui.intake.tree import PRUNED

# A watcher wakes up at every step, whether anything happens or not, and tells of a change a step or two
# later: short steps while files change, long ones once none did for a while.
_DEBOUNCE_MS = 50
_STEP_MS, _CALM_STEP_MS = 5, 50
_CALM_AFTER = 20.0
_TIMEOUT_MS = 1000
# Of a flood, what came in this time is read together: to look at each result would cost more than it tells.
_TOGETHER = 0.1
_SWEEP_EVERY = 1.0
# A sweep may use this part of the time: one that takes 24 ms comes every 4.8 s, unless something calls.
_SWEEP_SHARE = 300
_PROMPT_SHARE = 10
_MISSING_EVERY = 0.2
_REARM_AFTER = 5.0


class Watcher(Outlet):
    """Fills `batches` from `intake` as the directory changes."""

    def __init__(self, intake: Intake) -> None:
        super().__init__()
        self._intake = intake
        self._wake = threading.Event()
        self._has_looked = threading.Event()
        self._lock = threading.Lock()
        self._hinted: set[str] = set()
        self._hinted_at = time.monotonic()
        self._flow = Flow()
        self._threads = [
            threading.Thread(target=self._wait_for_hints, name="runwatch-hints", daemon=True),
            threading.Thread(target=self._read, name="runwatch-intake", daemon=True),
        ]

    def start(self, ready: Callable[[], None] = lambda: None) -> None:
        """Begin to watch, and call `ready` when there is something."""
        self._ready = ready
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End; does not wait for the threads, which are daemons and hold nothing."""
        self._ended.set()
        self._wake.set()
        self._has_looked.set()

    # --- hints --------------------------------------------------------------------------------------

    def _wait_for_hints(self) -> None:
        self._has_looked.wait()  # getting watchfiles ready would hold up the first look
        while not self._ended.is_set():
            root = self._intake.root
            try:
                self._wait_at(root)
                self._intake.watch_problem = ""
            except FileNotFoundError:
                self._ended.wait(_MISSING_EVERY)
            except (OSError, RuntimeError) as error:
                # Out of watches, say. Sweeps go on; the watch is tried again.
                self._intake.watch_problem = f"watching by looking every second: {error}"
                self._ended.wait(_REARM_AFTER)

    def _wait_at(self, root: Path) -> None:
        """Take hints until the root is another directory than the one that is watched, or gone.

        Or until the steps are to be others; what changes meanwhile, the next sweep sees.
        """
        from watchfiles import watch  # noqa: PLC0415  # see `_wait_for_hints`

        watched = root.stat()
        is_calm = time.monotonic() - self._hinted_at > _CALM_AFTER
        for changes in watch(
            root,
            watch_filter=None,
            debounce=_DEBOUNCE_MS,
            step=_CALM_STEP_MS if is_calm else _STEP_MS,
            rust_timeout=_TIMEOUT_MS,
            yield_on_timeout=True,
            stop_event=self._ended,
            raise_interrupt=False,
            ignore_permission_denied=True,
        ):
            paths = {path for _, path in changes if PRUNED.isdisjoint(Path(path).parts)}
            if paths:
                with self._lock:
                    self._hinted |= paths
                self._hinted_at = time.monotonic()
                self._wake.set()
                if self._flow.is_flood:  # what changes meanwhile is told together, and few steps are taken
                    self._ended.wait(_TOGETHER)
            if is_calm != (time.monotonic() - self._hinted_at > _CALM_AFTER):
                return
            now = root.stat()
            if (now.st_dev, now.st_ino) != (watched.st_dev, watched.st_ino):
                self._wake.set()
                return

    # --- reading ------------------------------------------------------------------------------------

    def _read(self) -> None:
        try:
            self._read_on()
        except Exception as error:  # noqa: BLE001  # the top of the thread: whatever it is, it is said
            problem = f"reading stopped: {type(error).__name__}: {error}"
            self._put(DirectoryScanned(exists=self._intake.root.exists(), problem=problem))
            self._pass_on()

    def _read_on(self) -> None:
        next_sweep, prompt_sweep = 0.0, 0.0
        while not self._ended.is_set():
            with self._lock:
                hinted, self._hinted = self._hinted, set()
            began = time.monotonic()
            unknown = not self._intake.knows(map(Path, hinted))
            if began >= next_sweep or (unknown and began >= prompt_sweep):
                self._look_at(hinted)
                took = self._sweep()
                self._has_looked.set()
                ended = time.monotonic()
                next_sweep = ended + max(_SWEEP_EVERY, took * _SWEEP_SHARE)
                prompt_sweep = ended + took * _PROMPT_SHARE
            else:
                if unknown:
                    next_sweep = min(next_sweep, prompt_sweep)
                self._deliver(self._intake.look(map(Path, hinted)))
            if self._intake.backlog:
                self._deliver(self._intake.step())
                continue
            self._wake.wait(max(min(next_sweep - time.monotonic(), _SWEEP_EVERY), 0.001))
            if self._flow.is_flood:
                self._ended.wait(max(began + _TOGETHER - time.monotonic(), 0.0))
            self._wake.clear()

    def _sweep(self) -> float:
        """Look at everything; the seconds that it took.

        A file that changes meanwhile is read at once: it does not wait for ten thousand others.
        """
        began = time.monotonic()
        took = 0.0
        for batch in self._intake.sweeping():
            if batch is not None:
                self._put(batch)
            elif self._hinted:
                took += time.monotonic() - began
                self._read_hinted()
                began = time.monotonic()
        self._pass_on()
        return took + time.monotonic() - began

    def _read_hinted(self) -> None:
        """Read files that are said to have changed; what is not known yet waits for the end of the sweep."""
        with self._lock:
            hinted = {path for path in self._hinted if self._intake.knows((Path(path),))}
            self._hinted -= hinted
        self._look_at(hinted)

    def _look_at(self, hinted: set[str]) -> None:
        """Look at those of them that are known, and read as many files."""
        if hinted:
            self._deliver(self._intake.look(map(Path, hinted)))
            for _ in hinted:
                self._deliver(self._intake.step())

    def _deliver(self, batches: Iterable[Batch]) -> None:
        came = 0
        for batch in batches:
            self._put(batch)
            came += told(batch)
        self._pass_on()
        if came:
            self._flow.came(came, time.monotonic())
