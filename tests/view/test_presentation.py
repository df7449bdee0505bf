"""The presentation: whole, in any room, and as still as a slide."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.view.driving import NOW, drive, sample, screen, settled
from tests.view.test_app import ran, write
from tui.config import find
from tui.core.baseline import Change
from tui.core.facts import gather
from tui.load import load
from tui.view.app import RunwatchApp
from tui.view.ink import plain_text, width_of
from tui.view.presenting.large import HEIGHT, large
from tui.view.presenting.screen import Presenting
from tui.view.presenting.slides import Room, Slide, slides

ROOMS = [Room(width, height) for width in (50, 72, 112, 192) for height in (11, 20, 36, 56)]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[Room, list[Slide]]:
    """The slides of the sample in rooms of many sizes."""
    results = sample(tmp_path_factory.mktemp("room") / "results")
    config = find(None, results, results)
    store = load(results, config, now=lambda: NOW)
    facts = gather(store, NOW)
    return {room: slides(store, facts, config.rules, room) for room in ROOMS}


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: f"{room.width}x{room.height}")
def test_a_slide_has_room_for_all_that_is_on_it(room: Room, shown: dict[Room, list[Slide]]) -> None:
    assert {slide.id: len(slide.lines) for slide in shown[room] if len(slide.lines) > room.height} == {}


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: f"{room.width}x{room.height}")
def test_no_test_that_changed_is_left_out(room: Room, shown: dict[Room, list[Slide]]) -> None:
    told = [
        plain_text(line)
        for slide in shown[room]
        if slide.id.startswith(f"changes:{Change.NEW_FAILURE}")
        for line in slide.lines
    ]
    assert sum(line.startswith("test_") for line in told) == 11


@pytest.mark.parametrize("room", [9, 20, 60, 120, 200])
@pytest.mark.parametrize("most", [1, 2, 3])
def test_large_letters_fit_or_are_small(room: int, most: int) -> None:
    lines = large("NOT READY", "failed", room, most)
    assert max(width_of(line) for line in lines) <= room
    scale = min(room // 49, most)
    assert len(lines) == (-(-HEIGHT * scale // 2) if scale else 1)


def test_what_has_no_large_letter_takes_its_place_all_the_same() -> None:
    assert width_of(large("aÜb", "plain", 80, 1)[0]) == width_of(large("a~b", "plain", 80, 1)[0])


def test_the_keys_step_through_the_slides(tmp_path: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("p")
        await settled(app, pilot)
        assert "Verdict" in screen(app)
        for key, title in (
            ("right", "Components"),
            ("space", "Golden path: Agent chat"),
            ("left", "Components"),
            ("end", "New tests since"),
            ("home", "Verdict"),
            ("left", "Verdict"),
        ):
            await pilot.press(key)
            await pilot.pause()
            assert title in screen(app).splitlines()[0]
        await pilot.press("escape")
        assert not isinstance(app.screen, Presenting)

    drive(sample(tmp_path / "results"), steps)


def test_a_slide_stays_while_its_facts_change(tmp_path: Path) -> None:
    log = tmp_path / "run.jsonl"
    write(log, ran("test_a"))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("p", "right")
        await settled(app, pilot)
        assert "1/1 passed" in screen(app)
        write(log, ran("test_a") + ran("test_b", "KeyError: 'b'"))
        await settled(app, pilot, lambda app: app.facts.failing_tests == 1)
        assert "Components" in screen(app).splitlines()[0]
        assert "1/2 passed" in screen(app)

    drive(tmp_path, steps)


def test_where_nothing_can_be_compared_the_slide_says_so(tmp_path: Path) -> None:
    write(tmp_path / "run.jsonl", ran("test_a"))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("p", "end")
        await settled(app, pilot)
        assert "What changed: there is no baseline" in screen(app)

    drive(tmp_path, steps)
