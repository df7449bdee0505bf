"""The user's editor: which one it is, and how each is told a file and a line.

May import nothing of runwatch. Pure but for the look along PATH that the caller hands in. Invariants: what
VISUAL or EDITOR says is split as a shell would, and no shell is asked; the file is an absolute path, so that
it can be no option.
"""

import os
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from enum import Enum, auto
from pathlib import Path

from msgspec import Struct

Which = Callable[[str], str | None]
"""The name of a program -> where it is on PATH."""


class EditorError(Exception):
    """There is no editor to open; says why."""


class Form(Enum):
    """How a line is told."""

    PLUS = auto()  # +LINE FILE
    GOTO = auto()  # --goto FILE:LINE
    COLON = auto()  # FILE:LINE
    OPTION = auto()  # --line LINE FILE
    SHORT = auto()  # -l LINE FILE
    UNKNOWN = auto()  # FILE


_FORMS: Mapping[Form, str] = {
    Form.PLUS: "vi vim nvim lvim view vimx nvi gvim mvim nano pico emacs emacsclient mg zile kak micro joe "
    "jmacs ne gedit pluma xed gnome-text-editor bbedit",
    Form.GOTO: "code code-insiders code-oss codium vscodium cursor windsurf",
    Form.COLON: "hx helix zed zeditor subl sublime_text sublime",
    Form.OPTION: "kate kwrite idea idea64 pycharm pycharm64 charm clion goland phpstorm rider rubymine "
    "rustrover webstorm datagrip dataspell studio",
    Form.SHORT: "mate",
}
_FORM_OF = {name: form for form, names in _FORMS.items() for name in names.split()}
_WINDOWS = {"gvim", "mvim", "gedit", "pluma", "xed", "gnome-text-editor", "bbedit", "mate"} | {
    name for form in (Form.GOTO, Form.COLON, Form.OPTION) for name in _FORMS[form].split()
} - {"hx", "helix"}
_EMACS_IN_TERMINAL = frozenset(("-nw", "--no-window-system", "-t", "-tty", "--tty", "--terminal"))
_FALLBACKS = ("nvim", "vim", "vi", "nano", "micro", "hx", "kak", "emacs", "code", "codium")


class Editor(Struct, frozen=True):
    """A command that opens a file. `note`: how it came to be this one, where nobody chose it."""

    command: tuple[str, ...]
    in_terminal: bool
    note: str = ""

    @property
    def name(self) -> str:
        """What it is called: "vim" for /usr/bin/vim.basic."""
        return _name(self.command[0])

    @property
    def takes_lines(self) -> bool:
        """Whether it is known how to tell it a line."""
        return _FORM_OF.get(self.name, Form.UNKNOWN) is not Form.UNKNOWN

    def opening(self, path: Path, line: int | None) -> list[str]:
        """The command that opens `path`, at `line` where that can be told."""
        file = str(path)
        form = _FORM_OF.get(self.name, Form.UNKNOWN) if line is not None else Form.UNKNOWN
        match form:
            case Form.PLUS:
                return [*self.command, f"+{line}", file]
            case Form.GOTO:
                return [*self.command, "--goto", f"{file}:{line}"]
            case Form.COLON:
                return [*self.command, f"{file}:{line}"]
            case Form.OPTION:
                return [*self.command, "--line", str(line), file]
            case Form.SHORT:
                return [*self.command, "-l", str(line), file]
            case _:
                return [*self.command, file]


def chosen(environment: Mapping[str, str], which: Which) -> Editor:
    """The editor that VISUAL names, else EDITOR, else one that is there. Raises EditorError."""
    for variable in ("VISUAL", "EDITOR"):
        wanted = environment.get(variable, "").strip()
        if not wanted:
            continue
        try:
            command = shlex.split(wanted)
        except ValueError as error:
            raise EditorError(f"{variable} cannot be read ({error}): {wanted}") from None
        if not any(command):
            continue
        if which(command[0]) is None:
            raise EditorError(f"{variable} is {wanted}: there is no program {command[0]}.")
        return Editor(tuple(command), _in_terminal(command, environment))
    for name in _FALLBACKS:
        if which(name) is not None:
            note = f"Neither VISUAL nor EDITOR is set: {name} is what was found."
            return Editor((name,), _in_terminal([name], environment), note)
    raise EditorError("No editor: set VISUAL or EDITOR.")


def _name(program: str) -> str:
    """The name of a program, without what distributions hang on it: vim.basic, nvim.appimage."""
    return os.path.basename(program).lower().split(".", 1)[0]  # noqa: PTH119  # it is a word, not a path


def _in_terminal(command: Sequence[str], environment: Mapping[str, str]) -> bool:
    """Whether an editor needs the terminal; one that is not known is taken to."""
    name = _name(command[0])
    options = set(command[1:])
    if name == "emacsclient":
        return bool(options & _EMACS_IN_TERMINAL)
    if name == "emacs":
        has_windows = bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))
        return sys.platform == "darwin" or not has_windows or bool(options & _EMACS_IN_TERMINAL)
    if name in ("vim", "vi") and "-g" in options:
        return False
    return name not in _WINDOWS
