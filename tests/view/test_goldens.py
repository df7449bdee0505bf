"""The screen of every view at three sizes, characters and colours, as text that a diff can be read of.

Dark and light have the same golden: a letter stands for what a colour means, not for what it is. Without
colour the characters are the same, and nothing but grey is there.

To renew them after a change that was meant: RUNWATCH_GOLDENS=write pytest tests/view/test_goldens.py
"""

import os
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.view.driving import drive, grey, inks, sample, screen, settled
from tui.view.app import RunwatchApp
from tui.view.theme import DARK, LIGHT

GOLDENS = Path(__file__).parent / "goldens"
SIZES = {"80x24": (80, 24), "120x40": (120, 40), "200x60": (200, 60)}
VIEWS = {
    "overview": (),
    "failures": ("2",),
    "failure": ("2", "j", "enter", "j", "enter"),
    "tests": ("3",),
    "golden": ("4",),
    "regressions": ("5",),
    "sources": ("6", "j", "j", "j"),
    "filter": ("3", "slash", *"reconnect", "enter"),
    "help": ("escape", "question_mark"),
    "explain": ("escape", "1", "tab", "x"),
    "claims": ("escape", "C", "n"),
    "presentation": ("escape", "p"),
    "presentation-changes": ("end", "left", "left", "left"),
}
Shown = dict[tuple[str, str], str]
"""(view, look) -> what was on the screen."""


@pytest.fixture(scope="module", params=SIZES)
def shown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Shown]:
    """The app at one size, with colours and without: what each view showed."""
    home = tmp_path_factory.mktemp("goldens")
    results = sample(home / "results")
    found: Shown = {}

    async def coloured(app: RunwatchApp, pilot: Pilot[None]) -> None:
        for view, keys in VIEWS.items():
            await press(app, pilot, keys)
            for look, theme in (("light", LIGHT), ("dark", DARK)):
                app.theme = theme.name
                await settled(app, pilot)
                found[view, look] = f"{screen(app)}\n{'=' * 80}\n{inks(app)}\n"

    async def grey_only(app: RunwatchApp, pilot: Pilot[None]) -> None:
        for view, keys in VIEWS.items():
            await press(app, pilot, keys)
            found[view, "no colour"] = screen(app) if grey(app) else "there is colour"

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        drive(Path(results.name), coloured, SIZES[request.param])
        patch.setenv("NO_COLOR", "1")
        drive(Path(results.name), grey_only, SIZES[request.param])
    return request.param, found


async def press(app: RunwatchApp, pilot: Pilot[None], keys: tuple[str, ...]) -> None:
    for key in keys:
        await pilot.press(key)
        await settled(app, pilot)


@pytest.mark.parametrize("view", VIEWS)
def test_the_screen_is_as_it_was(view: str, shown: tuple[str, Shown]) -> None:
    size, screens = shown
    golden = GOLDENS / f"{view}-{size}.txt"
    if os.environ.get("RUNWATCH_GOLDENS") == "write":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(screens[view, "dark"], encoding="utf-8")
    assert screens[view, "dark"] == golden.read_text("utf-8")


@pytest.mark.parametrize("view", VIEWS)
def test_the_screen_says_the_same_in_light(view: str, shown: tuple[str, Shown]) -> None:
    assert shown[1][view, "light"] == shown[1][view, "dark"]


@pytest.mark.parametrize("view", VIEWS)
def test_the_screen_says_the_same_without_colour(view: str, shown: tuple[str, Shown]) -> None:
    assert shown[1][view, "no colour"] == shown[1][view, "dark"].partition(f"\n{'=' * 80}")[0]
