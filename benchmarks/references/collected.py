"""The app, with how long its collections took: collected.py FILE ARGUMENTS... Lines of milliseconds."""

import gc
import runpy
import sys
import time
from pathlib import Path


def main() -> None:
    """Note, and run."""
    file = Path(sys.argv[1]).open("w", encoding="ascii", buffering=1)  # noqa: SIM115  # to the end of the process
    began = 0.0

    def note(phase: str, _: dict[str, int]) -> None:
        nonlocal began
        now = time.perf_counter()
        if phase == "start":
            began = now
        elif now - began > 0.001:
            file.write(f"{1000 * (now - began):.2f}\n")

    gc.callbacks.append(note)
    sys.argv[:] = ["tui", *sys.argv[2:]]
    runpy.run_module("tui", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
