"""`go test -json`: packages, tests and their parts, and what the build says."""

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
from tui.core.model import EventSeen, EvidenceKind, Flag, Outcome, Phase, SourceState, TestId
from tui.core.rules import Rules
from tui.core.store import Store
from tui.readers import formats

P = "example.com/p"
Lines = list[dict[str, object]]


def said(action: str, test: str = "", package: str = P, **more: object) -> dict[str, object]:
    return {"Action": action, "Package": package} | ({"Test": test} if test else {}) | more


def output(text: str, test: str = "", package: str = P) -> dict[str, object]:
    return said("output", test, package, Output=text)


def ran(name: str, result: str = "pass", *printed: str, package: str = P) -> Lines:
    """The lines of one test."""
    return [
        said("run", name, package, Time="2026-01-13T10:00:00.123456789Z"),
        output(f"=== RUN   {name}\n", name, package),
        *(output(text, name, package) for text in printed),
        output(f"--- {result.upper()}: {name} (0.50s)\n", name, package),
        said(result, name, package, Elapsed=0.5),
    ]


def stream(*lines: dict[str, object], result: str | None = "pass", package: str = P) -> str:
    end = [said(result, package=package, Elapsed=1.5)] if result else []
    return json_lines(*lines, *end)


# --- tests ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("result", "outcome"),
    [("pass", Outcome.PASSED), ("fail", Outcome.FAILED), ("skip", Outcome.SKIPPED)],
)
def test_a_test_has_the_result_of_its_last_line(result: str, outcome: Outcome) -> None:
    test = only(store_of({"r.json": stream(*ran("TestA", result), result="pass")}))
    assert (test.outcome, test.label, test.test) == (outcome, f"{P}.TestA", TestId(P, "TestA"))
    assert (test.duration, test.last.started) == (0.5, 1768298400.123456)


def test_parents_and_their_parts_are_each_a_test() -> None:
    lines = [
        said("run", "TestA"),
        *ran("TestA/x/y", "fail"),
        *ran("TestA/z"),
        said("fail", "TestA", Elapsed=0),
    ]
    store = store_of({"r.json": stream(*lines, result="fail")})
    assert outcomes(store) == {
        f"{P}.TestA": Outcome.FAILED,
        f"{P}.TestA/x/y": Outcome.FAILED,
        f"{P}.TestA/z": Outcome.PASSED,
    }
    parent = next(result for result in store.tests.values() if result.test.name == "TestA")
    assert parent.failure is not None
    assert parent.failure.headline == "1 subtest failed"


def test_what_a_failed_test_logged_is_its_message_and_place() -> None:
    printed = ["    a_test.go:4: log\n", "    a_test.go:9: got:\n", "        a\n", "stray\n"]
    failure = only(store_of({"r.json": stream(*ran("TestA", "fail", *printed), result="fail")})).failure
    assert failure is not None
    assert (failure.message, str(failure.location)) == ("got:\na", "a_test.go:9")
    assert failure.text == "".join(printed)


def test_the_error_of_testify_is_the_message() -> None:
    printed = [
        "    a_test.go:12: \n",
        "        \tError Trace:\t/srv/a_test.go:12\n",
        "        \tError:      \tNot equal: \n",
        "        \t            \texpected: 1\n",
    ]
    failure = only(store_of({"r.json": stream(*ran("TestA", "fail", *printed), result="fail")})).failure
    assert failure is not None
    assert failure.headline == "Not equal:"


def test_a_panic_is_told_with_the_first_frame_that_is_not_of_go() -> None:
    printed = [
        "panic: assignment to entry in nil map [recovered]\n",
        "\tpanic: assignment to entry in nil map\n",
        "\n",
        "goroutine 5 [running]:\n",
        "testing.tRunner.func1.2({0x508ec0, 0x551cb0})\n",
        "\t/usr/lib/go-1.19/src/testing/testing.go:1396 +0x24e\n",
        "example.com/p.TestA(0xc000098680?)\n",
        "\t/srv/b/b_test.go:4 +0x2e\n",
    ]
    failure = only(store_of({"r.json": stream(*ran("TestA", "fail", *printed), result="fail")})).failure
    assert failure is not None
    assert failure.headline == "panic: assignment to entry in nil map"
    assert str(failure.location) == "/srv/b/b_test.go:4"


