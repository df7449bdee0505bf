"""What the app does when it is used, and while results change under it."""

import json
import os
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import ContentSwitcher, Input

from tests.view.driving import NOW, aged, drive, sample, screen, settled
from tui.core.facts import Facts, gather
from tui.load import load
from tui.view.app import RunwatchApp
from tui.view.detail.pane import DetailPane
from tui.view.detail.textpane import TextPane
from tui.view.failures import Failures
from tui.view.help import Help
from tui.view.ink import Inked
from tui.view.lists.listing import Listing
from tui.view.noting import Noting


def line(test: str, when: str, outcome: str = "passed", message: str = "") -> str:
    """A line of a report log."""
    longrepr = {"reprcrash": {"path": "t.py", "lineno": 3, "message": message}} if message else None
    report = {
        "$report_type": "TestReport",
        "nodeid": f"t.py::{test}",
        "when": when,
        "outcome": outcome,
        "duration": 0.1,
        "start": NOW - 30,
        "stop": NOW - 29,
        "longrepr": longrepr,
        "sections": [],
    }
    return json.dumps(report) + "\n"


def ran(test: str, message: str = "") -> str:
    """The lines of a test that passed, or failed with `message`."""
    call = line(test, "call", "failed" if message else "passed", message)
    return line(test, "setup") + call + line(test, "teardown")


def write(path: Path, text: str) -> None:
    """Put `text` there as if it had been written a minute before NOW."""
    path.write_text(text)
    os.utime(path, (NOW - 60, NOW - 60))


def view_of(app: RunwatchApp) -> str | None:
    return app.query_one("#views", ContentSwitcher).current


@pytest.fixture
def results(tmp_path: Path) -> Path:
    directory = tmp_path / "results"
    directory.mkdir()
    return directory


def test_the_selection_follows_the_test_and_stays_where_it_is(results: Path) -> None:
    log = results / "run.jsonl"
    write(log, ran("test_a", "KeyError: 'a'") + ran("test_b", "ValueError: b"))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("2", "j")
        listing = app.query_one("#failures-list", Listing)
        before, row = listing.selected, listing._index - listing.scroll_offset.y
        # Three failures of one cause come in: it is the most frequent now, and goes to the top.
        write(log, log.read_text() + "".join(ran(f"test_{n}", f"OSError: {n}") for n in range(3)))
        await settled(app, pilot, lambda app: app.facts.failing_tests == 5)
        assert listing.selected == before
        assert listing._index - listing.scroll_offset.y in (row, listing._index)

    drive(results, steps)


def test_a_live_update_leaves_the_open_detail_alone(results: Path) -> None:
    log = results / "run.jsonl"
    write(log, ran("test_a", "AssertionError: " + "\n".join(f"line {n}" for n in range(200))))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("2", "enter", "j", "enter", "pagedown")
        await settled(app, pilot)
        text = app.query_one("#failures-detail #detail-text", TextPane)
        scrolled = text.scroll_offset
        assert scrolled.y > 0
        write(log, log.read_text() + ran("test_b", "KeyError: 'b'"))
        await settled(app, pilot, lambda app: app.facts.failing_tests == 2)
        assert text.scroll_offset == scrolled
        assert text.has_focus

    drive(results, steps)


def test_n_shows_the_next_failure_from_anywhere(results: Path) -> None:
    write(results / "run.jsonl", ran("test_a", "KeyError: 1") + ran("test_b", "ValueError: 2"))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("6", "n")
        await settled(app, pilot)
        first = app.query_one("#failures-detail", DetailPane).key
        await pilot.press("n")
        second = app.query_one("#failures-detail", DetailPane).key
        await pilot.press("N")
        assert view_of(app) == "failures"
        assert app.query_one("#failures-list").display
        assert app.query_one("#failures-list").has_focus
        assert first is not None
        assert second not in (None, first)
        assert app.query_one("#failures-detail", DetailPane).key == first

    drive(results, steps)


