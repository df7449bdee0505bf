"""TAP 12 to 14: points, plans, subtests and their diagnostics."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.building import (
    SHARED,
    counts,
    only,
    outcomes,
    pieces,
    problems,
    put,
    read,
    reader_of,
    store_of,
    told,
)
from tui.core.model import EventSeen, Flag, Outcome, SourceState, TestId, TestResult
from tui.core.rules import Rules
from tui.core.store import Store
from tui.readers import formats


def results(text: str) -> dict[str, Outcome]:
    return outcomes(store_of({"r.tap": text}))


def state(text: str) -> SourceState:
    return store_of({"r.tap": text}).tables["r.tap"].state


def told_of(text: str, label: str) -> TestResult:
    return next(test for test in store_of({"r.tap": text}).tests.values() if test.label == label)


# --- points -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "label", "outcome", "flags"),
    [
        ("ok 1 - a", "a", Outcome.PASSED, set()),
        ("ok 1 a", "a", Outcome.PASSED, set()),
        ("ok - a", "a", Outcome.PASSED, set()),
        ("ok 1-a", "a", Outcome.PASSED, set()),
        ("ok-a b", "a b", Outcome.PASSED, set()),
        ("ok 1", "test 1", Outcome.PASSED, set()),
        ("ok", "test 1", Outcome.PASSED, set()),
        ("ok 1 - 5 things", "5 things", Outcome.PASSED, set()),
        ("not ok 1 - a", "a", Outcome.FAILED, set()),
        ("ok 1 - a # SKIP why", "a", Outcome.SKIPPED, set()),
        ("ok 1 # skipped why", "test 1", Outcome.SKIPPED, set()),
        ("not ok 1 - a # SKIP why", "a", Outcome.SKIPPED, set()),
        ("not ok 1 - a # TODO why", "a", Outcome.SKIPPED, {Flag.XFAIL}),
        ("not ok 1-# todo why", "test 1", Outcome.SKIPPED, {Flag.XFAIL}),
        ("ok 1 - a # ToDo why", "a", Outcome.PASSED, {Flag.XPASS}),
        (r"not ok 1 - a \# SKIP why", "a # SKIP why", Outcome.FAILED, set()),
        (r"ok 1 - a \\# SKIP why", "a \\", Outcome.SKIPPED, set()),
        (r"ok 1 - a \\ \# b # c", "a \\ # b # c", Outcome.PASSED, set()),
    ],
)
def test_a_point_is_a_test(line: str, label: str, outcome: Outcome, flags: set[Flag]) -> None:
    test = only(store_of({"r.tap": f"1..1\n{line}\n"}))
    assert (test.label, test.outcome, set(test.flags)) == (label, outcome, flags)


def test_the_reason_behind_a_directive_is_kept() -> None:
    assert told_of("1..1\nok 1 a # SKIP needs a GPU\n", "a").last.reason == "needs a GPU"
    assert told_of("1..1\nnot ok 1 a # TODO: bug 12\n", "a").last.reason == "bug 12"


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        ("ok 1 - a # time=66.5ms", 0.0665),
        ("ok 1 - a # time=2s", 2.0),
        ("ok 1 a in 6ms", 0.006),
        ("ok 1 a in 2sec # skip why", 2.0),
        ("ok 1 - a\n  ---\n  duration_ms: 2.5\n  ...", 0.0025),
        ("ok 1 - a", None),
    ],
)
def test_how_long_a_test_took_is_no_part_of_its_name(line: str, seconds: float | None) -> None:
    assert told_of(f"TAP version 13\n1..1\n{line}\n", "a").duration == seconds


def test_equal_names_are_tests_of_their_own() -> None:
    store = store_of({"r.tap": "1..2\nok 1 - dup\nnot ok 2 - dup\n"})
    assert [(key.test.ordinal, result.outcome) for key, result in store.tests.items()] == [
        (1, Outcome.PASSED),
        (2, Outcome.FAILED),
    ]


def test_names_of_pytest_are_its_node_ids() -> None:
    test = told_of("1..1\nok 1 t/test_a.py::TestC.test_b[x.y]\n", "t/test_a.py::TestC::test_b[x.y]")
    assert test.test == TestId("t.test_a.TestC", "test_b[x.y]")


# --- plans ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        ("1..1\nok 1\n", True),
        ("ok 1\n1..1\n", True),
        ("1..1\nok 1", True),
        ("ok 1\n1..1", True),
        ("1..0 # SKIP not here\n", True),
        ("1..2\nok 1\nok 2\nok 3\n", True),
        ("ok 1\n1..2\n", True),
        ("ok 1\nBail out!\n", True),
        ("ok 1\n", False),
        ("1..2\nok 1\n", False),
        ("TAP version 13\n", False),
        ("1..1\n    ok 1\n", False),
    ],
)
def test_a_document_is_complete_when_its_plan_is_fulfilled(text: str, *, complete: bool) -> None:
    assert (state(text) is SourceState.COMPLETE) is complete


def test_a_test_that_was_planned_and_not_seen_is_an_error() -> None:
    store = store_of({"r.tap": "1..4\nok 1 - a\nok 3 - c\n"})
    assert counts(store.overall) == (4, 2, 0, 2, 0)
    error = next(result for result in store.tests.values() if result.label == "test 4")
    assert error.failure is not None
    assert error.failure.headline == "not run: 4 tests planned, 2 seen"
    assert store.tables["r.tap"].reason == "ends at line 4, after 2 of 4 planned tests"
    assert results("ok 1 - a\n1..2\n") == {"a": Outcome.PASSED, "test 2": Outcome.ERROR}


def test_while_the_stream_grows_nothing_is_said_of_tests_that_may_still_come() -> None:
    store = Store(Rules())
    put(store, "r.tap", "1..4\nok 1 - a\n", state=SourceState.GROWING)
    assert outcomes(store) == {"a": Outcome.PASSED}


def test_numbers_that_repeat_are_counted_not_missed() -> None:
    assert results("ok 1 - a\nok 1 - b\nok 2 - c\n1..3\n") == dict.fromkeys("abc", Outcome.PASSED)


def test_points_beyond_the_plan_are_counted_and_a_problem() -> None:
    events = read("1..1\nok 1 - a\nok 2 - b\nok 3 - c\n")
    assert [(problem.kind, problem.line) for problem in problems(events)] == [("plan", 3)]
    assert len(results("1..1\nok 1 - a\nok 2 - b\nok 3 - c\n")) == 3
    assert [problem.line for problem in problems(read("ok 1\nok 2\n1..1\n"))] == [3]


def test_a_hostile_plan_costs_bounded_memory() -> None:
    store = store_of({"r.tap": "1..999999999\n" * 50})
    assert store.overall.tests == 10_000
    assert len(store.tables["r.tap"].problems) > 1


def test_a_run_that_was_given_up_is_never_green() -> None:
    assert results("1..3\nok 1 - a\nBail out! no database\n") == {
        "a": Outcome.PASSED,
        "test 2": Outcome.ERROR,
        "test 3": Outcome.ERROR,
    }
    assert results("ok 1 - a\n  Bail out!\n") == {"a": Outcome.PASSED, "Bail out!": Outcome.ERROR}
    assert [problem.message for problem in problems(read("1..3\nBail out! no database\n"))] == [
        "Bail out! no database"
    ]


def test_a_run_that_was_skipped_as_a_whole_has_no_tests_and_says_why() -> None:
    text = "1..0 # SKIP not on this platform\n"
    assert not results(text)
    assert [problem.message for problem in problems(read(text))] == [
        "the whole run was skipped: not on this platform"
    ]


# --- subtests ---------------------------------------------------------------------------------------

STREAMED = """\
TAP version 14
# Subtest: outer
    # Subtest: inner
        ok 1 - x
        not ok 2 - y
        1..2
    not ok 1 - inner
    ok 2 - z
    1..2
