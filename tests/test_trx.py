"""Results of Visual Studio and `dotnet test`."""

import pytest

from tests.building import counts, only, outcomes, problems, read, records, store_of
from tui.core.model import Claimed, EventSeen, Outcome
from tui.core.store import Store
from tui.readers import formats

_NAMESPACE = 'xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010"'


def result(
    name: str = "T", outcome: str = "Passed", inner: str = "", *, id: str = "1", more: str = ""
) -> str:
    return (
        f'<UnitTestResult testId="{id}" testName="{name}" outcome="{outcome}" duration="00:01:02.5000000" '
        f'startTime="2026-01-13T10:00:00.1234567+00:00" {more}>{inner}</UnitTestResult>'
    )


def error(message: str, trace: str = "") -> str:
    return (
        "<Output><StdOut>out</StdOut><ErrorInfo>"
        f"<Message>{message}</Message><StackTrace>{trace}</StackTrace></ErrorInfo></Output>"
    )


def trx(*results: str, after: str = "") -> str:
    return (
        '\ufeff<?xml version="1.0" encoding="utf-8"?>\r\n'
        f'<TestRun id="x" name="run" {_NAMESPACE}><Times start="2026-01-13T10:00:00Z" '
        f'finish="2026-01-13T10:01:00Z"/><Results>{"".join(results)}</Results>{after}</TestRun>'
    )


def definition(id: str, class_name: str) -> str:
    method = f'<TestMethod codeBase="a.dll" className="{class_name}" name="T"/>'
    return f'<TestDefinitions><UnitTest name="T" id="{id}">{method}</UnitTest></TestDefinitions>'


def store(*results: str, after: str = "") -> Store:
    return store_of({"a.trx": trx(*results, after=after)})


@pytest.mark.parametrize(
    ("stated", "outcome"),
    [("Passed", Outcome.PASSED), ("Failed", Outcome.FAILED), ("Inconclusive", Outcome.SKIPPED)]
    + [(word, Outcome.SKIPPED) for word in ("NotExecuted", "NotRunnable")]
    + [(word, Outcome.ERROR) for word in ("Error", "Timeout", "Aborted", "InProgress", "Disconnected", "")],
)
def test_an_outcome_is_read(stated: str, outcome: Outcome) -> None:
    assert only(store(result(outcome=stated))).outcome is outcome


def test_a_failure_has_its_message_its_trace_and_its_times() -> None:
    (record,) = records(read(trx(result(outcome="Failed", inner=error("System.Exception: bad", "at A.B()")))))
    (found,) = record.failures
    assert (found.type, found.message, found.text) == ("Exception", "bad", "at A.B()")
    assert (record.duration, record.started) == (62.5, 1768298400.123456)


def test_the_class_stands_in_the_definitions_wherever_they_stand() -> None:
    xml = trx(result("M(1)"), after=definition("1", "N.C, Assembly, Version=1"))
    assert [tuple(each.test) for each in records(read(xml))] == [("N.C", "M(1)", 1)]
    before = xml.replace("<Results>", definition("1", "N.C") + "<Results>", 1)
    assert [tuple(each.test) for each in records(read(before))] == [("N.C", "M(1)", 1)]


def test_a_name_with_its_class_is_split_where_no_definition_is() -> None:
    assert [tuple(each.test) for each in records(read(trx(result("N.C.M(x: 1.5)"))))] == [
        ("N.C", "M(x: 1.5)", 1)
    ]


def test_results_of_one_test_id_are_tests_of_their_own() -> None:
    assert counts(store(result(), result(outcome="Failed"), result()).overall) == (3, 2, 1, 0, 0)


def test_a_result_that_holds_others_is_their_group() -> None:
    def group(outcome: str, *inner: str) -> str:
        return result("all", outcome, f"<InnerResults>{''.join(inner)}</InnerResults>")

    rows = (result("r1"), result("r2", "Failed"))
    assert counts(store(group("Failed", *rows)).overall) == (2, 1, 1, 0, 0)
    assert counts(store(group("Failed", rows[0])).overall) == (2, 1, 1, 0, 0)
    assert counts(store(group("Passed", rows[0])).overall) == (1, 1, 0, 0, 0)


def test_what_the_run_says_of_itself_is_a_problem() -> None:
    summary = (
        '<ResultSummary outcome="Failed"><Counters total="2" failed="1" error="1" timeout="1"/><RunInfos>'
        '<RunInfo outcome="Error"><Text>host crashed</Text></RunInfo>'
        '<RunInfo outcome="Warning"><Text>slow</Text></RunInfo></RunInfos></ResultSummary>'
    )
    events = read(trx(result(), after=summary))
    assert [problem.message for problem in problems(events)] == ["the run says Error: host crashed"]
    assert [event for event in events if isinstance(event, Claimed)] == [Claimed(2, 1, 2, None)]


def test_golden_events_are_read_from_what_was_printed() -> None:
    inner = "<Output><StdOut>::golden event=started\n</StdOut></Output>"
    events = read(trx(result(inner=inner)))
    assert [event.event.name for event in events if isinstance(event, EventSeen)] == ["started"]


def test_a_file_that_is_cut_short_keeps_its_results_and_the_open_one_is_in_flight() -> None:
    xml = trx(result("A.B.c"), result("A.B.d"))
    cut = store_of({"a.trx": xml[: xml.rindex("</UnitTestResult>")]})
    assert {label: word.value for label, word in outcomes(cut).items()} == {
        "A.B::c": "passed",
        "A.B::d": "error",
    }


def test_the_detail_has_everything_the_element_keeps() -> None:
    inner = error("m &amp; n", "at X") + '<ResultFiles><ResultFile path="a/b.png"/></ResultFiles>'
    record = result(outcome="Failed", inner=inner, more='computerName="box"').encode()
    detail = formats.BY_NAME["trx"].detail([record])
    assert [section.text for section in detail.tracebacks] == ["m & n\nat X"]
    assert [(section.title, section.text) for section in detail.outputs] == [("stdout", "out")]
    assert detail.properties == (("attachment", "a/b.png"), ("computerName", "box"))


def test_another_root_of_that_name_is_none() -> None:
    known = formats.recognise(b"<TestRun><FailedTests/></TestRun>")
    assert known is None or known.name != "trx"
