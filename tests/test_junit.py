"""JUnit XML from pytest, from Surefire and from everybody else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.building import (
    BEGAN,
    case,
    counts,
    failure,
    fed,
    only,
    other_xml,
    outcomes,
    problems,
    put,
    pytest_xml,
    read,
    reader_of,
    records,
    store_of,
    teardown_error,
)
from tui.core.facts import gather
from tui.core.model import Claimed, EventSeen, Flag, Outcome, Phase, Repaired, SourceState, TestId
from tui.core.rules import Rules
from tui.core.store import Store
from tui.readers import formats

# --- pytest ------------------------------------------------------------------------------------------


def test_pytest_writes_a_failure_and_its_teardown_error_as_two_elements_of_one_test() -> None:
    store = store_of({"a.xml": pytest_xml(case(inner=failure()), case(inner=teardown_error()))})
    assert counts(store.overall) == (1, 0, 1, 0, 0)
    assert store.overall.outcomes == 2
    assert only(store).flags == {Flag.TEARDOWN_ERROR}


def test_a_passed_call_with_a_teardown_error_is_an_error() -> None:
    store = store_of({"a.xml": pytest_xml(case(inner=teardown_error()))})
    assert counts(store.overall) == (1, 0, 0, 1, 0)


def test_a_failure_and_an_error_in_one_element_are_a_failure_that_keeps_the_error() -> None:
    store = store_of({"a.xml": pytest_xml(case(inner=failure() + teardown_error()))})
    assert only(store).outcome is Outcome.FAILED
    assert [each.outcome for each in only(store).failures] == [Outcome.FAILED, Outcome.ERROR]


def test_a_teardown_error_says_its_phase_and_its_exception() -> None:
    store = store_of({"a.xml": pytest_xml(case(inner=teardown_error("KeyError: 'x'")))})
    found = only(store).failure
    assert found is not None
    assert (found.phase, found.type, found.message) == (Phase.TEARDOWN, "KeyError", "'x'")


def test_phantom_passes_of_a_rerun_are_attempts() -> None:
    store = store_of(
        {"a.xml": pytest_xml(case(), case(), case(inner=failure()), case("test_b"), case("test_b"))}
    )
    assert counts(store.overall) == (2, 1, 1, 0, 0)
    assert store.overall.outcomes == 5
    assert store.overall.flaky == 1


def test_a_skipped_test_says_why_and_an_expected_failure_has_its_flag() -> None:
    skip = '<skipped type="pytest.skip" message="no redis">x.py:1: no redis</skipped>'
    xfail = '<skipped type="pytest.xfail" message="known"/>'
    store = store_of({"a.xml": pytest_xml(case("s", skip), case("x", xfail))})
    results = {result.test.name: result for result in store.tests.values()}
    assert counts(store.overall) == (2, 0, 0, 0, 2)
    assert results["s"].last.reason == "no redis"
    assert results["x"].flags == {Flag.XFAIL}


def test_a_module_that_could_not_be_collected_is_one_test_in_error() -> None:
    error = '<error message="collection failure">E   ImportError: no module named x</error>'
    store = store_of({"a.xml": pytest_xml(case("tests.unit.test_a", error, suite=""))})
    result = only(store)
    assert (result.outcome, result.label) == (Outcome.ERROR, "tests/unit/test_a.py")
    assert result.failure is not None
    assert (result.failure.phase, result.failure.type) == (Phase.COLLECT, "ImportError")


def test_the_nameless_case_of_a_test_that_was_stopped_is_a_problem_and_no_pass() -> None:
    events = read(pytest_xml(case(), '<testcase time="0.1"/>'))
    assert len(records(events)) == 1
    assert [problem.kind for problem in problems(events)] == ["nameless"]


def test_what_pytest_escapes_is_read_back() -> None:
    events = read(pytest_xml(case(inner=failure(text="red #x1B[31mtext#x1B[0m"))))
    assert records(events)[0].failures[0].text == "red \x1b[31mtext\x1b[0m"


def test_a_pytest_test_is_called_by_its_node_id() -> None:
    store = store_of({"a.xml": pytest_xml(case("test_x[a.b::c/d]", suite="tests.unit.test_a.TestUser"))})
    assert only(store).label == "tests/unit/test_a.py::TestUser::test_x[a.b::c/d]"


@pytest.mark.parametrize(
    ("suite", "label"),
    [
        ("pkg.Upper.test_Up", "pkg/Upper/test_Up.py::a"),
        ("pkg.Upper.test_Up.TestK.TestInner", "pkg/Upper/test_Up.py::TestK::TestInner::a"),
        ("pkg.thing_test.describe", "pkg/thing_test.py::describe::a"),
        ("pkg.checks.Thing", "pkg/checks.py::Thing::a"),
    ],
)
def test_the_module_is_the_last_part_that_looks_like_one(suite: str, label: str) -> None:
    assert only(store_of({"a.xml": pytest_xml(case("a", suite=suite))})).label == label


def test_what_pytest_escapes_in_texts_only_stands_for_itself_in_a_name() -> None:
    (found,) = records(read(pytest_xml(case("test_x[#x1B]"))))
    assert found.test.name == "test_x[#x1B]"


def test_a_case_that_says_when_it_began_is_believed() -> None:
    (found,) = records(read(other_xml(case(more='timestamp="2026-01-13T10:00:00Z"'))))
    assert found.started == 1768298400.0


def test_a_failure_of_googletest_says_its_place_first() -> None:
    told = "<failure message='a.cc:7&#10;Value of: x' type=''><![CDATA[a.cc:7\nValue of: x]]></failure>"
    (found,) = records(read(f'<testsuites name="AllTests">{other_xml(case(inner=told))}</testsuites>'))
    assert found.failures[0].headline == "Value of: x"
    assert str(found.failures[0].location) == "a.cc:7"


# --- Surefire ----------------------------------------------------------------------------------------

_TRACE = "<stackTrace>java.lang.Error</stackTrace><system-out>printed</system-out>"


def test_a_flaky_failure_of_surefire_is_a_failed_attempt_before_a_pass() -> None:
    flaky = f'<flakyFailure message="first" type="E">{_TRACE}</flakyFailure>'
    store = store_of({"a.xml": other_xml(case(inner=flaky))})
    assert only(store).outcome is Outcome.PASSED
    assert only(store).flags == {Flag.FLAKY, Flag.RERUN}
    assert store.overall.flaky == 1


@pytest.mark.parametrize(("kind", "outcome"), [("Failure", Outcome.FAILED), ("Error", Outcome.ERROR)])
def test_further_failed_attempts_of_surefire_are_attempts(kind: str, outcome: Outcome) -> None:
    tag = kind.lower()
    inner = f"<{tag} message='last'/><rerun{kind} message='other' type='E'>{_TRACE}</rerun{kind}>"
    result = only(store_of({"a.xml": other_xml(case(inner=inner))}))
    assert result.outcome is outcome
    assert [attempt.outcome for attempt in result.attempts] == [outcome, outcome]
    assert result.flags == {Flag.RERUN}


def test_output_within_an_attempt_is_not_lost_on_the_case_that_holds_it() -> None:
    inner = f"<flakyError message='m'>{_TRACE}</flakyError><system-out>::golden event=started</system-out>"
    events = read(other_xml(case(inner=inner)))
    assert len(records(events)[0].earlier) == 1
    assert [event.event.name for event in events if isinstance(event, EventSeen)] == ["started"]


# --- everybody else ----------------------------------------------------------------------------------


def test_names_of_other_producers_really_repeat_and_stay_apart() -> None:
    store = store_of({"a.xml": other_xml(case(), case(inner=failure()), case(), header='tests="3"')})
    assert counts(store.overall) == (3, 2, 1, 0, 0)
    assert [key.test.ordinal for key in store.tests] == [1, 2, 3]
    assert not store.overall.flaky


def test_a_repeated_name_that_is_still_open_does_not_swallow_the_one_before_it() -> None:
    whole = other_xml(case(), header='tests="2"').replace("</testsuite>", "")
    store = store_of({"a.xml": whole + '<testcase classname="tests.test_a" name="test_a"><system-out>begun'})
    assert counts(store.overall) == (2, 1, 0, 1, 0)
    assert [result.flags for result in store.tests.values()] == [frozenset(), {Flag.CUT_SHORT}]


def test_repeated_names_directly_under_the_root_stay_apart() -> None:
    store = store_of({"a.xml": f"<testsuites>{case()}{case()}</testsuites>"})
    assert counts(store.overall) == (2, 2, 0, 0, 0)


def test_only_the_whole_header_of_pytest_makes_another_name_pytest() -> None:
    jest = 'errors="0" failures="0" skipped="0" timestamp="2026-01-13T10:00:00" time="1" tests="2"'
    renamed = (
        'errors="0" failures="0" skipped="0" tests="2" time="1" timestamp="2026-01-13T10:00:00" hostname="h"'
    )
    assert store_of({"a.xml": other_xml(case(), case(), header=jest)}).overall.tests == 2
    assert store_of({"a.xml": other_xml(case(), case(), header=renamed)}).overall.tests == 1


def test_an_error_directly_under_a_suite_is_one_test_in_error() -> None:
    xml = other_xml(case(), '<error message="SetUpTestSuite failed"/>', name="net")
    store = store_of({"a.xml": xml})
    assert counts(store.overall) == (2, 1, 0, 1, 0)
    assert outcomes(store)["net"] is Outcome.ERROR


@pytest.mark.parametrize("status", ["notrun", "disabled", "ignored", "Disabled", "suppressed"])
@pytest.mark.parametrize("attribute", ["status", "result"])
def test_a_case_that_says_it_did_not_run_is_skipped(status: str, attribute: str) -> None:
    store = store_of({"a.xml": other_xml(case(more=f'{attribute}="{status}"'))})
    assert counts(store.overall) == (1, 0, 0, 0, 1)


def test_a_failed_case_that_says_disabled_is_failed() -> None:
    store = store_of({"a.xml": other_xml(case(inner=failure(), more='status="disabled"'))})
    assert only(store).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("stated", "seconds"),
    [("0.5", 0.5), ("1,234.5", 1234.5), ("1,234,567", 1234567.0), ("", None), ("time", None), ("-1", None)]
    + [(odd, None) for odd in ("NaN", "inf", "1e999")],
)
def test_a_duration_is_read_with_thousands_separators_or_not_at_all(
    stated: str, seconds: float | None
) -> None:
    events = read(other_xml(f'<testcase name="t" time="{stated}"/>'))
    assert records(events)[0].duration == seconds


def test_a_header_is_read_with_thousands_separators() -> None:
    events = read(other_xml(case(), header='tests="1,116" failures="2" errors="" skipped="x"'))
    assert [event for event in events if isinstance(event, Claimed)] == [Claimed(1116, 2, None, None)]


def test_suites_within_suites_are_part_of_the_identity() -> None:
    xml = f"<testsuites><testsuite name='a'>{other_xml(case(suite=''), name='b')}</testsuite></testsuites>"
    assert records(read(xml))[0].test == TestId("a/b", "test_a")


def test_a_namespace_changes_nothing() -> None:
    inner = '<j:testcase name="t"><j:failure message="m"/></j:testcase>'
    xml = f'<j:testsuite xmlns:j="urn:x" name="s">{inner}</j:testsuite>'
    assert records(read(xml))[0].outcome is Outcome.FAILED


def test_when_the_run_was_is_taken_from_the_suite() -> None:
    store = store_of({"a.xml": pytest_xml(case(), time=60)})
    table = store.tables["a.xml"]
    assert (table.started, table.ended) == (BEGAN, BEGAN + 60)


@pytest.mark.parametrize(
    ("said", "outcome"), [("failed", Outcome.FAILED), ("Failure", Outcome.FAILED), ("error", Outcome.ERROR)]
)
def test_a_case_that_says_it_is_bad_and_not_why_is_bad(said: str, outcome: Outcome) -> None:
    store = store_of({"a.xml": other_xml(case(more=f'status="{said}"'))})
    assert only(store).outcome is outcome


def test_an_error_directly_under_the_root_is_one_test_in_error() -> None:
    store = store_of({"a.xml": "<testsuites><error message='E: no such file'/></testsuites>"})
    assert counts(store.overall) == (1, 0, 0, 1, 0)


def gotestsum_xml(*cases: str) -> str:
    header = 'tests="3" failures="1" time="1" name="p" timestamp="2026-01-13T10:00:00Z"'
    return f"<testsuites><testsuite {header}>{''.join(cases)}</testsuite></testsuites>"


def test_gotestsum_writes_an_element_for_each_attempt_of_a_test_that_failed() -> None:
    store = store_of({"a.xml": gotestsum_xml(case(inner=failure()), case(inner=failure()), case())})
    assert counts(store.overall) == (1, 1, 0, 0, 0)
    assert only(store).flags == {Flag.FLAKY, Flag.RERUN}


def test_what_gotestsum_repeats_after_a_pass_is_a_run_of_its_own() -> None:
    store = store_of({"a.xml": gotestsum_xml(case(), case(), case(inner=failure()), case())})
    assert counts(store.overall) == (3, 3, 0, 0, 0)
    assert store.overall.flaky == 1


_HEADERS = {
    "Gradle": 'name="A" tests="1" skipped="0" failures="0" errors="0" timestamp="x" hostname="h" time="1"',
    "Ant": 'errors="0" failures="0" hostname="h" name="A" skipped="0" tests="1" time="1" timestamp="x"',
    "Maven Surefire": 'xmlns:x="y" x:l="https://maven.apache.org/x/surefire-test-report.xsd" name="A"',
    "PHPUnit": 'name="A" tests="1" assertions="3" errors="0" failures="0" skipped="0" time="1"',
    "Boost.Test": 'tests="1" skipped="0" errors="0" failures="0" id="0" name="A"',
    "Catch2": 'name="A" errors="0" failures="0" tests="9" hostname="tbd" time="1" timestamp="x"',
    "Robot Framework": 'name="A" tests="1" errors="0" failures="0" skipped="0" time="1" timestamp="x"',
    "RSpec": 'name="rspec" tests="1"',
    "ExUnit": 'name="Elixir.A" tests="1"',
    "": 'name="A" tests="1"',
}


@pytest.mark.parametrize("producer", _HEADERS)
def test_a_producer_is_told_by_what_it_writes(producer: str) -> None:
    xml = f"<testsuites><testsuite {_HEADERS[producer]}>{case()}</testsuite></testsuites>"
    assert store_of({"a.xml": xml}).tables["a.xml"].producer == producer


def test_a_producer_that_merges_is_named_before_the_first_case_or_not_at_all() -> None:
    late = "<testsuites>" + case() + case() + "<testsuite name='pytest'/></testsuites>"
    store = store_of({"a.xml": late})
    assert (store.overall.tests, store.tables["a.xml"].producer) == (2, "")


@pytest.mark.parametrize(
    ("header", "written", "read_as"),
    [
        ('name="A" errors="0" hostname="tbd"', r"\x1B[31mred", "\x1b[31mred"),
        ('name="JUnit Jupiter"', "&amp;#27;[31mred", "\x1b[31mred"),
        (
            'name="A" tests="1" failures="0" disabled="0" skipped="0" hostname="" time="6" timestamp="x"',
            "[NON-XML-CHAR-0x1B][31mred [NON-UTF-8-BYTE-0xFF]",
            "\x1b[31mred \ufffd",
        ),
        ('name="A"', "#x1B[31m [NON-XML-CHAR-0x1B] \\x1B", "#x1B[31m [NON-XML-CHAR-0x1B] \\x1B"),
    ],
)
def test_an_escape_is_read_back_only_as_its_producer_means_it(
    header: str, written: str, read_as: str
) -> None:
    xml = f"<testsuite {header}>{case(inner=failure(text=written))}</testsuite>"
    assert records(read(xml))[0].failures[0].text == read_as


def test_the_detail_has_attachments_attempts_and_what_they_printed() -> None:
    inner = (
        "<flakyFailure message='first'><stackTrace>at A.b(A.java:1)</stackTrace>"
        "<system-out>earlier</system-out></flakyFailure>"
        "<properties><property name='owner' value='x'/></properties>"
        "<system-out>shot [[ATTACHMENT|shots/a.png]]\n</system-out>"
    )
    detail = formats.BY_NAME["junit"].detail([case(inner=inner).encode()])
    assert [(part.title, part.text) for part in detail.tracebacks] == [("flakyFailure", "at A.b(A.java:1)")]
    assert {part.title for part in detail.outputs} == {"stdout", "stdout of flakyFailure"}
    assert detail.properties == (("owner", "x"), ("attachment", "shots/a.png"))


# --- what the header claims (TRUTH 2) -----------------------------------------------------------------


def notes_of(xml: str) -> tuple[str, ...]:
    return gather(store_of({"a.xml": xml}), BEGAN).notes


def test_a_header_that_claims_too_much_is_a_note_and_not_the_count() -> None:
    xml = other_xml(case(), case("test_b", failure()), header='tests="5" failures="2" errors="0" skipped="0"')
    assert counts(store_of({"a.xml": xml}).overall) == (2, 1, 1, 0, 0)
    assert "a.xml: its header claims 5 tests, counted 2" in notes_of(xml)
    assert "a.xml: its header claims 2 failures, counted 1" in notes_of(xml)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ('tests="5"', "its header claims 5 tests, it lists none"),
        ('tests="0" errors="1"', "its header claims 1 failure, it lists none"),
        ('tests="0" failures="0" errors="0"', ""),
    ],
)
def test_a_header_that_claims_tests_in_a_file_that_lists_none_is_a_problem(header: str, said: str) -> None:
    events = read(other_xml(header=header))
    assert [problem.message for problem in problems(events)] == [said][: bool(said)]


def test_a_header_that_is_right_is_no_note() -> None:
    xml = other_xml(case(), header='tests="1" failures="0" errors="0" skipped="0"')
    assert notes_of(xml) == ()


def test_headers_of_several_suites_add_up_and_a_root_that_claims_stands_for_them() -> None:
    suite = other_xml(case(), header='tests="1" failures="0"', name="{}")
    both = f"{suite.format('a')}{suite.format('b')}"
    for root in ("<testsuites>", '<testsuites tests="2" failures="0">'):
        claimed = store_of({"a.xml": f"{root}{both}</testsuites>"}).tables["a.xml"].claimed
        assert claimed == Claimed(2, 0, None, None)


# --- where it ends --------------------------------------------------------------------------------------


def cut_before(xml: str, mark: str) -> str:
    return xml[: xml.index(mark)]


def test_every_closed_case_counts_and_the_open_one_is_in_flight() -> None:
    xml = cut_before(pytest_xml(case(), case("test_b", "<system-out>")), "</testcase></testsuite>")
    store = store_of({"a.xml": xml})
    assert counts(store.overall) == (2, 1, 0, 1, 0)
    assert outcomes(store)["tests/test_a.py::test_b"] is Outcome.ERROR
    assert "inside <testcase name='test_b'>" in store.tables["a.xml"].reason


def test_an_open_case_that_had_failed_is_failed() -> None:
    xml = cut_before(pytest_xml(case("test_b", failure() + "<system-out>")), "</testcase>")
    assert only(store_of({"a.xml": xml})).outcome is Outcome.FAILED


def test_every_case_before_a_fault_counts_and_the_fault_is_said_with_its_place() -> None:
    reader = reader_of(xml := pytest_xml(case()).encode())
    events = reader.feed(xml.replace(b"</testsuite>", b"<oops"))
    assert len(records(events)) == 1
    assert [problem.line for problem in problems(events)] == [1]
    assert problems(events)[0].message.startswith("not well-formed at line 1, column")
    assert reader.ending().complete


def test_what_follows_the_root_element_does_no_harm() -> None:
    reader = reader_of(xml := pytest_xml(case()).encode())
    assert len(records(reader.feed(xml + b"\n garbage <"))) == 1
    assert reader.ending().complete


def test_characters_that_xml_forbids_are_replaced_and_counted() -> None:
    store = store_of({"a.xml": pytest_xml(case(inner=failure(text="\x1b[31mred\x1b[0m \x00")))})
    assert counts(store.overall) == (1, 0, 1, 0, 0)
    assert store.tables["a.xml"].repaired == 3
    assert "a.xml: repaired, 3 characters replaced" in gather(store, BEGAN).notes


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig", "latin-1"])
def test_an_encoding_is_read_in_pieces_of_any_size(encoding: str, size: int) -> None:
    declared = "utf-8" if encoding == "utf-8-sig" else "utf-16" if "16" in encoding else encoding
    xml = f'<?xml version="1.0" encoding="{declared}"?><testsuite><testcase name="é"/></testsuite>'
    data = (b"\xff\xfe" if encoding == "utf-16-le" else b"") + xml.encode(encoding)
    known = formats.recognise(data)
    assert known is not None
    reader = known.open()
    parts = [data[start : start + size] for start in range(0, len(data), size)]
    events = fed(reader, parts)
    assert [each.test.name for each in records(events)] == ["é"]
    assert not any(isinstance(event, Repaired) for event in events)


@settings(max_examples=12)
@given(st.sampled_from([1021, 4096, 65_537]), st.integers(300_000, 400_000))
def test_a_long_text_is_cut_at_the_same_place_however_it_comes(size: int, length: int) -> None:
    xml = other_xml(case(inner=f"<failure message='m'>{'0123456789' * (length // 10)}</failure>")).encode()
    whole, slow = reader_of(xml), reader_of(xml)
    events = [event for i in range(0, len(xml), size) for event in slow.feed(xml[i : i + size])]
    assert records(events) == records(whole.feed(xml))


def test_a_source_that_is_being_written_counts_no_open_case() -> None:
    store = Store(Rules())
    xml = cut_before(pytest_xml(case(), case("test_b", "<system-out>")), "</testcase></testsuite>")
    put(store, "a.xml", xml, state=SourceState.GROWING)
    assert counts(store.overall) == (1, 1, 0, 0, 0)
