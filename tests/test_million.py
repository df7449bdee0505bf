"""Lists of tests in blocks are those of tests that are kept one by one, to the last row."""

from collections.abc import Iterator, Sequence
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import one_by_one
from tests.test_blocks import NEVER, RULES, SUITES, batches, run
from tui.core import filling
from tui.core.arranging import ORDERS
from tui.core.filters.index import Index
from tui.core.filters.language import Filter
from tui.core.filters.matching import Found, Matching
from tui.core.marks import Mark, Marks
from tui.core.model import Batch, Outcome, SourceEvents, SourceOpened, TestId, TestKey, TestRecord
from tui.core.numbering import numbered
from tui.core.pathtree import Folder
from tui.core.rules import Rules
from tui.core.store import Store
from tui.view.lists import test_table
from tui.view.lists.picking import MOST, Picks
from tui.view.lists.test_table import TestTable

FILTERS = (
    "",
    "t",
    "test_1",
    "TEST",
    "!x",
    "py::te",
    "::x",
    "a.py::test_1",
    "test_b test_",
    "logedin",
    "status:passed",
    "!status:passed",
    "status:failed,skipped",
    "component:A",
    "!component:tests",
    "file:test_a",
    "file:a.xml",
    "!file:jsonl",
    "name:_1",
    "slow:>0.25",
    "slow:<250ms",
    "!slow:0.2s test",
    "cause:boom",
    "flag:flaky",
    "known:flaky",
    "!known:",
    "new:",
)


def fed(told: Sequence[Batch], rules: Rules) -> Iterator[tuple[Store, Store]]:
    """A Store without blocks and one with, after each batch."""
    slow, fast = Store(rules, blocks_from=NEVER), Store(rules, blocks_from=0)
    for store in (slow, fast):
        store.set_known(Marks((Mark("flaky", "me", ("tests/test_a.py::test_1",)),)))
    yield slow, fast
    for batch in told:
        long = batch
        if isinstance(batch, SourceEvents):
            long = SourceEvents(batch.source, batch.generation, tuple(one_by_one(batch.events)))
        slow.apply(long)
        fast.apply(batch)
        yield slow, fast


def searched(text: str, store: Store, index: Index | None = None) -> Found:
    matching = Matching(Filter.parse(text), store, index or Index())
    while not matching.step():
        pass
    assert matching.found is not None
    return matching.found


def finished(table: TestTable) -> None:
    while table.is_working:
        table.step()


def said(table: TestTable, store: Store) -> dict[str, object]:
    """All that a table shows."""
    sequence = table.sequence()
    places = [sequence[place] for place in range(len(sequence))]  # how many there are is counted on the way
    keys = list(sequence)
    assert len(keys) == len(sequence) == len(table)
    assert places == keys
    assert [sequence.index(key) for key in keys] == list(range(len(keys)))
    assert all(key in table and key in sequence and key in store.tests for key in keys)
    tree = table.as_tree()
    every = set(tree.folders())
    rows = table.rows(every)
    assert [rows.index(row) for row in rows] == list(range(len(rows)))
    numbers = {}
    for folder in every:
        node = tree.node(folder)
        assert node is not None
        numbers[folder] = (node.number, node.failing, node.passed, round(node.duration, 6))
        assert table.number(folder) == len(list(table.tests(folder))) == len(table.tests(folder))
    return {
        "rows": keys,
        "tree": [(row, table.above(row)) if isinstance(row, TestKey) else row for row in rows],
        "folded": list(table.rows({row for row in every if len(row.path) < 2})),
        "numbers": numbers,
        "below": {folder: list(table.tests(folder)) for folder in every},
        "first": {folder: table.first(folder) for folder in every},
        "bins": (table.durations.bins(20), table.durations.without),
    }


@given(told=batches(), rules=st.sampled_from(RULES), text=st.sampled_from(FILTERS))
def test_a_filter_finds_the_same(told: list[Batch], rules: Rules, text: str) -> None:
    slow, fast = list(fed(told, rules))[-1]
    one, other = searched(text, slow), searched(text, fast)
    assert sorted(one.keys or ()) == sorted(other.keys or ())
    assert (one.left, one.remarks, one.total) == (other.left, other.remarks, other.total)
    assert len(one.keys or ()) == len(other.keys or ())
    for key in slow.tests:
        assert one.means(key) is other.means(key)


