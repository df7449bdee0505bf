"""Allure's results: one document for each test that ran."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import (
    loaded,
    only,
    phases,
    pieces,
    problems,
    read,
    reader_of,
    records,
    report_log,
    store_of,
    told,
    written,
)
from tui.core.model import EventSeen, Flag, Outcome, SourceGone, SourceState, TestId
from tui.intake.sources import read_detail
from tui.readers import formats

UUID = "97142364-9308-4fdd-b950-24224ebfedf0"
cuts = st.lists(st.integers(0, 10**9), max_size=8)


def allure(status: object = "passed", *, labels: object = None, **more: object) -> str:
    listed = labels
    if isinstance(labels, dict):
        listed = [{"name": name, "value": value} for name, value in labels.items()]
    own = {"uuid": UUID, "historyId": "h", "fullName": "pkg.Test.works", "name": "works", "status": status}
    times = {"start": 1768298400000, "stop": 1768298401500}
    return json.dumps(own | times | {"labels": listed} | more)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("passed", Outcome.PASSED),
        ("failed", Outcome.FAILED),
        ("broken", Outcome.ERROR),
        ("skipped", Outcome.SKIPPED),
        ("unknown", Outcome.ERROR),
        (None, Outcome.ERROR),
        ([], Outcome.ERROR),
    ],
)
def test_the_outcome_is_the_status(status: object, outcome: Outcome) -> None:
    store = store_of({"r.json": allure(status)})
    assert (only(store).outcome, only(store).duration) == (outcome, 1.5)
    assert store.tables["r.json"].state is SourceState.COMPLETE


def test_an_unknown_status_is_said() -> None:
    result = only(store_of({"r.json": allure("unknown", statusDetails={"message": "hm"})}))
    assert result.failure is not None
    assert result.failure.message == "Allure knows no outcome of it: status 'unknown'. hm"


def test_a_failure_has_its_message_and_trace() -> None:
    details = {"message": "AssertionError: no", "trace": "a.py:3: AssertionError"}
    result = only(store_of({"r.json": allure("failed", statusDetails=details)}))
    assert result.failure is not None
    assert (result.failure.headline, str(result.failure.location)) == ("AssertionError: no", "a.py:3")


@pytest.mark.parametrize(
    ("status", "details", "flags"),
    [
        ("skipped", {"message": "XFAIL known bug\n\nassert 0"}, {Flag.XFAIL}),
        ("passed", {"message": "XPASS known bug"}, {Flag.XPASS}),
        ("passed", {"flaky": True}, {Flag.FLAKY}),
        ("failed", {"flaky": True}, set()),
        ("passed", {"flaky": False}, set()),
    ],
)
def test_flags(status: str, details: dict[str, object], flags: set[Flag]) -> None:
    assert only(store_of({"r.json": allure(status, statusDetails=details)})).flags == flags


@pytest.mark.parametrize(
    ("labels", "more", "test"),
    [
        ({"parentSuite": "a", "suite": "b", "subSuite": "c"}, {}, TestId("a > b > c", "works")),
        ({"suite": "Nice name", "testClass": "pkg.Test"}, {}, TestId("pkg.Test", "works")),
        ({"package": "pkg"}, {}, TestId("pkg", "works")),
        ({}, {"name": None}, TestId("", "pkg.Test.works")),
        ({}, {"parameters": [{"name": "n", "value": "1"}]}, TestId("", "works[1]")),
        ({}, {"name": "w [1]", "parameters": [{"name": "n", "value": "1"}]}, TestId("", "w [1]")),
        ({}, {"parameters": [{"name": "n", "value": "1", "excluded": True}]}, TestId("", "works")),
    ],
)
def test_a_test_is_its_suites_its_name_and_its_parameters(
    labels: dict[str, str], more: dict[str, object], test: TestId
) -> None:
    (record,) = records(read(allure(labels=labels, **more)))
    assert record.test == test


@pytest.mark.parametrize(
    ("name", "parameters", "node_id"),
    [
        ("test_in", [], "tests/test_a.py::TestC::TestD::test_in"),
        ("test_in[1-a]", [("n", "1"), ("s", "'a'")], "tests/test_a.py::TestC::TestD::test_in[1-a]"),
    ],
)
def test_a_pytest_test_has_the_id_that_its_report_log_has(
    name: str, parameters: list[tuple[str, str]], node_id: str
) -> None:
    said = allure(
        labels={"framework": "pytest", "suite": "test_a"},
        name=name,
        fullName="tests.test_a.TestC.TestD#test_in",
        titlePath=["tests", "test_a.py", "TestC", "TestD"],
        parameters=[{"name": key, "value": value} for key, value in parameters],
    )
    (ours,), (theirs, *_) = records(read(said)), records(read(report_log(*phases(node_id))))
    assert (ours.test, ours.label) == (theirs.test, theirs.label)
    assert str(ours.location) == "tests/test_a.py"


def test_a_pytest_test_with_a_title_of_its_own_is_called_by_its_function() -> None:
    said = allure(
        labels={"framework": "pytest"},
        name="A nice title",
        fullName="tests.test_a#test_in",
        parameters=[{"name": "n", "value": "1"}],
    )
    (record,) = records(read(said))
    assert (record.test, record.label) == (
        TestId("tests.test_a", "test_in[1]"),
        "tests/test_a.py::test_in[1]",
    )


def test_labels_carry_golden_events() -> None:
    events = read(allure(labels={"golden_event": "started"}))
    assert [event.event.name for event in events if isinstance(event, EventSeen)] == ["started"]


def test_the_detail_keeps_everything(tmp_path: Path) -> None:
    steps = [{"name": "open", "status": "passed", "steps": [{"name": "click", "status": "failed"}]}]
    text = allure(
        "failed",
        labels={"owner": "x"},
        statusDetails={"message": "no", "trace": "whole trace"},
        steps=steps,
        parameters=[{"name": "n", "value": "1"}],
        attachments=[{"name": "stdout", "source": "x-attachment.txt", "type": "text/plain"}],
        links=[{"url": "https://example.com/1"}],
    )
    store = loaded(written(tmp_path, {"a-result.json": text}))
    detail = read_detail(tmp_path / "a-result.json", "allure", only(store).last.spans)
    assert detail.tracebacks[0].text == "no\n\nwhole trace"
    assert detail.outputs[0].text == "passed: open\n  failed: click"
    assert {
        ("parameter.n", "1"),
        ("label.owner", "x"),
        ("link", "https://example.com/1"),
        ("attachment", "stdout: x-attachment.txt"),
    } <= set(detail.properties)


def test_a_result_that_ends_early_is_a_test_in_flight() -> None:
    text = json.dumps({"name": "works", "status": "passed", "start": 1768298400000} | json.loads(allure()))
    store = store_of({"r.json": text[: text.index('"labels"')]})
    assert only(store).outcome is Outcome.ERROR
    assert only(store).flags == {Flag.CUT_SHORT}
    assert store.tables["r.json"].reason.startswith("ends at line 1, column")


@pytest.mark.parametrize(
    "more",
    [
        {"statusDetails": "x"},
        {"statusDetails": {"message": 5, "trace": []}},
        {"labels": {"a": 1}},
        {"labels": [None, {"name": 5, "value": []}]},
        {"parameters": "x"},
        {"start": "x", "stop": float("nan")},
        {"start": 10**400},
        {"steps": [None, {"steps": {}}]},
        {"fullName": 5},
        {"titlePath": 5},
    ],
)
def test_a_value_of_the_wrong_type_never_costs_the_test(more: dict[str, object]) -> None:
    text = allure("failed", **more)
    assert only(store_of({"r.json": text})).outcome is Outcome.FAILED
    assert formats.BY_NAME["allure"].detail([text.encode(), b"junk"]) is not None


def test_a_result_that_names_no_test_is_said() -> None:
    (problem,) = problems(read(allure(name="", fullName=None)))
    assert problem.message == 'the document left out: neither "name" nor "fullName", at line 1, column 1'


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (allure(), "allure"),
        (json.dumps({"uuid": UUID, "name": "x", "status": "passed", "stage": "finished"}), "allure"),
        (
            json.dumps({"name": "x", "status": "failed", "statusDetails": {"trace": "x" * 20_000}}),
            "allure",
        ),
        (json.dumps({"uuid": UUID, "children": [], "befores": [], "status": "passed"}), None),
        (json.dumps({"uuid": UUID}), None),
        (json.dumps({"name": "x", "status": "passed"}), None),
    ],
)
def test_a_result_is_told_by_its_beginning(text: str, name: str | None) -> None:
    known = formats.recognise(text.encode()[: formats.HEAD])
    assert (known.name if known else None) == name


def test_what_allure_writes_beside_its_results_is_set_aside_with_its_reason(tmp_path: Path) -> None:
    container = {"uuid": UUID, "children": [UUID], "befores": [{"name": "x", "status": "passed"}]}
    categories = [{"name": "x", "matchedStatuses": ["broken"]}]
    files = {
        f"{UUID}-result.json": allure(),
        f"{UUID}-container.json": json.dumps(container),
        f"{UUID}-attachment.json": "{}",
        f"{UUID}-attachment.txt": "x",
        "categories.json": json.dumps(categories),
        "executor.json": json.dumps({"name": "CI", "type": "jenkins", "buildOrder": 5}),
    }
    store = loaded(written(tmp_path, files))
    assert set(store.tables) == {f"{UUID}-result.json"}
    assert dict(store.directory.others) == {
        f"{UUID}-container.json": "an Allure container: fixtures of tests, no result",
        f"{UUID}-attachment.json": "an attachment of an Allure result",
        f"{UUID}-attachment.txt": "an attachment of an Allure result",
        "categories.json": "Allure's categories",
        "executor.json": "Allure's note of who ran the tests",
    }


def attempts(*statuses: str, folders: tuple[str, ...] = ("r",), **more: object) -> dict[str, str]:
    """The files of one test's attempts, a minute apart, the last one first by name."""
    files = {}
    for number, status in enumerate(statuses):
        times = {"start": 1768298400000 + 60000 * number, "stop": 1768298401000 + 60000 * number}
        folder = folders[number % len(folders)]
        files[f"{folder}/{9 - number}-result.json"] = allure(status, **times | more)
    return files


