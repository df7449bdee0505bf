"""The table of keys -> Textual's bindings. May import Textual and `keys`."""

from collections.abc import Container

from textual.binding import Binding, BindingType

from tui.keys import PANES


def bindings(pane: str, *, of: Container[str] | None = None, told: bool = True) -> list[BindingType]:
    """The bindings of a pane of `keys.PANES`, or those `of` some actions.

    Unless `told`, the footer says nothing of them.
    """
    return [
        Binding(
            action.keys,
            action.does,
            action.title,
            show=told and bool(action.footer),
            key_display=action.footer or None,
            priority=action.priority,
            id=action.id,
        )
        for action in PANES[pane].actions
        if of is None or action.id in of
    ]
