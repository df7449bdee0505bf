"""Failures and tests as they are grouped, folded, sorted and selected together."""

from pathlib import Path
from unittest.mock import patch

import pytest
from textual.pilot import Pilot

from tests.view.driving import drive, screen, settled
from tests.view.test_app import ran, write
from tui.core.grouping import By, CasesRow, GroupRow, TestRow
from tui.core.model import TestKey
from tui.core.pathtree import Folder
from tui.view import tests
from tui.view.app import RunwatchApp
from tui.view.choosing import Choosing
from tui.view.detail.pane import DetailPane
from tui.view.failures import Failures
from tui.view.finding import finder
from tui.view.ink import Lines
from tui.view.lists import test_table
from tui.view.lists.listing import Listing
from tui.view.tests import Tests

FAILING = (
    ran("test_a[1]", "KeyError: 'x'")
    + ran("test_a[2]", "KeyError: 'x'")
    + ran("test_b", "KeyError: 'x'")
    + ran("test_c", "ValueError: y")
    + ran("test_d")
)


@pytest.fixture
def results(tmp_path: Path) -> Path:
    directory = tmp_path / "results"
    directory.mkdir()
    write(directory / "run.jsonl", FAILING)
    return directory


def failures_of(app: RunwatchApp) -> Listing:
    return app.query_one("#failures-list", Listing)


def table_of(app: RunwatchApp) -> Listing:
    return app.query_one("#tests-list", Listing)


def name_of(key: object) -> str:
    test = key.test if isinstance(key, TestRow) else key
    return test.test.name if isinstance(test, TestKey) else ""


def shown_names(app: RunwatchApp) -> list[str]:
    return [name_of(key) for key in table_of(app)._keys]


# --- failures ---------------------------------------------------------------------------------------


