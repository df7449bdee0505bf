"""CTRF: one JSON document, a test an object (https://ctrf.io/docs/specification/test)."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import (
    counts,
    only,
    outcomes,
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
from tui.core.model import (
    Claimed,
    EventSeen,
    Flag,
    Outcome,
    Phase,
    ProducerNamed,
    SourceState,
    TestId,
    TimesStated,
)
from tui.core.table import Table, claim_gaps
from tui.intake.sources import read_detail
from tui.readers import formats
from tui.readers.documents import jsondoc

cuts = st.lists(st.integers(0, 10**9), max_size=8)


def ctrf(*tests: object, summary: object = None, tool: object = None, **more: object) -> str:
    results = {"tool": tool or {"name": "runner"}, "summary": summary or {}, "tests": list(tests)}
    return json.dumps({"reportFormat": "CTRF", "specVersion": "1.0.0", "results": results | more})


def a_test(status: str = "passed", name: str = "works", **more: object) -> dict[str, Any]:
    return {"name": name, "status": status, "duration": 1500} | more


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("passed", Outcome.PASSED),
        ("failed", Outcome.FAILED),
        ("skipped", Outcome.SKIPPED),
        ("pending", Outcome.SKIPPED),
        ("other", Outcome.SKIPPED),
        ("broken", Outcome.ERROR),
        (None, Outcome.ERROR),
    ],
)
def test_the_outcome_is_the_status(status: str, outcome: Outcome) -> None:
    store = store_of({"r.json": ctrf(a_test(status))})
    assert only(store).outcome is outcome
    assert only(store).duration == 1.5
    assert store.tables["r.json"].state is SourceState.COMPLETE


@pytest.mark.parametrize(
    ("raw", "outcome", "phase"),
    [
        ("setup_failed", Outcome.ERROR, Phase.SETUP),
        ("teardown_failed", Outcome.ERROR, Phase.TEARDOWN),
        ("call_failed", Outcome.FAILED, None),
    ],
)
def test_a_failed_setup_is_an_error_where_the_runner_says_so(
    raw: str, outcome: Outcome, phase: Phase | None
) -> None:
    result = only(store_of({"r.json": ctrf(a_test("failed", rawStatus=raw))}))
    assert result.failure is not None
    assert (result.outcome, result.failure.phase) == (outcome, phase)


def test_a_pytest_run_has_the_ids_that_its_report_log_has() -> None:
    node_id = "tests/test_a.py::TestX::test_a[1-b]"
    said = ctrf(a_test(name=node_id, filePath="tests/test_a.py", suite=["tests/test_a.py", "TestX"]))
    (ours,), (theirs, *_) = records(read(said)), records(read(report_log(*phases(node_id))))
    assert (ours.test, ours.label) == (theirs.test, theirs.label)


@pytest.mark.parametrize(
    ("more", "test"),
    [
        ({"suite": ["a", "b"]}, TestId("a > b", "works")),
        ({"suite": "a > b"}, TestId("a > b", "works")),
        ({"filePath": "x.js"}, TestId("x.js", "works")),
        ({}, TestId("", "works")),
        ({"name": ""}, TestId("", "(no name)")),
    ],
)
def test_a_test_is_its_suites_and_its_name(more: dict[str, object], test: TestId) -> None:
    (record,) = records(read(ctrf(a_test() | more)))
    assert record.test == test


def test_equal_names_are_tests_of_their_own() -> None:
    assert counts(store_of({"r.json": ctrf(a_test(), a_test("failed"))}).overall) == (2, 1, 1, 0, 0)


def test_the_failure_has_the_message_and_the_trace_and_the_place() -> None:
    said = a_test("failed", message="TypeError: boom", trace="at f (a.js:3:1)", filePath="a.js", line=3)
    result = only(store_of({"r.json": ctrf(said)}))
    assert result.failure is not None
    assert (result.failure.headline, result.failure.text) == ("TypeError: boom", "at f (a.js:3:1)")
    assert str(result.location) == "a.js:3"


@pytest.mark.parametrize(
    ("status", "retries", "attempts", "outcomes"),
    [
        ("passed", 1, ["failed"], ["failed", "passed"]),
        ("passed", 1, ["failed", "passed"], ["failed", "passed"]),
        ("passed", 2, [], ["failed", "failed", "passed"]),
        ("failed", 2, ["failed", "failed", "failed"], ["failed", "failed", "failed"]),
        ("failed", 2, ["failed", "failed"], ["failed", "failed", "failed"]),
        ("passed", 0, [], ["passed"]),
        ("skipped", 3, [], ["skipped"]),
    ],
)
def test_retries_are_attempts(status: str, retries: int, attempts: list[str], outcomes: list[str]) -> None:
    listed = [{"attempt": n, "status": each, "message": "m"} for n, each in enumerate(attempts, 1)]
    said = a_test(status, retries=retries, retryAttempts=listed)
    result = only(store_of({"r.json": ctrf(said)}))
    assert [attempt.outcome for attempt in result.attempts] == outcomes
    assert (Flag.FLAKY in result.flags) is (outcomes[0] == "failed" and status == "passed")


def test_a_flaky_test_without_attempts_is_flaky() -> None:
    assert only(store_of({"r.json": ctrf(a_test(flaky=True))})).flags == {Flag.FLAKY}


def test_expected_failures_have_their_flags() -> None:
    store = store_of(
        {"r.json": ctrf(a_test("skipped", "a", rawStatus="xfailed"), a_test(name="b", rawStatus="xpassed"))}
    )
    assert [set(result.flags) for result in store.tests.values()] == [{Flag.XFAIL}, {Flag.XPASS}]


def test_the_summary_is_what_the_header_claims() -> None:
    summary = {"tests": 9, "passed": 1, "failed": 2, "skipped": 1, "pending": 1, "other": 1}
    times = {"start": 1768298400000, "stop": 1768298460000}
    events = read(ctrf(a_test(), summary=summary | times, tool={"name": "jest", "version": "30"}))
    assert Claimed(9, 2, None, 3) in events
    assert TimesStated(1768298400.0, 1768298460.0) in events
    assert ProducerNamed("jest 30", merges=False) in events
    table = Table("r.json", "ctrf", 1)
    table.apply(events)
    assert claim_gaps(Claimed(9, 2, None, 3), table.tally)[0] == "its header claims 9 tests, counted 1"


@pytest.mark.parametrize(
    ("start", "started"), [(1768298400000, 1768298400.0), (1768298400, 1768298400.0), (0, None), ("x", None)]
)
def test_a_time_in_seconds_is_told_from_one_in_milliseconds(start: object, started: float | None) -> None:
    (record,) = records(read(ctrf(a_test(start=start))))
    assert record.started == started


def test_golden_events_come_from_extra_labels_and_output() -> None:
    said = a_test(
        extra={"golden_event": "a"}, labels={"golden.Chat": ["b c"]}, stdout=["x", "::golden event=d"]
    )
    events = [event.event for event in read(ctrf(said)) if isinstance(event, EventSeen)]
    assert [(event.name, event.path, event.index) for event in events] == [
        ("a", None, 1),
        ("b", "Chat", 2),
        ("c", "Chat", 3),
        ("d", None, 4),
    ]


def test_the_detail_keeps_everything(tmp_path: Path) -> None:
    said = a_test(
        "failed",
        message="boom",
        trace="whole trace",
        stdout=["one", "two"],
        stderr=["three"],
        retryAttempts=[{"attempt": 1, "status": "failed", "trace": "first"}],
        labels={"owner": ["x", "y"]},
        attachments=[{"name": "shot", "path": "a.png"}],
        steps=[{"name": "go", "status": "passed"}],
    )
    text = ctrf(a_test(name="é"), said)
    written(tmp_path, {"r.json": text})
    result = list(store_of({"r.json": text}).tests.values())[1]
    detail = read_detail(tmp_path / "r.json", "ctrf", result.last.spans)
    assert [(section.title, section.text) for section in detail.tracebacks] == [
        ("attempt 1", "first"),
        ("test", "boom\n\nwhole trace"),
    ]
    assert {section.title: section.text for section in detail.outputs} == {
        "stdout": "one\ntwo",
        "stderr": "three",
        "steps": "passed: go",
    }
    assert detail.properties == (("labels.owner", "x"), ("labels.owner", "y"), ("attachment", "shot: a.png"))


# --- documents that are not as they should be -----------------------------------------------------------


def test_of_a_truncated_report_every_closed_test_counts_and_the_open_one_is_in_flight() -> None:
    text = ctrf(a_test(name="a"), a_test("failed", "b"), a_test("failed", "c"))
    cut = text[: text.index('"status"', text.index('"c"'))]
    store = store_of({"r.json": cut})
    assert outcomes(store) == {"a": "passed", "b": "failed", "c": "error"}
    table = store.tables["r.json"]
    assert table.state is SourceState.CUT_SHORT
    assert table.reason == f"ends at line 1, column {len(cut) + 1}, inside results.tests[]"


@given(st.integers(0, 10**6))
def test_wherever_a_report_ends_it_is_never_complete_and_never_counts_more(end: int) -> None:
    text = ctrf(a_test(name="a"), a_test("failed", "b")).encode()
    data = text[: end % len(text)]
    known = formats.recognise(text)
    assert known is not None
    reader = known.open()
    events = reader.feed(data)
    ending = reader.ending()
    assert not ending.complete
    assert "line 1, column" in ending.reason
    assert len(records(events)) <= 2


@pytest.mark.parametrize("bad", [None, "x", [], 5, {}, {"status": None}])
def test_what_is_no_test_is_left_out_with_its_place(bad: object) -> None:
    text = ctrf(a_test()).replace('"tests": [', f'"tests": [\n{json.dumps(bad)},')
    (problem,) = problems(read(text))
    assert (problem.kind, problem.line) == ("bad record", 2)
    assert problem.message.endswith("at line 2, column 1")
    assert len(records(read(text))) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("duration", "NaN"),
        ("duration", "-Infinity"),
        ("duration", "1e999"),
        ("duration", "1" + "0" * 5000),
        ("duration", "-1"),
        ("duration", '"x"'),
        ("start", "true"),
        ("start", "1" + "0" * 400),
        ("suite", '{"a": [1]}'),
        ("message", "[1, {}]"),
        ("retries", "1e300"),
        ("retries", "1000000000"),
        ("retryAttempts", '[null, 5, {"status": []}]'),
        ("retryAttempts", "{}"),
        ("flaky", '"yes"'),
        ("line", "-3"),
        ("filePath", "[]"),
        ("labels", "[1]"),
        ("extra", '"x"'),
        ("stdout", "5"),
        ("rawStatus", "{}"),
        ("threadId", "7"),
    ],
)
def test_a_value_of_the_wrong_type_never_costs_the_test(field: str, value: str) -> None:
    text = ctrf(a_test("failed", mark=0)).replace('"mark": 0', f'"{field}": {value}')
    store = store_of({"r.json": text})
    assert only(store).outcome is Outcome.FAILED
    assert store.overall.duration < 10
    assert formats.BY_NAME["ctrf"].detail([text.encode()]) is not None


def test_keys_that_stand_there_twice_are_said_and_the_last_is_used() -> None:
    text = ctrf(a_test()).replace('"status": "passed"', '"status": "passed", "status": "failed"')
    store = store_of({"r.json": text})
    assert only(store).outcome is Outcome.FAILED
    assert "of which the last is used: status" in store.tables["r.json"].problems[0].message


@pytest.mark.parametrize("depth", [2000, 200_000])
def test_depth_costs_the_test_that_has_it(depth: int) -> None:
    deep = "[" * depth + "]" * depth
    text = ctrf(a_test(name="a", extra=0), a_test(name="b")).replace('"extra": 0', f'"extra": {deep}')
    store = store_of({"r.json": text})
    assert outcomes(store) == {"b": "passed"}
    assert "nested too deep" in store.tables["r.json"].problems[0].message
    elsewhere = ctrf(a_test(), environment=0).replace('"environment": 0', f'"environment": {deep}')
    assert not problems(read(elsewhere))


def test_text_is_made_safe() -> None:
    said = a_test("failed", "a\ud800\x1b]0;x\x07[red]", message="\x1b[2Jm\udfff", threadId="\x9b1")
    result = only(store_of({"r.json": ctrf(said)}))
    assert result.test.name == "a\ufffd[red]"
    assert result.failure is not None
    assert result.failure.message == "m\ufffd"
    assert str(result).encode()


def test_bytes_that_are_not_utf8_are_replaced_and_counted() -> None:
    data = b"\xef\xbb\xbf" + ctrf(a_test(name="a??")).encode().replace(b"??", b"\xff\xfe")
    store = store_of({"r.json": data})
    assert only(store).test.name == "a\ufffd\ufffd"
    assert store.tables["r.json"].repaired == 2


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ('"tests": null', "results.tests is not a list, left out"),
        ('"tests": {"a": 1}', "results.tests is not a list, left out"),
        ('"test": []', "it has no results.tests"),
    ],
)
def test_a_report_without_a_list_of_tests_is_a_problem(wrong: str, message: str) -> None:
    assert message in [problem.message for problem in problems(read(ctrf().replace('"tests": []', wrong)))]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            '{"results": {"tests": [{"name": "a", "status": "passed"} {',
            "not JSON at line 1, column 58: { where",
        ),
        ('{"results": {"tests": [{"name": "a", "status": "passed"}, ]', "] where a value belongs"),
        ('{"results": {"tests": [], "x" []', "[ where a colon belongs"),
        ('{"results": {"tests": [{"name": "a", "status": "passed"}\0\0', "the byte 0x00 where a comma or ]"),
        ('{"results": {"tests": ' + "9" * 70_000, "a number without an end"),
    ],
)
def test_what_is_no_json_is_refused_with_its_place_and_what_was_before_counts(text: str, reason: str) -> None:
    reader = reader_of(text.encode())
    events = reader.feed(text.encode())
    assert len(records(events)) == text.count('"passed"')
    ending = reader.ending()
    assert ending.fatal
    assert reason in ending.reason
    assert reader.feed(b'{"name": "b", "status": "passed"}') == []


def test_what_follows_the_document_is_said() -> None:
    text = ctrf(a_test())
    assert [p.kind for p in problems(read(text + "\n\n" + text))] == ["trailing text"]
    assert not problems(read(text + " \r\n\t"))


def test_a_document_or_a_test_too_large_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    text = ctrf(a_test(name="a"), a_test(name="b", message="x" * 5000), a_test(name="c"))
    monkeypatch.setattr(jsondoc, "LONGEST", 1000)
    for parts in ([text.encode()], [text[at : at + 100].encode() for at in range(0, len(text), 100)]):
        events = told(reader_of(text.encode()), parts)
        assert [record.test.name for record in records(events)] == ["a", "c"]
        assert [problem.kind for problem in problems(events)] == ["too long"]
    monkeypatch.setattr(jsondoc, "LARGEST", 2000)
    reader = reader_of(text.encode())
    assert len(records(reader.feed(text.encode()))) == 1
    assert reader.ending().fatal
    assert reader.ending().reason.startswith("refused: larger than")


# --- told apart, and cut ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (ctrf(), "ctrf"),
        ('{"results":{"tool":{"name":"x"},"summary":{},"tests":[]}}', "ctrf"),
        (ctrf(a_test(event="x", labels={"event": "y"})), "ctrf"),
        ('{"results": [1]}', None),
        ('{"tests": []}', None),
        ("[]", None),
    ],
)
def test_a_report_is_told_by_its_beginning(text: str, name: str | None) -> None:
    known = formats.recognise(text.encode())
    assert (known.name if known else None) == name


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(['"', "\\"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
fields = st.dictionaries(
    st.sampled_from(["name", "status", "suite", "message", "retries", "retryAttempts", "extra", "line"]),
    values | st.sampled_from(["passed", "failed", "é\u2028"]),
)
reports = st.builds(
    lambda tests, summary, more, indent: json.dumps(
        json.loads(ctrf(*tests, summary=summary, **more)), indent=indent, ensure_ascii=not indent
    ).encode("utf-8", "surrogatepass"),
    st.lists(fields | values, max_size=4),
    values,
    st.dictionaries(st.sampled_from(["environment", "extra"]), values),
    st.sampled_from([None, 1]),
)


@given(reports, cuts, st.integers(0))
def test_a_report_says_the_same_however_it_is_cut_wherever_it_ends(
    data: bytes, cut: list[int], end: int
) -> None:
    for part in (data, data[: end % (len(data) + 1)]):
        assert repr(told(reader_of(data), pieces(part, cut))) == repr(told(reader_of(data), [part]))
    whole = reader_of(data)
    whole.feed(data)
    assert whole.ending().complete


@given(reports, st.binary(max_size=4), st.integers(0), cuts)
def test_a_damaged_report_never_raises(data: bytes, junk: bytes, at: int, cut: list[int]) -> None:
    place = at % (len(data) + 1)
    damaged = data[:place] + junk + data[place + len(junk) // 2 :]
    reader = reader_of(data)
    ours = repr(told(reader, pieces(damaged, cut)))
    other = reader_of(data)
    assert ours == repr(told(other, [damaged]))
    assert reader.ending() == other.ending()


@given(reports)
def test_a_report_says_the_same_byte_by_byte(data: bytes) -> None:
    assert repr(told(reader_of(data), [data[n : n + 1] for n in range(len(data))])) == repr(
        told(reader_of(data), [data])
    )
