# ruff: noqa: INP001  # a script, run by hand
"""Draws the pictures of the README: the app on the sample, as SVG. Run it from the checkout.

.venv/bin/python docs/pictures.py
"""

import asyncio
import os
import re
import shutil
import tempfile
import time
from pathlib import Path

from tui.config import find
from tui.view.app import RunwatchApp

DOCS = Path(__file__).parent
SAMPLE = DOCS.parent / "sample_results"
PICTURES = {
    "overview": ((120, 36), ()),
    "failure": ((120, 36), ("2", "j", "enter", "j", "enter")),
    "golden": ((120, 22), ("4",)),
}
# The export names a font to be fetched from elsewhere; any fixed-width font will do.
_FONT_FACE = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


async def draw(directory: Path, name: str, size: tuple[int, int], keys: tuple[str, ...]) -> None:
    """Run the app, press `keys`, and keep what the screen shows."""
    app = RunwatchApp(directory, find(None, directory, directory))
    async with app.run_test(size=size) as pilot:
        while not app.facts.overall.tally.tests or app.facts.backlog:
            await pilot.pause(0.1)
        for key in ("", *keys):
            if key:
                await pilot.press(key)
            await pilot.app.workers.wait_for_complete()
            await pilot.pause(0.3)
        svg = _FONT_FACE.sub("", app.export_screenshot(title=f"runwatch {directory.name}"))
    # Some viewers drop blanks at the ends of a text unless told to keep them.
    svg = svg.replace("&#160;", " ").replace("<text ", '<text xml:space="preserve" ')
    (DOCS / f"{name}.svg").write_text(
        svg.replace("Fira Code", "Fira Code, ui-monospace, Menlo, Consolas"), "utf-8"
    )


def main() -> None:
    """Draw all pictures on a fresh copy of the sample."""
    with tempfile.TemporaryDirectory() as temporary:
        directory = Path(temporary) / "test-results"
        directory.mkdir()
        for path in SAMPLE.iterdir():
            if path.suffix in (".xml", ".jsonl", ".toml") or path.name == "STATUS.md":
                shutil.copyfile(path, directory / path.name)
        shutil.copytree(SAMPLE / "baseline", directory / "baseline")
        for path in directory.iterdir():
            os.utime(path, (time.time() - 60, time.time() - 60))
        for name, (size, keys) in PICTURES.items():
            asyncio.run(draw(directory, name, size, keys))


if __name__ == "__main__":
    main()