not ok 1 - outer
ok 2 - last
1..2
"""
BRACES = """\
ok 1 - outer {
    1..2
    ok 1 - inner # time=5ms {
        ok 1 - x
        1..1
    }

    not ok 2 - z
}
ok 2 - last
1..2
"""
OLD_STYLE = """\
    # Subtest: outer
    ok 1 - x
    1..1
ok 1 - outer
1..1
"""
UNNAMED = """\
    ok 1 - x
    1..1
ok 1 - outer
1..1
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (STREAMED, {"outer > inner > x": "passed", "outer > inner > y": "failed", "outer > z": "passed"}),
        (BRACES, {"outer > inner > x": "passed", "outer > z": "failed"}),
        (OLD_STYLE, {"outer > x": "passed"}),
        (UNNAMED, {"x": "passed"}),
    ],
)
def test_the_leaves_are_tests_and_what_closes_them_is_a_group(text: str, expected: dict[str, str]) -> None:
    last = {"last": "passed"} if "last" in text else {}
    assert {label: str(outcome) for label, outcome in results(text).items()} == expected | last
    assert state(text) is SourceState.COMPLETE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Subtest: g\n    ok 1 - x\n    1..1\nnot ok 1 - g\n1..1\n", {"g > x": "passed", "g": "failed"}),
        ("not ok 1 - g {\n    ok 1 - x\n    1..1\n}\n1..1\n", {"g > x": "passed", "g": "failed"}),
        ("# Subtest: g\n    1..0\nnot ok 1 - g\n1..1\n", {"g": "failed"}),
        ("# Subtest: g\n    1..0 # SKIP no\nok 1 # skip no\n1..1\n", {"test 1": "skipped"}),
        (
            "# Subtest: g\n    1..2\n    ok 1 - x\nnot ok 1 - g\n1..1\n",
            {"g > x": "passed", "g > test 2": "error"},
        ),
        ("# Subtest: g\n    not ok 1 - x # TODO\n    1..1\nok 1 - g\n1..1\n", {"g > x": "skipped"}),
        ("TAP version 14\nok 1 - g\n{\n    ok 1 - x\n    1..1\n}\n1..1\n", {"g > x": "passed"}),
    ],
)
def test_a_group_counts_only_where_it_failed_and_nothing_in_it_did(
    text: str, expected: dict[str, str]
) -> None:
    assert {label: str(outcome) for label, outcome in results(text).items()} == expected
    assert state(text) is SourceState.COMPLETE


