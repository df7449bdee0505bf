"""Failing tests are marked as known, and the marks are listed and taken off."""

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.view.driving import drive, screen, settled
from tests.view.test_app import ran, write
from tui import known
from tui.core.marks import Mark
from tui.view.app import RunwatchApp
from tui.view.marking import Marking
from tui.view.marks import Marks

FAILING = (
    ran("test_a", "KeyError: 'x'")
    + ran("test_b", "KeyError: 'x'")
    + ran("test_c", "ValueError: y")
    + ran("test_d")
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with results, in which somebody called Ada works."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(known, "user", lambda _working: "Ada")
    directory = tmp_path / "results"
    directory.mkdir()
    write(directory / "run.jsonl", FAILING)
    return tmp_path


def marks(project: Path) -> tuple[Mark, ...]:
    found = known.read(project / ".runwatch" / "known.toml")
    assert not found.problems
    return found.marks


async def mark(app: RunwatchApp, pilot: Pilot[None], reason: str) -> None:
    """Mark what is selected."""
    await pilot.press("m")
    await settled(app, pilot)
    assert isinstance(app.screen, Marking)
    app.screen.query_one("#reason", Input).value = reason
    await pilot.press("enter")
    await settled(app, pilot)
    assert not isinstance(app.screen, Marking)


def test_a_cause_is_marked_with_all_its_tests(project: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("2")
        verdict = app.facts.verdict
        await mark(app, pilot, "see OPS-12")
        (made,) = marks(project)
        assert (made.reason, made.who, made.date) == ("see OPS-12", "Ada", "2026-01-13")
        assert made.tests == ("t.py::test_a", "t.py::test_b")
        assert made.cause == "KeyError: 'x'"
        assert app.facts.known.failing == 2
        assert "2 known" in screen(app)
        assert app.facts.verdict == verdict
        assert app.facts.failing_tests == 3
        await pilot.press("1")
        await settled(app, pilot)
        assert "2 of 3 failing tests are marked as known" in screen(app)

    drive(project / "results", steps)


def test_a_mark_needs_a_reason_and_escape_marks_nothing(project: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("2", "m")
        await settled(app, pilot)
        await pilot.press("enter")
        assert isinstance(app.screen, Marking)
        assert "needs a reason" in screen(app)
        await pilot.press("escape")
        await settled(app, pilot)
        assert not marks(project)

    drive(project / "results", steps)


def test_a_mark_is_changed_and_taken_off(project: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("2", "j")
        await mark(app, pilot, "first")
        await pilot.press("m")
        await settled(app, pilot)
        assert "known: first" in screen(app)
        assert app.screen.query_one("#reason", Input).value == "first"
        await pilot.press("escape")
        await mark(app, pilot, "second")
        assert [made.reason for made in marks(project)] == ["second"]
        await pilot.press("m")
        await settled(app, pilot)
        await pilot.press("ctrl+r")
        await settled(app, pilot)
        assert not marks(project)
        assert app.facts.known.failing == 0

    drive(project / "results", steps)


def test_only_what_fails_is_marked(project: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("3", "G", "m")
        await settled(app, pilot)
        assert not isinstance(app.screen, Marking)
        await pilot.press("g", "V", "G", "V")
        await mark(app, pilot, "all that fail")
        assert sorted(test for made in marks(project) for test in made.tests) == [
            "t.py::test_a",
            "t.py::test_b",
            "t.py::test_c",
        ]
        assert len(marks(project)) == 2

    drive(project / "results", steps)


def test_a_marked_test_that_fails_differently_or_passes_is_told(project: Path) -> None:
    log = project / "results" / "run.jsonl"

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("2")
        await mark(app, pilot, "see OPS-12")
        write(log, ran("test_a") + ran("test_b", "OSError: no disk"))
        await settled(app, pilot, lambda app: len(app.store.tests) == 2)
        assert app.facts.known[:3] == (1, 1, 1)
        await pilot.press("n")
        await settled(app, pilot)
        assert "fails differently now" in screen(app)
        await pilot.press("M")
        await settled(app, pilot)
        assert isinstance(app.screen, Marks)
        assert "2 tests, 1 outdated" in screen(app)
        assert "the mark is outdated" in screen(app)
        await pilot.press("D")
        await settled(app, pilot)
        assert [made.tests for made in marks(project)] == [("t.py::test_b",)]
        assert "differs" in screen(app)
        await pilot.press("v", "d")
        await settled(app, pilot)
        assert not marks(project)
        assert "No test is marked as known" in screen(app)
        await pilot.press("escape")
        assert not isinstance(app.screen, Marks)

    drive(project / "results", steps)


def test_marks_that_somebody_else_writes_are_seen(project: Path) -> None:
    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("2")
        known.change(project / ".runwatch" / "known.toml", added=[Mark("r", "Bob", ("t.py::test_c",))])
        app._tick()
        await settled(app, pilot)
        assert app.facts.known.failing == 1

    drive(project / "results", steps)


def test_a_file_that_cannot_be_read_is_told_and_left_alone(project: Path) -> None:
    path = project / ".runwatch" / "known.toml"
    path.parent.mkdir()
    path.write_text("[[known]\n")

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await settled(app, pilot)
        assert "known.toml:1" in screen(app)
        await pilot.press("2")
        await mark(app, pilot, "x")
        assert path.read_text() == "[[known]\n"

    drive(project / "results", steps)
