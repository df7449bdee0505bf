"""A results directory, read once -> a Store. What `report`, `check` and a baseline use.

May import `config`, `intake` and `core`. The live view pulls the very same intake again and again.
"""

import time
from collections.abc import Callable
from pathlib import Path

from tui.config import Config
from tui.core.store import Store
from tui.intake.sources import Intake


def open_intake(
    root: Path, config: Config, *, strict: bool = True, now: Callable[[], float] = time.time
) -> Intake:
    """The intake of `root`: without what the configuration says is no result."""
    excluded = [path for path in (config.path, config.baseline) if path is not None]
    return Intake(root, excluded=excluded, ignored=config.ignored, strict=strict, now=now)


def read_once(intake: Intake, store: Store) -> None:
    """Bring `store` to what the intake's directory holds now."""
    for batch in intake.sweep():
        store.apply(batch)
    while intake.backlog:
        for batch in intake.step():
            store.apply(batch)


def load(root: Path, config: Config, *, strict: bool = True, now: Callable[[], float] = time.time) -> Store:
    """Everything that `root` holds, compared with the configured baseline."""
    store = Store(config.rules)
    load_baseline(store, config)
    read_once(open_intake(root, config, strict=strict, now=now), store)
    return store


def load_baseline(store: Store, config: Config) -> None:
    """Read the configured baseline, if there is one, and have `store` compare with it."""
    if config.baseline is None:
        return
    name = config.baseline.name
    if not config.baseline.exists():
        store.baseline_problem = f"{config.baseline}: not found"
        return
    known = Store(config.rules)
    read_once(Intake(config.baseline, ignored=config.ignored, strict=False), known)
    if not known.tests:
        store.baseline_problem = f"{config.baseline}: holds no results"
        return
    store.set_baseline(name, known.known_tests())
