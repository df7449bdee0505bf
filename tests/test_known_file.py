"""The file of the tests that are known to fail: read, changed, edited by hand."""

import subprocess
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui import known
from tui.config import Config
from tui.core.causes import Signature
from tui.core.marks import Mark, Marks
from tui.known import KnownError, KnownFile
from tui.text import one_line, plain

MARK = Mark(
    "Redis is down, see OPS-12",
    "Ada",
    ("tests/test_a.py::test_a", 'tests/test_a.py::test_b[x "y"]'),
    "2026-11-25",
    "KeyError: 'REDIS_URL'",
    (Signature(phase="setup", type="KeyError", template="'REDIS_URL'"),),
)
OTHER = Mark("flaky", "Bob", ("tests/test_c.py::test_c",), source="run/a.xml")


def test_what_is_read_back_is_what_was_marked(tmp_path: Path) -> None:
    path = tmp_path / ".runwatch" / "known.toml"
    known.change(path, added=[MARK])
    known.change(path, added=[OTHER])
    assert known.read(path) == Marks((MARK, OTHER))
    assert [file.name for file in path.parent.iterdir()] == ["known.toml"]


_TEXTS = st.text(max_size=30).map(plain)
_LINES = st.text(max_size=30).map(one_line)
_MARKS = st.builds(
    Mark,
    reason=_LINES.filter(bool),
    who=_LINES,
    tests=st.lists(_TEXTS, min_size=1, max_size=3, unique=True).map(tuple),
    date=st.sampled_from(["", "2026-01-02"]),
    cause=_LINES,
    failures=st.lists(st.builds(Signature, *[_TEXTS] * 5), max_size=2).map(tuple),
    source=_TEXTS,
)


@given(st.lists(_MARKS, max_size=4), st.data())
def test_marks_round_trip_and_are_taken_off_one_by_one(
    tmp_path_factory: pytest.TempPathFactory, marks: list[Mark], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("marks") / "known.toml"
    for mark in marks:
        known.change(path, added=[mark])
    assert known.read(path) == Marks(tuple(marks))
    every = [(test, mark.source) for mark in marks for test in mark.tests]
    gone = set(data.draw(st.lists(st.sampled_from(every)))) if every else set()
    known.change(path, gone=gone)
    left = [mark.without([test for test in mark.tests if (test, mark.source) in gone]) for mark in marks]
    assert known.read(path) == Marks(tuple(mark for mark in left if mark.tests))


def test_what_a_change_is_not_about_stays_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "known.toml"
    by_hand = (
        "# our list\n\n# ask Eve\n[[known]]\n# why\nreason = 'x'   # no more\ntests = ['a', 'b']\n\n"
        "# stays\n[[known]]\n  reason = '''y'''\n  tests = [ 'c' ] # one\n"
    )
    path.write_text(by_hand)
    known.change(path, added=[OTHER])
    assert path.read_text().startswith(by_hand)
    known.change(path, gone=[("a", "")])
    text = path.read_text()
    assert "# our list" in text
    assert "# ask Eve" in text
    assert "# why" in text
    assert "# stays\n[[known]]\n  reason = '''y'''\n  tests = [ 'c' ] # one\n" in text
    assert [mark.tests for mark in known.read(path).marks] == [("b",), ("c",), OTHER.tests]
    known.change(path, gone=[("c", "")])
    assert "stays" not in path.read_text()
    tomllib.loads(path.read_text())


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("[[known]]\nreason = 'x'\ntests = [\n", 3, "not TOML"),
        (
            "[[known]]\nreason = 'x'\ntests = ['a']\n\n[[known]]\nreasn = 'x'\ntests = ['b']\n",
            6,
            "'reason' meant",
        ),
        ("[[known]]\ntests = ['a']\n", 1, "needs a reason"),
        ("\n[[known]]\nreason = 1\ntests = ['a']\n", 3, "has to be text"),
        ("[[known]]\nreason = 'x'\n", 1, "'tests'"),
        ("[[known]]\nreason = 'x'\ntests = ['a', 1]\n", 3, "'tests'"),
        ("[[known]]\nreason = 'x'\ntests = ['a']\nfailures = [{ kind = 'x' }]\n", 4, "named given"),
        ("\n[marks]\n", 2, "unknown key 'marks'"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line_and_never_written_over(
    tmp_path: Path, text: str, line: int, said: str
) -> None:
    path = tmp_path / "known.toml"
    path.write_text(text)
    problems = known.read(path).problems
    assert any(f"known.toml:{line}: " in problem and said in problem for problem in problems)
    with pytest.raises(KnownError, match=f"known.toml:{line}"):
        known.change(path, added=[MARK])
    assert path.read_text() == text


@pytest.mark.parametrize("text", [b"known = [{ reason = 'x', tests = ['a'] }]\n", b"\xff\xfe"])
def test_a_file_in_another_form_is_told_and_never_written_over(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "known.toml"
    path.write_bytes(text)
    assert "known.toml" in known.read(path).problems[0]
    with pytest.raises(KnownError):
        known.change(path, added=[MARK])
    assert path.read_bytes() == text


def test_a_mark_beside_one_that_cannot_be_read_holds(tmp_path: Path) -> None:
    path = tmp_path / "known.toml"
    path.write_text("[[known]]\nreason = 'x'\ntests = ['a']\n[[known]]\nreason = 'y'\n")
    found = known.read(path)
    assert [mark.tests for mark in found.marks] == [("a",)]
    assert len(found.problems) == 1


def test_no_file_is_no_mark(tmp_path: Path) -> None:
    assert known.read(tmp_path / "known.toml") == Marks()


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / ".runwatch").write_text("a file")
    with pytest.raises(KnownError, match="cannot be"):
        known.change(tmp_path / ".runwatch" / "known.toml", added=[MARK])


def test_the_file_is_read_again_when_it_is_another(tmp_path: Path) -> None:
    path = known.path_of(Config(), tmp_path)
    assert path == tmp_path / ".runwatch" / "known.toml"
    file = KnownFile(path)
    assert file.look() == Marks()
    assert file.look() is None
    known.change(path, added=[MARK])
    assert file.look() == Marks((MARK,))
    assert file.look() is None
    path.unlink()
    assert file.look() == Marks()


def test_who_marks_is_whom_git_knows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("LOGNAME", "ada")
    assert known.user(tmp_path) == "ada"
    (tmp_path / "gitconfig").write_text("[user]\nname = Ada L.\n")
    assert known.user(tmp_path) == "Ada L."
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: (_ for _ in ()).throw(OSError))
    assert known.user(tmp_path) == "ada"
