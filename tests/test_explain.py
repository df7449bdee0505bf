"""Every number and word opens into its rule, its arithmetic and its records."""

from pathlib import Path

import pytest

from tests.building import BEGAN, SAMPLE, case, event_log, failure, put, pytest_xml, store_of
from tui.cli import main
from tui.core.baseline import Baseline
from tui.core.criteria import Criteria
from tui.core.explain import UnknownSubjectError, explain, find, rules, subjects
from tui.core.explain.model import SHOWN
from tui.core.facts import Facts, gather
from tui.core.golden import PathRule
from tui.core.rules import Rules
from tui.core.store import Store

CASES = [case(f"test_{n}", failure() if n < 20 else "") for n in range(30)]
XML = pytest_xml(*CASES, case("test_s", "<skipped/>"))
EVENTS = event_log({"event": "agent_started", "test": "tests/test_a.py::test_29"})
PATH = PathRule("Chat", ("agent_started", "agent_done"))
RULES = Rules(golden_paths=(PATH,), criteria=Criteria(min_rate=50))


@pytest.fixture
def store() -> Store:
    store = Store(RULES)
    store.set_baseline(Baseline("before", tuple(store_of({"a.xml": XML}).known_tests())))
    put(store, "a.xml", XML)
    put(
        store,
        "e.jsonl",
        event_log({"event": "agent_started", "test": "tests/test_a.py::test_29"}),
        generation=2,
    )
    store.scanned = True
    return store


@pytest.fixture
def facts(store: Store) -> Facts:
    return gather(store, BEGAN)


def test_everything_that_is_listed_can_be_explained_and_found_by_its_name(store: Store, facts: Facts) -> None:
    for subject in subjects(facts):
        found = explain(store, facts, subject.id)
        assert found.parts, subject
        assert all(part.rule and part.value for part in found.parts)
        assert find(store, facts, subject.id) == subject.id


def test_a_rate_shows_its_arithmetic(store: Store, facts: Facts) -> None:
    (part,) = explain(store, facts, find(store, facts, "overall.rate")).parts
    assert part.value == "33.33 %"
    assert part.arithmetic == (
        "31 tests - 1 skipped - 0 running = 30 executed",
        "10 passed / 30 executed = 33.3333 %",
    )


def test_a_count_lists_its_records_and_says_how_many_more_there_are(store: Store, facts: Facts) -> None:
    (part,) = explain(store, facts, "overall.failed").parts
    assert part.value == "20"
    assert len(part.records) == SHOWN + 1
    assert part.records[-1] == f"and {20 - SHOWN} more"
    assert part.records[0].startswith("tests/test_a.py::test_0 (failed; a.xml, byte ")


def test_a_test_is_found_by_its_id(store: Store, facts: Facts) -> None:
    found = explain(store, facts, find(store, facts, "tests/test_a.py::test_3"))
    assert (found.title, found.parts[0].value) == ("tests/test_a.py::test_3", "failed")
    assert "ValueError: boom" in found.parts[0].records[0]


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("Overall", "overall"),
        ("min_rate", "criterion:min_rate"),
        ("AGENT_STARTED", "golden:Chat/agent_started"),
        ("a.xml", "source:a.xml"),
        ("overall.TESTS", "overall.tests"),
        ("still", "change:still failing"),
        ("rate ≥ 50%", "criterion:min_rate"),
        ("flaky", "overall.flaky"),
        ("not run", "overall.not_run"),
        ("NOT READY", "verdict"),
        ("complete", "source:a.xml"),
        ("33.33 %", "overall.rate"),
        ("33.3%", "overall.rate"),
    ],
)
def test_names_are_taken_as_people_type_them(store: Store, facts: Facts, text: str, id: str) -> None:
    assert find(store, facts, text) == id


def test_what_is_not_there_is_refused_with_what_comes_near(store: Store, facts: Facts) -> None:
    with pytest.raises(UnknownSubjectError, match="did you mean verdict"):
        find(store, facts, "verdicct")
    with pytest.raises(UnknownSubjectError):
        explain(store, facts, "overall.nothing")


def test_a_bare_number_means_what_it_counts_or_is_asked_back(store: Store, facts: Facts) -> None:
    with pytest.raises(UnknownSubjectError, match=r"20: several .* overall\.failed, .*, cause:1"):
        find(store, facts, "20")
    with pytest.raises(UnknownSubjectError, match=r"777: nothing .* such as overall\.tests"):
        find(store, facts, "777")


def test_every_criterion_has_a_rule() -> None:
    assert set(rules.CRITERIA) == set(Criteria.__struct_fields__)


def test_on_the_command_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["explain", str(SAMPLE), "overall.rate"]) == 0
    assert "334 passed / 532 executed = 62.7820 %" in capsys.readouterr().out
    assert main(["explain", str(SAMPLE)]) == 0
    assert "component:Mission critical" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["explain"])
    said = capsys.readouterr().err
    assert "explain [-h] [--config FILE] [--baseline NAME] DIR [WHAT ...]" in " ".join(said.split())
    assert "required: DIR\n" in said
    assert main(["explain", str(tmp_path), "nonsense"]) == 2
    assert "nothing is called so" in capsys.readouterr().err
