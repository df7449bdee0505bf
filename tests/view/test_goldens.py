"""The screen of every view at three sizes, characters and colours, as text that a diff can be read of.

To renew them after a change that was meant: RUNWATCH_GOLDENS=write pytest tests/view/test_goldens.py
"""

import os
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.view.driving import drive, inks, sample, screen, settled
from tui.view.app import RunwatchApp

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
}
Screens = dict[str, str]


@pytest.fixture(scope="module", params=SIZES)
def shown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Screens]:
    """One run of the app at one size: what each view showed."""
    home = tmp_path_factory.mktemp("goldens")
    results = sample(home / "results")
    found: Screens = {}

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        for view, keys in VIEWS.items():
            for key in keys:
                await pilot.press(key)
                await settled(app, pilot)
            found[view] = f"{screen(app)}\n{'=' * 80}\n{inks(app)}\n"

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        drive(Path(results.name), steps, SIZES[request.param])
    return request.param, found


@pytest.mark.parametrize("view", VIEWS)
def test_the_screen_is_as_it_was(view: str, shown: tuple[str, Screens]) -> None:
    size, screens = shown
    golden = GOLDENS / f"{view}-{size}.txt"
    if os.environ.get("RUNWATCH_GOLDENS") == "write":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(screens[view], encoding="utf-8")
    assert screens[view] == golden.read_text("utf-8")
