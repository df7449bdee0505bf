"""`runwatch run`: what is added to which command, and how it exits."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tui import launching
from tui.cli import main
from tui.launching import Launch, can_log, exit_code

RESULTS = Path("/r")
LOG, XML = "--report-log=/r/run.jsonl", "--junitxml=/r/run.xml"


def launched(command: str, *, logs: bool = True) -> Launch:
    return launching.launch(command.split(), RESULTS, lambda _: logs)


@pytest.mark.parametrize(
    ("command", "becomes"),
    [
        ("pytest", f"pytest {LOG} {XML}"),
        ("pytest -x -- tests", f"pytest {LOG} {XML} -x -- tests"),
        ("/venv/bin/pytest tests", f"/venv/bin/pytest {LOG} {XML} tests"),
        ("python -m pytest tests", f"python -m pytest {LOG} {XML} tests"),
        ("coverage run -m pytest", f"coverage run -m pytest {LOG} {XML}"),
        ("uv run pytest -q", f"uv run pytest {LOG} {XML} -q"),
        ("timeout 60 pytest", f"timeout 60 pytest {LOG} {XML}"),
        ("pytest --junitxml=mine.xml", f"pytest {LOG} --junitxml=mine.xml"),
        ("pytest --report-log a.jsonl", f"pytest {XML} --report-log a.jsonl"),
        ("go test ./...", "go test -json ./..."),
        ("go test -json ./...", "go test -json ./..."),
        ("go build pytest", "go build pytest"),
        ("gotestsum -- ./...", "gotestsum --jsonfile=/r/run.jsonl -- ./..."),
        ("gotestsum --jsonfile=a", "gotestsum --jsonfile=a"),
        ("cargo nextest run", "cargo nextest run"),
        ("make pytest", "make pytest"),
    ],
)
def test_only_what_is_known_is_added(command: str, becomes: str) -> None:
    assert " ".join(launched(command).arguments) == becomes


def test_what_is_written_replaces_the_last_run() -> None:
    assert launched("pytest").replaced == (RESULTS / "run.jsonl", RESULTS / "run.xml")
    go = launched("go test")
    assert (go.output, go.replaced) == (RESULTS / "run.jsonl", (RESULTS / "run.jsonl",))
    assert launched("make").replaced == ()


def test_what_will_not_be_live_is_said() -> None:
    without = launched("pytest", logs=False)
    assert without.arguments == ("pytest", XML)
    assert without.notes == ("this pytest has no pytest-reportlog: results come at the end only",)
    assert "it has to do so itself" in launched("make test").notes[0]
    assert not launched("pytest").notes


def test_a_pytest_is_asked_itself_whether_it_can_log() -> None:
    assert can_log([sys.executable, "-m", "pytest"])
    assert not can_log([sys.executable, "-c", "raise SystemExit(3)"])
    assert not can_log(["no-such-program"])


@pytest.mark.parametrize(("code", "exits"), [(0, 0), (3, 3), (-2, 130), (-9, 137), (None, 127)])
def test_it_exits_as_the_command_does(code: int | None, exits: int) -> None:
    assert exit_code(code) == exits


def run(monkeypatch: pytest.MonkeyPatch, home: Path, *words: str) -> int:
    monkeypatch.chdir(home)
    return main(["run", *words])


PROGRAM = """
import sys
open(sys.argv[1], "w").write('<testsuite name="s"><testcase classname="c" name="n"/></testsuite>')
sys.exit(5)
"""


def test_without_a_terminal_the_command_runs_and_the_report_follows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    command: Sequence[str] = (sys.executable, "-c", PROGRAM, "out/a.xml")
    assert run(monkeypatch, tmp_path, "--results", "out", "--", *command) == 5
    told = capfd.readouterr()
    assert "1/1 passed" in told.out
    assert "it has to do so itself" in told.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "run: which command?"),
        (("--",), "run: which command?"),
        (("no-such-program",), "no such program"),
    ],
)
def test_a_command_that_cannot_be_is_refused(
    words: Sequence[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(monkeypatch, tmp_path, *words) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "test-results").exists()
