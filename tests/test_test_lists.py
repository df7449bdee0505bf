"""Lists of all tests: sorted, as a tree, and how long they took."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import case, failure, put, pytest_xml, store_of
from tui.core.arranging import ORDERS, Arrangement
from tui.core.durations import EDGES, Durations
from tui.core.journal import Journal
from tui.core.model import TestId, TestKey
from tui.core.pathtree import Folder, PathTree, name_of, path_of
from tui.core.store import Store

# --- durations --------------------------------------------------------------------------------------


@given(
    st.lists(st.none() | st.floats(0, 1e6) | st.sampled_from(EDGES)),
    st.integers(1, 20),
)
def test_the_histogram_adds_up(durations: list[float | None], most: int) -> None:
    counted = Durations()
    for duration in durations:
        counted.count(duration)
    bins = counted.bins(most)
    assert len(bins) <= most
    assert sum(each.number for each in bins) == counted.number
    assert counted.number + counted.without == len(durations)
    for each in bins:
        low = -math.inf if each.low is None else each.low
        high = math.inf if each.high is None else each.high
        assert each.number == sum(d is not None and low <= d < high for d in durations)
    for before, after in pairwise(bins):
        assert before.high == after.low


def test_what_is_taken_out_leaves_no_trace() -> None:
    counted = Durations()
    for sign in (1, -1):
        for duration in (0.0005, 2.0, None):
            counted.count(duration, sign)
    assert (counted.number, counted.without, counted.bins(8)) == (0, 0, [])


def test_bins_are_called_as_people_write_them() -> None:
    counted = Durations()
    for duration in (0.0005, 0.002, 0.5, 2000.0, 9000.0):
        counted.count(duration)
    titles = [each.title for each in counted.bins(20)]
    assert titles[:2] == ["< 1 ms", "1–3 ms"]
    assert "300 ms–1 s" in titles
    assert titles[-1] == "≥ 3000 s"
    assert [each.title for each in counted.bins(8)][1] == "1–10 ms"
    assert [each.title for each in counted.bins(1)] == ["any"]


# --- the order --------------------------------------------------------------------------------------

FATES = st.dictionaries(
    st.sampled_from([f"test_{n}" for n in range(8)]),
    st.tuples(st.booleans(), st.sampled_from([0.0, 0.1, 2.0])),
    max_size=8,
)


def timed(name: str, took: float | None, inner: str = "") -> str:
    return case(name, inner).replace('time="0.5"', "" if took is None else f'time="{took}"')


def xml(fates: dict[str, tuple[bool, float]]) -> str:
    return pytest_xml(*(timed(name, took, failure() if bad else "") for name, (bad, took) in fates.items()))


@given(FATES, FATES, st.sampled_from(list(ORDERS)), st.booleans())
def test_an_order_that_is_kept_is_the_one_that_is_made_anew(
    before: dict[str, tuple[bool, float]],
    after: dict[str, tuple[bool, float]],
    name: str,
    turned: bool,  # noqa: FBT001
) -> None:
    held = store_of({"a.xml": xml(before)})
    kept = Arrangement(held, ORDERS[name], turned=turned)
    kept.fill(held.tests.items())
    revision, shown = held.revision, kept.arranged()
    was = list(shown)
    put(held, "a.xml", xml(after), generation=2)
    changed = held.journal.since(revision)
    assert changed is not None
    kept.update({key: held.tests.get(key) for key in changed})
    fresh = Arrangement(held, ORDERS[name], turned=turned)
    fresh.fill(held.tests.items())
    assert list(kept.arranged()) == list(fresh.arranged())
    assert list(shown) == was
    now = kept.arranged()
    assert [now.index(key) for key in now] == list(range(len(now)))
    assert now[1:3] == list(now)[1:3]
    assert kept.sorted(held.tests) == list(now)
    with pytest.raises(ValueError, match="no"):
        now.index(TestKey("no", TestId("no", "no")))


def test_a_few_changes_among_many_are_placed_one_by_one() -> None:
    fates = {f"test_{n}": (False, n / 10) for n in range(100)}
    held = store_of({"a.xml": xml(fates)})
    kept = Arrangement(held, ORDERS["time"])
    kept.fill(held.tests.items())
    assert [key.test.name for key in kept.arranged()][:2] == ["test_99", "test_98"]
    key = next(key for key in held.tests if key.test.name == "test_5")
    kept.update({key: None})
    assert len(kept.arranged()) == 99
    kept.update({key: held.tests[key]})
    assert [each.test.name for each in kept.arranged()][-6] == "test_5"


def test_tests_without_a_duration_come_last_both_ways() -> None:
    held = store_of({"a.xml": pytest_xml(timed("test_a", 1), timed("test_b", None), timed("test_c", 2))})
    for turned in (False, True):
        kept = Arrangement(held, ORDERS["time"], turned=turned)
        kept.fill(held.tests.items())
        assert [key.test.name for key in kept.arranged()][-1] == "test_b"


# --- the tree ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "path"),
    [
        ("tests/unit/test_a.py::TestA::test_x[a/b::c]", ("tests", "/unit", "/test_a.py", "::TestA")),
        ("test_a.py::test_x", ("test_a.py",)),
        ("com.acme.ATest::adds", ("com", ".acme", ".ATest")),
        ("github.com/acme/pkg::TestX", ("github.com", "/acme", "/pkg")),
        ("tests/core/test_broken.py", ("tests", "/core", "/test_broken.py")),
        ("GET /users", ()),
        ("alone", ()),
    ],
)
def test_the_path_of_a_test(label: str, path: tuple[str, ...]) -> None:
    assert path_of(label) == path


def tree_of(held: Store) -> PathTree:
    return PathTree(held.tests.items())


def rows_of(tree: PathTree, unfolded: set[Folder]) -> list[Folder | TestKey]:
    return list(
        tree.rows(unfolded, lambda node: sorted(node.tests), lambda node: node.path, lambda _key: None)
    )


SUITES = ("tests.unit.test_a", "tests.unit.deep.test_b", "tests.test_c", "other.test_d")
PLACED = st.dictionaries(
    st.tuples(st.sampled_from(SUITES), st.sampled_from(["test_x", "test_y"])), st.booleans(), max_size=8
)


@given(PLACED, st.booleans(), st.data())
def test_the_numbers_of_a_folder_are_those_below_it(
    placed: dict[tuple[str, str], bool],
    one_by_one: bool,  # noqa: FBT001
    data: st.DataObject,
) -> None:
    cases = (case(name, failure() if bad else "", suite=suite) for (suite, name), bad in placed.items())
    held = store_of({"a.xml": pytest_xml(*cases)})
    tree = PathTree() if one_by_one else tree_of(held)
    for key, result in held.tests.items() if one_by_one else ():
        tree.count(key, result, 1)
    every = set(tree.folders())
    for folder in every:
        node = tree.node(folder)
        assert node is not None
        below = [held.tests[key] for node_below in tree.below(folder) for key in node_below.tests]
        assert node.number == len(below)
        assert node.failing == sum(result.outcome.is_bad for result in below)
        assert node.passed == sum(not result.outcome.is_bad for result in below)
    rows = rows_of(tree, every)
    assert sorted(row for row in rows if isinstance(row, TestKey)) == sorted(held.tests)
    unfolded = set(data.draw(st.lists(st.sampled_from(sorted(every))))) if every else set()
    shown = rows_of(tree, unfolded)
    assert len(shown) == len(set(shown))
    for row in shown:
        path = row.path if isinstance(row, Folder) else path_of(held.tests[row].label)
        above = tree.above(path)
        assert set(above) - {row} <= unfolded
    for key, result in held.tests.items():
        tree.count(key, result, -1)
    assert rows_of(tree, every) == []


def test_a_chain_of_folders_is_one_row() -> None:
    held = store_of({"a.xml": pytest_xml(case("test_x", suite="tests.unit.test_a"))})
    (row,) = rows_of(tree_of(held), set())
    assert isinstance(row, Folder)
    assert name_of(row, ()) == "tests/unit/test_a.py"
    assert name_of(row, ("tests",)) == "unit/test_a.py"


# --- the journal ------------------------------------------------------------------------------------


def test_the_journal_tells_what_changed_since() -> None:
    journal: Journal[TestKey] = Journal()
    keys = [TestKey("a", TestId("t", str(n))) for n in range(3)]
    for revision, key in enumerate(keys, 1):
        journal.note(revision, {key})
    assert journal.since(1) == set(keys[1:])
    assert journal.since(3) == set()


def test_what_the_journal_forgot_is_not_told_as_unchanged() -> None:
    journal: Journal[TestKey] = Journal()
    for revision in range(1, 4):
        journal.note(revision, {TestKey("a", TestId("t", f"{revision} {n}")) for n in range(9_000)})
    assert journal.since(0) is None
    assert journal.since(2) is not None


def test_a_folder_counts_as_the_whole_does_what_was_skipped_is_not_executed() -> None:
    held = store_of(
        {"a.xml": pytest_xml(case("test_x"), case("test_y", "<skipped/>"), case("test_z", failure()))}
    )
    (row,) = rows_of(tree_of(held), set())
    assert isinstance(row, Folder)
    node = tree_of(held).node(row)
    assert node is not None
    assert (node.number, node.executed) == (3, 2)
    assert f"{node.passed}/{node.executed}" == held.overall.fraction
