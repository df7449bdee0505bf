"""What is done with the selected tests: the editor, the clipboard, the rerun."""

import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.building import case, failure, pytest_xml
from tests.view.driving import NOW, drive, screen, settled
from tests.view.test_detail import SOURCE, lines, opened, pane, said, text_of, write
from tui.config import Config, find
from tui.running import Running
from tui.view.acting.rerun_pane import Confirming, RerunPane
from tui.view.app import RunwatchApp
from tui.view.choosing import Choosing
from tui.view.lists.listing import Listing

LIBRARY = (
    "def load(payload):\n    return parse(payload)\n\n\ndef parse(payload):\n    raise ValueError(payload)\n"
)
OWN_FRAMES = """\
    def test_a():
>       load("{nope")

tests/test_a.py:3:
_ _ _ _ _ _ _ _ _ _ _ _

    def load(payload):
>       return parse(payload)

app/library.py:2:
_ _ _ _ _ _ _ _ _ _ _ _

    def parse(payload):
>       raise ValueError(payload)
E       ValueError: {nope

app/library.py:6: ValueError"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that somebody works in, with nothing of that person's environment."""
    for name in ("VISUAL", "EDITOR", "DISPLAY", "WAYLAND_DISPLAY", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "tests/test_a.py", SOURCE, seconds=300)
    write(tmp_path / "app/library.py", LIBRARY, seconds=300)
    (tmp_path / "results").mkdir()
    return tmp_path


@pytest.fixture
def results(home: Path) -> Path:
    return home / "results"


def configure(home: Path, words: Sequence[str], **more: str) -> None:
    """Write a configuration that runs tests again with `words`."""
    table = {"command": list(words), **more}
    said = "".join(f"{name} = {json.dumps(value)}\n" for name, value in table.items())
    write(home / "runwatch.toml", f"[rerun]\n{said}")


def program(path: Path, text: str) -> Path:
    """A program of Python's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!{sys.executable}\n{text}")
    path.chmod(0o755)
    return path


@pytest.fixture
def edited(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that a vim writes its arguments to; the terminal is given to it, and taken back."""
    notes = home / "edited.json"
    note = f"import json, sys; open({str(notes)!r}, 'a').write(json.dumps(sys.argv[1:]) + '\\n')\n"
    monkeypatch.setenv("VISUAL", f"'{program(home / 'my bin' / 'vim', note)}' -n")

    @contextlib.contextmanager
    def suspend(_: RunwatchApp) -> Iterator[None]:
        yield

    monkeypatch.setattr(RunwatchApp, "suspend", suspend)
    return notes


def asked(notes: Path) -> list[list[str]]:
    """What the editor was asked for."""
    return [json.loads(line) for line in notes.read_text().splitlines()] if notes.exists() else []


# --- the editor -------------------------------------------------------------------------------------


def test_e_opens_the_line_that_failed_and_everything_stays(home: Path, results: Path, edited: Path) -> None:
    write(results / "run.jsonl", lines(sections=[("Captured stdout call", "\n".join(map(str, range(300))))]))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await opened(app, pilot, "right_square_bracket", "right_square_bracket", "pagedown")
        before = screen(app), text_of(app).scroll_offset, pane(app)._tab, app.focused
        assert text_of(app).scroll_offset.y
        await pilot.press("e")
        await settled(app, pilot)
        assert asked(edited) == [["-n", "+3", str(home / "tests/test_a.py")]]
        assert (screen(app), text_of(app).scroll_offset, pane(app)._tab, app.focused) == before

    drive(results, steps)


def test_one_key_leads_from_the_start_to_the_line_of_the_commonest_cause(
    home: Path, results: Path, edited: Path
) -> None:
    more = lines(OWN_FRAMES, name="test_b") + lines(OWN_FRAMES, name="test_c")
    write(results / "run.jsonl", lines() + more)

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("e")
        await settled(app, pilot)
        assert asked(edited) == [["-n", "+6", str(home / "app/library.py")]]

    drive(results, steps)