def test_c_groups_by_the_next_thing_and_the_selection_stays_with_its_test(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("2", "n", "n", "n")
        assert name_of(failures_of(app).selected) == "test_b"
        for by, said in (
            (By.COMPONENT, "Failures by component"),
            (By.FILE, "Failures by file"),
            (By.NONE, "Failures ─"),
            (By.CAUSE, "Failures by cause"),
        ):
            await pilot.press("c")
            await settled(app, pilot)
            assert app.query_one(Failures)._by is by
            assert said in screen(app)
            assert name_of(failures_of(app).selected) == "test_b"
            assert app.query_one("#failures-detail", DetailPane).key == app.query_one(Failures).meant()[0]

    drive(results, steps)


def test_cases_stand_below_their_function(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("2", "enter", "j")
        assert "2 cases" in screen(app)
        assert isinstance(failures_of(app).selected, CasesRow)
        assert len(app.query_one(Failures).meant()) == 2
        await pilot.press("l", "j")
        assert name_of(failures_of(app).selected) == "test_a[1]"
        await pilot.press("h")
        assert isinstance(failures_of(app).selected, CasesRow)
        await pilot.press("h")
        assert isinstance(failures_of(app).selected, GroupRow)
        assert len(failures_of(app)._keys) == 2

    drive(results, steps)


def test_right_unfolds_then_goes_in_then_opens(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("2", "j", "right", "right")
        assert name_of(failures_of(app).selected) == "test_c"
        await pilot.press("right")
        assert app.query_one("#failures-detail #detail-text").has_focus

    drive(results, steps)


def test_everything_folds_and_unfolds_at_once(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("2", "Z")
        assert len(failures_of(app)._keys) == 7
        await pilot.press("n", "n", "z")
        assert len(failures_of(app)._keys) == 2
        assert isinstance(failures_of(app).selected, GroupRow)

    drive(results, steps)


@pytest.mark.parametrize("grouping", range(len(By)))
def test_n_goes_through_every_failing_test_under_every_grouping(results: Path, grouping: int) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("2", *["c"] * grouping)
        seen = []
        for _ in range(4):
            await pilot.press("n")
            seen.append(name_of(failures_of(app).selected))
            await pilot.press("z")
            if grouping != list(By).index(By.NONE):
                assert isinstance(failures_of(app).selected, GroupRow)
            await pilot.press("Z")
            app.query_one(Failures).select_test(app.query_one(Failures).meant()[0])
            app.query_one(Failures).select_test(
                next(key for key in app.store.tests if key.test.name == seen[-1])
            )
        assert sorted(seen) == ["test_a[1]", "test_a[2]", "test_b", "test_c"]
        await pilot.press("N")
        assert name_of(failures_of(app).selected) == seen[-2]

    drive(results, steps)


def test_previous_from_a_group_is_the_test_above_it(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("2", "j", "N")
        assert name_of(failures_of(app).selected) == "test_b"

    drive(results, steps)


def test_the_selection_follows_a_test_into_the_fold_that_takes_it(results: Path) -> None:
    log = results / "run.jsonl"

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        write(log, FAILING + ran("test_c[1]", "ValueError: y"))
        await settled(app, pilot, lambda app: app.facts.failing_tests == 5)
        await pilot.press("2", "j", "l", "j", "j")
        assert name_of(failures_of(app).selected) == "test_c[1]"
        # A second case comes in: both stand below their function now, unfolded for the selected one.
        write(log, FAILING + ran("test_c[1]", "ValueError: y") + ran("test_c[2]", "ValueError: y"))
        await settled(app, pilot, lambda app: app.facts.failing_tests == 6)
        assert name_of(failures_of(app).selected) == "test_c[1]"
        assert any(isinstance(key, CasesRow) for key in failures_of(app)._keys)

    drive(results, steps)


# --- several at once --------------------------------------------------------------------------------


def test_v_selects_rows_together_and_escape_lets_go_first(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("3", "v", "j", "j", "v")
        assert len(app.query_one(Tests).meant()) == 2
        assert "◆ 2 selected" in screen(app)
        assert screen(app).count("◆") == 3
        await pilot.press("v")
        assert "◆ 1 selected" in screen(app)
        await pilot.press("escape")
        assert "selected" not in screen(app)
        assert table_of(app).has_focus
        assert len(app.query_one(Tests).meant()) == 1

    drive(results, steps)


def test_ranges_grow_and_shrink(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("3", "v", "j", "j", "V")
        assert len(table_of(app).picks) == 3
        await pilot.press("escape", "g", "shift+down", "shift+down", "shift+up")
        assert len(table_of(app).picks) == 2
        await pilot.press("escape", "g", "insert", "insert")
        assert len(table_of(app).picks) == 2

    drive(results, steps)


def test_rows_are_selected_together_with_the_pointer(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("3")
        await pilot.click("#tests-list", offset=(10, 2), control=True)
        await pilot.click("#tests-list", offset=(10, 4), control=True)
        assert len(table_of(app).picks) == 2
        await pilot.press("escape")
        await pilot.click("#tests-list", offset=(10, 2))
        await pilot.click("#tests-list", offset=(10, 5), shift=True)
        assert len(table_of(app).picks) == 4

    drive(results, steps)


def test_a_group_means_all_its_tests_once(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("2", "v", "l", "j", "l", "j", "v")
        assert isinstance(failures_of(app).selected, TestRow)
        assert [key.test.name for key in app.query_one(Failures).meant()] == [
            "test_a[1]",
            "test_a[2]",
            "test_b",
        ]
        await pilot.press("escape", "v")
        assert screen(app).count("◇") == 2
        await pilot.press("c")
        assert len(app.query_one(Failures).meant()) == 1
        assert "◆ 1 selected" in screen(app)

    drive(results, steps)


def test_what_a_filter_hides_is_not_selected_any_more(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("3", "v", "shift+down", "shift+down", "shift+down", "slash", *"test_b", "enter")
        await settled(app, pilot)
        assert [key.test.name for key in app.query_one(Tests).meant()] == ["test_b"]

    drive(results, steps)


# --- tests ------------------------------------------------------------------------------------------


def test_s_chooses_the_column_and_capital_s_turns_it_over(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("3", "s")
        await pilot.pause()
        assert isinstance(app.screen, Choosing)
        await pilot.press("j", "enter")
        await settled(app, pilot)
        assert shown_names(app) == ["test_a[1]", "test_a[2]", "test_b", "test_c", "test_d"]
        assert "Test ▲" in screen(app)
        await pilot.press("S")
        assert shown_names(app)[0] == "test_d"
        assert "Test ▼" in screen(app)

    drive(results, steps)


def test_a_click_on_a_title_sorts_by_it_and_another_turns_it_over(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("3", "j")
        before = table_of(app).selected
        await pilot.click("#tests-list", offset=(6, 1))
        assert "Test ▲" in screen(app)
        await pilot.click("#tests-list", offset=(6, 1))
        assert shown_names(app)[0] == "test_d"
        assert table_of(app).selected == before
        await pilot.click("#tests-list", offset=(42, 1))
        assert "Time ▼" in screen(app)

    drive(results, steps)


def test_results_that_come_in_are_sorted_in_and_the_selection_follows(results: Path) -> None:
    log = results / "run.jsonl"

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("3", "s", "j", "enter", "G")
        assert name_of(table_of(app).selected) == "test_d"
        write(log, FAILING + ran("test_0") + ran("test_d2"))
        await settled(app, pilot, lambda app: len(app.store.tests) == 7)
        assert shown_names(app)[0] == "test_0"
        assert shown_names(app)[-1] == "test_d2"
        assert name_of(table_of(app).selected) == "test_d"

    drive(results, steps)


def test_tests_as_a_tree_of_folders(results: Path) -> None:
    (results / "run.jsonl").write_text("")
    other = FAILING.replace("t.py::test_c", "sub/deep/u.py::test_c").replace(
        "t.py::test_d", "sub/v.py::test_d"
    )
    write(results / "run.jsonl", other)

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("3", "c", "z")
        await settled(app, pilot)
        assert "Tests by path" in screen(app)
        assert all(isinstance(key, Folder) for key in table_of(app)._keys)
        assert "3 failing  0/3" in screen(app)
        await pilot.press("Z")
        assert sum(isinstance(key, TestKey) for key in table_of(app)._keys) == 5
        assert "deep/u.py" in screen(app)
        await pilot.press("z", "g", "l", "l")
        assert isinstance(table_of(app).selected, TestKey | Folder)
        await pilot.press("h", "h", "g", "enter")
        count = len(table_of(app)._keys)
        await pilot.press("enter")
        assert len(table_of(app)._keys) != count
        await pilot.press("z", "g", "v")
        assert len(app.query_one(Tests).meant()) == 3
        await pilot.press("c")
        assert len(app.query_one(Tests).meant()) == 3
        assert not any(isinstance(key, Folder) for key in table_of(app)._keys)

    drive(results, steps)


def test_the_tree_keeps_the_selected_test(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("3", "j", "j")
        before = table_of(app).selected
        await pilot.press("c")
        assert table_of(app).selected == before
        await pilot.press("h")
        assert isinstance(table_of(app).selected, Folder)
        await pilot.press("l", "l", "l")
        assert app.query_one("#tests-detail #detail-text").has_focus

    drive(results, steps)


def test_the_histogram_is_there_where_there_is_room_and_goes_at_a_key(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("3")
        await settled(app, pilot)
        assert "5 tests with a duration" in screen(app)
        assert "300 ms–1 s" in screen(app)
        await pilot.press("H")
        await settled(app, pilot)
        assert not app.query_one("#durations", Lines).display
        await pilot.press("H")
        assert app.query_one("#durations", Lines).display

    drive(results, steps)


def test_the_histogram_is_not_there_where_there_is_little_room(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("3")
        await settled(app, pilot)
        assert not app.query_one("#durations", Lines).display
        await pilot.press("H")
        await settled(app, pilot)
        assert app.query_one("#durations", Lines).display

    drive(results, steps, (80, 24))


def test_the_list_takes_the_whole_width(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("3", "underscore")
        await settled(app, pilot)
        assert "Component" in screen(app)
        assert not app.query_one("#tests-detail").display
        await pilot.press("enter")
        assert app.query_one("#tests-detail").display

    drive(results, steps)


def test_what_somebody_may_ask_for_next_is_made_ready_while_nothing_happens(results: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("3")
        table = app.query_one(Tests)._table
        await settled(app, pilot, lambda _: table._whole is not None and table._whole.ahead is not None)
        app._finder.look_ahead()  # looks whether anything changes, first
        app._finder.look_ahead()
        await settled(app, pilot, lambda _: app._finder.index.is_of(app.store))
        ahead = table._whole.ahead if table._whole is not None else None
        await pilot.press("s", "g", "j", "j", "enter")
        await settled(app, pilot)
        assert "slowest first" in screen(app)
        assert table._arrangement is ahead

    with (
        patch.object(test_table, "_MANY", 1),
        patch.object(finder, "_MANY", 1),
        patch.object(tests, "_AHEAD_AFTER", 0.01),
    ):
        drive(results, steps)