def test_a_test_that_was_announced_is_in_flight_when_the_stream_is_cut_short() -> None:
    assert results("TAP version 13\n# Subtest: a\nok 1 - a\n# Subtest: b\n") == {
        "a": Outcome.PASSED,
        "b": Outcome.ERROR,
    }


# --- diagnostics ------------------------------------------------------------------------------------


def failure_of(diagnostics: str) -> tuple[str, str]:
    failure = told_of(f"TAP version 13\n1..1\nnot ok 1 - a\n{diagnostics}", "a").failure
    assert failure is not None
    return failure.headline, str(failure.location)


@pytest.mark.parametrize(
    ("block", "headline", "place"),
    [
        (
            "  message: 'First line'\n  severity: fail\n  at:\n    file: t/a.t\n    line: 7\n",
            "First line",
            "t/a.t:7",
        ),
        ("  error: |-\n    one\n\n    two\n  name: 'TypeError'\n", "TypeError: one", "None"),
        ('  location: \'/srv/a.mjs:5:1\'\n  error: "it \\"broke\\""\n', 'it "broke"', "/srv/a.mjs:5"),
        ("  stack: |\n    f (node:internal/x:1:1)\n    g (tp/a.js:3:36)\n", "a", "tp/a.js:3"),
        ('    error:\n        name: "E"\n        message: "x\ny"\n    at: "/a.js:4:7"\n', "E: x", "/a.js:4"),
        ("  at:\n    fileName: tp/a.js\n    lineNumber: 3\n", "a", "tp/a.js:3"),
        (
            "  message: |\n    (in test file a.bats, line 5)\n      `false' failed\n",
            "`false' failed",
            "a.bats:5",
        ),
        ("  not yaml at all\n  - [\n", "not yaml at all", "None"),
        ("", "a", "None"),
    ],
)
def test_a_block_says_why_and_where(block: str, headline: str, place: str) -> None:
    indent = "    " if block.startswith("    ") else "  "
    assert failure_of(f"{indent}---\n{block}{indent}...\n") == (headline, place)


