"""Marks of a hollow proof: what to look at, never a verdict by itself."""

import pytest

from tests.building import BEGAN, case, event_log, put, pytest_xml, store_of
from tui.core.baseline import Baseline
from tui.core.components import ComponentRule
from tui.core.criteria import Criteria, CriterionState
from tui.core.facts import Facts, gather
from tui.core.rules import Rules
from tui.core.store import Store
from tui.core.verdict import VerdictWord

REQUIRED = ComponentRule("Critical", tests=("tests/critical/**", "tests.critical.*"), required=True)
RULES = Rules(components=(REQUIRED,), criteria=Criteria(required_components=True))


def cases(number: int, suite: str = "tests.critical.test_pay") -> list[str]:
    return [case(f"test_{n}", suite=suite) for n in range(number)]


def facts_against(then: dict[str, str] | None, now: dict[str, str], rules: Rules = RULES) -> Facts:
    store = Store(rules)
    if then is not None:
        store.set_baseline(Baseline("baseline", tuple(store_of(then, rules).known_tests())))
    for generation, (name, text) in enumerate(now.items(), 1):
        put(store, name, text, generation=generation)
    store.scanned = True
    return gather(store, BEGAN)


def test_a_required_suite_that_one_test_took_the_place_of_is_marked_and_the_verdict_stands() -> None:
    facts = facts_against({"a.xml": pytest_xml(*cases(25))}, {"a.xml": pytest_xml(*cases(1))})
    assert [(mark.subject, mark.reason) for mark in facts.hollow] == [
        ("Critical", "1 test, of 25 in the baseline"),
        ("tests/critical/test_pay.py", "1 test, of 25 in the baseline"),
    ]
    assert facts.verdict.word is VerdictWord.READY
    assert facts.components[0].hollow == facts.hollow


def test_a_criterion_can_demand_that_there_is_no_mark() -> None:
    rules = Rules(components=(REQUIRED,), criteria=Criteria(no_hollow=True))
    facts = facts_against({"a.xml": pytest_xml(*cases(25))}, {"a.xml": pytest_xml(*cases(1))}, rules)
    (criterion,) = facts.verdict.criteria
    assert (criterion.state, criterion.got) == (CriterionState.NOT_MET, "2 marks")


def test_half_of_a_file_is_not_most_of_it() -> None:
    assert not facts_against({"a.xml": pytest_xml(*cases(10))}, {"a.xml": pytest_xml(*cases(5))}).hollow


def test_a_file_that_moved_as_a_whole_lost_nothing() -> None:
    then = {"a.xml": pytest_xml(*cases(10))}
    assert not facts_against(then, {"a.xml": pytest_xml(*cases(10, "tests.critical.test_payment"))}).hollow


def test_what_nobody_requires_is_not_marked() -> None:
    other = cases(25, "tests.unit.test_x")
    facts = facts_against({"a.xml": pytest_xml(*other)}, {"a.xml": pytest_xml(other[0], case("test_todo"))})
    assert not facts.hollow


@pytest.mark.parametrize(
    ("name", "is_marked"),
    [
        ("test_placeholder", True),
        ("testPlaceholder", True),
        ("test_stub", True),
        ("test_login_stubbed", True),
        ("testStubOnly", True),
        ("test_TODO", True),
        ("test_stubborn_client", False),
        ("test_autodoc", False),
        ("test_mastodon", False),
    ],
)
def test_a_name_that_says_that_it_stands_in_for_another_is_marked(name: str, is_marked: bool) -> None:  # noqa: FBT001
    facts = facts_against(None, {"a.xml": pytest_xml(case(name, suite="tests.critical.test_pay"))})
    assert bool(facts.hollow) is is_marked


def test_a_test_that_proves_nothing_any_more_of_what_it_proved_is_marked() -> None:
    xml = pytest_xml(case("test_turn"))
    log = event_log({"event": "agent_started", "test": "tests/test_a.py::test_turn"})
    facts = facts_against({"a.xml": xml, "e.jsonl": log}, {"a.xml": xml})
    (mark,) = facts.hollow
    assert (mark.subject, mark.reason) == (
        "tests/test_a.py::test_turn",
        "it proves nothing any more of agent_started",
    )
    assert not facts_against({"a.xml": xml, "e.jsonl": log}, {"a.xml": xml, "e.jsonl": log}).hollow
    mocked = event_log({"event": "agent_started", "test": "tests/test_a.py::test_turn", "src": "mock"})
    assert facts_against({"a.xml": xml, "e.jsonl": log}, {"a.xml": xml, "e.jsonl": mocked}).hollow
