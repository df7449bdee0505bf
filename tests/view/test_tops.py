"""Lists that nobody has touched, and those that somebody comes back to: what is on top."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.view.driving import drive, settled
from tests.view.test_app import ran, write
from tui.core.grouping import GroupRow
from tui.view.app import RunwatchApp
from tui.view.failures import Failures
from tui.view.lists.listing import Listing

SEVERAL = "".join(ran(f"test_{n}", f"{kind}Error: {n}") for n, kind in enumerate(["Key", "Value", "OS"]))
MANY = "".join(ran(f"test_{n}", f"{chr(65 + n % 26)}{chr(97 + n // 26)}Error: x") for n in range(40))
COMMON = "".join(ran(f"test_common[{n}]", "CommonError: x") for n in range(6))


@pytest.fixture
def results(tmp_path: Path) -> Path:
    directory = tmp_path / "results"
    directory.mkdir()
    return directory


def first_title(app: RunwatchApp) -> str:
    return app.facts.causes[0].title


@pytest.mark.parametrize(("view", "name"), [("1", "#causes"), ("2", "#failures-list")])
def test_an_untouched_list_stays_at_its_top(results: Path, view: str, name: str) -> None:
    log = results / "run.jsonl"
    write(log, MANY)

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press(view)
        write(log, MANY + COMMON)
        await settled(app, pilot, lambda app: app.facts.failing_tests == 46)
        assert "CommonError" in first_title(app)
        listing = app.query_one(name, Listing)
        assert listing.scroll_offset.y == 0
        assert listing._index < listing._page
        if view == "1":
            assert listing._index == 0

    drive(results, steps)


def test_whoever_comes_back_finds_the_commonest_failures_on_top(results: Path) -> None:
    log = results / "run.jsonl"
    write(log, SEVERAL)

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("2", "j")
        write(log, SEVERAL + COMMON)
        await settled(app, pilot, lambda app: app.facts.failing_tests == 9)
        listing, selected = app.query_one("#failures-list", Listing), app.query_one(Failures).cause()
        common = GroupRow(app.facts.causes[0].signature)
        assert listing._keys[-1] == common
        await pilot.press("1", "2")
        await settled(app, pilot)
        assert listing._keys[0] == common
        assert app.query_one(Failures).cause() == selected

    drive(results, steps)