@pytest.mark.parametrize(
    ("lines", "headline", "place"),
    [
        ("#   Failed test 'a'\n#   at t/a.t line 4.\n", "Failed test 'a'", "t/a.t:4"),
        ("# (in test file a.bats, line 5)\n#   `false' failed\n", "`false' failed", "a.bats:5"),
        ("# E   ValueError: no\n#\n# t/a.py:9: ValueError\n", "ValueError: no", "t/a.py:9"),
        ("  boom\n  TypeError: boom\n      at f (mt/a.js:5:36)\n", "boom", "mt/a.js:5"),
    ],
)
def test_lines_behind_a_failed_point_say_why_and_where(lines: str, headline: str, place: str) -> None:
    assert failure_of(lines) == (headline, place)


def test_a_block_that_nobody_closed_ends_with_the_next_point() -> None:
    assert results("TAP version 13\n1..2\nnot ok 1 - a\n  ---\n  message: x\nok 2 - b\n") == {
        "a": Outcome.FAILED,
        "b": Outcome.PASSED,
    }


def test_points_in_a_block_are_text() -> None:
    assert len(results("1..1\nnot ok 1 - a\n  ---\n  out: |\n    ok 2 - no\n    1..5\n  ...\n")) == 1


def test_a_failed_point_is_known_to_have_begun_until_its_diagnostics_are_over() -> None:
    store = Store(Rules())
    put(store, "r.tap", "1..2\nnot ok 1 - a\n# why\n", state=SourceState.GROWING)
    assert [result.label for _, result in store.running()] == ["a"]
    put(store, "r.tap", "1..2\nok 1 - a\n", generation=2, state=SourceState.GROWING)
    assert outcomes(store) == {"a": Outcome.PASSED}


def test_golden_events_belong_to_the_point_that_follows_or_fails() -> None:
    text = "1..2\n::golden event=one\nok 1 - a\n# ::golden event=two\nnot ok 2 - b\n# ::golden event=three\n"
    seen = [each.event for each in read(text) if isinstance(each, EventSeen)]
    assert [(event.name, event.test) for event in seen] == [
        ("one", TestId("", "a")),
        ("two", TestId("", "b")),
        ("three", TestId("", "b")),
    ]


# --- several documents ------------------------------------------------------------------------------


def test_documents_behind_one_another_are_parts_of_one_run() -> None:
    text = "TAP version 13\nok 1 - a\n1..1\nTAP version 13\n1..2\nnot ok 1 - b\nok 2 - a\n1..1\nok 1 - c\n"
    assert counts(store_of({"r.tap": text}).overall) == (4, 3, 1, 0, 0)


def test_a_plan_that_another_document_ends_lacks_its_tests() -> None:
    text = "1..2\nok 1 - a\nTAP version 13\n1..1\nok 1 - b\n"
    assert results(text) == {"a": Outcome.PASSED, "test 2": Outcome.ERROR, "b": Outcome.PASSED}


