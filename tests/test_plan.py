"""What was planned and did not run (TRUTH 2): apart from skipped, from every kind of plan."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.building import (
    BEGAN,
    case,
    facts_of,
    loaded,
    phases,
    put,
    pytest_xml,
    report_log,
    store_of,
    written,
)
from tui.config import Config, find
from tui.core.components import ComponentRule
from tui.core.criteria import Criteria, CriterionState
from tui.core.facts import gather
from tui.core.identity import from_node_id
from tui.core.model import SourceGone, SourceState, TestPlanned
from tui.core.notrun import labels
from tui.core.plan import Plan
from tui.core.rules import Rules
from tui.core.store import Store
from tui.core.verdict import VerdictWord
from tui.readers import formats

PLAN = """\
tests/test_a.py::test_a
tests/test_a.py::test_b[x y]
tests/test_b.py::TestB::test_c

3 tests collected in 0.01s
"""
COLLECTED = {"$report_type": "CollectReport", "outcome": "passed", "longrepr": None, "result": None}


def test_what_pytest_collected_and_has_no_result_did_not_run() -> None:
    facts = facts_of(
        {"plan.txt": PLAN, "a.xml": pytest_xml(case("test_a"), case("test_b[x y]", "<skipped/>"))}
    )
    assert (facts.not_run.known, facts.not_run.planned, facts.not_run.number) == (True, 3, 1)
    assert (facts.overall.not_run, facts.overall.tally.skipped, facts.overall.tally.tests) == (1, 1, 2)
    assert facts.not_run.plans == ("plan.txt",)
    assert "1 of 3 planned tests not run" in facts.notes


def test_without_a_plan_nobody_knows_what_did_not_run() -> None:
    facts = facts_of({"a.xml": pytest_xml(case("test_a"))})
    assert (facts.not_run.known, facts.overall.not_run, facts.not_run.to_come) == (False, None, None)


def test_what_did_not_run_is_told_by_its_id() -> None:
    store = store_of({"plan.txt": PLAN, "a.xml": pytest_xml(case("test_a"))})
    assert labels(store, gather(store, BEGAN).not_run) == (
        "tests/test_a.py::test_b[x y]",
        "tests/test_b.py::TestB::test_c",
    )


def test_the_output_of_a_run_is_no_plan() -> None:
    said = "tests/test_a.py::test_a PASSED   [ 50%]\ntests/test_a.py::test_b FAILED   [100%]\n"
    assert formats.recognise(said.encode()) is None


def test_a_plan_that_is_read_after_the_results_is_the_same_plan() -> None:
    xml = pytest_xml(case("test_a"))
    before, after = facts_of({"plan.txt": PLAN, "a.xml": xml}), facts_of({"a.xml": xml, "plan.txt": PLAN})
    assert before.not_run == after.not_run


def test_a_result_that_goes_leaves_its_test_not_run_again() -> None:
    store = store_of({"plan.txt": PLAN, "a.xml": pytest_xml(case("test_a"))})
    store.apply(SourceGone("a.xml"))
    assert gather(store, BEGAN).not_run.number == 3
    store.apply(SourceGone("plan.txt"))
    assert not gather(store, BEGAN).not_run.known


def test_while_a_run_goes_on_the_rest_of_the_plan_is_still_to_come() -> None:
    store = store_of({"plan.txt": PLAN})
    part = report_log(*phases("tests/test_a.py::test_a"), finish=False)
    put(store, "r.jsonl", part, generation=2, state=SourceState.GROWING)
    facts = gather(store, BEGAN)
    assert (facts.not_run.to_come, facts.not_run.number) == (2, 0)


def test_why_not_all_ran_is_told_as_the_stream_tells_it() -> None:
    lines = phases("tests/test_a.py::test_a", call="failed")
    finish = {"$report_type": "SessionFinish", "exitstatus": 1}
    facts = facts_of({"plan.txt": PLAN, "r.jsonl": report_log(*lines, finish, finish=False)})
    assert facts.not_run.reason == "r.jsonl ended with exit status 1 after 1 failure"
    stopped = {"$report_type": "SessionFinish", "exitstatus": 2}
    facts = facts_of({"plan.txt": PLAN, "r.jsonl": report_log(*lines, stopped, finish=False)})
    assert facts.not_run.reason == "r.jsonl: interrupted"


def test_a_module_that_was_collected_and_has_no_result_is_named() -> None:
    collected = [COLLECTED | {"nodeid": f"tests/test_{name}.py"} for name in "ab"]
    package = COLLECTED | {"nodeid": "tests/__init__.py"}
    log = report_log(package, *collected, *phases("tests/test_a.py::TestA::test_a"))
    facts = facts_of({"r.jsonl": log})
    assert facts.not_run.modules == ("tests/test_b.py",)
    assert not facts.not_run.known


def test_what_tap_planned_and_never_saw_is_an_error_and_not_run() -> None:
    facts = facts_of({"a.tap": "1..4\nok 1 - a\nok 2 - b\nBail out! no disk\n"})
    assert (facts.overall.tally.tests, facts.overall.tally.errors) == (4, 2)
    assert (facts.not_run.known, facts.not_run.planned, facts.not_run.number) == (True, 4, 2)
    assert facts.not_run.reason == "a.tap: Bail out! no disk"


def test_a_planned_test_is_in_the_component_that_a_rule_names_or_its_neighbours_have() -> None:
    rules = Rules(
        components=(
            ComponentRule("A", sources=("a.xml",)),
            ComponentRule("B", tests=("tests/test_b.py::*",)),
        )
    )
    facts = facts_of({"plan.txt": PLAN, "a.xml": pytest_xml(case("test_a"))}, rules)
    assert [(row.name, row.not_run) for row in facts.components] == [("A", 1), ("B", 1)]
    assert facts.overall.not_run == sum(row.not_run or 0 for row in facts.components)


def test_an_incomplete_plan_is_not_ready_where_it_has_to_be_complete() -> None:
    rules = Rules(criteria=Criteria(plan_complete=True))
    (criterion,) = facts_of({"plan.txt": PLAN, "a.xml": pytest_xml(case("test_a"))}, rules).verdict.criteria
    assert (criterion.state, criterion.got) == (CriterionState.NOT_MET, "2 of 3 planned tests not run")
    (criterion,) = facts_of({"a.xml": pytest_xml(case("test_a"))}, rules).verdict.criteria
    assert criterion.state is CriterionState.UNKNOWN


def test_a_plan_beside_a_run_that_fulfils_it_keeps_nothing_from_being_ready() -> None:
    cases = [case("test_a"), case("test_b[x y]"), case("test_c", suite="tests.test_b.TestB")]
    facts = facts_of({"plan.txt": PLAN, "a.xml": pytest_xml(*cases)})
    assert (facts.verdict.word, facts.not_run.number) == (VerdictWord.READY, 0)
    assert not any(row.problems for row in facts.sources)


def test_a_list_of_any_runner_may_be_named_in_the_configuration(tmp_path: Path) -> None:
    written(
        tmp_path,
        {
            "runwatch.toml": 'plan = "all.txt"\nresults = "out"\n',
            "all.txt": "# all of them\ncom.shop.CartTest.adds\ncom.shop.CartTest.removes\n",
            "out/a.xml": '<testsuite name="com.shop.CartTest"><testcase classname="com.shop.CartTest" '
            'name="adds"/></testsuite>',
        },
    )
    config = find(None, None, tmp_path)
    not_run = gather(loaded(tmp_path / "out", config), BEGAN).not_run
    assert (not_run.planned, not_run.number, not_run.plans) == (2, 1, ("all.txt",))


def test_a_plan_that_is_not_there_is_a_note_and_not_a_plan(tmp_path: Path) -> None:
    written(tmp_path, {"a.xml": pytest_xml(case("test_a"))})
    facts = gather(loaded(tmp_path, Config(plan=tmp_path / "gone.txt")), BEGAN)
    assert not facts.not_run.known
    assert any("gone.txt" in note for note in facts.notes)


@given(
    st.lists(st.sampled_from("abcdef"), unique=True),
    st.lists(st.sampled_from("abcdef"), unique=True),
    st.booleans(),
)
def test_what_ran_and_what_did_not_add_up_to_the_plan(
    planned: list[str],
    ran: list[str],
    plan_first: bool,  # noqa: FBT001
) -> None:
    plan = "".join(f"tests/test_a.py::{name}\n" for name in planned) or "tests/test_z.py::z\n"
    files = {"plan.txt": plan, "a.xml": pytest_xml(*map(case, ran))}
    store = Store(Rules())
    for generation, name in enumerate(sorted(files, reverse=plan_first), 1):
        put(store, name, files[name], generation=generation)
    left = {planned.label for planned in store.plan.left.values()}
    wanted = set(plan.split())
    assert left == wanted - {f"tests/test_a.py::{name}" for name in ran}
    assert store.left_by_component().total() == len(left)


def test_a_suite_of_very_many_parts_touches_only_modules_that_there_are() -> None:
    suite = "tests.test_a." + "x." * 50_000 + "y"
    plan = Plan(lambda _test, _label: "", lambda _test: False)
    modules = (f"tests/{name}.py" for name in ("test_a", "test_b"))
    plan.follow("r.jsonl", [TestPlanned(from_node_id(path), path, is_module=True) for path in modules])
    assert plan.untouched_modules({suite}) == ("tests/test_b.py",)
