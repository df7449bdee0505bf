"""The command `runwatch`, and `python -m tui`.

May import `commands`, `intake.process` and `cli`. The worker that reads has as much to import as what draws:
it is started first.
"""

import os
import sys
from typing import NoReturn

from tui.commands import with_command


def run() -> NoReturn:
    """Be the command."""
    if with_command(sys.argv[1:])[0] == "watch" and os.isatty(1):
        from tui.intake import process  # noqa: PLC0415  # the other commands start without

        process.start_ahead()
    from tui import cli  # noqa: PLC0415  # see above

    cli.run()


if __name__ == "__main__":
    run()