def test_a_document_that_begins_as_the_first_did_is_another_run() -> None:
    text = "TAP version 13\n1..2\nnot ok 1 - a\nok 2 - gone\nTAP version 13\n1..1\nok 1 - a\n"
    assert results(text) == {"a": Outcome.PASSED}


def test_points_without_a_name_never_begin_another_run() -> None:
    assert counts(store_of({"r.tap": "1..1\nnot ok 1\n1..1\nok 1\n"}).overall) == (2, 1, 1, 0, 0)


def test_what_prove_says_of_its_files_is_read() -> None:
    text = (
        "t/a.t .. \nok 1 - same\n1..1\nok\n"
        "t/b.t .. \n1..2\nok 1 - same\nFailed 1/2 subtests \n"
        "t/c.t .. skipped: not here\n"
        "t/d.t .. \nDubious, test returned 255 (wstat 65280, 0xff00)\nNo subtests run \n"
        "t/e.t .. \n1..1\nok 1 - x\nDubious, test returned 1 (wstat 256, 0x100)\n\n"
        "Test Summary Report\n-------------------\nok 7\nResult: FAIL\n"
    )
    assert results(text) == {
        "t/a.t > same": Outcome.PASSED,
        "t/b.t > same": Outcome.PASSED,
        "t/b.t > test 2": Outcome.ERROR,
        "t/d.t": Outcome.ERROR,
        "t/e.t > x": Outcome.PASSED,
        "t/e.t": Outcome.ERROR,
        "test 7": Outcome.PASSED,
    }


# --- lines of something else ------------------------------------------------------------------------


def test_a_line_of_something_else_is_left_out_and_said() -> None:
    text = "1..2\nprinted\nok 1 - a\nokay\n\npragma +strict\n# a comment\nok 2 - b\n\tindented\n"
    assert [(problem.kind, problem.line) for problem in problems(read(text))] == [
        ("noise", 2),
        ("noise", 4),
        ("noise", 9),
    ]


@pytest.mark.parametrize(
    ("head", "taken"),
    [
        ("TAP version 14\n", True),
        ("npm warn\n\nok 1 a\n", True),
        ("1..5\n", True),
        ("# Subtest: a\n", True),
        ("\ufeffTAP version 13\r\n", True),
        ("ok then\n", False),
        ("ok  \texample.com/p\t0.1s\n", False),
        ("the plan is 1..5\n", False),
        ('{"Action":"run","Test":"ok 1"}\n', False),
    ],
)
def test_tap_is_told_by_its_lines(head: str, *, taken: bool) -> None:
    known = formats.recognise(head.encode())
    assert (known is not None and known.name == "tap") is taken


def test_line_ends_and_byte_order_marks_are_no_part_of_a_line() -> None:
    assert results("\ufeffTAP version 13\r\n1..1\r\nok 1 - a\r\n") == {"a": Outcome.PASSED}


def test_a_last_line_without_its_end_counts_where_it_completes_the_plan() -> None:
    assert results("1..1\nok 1 - a") == {"a": Outcome.PASSED}
    assert results("1..2\nok 1 - a\nok 2 - b # SKI")["b # SKI"] is Outcome.PASSED
    assert results("1..3\nok 1 - a\nok 2 - b # SKI")["b # SKI"] is Outcome.ERROR


def test_what_a_line_says_is_made_safe() -> None:
    test = only(store_of({"r.tap": b"1..1\nnot ok 1 - a\x1b]0;x\x07\xff\n# \x1b[31mred\x1b]52;c;eA==\x07\n"}))
    assert test.label == "a\ufffd"
    assert test.failure is not None
    assert test.failure.text == "red\n"


# --- detail and cuts --------------------------------------------------------------------------------