def test_e_opens_the_frame_that_is_marked(home: Path, results: Path, edited: Path) -> None:
    write(results / "run.jsonl", lines(OWN_FRAMES))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await opened(app, pilot)
        for key in ("e", "J", "e", "J", "e", "K", "enter"):
            await pilot.press(key)
            await settled(app, pilot)
        test, library = str(home / "tests/test_a.py"), str(home / "app/library.py")
        assert [each[1:] for each in asked(edited)] == [
            ["+6", library],
            ["+3", test],
            ["+2", library],
            ["+3", test],
        ]

    drive(results, steps)


def test_a_second_click_on_a_frame_opens_it(home: Path, results: Path, edited: Path) -> None:
    write(results / "run.jsonl", lines(OWN_FRAMES))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await opened(app, pilot)
        text = text_of(app)
        row = next(n for n in range(len(text._document)) if "app/library.py:2" in text._document.plain(n))
        for expected in ([], [["-n", "+2", str(home / "app/library.py")]]):
            await pilot.click("#failures-detail #detail-text", offset=(4, row))
            await settled(app, pilot)
            assert asked(edited) == expected

    drive(results, steps)


def test_e_on_a_test_that_passed_opens_where_it_begins(home: Path, results: Path, edited: Path) -> None:
    write(home / "tests/test_b.py", "async def test_b(): ...\n\nclass TestA:\n    def test_b(self): ...\n")
    cases = (case("test_b[x]", suite="tests.test_b"), case("test_b", suite="tests.test_b.TestA"))
    write(results / "run.xml", pytest_xml(*cases))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("3", "home", "e", "j", "e")
        await settled(app, pilot)
        assert [each[1:] for each in asked(edited)] == [
            ["+4", str(home / "tests/test_b.py")],
            ["+1", str(home / "tests/test_b.py")],
        ]

    drive(results, steps)


@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("tests/gone.py:3:", "tests/gone.py: there is no such file"),
        ("../outside.py:3:", "../outside.py: it lies outside the results and the project"),
        ("tests/test_a.py:300:", "tests/test_a.py is there, but has no such line"),
    ],
)
def test_why_no_file_is_opened_is_said(place: str, why: str, home: Path, results: Path, edited: Path) -> None:
    write(home.parent / "outside.py", SOURCE)
    report = json.loads(lines(f">       load()\nE       ValueError: x\n\n{place} ValueError").splitlines()[1])
    report["nodeid"] = "elsewhere/test_x.py::test_a"
    write(results / "run.jsonl", json.dumps(report) + "\n")

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("e")
        await settled(app, pilot)
        assert why in said(app)
        assert f"Looked in {home}" in said(app)
        assert not asked(edited)

    drive(results, steps)


def test_a_line_that_has_moved_is_found(home: Path, results: Path, edited: Path) -> None:
    write(home / "tests/test_a.py", "\n\n" + SOURCE)
    write(results / "run.jsonl", lines())

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("e")
        await settled(app, pilot)
        assert [each[1] for each in asked(edited)] == ["+5"]
        assert "the line has moved since" in said(app)

    drive(results, steps)


