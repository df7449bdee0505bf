"""GoogleTest's JSON: suites, tests in them, and what each recorded."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import (
    LONG_AFTER,
    at,
    counts,
    only,
    outcomes,
    pieces,
    problems,
    read,
    reader_of,
    records,
    store_of,
    told,
    written,
)
from tui.config import Config
from tui.core.model import Claimed, EventSeen, Flag, Outcome, SourceState, TestId, TimesStated
from tui.intake.sources import read_detail
from tui.load import load
from tui.readers import formats

cuts = st.lists(st.integers(0, 10**9), max_size=8)


def gtest(*suites: dict[str, Any], **more: object) -> str:
    header = {"tests": 1, "failures": 0, "disabled": 0, "errors": 0, "timestamp": "2026-01-13T10:00:00Z"}
    return json.dumps(header | {"time": "1.5s", "name": "AllTests"} | more | {"testsuites": list(suites)})


def a_suite(*tests: object, name: str = "Basic") -> dict[str, Any]:
    return {"name": name, "tests": len(tests), "time": "0s", "testsuite": list(tests)}


def a_test(name: object = "Works", **more: object) -> dict[str, Any]:
    own = {"name": name, "file": "a.cc", "line": 7, "status": "RUN", "result": "COMPLETED", "time": "0.25s"}
    return own | {"timestamp": "2026-01-13T10:00:00Z", "classname": "Basic"} | more


def failed(text: str = "a.cc:9\nExpected: x\nActual: y") -> dict[str, Any]:
    return {"failures": [{"failure": text, "type": ""}]}


@pytest.mark.parametrize(
    ("more", "outcome"),
    [
        ({}, Outcome.PASSED),
        ({"result": "SKIPPED"}, Outcome.SKIPPED),
        ({"status": "NOTRUN", "result": "SUPPRESSED"}, Outcome.SKIPPED),
        ({"status": "NOTRUN"}, Outcome.SKIPPED),
        (failed(), Outcome.FAILED),
        (failed() | {"result": "SKIPPED"}, Outcome.FAILED),
        (failed() | {"status": "NOTRUN"}, Outcome.FAILED),
        ({"result": "INTERRUPTED"}, Outcome.ERROR),
        ({"status": None}, Outcome.ERROR),
    ],
)
def test_the_outcome_follows_from_failures_then_result(more: dict[str, object], outcome: Outcome) -> None:
    result = only(store_of({"r.json": gtest(a_suite(a_test(**more)))}))
    assert (result.outcome, result.duration) == (outcome, 0.25)


def test_before_1_10_there_was_no_result() -> None:
    test = a_test()
    del test["result"]
    assert only(store_of({"r.json": gtest(a_suite(test))})).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("text", "place", "headline"),
    [
        ("a.cc:9\nExpected: x\nActual: y", "a.cc:9", "Expected: x"),
        ("C:\\src\\a.cc(9): \nExpected: x", "C:\\src\\a.cc:9", "Expected: x"),
        ("unknown file\nC++ exception thrown", "None", "C++ exception thrown"),
        ("no place", "None", "no place"),
    ],
)
def test_a_failure_begins_with_its_place(text: str, place: str, headline: str) -> None:
    (record,) = records(read(gtest(a_suite(a_test(**failed(text))))))
    (found,) = record.failures
    assert (str(found.location), found.headline, found.text) == (place, headline, text)


def test_several_failures_are_one_test() -> None:
    two = {"failures": [{"failure": "a.cc:1\nfirst"}, {"failure": "a.cc:2\nsecond"}]}
    store = store_of({"r.json": gtest(a_suite(a_test(**two)))})
    assert counts(store.overall) == (1, 0, 1, 0, 0)
    assert [failure.message for failure in only(store).failures] == ["first", "second"]


def test_why_a_test_was_skipped() -> None:
    said = a_test(result="SKIPPED", skipped=[{"message": "a.cc:7\nnot on this machine\n"}])
    disabled = a_test("DISABLED_x", status="NOTRUN", result="SUPPRESSED")
    told = records(read(gtest(a_suite(said, disabled))))
    assert [record.reason for record in told] == ["not on this machine", "disabled"]


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (a_test("P/0", classname="Inst/T"), TestId("Inst/T", "P/0")),
        ({"name": "Old", "status": "RUN"}, TestId("Basic", "Old")),
        (a_test("", classname=""), TestId("", "(global test environment)")),
    ],
)
def test_a_test_is_its_class_and_its_name(test: dict[str, Any], expected: TestId) -> None:
    (record,) = records(read(gtest(a_suite(test))))
    assert record.test == expected


def test_the_header_claims_and_says_when() -> None:
    events = read(gtest(a_suite(a_test()), tests=25, failures=8))
    assert Claimed(25, 8, 0, None) in events
    assert TimesStated(1768298400.0, 1768298401.5) in events


def test_a_time_of_1970_is_none() -> None:
    (record,) = records(read(gtest(a_suite(a_test(timestamp="1970-01-01T00:00:00Z")))))
    assert record.started is None


@pytest.mark.parametrize(
    ("time", "duration"),
    [("0s", 0.0), ("1.5s", 1.5), ("2", 2.0), ("0.s", 0.0), ("-1s", None), ("1e9s", None), (None, None)],
)
def test_a_time_is_seconds(time: object, duration: float | None) -> None:
    (record,) = records(read(gtest(a_suite(a_test(time=time)))))
    assert record.duration == duration


def test_what_a_test_recorded_stands_beside_its_fields(tmp_path: Path) -> None:
    test = a_test(**failed(), value_param="3", ticket="A-1", golden_event="started")
    text = gtest(a_suite(a_test("é"), test))
    assert [event.event.name for event in read(text) if isinstance(event, EventSeen)] == ["started"]
    written(tmp_path, {"r.json": text})
    result = list(store_of({"r.json": text}).tests.values())[1]
    detail = read_detail(tmp_path / "r.json", "gtest", result.last.spans)
    assert detail.properties == (("value_param", "3"), ("ticket", "A-1"), ("golden_event", "started"))
    assert [(section.title, section.text) for section in detail.tracebacks] == [
        ("failure 1", "a.cc:9\nExpected: x\nActual: y")
    ]


def test_of_a_truncated_document_every_closed_test_counts_and_the_open_one_is_in_flight() -> None:
    text = gtest(a_suite(a_test("A")), a_suite(a_test("B", **failed()), a_test("C"), name="Two"))
    cut = text[: text.index('"file"', text.index('"C"'))]
    store = store_of({"r.json": cut})
    assert outcomes(store) == {"Basic::A": "passed", "Basic::B": "failed", "Two::C": "error"}
    assert store.tables["r.json"].state is SourceState.CUT_SHORT
    in_flight = next(result for result in store.tests.values() if result.label == "Two::C")
    assert in_flight.flags == {Flag.CUT_SHORT}


@pytest.mark.parametrize("bad", [None, 5, "x", [], {}, {"name": 5}])
def test_what_is_no_test_is_left_out_with_its_place(bad: object) -> None:
    events = read(gtest(a_suite(bad, a_test())))
    assert [problem.kind for problem in problems(events)] == ["bad record"]
    assert len(records(events)) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"failures": "text"},
        {"failures": [None, 5]},
        {"failures": [{"failure": None}]},
        {"failures": [{"failure": "a.cc:" + "9" * 5000 + "\nx"}]},
        {"line": "x"},
        {"file": []},
        {"timestamp": 5},
        {"timestamp": "9999-99-99"},
        {"classname": None},
        {"skipped": "x"},
    ],
)
def test_a_value_of_the_wrong_type_never_costs_the_test(more: dict[str, object]) -> None:
    text = gtest(a_suite(a_test(**more)))
    assert only(store_of({"r.json": text})).outcome is not Outcome.SKIPPED
    assert formats.BY_NAME["gtest"].detail([json.dumps(a_test(**more)).encode(), b"junk"]) is not None


@pytest.mark.parametrize("suites", ["null", "{}", '[null, {"testsuite": 5}]'])
def test_suites_of_the_wrong_type_are_a_problem(suites: str) -> None:
    text = gtest().replace('"testsuites": []', f'"testsuites": {suites}')
    assert {problem.kind for problem in problems(read(text))} == {"wrong type"}


def test_a_list_of_tests_is_no_result(tmp_path: Path) -> None:
    listed = {"tests": 1, "name": "AllTests", "testsuites": [{"name": "A", "tests": 1, "testsuite": []}]}
    store = load(written(tmp_path, {"l.json": json.dumps(listed)}), Config(), now=at(LONG_AFTER))
    assert store.directory.others == (("l.json", "a list of GoogleTest's tests: none of them was run"),)


tests = st.builds(
    lambda name, more: a_test(name, **more),
    st.text(max_size=3),
    st.sampled_from([{}, failed(), {"result": "SKIPPED"}, {"n": "3"}, {"failures": 3}]),
)
documents = st.builds(
    lambda suites, indent: json.dumps(json.loads(gtest(*suites)), indent=indent).encode(),
    st.lists(st.lists(tests, max_size=3).map(lambda some: a_suite(*some)), max_size=3),
    st.sampled_from([None, 2]),
)


@given(documents, cuts, st.integers(0))
def test_a_document_says_the_same_however_it_is_cut_wherever_it_ends(
    data: bytes, cut: list[int], end: int
) -> None:
    for part in (data, data[: end % (len(data) + 1)]):
        assert told(reader_of(data), pieces(part, cut)) == told(reader_of(data), [part])


@given(documents, st.binary(max_size=4), st.integers(0))
def test_a_damaged_document_never_raises(data: bytes, junk: bytes, place: int) -> None:
    place %= len(data) + 1
    told(reader_of(data), [data[:place] + junk + data[place + len(junk) // 2 :]])
