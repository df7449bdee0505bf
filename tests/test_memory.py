"""What is remembered of a results directory, whatever is wrong with the file."""

import json
from pathlib import Path

import pytest

from tui.memory import Memory, default_file

NOW = 1_768_300_000.0


def test_each_directory_has_its_own(tmp_path: Path) -> None:
    file = tmp_path / "state" / "directories.json"
    Memory(file, tmp_path / "a").write({"view": "tests", "filter": "é"}, NOW)
    Memory(file, tmp_path / "b").write({"view": "failures"}, NOW)
    assert Memory(file, tmp_path / "a").read() == {"view": "tests", "filter": "é"}
    assert Memory(file, tmp_path / "b").read() == {"view": "failures"}
    assert Memory(file, tmp_path / "c").read() == {}
    assert [each.name for each in file.parent.iterdir()] == ["directories.json"]


def test_the_same_directory_by_another_way_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "a")
    Memory(tmp_path / "d.json", tmp_path / "a").write({"view": "tests"}, NOW)
    assert Memory(tmp_path / "d.json", tmp_path / "link").read() == {"view": "tests"}


def test_only_the_directories_used_last_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "d.json"
    for number in range(103):
        Memory(file, tmp_path / str(number)).write({"view": "tests"}, NOW + number)
    kept = json.loads(file.read_text())["directories"]
    assert len(kept) == 100
    assert str(tmp_path / "2") not in kept
    assert str(tmp_path / "102") in kept


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"runwatch_memory": 2, "directories": {}}',
        '{"runwatch_memory": 1}',
        '{"runwatch_memory": 1, "directories": []}',
        '{"runwatch_memory": 1, "directories": {"DIR": 3}}',
        '{"runwatch_memory": 1, "directories": {"DIR": {"view": 3, "used": "x"}}}',
        "[" * 100_000,
        " " * 2_000_000,
    ],
)
def test_a_broken_file_is_none_and_is_mended(content: str, tmp_path: Path) -> None:
    file = tmp_path / "d.json"
    file.write_text(content.replace("DIR", str(tmp_path)))
    memory = Memory(file, tmp_path)
    assert memory.read() == {}
    memory.write({"view": "tests"}, NOW)
    assert memory.read() == {"view": "tests"}


def test_what_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    memory = Memory(tmp_path / "file" / "d.json", tmp_path)
    memory.write({"view": "tests"}, NOW)
    assert memory.read() == {}


def test_what_did_not_change_is_not_written_again(tmp_path: Path) -> None:
    file = tmp_path / "d.json"
    memory = Memory(file, tmp_path)
    memory.write({"view": "tests"}, NOW)
    file.unlink()
    memory.write({"view": "tests"}, NOW + 1)
    assert not file.exists()


def test_the_state_directory_is_the_specified_one(tmp_path: Path) -> None:
    ending = Path("runwatch/directories.json")
    assert default_file({"XDG_STATE_HOME": "/s"}, tmp_path) == Path("/s") / ending
    for environment in ({}, {"XDG_STATE_HOME": ""}, {"XDG_STATE_HOME": "relative"}):
        assert default_file(environment, tmp_path) == tmp_path / ".local/state" / ending
