"""The golden-path events that each test was seen to cause: what a baseline keeps, and marks are made by.

May import `core.model` and `core.table`. Pure. A mocked event is none.
"""

from collections.abc import Callable, Mapping

from tui.core.model import TestId, TestKey
from tui.core.table import Table

_MOCKED = ("src", "mock")


def proofs(
    tables: Mapping[str, Table],
    own: Callable[[str, TestId], TestKey],
    find: Callable[[str], TestKey | None],
) -> dict[TestKey, frozenset[str]]:
    """By test, the events; `own`: the test that a source means by an id of its own, `find`: by a text."""
    found: dict[TestKey, frozenset[str]] = {}
    meant: dict[tuple[str, TestId | str], TestKey | None] = {}
    for source, table in tables.items():
        for event in table.events:
            if event.test is None or _MOCKED in event.fields:
                continue
            ref = source, event.test
            if ref not in meant:
                test = event.test
                meant[ref] = own(source, test) if isinstance(test, TestId) else find(test)
            if (key := meant[ref]) is not None:
                found[key] = found.get(key, frozenset()) | {event.name}
    return found