def test_files_of_one_history_are_attempts_of_one_test_and_the_latest_decides() -> None:
    result = only(store_of(attempts("failed", "broken", "passed")))
    assert result.outcome is Outcome.PASSED
    assert [attempt.outcome for attempt in result.attempts] == [Outcome.FAILED, Outcome.ERROR, Outcome.PASSED]
    assert Flag.FLAKY in result.flags


def test_of_attempts_that_began_together_the_one_that_ended_last_decides() -> None:
    files = {
        "a-result.json": allure("failed", start=1768298400000, stop=1768298409000),
        "b-result.json": allure("passed", start=1768298400000, stop=1768298401000),
    }
    assert only(store_of(files)).outcome is Outcome.FAILED


def test_one_history_in_two_folders_is_a_matrix() -> None:
    assert store_of(attempts("failed", "passed", folders=("py311", "py312"))).overall.tests == 2


def test_another_history_of_the_same_name_is_another_test() -> None:
    files = {"a-result.json": allure(), "b-result.json": allure(historyId="other", start=1768298500000)}
    assert store_of(files).overall.tests == 2


def test_a_file_that_is_gone_takes_its_attempt_along() -> None:
    store = store_of(attempts("passed", "failed"))
    store.apply(SourceGone("r/8-result.json"))
    assert only(store).outcome is Outcome.PASSED


fields: dict[str, Any] = {
    "status": st.sampled_from(["passed", "failed", "broken", None, 5]),
    "name": st.text(max_size=4),
    "statusDetails": st.sampled_from([{}, {"message": "é\u2028\n"}, None, []]),
    "steps": st.just([{"name": "a", "steps": []}]),
}


@given(st.fixed_dictionaries({}, optional=fields), st.sampled_from([None, 2]), cuts, st.integers(0))
def test_a_result_says_the_same_however_it_is_cut_wherever_it_ends(
    more: dict[str, object], indent: int | None, cut: list[int], end: int
) -> None:
    data = json.dumps(json.loads(allure()) | more, indent=indent, ensure_ascii=False).encode()
    for part in (data, data[: end % (len(data) + 1)]):
        assert told(reader_of(data), pieces(part, cut)) == told(reader_of(data), [part])
