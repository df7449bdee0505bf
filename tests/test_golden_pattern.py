"""What the entries of a golden path spell, and which sequences of events fit."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.golden.pattern import Pattern, PatternError, breaks, parse

CHAT = ("started", "thinking+", "(executing completed)*", "ended")


def messages(entries: tuple[str, ...], events: str) -> list[str]:
    return [each.message for each in breaks(parse(entries), tuple(events.split()))]


@pytest.mark.parametrize(
    ("entry", "names", "required"),
    [
        ("a", ["a"], ["a"]),
        ("a+", ["a"], ["a"]),
        ("a*", ["a"], []),
        ("a?", ["a"], []),
        ("GET /users/{id}", ["GET /users/{id}"], ["GET /users/{id}"]),
        ("(a b)", ["a", "b"], ["a", "b"]),
        ("(a b)+", ["a", "b"], ["a", "b"]),
        ("( a  b )*", ["a", "b"], []),
        ("(a b)?", ["a", "b"], []),
        ("(a b* c)+", ["a", "b", "c"], ["a", "c"]),
    ],
)
def test_an_entry_says_what_it_names_and_what_of_that_has_to_come(
    entry: str, names: list[str], required: list[str]
) -> None:
    pattern = parse(("z", entry))
    assert (list(pattern.names), list(pattern.required)) == (["z", *names], ["z", *required])


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("", "has no name"),
        ("+", "has no name"),
        ("a+*", "one of +, * and ? is enough"),
        ("a+b", "+, * and ? stand behind a name, not in it"),
        ("(a", "a parenthesis that is not closed, or not opened"),
        ("a b)*", "a parenthesis that is not closed, or not opened"),
        ("(a b)c", "a group is one pair of parentheses, with +, * or ? behind it and nothing else"),
        ("((a b) c)*", "a group is one pair of parentheses, with +, * or ? behind it and nothing else"),
        ("()", "a group needs a name"),
    ],
)
def test_an_entry_that_says_nothing_is_refused_with_the_reason(entry: str, why: str) -> None:
    with pytest.raises(PatternError, match=re.escape(f"{entry!r}: {why}")):
        parse(("z", entry))


def test_a_path_of_which_everything_may_be_absent_is_refused() -> None:
    with pytest.raises(PatternError, match="at least one event has to be required"):
        parse(("a?", "(b c)*"))


@pytest.mark.parametrize(
    "events",
    [
        "started thinking ended",
        "started thinking thinking executing completed executing completed ended",
        "started started thinking ended ended",
        "ended started thinking started ended",
        "started ended",
        "thinking",
        "",
    ],
)
def test_events_fit_where_signs_allow_it_and_plain_names_may_repeat(events: str) -> None:
    assert messages(CHAT, events) == []


@pytest.mark.parametrize(
    ("events", "first"),
    [
        ("started thinking executing executing completed ended", "executing again before completed"),
        ("started thinking completed ended", "completed before executing"),
        ("started thinking executing", "executing without completed"),
        ("started thinking executing ended", "executing without completed"),
        ("started thinking executing completed completed ended", "completed again before executing"),
        ("started thinking executing completed thinking ended", "thinking after completed"),
        ("thinking started ended", "thinking before started"),
        ("started executing thinking completed ended", "executing before thinking"),
        ("ended started thinking", "ended before thinking"),
    ],
)
def test_the_first_break_says_what_stands_where_it_cannot(events: str, first: str) -> None:
    assert messages(CHAT, events)[0] == first


def test_at_most_once_is_not_twice() -> None:
    assert messages(("a", "x?", "b"), "a x b") == []
    assert messages(("a", "x?", "b"), "a x x b") == ["x again"]


def test_a_break_points_at_the_event() -> None:
    (found,) = breaks(parse(("a", "b", "c")), ("a", "c", "c", "b"))
    assert found == ("c", 2, "c before b")


NAMES = ("a", "b", "c", "d")
_SIGNS = st.sampled_from(["+", "*", "?"])


@st.composite
def strict_entries(draw: st.DrawFn) -> tuple[str, ...]:
    """A path in which every name stands once, with a sign or in a group."""
    names = list(draw(st.permutations(NAMES)))
    entries = []
    while names:
        size = draw(st.integers(1, min(2, len(names))))
        taken, names = names[:size], names[size:]
        sign = draw(_SIGNS)
        entries.append(f"{taken[0]}{sign}" if size == 1 else f"({' '.join(taken)}){sign}")
    return ("z", *entries)


def regular(pattern: Pattern, there: set[str]) -> re.Pattern[str]:
    """The same as a regular expression, where nothing that is missing altogether is asked for."""
    parts = []
    for part in pattern.parts[1:]:
        body = "".join(item.name for item in part.items)
        sign = part.sign or part.items[0].sign
        if not there & set(body):
            continue
        parts.append(f"(?:{body}){sign}")
    return re.compile("".join(parts))


@given(strict_entries(), st.lists(st.sampled_from(NAMES), max_size=9))
def test_strict_entries_mean_what_a_regular_expression_of_them_means(
    entries: tuple[str, ...], events: list[str]
) -> None:
    pattern = parse(entries)
    fits = regular(pattern, set(events)).fullmatch("".join(events)) is not None
    assert (breaks(pattern, ("z", *events)) == ()) is fits


@given(st.permutations(NAMES), st.lists(st.sampled_from(NAMES), max_size=9))
def test_plain_names_fit_where_they_are_a_subsequence(entries: list[str], events: list[str]) -> None:
    rest = iter(events)
    fits = all(name in rest for name in entries if name in events)
    assert (breaks(parse(tuple(entries)), tuple(events)) == ()) is fits


def test_matching_takes_no_more_steps_than_there_are_events() -> None:
    entries = (*("(a b)*" for _ in range(20)), "a+", "(b a)*", "z")
    events = ("a", "b") * 20_000 + ("a", "z")
    assert breaks(parse(entries), events) == ()