def test_the_reason_of_a_skipped_test_is_what_it_said_last() -> None:
    test = only(store_of({"r.json": stream(*ran("TestA", "skip", "    a_test.go:6: needs a GPU\n"))}))
    assert test.last.reason == "needs a GPU"


def test_golden_events_come_from_printed_lines_and_from_attributes() -> None:
    lines = ran("TestA", "pass", "::golden event=started\n", "x ::golden event=no\n")
    lines.insert(2, said("attr", "TestA", Key="golden.Chat", Value="one two"))
    seen = [each.event for each in read(stream(*lines)) if isinstance(each, EventSeen)]
    assert [(event.name, event.kind, event.path, event.test) for event in seen] == [
        ("one", EvidenceKind.PROPERTY, "Chat", TestId(P, "TestA")),
        ("two", EvidenceKind.PROPERTY, "Chat", TestId(P, "TestA")),
        ("started", EvidenceKind.OUTPUT, None, TestId(P, "TestA")),
    ]
    assert [event.index for event in seen] == [1, 2, 3]


def test_a_long_output_is_kept_at_its_head_and_tail() -> None:
    printed = [f"line {number}\n" for number in range(5000)]
    failure = only(store_of({"r.json": stream(*ran("TestA", "fail", *printed), result="fail")})).failure
    assert failure is not None
    assert failure.text.startswith("line 0\n")
    assert failure.text.endswith("line 4999\n")
    assert len(failure.text) < 4000


def test_a_benchmark_is_no_test_unless_it_fails() -> None:
    lines = [
        said("run", "BenchmarkA"),
        output("BenchmarkA-8 1 ns/op\n", "BenchmarkA"),
        said("bench", "BenchmarkA-8"),
    ]
    assert not store_of({"r.json": stream(*lines)}).tests
    failed = store_of({"r.json": stream(*lines, said("fail", "BenchmarkA"), result="fail")})
    assert outcomes(failed) == {f"{P}.BenchmarkA": Outcome.FAILED}


def test_a_result_of_a_test_that_never_began_is_a_test() -> None:
    store = store_of({"r.json": stream(said("fail", "TestFake", Elapsed=0), result="fail")})
    assert outcomes(store) == {f"{P}.TestFake": Outcome.FAILED}


def test_a_stream_without_packages_has_tests_by_their_names() -> None:
    text = json_lines(
        {"Action": "run", "Test": "TestA"}, {"Action": "pass", "Test": "TestA"}, {"Action": "pass"}
    )
    store = store_of({"r.json": text})
    assert outcomes(store) == {"TestA": Outcome.PASSED}
    assert store.tables["r.json"].state is SourceState.COMPLETE


# --- repeats ----------------------------------------------------------------------------------------


def test_a_repeated_test_has_attempts_and_the_last_decides() -> None:
    lines = [*ran("TestA", "fail"), *ran("TestA", "fail"), *ran("TestA")]
    test = only(store_of({"r.json": stream(*lines, result="fail")}))
    assert [attempt.outcome for attempt in test.attempts] == [Outcome.FAILED, Outcome.FAILED, Outcome.PASSED]
    assert test.flags == {Flag.FLAKY, Flag.RERUN}


def test_a_test_that_passes_each_time_is_not_flaky() -> None:
    test = only(store_of({"r.json": stream(*ran("TestA"), *ran("TestA"))}))
    assert [attempt.outcome for attempt in test.attempts] == [Outcome.PASSED, Outcome.PASSED]
    assert test.flags == {Flag.RERUN}


def test_a_rerun_of_the_failed_tests_of_a_package_is_attempts() -> None:
    first = stream(*ran("TestA", "fail"), *ran("TestB"), result="fail")
    store = store_of({"r.json": first + stream(*ran("TestA"))})
    assert outcomes(store) == {f"{P}.TestA": Outcome.PASSED, f"{P}.TestB": Outcome.PASSED}
    assert [len(result.attempts) for result in store.tests.values()] == [2, 1]


