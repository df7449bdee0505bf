"""The golden paths on screen: what unfolds, what is said, and how it comes while a test runs."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.building import case, event_log, pytest_xml
from tests.view.driving import aged, drive, screen, settled
from tui.core.golden import Word
from tui.view.app import RunwatchApp
from tui.view.lists.listing import Listing

CONFIG = """
[[golden_path]]
name = "Chat"
events = ["started", "(tool_executing tool_completed)*", "completed"]
key = "thread_id"
"""


@pytest.fixture
def results(tmp_path: Path) -> Path:
    directory = tmp_path / "results"
    directory.mkdir()
    (directory / "runwatch.toml").write_text(CONFIG)
    return directory


def of(test: str, thread: str, *events: str) -> list[dict[str, object]]:
    tied = {"test": f"tests/test_a.py::{test}", "thread_id": thread}
    return [{"event": name, **tied, "seq": n, "ts": 1768298400 + n} for n, name in enumerate(events)]


def test_instances_unfold_to_their_events_with_the_gaps_between_them(results: Path) -> None:
    events = [
        *of("test_a", "th-1", "started", "completed", "token"),
        *of("test_b", "th-2", "started", "tool_executing"),
    ]
    (results / "chat.events.jsonl").write_text(event_log(*events))
    (results / "a.xml").write_text(pytest_xml(case("test_a"), case("test_b")))
    aged(results)

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("4")
        shown = screen(app)
        assert "✖  tool_executing without tool_completed, chat.events.jsonl line 5" in shown
        assert "hollow: 1 passing test lacking completed" in shown
        assert "open: 1 tool_executing without tool_completed" in shown
        assert "extras: 1 token" in shown
        assert "OPTIONAL" in shown
        while "2 instances" not in selected(app):
            await pilot.press("j")
        await pilot.press("enter", "j", "enter")
        await settled(app, pilot)
        assert "in order" in selected(app)
        await pilot.press("j", "j")
        assert "completed" in selected(app)
        assert "1.00 s" in selected(app)
        assert "chat.events.jsonl:2" in selected(app)
        await pilot.press("enter")
        assert app.query_one("#tests").display

    drive(results, steps)


def selected(app: RunwatchApp) -> str:
    """The selected row of the list, as it is on the screen."""
    listing = app.query_one("#golden-list", Listing)
    row = listing._index - listing.scroll_offset.y + 1
    return listing.render_line(row).text


SLOW_TEST = """
import json, os, pathlib, time

STEPS = pathlib.Path(os.environ["STEPS"])


def tell(event):
    with open(os.environ["GOLDEN_EVENTS"], "a") as file:
        line = {"event": event, "ts": time.time(), "test": os.environ["PYTEST_CURRENT_TEST"]}
        file.write(json.dumps(line) + "\\n")


def await_step(name):
    while not (STEPS / name).exists():
        time.sleep(0.01)


def test_a_chat():
    tell("started")
    await_step("go on")
    tell("completed")
    await_step("end")
"""


def test_an_event_is_seen_as_its_line_is_written_and_proven_when_its_test_passes(
    results: Path, tmp_path: Path
) -> None:
    (tmp_path / "test_slow.py").write_text(SLOW_TEST)
    steps_folder = tmp_path / "steps"
    steps_folder.mkdir()
    environment = os.environ | {
        "GOLDEN_EVENTS": str(results / "chat.events.jsonl"),
        "STEPS": str(steps_folder),
        "PYTEST_ADDOPTS": "",
    }
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider"]
    command += [f"--report-log={results / 'run.jsonl'}", "test_slow.py"]

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL)

    def reads(*expected: Word) -> Callable[[RunwatchApp], bool]:
        return lambda app: [e.word for e in app.facts.golden_paths[0].events if e.required] == list(expected)

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("4")
        with start() as run:
            try:
                await settled(app, pilot, reads(Word.SEEN, Word.MISSING))
                assert "SEEN" in screen(app)
                assert "running" in screen(app)
                (steps_folder / "go on").touch()
                await settled(app, pilot, reads(Word.SEEN, Word.SEEN))
                assert app.facts.live
                (steps_folder / "end").touch()
                await settled(app, pilot, reads(Word.PROVEN, Word.PROVEN))
                assert "✔" in screen(app)
            finally:
                run.kill()

    drive(results, steps)
