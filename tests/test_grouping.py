"""Failing tests in groups, folded and unfolded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import case, failure, pytest_xml, store_of
from tui.core.grouping import By, CasesRow, Group, GroupRow, Outline, TestRow, function_of, grouped, steady
from tui.core.model import TestId, TestKey
from tui.core.store import Store


@pytest.mark.parametrize(
    ("label", "function"),
    [
        ("t.py::test_x[a]", "t.py::test_x"),
        ("t.py::TestA::test_x[a::b-c[0]]", "t.py::TestA::test_x"),
        ("t.py::test_x", None),
        ("com.acme.ATest::adds(int, int)[1]", "com.acme.ATest::adds(int, int)"),
        ("com.acme.ATest::adds()", None),
        ("Acme.Tests::Adds(1,2)", "Acme.Tests::Adds"),
        ("pkg::TestX/with_a", "pkg::TestX"),
        ("a.test.js::GET /users answers", None),
        ("a.test.js::handles [brackets]", None),
        ("[x]", None),
    ],
)
def test_a_case_belongs_to_its_function(label: str, function: str | None) -> None:
    assert function_of(label) == function


NAMES = ("test_a", "test_b[1]", "test_b[2]", "test_c[1]", "test_d")
MESSAGES = ("", "KeyError: x", "ValueError: y")


def store(fates: list[tuple[str, str, str]]) -> Store:
    cases = {
        (suite, name): case(name, failure(said) if said else "", suite=suite) for suite, name, said in fates
    }
    return store_of({"a.xml": pytest_xml(*cases.values())})


def outline_of(held: Store, by: By) -> Outline:
    groups = grouped(held, held.cause_list(), by)
    return Outline(groups, lambda key: function_of(held.tests[key].label), flat=by is By.NONE)


FATES = st.lists(
    st.tuples(
        st.sampled_from(["tests.test_a", "tests.sub.test_b"]),
        st.sampled_from(NAMES),
        st.sampled_from(MESSAGES),
    ),
    max_size=12,
)


@given(FATES, st.sampled_from(list(By)))
def test_the_groups_part_the_failing_tests(fates: list[tuple[str, str, str]], by: By) -> None:
    held = store(fates)
    groups = grouped(held, held.cause_list(), by)
    members = [test for group in groups for test in group.tests]
    assert sorted(members) == sorted(held.failures())
    assert all(group.tests for group in groups)


@given(FATES, st.sampled_from(list(By)), st.data())
def test_folding_changes_no_count_and_hides_what_is_below(
    fates: list[tuple[str, str, str]], by: By, data: st.DataObject
) -> None:
    outline = outline_of(store(fates), by)
    folds = list(outline.folds())
    unfolded = set(data.draw(st.lists(st.sampled_from(folds)))) if folds else set()
    every = {row: outline.tests(row) for row in outline.rows(set(folds))}
    rows = outline.rows(unfolded)
    assert len(rows) == len(set(rows))
    for row in rows:
        assert outline.tests(row) == every[row]
        assert set(outline.above(row)) <= unfolded
    tests = [row for row in every if isinstance(row, TestRow)]
    assert [outline.neighbour(row, 1) for row in tests] == [*tests[1:], *tests[:1]]
    assert [outline.neighbour(row, -1) for row in tests] == [*tests[-1:], *tests[:-1]]
    assert outline.neighbour(None, 1) == (tests[0] if tests else None)
    assert outline.neighbour(None, -1) == (tests[-1] if tests else None)
    assert all(map(outline.holds, every))
    for row, members in every.items():
        if isinstance(row, CasesRow):
            assert len(members) > 1
        if isinstance(row, GroupRow | CasesRow):
            first = tests.index(TestRow(row.group, members[0]))
            assert outline.neighbour(row, 1) == tests[first]
            assert outline.neighbour(row, -1) == tests[first - 1]
        if isinstance(row, GroupRow):
            assert set(members) == {each.test for each in tests if each.group == row.group}


@given(FATES, st.sampled_from(list(By)))
def test_the_row_of_a_test_comes_in_sight_once_what_is_above_is_unfolded(
    fates: list[tuple[str, str, str]], by: By
) -> None:
    held = store(fates)
    outline = outline_of(held, by)
    for test in held.failures():
        row = outline.row_of(test)
        assert row is not None
        assert row in outline.rows(set(outline.above(row)))
    assert outline.row_of(TestKey("no", TestId("no", "no"))) is None


def test_a_test_with_two_causes_stands_below_both() -> None:
    held = store_of(
        {"a.xml": pytest_xml(case("test_a", failure("KeyError: 1")), case("test_a", failure("OSError: 2")))}
    )
    assert sum(cause.tests for cause in held.cause_list()) == sum(
        len(group.tests) for group in grouped(held, held.cause_list(), By.CAUSE)
    )


def test_only_tests_that_are_meant_are_grouped() -> None:
    held = store([("tests.test_a", "test_a", "KeyError: x"), ("tests.test_a", "test_d", "KeyError: x")])
    for by in By:
        groups = grouped(held, held.cause_list(), by, lambda key: key.test.name == "test_a")
        assert [key.test.name for group in groups for key in group.tests] == ["test_a"]


def test_a_function_with_one_case_stays_a_plain_row() -> None:
    key = TestKey("a", TestId("t", "test_a[1]"))
    outline = Outline([Group("g", "g", (key,))], lambda _key: "test_a")
    assert outline.rows({GroupRow("g")}) == [GroupRow("g"), TestRow("g", key)]


def test_groups_that_were_there_stay_where_they_stood() -> None:
    names = ("c", "new", "a", "b")
    groups = [Group(name, name, ()) for name in names]
    assert [group.id for group in steady(groups, ["a", "gone", "c"])] == ["a", "c", "new", "b"]


def test_the_next_test_is_found_without_laying_out_every_group() -> None:
    asked: list[TestKey] = []
    held = store([("fail", f"{kind}Error: x", f"test_{kind}") for kind in "abc"])
    groups = grouped(held, held.cause_list(), By.CAUSE)
    outline = Outline(groups, asked.append)
    assert outline.neighbour(GroupRow(groups[0].id), 1) == TestRow(groups[0].id, groups[0].tests[0])
    assert len(asked) == 1