def test_a_run_behind_another_one_takes_its_place() -> None:
    first = stream(*ran("TestA"), *ran("TestGone"))
    store = store_of({"r.json": first + stream(*ran("TestA", "fail"), result="fail")})
    assert outcomes(store) == {f"{P}.TestA": Outcome.FAILED}
    assert len(only(store).attempts) == 1


def test_a_run_that_first_looks_like_a_rerun_is_told_whole_once_it_is_known() -> None:
    first = stream(*ran("TestA", "fail"), *ran("TestB"), result="fail")
    first += stream(*ran("TestC", package="q"), package="q")
    second = stream(*ran("TestC", package="q"), *ran("TestA"), *ran("TestB", "fail"), result="fail")
    store = store_of({"r.json": first + second + stream(package="q")})
    assert outcomes(store) == {
        "q.TestC": Outcome.PASSED,
        f"{P}.TestA": Outcome.PASSED,
        f"{P}.TestB": Outcome.FAILED,
    }
    assert all(len(result.attempts) == 1 for result in store.tests.values())


def test_a_package_that_starts_twice_was_killed_in_between() -> None:
    first = json_lines(said("start"), *ran("TestA", "fail"), said("run", "TestB"))
    store = store_of({"r.json": first + json_lines(said("start"), *ran("TestA")) + stream()})
    assert outcomes(store) == {f"{P}.TestA": Outcome.PASSED}
    assert store.tables["r.json"].state is SourceState.COMPLETE


# --- packages and builds ----------------------------------------------------------------------------


def test_a_package_that_failed_without_a_failed_test_is_one_test_in_error() -> None:
    lines = [*ran("TestA"), output("panic: test timed out after 1s\n", "TestA"), output(f"FAIL\t{P}\t1s\n")]
    store = store_of({"r.json": stream(*lines, result="fail")})
    assert outcomes(store) == {f"{P}.TestA": Outcome.PASSED, P: Outcome.ERROR}
    error = next(result for result in store.tests.values() if result.outcome is Outcome.ERROR)
    assert error.test == TestId(P, "TestMain")
    assert error.failure is not None
    assert error.failure.headline == "panic: test timed out after 1s"


def test_a_build_that_failed_is_one_error_with_what_the_compiler_said() -> None:
    built = f"{P} [{P}.test]"
    text = json_lines(
        {"ImportPath": built, "Action": "build-output", "Output": f"# {built}\n"},
        {"ImportPath": built, "Action": "build-output", "Output": "./a_test.go:321:10: undefined: foo\n"},
        {"ImportPath": built, "Action": "build-fail"},
        said("start"),
        output(f"FAIL\t{P} [build failed]\n"),
        said("fail", Elapsed=0, FailedBuild=built),
    )
    result = only(store_of({"r.json": text}))
    assert (result.label, result.outcome) == (P, Outcome.ERROR)
    assert result.failure is not None
    assert (result.failure.headline, result.failure.phase) == ("build failed: undefined: foo", Phase.COLLECT)
    assert str(result.failure.location) == "./a_test.go:321"


def test_a_build_that_failed_and_no_package_tells_of_is_an_error_once_the_stream_is_over() -> None:
    text = json_lines({"ImportPath": "dep", "Action": "build-output", "Output": "./a.go:1:1: oh\n"})
    text += json_lines({"ImportPath": "dep", "Action": "build-fail"})
    store = store_of({"r.json": text})
    assert outcomes(store) == {"dep": Outcome.ERROR}
    assert store.tables["r.json"].state is SourceState.CUT_SHORT


def test_a_build_error_in_plain_text_is_no_noise() -> None:
    text = "# example.com/broken [example.com/broken.test]\nbroken/a.go:3:2: undefined: y\n"
    text += stream(*ran("TestA")) + "FAIL\texample.com/broken [build failed]\n"
    store = store_of({"r.json": text})
    assert outcomes(store) == {f"{P}.TestA": Outcome.PASSED, "example.com/broken": Outcome.ERROR}
    assert not store.tables["r.json"].problems
    error = next(result for result in store.tests.values() if result.outcome is Outcome.ERROR)
    assert error.failure is not None
    assert error.failure.headline == "build failed: undefined: y"