@given(
    told=batches(),
    rules=st.sampled_from(RULES),
    text=st.sampled_from(FILTERS),
    orders=st.tuples(st.sampled_from(sorted(ORDERS)), st.sampled_from(sorted(ORDERS))),
    turned=st.booleans(),
    few=st.sampled_from([2, 512]),
    at_once=st.sampled_from([0, 10**6]),
    tree=st.booleans(),
)
def test_a_list_shows_the_same_and_stays_so(  # noqa: PLR0917  # hypothesis names them
    told: list[Batch],
    rules: Rules,
    text: str,
    orders: tuple[str, str],
    turned: bool,  # noqa: FBT001
    few: int,
    at_once: int,
    tree: bool,  # noqa: FBT001
) -> None:
    tables = TestTable(), TestTable()
    for table in tables:
        table.wants_tree = tree
    time = [0.0]
    for table in tables:
        table._clock = lambda: time[0]
    # Few tests make many shelves and buckets only where these are small.
    with (
        patch.multiple(filling, _FEW=few, _MANY=few * 8),
        patch.multiple(test_table, AT_ONCE=at_once, _FEW=few),
    ):
        for number, stores in enumerate(fed(told, rules)):
            found = [searched(text, store) if text else Found() for store in stores]
            fresh = TestTable()
            for table, at in ((tables[0], 0), (tables[1], 1), (fresh, 1)):
                for order in orders[:1] if number % 2 else orders:
                    table.sort(ORDERS[order], turned=turned)
                    table.refresh(stores[at], found[at])
                    time[0] += 1e6
                    table.refresh(stores[at], found[at])
                    finished(table)
            first = said(tables[0], stores[0])
            assert said(tables[1], stores[1]) == first
            assert said(fresh, stores[1]) == first


def large(tests: int, suites: int) -> Store:
    """A Store with many tests in blocks."""
    store = Store(Rules(), blocks_from=0)
    store.apply(SourceOpened("a.xml", "junit", 1, staged=False))
    for number in range(0, tests, 100):
        names = [f"test_{n * 7919 % tests}" for n in range(number, number + 100)]
        told = run(f"tests.test_{number % suites}", names)
        store.apply(SourceEvents("a.xml", 1, (told,)))
    return store


def test_what_changes_while_tests_are_numbered_is_not_numbered_twice() -> None:
    store = Store(Rules(), blocks_from=0)
    store.apply(SourceOpened("a.xml", "junit", 1, staged=False))
    single = TestRecord(TestId("s", "one"), "s.py::one", Outcome.SKIPPED)
    store.apply(SourceEvents("a.xml", 1, (single,)))
    steps = numbered(store)
    assert next(steps) is None
    store.apply(SourceOpened("a.xml", "junit", 2, staged=False))
    store.apply(SourceEvents("a.xml", 2, (run("s", ["one"]),)))
    assert len(list(store.blocks)) == 1
    numbering = list(steps)[-1]
    assert numbering is not None
    assert [key.test.name for key in numbering.keys(None)] == ["one"]


@pytest.mark.parametrize("suites", [1, 1000])
@pytest.mark.parametrize("order", sorted(ORDERS))
def test_many_tests_are_sorted_in_steps(suites: int, order: str) -> None:
    store = large(12_000, suites)
    table = TestTable()
    table.sort(ORDERS[order])
    with patch.object(test_table, "_SLICE", 0.0):
        assert not table.refresh(store, Found())
        steps = 0
        while table.is_working:
            table.step()
            steps += 1
    assert steps > 5
    sign = -1 if order == "time" else 1
    ranked = [
        ((sign * (result.duration or 0) if order == "time" else 0, result.label), key)
        for key, result in store.tests.items()
    ]
    assert list(table.sequence()) == [key for _, key in sorted(ranked)]
    assert table.durations.number == 12_000
    (top,) = [row for row in table.rows(set()) if isinstance(row, Folder)]
    assert table.number(top) == len(table.tests(top)) == 12_000


