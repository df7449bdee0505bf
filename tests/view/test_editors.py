"""How each editor is told a file and a line, and which one is opened."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tui.view.acting.editors import Editor, EditorError, chosen

FILE = Path("/p/a b.py")


def editor(said: str, environment: Mapping[str, str] | None = None, *, variable: str = "VISUAL") -> Editor:
    return chosen({variable: said, **(environment or {})}, lambda name: f"/usr/bin/{name}")


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("vim", ["vim", "+3", "/p/a b.py"]),
        ("/usr/bin/vim.basic -n", ["/usr/bin/vim.basic", "-n", "+3", "/p/a b.py"]),
        ("nvim", ["nvim", "+3", "/p/a b.py"]),
        ("vi", ["vi", "+3", "/p/a b.py"]),
        ("nano", ["nano", "+3", "/p/a b.py"]),
        ("emacs -nw", ["emacs", "-nw", "+3", "/p/a b.py"]),
        ("emacsclient -t -a ''", ["emacsclient", "-t", "-a", "", "+3", "/p/a b.py"]),
        ("micro", ["micro", "+3", "/p/a b.py"]),
        ("kak", ["kak", "+3", "/p/a b.py"]),
        ("code --wait", ["code", "--wait", "--goto", "/p/a b.py:3"]),
        ("code-insiders", ["code-insiders", "--goto", "/p/a b.py:3"]),
        ("codium", ["codium", "--goto", "/p/a b.py:3"]),
        ("cursor", ["cursor", "--goto", "/p/a b.py:3"]),
        ("hx", ["hx", "/p/a b.py:3"]),
        ("helix", ["helix", "/p/a b.py:3"]),
        ("zed", ["zed", "/p/a b.py:3"]),
        ("subl -n", ["subl", "-n", "/p/a b.py:3"]),
        ("idea", ["idea", "--line", "3", "/p/a b.py"]),
        ("pycharm", ["pycharm", "--line", "3", "/p/a b.py"]),
        ("mate", ["mate", "-l", "3", "/p/a b.py"]),
        ("'my editor' --x='a b'", ["my editor", "--x=a b", "/p/a b.py"]),
    ],
)
def test_every_editor_is_told_the_line_in_its_own_way(said: str, command: list[str]) -> None:
    assert editor(said).opening(FILE, 3) == command


def test_without_a_line_the_file_alone_is_opened() -> None:
    for said in ("vim", "code", "hx", "idea", "something"):
        assert editor(said).opening(FILE, None) == [said, "/p/a b.py"]


@pytest.mark.parametrize(
    ("said", "environment", "where"),
    [
        ("vim", {}, "terminal"),
        ("vim -g", {}, "window"),
        ("gvim", {}, "window"),
        ("nano", {}, "terminal"),
        ("hx", {}, "terminal"),
        ("code --wait", {}, "window"),
        ("subl", {}, "window"),
        ("idea", {}, "window"),
        ("zed", {}, "window"),
        ("something", {}, "terminal"),
        ("emacs", {}, "terminal"),
        ("emacs", {"DISPLAY": ":0"}, "window"),
        ("emacs -nw", {"DISPLAY": ":0"}, "terminal"),
        ("emacsclient", {}, "window"),
        ("emacsclient --tty", {}, "terminal"),
    ],
)
def test_only_editors_that_need_the_terminal_get_it(
    said: str, environment: dict[str, str], where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    assert ("terminal" if editor(said, environment).in_terminal else "window") == where


def test_an_editor_that_is_not_known_is_said_to_take_no_line() -> None:
    assert not editor("something").takes_lines
    assert editor("vim").takes_lines


def test_visual_comes_before_editor_and_what_is_blank_counts_for_nothing() -> None:
    def which(name: str) -> str:
        return f"/usr/bin/{name}"

    assert chosen({"VISUAL": "vim", "EDITOR": "nano"}, which).name == "vim"
    assert chosen({"VISUAL": " ", "EDITOR": "nano"}, which).name == "nano"
    assert chosen({"VISUAL": "''", "EDITOR": "nano"}, which).name == "nano"


def test_without_either_what_is_there_is_taken_and_said() -> None:
    found = chosen({}, lambda name: "/usr/bin/nano" if name == "nano" else None)
    assert found.name == "nano"
    assert "Neither VISUAL nor EDITOR is set: nano" in found.note


@pytest.mark.parametrize(
    ("environment", "why"),
    [
        ({"VISUAL": "no-such-editor -x"}, "VISUAL is no-such-editor -x: there is no program no-such-editor"),
        ({"EDITOR": "vim 'x"}, "EDITOR cannot be read"),
        ({}, "No editor: set VISUAL or EDITOR."),
    ],
)
def test_why_there_is_no_editor_is_said(environment: dict[str, str], why: str) -> None:
    with pytest.raises(EditorError, match=why):
        chosen(environment, lambda _: None)