def test_a_package_without_tests_has_none() -> None:
    store = store_of({"r.json": stream(output("?   \tp\t[no test files]\n"), result="skip")})
    assert not store.tests
    assert store.tables["r.json"].state is SourceState.COMPLETE


# --- what never ends --------------------------------------------------------------------------------


def test_a_stream_is_complete_when_every_package_has_ended() -> None:
    lines = [said("start", package="q"), *ran("TestA")]
    ending = reader_of(stream(*lines).encode()).ending()
    assert not ending.complete
    reader = reader_of(data := stream(*lines).encode())
    reader.feed(data)
    assert (reader.ending().complete, reader.ending().reason) == (False, "ends at line 7, no result of q")
    reader.feed(json_lines(said("pass", package="q")).encode())
    assert reader.ending().complete
    assert not reader.has_end


def test_a_test_that_began_runs_and_is_in_flight_once_the_stream_is_cut_short() -> None:
    text = stream(*ran("TestA"), said("run", "TestB"), result=None)
    store = Store(Rules())
    put(store, "r.json", text, state=SourceState.GROWING)
    assert [result.label for _, result in store.running()] == [f"{P}.TestB"]
    assert outcomes(store_of({"r.json": text})) == {f"{P}.TestA": Outcome.PASSED, f"{P}.TestB": Outcome.ERROR}


@pytest.mark.parametrize(
    ("printed", "root", "outcome"),
    [
        ("panic: oh\n", "fail", Outcome.FAILED),
        ("no newline--- PASS: TestA/x (0.00s)\n", "fail", Outcome.PASSED),
        ("no newline--- PASS: TestOther (0.00s)\n", "fail", Outcome.ERROR),
        ("nothing\n", "fail", Outcome.ERROR),
        ("nothing\n", "pass", Outcome.PASSED),
    ],
)
def test_a_part_without_a_result_ends_with_its_root(printed: str, root: str, outcome: Outcome) -> None:
    lines = [said("run", "TestA"), said("run", "TestA/x"), output(printed, "TestA/x"), said(root, "TestA")]
    store = store_of({"r.json": stream(*lines, result=root)})
    assert outcomes(store)[f"{P}.TestA/x"] is outcome
    assert not store.tables["r.json"].problems


def test_a_test_without_a_result_ends_with_its_package() -> None:
    lines = [said("run", "TestA"), said("run", "TestB"), output("panic: oh\n", "TestA")]
    store = store_of({"r.json": stream(*lines, result="fail")})
    assert outcomes(store) == {f"{P}.TestA": Outcome.FAILED, f"{P}.TestB": Outcome.ERROR}


def test_a_last_line_without_its_end_counts_where_it_is_whole() -> None:
    text = stream(*ran("TestA", "fail"), result="fail").rstrip("\n")
    assert store_of({"r.json": text}).tables["r.json"].state is SourceState.COMPLETE
    assert store_of({"r.json": text[:-3]}).tables["r.json"].state is SourceState.CUT_SHORT
    reader = reader_of(text.encode())
    assert reader.feed(text.encode()) + list(reader.ending().events) == reader_of(text.encode()).feed(
        text.encode() + b"\n"
    )


# --- lines of something else ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line", ["not json", "[1, 2]", '{"no": "Action"}', '{"Action": 5}', "{" * 100_000, "null"]
)
def test_a_line_of_something_else_is_left_out_and_said(line: str) -> None:
    text = json_lines(*ran("TestA")) + line + "\n" + stream()
    events = read(text)
    assert len(records(events)) == 1
    assert [(problem.kind, problem.line) for problem in problems(events)] == [("noise", 5)]


def test_what_a_test_printed_before_a_line_without_a_line_end_is_no_part_of_it() -> None:
    text = "".join(f"printed{json.dumps(line)}\n" for line in [*ran("TestA"), said("pass")])
    assert outcomes(store_of({"r.json": text})) == {f"{P}.TestA": Outcome.PASSED}


def test_a_stream_is_told_behind_plain_lines() -> None:
    known = formats.recognise(("# a\nbuilding\n" * 200 + stream(*ran("TestA"))).encode())
    assert known is not None
    assert known.name == "gotest"


