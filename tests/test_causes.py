"""Failures that look alike are one cause."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import bad, case, facts_of, failure, pytest_xml, setup_error, teardown_error
from tui.core.causes import Causes, clean
from tui.core.causes.clean import template
from tui.core.causes.signature import signature
from tui.core.model import Failure, Frame, Location, Outcome, Phase, Stack, TestId, TestKey

failures = st.builds(
    Failure,
    outcome=st.sampled_from([Outcome.FAILED, Outcome.ERROR]),
    phase=st.sampled_from([None, Phase.SETUP, Phase.CALL, Phase.TEARDOWN]),
    type=st.sampled_from(["", "KeyError"]),
    message=st.sampled_from(["", "'a'", "took 5 s", "took 7 s", "at 0x7f001"]),
    location=st.sampled_from([None, Location("a.py", 1), Location("b.py", 2)]),
    function=st.sampled_from(["f", "g"]),
)


def key(number: int) -> TestKey:
    return TestKey("a.xml", TestId("s", f"t{number}"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("took 5 s", "took 7.25 s"),
        ("<Conn at 0x7f00aa>", "<Conn at 0x7f00bb>"),
        ("id 123e4567-e89b-12d3-a456-426614174000 gone", "id 00000000-0000-0000-0000-000000000000 gone"),
        ("at 2026-01-13T10:00:00Z", "at 2025-12-31 23:59:59"),
        ("no file /tmp/pytest-1/x.db", "no file /tmp/pytest-2/y.db"),
        ("commit 0a1b2c3d4e", "commit ffeeddccbb00"),
        ("first line\nmore", "first line\nother"),
    ],
)
def test_what_varies_from_failure_to_failure_does_not_tell_causes_apart(one: str, other: str) -> None:
    assert template(one) == template(other)


@pytest.mark.parametrize(("one", "other"), [("no REDIS_URL", "no AMQP_URL"), ("utf8 needed", "utf16 needed")])
def test_words_tell_causes_apart(one: str, other: str) -> None:
    assert template(one) != template(other)


PIECES = [
    "0", "1", "7", "12.5", "0x7f", "f00dfeed1", "2026-01-13T10:00:00Z", "10:00:01,5", "in:/tmp/x1/y2", "gw3",
    "pid ", "4ms", "10MB", "1e-7", "utf8", "call_1", "a1b2c3d4", "assert ", "x", "-", ".", "worker",
    "pytest-of-me9/", "123e4567-e89b-12d3-a456-426614174000", "\u0663", " ", "'", '"', "\n",
]  # fmt: skip


@given(pieces=st.lists(st.sampled_from(PIECES), max_size=12))
def test_a_template_by_the_shape_of_its_digits_is_that_of_the_message(pieces: list[str]) -> None:
    message = "".join(pieces)
    assert template(message) == clean._template(message.split("\n", 1)[0].strip())


def test_the_same_exception_in_setup_and_in_call_are_two_causes() -> None:
    assert signature(bad(Phase.SETUP)) != signature(bad(Phase.CALL))
    assert signature(bad(None)) == signature(bad(Phase.CALL))


@given(st.lists(st.lists(failures, min_size=1, max_size=2).map(tuple), max_size=8), st.randoms())
def test_causes_do_not_depend_on_the_order_in_which_failures_came(
    told: list[tuple[Failure, ...]], random: Random
) -> None:
    numbered = list(enumerate(told))
    forwards, shuffled = Causes(), Causes()
    for number, each in numbered:
        forwards.add(key(number), each)
    random.shuffle(numbered)
    for number, each in numbered:
        shuffled.add(key(number), each)
    assert forwards.listed(None) == shuffled.listed(None)


@given(st.lists(st.lists(failures, min_size=1, max_size=2).map(tuple), max_size=8), st.integers(0, 8))
def test_what_is_taken_out_again_leaves_no_trace(told: list[tuple[Failure, ...]], kept: int) -> None:
    some, all_but = Causes(), Causes()
    for number, each in enumerate(told):
        all_but.add(key(number), each)
        if number < kept:
            some.add(key(number), each)
    for number, each in enumerate(told[kept:], kept):
        all_but.remove(key(number), each)
    assert some.listed(None) == all_but.listed(None)
    assert len(some) == len(all_but)


def test_causes_come_with_the_most_frequent_first_and_a_test_may_have_two() -> None:
    blocked = [case(f"t{n}", setup_error()) for n in range(3)]
    both = [case("u", failure("KeyError: 'x'")), case("u", teardown_error("ValueError: open"))]
    facts = facts_of({"a.xml": pytest_xml(*blocked, *both)})
    assert [(cause.title, cause.phase, cause.tests) for cause in facts.causes] == [
        ("ConnectionError: refused", Phase.SETUP, 3),
        ("KeyError: 'x'", Phase.CALL, 1),
        ("ValueError: open", Phase.TEARDOWN, 1),
    ]
    assert (facts.failing_tests, facts.tests_in_several_causes) == (4, 1)


def test_a_cause_says_the_place_that_most_of_its_failures_name() -> None:
    text = "def client():\n>   connect()\n\nconftest.py:31: ConnectionError"
    error = f'<error message="failed on setup with &quot;ConnectionError: refused&quot;">{text}</error>'
    facts = facts_of({"a.xml": pytest_xml(case("a", error.replace("\n", "&#10;")), case("b", setup_error()))})
    assert facts.causes[0].where.startswith("conftest.py:31")


def test_a_failure_without_a_message_has_a_title_too() -> None:
    facts = facts_of({"a.xml": pytest_xml(case("a", "<failure/>"))})
    assert facts.causes[0].title == "failed without a message"


def test_without_a_baseline_nobody_knows_which_failures_are_new() -> None:
    facts = facts_of({"a.xml": pytest_xml(case("a", failure()))})
    assert facts.causes[0].new is None


def raised(type: str, message: str, *frames: Frame) -> Failure:
    return Failure(Outcome.FAILED, Phase.CALL, type=type, message=message, stack=Stack(frames))


BODY = Frame("tests/test_a.py", "test_a")


def test_whose_attribute_the_own_code_misses_does_not_tell_causes_apart() -> None:
    asked = Frame("src/app/types.py", "base_of")
    of_class, of_other, of_object = (
        signature(raised("AttributeError", f"{owner} has no attribute '__origin__'", asked, BODY))
        for owner in ("type object 'A'", "type object 'B2'", "'A' object")
    )
    assert of_class == of_other == of_object
    other = signature(raised("AttributeError", "type object 'A' has no attribute 'x'", asked, BODY))
    assert other != of_class


def test_an_exception_that_an_assertion_shows_is_what_went_wrong() -> None:
    messages = (
        "assert 1 == 0\n +  where 1 = <Result TypeError('two columns wanted')>.exit_code",
        "assert not TypeError('two columns wanted')\n +  where TypeError('two columns wanted') = x.exception",
        "assert 'Usage: a' in ''\n +  where '' = <Result TypeError('two columns wanted')>.output",
    )
    found = {
        signature(raised("AssertionError", message, Frame(f"tests/test_{n}.py", "test_x")))
        for n, message in enumerate(messages)
    }
    assert len(found) == 1
    other = "assert 1 == 0\n +  where 1 = <Result TypeError('no such column')>.exit_code"
    assert signature(raised("AssertionError", other, BODY)) not in found


def test_two_exceptions_that_are_compared_are_no_cause() -> None:
    compared = raised("AssertionError", "assert KeyError('one of them') == KeyError('another')", BODY)
    assert signature(compared).type == "AssertionError"


@given(
    steps=st.lists(
        st.tuples(
            st.integers(0, 5), st.sampled_from(["", "boom", "bang", "KeyError: 'x'"]), st.integers(0, 3)
        )
    )
)
def test_what_is_grouped_later_is_grouped_alike(steps: list[tuple[int, str, int]]) -> None:
    eager, lazy = Causes(), Causes(lazily=True)
    known: dict[TestKey, tuple[Failure, ...]] = {}
    for number, message, worked in steps:
        key = TestKey("r.xml", TestId("t", f"test_{number}"))
        for causes in (eager, lazy):
            if key in known:
                causes.remove(key, known[key])
        known.pop(key, None)
        if message:
            known[key] = (Failure(Outcome.FAILED, type="ValueError", message=message),)
            for causes in (eager, lazy):
                causes.add(key, known[key])
        for _ in range(worked):
            lazy.work()
        grouped = {test for cause in lazy.listed(None) for test in lazy.tests(cause.signature)}
        assert grouped | set(lazy.waiting) == set(known)
        assert not grouped & set(lazy.waiting)
    while lazy.work():
        pass
    assert lazy.listed(None) == eager.listed(None)


@given(
    steps=st.lists(st.tuples(st.sampled_from(["come", "go", "ask"]), st.integers(0, 4)), max_size=20),
)
def test_where_a_test_stands_among_its_cause_is_its_place_in_the_list(steps: list[tuple[str, int]]) -> None:
    causes, alike = Causes(), Failure(Outcome.FAILED, message="boom")
    found = causes.signature(alike)
    held: list[TestKey] = []
    for what, number in steps:
        test = key(number)
        if what == "come" and test not in held:
            causes.add(test, (alike,))
            held.append(test)
        elif what == "go" and test in held:
            causes.remove(test, (alike,))
            held.remove(test)
        place = (held.index(test) + 1, len(held)) if test in held else None
        assert causes.place(found, test) == place
        assert [cause.tests for cause in causes.listed(None)] == [len(held)] * bool(held)
