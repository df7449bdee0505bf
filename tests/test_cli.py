"""The commands as a user runs them: what they print, and their exit codes."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.building import BEGAN, phases, report_log, written
from tui.cli import main
from tui.config import Config

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "sample_results"
PASSING = '<testsuite name="s" tests="1"><testcase classname="a.B" name="works" time="0.1"/></testsuite>'


def run(
    arguments: Sequence[str], cwd: Path, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """The program itself, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "tui", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory without any configuration above it."""
    working = tmp_path / "work"
    working.mkdir()
    monkeypatch.chdir(working)
    return working


@pytest.fixture
def green(tmp_path: Path) -> Path:
    """A directory with one passing test."""
    directory = tmp_path / "green"
    directory.mkdir()
    (directory / "r.xml").write_text(PASSING)
    return directory


def test_check_of_the_sample_is_not_ready(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(SAMPLE)]) == 1
    assert "NOT READY" in capsys.readouterr().out


def test_check_of_passing_results_is_ready(green: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(green)]) == 0
    assert "✔ READY" in capsys.readouterr().out


def test_check_without_data_is_unknown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert main(["check", str(empty)]) == 3
    assert "UNKNOWN" in capsys.readouterr().out


def test_check_as_json_agrees_with_its_exit_code(green: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(green), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["word"] == "READY"


def test_a_bad_key_is_refused_with_its_place(green: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (green / "runwatch.toml").write_text('title = "x"\n\n[criteria]\nmin_rat = 90\n')
    assert main(["check", str(green)]) == 2
    said = capsys.readouterr().err
    assert "runwatch.toml:4" in said
    assert "criteria.min_rat" in said
    assert "min_rate" in said


@pytest.mark.parametrize("command", ["report", "check", "init"])
def test_a_missing_directory_is_named(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "nowhere"]) == 2
    assert "nowhere: no such directory" in capsys.readouterr().err


def test_a_broken_file_is_named_and_the_rest_goes_on(green: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (green / "broken.xml").write_text("<testsuite><<<")
    os.utime(green / "broken.xml", (1, 1))
    assert main(["report", str(green), "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    states = {source["path"]: source["state"] for source in report["sources"]}
    assert states == {"broken.xml": "cut short", "r.xml": "complete"}
    assert any("line 1, column 13" in problem["message"] for problem in report["sources"][0]["problems"])
    assert report["overall"]["passed"] == 1
    assert report["verdict"]["word"] == "NOT READY"


def test_the_report_of_the_sample_has_every_key_of_its_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(SAMPLE), "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["schema"] == 1
    wanted = {
        "schema", "runwatch", "directory", "generated", "title", "live", "verdict", "overall", "components",
        "sources", "golden_paths", "regressions", "causes", "failures", "notes",
    }  # fmt: skip
    assert wanted <= report.keys()
    assert "tests" not in report
    assert len(report["failures"]) == report["overall"]["failed"] + report["overall"]["errors"]


def test_all_tests_are_listed_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(SAMPLE), "--format", "json", "--all-tests"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert len(report["tests"]) == report["overall"]["tests"]


def test_the_report_goes_to_a_file(green: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "report.txt"
    assert main(["report", str(green), "-o", str(target)]) == 0
    assert "1/1 passed" in target.read_text()
    assert capsys.readouterr().out == ""


def test_a_report_that_cannot_be_written_says_so(green: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(green), "-o", "no/such/folder/report.txt"]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_without_a_terminal_the_report_is_printed_and_that_is_said(green: Path, elsewhere: Path) -> None:
    done = run([str(green)], elsewhere)
    assert done.returncode == 0
    assert "1/1 passed" in done.stdout
    assert "no terminal" in done.stderr


def test_what_init_writes_is_read_back(
    green: Path, elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", str(green)]) == 0
    assert main(["check"]) == 0
    assert main(["init", str(green)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert (elsewhere / "runwatch.toml").read_text().startswith("# runwatch")


def test_what_init_writes_for_the_sample_is_read_back(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", str(SAMPLE)]) == 0
    assert main(["check"]) == 1
    written = (elsewhere / "runwatch.toml").read_text()
    assert "[[component]]" in written
    assert "[[golden_path]]" in written
    assert "agent_thinking" in written
    capsys.readouterr()


def test_what_was_run_again_makes_no_component_of_its_own(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    node = "tests/test_a.py::test_{}"
    whole = report_log(*phases(node.format("a")), *phases(node.format("b"), call="failed"))
    again = report_log(*phases(node.format("b")), *phases(node.format("new")))
    written(elsewhere / "results", {"log.jsonl": whole})
    written(elsewhere / "results", {"rerun-20261125-100000.jsonl": again}, BEGAN + 600)
    assert main(["init", "results"]) == 0
    assert "3 tests found" in capsys.readouterr().out
    said = (elsewhere / "runwatch.toml").read_text()
    assert said.count("\n[[component]]") == 1
    assert 'name = "tests"' in said
    assert main(["check"]) == 0


def test_a_command_from_a_results_directory_is_not_taken(
    green: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (green / "runwatch.toml").write_text('[rerun]\ncommand = ["touch", "x"]\n')
    assert main(["check", str(green)]) == 0
    assert "may not bring commands" in capsys.readouterr().err


def test_an_internal_error_is_one_line(
    green: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("oh")

    monkeypatch.setattr("tui.cli._gathered", broken)
    monkeypatch.delenv("RUNWATCH_DEBUG", raising=False)
    assert main(["check", str(green)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "RuntimeError: oh" in said


def test_output_that_nobody_reads_to_the_end_is_no_error(elsewhere: Path) -> None:
    command = f'"{sys.executable}" -m tui report "{SAMPLE}" --format json --all-tests | head -c 10'
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=elsewhere,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stderr == ""


@pytest.mark.parametrize("arguments", [["check"], ["report"], ["report", "--format", "json"]])
def test_the_one_shot_commands_start_without_textual_and_watchfiles(
    arguments: list[str], elsewhere: Path
) -> None:
    code = (
        "import sys; from tui.cli import main; main(sys.argv[1:]);"
        "print([m for m in ('textual', 'watchfiles') if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments[:1], str(SAMPLE), *arguments[1:]],
        cwd=elsewhere,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stderr.strip() == "[]"


def test_the_demo_plays_the_whole_sample(elsewhere: Path) -> None:
    done = run(["demo", "--speed", "1000"], elsewhere)
    assert done.returncode == 0
    assert "334/532 passed" in done.stdout
    assert "NOT READY" in done.stdout


def test_fresh_forgets_and_remembers_nothing(green: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []

    def watch(*_: object, fresh: bool, **__: object) -> int:
        asked.append(fresh)
        return 0

    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setattr("tui.view.watching.watch", watch)
    assert main(["--fresh", str(green)]) == 0
    assert main([str(green), "--fresh"]) == 0
    assert main([str(green)]) == 0
    assert asked == [True, True, False]


def test_a_command_that_was_mistyped_is_suggested_where_no_such_directory_is(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(elsewhere)
    said: list[tuple[str, ...]] = []

    def watch(_directory: Path, config: Config, **_: object) -> int:
        said.append(config.notes)
        return 0

    assert main(["chekc"]) == 2
    assert "did you mean `runwatch check`?" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setattr("tui.view.watching.watch", watch)
    assert main(["chekc"]) == 0
    Path("chekc").mkdir()
    assert main(["chekc"]) == 0
    hint = "there is no directory chekc: did you mean `runwatch check`? It is opened once it is there."
    assert said == [(hint,), ()]


def test_a_speed_that_is_none_is_refused_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["demo", "--speed", "x"])
    assert "'x': must be a number, more than 0 and at most 1000" in capsys.readouterr().err


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="there are no hangups")
def test_a_demo_whose_terminal_is_closed_leaves_nothing_behind(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "tui", "demo", "--speed", "0.001"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as demo:
        assert demo.stderr is not None
        assert "playing" in demo.stderr.readline()
        assert list(tmp_path.glob("runwatch-demo-*"))
        demo.send_signal(signal.SIGHUP)
        assert demo.wait(timeout=60) == 129
    assert not list(tmp_path.glob("runwatch-demo-*"))
