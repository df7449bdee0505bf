"""The palette's commands: every action that can be taken now. May import Textual and `keys`."""

from collections.abc import Awaitable, Callable, Iterator

from textual.app import App, SystemCommand
from textual.dom import DOMNode
from textual.screen import Screen

from tui.keys import every_action, shown


def commands(app: App[None], screen: Screen[object]) -> Iterator[SystemCommand]:
    """Every action of the focused pane and of the app, once."""
    titles = {action.id: action for action in every_action() if not action.moves}
    told = set[str]()
    for node, binding, _, _ in screen.active_bindings.values():
        action = titles.get(binding.id or "")
        if action is None or action.title in told or action.id == "palette":
            continue
        told.add(action.title)
        title = f"Go to {action.title}" if action.id.startswith("view.") else action.title
        yield SystemCommand(title, f"Key: {shown(binding.key)}", _runs(app, binding.action, node))


def _runs(app: App[None], action: str, node: DOMNode) -> Callable[[], Awaitable[object]]:
    async def run() -> None:
        await app.run_action(action, node)

    return run
