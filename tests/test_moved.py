"""Tests that moved are the same tests (TRUTH 5)."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.building import BEGAN, case, failure, put, pytest_xml, store_of
from tui.core.baseline import Baseline, Change
from tui.core.facts import Facts, gather
from tui.core.model import TestId, TestKey
from tui.core.moved import Named, match
from tui.core.rules import Rules
from tui.core.store import Store


def against(then: str, now: str) -> tuple[Store, Facts]:
    store = Store(Rules())
    store.set_baseline(Baseline("baseline", tuple(store_of({"a.xml": then}).known_tests())))
    put(store, "a.xml", now)
    return store, gather(store, BEGAN)


def test_a_test_in_a_renamed_file_is_compared_with_what_it_was() -> None:
    then = pytest_xml(
        case("test_a", suite="tests.test_old"), case("test_b", failure(), suite="tests.test_old")
    )
    now = pytest_xml(
        case("test_a", failure(), suite="tests.test_new"), case("test_b", suite="tests.test_new")
    )
    store, facts = against(then, now)
    numbers = facts.regressions.numbers
    assert (numbers[Change.NEW_FAILURE], numbers[Change.FIXED]) == (1, 1)
    assert (numbers[Change.NEW_TEST], numbers[Change.VANISHED], facts.regressions.moved) == (0, 0, 2)
    assert store.comparison is not None
    assert {known.label for known in store.comparison.moved.values()} == {
        "tests/test_old.py::test_a",
        "tests/test_old.py::test_b",
    }


def test_what_moved_is_shared_so_that_rates_can_be_compared() -> None:
    then = pytest_xml(*(case(f"test_{n}", suite="tests.test_old") for n in range(10)))
    now = pytest_xml(*(case(f"test_{n}", "" if n else failure(), suite="tests.test_new") for n in range(10)))
    _, facts = against(then, now)
    assert (facts.regressions.shared, facts.regressions.comparable, facts.overall.delta) == (10, True, -10.0)


def test_a_name_that_many_files_have_is_moved_with_its_file_only() -> None:
    def files(*names: str) -> list[str]:
        return [case("test_init", suite=f"tests.{name}") for name in names]

    _, facts = against(
        pytest_xml(*files("test_a", "test_b", "test_c")), pytest_xml(*files("test_x", "test_y"))
    )
    assert facts.regressions.moved == 2  # each of these files is moved as a whole
    then = [*files("test_a", "test_b"), *(case(f"test_{n}", suite="tests.test_a") for n in range(9))]
    now = [*files("test_x", "test_y"), *(case(f"test_z{n}", suite="tests.test_x") for n in range(9))]
    _, facts = against(pytest_xml(*then), pytest_xml(*now))
    assert facts.regressions.numbers[Change.NEW_FAILURE] == 0


def test_another_name_is_another_test() -> None:
    _, facts = against(pytest_xml(case("test_a")), pytest_xml(case("test_b")))
    numbers = facts.regressions.numbers
    assert (numbers[Change.NEW_TEST], numbers[Change.VANISHED], facts.regressions.moved) == (1, 1, 0)


def test_a_test_that_comes_back_to_its_place_is_itself_again() -> None:
    then = pytest_xml(case("test_a", suite="tests.test_old"))
    store, _ = against(then, pytest_xml(case("test_a", suite="tests.test_new")))
    both = pytest_xml(case("test_a", suite="tests.test_new"), case("test_a", suite="tests.test_old"))
    put(store, "a.xml", both, generation=2)
    facts = gather(store, BEGAN)
    assert (facts.regressions.moved, facts.regressions.numbers[Change.NEW_TEST]) == (0, 1)


def named(file: str, name: str) -> Named:
    return Named(TestKey("a.xml", TestId(file, name)), f"{file}::{name}")


TESTS = st.lists(st.builds(named, st.sampled_from("abc"), st.sampled_from("xyz")), max_size=9)


@given(TESTS, TESTS, st.randoms(use_true_random=False))
def test_each_test_moves_once_and_whatever_the_order(
    gone: list[Named], new: list[Named], order: Random
) -> None:
    found = match(gone, new)
    assert len(set(found.values())) == len(found)
    assert all(key.test.name == was.test.name for key, was in found.items())
    order.shuffle(gone)
    order.shuffle(new)
    assert match(gone, new) == found


def test_the_same_test_in_another_source_has_not_moved() -> None:
    store = Store(Rules())
    store.set_baseline(
        Baseline("baseline", tuple(store_of({"a.xml": pytest_xml(case("test_a"))}).known_tests()))
    )
    for generation, name in enumerate(("b.xml", "c.xml"), 1):
        put(store, name, pytest_xml(case("test_a", failure())), generation=generation)
    assert gather(store, BEGAN).regressions.moved == 0
