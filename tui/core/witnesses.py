"""Which test a golden-path event is tied to, and what became of that test (TRUTH 4).

May import the rest of `core`. Invariant: where a name fits several tests, the event is never tied to one
that passed while another did not.
"""

from tui.core.components import folder
from tui.core.golden import PathVerdict, Ref, Witness
from tui.core.model import Outcome, TestId, TestKey
from tui.core.store import Store


def verdicts(store: Store, stale: frozenset[str]) -> tuple[PathVerdict, ...]:
    """The verdict on every golden path. `stale`: the sources that are too old to count."""
    if not store.rules.golden_paths:
        return ()
    store.ledger.read({source: table.events for source, table in store.tables.items() if table.events})
    return store.ledger.verdicts(
        lambda ref: _witness(store, ref, stale), store.named, stale, store.has_provers
    )


def _witness(store: Store, ref: Ref, stale: frozenset[str]) -> Witness | None:
    match ref.test:
        case None:
            return None
        case TestId() as test:
            return _own(store, ref.source, test, stale)
        case text:
            meant = [_of(store, key, stale) for key in store.meant(text)]
            beside = [one for one in meant if folder(one.key.scope) == folder(ref.source)]
            return min(beside or meant, key=lambda one: one.outcome is Outcome.PASSED, default=None)


def _own(store: Store, source: str, test: TestId, stale: frozenset[str]) -> Witness | None:
    """The test of the source itself; what an earlier run of it carried is tied to that run's outcome."""
    group = store.group(source)
    key = TestKey(group.scope, test)
    if key not in store.tests:
        return None
    runs = [[store.tables[path] for path in run if path in store.tables] for run in group.runs]
    last = next((run for run in reversed(runs) if any(table.get(test) for table in run)), [])
    if all(table.source != source for table in last) and (result := store.tables[source].get(test)):
        return Witness(
            TestKey(f"{source} before its rerun", test), result.label, result.outcome, source in stale
        )
    return _of(store, key, stale)


def _of(store: Store, key: TestKey, stale: frozenset[str]) -> Witness:
    result = store.tests[key]
    return Witness(key, result.label, result.outcome, result.last.source in stale)
