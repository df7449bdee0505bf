"""A results directory, read once -> a Store. What `report`, `check` and a baseline use.

May import `config`, `baselines`, `known`, `intake`, the reader of plans and `core`. The live view pulls
the very same intake again and again.
"""

import gc
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tui import baselines, known
from tui.config import Config
from tui.core.baseline import Baseline
from tui.core.claims.judged import JudgedPage
from tui.core.facts import Facts
from tui.core.model import Batch
from tui.core.plan import PlanFile
from tui.core.store import Store
from tui.intake.opened import open_file
from tui.intake.sources import QUIET, Intake

PATIENCE = QUIET + 0.5
"""How long the one-shot commands wait for files to come to rest."""

_LOOK_EVERY = 0.1
_STAYS_AFTER = 512
"""After so many batches what was read is looked at for garbage once, and not again."""


def open_intake(
    root: Path, config: Config, *, strict: bool = True, now: Callable[[], float] = time.time
) -> Intake:
    """The intake of `root`: without what the configuration says is no result."""
    return Intake(root, excluded=config.no_results, ignored=config.ignored, strict=strict, now=now)


def read_once(intake: Intake, store: Store) -> None:
    """Bring `store` to what the intake's directory holds now."""
    for batch in _told(intake):
        store.apply(batch)


def _read_to_stay(intake: Intake, store: Store) -> None:
    """The same in a process that does nothing else.

    What was read stays: to look at all of it for garbage again and again would take half of the time that ten
    thousand files do.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        for number, batch in enumerate(_told(intake), start=1):
            store.apply(batch)
            if number % _STAYS_AFTER == 0:
                gc.collect()
                gc.freeze()
    finally:
        if was_enabled:
            gc.enable()


def _told(intake: Intake) -> Iterator[Batch]:
    yield from intake.sweep()
    while intake.backlog:
        yield from intake.step()


def load(
    root: Path,
    config: Config,
    *,
    strict: bool = True,
    now: Callable[[], float] = time.time,
    patience: float = 0.0,
    grouped: bool = True,
) -> Store:
    """Everything that `root` holds, compared with the configured baseline.

    `patience`: how many seconds to wait for files that were changed just now and whose writer is gone, so
    that what they hold counts. A file that somebody is writing is not waited for. `grouped`: whether it is
    wanted which causes the failures have; to tell takes longer than to count them.
    """
    store = Store(config.rules, lazily=not grouped)
    store.set_baseline(read_baseline(config))
    store.set_plan(read_plan(config))
    store.set_known(known.read(known.path_of(config, Path.cwd())))
    intake = open_intake(root, config, strict=strict, now=now)
    _read_to_stay(intake, store)
    until = time.monotonic() + patience
    while intake.is_coming_to_rest and time.monotonic() < until:
        time.sleep(_LOOK_EVERY)
        _read_to_stay(intake, store)
    return store


def read_baseline(config: Config) -> Baseline | None:
    """The configured baseline, as it is now; None where none is configured."""
    path = config.baseline
    if path is None:
        return None
    if not path.exists():
        return Baseline(path.name, problem=f"{path}: not found")
    if baselines.is_saved(path):
        return baselines.read(path)
    store = Store(config.rules, lazily=True)
    read_once(Intake(path, ignored=config.ignored, strict=False), store)
    tests = tuple(store.known_tests())
    return Baseline(path.name, tests, "" if tests else f"{path}: holds no results")


def read_plan(config: Config) -> PlanFile | None:
    """The configured plan, as it is now; None where none is configured."""
    path = config.plan
    if path is None:
        return None
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except OSError as error:
        return PlanFile(path.name, problem=f"{path}: cannot be read: {error.strerror}")
    from tui.readers.streams import plan  # noqa: PLC0415  # few have a plan

    tests = plan.parse(lines)
    return PlanFile(path.name, tests, "" if tests else f"{path}: names no test")


def read_page(path: Path) -> str:
    """The text of a written status, no more of it than can be judged. Raises OSError."""
    from tui.core.claims.page import LIMIT  # noqa: PLC0415  # few have a written status to hold

    with open_file(path) as file:
        return file.read(4 * LIMIT + 4).decode("utf-8-sig", "replace")


def judged_page(config: Config, facts: Facts) -> JudgedPage | None:
    """The configured written status, held against `facts`; None where none is configured."""
    path = config.claims
    if path is None:
        return None
    from tui.core.claims.judging import hold  # noqa: PLC0415

    try:
        return hold(path.name, read_page(path), facts, config.rules)
    except OSError as error:
        return JudgedPage(path.name, problem=f"cannot be read: {error.strerror}")
