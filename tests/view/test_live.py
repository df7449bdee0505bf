"""The app beside a run: what runs, what is to come, a pause, news, and how it was left the last time."""

import json
import os
from pathlib import Path

import pytest
from textual.geometry import Region
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import ContentSwitcher

from tests.view.driving import NOW, drive, screen, settled
from tui.memory import Memory
from tui.view.app import RunwatchApp
from tui.view.detail.pane import DetailPane
from tui.view.header import _ago
from tui.view.lists.listing import Listing


def line(test: str, when: str, outcome: str = "passed", began: float = NOW - 30, took: float = 0.1) -> str:
    """A line of a report log."""
    message = f"KeyError: '{test}'"
    report = {
        "$report_type": "TestReport",
        "nodeid": f"t.py::{test}",
        "when": when,
        "outcome": outcome,
        "duration": took,
        "start": began,
        "longrepr": {"reprcrash": {"path": "t.py", "lineno": 3, "message": message}},
        "sections": [],
        "worker_id": "gw0",
    }
    if outcome == "passed":
        report["longrepr"] = None
    return json.dumps(report) + "\n"


def ran(test: str, outcome: str = "passed", began: float = NOW - 30, took: float = 0.1) -> str:
    """The lines of a test."""
    call = line(test, "call", outcome, began, took)
    return line(test, "setup", "passed", began, 0.0) + call + line(test, "teardown", "passed", began, 0.0)


def write(path: Path, text: str, age: float = 60) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (NOW - age, NOW - age))


def add(log: Path, text: str) -> None:
    """The run goes on."""
    write(log, log.read_text() + text, age=1)


def view_of(app: RunwatchApp) -> str | None:
    return app.query_one("#views", ContentSwitcher).current


def toasts(app: RunwatchApp) -> list[str]:
    return [each.message for each in app._notifications]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """The log of a live run in which nothing happened yet, with a baseline of 40 tests of a second each."""
    directory = tmp_path / "results"
    before = "".join(ran(f"test_{n:02}", took=1.0) for n in range(40)) + ran("test_slow", took=3.8)
    write(directory / "before" / "run.jsonl", before, age=9000)
    write(directory / "runwatch.toml", '[baseline]\npath = "before"\n')
    write(directory / "run.jsonl", '{"$report_type": "SessionStart"}\n', age=1)
    return directory / "run.jsonl"


# --- what runs, and what is to come -----------------------------------------------------------------


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_a_test_far_over_its_time_is_marked_with_its_worker(log: Path, size: tuple[int, int]) -> None:
    add(log, line("test_slow", "setup", began=NOW - 34) + line("test_01", "setup", began=NOW - 2))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        shown = screen(app)
        assert "▲ test_slow" in shown
        assert "34 s, 9 × its 3.80 s  gw0" in shown
        assert ("and 1 more" in shown) == (size[1] < 34)
        assert ("▸ test_01" in shown) == (size[1] >= 34)
        await pilot.press("3")
        await settled(app, pilot)
        assert "34 s" in screen(app)
        assert size[0] < 100 or "9 × its" in screen(app)

    drive(log.parent, steps, size)


def test_what_is_below_the_running_tests_does_not_jump_as_they_end(log: Path) -> None:
    add(log, "".join(line(f"test_{n:02}", "setup", began=NOW - 9) for n in range(3)))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        def below() -> int:
            return next(n for n, row in enumerate(screen(app).split("\n")) if "Components" in row)

        before = below()
        ended = (line(f"test_{n:02}", when, began=NOW - 9) for n in range(2) for when in ("call", "teardown"))
        add(log, "".join(ended))
        await settled(app, pilot, lambda app: len(app.facts.running) == 1)
        assert below() == before

    drive(log.parent, steps)


def test_a_test_that_only_just_began_is_not_named(log: Path) -> None:
    add(log, line("test_01", "setup", began=NOW - 0.4))

    async def steps(app: RunwatchApp, _: Pilot[None]) -> None:
        assert "what runs began less than a second ago" in screen(app)

    drive(log.parent, steps)


def test_the_time_left_is_said_in_the_header_and_with_its_reason(log: Path) -> None:
    began = NOW - 20
    add(log, "".join(ran(f"test_{n:02}", began=began + n, took=1.0) for n in range(20)))

    async def steps(app: RunwatchApp, _: Pilot[None]) -> None:
        header, shown = screen(app).split("\n")[0], screen(app)
        assert "21 tests to come, about 20 s left" in header
        assert "» 48 % of 41 tests, 21 to come by the baseline" in shown
        assert "about 20 s left by the baseline's durations" in shown

    drive(log.parent, steps)


