"""The sample, number by number: what the published status said, and what the results earn."""

import re
from pathlib import Path

import pytest

from tests.building import LONG_AFTER, ROOT, SAMPLE, at, counts
from tui import config
from tui.core.baseline import Change
from tui.core.criteria import CriterionState
from tui.core.facts import Facts, gather
from tui.core.golden import OrderState
from tui.core.model import SourceState
from tui.core.verdict import VerdictWord
from tui.load import load


@pytest.fixture(scope="module")
def facts() -> Facts:
    store = load(SAMPLE, config.read(SAMPLE / "runwatch.toml"), now=at(LONG_AFTER))
    newest = max(table.modified for table in store.tables.values())
    return gather(store, newest + 60)


def test_the_whole(facts: Facts) -> None:
    tally = facts.overall.tally
    assert counts(tally) == (532, 334, 94, 104, 0)
    assert (tally.outcomes, tally.fraction) == (609, "334/532")
    assert tally.rate == pytest.approx(62.78, abs=0.005)
    assert facts.overall.status == "AT RISK"


@pytest.mark.parametrize(
    ("name", "expected", "rate", "status"),
    [
        ("WebSocket infrastructure", (360, 178, 81, 101, 0), 49.44, "FAILING"),
        ("Configuration system", (62, 56, 6, 0, 0), 90.32, "EXCELLENT"),
        ("Core infrastructure", (110, 100, 7, 3, 0), 90.91, "EXCELLENT"),
    ],
)
def test_a_component(facts: Facts, name: str, expected: tuple[int, ...], rate: float, status: str) -> None:
    row = next(row for row in facts.components if row.name == name)
    assert counts(row.tally) == expected
    assert row.tally.rate == pytest.approx(rate, abs=0.005)
    assert row.status == status


def test_the_mission_critical_suite_did_not_run(facts: Facts) -> None:
    row = facts.components[-1]
    assert (row.name, row.required, row.status, row.tally.rate) == ("Mission critical", True, "NOT RUN", None)
    assert "Mission critical (required): NOT RUN, no test of it was executed" in facts.notes


def test_the_437_outcomes_are_explained(facts: Facts) -> None:
    note = "437 outcomes on 360 tests: 77 failed in call and errored in teardown"
    assert f"WebSocket infrastructure: {note}" in facts.notes
    assert "websocket.xml: its header claims 178 errors, counted 101" in facts.notes


def test_the_verdict(facts: Facts) -> None:
    assert facts.verdict.word is VerdictWord.NOT_READY
    assert {criterion.name: criterion.state for criterion in facts.verdict.criteria} == {
        "min_rate": CriterionState.NOT_MET,
        "min_rate WebSocket infrastructure": CriterionState.NOT_MET,
        "max_regressions": CriterionState.NOT_MET,
        "golden_paths Agent chat": CriterionState.NOT_MET,
        "required_components": CriterionState.NOT_MET,
        "max_age": CriterionState.MET,
        "readable_sources": CriterionState.MET,
    }


def test_the_golden_path(facts: Facts) -> None:
    (path,) = facts.golden_paths
    assert {event.name: (event.word.grade, event.word, event.passing_tests) for event in path.events} == {
        "agent_started": ("A", "PROVEN", 14),
        "agent_thinking": ("A", "PROVEN", 9),
        "tool_executing": ("A", "PROVEN", 6),
        "tool_completed": ("F", "FAILED", 0),
        "agent_completed": ("-", "MISSING", 0),
    }
    assert (path.state, path.order, path.proven) == ("FAILED", OrderState.NOT_PROVEN, 3)
    assert path.first_break == "tool_completed before tool_executing, chat.events.jsonl line 22"


def test_against_the_baseline(facts: Facts) -> None:
    assert facts.regressions.numbers == {
        Change.NEW_FAILURE: 11,
        Change.STILL_FAILING: 187,
        Change.FIXED: 3,
        Change.NEW_TEST: 3,
        Change.NEWLY_SKIPPED: 0,
        Change.VANISHED: 1,
    }
    assert facts.regressions.comparable


def test_every_source_is_whole_and_the_program_around_them_is_no_result(facts: Facts) -> None:
    assert {row.path: row.state for row in facts.sources} == dict.fromkeys(
        ("chat.events.jsonl", "config.xml", "core.jsonl", "websocket.xml"), SourceState.COMPLETE
    )
    others = {name for name, _ in facts.others}
    assert {"README.md", "make.py"} <= others
    assert not any(name.startswith("baseline/") or name == "runwatch.toml" for name in others)


def test_the_readme_of_the_sample_says_the_same() -> None:
    table = (SAMPLE / "README.md").read_text("utf-8")
    rows = re.findall(r"^\|[^|]*\| (\w[^|]*?) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|", table, re.MULTILINE)
    assert {name: tuple(map(int, numbers)) for name, *numbers in rows} == {
        "WebSocket infrastructure": (360, 178, 81, 101),
        "Configuration system": (62, 56, 6, 0),
        "Core infrastructure": (110, 100, 7, 3),
        "all": (532, 334, 94, 104),
    }


_NUMBERS = ("532", "334", "609", "437", "360", "178", "62.78", "49.44", "90.32", "90.91")


@pytest.mark.parametrize("path", sorted((ROOT / "tui").rglob("*.py")), ids=lambda path: path.name)
def test_no_number_of_the_sample_stands_in_the_program(path: Path) -> None:
    code = path.read_text("utf-8")
    assert [
        number for number in _NUMBERS if re.search(rf"(?<![\w.]){re.escape(number)}(?![\w.])", code)
    ] == []
