"""Marks of tests that are known to fail: what they say of what the tests do now."""

import json

from msgspec.structs import replace

from tests.building import case, failure, pytest_xml, store_of
from tui.core.facts import gather
from tui.core.marks import Mark, Marks, Standing, name_of
from tui.core.model import TestKey
from tui.core.store import Store
from tui.report import formats

XML = pytest_xml(
    case("test_a", failure("ValueError: a")), case("test_b", failure("KeyError: b")), case("test_c")
)


def key_of(store: Store, name: str) -> TestKey:
    return next(key for key in store.tests if key.test.name == name)


def mark_of(store: Store, *names: str) -> Mark:
    """A mark of these tests as they are now."""
    results = [store.tests[key_of(store, name)] for name in names]
    found = dict.fromkeys(store.causes.signature(f) for result in results for f in result.failures)
    return Mark("known", "Ada", tuple(map(name_of, results)), failures=tuple(found))


def test_a_mark_is_of_the_tests_that_it_names() -> None:
    store = store_of({"a.xml": XML})
    store.set_known(Marks((mark_of(store, "test_a"),)))
    known = store.known(key_of(store, "test_a"))
    assert known is not None
    assert known.standing is Standing.AS_KNOWN
    assert store.known(key_of(store, "test_b")) is None
    assert store.marked.numbers().failing == 1


def test_a_mark_changes_neither_count_nor_verdict() -> None:
    store = store_of({"a.xml": XML})
    before = gather(store, 0.0)
    store.set_known(Marks((mark_of(store, "test_a", "test_b"),)))
    after = gather(store, 0.0)
    assert after.overall == before.overall
    assert after.verdict == before.verdict
    assert after.causes == before.causes


def test_a_test_that_fails_with_another_cause_fails_differently() -> None:
    store = store_of({"a.xml": XML})
    other = mark_of(store, "test_b")
    a = mark_of(store, "test_a")
    store.set_known(Marks((Mark("r", "w", a.tests, failures=other.failures),)))
    known = store.known(key_of(store, "test_a"))
    assert known is not None
    assert known.standing is Standing.DIFFERENTLY
    assert store.marked.numbers()[:2] == (1, 1)


def test_a_mark_that_says_no_failure_fits_every_failure() -> None:
    store = store_of({"a.xml": XML})
    store.set_known(Marks((Mark("r", "w", mark_of(store, "test_a").tests),)))
    known = store.known(key_of(store, "test_a"))
    assert known is not None
    assert known.standing is Standing.AS_KNOWN


def test_a_marked_test_that_passes_is_told_and_one_without_result_too() -> None:
    store = store_of({"a.xml": XML})
    passing = name_of(store.tests[key_of(store, "test_c")])
    store.set_known(Marks((Mark("r", "w", (passing, "tests/gone.py::test_gone")),)))
    numbers = store.marked.numbers()
    assert (numbers.failing, numbers.passing, numbers.absent) == (0, 1, 1)


def test_marks_follow_the_results() -> None:
    store = store_of({"a.xml": XML})
    mark = mark_of(store, "test_a")
    fresh = store_of({})
    fresh.set_known(Marks((mark,)))
    assert fresh.marked.numbers().absent == 1
    again = store_of({"a.xml": pytest_xml(case("test_a"))})
    again.set_known(Marks((mark,)))
    assert again.marked.numbers().passing == 1
    again.set_baseline(None)
    assert again.marked.numbers().passing == 1
    again.set_known(Marks())
    assert not len(again.marked)


def test_a_mark_with_a_source_is_of_the_tests_there() -> None:
    store = store_of({"a.xml": XML})
    name = mark_of(store, "test_a").tests
    store.set_known(Marks((Mark("r", "w", name, source="b.xml"),)))
    assert store.known(key_of(store, "test_a")) is None


def test_the_reports_say_what_is_marked_and_count_all_the_same() -> None:
    store = store_of({"a.xml": XML})
    a, b = mark_of(store, "test_a"), mark_of(store, "test_b")
    passing = name_of(store.tests[key_of(store, "test_c")])
    store.set_known(Marks((replace(a, reason="OPS-12"), replace(a, tests=(*b.tests, passing))), ("line 3",)))
    facts = gather(store, 0.0)
    assert "2 of 2 failing tests are marked as known; 1 of them fails differently now" in facts.notes
    assert "outdated: 1 test marked as known to fail, but passing now" in facts.notes
    assert "line 3" in facts.notes
    for name in ("text", "markdown", "html"):
        text = formats.render(name, store, facts, directory="d", title="")
        assert "marked as known" in text
        assert ("known: OPS-12" in text) is (name == "html")
    told = json.loads(formats.render("json", store, facts, directory="d", title=""))
    assert told["known"] == {"failing": 2, "differently": 1, "passing": 1, "absent": 0}
    assert [each["known"]["reason"] for each in told["failures"]] == ["known", "OPS-12"]
    assert told["overall"]["failed"] == 2