def test_the_detail_is_what_stands_behind_the_point() -> None:
    text = "TAP version 13\nnot ok 1 - a\n  ---\n  message: why\n  stack: |\n    one\n    two\n  ...\nok 2\n"
    data = text.encode()
    detail = formats.BY_NAME["tap"].detail(
        [data[span.offset : span.offset + span.length] for span in told_of(text, "a").last.spans]
    )
    assert [section.text for section in detail.tracebacks] == ["message: why\nstack: |\n  one\n  two"]
    assert detail.properties == (("message", "why"),)


lines_of = st.builds(
    lambda indent, line: " " * indent + line,
    st.sampled_from([0, 0, 0, 2, 4, 4, 8]),
    st.sampled_from(
        [
            "ok 1 - a",
            "not ok 2 - b",
            "ok 3 - c {",
            "not ok - d # TODO x",
            "ok # SKIP",
            "{",
            "}",
            "---",
            "...",
            "message: |",
            "1..2",
            "1..0 # SKIP x",
            "TAP version 13",
            "Bail out! x",
            "# Subtest: s",
            "# why",
            "::golden event=e",
            "t/a.t .. ",
            "Dubious, test returned 1",
            "Test Summary Report",
            "noise",
            "",
        ]
    ),
)
sources = st.lists(lines_of, max_size=25).map("\n".join)


@settings(max_examples=400)
@given(sources, st.lists(st.integers(0, 10**9), max_size=8))
def test_a_stream_says_the_same_however_it_is_cut(text: str, cuts: list[int]) -> None:
    data = text.encode()
    reader = formats.BY_NAME["tap"].open
    assert told(reader(), pieces(data, cuts)) == told(reader(), [data])


@settings(max_examples=400)
@given(sources)
def test_asking_for_the_ending_changes_nothing(text: str) -> None:
    data = b"TAP version 13\n" + text.encode()
    asked, not_asked = (formats.BY_NAME["tap"].open() for _ in range(2))
    events = []
    for at in range(len(data)):
        events += asked.feed(data[at : at + 1])
        asked.ending()
    assert events == not_asked.feed(data)
    assert asked.ending() == not_asked.ending()


@settings(max_examples=400)
@given(sources)
def test_the_outcomes_always_add_up(text: str) -> None:
    store = store_of({"r.tap": "TAP version 13\n" + text})
    tally = store.overall
    assert tally.tests == tally.passed + tally.failed + tally.errors + tally.skipped == len(store.tests)


def test_the_reader_says_that_its_streams_have_no_end() -> None:
    assert not reader_of(b"1..1\n").has_end


# Leaves; what the producers count differently stands in docs/formats.md.
DIALECTS = {
    "bats-tap/stdout.txt": (16, 6, 7, 1, 2),
    "bats-tap13/stdout.txt": (16, 6, 7, 1, 2),
    "check/r.tap": (12, 4, 8, 0, 0),
    "check-killed/r.tap": (4, 2, 2, 0, 0),
    "mocha-tap/console.txt": (37, 20, 13, 0, 4),
    "node-tap/console.txt": (10, 4, 5, 0, 1),
    "node-tap-raw/console.txt": (10, 4, 5, 0, 1),
    "node-test-clean/out.tap": (47, 24, 18, 0, 5),
    "node-test-tap/out.tap": (47, 24, 18, 0, 5),
    "node-test-tap-killed/out.tap": (24, 16, 4, 0, 4),
    "prove-tap-v/console.txt": (33, 20, 3, 6, 4),
    "pytest8-tap-combined/testresults.tap": (16, 11, 3, 0, 2),
    "pytest8-tap-files/tests-test_a.py.tap": (16, 11, 3, 0, 2),
    "pytest8-tap-stream/console.txt": (16, 11, 3, 0, 2),
    "vitest-tapflat/console.txt": (45, 24, 16, 0, 5),
}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the dialects are not here")
@pytest.mark.parametrize("name", DIALECTS)
def test_a_real_stream_is_counted(name: str) -> None:
    data = Path(SHARED / "dialects" / name).read_bytes()
    assert counts(store_of({name: data}).overall) == DIALECTS[name]
