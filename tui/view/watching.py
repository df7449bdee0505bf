"""The app from its start to its end. May import Textual, `config`, `memory`, `running` and `view`."""

import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING

from tui.config import Config, ConfigError
from tui.memory import Memory, default_file
from tui.view.app import RunwatchApp
from tui.view.live import Feed

if TYPE_CHECKING:
    from tui.running import Running


def watch(
    directory: Path,
    config: Config,
    *,
    strict: bool,
    name: str = "",
    fresh: bool = False,
    running: "Running | None" = None,
    feed: Feed | None = None,
) -> int:
    """Run the app on `directory` until the user quits; return the exit code. Raises ConfigError.

    `fresh`: as if the directory had never been watched before, and nothing is remembered of this time.
    `running`: a command to start with it. `feed` reads the directory, where it is not to be read here.
    """
    memory = None if fresh else Memory(default_file(os.environ, Path.home()), directory)
    app = RunwatchApp(directory, config, strict=strict, name=name, memory=memory, running=running, feed=feed)
    if config.theme and config.theme not in app.available_themes:
        known = ", ".join(sorted(app.available_themes))
        raise ConfigError(f"{config.path}: theme: none is called {config.theme!r}, there are {known}")
    app.run()
    gc.freeze()  # the process ends now: looking for garbage once more would only delay it
    return app.return_code or 0