def test_without_evidence_of_the_time_only_the_number_is_said(log: Path) -> None:
    add(log, ran("test_00"))

    async def steps(app: RunwatchApp, _: Pilot[None]) -> None:
        assert "40 tests to come" in screen(app)
        assert "left" not in screen(app)

    drive(log.parent, steps)


# --- the pause --------------------------------------------------------------------------------------


async def _waiting(app: RunwatchApp, pilot: Pilot[None], changes: int) -> None:
    """Until so many changes wait, and the header says so."""
    while app._drain.waiting.changes < changes:
        await pilot.pause(0.02)
    app._tick()
    await pilot.pause()


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 40), (200, 60)])
def test_space_lets_the_screen_stand_still_while_reading_goes_on(log: Path, size: tuple[int, int]) -> None:
    add(log, ran("test_00") + ran("test_01", "failed") + line("test_02", "setup", began=NOW - 9))
    clock = [NOW]

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        app._attention.clock = lambda: clock[0]
        await pilot.press("space")
        below = screen(app).split("\n", 1)[1]
        assert "❚❚ paused  nothing new" in screen(app)
        clock[0] += 100
        add(log, line("test_02", "call", "failed") + line("test_02", "teardown") + ran("test_03"))
        await _waiting(app, pilot, 2)
        assert "❚❚ paused  2 changes waiting, 1 failing" in screen(app).split("\n")[0]
        assert screen(app).split("\n", 1)[1] == below
        clock[0] = NOW
        await pilot.press("space")
        await settled(app, pilot, lambda app: app.facts.failing_tests == 2)
        assert "paused" not in screen(app)

    drive(log.parent, steps, size)


def test_in_a_pause_everything_can_be_looked_at_as_it_was(log: Path) -> None:
    add(log, ran("test_00") + ran("test_01", "failed") + line("test_02", "setup", began=NOW - 9))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("2", "space")
        add(log, ran("test_01") + line("test_02", "call", "failed") + line("test_02", "teardown"))
        await _waiting(app, pilot, 2)
        assert "the selected test too" in screen(app)
        await pilot.press("enter", "j", "enter")
        await settled(app, pilot)
        assert "KeyError: 'test_01'" in screen(app)
        await pilot.press("escape", "3", "slash", *"test_02", "enter")
        await settled(app, pilot)
        assert "1 of 3 tests" in screen(app)
        assert "▸" in screen(app)
        assert "paused" in screen(app)
        await pilot.press("x")
        await settled(app, pilot)
        await pilot.press("escape", "escape", "space")
        await settled(app, pilot, lambda app: app.facts.overall.tally.running == 0)

    drive(log.parent, steps)


def test_after_a_pause_the_facts_are_those_of_one_that_was_never_paused(log: Path) -> None:
    add(log, ran("test_00"))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("space")
        for number in range(5):
            add(log, ran(f"test_1{number}", "failed" if number % 2 else "passed"))
            await _waiting(app, pilot, number + 1)
        log.with_name("other.jsonl").write_text(ran("test_x"))
        log.with_name("other.jsonl").unlink()
        await pilot.press("space")
        await settled(app, pilot, lambda app: app.facts.overall.tally.tests == 6)
        assert app.facts.failing_tests == 2

    drive(log.parent, steps)