def test_an_editor_with_a_window_is_started_beside_the_app(
    home: Path, results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = home / "edited.json"
    note = f"import json, sys; open({str(notes)!r}, 'w').write(json.dumps(sys.argv[1:])); sys.exit(3)\n"
    monkeypatch.setenv("EDITOR", f"'{program(home / 'bin' / 'code', note)}' --wait")
    write(results / "run.jsonl", lines())

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("e")
        await settled(app, pilot, lambda app: "exit code 3" in said(app))
        assert "tests/test_a.py:3 opened in code" in said(app)

    drive(results, steps)
    assert json.loads(notes.read_text()) == ["--wait", "--goto", f"{home / 'tests/test_a.py'}:3"]


def test_without_a_terminal_or_an_editor_it_is_said(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(results / "run.jsonl", lines())
    monkeypatch.setenv("VISUAL", sys.executable)

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("e")
        await settled(app, pilot)
        assert "no terminal here to open an editor in" in said(app)
        monkeypatch.setenv("VISUAL", "no-such-editor")
        await pilot.press("e")
        await settled(app, pilot)
        assert "there is no program no-such-editor" in said(app)

    drive(results, steps)


@pytest.mark.parametrize("key", ["e", "y", "r"])
def test_where_nothing_is_selected_it_is_said(key: str, results: Path) -> None:
    configure(results.parent, ["x", "{ids}"])

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("3", key)
        await settled(app, pilot)
        assert "elect" in said(app)

    drive(results, steps)


# --- copying ----------------------------------------------------------------------------------------


def kept() -> str:
    """What was copied last, as the file has it."""
    return Path("state/runwatch/copied.txt").read_text()


async def chosen(app: RunwatchApp, pilot: Pilot[None], title: str) -> str:
    """Copy what has this title, and give back what was copied."""
    await pilot.press("y")
    await settled(app, pilot)
    assert isinstance(app.screen, Choosing)
    choices = app.screen.query_one(Listing)
    wanted = next(key for key, choice in app.screen._choices.items() if choice.title.startswith(title))
    choices.select(wanted)
    await pilot.press("enter")
    await settled(app, pilot, lambda app: "copied" in said(app))
    assert app.clipboard == kept()
    assert "also in" in said(app)
    return kept()


def test_y_copies_of_a_test_what_is_chosen(results: Path) -> None:
    configure(results.parent, ["pytest", "{ids}"])
    write(results / "run.jsonl", lines(name="test_a[x  y]") + lines(name="test_b"))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("n")
        await settled(app, pilot)
        assert await chosen(app, pilot, "Test id") == "tests/test_a.py::test_a[x  y]"
        assert await chosen(app, pilot, "Rerun") == "pytest 'tests/test_a.py::test_a[x  y]'"
        assert "ValueError: no JSON" in await chosen(app, pilot, "Traceback")
        assert "### `tests/test_a.py::test_a[x y]`" in await chosen(app, pilot, "Markdown")
        assert await chosen(app, pilot, "All ids of the cause") == (
            "tests/test_a.py::test_a[x  y]\ntests/test_a.py::test_b"
        )

    drive(results, steps)


def test_y_copies_all_tests_of_a_selected_cause(results: Path) -> None:
    write(results / "run.jsonl", lines(name="test_a") + lines(name="test_b"))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        for view in ("1", "2"):
            await pilot.press(view)
            await settled(app, pilot)
            assert (
                await chosen(app, pilot, "2 test ids") == "tests/test_a.py::test_a\ntests/test_a.py::test_b"
            )
        told = await chosen(app, pilot, "Markdown")
        assert "2 tests with this cause" in told
        assert "- `tests/test_a.py::test_b`" in told

    drive(results, steps)


# --- running again ----------------------------------------------------------------------------------

RUNNER = """
import json, os, sys
from pathlib import Path
path, now, *ids = Path(sys.argv[1]), float(sys.argv[2]), *sys.argv[3:]
print(f"\\x1b[32mcollected {len(ids)}\\x1b[0m, read {sys.stdin.read()!r},", os.environ.get("PY_COLORS"))
report = {"$report_type": "TestReport", "outcome": "passed", "duration": 0.1, "sections": []}
for each in ids:
    told = [{**report, "nodeid": each, "when": when, "start": now} for when in ("setup", "call", "teardown")]
    path.open("a").write("".join(json.dumps(one) + "\\n" for one in told))
os.utime(path, (now + 5, now + 5))
sys.exit(3)
"""
WAITING = """
import signal, sys
print("waiting", sys.argv[1:], flush=True)
signal.pause()
"""


def runner(home: Path, text: str, *words: str) -> None:
    path = program(home / "bin" / "runner", text)
    configure(home, [sys.executable, str(path), *words])


async def confirmed(app: RunwatchApp, pilot: Pilot[None], key: str) -> str:
    """Press `key`, read what is asked, and say yes."""
    await pilot.press(key)
    await settled(app, pilot)
    assert isinstance(app.screen, Confirming)
    told = screen(app)
    await pilot.press("enter")
    await pilot.pause()
    return told


async def ran(app: RunwatchApp, pilot: Pilot[None], text: str) -> None:
    """Wait until the command that runs has printed `text`, and that is in sight."""
    while text not in screen(app):
        await pilot.pause(0.02)


def test_r_runs_the_selected_test_again_and_its_result_comes_in(home: Path, results: Path) -> None:
    write(results / "run.jsonl", lines(name="test_a[x  y]") + lines(name="test_b"))
    runner(home, RUNNER, "{results}/rerun-{stamp}.jsonl", str(NOW - 10), "{ids}")

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("n")
        await settled(app, pilot)
        focused = app.focused
        told = await confirmed(app, pilot, "r")
        assert "Run 1 test again?" in told
        assert f"1 test  in {home}" in told
        assert "'tests/test_a.py::test_a[x  y]'" in told
        await settled(app, pilot, lambda app: app.facts.failing_tests == 1)
        assert app.focused is focused
        await ran(app, pilot, "Rerun of 1 test: exit code 3")
        assert "collected 1, read '', 1" in screen(app)
        assert (results / "rerun-20260113-102640.jsonl").exists()

    drive(results, steps)


def test_shift_r_is_about_all_failing_tests_that_the_filter_lets_through(home: Path, results: Path) -> None:
    write(results / "run.jsonl", "".join(lines(name=f"test_{name}") for name in ("a", "b", "bb")))
    runner(home, WAITING, "{ids}")

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("R")
        await settled(app, pilot)
        assert "Run 3 tests again?" in screen(app)
        await pilot.press("escape", "2", "slash", *"test_b", "enter", "R")
        await settled(app, pilot)
        assert "Run 2 tests again?" in screen(app)
        assert "::test_a" not in screen(app).split("Run 2 tests again?")[1].split("enter runs it")[0]
        await pilot.press("escape")
        await settled(app, pilot)
        assert app.query_one(RerunPane).running is None

    drive(results, steps)


def test_a_long_command_can_be_read_to_its_end(home: Path, results: Path) -> None:
    write(results / "run.jsonl", "".join(lines(name=f"test_{n}") for n in range(100)))
    runner(home, WAITING, "{ids}")

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("R", "end")
        await settled(app, pilot)
        assert "test_99" in screen(app)
        await pilot.press("home")
        await settled(app, pilot)
        assert "100 tests" in screen(app)

    drive(results, steps, size=(80, 24))


def test_one_command_runs_at_a_time_and_i_interrupts_it(home: Path, results: Path) -> None:
    write(results / "run.jsonl", lines())
    runner(home, WAITING, "{ids}")

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await confirmed(app, pilot, "R")
        await ran(app, pilot, "waiting ['tests/test_a.py::test_a']")
        await pilot.press("R")
        assert "A rerun is running" in said(app)
        assert not isinstance(app.screen, Confirming)
        focused = app.focused
        await pilot.press("O")
        assert not app.query_one(RerunPane).display
        await pilot.press("O")
        assert app.query_one(RerunPane).has_focus_within
        await pilot.press("i")
        await ran(app, pilot, "ended by SIGINT")
        await pilot.press("escape")
        assert not app.query_one(RerunPane).display
        assert app.focused is focused
        await pilot.press("O", "O")
        assert not app.query_one(RerunPane).display
        assert "READY" in screen(app)

    drive(results, steps)


def test_i_interrupts_from_anywhere(home: Path, results: Path) -> None:
    write(results / "run.jsonl", lines())
    runner(home, WAITING, "{ids}")

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("i")
        assert "No rerun is running" in said(app)
        await confirmed(app, pilot, "R")
        await ran(app, pilot, "waiting")
        await pilot.press("3", "i")
        await ran(app, pilot, "ended by SIGINT")

    drive(results, steps)


def test_the_views_stay_live_while_a_command_runs(home: Path, results: Path) -> None:
    write(results / "run.jsonl", lines())
    runner(home, WAITING, "{ids}")

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await confirmed(app, pilot, "R")
        await ran(app, pilot, "waiting")
        write(results / "more.jsonl", lines(name="test_b"))
        while app.facts.failing_tests != 2:
            await pilot.pause(0.02)
        await pilot.press("2", "j", "enter")
        assert app.query_one(RerunPane).is_busy

    app = drive(results, steps)
    running = app._acting.rerunning.pane.running
    assert running is not None


@pytest.mark.parametrize("keys", [("end", "enter"), ("ctrl+c",)])
def test_quitting_asks_first_and_ends_what_runs(home: Path, results: Path, keys: tuple[str, ...]) -> None:
    write(results / "run.jsonl", lines())
    runner(home, WAITING, "{ids}")

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await confirmed(app, pilot, "R")
        await ran(app, pilot, "waiting")
        await pilot.press("q")
        assert "A command is running" in screen(app)
        await pilot.press("enter")
        assert app.query_one(RerunPane).is_busy
        await pilot.press("ctrl+c", *keys)
        await app.workers.wait_for_complete()
        running = app._acting.rerunning.pane.running
        assert running is not None
        assert running.is_over
        await pilot.pause()
        assert not app.is_running

    drive(results, steps)


def test_what_may_not_be_run_is_refused_with_the_reason(home: Path, results: Path) -> None:
    write(results / "run.xml", pytest_xml(case("test_x", failure(), suite="gone.test_gone")))
    configure(home, ["pytest", "{ids}"])

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("r")
        await settled(app, pilot)
        assert "gone/test_gone.py::test_x: its file cannot be told from its name, or is not there" in said(
            app
        )

    drive(results, steps)


def test_a_program_that_is_not_there_is_said(home: Path, results: Path) -> None:
    write(results / "run.jsonl", lines())
    configure(home, ["no-such-program", "{ids}"], directory="tests/..")

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await confirmed(app, pilot, "R")
        await ran(app, pilot, "no-such-program cannot be started in")

    drive(results, steps, size=(200, 60))


def test_what_a_command_prints_may_be_the_results(home: Path, results: Path) -> None:
    write(results / "run.jsonl", lines())
    configure(home, ["echo", "{ids}"], output="{results}/out-{stamp}.txt")

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        told = await confirmed(app, pilot, "R")
        assert "what it prints goes to" in told
        await settled(app, pilot)

    drive(results, steps)
    assert (results / "out-20260113-102640.txt").read_text() == "tests/test_a.py::test_a\n"


@pytest.mark.parametrize("project", [False, True])
def test_without_a_command_it_is_said_what_to_write_and_where(
    home: Path, results: Path, *, project: bool
) -> None:
    write(results / "run.jsonl", lines())
    name = "pyproject.toml" if project else "runwatch.toml"
    write(home / name, "[tool.runwatch]\n" if project else "")

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("r")
        await settled(app, pilot)
        told = screen(app)
        assert str(home / name) in told
        assert ("[tool.runwatch.rerun]" if project else "[rerun]") in told
        assert "pytest" in told
        await pilot.press("enter")
        await settled(app, pilot)
        assert 'command = ["pytest", "--report-log={results}/rerun-{stamp}.jsonl", "{ids}"]' in kept()

    drive(results, steps, size=(200, 60))


def test_a_command_that_came_with_the_results_is_never_run(
    home: Path, results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(results / "run.jsonl", lines())
    configure(results, ["touch", "ran"])

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("r")
        await settled(app, pilot)
        assert "How to run tests again" in screen(app)
        assert str(home / "runwatch.toml") in screen(app)

    app = RunwatchApp(results, find(None, results, home), now=lambda: NOW)
    monkeypatch.setattr("tests.view.driving.RunwatchApp", lambda *_, **__: app)
    drive(results, steps, size=(200, 60))


def test_a_command_that_the_app_was_started_with_runs_at_once(
    home: Path, results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = program(home / "bin" / "runner", RUNNER)
    words = [sys.executable, str(path), str(results / "run.jsonl"), str(NOW - 10), "tests/test_a.py::test_a"]
    running = Running(words, home)
    app = RunwatchApp(results, Config(), now=lambda: NOW, running=running)
    monkeypatch.setattr("tests.view.driving.RunwatchApp", lambda *_, **__: app)

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await ran(app, pilot, "Run: exit code 3")
        await settled(app, pilot, lambda app: app.facts.overall.tally.passed == 1)

    drive(results, steps)
    assert running.code == 3
