"""Every action of the app that has a key: the one table that bindings, footer, help, palette and manual have.

May import nothing of runwatch, so that the configuration can tell whether an action that it maps exists.
Invariants: an id is given once; within a pane a key is given once.
"""

from collections.abc import Iterator
from typing import NamedTuple


class Action(NamedTuple):
    """An action of one part of the app.

    `id` is what a configuration maps keys to; `keys` are Textual's names of them, with commas between;
    `does` is the action as Textual calls it, `title` as people do. `footer` is how the key is written in
    the footer; empty: it is not there. `moves`: it only moves about, and is left out of the palette.
    `brief`: the title in the footer, where the title is long.
    """

    id: str
    keys: str
    does: str
    title: str
    footer: str = ""
    moves: bool = False
    priority: bool = False
    brief: str = ""


class Pane(NamedTuple):
    """A part of the app that has keys of its own."""

    title: str
    actions: tuple[Action, ...]


VIEWS = {
    "overview": "Overview",
    "failures": "Failures",
    "tests": "Tests",
    "golden": "Golden paths",
    "regressions": "Regressions",
    "sources": "Sources",
}
"""The views in the order of their number keys, with their titles."""

PANES = {
    "app": Pane(
        "Everywhere",
        (
            *(
                Action(f"view.{name}", str(number), f"view('{name}')", title)
                for number, (name, title) in enumerate(VIEWS.items(), 1)
            ),
            Action("failure.next", "n", "next_failure(1)", "Next failure", "n/N", brief="Failure"),
            Action("failure.previous", "N", "next_failure(-1)", "Previous failure"),
            Action("failure.new", "f", "new_failure", "First new failure"),
            Action("pause", "space", "pause", "Pause the screen"),
            Action("explain", "x", "explain", "Explain", "x"),
            Action("explain.verdict", "X", "explain('verdict')", "Explain the verdict"),
            Action("edit", "e", "edit", "Edit", "e"),
            Action("copy", "y", "copy", "Copy", "y"),
            Action("rerun", "r", "rerun", "Rerun", "r"),
            Action("rerun.failing", "R", "rerun_failing", "Rerun what fails"),
            Action("rerun.stop", "i", "interrupt_rerun", "Interrupt the rerun"),
            Action("rerun.output", "O", "rerun_output", "Output of the rerun"),
            Action("baseline", "d", "baseline", "Choose the baseline"),
            Action("filter", "slash", "filter", "Filter", "/"),
            Action("filter.saved", "F", "saved_filters", "Saved filters"),
            Action("back", "escape", "step_back", "Back", "esc"),
            Action("marks", "M", "marks", "Tests marked as known"),
            Action("present", "p", "present", "Present to a room"),
            Action("notes", "exclamation_mark", "notes", "Notes on the results"),
            Action("claims", "C", "claims", "Claims of the written status"),
            Action("screenshot", "ctrl+s", "screenshot", "Screenshot as SVG"),
            Action("palette", "ctrl+p", "command_palette", "Commands", "^p"),
            Action("help", "question_mark", "keys", "Help", "?"),
            Action("quit", "q", "quit", "Quit", "q"),
            Action("quit.control", "ctrl+c", "quit", "Quit", priority=True),
        ),
    ),
    "filter": Pane(
        "The filter",
        (
            Action("filter.earlier", "up", "recall(1)", "Earlier filter", "↑↓", moves=True),
            Action("filter.later", "down", "recall(-1)", "Later filter", moves=True),
            Action("filter.complete", "tab", "complete", "Complete", "tab", moves=True),
        ),
    ),
    "list": Pane(
        "Lists",
        (
            Action("list.up", "up,k", "move(-1)", "Up", moves=True),
            Action("list.down", "down,j", "move(1)", "Down", moves=True),
            Action("list.page_up", "pageup,ctrl+b", "page(-1)", "Page up", moves=True),
            Action("list.page_down", "pagedown,ctrl+f", "page(1)", "Page down", moves=True),
            Action("list.first", "home,g", "first", "First", moves=True),
            Action("list.last", "end,G", "last", "Last", moves=True),
            Action("list.open", "enter", "open", "Open", "enter", moves=True),
            Action("list.pick", "v", "pick", "Select with others"),
            Action("list.pick_next", "insert", "pick(1)", "Select with others and go on", moves=True),
            Action("list.range", "V", "pick_range", "Select up to here"),
            Action("list.extend_up", "shift+up", "extend(-1)", "Select upwards", moves=True),
            Action("list.extend_down", "shift+down", "extend(1)", "Select downwards", moves=True),
        ),
    ),
    "text": Pane(
        "Texts",
        (
            Action("text.up", "up,k", "step(-1)", "Up", moves=True),
            Action("text.down", "down,j", "step(1)", "Down", moves=True),
            Action("text.left", "left,h", "scroll_left", "Left", moves=True),
            Action("text.right", "right,l", "scroll_right", "Right", moves=True),
            Action("text.page_up", "pageup,ctrl+b", "page_up", "Page up", moves=True),
            Action("text.page_down", "pagedown,ctrl+f", "page_down", "Page down", moves=True),
            Action("text.first", "home,g", "scroll_home", "First", moves=True),
            Action("text.last", "end,G", "scroll_end", "Last", moves=True),
            Action("text.mark", "J", "mark(1)", "Next frame or fold", moves=True),
            Action("text.mark.previous", "K", "mark(-1)", "Previous frame or fold", moves=True),
            Action("text.choose", "enter", "choose", "Unfold, or open the frame", moves=True),
            Action("text.wrap", "w", "wrap", "Wrap long lines"),
        ),
    ),
    "halves": Pane(
        "A list and its detail",
        (
            Action("zoom", "plus", "zoom", "Zoom the detail"),
            Action("zoom.list", "underscore", "zoom_list", "Zoom the list"),
            Action("mark", "m", "mark", "Mark as known", "m", brief="Mark"),
        ),
    ),
    "groups": Pane(
        "Groups",
        (
            Action("group.by", "c", "group", "Group", "c"),
            Action("group.unfold", "right,l", "fold(False)", "Unfold", moves=True),
            Action("group.fold", "left,h", "fold(True)", "Fold", moves=True),
            Action("group.fold_all", "z", "fold_all(True)", "Fold all"),
            Action("group.unfold_all", "Z", "fold_all(False)", "Unfold all"),
        ),
    ),
    "tests": Pane(
        "Tests",
        (
            Action("tests.sort", "s", "sort", "Sort", "s/S"),
            Action("tests.reverse", "S", "reverse", "Sort the other way round"),
            Action("tests.durations", "H", "durations", "Histogram of durations"),
        ),
    ),
    "detail": Pane(
        "A test in full",
        (
            Action("detail.previous", "left_square_bracket", "section(-1)", "Previous section"),
            Action(
                "detail.next", "right_square_bracket", "section(1)", "Next section", "[ ]", brief="Section"
            ),
            Action("detail.library", "b", "library", "Frames of libraries", "b", brief="Frames"),
            Action("detail.open", "o", "open", "Open in the pager", "o", brief="Pager"),
            Action("detail.search", "slash", "search", "Search", "/"),
            Action("detail.match", "n", "find_next(1)", "Next match", "n/N", brief="Match"),
            Action("detail.match.previous", "N", "find_next(-1)", "Previous match"),
            Action("detail.search.end", "escape", "end_search", "End the search", "esc", brief="End"),
        ),
    ),
    "claims": Pane(
        "Claims",
        (
            Action("claims.close", "escape,C,q", "dismiss", "Close", "esc"),
            Action("claims.next", "n", "next_not_so(1)", "Next that is not so", "n/N"),
            Action("claims.previous", "N", "next_not_so(-1)", "Previous that is not so"),
        ),
    ),
    "marking": Pane(
        "Marking as known",
        (
            Action("marking.close", "escape", "dismiss(None)", "Close", "esc"),
            Action("marking.remove", "ctrl+r", "remove", "Take the mark off", "^r", priority=True),
        ),
    ),
    "marks": Pane(
        "Tests marked as known",
        (
            Action("marks.close", "escape,M,q", "dismiss_or_let_go", "Close", "esc"),
            Action("marks.remove", "delete,d", "remove", "Take the marks off", "d"),
            Action("marks.remove_outdated", "D", "remove_outdated", "Take the outdated ones off", "D"),
        ),
    ),
    "presenting": Pane(
        "Presentation",
        (
            Action("present.next", "right,down,l,j,space,pagedown", "step(1)", "Next slide", "→", moves=True),
            Action("present.previous", "left,up,h,k,pageup", "step(-1)", "Previous slide", "←", moves=True),
            Action("present.first", "home,g", "end(0)", "First slide", moves=True),
            Action("present.last", "end,G", "end(-1)", "Last slide", moves=True),
            Action("present.close", "escape,p,q", "dismiss", "Close", "esc"),
        ),
    ),
    "explaining": Pane("Explanations", (Action("explain.close", "escape,x,q", "dismiss", "Close", "esc"),)),
    "rerun": Pane(
        "Output of the rerun",
        (
            Action("rerun.interrupt", "i", "interrupt", "Interrupt the command", "i", brief="Interrupt"),
            Action("rerun.hide", "escape", "hide", "Hide", "esc"),
        ),
    ),
    "confirming": Pane(
        "A command before it runs",
        (
            Action("confirm.run", "enter", "dismiss(True)", "Run it", "enter", priority=True),
            Action("confirm.close", "escape,q", "dismiss(False)", "Cancel", "esc"),
        ),
    ),
    "choosing": Pane("Choices", (Action("choose.close", "escape,q", "dismiss(None)", "Close", "esc"),)),
    "noting": Pane("Notes", (Action("notes.close", "escape,exclamation_mark,q", "dismiss", "Close", "esc"),)),
    "keys": Pane("Help", (Action("keys.close", "escape,question_mark,q", "dismiss", "Close", "esc"),)),
}

_NAMES = {
    "question_mark": "?",
    "slash": "/",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "plus": "+",
    "underscore": "_",
    "exclamation_mark": "!",
    "escape": "esc",
    "pageup": "page up",
    "pagedown": "page down",
    "shift+tab": "shift tab",
    "shift+up": "shift up",
    "shift+down": "shift down",
}


def every_action() -> Iterator[Action]:
    """The actions of all panes."""
    for pane in PANES.values():
        yield from pane.actions


def shown(keys: str) -> str:
    """How keys are written: "j  down"."""
    return "  ".join(_NAMES.get(key, key.replace("ctrl+", "^")) for key in keys.split(","))
