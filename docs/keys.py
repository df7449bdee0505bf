"""Writes docs/keys.md from the table of keys: python docs/keys.py."""  # noqa: INP001  # a script, not a package

from pathlib import Path

from tui.keys import PANES, Action, shown

_HEAD = "| keys | does | name |\n|---|---|---|"
_TOP = """# Keys

Every key can be another: `[keys]` in the configuration maps the name of an action to keys.

```toml
[keys]
"failure.next" = "n,f8"
"list.down" = "down,j"
```

Every action is in the command palette (`ctrl+p`), too, and the mouse does what the keys do: a click selects,
a second one opens; views, tabs and the keys in the last line can be clicked.
"""


def manual() -> str:
    """The whole page."""
    parts = [_TOP]
    for pane in PANES.values():
        rows = [_row(action) for action in pane.actions]
        parts.append(
            "\n".join([f"## {pane.title}", "", "| keys | does | name |", "|---|---|---|", *rows, ""])
        )
    return "\n".join(parts)


def _row(action: Action) -> str:
    keys = " ".join(f"`{shown(key)}`" for key in action.keys.split(","))
    return f"| {keys} | {action.title} | `{action.id}` |"


if __name__ == "__main__":
    Path(__file__).with_suffix(".md").write_text(manual(), encoding="utf-8")
