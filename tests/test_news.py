"""Failures that are new since somebody looked: by test, not by number."""

from hypothesis import given
from hypothesis import strategies as st

from tui.core.model import TestId, TestKey
from tui.core.news import News

A, B, C = (TestKey("r.xml", TestId("t", name)) for name in "abc")


def test_what_failed_at_the_start_is_no_news() -> None:
    news = News()
    news.follow([A], begun=False)
    news.follow([A, B], begun=True)
    assert news.number == 0
    news.follow([A, B, C], begun=True)
    assert (news.number, news.first) == (1, C)


def test_one_that_went_does_not_hide_one_that_came() -> None:
    news = News()
    news.follow([A], begun=True)
    news.follow([B], begun=True)
    assert (news.number, news.first) == (1, B)


def test_what_was_new_and_passes_now_is_no_news_and_is_again_when_it_fails() -> None:
    news = News()
    for failing, number in (([], 0), ([A], 1), ([], 0), ([A], 1)):
        news.follow(failing, begun=True)
        assert news.number == number


def test_one_that_was_seen_is_new_again_once_it_passed_meanwhile() -> None:
    news = News()
    news.follow([A], begun=True)
    news.follow([], begun=True)
    news.follow([A], begun=True)
    assert news.number == 1


def test_looking_at_one_leaves_the_others_new_in_their_order() -> None:
    news = News()
    news.follow([], begun=True)
    news.follow([B], begun=True)
    news.follow([A, B, C], begun=True)
    assert news.first == B
    news.see([B])
    assert (news.number, news.first) == (2, A)
    news.see_all()
    news.follow([A, B, C], begun=True)
    assert news.number == 0
    assert news.first is None


def test_what_was_seen_to_fail_and_is_run_again_is_no_news() -> None:
    news = News()
    news.follow([A, B], begun=True)
    news.follow([B], begun=True, running=[A])
    news.follow([A, B], begun=True)
    assert not news.number


@given(steps=st.lists(st.dictionaries(st.sampled_from([A, B, C]), st.sampled_from("fpr"), max_size=3)))
def test_what_changed_says_as_much_as_all(steps: list[dict[TestKey, str]]) -> None:
    news, slow = News(), News()
    now: dict[TestKey, str] = {}
    news.follow([], begun=True)
    slow.follow([], begun=True)
    for step in steps:
        now |= step
        running = [key for key, state in now.items() if state == "r"]
        slow.follow([key for key, state in now.items() if state == "f"], begun=True, running=running)
        news.update({key: state == "f" for key, state in step.items()}, running)
        assert (news.number, set(news._new)) == (slow.number, set(slow._new))
        assert news._seen is not None
        assert news._seen & now.keys() == (slow._seen or set()) & now.keys()
