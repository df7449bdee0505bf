"""Components and the word that a rate earns (TRUTH 2)."""

import pytest

from tests.building import case, counts, facts_of, failure, pytest_xml, store_of, teardown_error
from tui.core.components import OTHER, ComponentRule, Scheme, scheme, status
from tui.core.criteria import Criteria
from tui.core.rules import Rules
from tui.core.tally import Tally
from tui.report import words

WEB = ComponentRule("Web", sources=("web*.xml",))
CORE = ComponentRule("Core", tests=("tests/core/**", "tests.core.*"))
BANDS = Rules().bands


def of(*rules: ComponentRule, **files: str) -> dict[str, int]:
    store = store_of({f"{name}.xml": text for name, text in files.items()}, Rules(components=rules))
    return {name: store.tally(name).tests for name in store.components}


def test_a_rule_matches_ids_with_slashes_and_with_dots() -> None:
    assert of(CORE, a=pytest_xml(case(suite="tests.core.test_x"))) == {"Core": 1}
    dotted = ComponentRule("Core", tests=("tests.core.*",))
    assert of(dotted, a=pytest_xml(case(suite="tests.core.test_x"))) == {"Core": 1}


def test_a_rule_matches_the_files_that_hold_results() -> None:
    assert of(WEB, websocket=pytest_xml(case())) == {"Web": 1}


def test_the_first_rule_that_matches_has_the_test() -> None:
    inner = pytest_xml(case(suite="tests.core.test_x"))
    assert of(WEB, CORE, web=inner) == {"Web": 1, "Core": 0}
    assert of(CORE, WEB, web=inner) == {"Core": 1, "Web": 0}


def test_what_no_rule_matches_is_a_component_too() -> None:
    assert of(CORE, a=pytest_xml(case())) == {"Core": 0, OTHER: 1}


def test_an_id_with_brackets_can_be_named() -> None:
    rule = ComponentRule("One", tests=("tests/test_a.py::test_a[x-1]",))
    assert of(rule, a=pytest_xml(case("test_a[x-1]"), case("test_a[x-2]"))) == {"One": 1, OTHER: 1}


def test_components_are_inferred_per_package_per_file_or_per_folder() -> None:
    one, two = pytest_xml(case(suite="tests.unit.test_a")), pytest_xml(case(suite="tests.core.test_b"))
    assert store_of({"a.xml": one}).components == ("tests/unit",)
    assert store_of({"a.xml": one, "b.xml": two}).components == ("a", "b")
    assert store_of({"x/a.xml": one, "y/b.xml": two}).components == ("x", "y")


def test_what_is_inferred_does_not_depend_on_what_came_first() -> None:
    one, two = pytest_xml(case(suite="tests.unit.test_a")), pytest_xml(case(suite="tests.core.test_b"))
    files = {"a.xml": one, "b.xml": two, "x/c.xml": one}
    backwards = dict(reversed(files.items()))
    assert store_of(files).components == store_of(backwards).components == ("a", "b", "x")


@pytest.mark.parametrize(
    ("passed", "failed", "word"),
    [
        (90, 10, "EXCELLENT"),
        (8999, 1001, "STABLE"),
        (75, 25, "STABLE"),
        (50, 50, "AT RISK"),
        (4999, 5001, "FAILING"),
    ],
)
def test_a_rate_earns_the_word_of_its_band(passed: int, failed: int, word: str) -> None:
    tally = Tally(tests=passed + failed, passed=passed, failed=failed)
    assert status(tally, BANDS, live=False) == word


@pytest.mark.parametrize("tally", [Tally(), Tally(tests=3, skipped=3)])
def test_what_executed_nothing_has_no_rate_and_did_not_run(tally: Tally) -> None:
    assert tally.rate is None
    assert status(tally, BANDS, live=False) == "NOT RUN"


def test_while_it_grows_a_component_is_running() -> None:
    assert status(Tally(tests=1, passed=1), BANDS, live=True) == "RUNNING"
    assert status(Tally(), BANDS, live=True) == "NOT RUN"
    assert status(Tally(tests=1, running=1), BANDS, live=False) == "RUNNING"


def test_skipped_tests_are_no_part_of_the_rate() -> None:
    tally = Tally(tests=4, passed=1, failed=1, skipped=2)
    assert (tally.rate, tally.fraction) == (50.0, "1/2")


def test_a_required_component_that_did_not_run_is_a_note() -> None:
    rule = ComponentRule("Mission critical", tests=("x/**",), required=True)
    facts = facts_of({"a.xml": pytest_xml(case())}, Rules(components=(rule,)))
    assert [row.status for row in facts.components] == ["NOT RUN", "EXCELLENT"]
    assert "Mission critical (required): NOT RUN, no test of it was executed" in facts.notes


def test_more_outcomes_than_tests_are_explained() -> None:
    cases = [case("a", failure()), case("a", teardown_error()), case("b"), case("b")]
    facts = facts_of({"a.xml": pytest_xml(*cases)})
    assert counts(facts.overall.tally) == (2, 1, 1, 0, 0)
    assert facts.notes == (
        "tests: 4 outcomes on 2 tests: 1 failed in call and errored in teardown and 1 ran more than once",
    )


def test_thousands_of_files_are_no_components() -> None:
    assert scheme(100, 1) is Scheme.FILE
    assert scheme(101, 1) is Scheme.PACKAGE
    assert scheme(101, 100) is Scheme.FOLDER
    assert scheme(101, 101) is Scheme.PACKAGE


def test_a_component_of_which_more_is_demanded_is_not_green_whatever_its_band() -> None:
    cases = [case(f"test_{number}", suite="tests.core.test_a") for number in range(4)]
    rules = Rules(components=(CORE,), demands=(("Core", Criteria(min_rate=90.0)),))
    facts = facts_of(
        {"run.xml": pytest_xml(*cases, case("test_bad", failure(), suite="tests.core.test_a"))}, rules
    )
    (row,) = facts.components
    assert (row.status, row.unmet, words.rate_style(row, rules.bands)) == ("STABLE", True, "error")