def test_what_waits_in_a_pause_is_bounded(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.view.live._MOST_HELD", 3)

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("space")
        add(log, ran("test_00") + ran("test_01"))
        await _waiting(app, pilot, 2)
        add(log, ran("test_02", "failed"))
        assert "reading waits" in screen(app)
        await pilot.press("space")
        await settled(app, pilot, lambda app: app.facts.overall.tally.tests == 3)

    drive(log.parent, steps)


# --- news -------------------------------------------------------------------------------------------


def test_new_failures_are_counted_by_test_and_f_goes_to_the_first(log: Path) -> None:
    add(log, ran("test_00", "failed") + ran("test_01", "failed"))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        assert "+" not in screen(app).split("\n")[1]
        # One that failed passes now, two others come: the number of failures grows by one, the news by two.
        add(log, ran("test_00") + ran("test_05", "failed"))
        await settled(app, pilot, lambda app: app._attention.news.number == 1)
        add(log, ran("test_04", "failed"))
        await settled(app, pilot, lambda app: app._attention.news.number == 2)
        assert "Failures +2" in screen(app)
        await pilot.press("f")
        await settled(app, pilot)
        assert view_of(app) == "failures"
        assert app.query_one("#failures-detail", DetailPane).key.test.name == "test_05"  # type: ignore[union-attr]
        assert "Failures +1" in screen(app)
        await pilot.press("f")
        await settled(app, pilot)
        assert app.query_one("#failures-detail", DetailPane).key.test.name == "test_04"  # type: ignore[union-attr]
        assert "Failures +" not in screen(app)
        await pilot.press("f")
        await settled(app, pilot)
        assert "No failure is new since you looked." in toasts(app)

    drive(log.parent, steps)


def test_whoever_looked_at_the_failures_has_seen_them(log: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        add(log, ran("test_00", "failed") + ran("test_01", "failed"))
        await settled(app, pilot, lambda app: app._attention.news.number == 2)
        await pilot.press("2", "1")
        assert app._attention.news.number == 0
        assert "Failures +" not in screen(app)

    drive(log.parent, steps)


def test_f_finds_a_new_failure_behind_a_filter(log: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("2", "slash", *"test_9", "enter")
        add(log, ran("test_00", "failed"))
        await settled(app, pilot, lambda app: app._attention.news.number == 1)
        await pilot.press("f")
        await settled(app, pilot)
        assert app.query_one("#failures-detail", DetailPane).key.test.name == "test_00"  # type: ignore[union-attr]

    drive(log.parent, steps)


# --- what is told elsewhere -------------------------------------------------------------------------


def test_a_change_of_the_verdict_is_told_by_a_toast_a_notification_and_the_title(log: Path) -> None:
    written: list[str] = []

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        app._herald.write = written.append
        add(log, ran("test_00", "failed"))
        await settled(app, pilot, lambda app: app.facts.failing_tests == 1)
        await pilot.pause()
        assert toasts(app) == ["NOT READY, 1 of 1 test failing, the run goes on"]
        app._tick()
        app._tick()

    drive(log.parent, steps)
    name = log.parent.name
    notified = f"\x1b]9;runwatch {name}: NOT READY, 1 of 1 test failing, the run goes on\x07"
    entitled = f"\x1b]2;✖ 1 failing · 1/41 · {name}\x07"
    assert [each for each in written if "9;" in each] == [notified]
    assert written.count(entitled) == 1
    assert written[-1] == "\x1b]2;\x07\x1b[23;2t"


# --- calm -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", "123456")
def test_facts_that_say_the_same_again_cost_no_painting(
    view: str, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(log, ran("test_00") + ran("test_01", "failed") + line("test_02", "setup", began=NOW - 9))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press(view)
        await settled(app, pilot)
        app._painting.paint()  # a view that came in sight just now has to find its size first
        await pilot.pause()
        painted: list[str | None] = []
        set_dirty = Widget._set_dirty

        def noted(widget: Widget, *regions: Region) -> None:
            painted.append(widget.id)
            set_dirty(widget, *regions)

        monkeypatch.setattr(Widget, "_set_dirty", noted)
        app._painting.paint()
        await pilot.pause()
        assert not painted

    drive(log.parent, steps)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.3, "just now"),
        (2.5, "2 s ago"),
        (17, "10 s ago"),
        (59, "50 s ago"),
        (97, "90 s ago"),
        (7300, "2 h ago"),
    ],
)
def test_an_age_grows_in_calm_steps(seconds: float, said: str) -> None:
    assert _ago(seconds) == said


# --- how it was left --------------------------------------------------------------------------------


def test_the_app_is_found_as_it_was_left(log: Path, tmp_path: Path) -> None:
    add(log, ran("test_00") + ran("test_01", "failed") + ran("test_02"))
    memory = tmp_path / "state" / "directories.json"

    async def leave(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("3", "s", "j", "enter", "slash", *"test_0", "enter", "j", "j")
        app.theme = "nord"
        await settled(app, pilot)
        await pilot.press("q")

    async def find(app: RunwatchApp, pilot: Pilot[None]) -> None:
        app._tick()
        await settled(app, pilot)
        assert view_of(app) == "tests"
        assert "by name" in screen(app)
        assert "3 of 3 tests" in screen(app)
        assert app.theme == "nord"
        assert app.query_one("#tests-list", Listing).selected == list(app.store.tests)[2]

    drive(log.parent, leave, memory=Memory(memory, log.parent))
    drive(log.parent, find, memory=Memory(memory, log.parent))


def test_a_memory_of_another_version_is_passed_over(log: Path, tmp_path: Path) -> None:
    memory = Memory(tmp_path / "d.json", log.parent)
    wish = {"view": "nowhere", "theme": "none", "tests.order": "?", "test": "gone", "filter": "status:passed"}
    memory.write(wish, NOW)

    async def steps(app: RunwatchApp, _: Pilot[None]) -> None:
        app._tick()
        assert view_of(app) == "overview"
        assert "/status:passed" in screen(app)

    drive(log.parent, steps, memory=memory)