@pytest.mark.parametrize(
    "wrong", [{"Elapsed": "x"}, {"Elapsed": 1e400}, {"Time": "yesterday"}, {"Output": 5}]
)
def test_a_wrong_value_costs_that_value_only(wrong: dict[str, object]) -> None:
    lines = [line | wrong for line in ran("TestA")]
    test = only(store_of({"r.json": stream(*lines)}))
    assert test.outcome is Outcome.PASSED


def test_what_a_line_says_is_made_safe() -> None:
    lines = ran("T\x1b]0;x\x07\u202e", "fail", "\x1b[31mred\x1b[0m\x1b]52;c;eA==\x07\n")
    test = only(store_of({"r.json": stream(*lines, result="fail")}))
    assert (test.label, test.test.name) == (f"{P}.T", "T")
    assert test.failure is not None
    assert test.failure.text == "red\n"


# --- detail and cuts --------------------------------------------------------------------------------


def test_the_detail_is_what_the_test_printed_and_no_other() -> None:
    a, b = ran("TestA", "fail", "one\n", "\x1b[31mtwo\x1b[0m\n"), ran("TestB", "pass", "other\n")
    a.insert(3, said("attr", "TestA", Key="k", Value="v"))
    mixed = [
        line
        for pair in zip(a, [*b, said("cont", "TestA"), said("cont", "TestA")], strict=False)
        for line in pair
    ]
    text = stream(*mixed, result="fail")
    test = next(t for t in store_of({"r.json": text}).tests.values() if t.test.name == "TestA")
    data = text.encode()
    known = formats.BY_NAME["gotest"]
    detail = known.detail([data[span.offset : span.offset + span.length] for span in test.last.spans])
    assert [section.text for section in detail.tracebacks] == [
        "=== RUN   TestA\none\n\x1b[31mtwo\x1b[0m\n--- FAIL: TestA (0.50s)\n"
    ]
    assert detail.properties == (("k", "v"),)


names = st.sampled_from(["TestA", "TestB", "TestA/x", "TestA/x/y", "BenchmarkC", ""])
lines_of = st.builds(
    lambda action, name, package, text: said(action, name, package, Output=text, ImportPath=package),
    st.sampled_from(["start", "run", "output", "pass", "fail", "skip", "cont", "build-output", "build-fail"]),
    names,
    st.sampled_from(["p", "q"]),
    st.sampled_from(
        ["panic: oh\n", "--- PASS: TestA (0.00s)\n", "::golden event=e\n", "FAIL\tp [build failed]\n"]
    ),
).map(json.dumps)
noise = st.sampled_from(["# p", "FAIL\tq [build failed]", "noise", "", "{", "\u202e\x1b["])
sources = st.lists(st.one_of(lines_of, lines_of, lines_of, noise)).map("\n".join)


@settings(max_examples=200)
@given(sources, st.lists(st.integers(0, 10**9), max_size=8))
def test_a_stream_says_the_same_however_it_is_cut(text: str, cuts: list[int]) -> None:
    data = text.encode()
    reader = formats.BY_NAME["gotest"].open
    assert told(reader(), pieces(data, cuts)) == told(reader(), [data])


@settings(max_examples=200)
@given(sources)
def test_the_outcomes_always_add_up(text: str) -> None:
    store = store_of({"r.json": stream(said("start", package="z")) + text})
    tally = store.overall
    assert tally.tests == tally.passed + tally.failed + tally.errors + tally.skipped == len(store.tests)


# The tool's own counts, and what TRUTH.md makes of what it leaves out: packages in error, and the test
# of go 1.19 whose result stands behind its own output (it passed) or was printed by another (no result).
DIALECTS = {
    "go-test-json/stdout.txt": (39, 19, 16, 3, 1),
    "gotestsum/log.json": (38, 19, 16, 2, 1),
    "gotestsum-killed/log.json": (31, 15, 10, 5, 1),
}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the dialects are not here")
@pytest.mark.parametrize("name", DIALECTS)
def test_a_real_stream_is_counted(name: str) -> None:
    data = Path(SHARED / "dialects" / name).read_bytes()
    assert counts(store_of({name: data}).overall) == DIALECTS[name]
