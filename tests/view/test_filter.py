"""Finding tests in the app: the filter's line and chips, completion, history, saved filters, the palette."""

import json
import os
from pathlib import Path

import pytest
from textual.command import CommandInput, CommandPalette
from textual.pilot import Pilot
from textual.widgets import ContentSwitcher, Input

from tests.view.driving import NOW, drive, sample, screen, settled
from tui.view.app import RunwatchApp
from tui.view.detail.pane import DetailPane
from tui.view.failures import Failures
from tui.view.finding.box import FilterBox
from tui.view.lists.listing import Listing


@pytest.fixture
def results(tmp_path: Path) -> Path:
    return sample(tmp_path / "results")


def value(app: RunwatchApp) -> str:
    return app.query_one("#filter", Input).value


def view_of(app: RunwatchApp) -> str | None:
    return app.query_one("#views", ContentSwitcher).current


def kept(state: Path) -> list[str]:
    path = state / "runwatch" / "filters"
    return path.read_text("utf-8").splitlines() if path.exists() else []


async def typed(app: RunwatchApp, pilot: Pilot[None], text: str, *more: str) -> None:
    """Open the line, put `text` there as a paste does, and press further keys."""
    await pilot.press("slash")
    app.query_one("#filter", Input).insert_text_at_cursor(text)
    await pilot.pause()
    await pilot.press(*more)
    await settled(app, pilot)


def configured(results: Path, text: str) -> None:
    path = results / "runwatch.toml"
    path.write_text(path.read_text() + text)
    os.utime(path, (NOW - 60, NOW - 60))


SAVED = """
[[filter]]
name = "Broken anew"
filter = "status:failed new:"

[[filter]]
name = "Core [red]only[/red]"
filter = 'component:"Core infrastructure"'
"""