def test_escape_goes_back_then_clears_the_filter_and_never_quits(results: Path) -> None:
    write(results / "run.jsonl", ran("test_a", "KeyError: 1") + ran("test_b"))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("3", "slash", *"test_a", "enter")
        await settled(app, pilot)
        assert "1 of 2 tests" in screen(app)
        await pilot.press("enter")
        assert app.query_one("#tests-detail #detail-text").has_focus
        await pilot.press("escape")
        assert app.query_one("#tests-list").has_focus
        assert "1 of 2 tests" in screen(app)
        await pilot.press("escape")
        await settled(app, pilot)
        assert " of 2 tests" not in screen(app)
        await pilot.press("escape", "escape")
        assert app.is_running

    drive(results, steps)


def test_a_filter_of_the_failures_says_what_it_leaves_out(results: Path) -> None:
    write(results / "run.jsonl", ran("test_a", "KeyError: 1") + ran("test_b", "ValueError: 2"))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("2", "slash", *"cause:key")
        await settled(app, pilot)
        assert "1 of 2 tests" in screen(app)
        assert "2 failed" not in screen(app)
        await pilot.press("escape")
        assert not app.query_one("#filter", Input).display

    drive(results, steps)


@pytest.mark.parametrize(
    ("key", "view"),
    [
        ("1", "overview"),
        ("2", "failures"),
        ("3", "tests"),
        ("4", "golden"),
        ("5", "regressions"),
        ("6", "sources"),
    ],
)
def test_a_number_shows_its_view(key: str, view: str, results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("6", key)
        assert view_of(app) == view

    drive(results, steps)


def test_the_views_can_be_clicked(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.click("#header", offset=(16, 1))
        assert view_of(app) == "failures"

    drive(results, steps)


def test_a_row_can_be_clicked_and_opened(results: Path) -> None:
    write(results / "run.jsonl", ran("test_a") + ran("test_b") + ran("test_c"))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("3")
        await pilot.click("#tests-list", offset=(10, 3))
        await settled(app, pilot)
        detail = app.query_one("#tests-detail", DetailPane)
        assert detail.key is not None
        assert detail.key.test.name == "test_b"
        await pilot.click("#tests-list", offset=(10, 3), times=2)
        assert app.query_one("#tests-detail #detail-text").has_focus

    drive(results, steps)


def test_what_is_filled_is_drawn_on_its_own_background(results: Path) -> None:
    async def steps(app: RunwatchApp, _: Pilot[None]) -> None:
        header = app.query_one("#header", Inked)
        brand, plain = header.ink("brand"), header.ink("plain")
        assert brand.bgcolor is not None
        assert brand.bgcolor.get_truecolor().hex == app.theme_variables["primary"].lower()
        assert plain.bgcolor is not None
        assert plain.bgcolor != brand.bgcolor
        assert header.ink("cursor").bgcolor != plain.bgcolor

    drive(results, steps)


def test_q_quits(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("q")
        assert not app.is_running

    drive(results, steps)


def test_an_empty_directory_says_what_fills_it(results: Path) -> None:
    async def steps(app: RunwatchApp, _: Pilot[None]) -> None:
        assert f"pytest --report-log={results}/run.jsonl" in screen(app).replace("\n", "")
        assert "UNKNOWN" in screen(app)

    drive(results, steps, size=(200, 60))


def test_a_missing_directory_is_waited_for(tmp_path: Path) -> None:
    directory = tmp_path / "later"

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        assert "Waiting for the directory" in screen(app)
        directory.mkdir()
        write(directory / "run.jsonl", ran("test_a"))
        await settled(app, pilot, lambda app: app.facts.overall.tally.passed == 1)

    drive(directory, steps)


def test_a_terminal_that_is_too_small_says_so(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.pause()
        assert "60 columns" in screen(app)

    drive(results, steps, size=(50, 12))


def test_a_terminal_that_grows_or_shrinks_is_laid_out_anew(tmp_path: Path) -> None:
    results = sample(tmp_path / "results")

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        for width, height, said in (
            (80, 24, "Agent chat 3/5"),
            (50, 12, "60 columns"),
            (120, 40, "Golden path: Agent chat"),
            (200, 60, "Since baseline"),
            (120, 40, "3 of 5 proven"),
        ):
            await pilot.resize_terminal(width, height)
            await settled(app, pilot, lambda app, said=said: said in screen(app))  # type: ignore[misc]
            assert ("60 columns" in screen(app)) == (width < 60)
            assert width < 60 or "KeyError: 'REDIS_URL'" in screen(app)

    drive(results, steps)


def test_a_long_text_can_be_read_to_its_end(results: Path) -> None:
    write(results / "run.jsonl", ran("test_a", "ValueError: " + "\n".join(f"line {n}" for n in range(300))))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("n", "enter", "b", "end")  # b unfolds what a long text folds away
        await settled(app, pilot)
        assert "line 299" in screen(app)

    drive(results, steps)


def test_enter_unfolds_a_cause_and_keeps_the_list(results: Path) -> None:
    write(results / "run.jsonl", ran("test_a", "KeyError: 1") + ran("test_b", "KeyError: 2"))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("2", "enter", "j")
        assert app.query_one("#failures-list").has_focus
        assert "test_a" in screen(app)

    drive(results, steps)


def test_the_filter_in_force_is_in_sight_in_every_view(results: Path) -> None:
    write(results / "run.jsonl", ran("test_a", "KeyError: 1") + ran("test_b"))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("3", "slash", *"test_b", "enter", "1")
        await settled(app, pilot)
        assert "/test_b" in screen(app)

    drive(results, steps)


@pytest.mark.parametrize(
    "name", ["test_x[param-a]", "test[/foo]", "test[red]x[/red]", "test[@click=app.quit]"]
)
def test_names_are_never_markup(name: str, results: Path) -> None:
    write(results / "run.jsonl", ran(name, f"ValueError: {name}"))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        for key in ("1", "2", "enter", "j", "enter", "3"):
            await pilot.press(key)
            await settled(app, pilot)
            assert name in screen(app)

    drive(results, steps, size=(200, 60))


def test_control_sequences_of_a_result_never_reach_the_screen(results: Path) -> None:
    write(results / "run.jsonl", ran("test_a", "ValueError: \x1b]0;title\x07\x1b[2J\x1b[31mred\x9b5n"))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        for key in ("1", "2", "enter", "j", "enter", "3"):
            await pilot.press(key)
            await settled(app, pilot)
            assert not any((ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160 for c in screen(app))
            assert "title" not in screen(app)

    drive(results, steps)


def test_the_palette_finds_the_views(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("ctrl+p")
        await pilot.press(*"go to sources")
        await pilot.pause(0.3)
        await pilot.press("enter")
        await settled(app, pilot)
        assert view_of(app) == "sources"

    drive(results, steps)


def told(facts: Facts) -> dict[str, object]:
    """Everything that a fresh start would say too: not what a source held before, or that it is gone."""
    return {
        "verdict": facts.verdict,
        "overall": facts.overall,
        "components": facts.components,
        "golden paths": facts.golden_paths,
        "regressions": facts.regressions.numbers,
        "sources": [(row.path, row.state, row.reason, row.tally, row.events) for row in facts.sources],
        "causes": {(cause.signature, cause.tests, cause.new) for cause in facts.causes},
    }


@pytest.mark.parametrize("name", ["websocket.xml", "core.jsonl", "chat.events.jsonl"])
def test_whatever_happens_to_a_file_the_screen_ends_up_as_a_fresh_start(name: str, tmp_path: Path) -> None:
    results = sample(tmp_path / "results")
    path = results / name
    whole = path.read_bytes()

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        for content in (whole[: len(whole) // 2], b"", None, whole):
            if content is None:
                path.unlink()
            else:
                path.write_bytes(content)
                aged(path.parent)
            wanted = told(gather(load(results, app._config, now=lambda: NOW), NOW))
            await settled(app, pilot, lambda app, wanted=wanted: told(app.facts) == wanted)  # type: ignore[misc]
            assert told(app.facts) == wanted

    drive(results, steps)


def test_a_component_opens_its_tests_and_a_cause_its_failures(results: Path) -> None:
    write(results / "run.jsonl", ran("test_a", "KeyError: 1") + ran("test_b"))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        app.query_one("#causes", Listing).focus()
        await pilot.press("enter")
        await settled(app, pilot)
        assert view_of(app) == "failures"
        assert app.query_one(Failures)._unfolded
        await pilot.press("1")
        app.query_one("#components", Listing).focus()
        await pilot.press("enter")
        assert view_of(app) == "tests"

    drive(results, steps)


def test_what_is_behind_a_selection_opens_and_closes_over_every_view(tmp_path: Path) -> None:
    directory = sample(tmp_path / "results")
    asked: dict[str, str] = {}

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        for key in "123456":
            await pilot.press(key)
            await settled(app, pilot)
            await pilot.press("x")
            await settled(app, pilot)
            asked[key] = str(app.screen.query_one(Listing).selected)
            assert len(app.screen.query_one(TextPane)._document) > 1
            await pilot.press("escape")
        await pilot.press("X")
        await settled(app, pilot)
        assert str(app.screen.query_one(Listing).selected) == "verdict"

    drive(directory, steps)
    assert asked == {
        "1": "cause:1",
        "2": "cause:1",
        "3": f"test:{asked['3'].removeprefix('test:')}",
        "4": "golden:Agent chat",
        "5": "change:new failure",
        "6": "source:chat.events.jsonl",
    }


def test_a_plan_shows_what_is_to_come_and_what_it_takes_to_be_ready(results: Path) -> None:
    plan = "".join(f"t.py::test_{name}\n" for name in "abc")
    write(results / "plan.txt", plan)
    log = results / "run.jsonl"
    log.write_text('{"$report_type": "SessionStart"}\n' + ran("test_a"))
    os.utime(log, (NOW - 1, NOW - 1))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        shown = screen(app)
        assert "2 tests to come" in shown
        assert "READY if the remaining 2 pass and the run ends whole" in shown
        with log.open("a") as file:
            file.write('{"$report_type": "SessionFinish", "exitstatus": 1}\n')
        os.utime(log, (NOW - 60, NOW - 60))
        await settled(app, pilot, lambda app: not app.facts.live)
        assert "2 not run" in screen(app)

    drive(results, steps)


def test_a_test_that_moved_is_listed_with_what_it_was(tmp_path: Path) -> None:
    directory = sample(tmp_path / "results")
    for path in (directory / "baseline").glob("core.xml"):
        path.write_text(path.read_text().replace("tests.core.test_ids", "tests.core.test_identifiers"))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("5")
        await settled(app, pilot)
        await pilot.press("end", "enter", "end")
        await settled(app, pilot)
        assert "was in tests/core/test_identifiers.py" in screen(app)

    drive(directory, steps, size=(200, 60))


def test_another_baseline_is_chosen_in_the_app(tmp_path: Path) -> None:
    directory = sample(tmp_path / "results")

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        assert app.facts.regressions.known
        await pilot.press("d", "home", "enter")
        await settled(app, pilot, lambda app: not app.facts.regressions.known)
        await pilot.press("d", "end", "enter")
        await settled(app, pilot, lambda app: app.facts.regressions.known)

    drive(directory, steps)


def test_the_written_status_is_held_against_the_counts_and_followed(results: Path) -> None:
    write(results / "run.jsonl", ran("test_a") + ran("test_b", "KeyError: 'b'"))
    write(results / "runwatch.toml", 'claims = "STATUS.md"\n')
    write(results / "STATUS.md", "All tests pass.\n\n2 of 2 tests passed.\n")

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        assert "STATUS.md: 2 of 2 claims are not so" in screen(app)
        await pilot.press("C")
        await settled(app, pilot)
        assert "“All tests pass.”" in screen(app)
        await pilot.press("n")
        await settled(app, pilot)
        assert "“2 of 2 tests passed.”" in screen(app)
        write(results / "STATUS.md", "1 of 2 tests passed.\n")
        await settled(app, pilot, lambda app: "1 claim is" in screen(app) or "0 of 1 claim" in screen(app))
        (results / "STATUS.md").unlink()
        await settled(app, pilot, lambda app: "cannot be read: No such file" in screen(app))
        await pilot.press("escape")
        assert "! STATUS.md: cannot be read" in screen(app)

    drive(results, steps)


def test_without_a_written_status_it_is_said_how_to_name_one(results: Path) -> None:
    write(results / "run.jsonl", ran("test_a"))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("C")
        await settled(app, pilot)
        assert 'claims = "STATUS.md"' in screen(app)
        await pilot.press("escape")
        assert 'claims = "STATUS.md"' not in screen(app)

    drive(results, steps)


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_the_line_of_keys_is_never_cut_and_says_where_all_are(results: Path, width: int) -> None:
    write(results / "run.jsonl", ran("test_a", "KeyError: 'a'"))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        for key in ("2", "enter", "3"):
            await pilot.press(key)
            await settled(app, pilot)
            keys = screen(app).splitlines()[-1]
            assert keys.endswith(("? Help", "q Quit"))
            assert "? Help" in keys
            assert keys.startswith(" enter Open") or " [ ] Tab" in keys

    drive(results, steps, size=(width, 24))


def test_a_click_on_a_key_does_what_the_key_does(results: Path) -> None:
    write(results / "run.jsonl", ran("test_a", "KeyError: 'a'"))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        column = screen(app).splitlines()[-1].index("? Help")
        await pilot.click("#keys", offset=(column + 3, 0))
        await settled(app, pilot)
        assert isinstance(app.screen, Help)

    drive(results, steps)


def test_every_note_can_be_read_in_the_app(tmp_path: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("exclamation_mark")
        await settled(app, pilot)
        for note in app.facts.notes:
            assert note[:40] in screen(app)
        assert "STATUS.md: 11 of 26 claims are not so" in screen(app)
        await pilot.press("escape")
        assert not isinstance(app.screen, Noting)

    drive(sample(tmp_path / "results"), steps, size=(160, 40))


def test_a_screenshot_is_saved_where_somebody_works(
    results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("ctrl+s")
        await settled(app, pilot)

    drive(results, steps)
    (saved,) = tmp_path.glob("runwatch-*.svg")
    assert "<svg" in saved.read_text("utf-8")


@pytest.mark.parametrize("components", [3, 40])
def test_causes_are_in_sight_however_many_components_there_are(results: Path, components: int) -> None:
    for number in range(components):
        write(results / f"part{number}.jsonl", ran(f"test_{number}", f"OSError: {number}"))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        del pilot
        assert "OSError: <n>" in screen(app)

    drive(results, steps, size=(80, 24))


def test_an_explanation_is_wrapped_at_blanks(results: Path) -> None:
    write(results / "run.jsonl", ran("test_a", "KeyError: 1") + ran("test_b"))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("X")
        await settled(app, pilot)
        pane = app.screen.query_one("#explain-answer", TextPane)
        rows = [pane._document.plain(number) for number in range(len(pane._document))]
        assert len(pane._rows) == len(rows)
        words = set(" ".join(rows).split())
        assert {"executed;", "unknown,", "READY."} <= words

    drive(results, steps, size=(100, 30))


def test_an_explanation_is_to_be_read_on_a_narrow_screen(results: Path) -> None:
    write(results / "run.jsonl", ran("test_a", "KeyError: 1") + ran("test_b"))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("X")
        await settled(app, pilot)
        assert "word: NOT READY" in screen(app)

    drive(results, steps, size=(80, 24))


def test_an_empty_directory_says_what_fills_it_also_where_components_are_configured(results: Path) -> None:
    (results / "runwatch.toml").write_text('[[component]]\nname = "Web"\ntests = ["web/**"]\n')

    async def steps(app: RunwatchApp, _pilot: Pilot[None]) -> None:
        assert "pytest --report-log=" in screen(app)

    drive(results, steps)


def test_the_header_has_the_width_of_the_terminal_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = sample(tmp_path / "results")

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("2")
        monkeypatch.setattr(app._painting, "changed", lambda _events=1: None)  # nothing else paints it
        await pilot.resize_terminal(160, 40)
        await pilot.pause()
        assert screen(app).split("\n")[1].rstrip().endswith("334/532")
        assert len(screen(app).split("\n")[1].rstrip()) > 150

    drive(results, steps, size=(80, 24))
