"""Baselines saved under a name."""

import json
from pathlib import Path

import pytest

from tests.building import BEGAN, case, event_log, failure, pytest_xml, store_of, written
from tui import baselines
from tui.baselines import BaselineError
from tui.cli import main
from tui.config import Config, ConfigError, read

XML = pytest_xml(case("test_a"), case("test_b", failure()), case("test_c[x::y]"))


def test_what_is_read_back_is_what_was_saved(tmp_path: Path) -> None:
    log = event_log({"event": "agent_started", "test": "tests/test_a.py::test_a"})
    store = store_of({"a.xml": XML, "e.jsonl": log})
    kept = baselines.save(store, "main", tmp_path / "kept", BEGAN)
    found = baselines.read(kept.path)
    assert (found.name, found.problem) == ("main", "")
    assert found.tests == tuple(store.known_tests())
    assert {test.label: test.proved for test in found.tests}["tests/test_a.py::test_a"] == {"agent_started"}
    assert list(baselines.saved(tmp_path / "kept")) == [kept]


@pytest.mark.parametrize("name", ["", "../out", ".hidden", "a/b", "a b", "x" * 200])
def test_a_name_that_is_no_file_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BaselineError, match="name"):
        baselines.save(store_of({"a.xml": XML}), name, tmp_path, BEGAN)


def test_nothing_is_not_saved(tmp_path: Path) -> None:
    with pytest.raises(BaselineError, match="no results"):
        baselines.save(store_of({}), "main", tmp_path, BEGAN)


@pytest.mark.parametrize(
    "text",
    ["{", "[]", '{"runwatch_baseline": 99, "tests": []}', '{"runwatch_baseline": 1, "tests": [[1]]}', "\xff"],
)
def test_a_file_that_is_no_baseline_is_a_baseline_with_a_problem(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text, encoding="latin-1")
    found = baselines.read(path)
    assert not found.tests
    assert "bad.json" in found.problem


def test_saved_on_the_command_line_it_is_compared_with_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, {"out/a.xml": XML})
    assert main(["baseline", "list"]) == 0
    assert "no baseline is saved" in capsys.readouterr().out
    assert main(["baseline", "save", "main", "out"]) == 0
    assert "saved 3 tests as main" in capsys.readouterr().out
    assert main(["baseline", "list"]) == 0
    assert capsys.readouterr().out.startswith("main  3 tests, ")
    written(tmp_path, {"out/a.xml": pytest_xml(case("test_a", failure()), case("test_b"))})
    assert main(["report", "out", "--format", "json", "--baseline", "main"]) == 0
    regressions = json.loads(capsys.readouterr().out)["regressions"]
    assert regressions["new_failures"] == ["tests/test_a.py::test_a"]
    assert regressions["fixed"] == ["tests/test_a.py::test_b"]
    assert regressions["vanished"] == ["tests/test_a.py::test_c[x::y]"]


def test_an_unknown_baseline_is_refused_with_those_that_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, {"out/a.xml": XML})
    assert main(["baseline", "save", "main", "out"]) == 0
    assert main(["check", "out", "--baseline", "mian"]) == 2
    assert "mian: neither a saved baseline (there are: main) nor a path" in capsys.readouterr().err


def test_a_saved_baseline_may_be_named_in_the_configuration(tmp_path: Path) -> None:
    config = read(written(tmp_path, {"runwatch.toml": '[baseline]\nname = "main"\n'}) / "runwatch.toml")
    assert config.baseline == baselines.folder(config, Path("elsewhere")) / "main.json"
    text = '[baseline]\nname = "main"\npath = "x"\n'
    with pytest.raises(ConfigError, match="not both"):
        read(written(tmp_path, {"runwatch.toml": text}) / "runwatch.toml")


def test_without_a_configuration_they_lie_in_the_working_directory(tmp_path: Path) -> None:
    assert baselines.folder(Config(), tmp_path) == tmp_path / ".runwatch" / "baselines"
