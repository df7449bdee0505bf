"""Drives the app without a terminal, and reads its screen back: characters, and the ink of each."""

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

from rich.segment import Segment
from textual.pilot import Pilot

from tui.config import find
from tui.memory import Memory
from tui.view.app import RunwatchApp
from tui.view.masterdetail import MasterDetail

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "sample_results"
NOW = 1_768_300_000.0
"""When the tests' clock stands."""

Steps = Callable[[RunwatchApp, Pilot[None]], Awaitable[None]]


def sample(target: Path) -> Path:
    """A copy of the sample's results, changed a minute before NOW."""
    shipped = (".xml", ".jsonl", ".toml")
    results = (path for path in SAMPLE.iterdir() if path.suffix in shipped or path.name == "STATUS.md")
    target.mkdir(parents=True, exist_ok=True)
    for path in results:
        shutil.copy(path, target)
    shutil.copytree(SAMPLE / "baseline", target / "baseline")
    aged(target)
    return target


def aged(directory: Path, seconds: float = 60.0) -> None:
    """Every file in `directory` was changed so many seconds before NOW."""
    for path in directory.rglob("*"):
        os.utime(path, (NOW - seconds, NOW - seconds))


def drive(
    directory: Path, steps: Steps, size: tuple[int, int] = (120, 40), memory: Memory | None = None
) -> RunwatchApp:
    """Run the app on `directory` and take `steps` once everything was read."""
    app = RunwatchApp(directory, find(None, directory, directory), now=lambda: NOW, memory=memory)
    MasterDetail.PATIENCE = 0.0  # what a key brings is there once the key was taken

    async def run() -> None:
        async with app.run_test(size=size) as pilot:
            await settled(app, pilot)
            await steps(app, pilot)

    asyncio.run(asyncio.wait_for(run(), timeout=60))
    return app


async def settled(
    app: RunwatchApp, pilot: Pilot[None], when: Callable[[RunwatchApp], bool] | None = None
) -> None:
    """Wait until all that there is has been read and painted, and `when` holds."""

    def done() -> bool:
        read = app.store.scanned and not app.store.directory.backlog
        painted = not app._painting.is_due and not app._drain.is_behind
        laid_out = not (app.screen._layout_required or app.screen._dirty_widgets)
        furnished = app._furnishing.is_complete
        return read and painted and laid_out and furnished and (when is None or when(app))

    # What a worker brings may have to be painted, and a paint may start a worker: until both are at rest.
    for _ in range(2):
        while not done():
            await pilot.pause(0.02)
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
    await pilot.pause()
    while not done():
        await pilot.pause(0.02)


def screen(app: RunwatchApp) -> str:
    """The characters on the screen, line by line, without trailing blanks."""
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in _strips(app))


def inks(app: RunwatchApp) -> str:
    """A letter for the colour of each character; a blank for plain text and for blanks."""
    names = {"g": "success", "r": "error", "o": "accent", "y": "warning", "c": "primary"}
    letters = {app.theme_variables[name].lower(): letter for letter, name in names.items()}
    lines = []
    for strip in _strips(app):
        line = ""
        for segment in strip:
            letter = letters.get(_foreground(segment), " ")
            line += "".join(" " if character == " " else letter for character in segment.text)
        lines.append(line.rstrip())
    return "\n".join(lines)


def grey(app: RunwatchApp) -> bool:
    """Whether no character on the screen has a colour, nor lies on one."""
    return all(
        len(set(colour.get_truecolor())) == 1
        for strip in _strips(app)
        for segment in strip
        if segment.style
        for colour in (segment.style.color, segment.style.bgcolor)
        if colour is not None
    )


def _foreground(segment: Segment) -> str:
    colour = segment.style.color if segment.style else None
    return colour.get_truecolor().hex if colour else ""


def _strips(app: RunwatchApp) -> list[list[Segment]]:
    update = app.screen._compositor.render_strips()
    return [list(strip) for strip in update]
