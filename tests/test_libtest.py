"""Rust's libtest JSON, as cargo and cargo-nextest write it."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.building import (
    SHARED,
    counts,
    json_lines,
    only,
    outcomes,
    pieces,
    problems,
    put,
    read,
    reader_of,
    records,
    store_of,
    told,
)
from tui.core.model import EventSeen, Flag, Outcome, SourceState, TestId
from tui.core.rules import Rules
from tui.core.store import Store
from tui.readers import formats

Lines = list[dict[str, object]]


def began(name: str) -> dict[str, object]:
    return {"type": "test", "event": "started", "name": name}


def ended(name: str, event: str = "ok", **more: object) -> dict[str, object]:
    return {"type": "test", "name": name, "event": event, "exec_time": 0.25} | more


def ran(name: str, event: str = "ok", **more: object) -> Lines:
    return [began(name), ended(name, event, **more)]


def suite(*lines: dict[str, object], end: bool = True, **more: object) -> str:
    """One suite, with totals that fit its lines."""
    results = [line["event"] for line in lines if line.get("type") == "test" and line["event"] != "started"]
    start = {"type": "suite", "event": "started", "test_count": len(results)} | more
    bad, ignored = results.count("failed"), results.count("ignored")
    totals = {"passed": results.count("ok"), "failed": bad, "ignored": ignored, "measured": 0}
    close = {"type": "suite", "event": "failed" if bad else "ok"} | totals | more
    return json_lines(start, *lines, *[close][: int(end)])


@pytest.mark.parametrize(
    ("event", "outcome"),
    [("ok", Outcome.PASSED), ("failed", Outcome.FAILED), ("ignored", Outcome.SKIPPED)],
)
def test_a_test_has_the_outcome_of_its_event(event: str, outcome: Outcome) -> None:
    test = only(store_of({"r.json": suite(*ran("tests::a", event))}))
    assert (test.outcome, test.label, test.test) == (outcome, "tests::a", TestId("", "tests::a"))
    assert test.duration == 0.25


def test_the_reason_of_an_ignored_test_is_kept() -> None:
    test = only(store_of({"r.json": suite(*ran("a", "ignored", message="needs a GPU"))}))
    assert test.last.reason == "needs a GPU"


def test_an_allowed_failure_is_skipped_and_expected() -> None:
    text = json_lines({"type": "suite", "event": "started", "test_count": 1}, *ran("a", "allowed_failure"))
    test = only(store_of({"r.json": text}))
    assert (test.outcome, test.flags) == (Outcome.SKIPPED, frozenset({Flag.XFAIL}))


def test_a_benchmark_that_was_measured_has_passed() -> None:
    text = suite(began("b"), {"type": "bench", "name": "b", "median": 5, "deviation": 1}, end=False)
    text += json_lines(
        {"type": "suite", "event": "ok", "passed": 0, "failed": 0, "ignored": 0, "measured": 1}
    )
    store = store_of({"r.json": text})
    assert outcomes(store) == {"b": Outcome.PASSED}
    assert not store.tables["r.json"].problems


def test_a_timeout_is_not_the_end_of_a_test() -> None:
    lines: Lines = [began("a"), {"type": "test", "event": "timeout", "name": "a"}]
    store = Store(Rules())
    put(store, "r.json", suite(*lines, end=False), state=SourceState.GROWING)
    assert only(store).outcome is Outcome.RUNNING
    assert outcomes(store_of({"r.json": suite(*lines, ended("a"))})) == {"a": Outcome.PASSED}


@pytest.mark.parametrize(
    ("stdout", "headline", "place"),
    [
        (
            "noise\nthread 't::a' (13) panicked at src/lib.rs:18:136:\nno: x\n  l\nstack backtrace:\n  0\n",
            "panic: no: x",
            "src/lib.rs:18",
        ),
        (
            "thread 'a' panicked at 'two\nlines', tests\\x.rs:92:5\nnote: Run with `RUST_BACKTRACE=1`\n",
            "panic: two",
            "tests\\x.rs:92",
        ),
        ('Error: "an error"\n', 'Error: "an error"', "None"),
        ("", "failed without a message", "None"),
    ],
)
def test_why_a_test_failed_is_read_from_its_output(stdout: str, headline: str, place: str) -> None:
    failure = only(store_of({"r.json": suite(*ran("a", "failed", stdout=stdout))})).failure
    assert failure is not None
    assert (failure.headline, str(failure.location)) == (headline, place)


def test_a_stated_message_goes_before_the_panic() -> None:
    lines = ran("a", "failed", message="test did not panic as expected", stdout="x")
    failure = only(store_of({"r.json": suite(*lines)})).failure
    assert failure is not None
    assert failure.headline == "test did not panic as expected"


def test_a_documentation_test_says_where_it_stands() -> None:
    test = only(store_of({"r.json": suite(*ran("src/lib.rs - one (line 7)"))}))
    assert str(test.location) == "src/lib.rs:7"


def test_golden_events_come_from_what_a_test_printed() -> None:
    events = read(suite(*ran("a", stdout="::golden event=started\nx\n::golden event=done\n")))
    seen = [each.event for each in events if isinstance(each, EventSeen)]
    assert [(event.name, event.test, event.index) for event in seen] == [
        ("started", TestId("", "a"), 1),
        ("done", TestId("", "a"), 2),
    ]


# --- suites -----------------------------------------------------------------------------------------


def test_equal_names_in_several_binaries_are_tests_of_their_own() -> None:
    store = store_of({"r.json": suite(*ran("tests::a", "failed")) + suite(*ran("tests::a"))})
    assert counts(store.overall) == (2, 1, 1, 0, 0)
    assert [key.test.ordinal for key in store.tests] == [1, 2]


def test_a_stream_is_complete_when_every_suite_has_ended() -> None:
    data = suite(*ran("a")).encode()
    reader = reader_of(data)
    reader.feed(data)
    assert reader.ending().complete
    assert not reader.has_end
    reader.feed(suite(*ran("b"), end=False).encode())
    assert reader.ending().reason == "ends at line 8, 1 of 2 suites without an end"


def test_an_aborted_binary_leaves_its_tests_in_flight_and_the_stream_cut_short() -> None:
    store = store_of({"r.json": suite(*ran("a"), began("b"), end=False) + suite(*ran("b"))})
    assert [result.outcome for result in store.tests.values()] == [
        Outcome.PASSED,
        Outcome.ERROR,
        Outcome.PASSED,
    ]
    table = store.tables["r.json"]
    assert table.state is SourceState.CUT_SHORT
    assert [problem.message for problem in table.problems] == [
        "a suite has no end, its binary was aborted: 1 of 1 test ended"
    ]


def test_totals_that_do_not_fit_are_a_problem() -> None:
    text = suite(*ran("a"), end=False)
    text += json_lines({"type": "suite", "event": "ok", "passed": 2, "failed": 0, "ignored": 0})
    assert [problem.message for problem in problems(read(text))] == ["a suite claims 2 tests, 1 were told of"]


def test_a_last_line_without_its_end_counts_where_it_is_whole() -> None:
    text = suite(*ran("a", "failed")).rstrip("\n")
    assert store_of({"r.json": text}).tables["r.json"].state is SourceState.COMPLETE
    assert store_of({"r.json": text[:-2]}).tables["r.json"].state is SourceState.CUT_SHORT


# --- nextest ----------------------------------------------------------------------------------------


def test_nextest_names_the_binary() -> None:
    test = only(store_of({"r.json": suite(*ran("crate::bin$tests::a"))}))
    assert (test.label, test.test) == ("crate::bin::tests::a", TestId("crate::bin", "tests::a"))


def test_the_number_behind_a_name_is_that_of_its_attempts() -> None:
    flaky = [began("c::b$a"), ended("c::b$a#3")]
    test = only(store_of({"r.json": suite(*flaky)}))
    assert [attempt.outcome for attempt in test.attempts] == [
        Outcome.FAILED,
        Outcome.FAILED,
        Outcome.PASSED,
    ]
    assert test.flags == {Flag.FLAKY, Flag.RERUN}
    assert test.test == TestId("c::b", "a")


def test_a_binary_that_runs_again_begins_another_run() -> None:
    first = suite(*ran("c::b$a", "failed"), *ran("c::b$gone")) + suite(*ran("c::d$a"))
    store = store_of({"r.json": first + suite(*ran("c::b$a"))})
    assert outcomes(store) == {"c::b::a": Outcome.PASSED}


# --- lines that are not as they should be -------------------------------------------------------------


def test_backslashes_that_nobody_escaped_are_read_as_they_stand() -> None:
    name = r"src\lib.rs - One::\x (line 3)"
    text = '{ "type": "suite", "event": "started", "test_count": 1 }\n'
    text += f'{{ "type": "test", "event": "started", "name": "{name}" }}\n'
    text += f'{{ "type": "test", "name": "{name}", "event": "failed", "stdout": "a\\nb" }}\n'
    test = only(store_of({"r.json": text}))
    assert (test.test.name, test.outcome) == (name, Outcome.FAILED)
    assert test.failure is not None
    assert test.failure.text == "a\nb"


@pytest.mark.parametrize(
    "line",
    ["raw \udcff", '{"timestamp":"2023","level":"INFO"}', "[1]", "{" * 100_000, '{"type": "other"}', "\\"],
)
def test_a_line_of_something_else_is_left_out_and_said(line: str) -> None:
    data = (suite(*ran("a"), end=False) + line + "\n").encode("utf-8", "surrogateescape")
    events = read(data)
    assert len(records(events)) == 1
    assert [(problem.kind, problem.line) for problem in problems(events)] == [("noise", 4)]


def test_what_a_test_printed_before_a_line_without_a_line_end_is_no_part_of_it() -> None:
    text = "".join(f"printed {line}\n" for line in suite(*ran("a")).splitlines())
    assert outcomes(store_of({"r.json": text})) == {"a": Outcome.PASSED}


def test_a_stream_is_told_behind_plain_lines_and_is_no_event_log() -> None:
    known = formats.recognise(("   Compiling a v0.1.0\n" * 100 + suite(*ran("a"))).encode())
    assert known is not None
    assert known.name == "libtest"


def test_what_a_line_says_is_made_safe() -> None:
    lines = ran("a\x1b]0;x\x07\ud800", "failed", stdout="\x1b]52;c;eA==\x07\x1b[31mred")
    test = only(store_of({"r.json": suite(*lines)}))
    assert test.label == "a\ufffd"
    assert test.failure is not None
    assert test.failure.text == "\x1b[31mred"


# --- detail and cuts --------------------------------------------------------------------------------


def test_the_detail_is_what_the_result_says() -> None:
    data = suite(*ran("a", "failed", stdout="one\ntwo\n", message="why")).encode()
    (test,) = store_of({"r.json": data}).tests.values()
    detail = formats.BY_NAME["libtest"].detail(
        [data[span.offset : span.offset + span.length] for span in test.last.spans]
    )
    assert [(section.title, section.text) for section in detail.tracebacks] == [
        ("message", "why"),
        ("output", "one\ntwo\n"),
    ]


lines_of = st.builds(
    lambda kind, event, name, count: {"type": kind, "event": event, "name": name, "passed": count},
    st.sampled_from(["suite", "test", "test", "test", "bench"]),
    st.sampled_from(["started", "ok", "failed", "ignored", "timeout"]),
    st.sampled_from(["a", "b", "c::d$a", "c::d$a#2", "c::e$a", ""]),
    st.integers(0, 3),
).map(json.dumps)
noise = st.sampled_from(["noise", "", "{", '{"type": 5}', '{"type":"test","name":"a\\q","event":"ok"}'])
sources = st.lists(st.one_of(lines_of, lines_of, lines_of, noise)).map("\n".join)


@settings(max_examples=200)
@given(sources, st.lists(st.integers(0, 10**9), max_size=8))
def test_a_stream_says_the_same_however_it_is_cut(text: str, cuts: list[int]) -> None:
    data = text.encode()
    reader = formats.BY_NAME["libtest"].open
    assert told(reader(), pieces(data, cuts)) == told(reader(), [data])


@settings(max_examples=200)
@given(sources)
def test_the_outcomes_always_add_up(text: str) -> None:
    store = store_of({"r.json": suite() + text})
    tally = store.overall
    assert tally.tests == tally.passed + tally.failed + tally.errors + tally.skipped == len(store.tests)


# The tool counts 18 tests and "1 binary aborted": its two tests in flight are the errors.
DIALECTS = {
    "cargo-test-json/stdout.txt": (20, 8, 7, 2, 3),
    "cargo-test-json-killed/stdout.txt": (14, 5, 6, 1, 2),
}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the dialects are not here")
@pytest.mark.parametrize("name", DIALECTS)
def test_a_real_stream_is_counted(name: str) -> None:
    data = Path(SHARED / "dialects" / name).read_bytes()
    assert counts(store_of({name: data}).overall) == DIALECTS[name]