# --- the line and its chips -------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_what_was_typed_is_shown_as_it_was_understood(size: tuple[int, int], results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("3")
        await typed(app, pilot, "status:failed !name:reconnect heartbeet")
        shown = screen(app)
        for said in (" status: failed ✕", " not name: reconnect ✕", " “heartbeet” ✕", "≈ heartbeat"):
            assert said in shown
        assert " of 532" in shown

    drive(results, steps, size)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("stauts:failed", "did you mean status:?"),
        ("status:fialed", "did you mean failed?"),
        ("slow:soon", "wants a time: slow:>2s, slow:<100ms"),
        ("component:coer", "did you mean Core infrastructure?"),
        ("status:", "passed, failed, error, skipped, running"),
    ],
)
def test_what_was_not_understood_is_said_in_its_chip(text: str, said: str, results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await typed(app, pilot, text)
        assert said in screen(app).splitlines()[-2]

    drive(results, steps)


def test_a_recognised_term_looks_different_from_text(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await typed(app, pilot, "status:failed heartbeat stauts:x !new:")
        inks = [app.query_one("#chips").ink(f"chip-{name}") for name in ("term", "text", "fault", "not")]  # type: ignore[attr-defined]
        assert len({str(ink) for ink in inks}) == 4

    drive(results, steps)


def test_a_chip_is_removed_by_its_cross_and_edited_by_the_rest(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("3")
        await typed(app, pilot, "status:failed heartbeat", "enter")
        line = screen(app).splitlines()[-2]
        await pilot.click("#chips", offset=(line.index("✕"), 0))
        await settled(app, pilot)
        assert "52 of 532 tests" in screen(app)
        assert "status: failed" not in screen(app)
        await pilot.click("#chips", offset=(4, 0))
        await pilot.press("x")
        assert value(app) == "heartbeatx"
        await pilot.click("#chips", offset=(screen(app).splitlines()[-2].index("✕"), 0))
        await settled(app, pilot)
        assert value(app) == ""
        assert " of 532" not in screen(app)

    drive(results, steps)


def test_the_keyboard_stays_in_the_line_and_enter_leaves_it(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("slash", *"slow:>5s q")
        assert app.query_one(FilterBox).is_typed_in
        await pilot.press("backspace", "backspace", "enter")
        await settled(app, pilot)
        assert app.query_one("#tests-list").has_focus
        assert "77 of 532 tests" in screen(app)
        assert "slow: >5s" in screen(app)
        await pilot.press("slash")
        assert value(app) == "slow:>5s"
        await pilot.press("escape")
        await settled(app, pilot)
        assert app.is_running
        assert "slow: >5s" not in screen(app)

    drive(results, steps)


def test_an_empty_list_says_why_and_what_to_press(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("3")
        await typed(app, pilot, "component:core status:failed heartbeat", "enter")
        shown = screen(app)
        for said in ("No test matches the filter.", "110 of 532", "7 of these 110", "none of these 7"):
            assert said in shown
        assert "esc clears it" in shown
        await pilot.press("escape")
        await settled(app, pilot)
        assert "No test matches" not in screen(app)

    drive(results, steps)


def test_a_filter_that_leaves_no_failure_says_that_it_leaves_tests(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("2")
        await typed(app, pilot, "status:passed", "enter")
        assert "None of the 334 tests that the filter leaves is a failure" in screen(app)
        await pilot.press("3")
        await settled(app, pilot)
        assert "334 of 532 tests" in screen(app)

    drive(results, steps, (160, 40))


def test_without_a_baseline_new_is_unknown(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("d", "home", "enter")
        await settled(app, pilot, lambda app: not app.facts.regressions.known)
        await pilot.press("3")
        await typed(app, pilot, "new:")
        assert "UNKNOWN: there is no baseline" in screen(app)

    drive(results, steps)


def test_a_filter_follows_what_comes_in(tmp_path: Path) -> None:
    results = tmp_path / "results"
    results.mkdir()
    log = results / "run.jsonl"

    def write(*tests: str) -> None:
        lines: list[dict[str, object]] = [
            {"$report_type": "TestReport", "nodeid": f"t.py::{test}", "when": "call", "outcome": "passed"}
            | {"duration": 0.1, "longrepr": None, "sections": [], "start": NOW - 30, "stop": NOW - 29}
            for test in tests
        ]
        log.write_text("".join(json.dumps(line) + "\n" for line in lines))
        os.utime(log, (NOW - 60, NOW - 60))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await typed(app, pilot, "alpha", "enter")
        assert "1 of 2 tests" in screen(app)
        write("test_alpha", "test_beta", "test_alpha_too")
        await settled(app, pilot, lambda app: "2 of 3 tests" in screen(app))

    write("test_alpha", "test_beta")
    drive(results, steps)


def test_regressions_are_filtered_too_those_that_vanished_by_their_names(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("5")
        await typed(app, pilot, "new: !reconnect", "enter")
        assert view_of(app) == "regressions"
        assert "filtered" in screen(app)

    drive(results, steps, (200, 60))


# --- completion -------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["tab", "right"])
def test_a_suggestion_is_taken_with_its_quotes(key: str, results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await typed(app, pilot, "comp")
        assert "component:" in screen(app).splitlines()[-3]
        await pilot.press(key, *"mis", key)
        await settled(app, pilot)
        assert value(app) == 'component:"Mission critical"'
        assert app.query_one(FilterBox).is_typed_in
        await pilot.press("home", key)
        if key == "tab":
            assert not app.query_one(FilterBox).is_typed_in
        else:
            assert app.query_one("#filter", Input).cursor_position == 1

    drive(results, steps)


# --- history and saved filters ----------------------------------------------------------------------


def test_filters_are_remembered_from_session_to_session(own_state: Path, results: Path) -> None:
    async def first(app: RunwatchApp, pilot: Pilot[None]) -> None:
        for text in ("reconnect", "slow:", "reconnect"):
            await pilot.press("slash", "ctrl+u", *text, "enter")
            await settled(app, pilot)
        assert kept(own_state) == ["slow:", "reconnect"]

    async def second(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await typed(app, pilot, "dra", "up")
        assert value(app) == "reconnect"
        await pilot.press("up", "up")
        assert value(app) == "slow:"
        await settled(app, pilot)
        assert "84 of 532 tests" in screen(app)
        await pilot.press("down", "down", "down")
        assert value(app) == "dra"

    drive(results, first)
    drive(results, second)
    assert (own_state / "runwatch" / "filters").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("what", ["directory", "garbage", "no place"])
def test_a_history_that_cannot_be_is_no_error(what: str, own_state: Path, results: Path) -> None:
    path = own_state / "runwatch" / "filters"
    path.parent.mkdir()
    if what == "directory":
        path.mkdir()
    elif what == "garbage":
        path.write_bytes(b"\xff\xfe\x00\x1b[2Jslow:\n" + b"x" * 100_000)
    else:
        path.parent.rmdir()
        path.parent.write_text("a file")

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await typed(app, pilot, "reconnect", "enter")
        assert "33 of 532 tests" in screen(app)
        await typed(app, pilot, "", "up", "up", "up")
        assert "\x1b" not in value(app)
        assert app.is_running
        failed = any("not remembered" in note.message for note in app._notifications)
        assert failed == (what != "garbage")

    drive(results, steps)


def test_nothing_is_kept_among_the_results(monkeypatch: pytest.MonkeyPatch, results: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(results))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await typed(app, pilot, "reconnect", "enter")
        assert not (results / "runwatch").exists()
        await typed(app, pilot, "", "ctrl+u", "up")
        assert value(app) == "reconnect"

    drive(results, steps)


def test_a_saved_filter_is_chosen(results: Path) -> None:
    configured(results, SAVED)

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await typed(app, pilot, "reconnect", "enter", "1", "F")
        assert "Broken anew" in screen(app)
        assert "Core [red]only[/red]" in screen(app)
        assert "typed before" in screen(app)
        await pilot.press("home", "enter")
        await settled(app, pilot)
        assert view_of(app) == "tests"
        assert "11 of 532 tests" in screen(app)
        assert "status: failed" in screen(app)
        await pilot.press("F", "escape")
        await settled(app, pilot)
        assert "11 of 532 tests" in screen(app)

    drive(results, steps)


def test_without_saved_filters_it_is_said_how_to_save_one(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("F")
        await pilot.pause()
        assert any("[[filter]]" in note.message for note in app._notifications)

    drive(results, steps)


def test_a_component_of_the_overview_is_filtered_by_its_whole_name(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        app.query_one("#components", Listing).focus()
        await pilot.press("home", "down", "enter")
        await settled(app, pilot)
        assert view_of(app) == "tests"
        assert "62 of 532 tests" in screen(app)
        assert "component: Configuration system" in screen(app)

    drive(results, steps)


# --- the palette ------------------------------------------------------------------------------------


async def chosen(app: RunwatchApp, pilot: Pilot[None], text: str, *more: str) -> str:
    """Search in the palette, and choose the first that is found (after `more` keys); what it showed."""
    await pilot.press("ctrl+p")
    await pilot.pause()
    palette = app.screen
    assert isinstance(palette, CommandPalette)
    palette.query_one(CommandInput).value = text
    quiet = 0
    while quiet < 3:  # a search that was overtaken ends before the one that overtook it begins
        await pilot.pause(0.02)
        searches = [each for each in app.workers if each.group == palette._GATHER_COMMANDS_GROUP]
        quiet = 0 if any(each.is_running for each in searches) else quiet + 1
    shown = screen(app)
    await pilot.press(*more, "enter")
    await pilot.pause()
    await settled(app, pilot)
    return shown


def test_the_palette_opens_a_test(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        shown = await chosen(app, pilot, "test_events_after_reconnect[5-0]")
        assert "Test: failed" in shown
        assert view_of(app) == "failures"
        detail = app.query_one("#failures-detail", DetailPane)
        assert detail.key is not None
        assert detail.key.test.name == "test_events_after_reconnect[5-0]"

    drive(results, steps)


def test_the_palette_forgives_what_was_mistyped(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        assert "test_events_after_reconnect" in await chosen(app, pilot, "reconect")

    drive(results, steps)


def test_the_palette_opens_a_cause(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        assert "Cause 5: 6 tests" in await chosen(app, pilot, "redis_url")
        assert view_of(app) == "failures"
        selected = app.query_one("#failures-list", Listing).selected
        assert selected in app.query_one(Failures)._unfolded

    drive(results, steps)


def test_the_palette_filters_by_a_component(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        assert "Component: EXCELLENT" in await chosen(app, pilot, "configuration sys")
        assert view_of(app) == "tests"
        assert "62 of 532 tests" in screen(app)

    drive(results, steps)


def test_the_palette_selects_a_source(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        assert "Source:" in await chosen(app, pilot, "core.jsonl")
        assert view_of(app) == "sources"
        assert app.query_one("#sources-list", Listing).selected == ("source", "core.jsonl")

    drive(results, steps)


def test_the_palette_takes_a_saved_filter(results: Path) -> None:
    configured(results, SAVED)

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        assert "Core [red]only[/red]" in await chosen(app, pilot, "[red]")
        assert "110 of 532 tests" in screen(app)

    drive(results, steps)


def test_the_palette_filters_by_what_was_typed(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        shown = await chosen(app, pilot, "heartbeat", "up")  # the last one
        assert "heartbeat" in shown
        assert view_of(app) == "tests"
        assert "52 of 532 tests" in screen(app)

    drive(results, steps)


@pytest.mark.parametrize("name", ["test[/foo]", "test[red]x[/red]", "test[@click=app.quit]", "test_x[a]"])
def test_names_in_the_palette_are_never_markup(name: str, tmp_path: Path) -> None:
    results = tmp_path / "results"
    results.mkdir()
    call = {"$report_type": "TestReport", "nodeid": f"t.py::{name}", "when": "call", "outcome": "failed"}
    crash = {"reprcrash": {"path": "t.py", "lineno": 3, "message": f"ValueError: {name}"}}
    times = {"duration": 0.1, "sections": [], "start": NOW - 30, "stop": NOW - 29}
    (results / "run.jsonl").write_text(json.dumps(call | times | {"longrepr": crash}) + "\n")
    os.utime(results / "run.jsonl", (NOW - 60, NOW - 60))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        shown = await chosen(app, pilot, name)
        assert f"{name}\n" in shown.replace("│", "").replace(" \n", "\n")
        assert app.is_running
        await typed(app, pilot, name)
        assert f"“{name}”" in screen(app)

    drive(results, steps)
