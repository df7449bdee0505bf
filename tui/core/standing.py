"""The facts -> what the criteria judge.

May import the rest of `core` but `facts` and `verdict`. Pure. What a component's criteria do not ask for is
not worked out for it.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from tui.core.baseline import Change
from tui.core.criteria import NO_CRITERIA, Criteria, Part, Standing
from tui.core.golden import PathVerdict
from tui.core.hollow import Mark
from tui.core.notrun import NotRun, labels
from tui.core.sourcebook import SourceBook
from tui.core.store import Store
from tui.core.tally import Tally

WHOLE = ""
"""The name of the part that is everything."""


def standing(
    store: Store,
    components: Iterable[tuple[str, Tally, bool]],
    *,
    live: bool,
    live_components: frozenset[str],
    golden_paths: tuple[PathVerdict, ...],
    not_run: NotRun,
    hollow: tuple[Mark, ...],
    book: SourceBook,
    now: float,
) -> Standing:
    """What the criteria need to know. `components`: name, counts, and whether it must have run."""
    demands = dict(store.rules.demands)
    hollow = (*hollow, *_hollow_tests(store, golden_paths))
    whole = _part(
        store, WHOLE, store.overall, store.rules.criteria, not_run=not_run, hollow=hollow, live=live
    )
    parts = (
        _part(
            store,
            name,
            tally,
            demands.get(name, NO_CRITERIA),
            not_run=not_run,
            hollow=hollow,
            required=required,
            live=name in live_components,
        )
        for name, tally, required in components
    )
    aged = book.rows() if store.rules.criteria.max_age is not None else ()
    return Standing(
        overall=whole,
        components=tuple(parts),
        golden_paths=golden_paths,
        ages=tuple((row.path, row.age(now)) for row in aged if row.tally.tests),
        unreadable=book.not_whole(),
        silent=book.silent(),
        live=live,
    )


def _part(
    store: Store,
    name: str,
    tally: Tally,
    demands: Criteria,
    *,
    not_run: NotRun,
    hollow: tuple[Mark, ...],
    required: bool = False,
    live: bool,
) -> Part:
    to_come = not_run.to_come_of(name) if name else not_run.to_come
    if to_come is not None:
        to_come += tally.running
    part = Part(name, tally, demands, required=required, live=live, to_come=to_come)
    if demands == NO_CRITERIA:
        return part
    compared = store.comparison is not None and bool(store.tests)
    component = name or None
    number = (not_run.of(name) if name else not_run.number) if not_run.known else None
    return replace(
        part,
        regressions=_regressions(store, component) if compared else None,
        vanished=_vanished(not_run, component) if compared else None,
        not_run_number=number,
        not_run=labels(store, not_run, component) if demands.plan_complete and number else (),
        planned=not_run.planned if component is None else tally.tests + (number or 0) - tally.not_run,
        hollow=tuple(str(mark) for mark in hollow if component in (None, mark.component)),
        disagreements=store.disagreements(component) if demands.sources_agree else (),
    )


def _hollow_tests(store: Store, paths: tuple[PathVerdict, ...]) -> Iterable[Mark]:
    """The tests that pass without an event that their own instance of a path should show."""
    for path in paths:
        for instance in path.hollow:
            witness = instance.owner.witness
            if witness is not None and witness.key in store.tests:
                lacks = f"passes, and lacks {', '.join(instance.missing)} of {path.name}"
                yield Mark(store.component(witness.key), witness.label, lacks)


def _regressions(store: Store, component: str | None) -> tuple[str, ...]:
    assert store.comparison is not None
    return tuple(
        store.tests[key].label
        for key in store.comparison.tests(Change.NEW_FAILURE)
        if component in (None, store.component(key))
    )


def _vanished(not_run: NotRun, component: str | None) -> tuple[str, ...]:
    return tuple(test.label for test in not_run.vanished if component in (None, test.component))
