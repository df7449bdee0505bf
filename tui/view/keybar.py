"""The keys that are most useful now, in one line. May import Textual, `keys` and `view.ink`.

Invariant: what does not fit is left out from the back, but never how to see all keys.
"""

from functools import partial

from textual import events
from textual.binding import ActiveBinding
from textual.screen import Screen

from tui.keys import every_action, shown
from tui.view.ink import Lines, Piece, width_of

_ACTIONS = {action.id: action for action in every_action()}
_ALWAYS = "help"
_GAP = 2


class KeyBar(Lines):
    """Draws the bindings that are in force and meant for it; a click does what the key does."""

    def on_mount(self) -> None:
        """Follow what is in force."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def on_resize(self) -> None:
        """As many as fit."""
        self._draw()

    def _changed(self, screen: Screen[object]) -> None:
        if self.is_attached and screen is self.screen:
            self.call_after_refresh(self._draw)

    @property
    def _active(self) -> dict[str, ActiveBinding]:
        """By its id each binding that the footer tells of, those of the focused part first."""
        active: dict[str, ActiveBinding] = {}
        for each in self.screen.active_bindings.values():
            if each.binding.show and each.binding.id in _ACTIONS:
                active.setdefault(each.binding.id, each)
        return active

    def _draw(self) -> None:
        told = [(name, _told(each)) for name, each in self._active.items()]
        room = self.size.width - 1 - sum(width_of(pieces) + _GAP for name, pieces in told if name == _ALWAYS)
        line = [Piece(" ")]
        for name, pieces in told:
            if name != _ALWAYS:
                room -= width_of(pieces) + _GAP
            if name == _ALWAYS or room >= 0:
                line += [*pieces, Piece(" " * _GAP)]
        self.show([line])

    def on_click(self, event: events.Click) -> None:
        """Do what the key does."""
        each = self._active.get(self.clicked(event))
        if each is not None:
            self.call_later(partial(self.app.run_action, each.binding.action, each.node))


def _told(each: ActiveBinding) -> list[Piece]:
    action = _ACTIONS[each.binding.id or ""]
    key = each.binding.key_display or shown(each.binding.key)
    return [
        Piece(key, "key", bold=True, action=action.id),
        Piece(f" {action.brief or action.title}", "second", action=action.id),
    ]
