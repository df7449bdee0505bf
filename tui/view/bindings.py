"""The table of keys -> Textual's bindings. May import Textual and `keys`."""

from textual.binding import Binding, BindingType

from tui.keys import PANES


def bindings(pane: str) -> list[BindingType]:
    """The bindings of a pane of `keys.PANES`."""
    return [
        Binding(
            action.keys,
            action.does,
            action.title,
            show=bool(action.footer),
            key_display=action.footer or None,
            priority=action.priority,
            id=action.id,
        )
        for action in PANES[pane].actions
    ]
