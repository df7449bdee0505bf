"""Sources that may be copies of each other: said of those only that hold the same tests."""

from tests.building import BEGAN, case, facts_of, put, pytest_xml, store_of
from tui.core.sourcebook import SourceBook


def suite(*names: str) -> str:
    return pytest_xml(*(case(name=name) for name in names))


def copies(files: dict[str, str]) -> list[str]:
    return [note.split(": ")[0] for note in facts_of(files).notes if "copies?" in note]


def test_files_that_are_alike_and_share_no_test_are_no_copies() -> None:
    assert copies({"a.xml": suite("test_a"), "b.xml": suite("test_b"), "c.xml": suite("test_c")}) == []


def test_of_files_that_are_alike_those_with_the_same_tests_may_be_copies() -> None:
    files = {"a.xml": suite("test_a"), "b.xml": suite("test_b"), "c.xml": suite("test_a")}
    assert copies(files) == ["a.xml, c.xml"]


def test_a_file_that_is_alike_as_before_and_holds_other_tests_now_is_no_copy_any_more() -> None:
    store = store_of({"a.xml": suite("test_a"), "b.xml": suite("test_a")})
    book = SourceBook(store)
    book.follow(BEGAN)
    assert any("copies?" in note for note in book.notes())
    put(store, "b.xml", suite("test_b"), generation=3)
    book.follow(BEGAN)
    assert not any("copies?" in note for note in book.notes())