def test_a_search_among_many_is_kept_in_steps() -> None:
    store = large(12_000, 1000)
    found = searched("77", store)
    labels = sorted(result.label for result in store.tests.values() if "77" in result.label)
    table = TestTable()
    table.sort(ORDERS["test"])
    table.refresh(store, found)
    finished(table)
    assert [store.tests[key].label for key in table.sequence()] == labels


def by_name(store: Store, text: str) -> list[TestKey]:
    """The tests that hold a text, by their names."""
    return sorted(
        (key for key in store.tests if text in store.tests[key].label), key=lambda k: store.tests[k].label
    )


def test_where_a_test_is_can_be_asked_before_anything_is_shown() -> None:
    store = large(12_000, 1000)
    table = TestTable()
    table.sort(ORDERS["test"])
    table.refresh(store, Found())
    finished(table)
    table.refresh(store, searched("7", store))
    finished(table)
    wanted = by_name(store, "7")
    for place in (4000, 17, len(wanted) - 1):
        assert table.sequence().index(wanted[place]) == place
    assert list(reversed(table.sequence())) == wanted[::-1]


def test_a_sort_that_comes_to_no_end_leaves_nothing_behind() -> None:
    store = large(12_000, 1000)
    index, table = Index(), TestTable()
    first, second, third = (searched(text, store, index) for text in ("7", "77", "8"))
    with patch.multiple(test_table, AT_ONCE=0, _FEW=0, _SLICE=0.0):
        table.refresh(store, first)
        finished(table)
        table.sort(ORDERS["test"])
        assert not table.refresh(store, second)
        assert not table.step()
        assert not table.step()
        assert table.is_working
        table.refresh(store, third)
        finished(table)
    assert list(table.sequence()) == by_name(store, "8")


def test_what_was_sorted_ahead_is_there_at_once_and_goes_with_what_changes() -> None:
    store = large(12_000, 1000)
    table = TestTable()
    table.refresh(store, Found())
    finished(table)
    assert not list(table.ahead())  # so few need none
    slowest_first = sorted(
        store.tests, key=lambda key: (-(store.tests[key].duration or 0), store.tests[key].label)
    )
    with patch.multiple(test_table, _MANY=0, _SLICE=0.0):
        assert len(list(table.ahead())) > 5
        assert not list(table.ahead())
        table.sort(ORDERS["time"])
        assert table.refresh(store, Found())
        assert list(table.sequence()) == slowest_first
        table.sort(ORDERS["outcome"])
        table.refresh(store, Found())
        finished(table)
        store.apply(SourceEvents("a.xml", 1, (run("tests.test_1", ["test_new"]),)))
        table.refresh(store, Found())
        finished(table)
        table.sort(ORDERS["time"])
        table.refresh(store, Found())
        finished(table)
    assert len(table.sequence()) == 12_001
    assert {*table.sequence()} == {*store.tests}


def test_what_comes_in_fast_waits_until_there_is_time_for_a_look() -> None:
    store = large(12_000, 1000)
    time = [0.0]

    def clock() -> float:
        time[0] += 0.001
        return time[0]

    table = TestTable(clock)
    table.refresh(store, Found())
    finished(table)
    for number in range(6):
        told = run(f"more.test_{number}", [f"x{n}" for n in range(100)])
        store.apply(SourceEvents("a.xml", 1, (told,)))
    store.apply(
        SourceEvents(
            "a.xml", 1, tuple(run(f"{s}{n}", [f"x{m}" for m in range(600)]) for s in SUITES for n in range(2))
        )
    )
    assert not table.refresh(store, Found())
    assert table.rests_until is not None
    assert len(table) == 12_000
    time[0] = table.rests_until
    table.refresh(store, Found())
    finished(table)
    assert len(table) == len(store.tests) == 16_200


def test_a_range_of_very_many_rows_is_not_selected_together() -> None:
    picks, keys = Picks(), range(10**6)
    picks.toggle(5)
    assert picks.extend(keys, 5, MOST + 4)
    assert len(picks) == MOST
    assert not picks.extend(keys, 5, MOST + 5)
    assert len(picks) == MOST
