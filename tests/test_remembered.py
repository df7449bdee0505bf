"""The filters that are kept: where, how many, and that nothing about their file is an error."""

from pathlib import Path

import pytest

from tui import remembered


def test_they_lie_in_the_users_state_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    results = tmp_path / "results"
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert remembered.place(results) == tmp_path / "state" / "runwatch" / "filters"
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for unset in ("", "relative/state"):
        monkeypatch.setenv("XDG_STATE_HOME", unset)
        assert remembered.place(results) == tmp_path / "home" / ".local" / "state" / "runwatch" / "filters"


def test_never_among_the_results(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "results" / "below"))
    assert remembered.place(tmp_path / "results") is None
    (tmp_path / "link").symlink_to(tmp_path / "results")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "link"))
    assert remembered.place(tmp_path / "results") is None


def test_each_is_kept_once_the_last_one_last(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "filters"
    for text in ("a", "b", "a", "  two   words\n", ""):
        assert remembered.add(path, text) == ""
    assert remembered.read(path) == ("b", "a", "two words")
    assert [each.name for each in path.parent.iterdir()] == ["filters"]
    assert path.stat().st_mode & 0o077 == 0


def test_the_oldest_are_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "filters"
    path.write_text("".join(f"f{n}\n" for n in range(1000)))
    assert remembered.add(path, "last") == ""
    kept = remembered.read(path)
    assert len(kept) == 200
    assert kept[-2:] == ("f999", "last")


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"\n\n\n", b"\x1b]0;x\x07slow:\n", b"y" * 5000])
def test_a_broken_file_is_read_as_far_as_it_goes(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "filters"
    path.write_bytes(data)
    assert all(text.isprintable() for text in remembered.read(path))
    assert remembered.add(path, "new:") == ""
    assert remembered.read(path)[-1] == "new:"


def test_what_is_no_file_is_left_alone_and_said(tmp_path: Path) -> None:
    path = tmp_path / "filters"
    path.mkdir()
    assert remembered.read(path) == ()
    assert "not a file" in remembered.add(path, "a")
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert remembered.read(blocked / "filters") == ()
    assert remembered.add(blocked / "filters", "a") != ""
    assert remembered.read(tmp_path / "no\0name") == ()
