"""xUnit.net 1, 2 and 3."""

import pytest

from tests.building import BEGAN, counts, only, outcomes, read, records, store_of
from tui.core.model import Claimed, EventSeen, Outcome
from tui.readers import formats


def case(name: str = "N.C.M", result: str = "Pass", inner: str = "") -> str:
    return f'<test name="{name}" type="N.C" method="M" time="0.5" result="{result}">{inner}</test>'


def bad(message: str = "boom") -> str:
    return (
        '<failure exception-type="Xunit.Sdk.TrueException">'
        f"<message><![CDATA[{message}]]></message><stack-trace>at X</stack-trace></failure>"
    )


def xunit(*inside: str, errors: str = "") -> str:
    return (
        '<assemblies><assembly name="a.dll" test-framework="xUnit.net 2.9" run-date="2026-01-13" '
        'run-time="10:00:00" time="60" total="3" passed="1" failed="1" skipped="1" not-run="2" errors="1">'
        f"<errors>{errors}</errors><collection>{''.join(inside)}</collection></assembly></assemblies>"
    )


@pytest.mark.parametrize(
    ("result", "outcome"),
    [
        ("Pass", Outcome.PASSED),
        ("Fail", Outcome.FAILED),
        ("Skip", Outcome.SKIPPED),
        ("NotRun", Outcome.SKIPPED),
        ("Novel", Outcome.ERROR),
        ("", Outcome.ERROR),
    ],
)
def test_an_outcome_is_read(result: str, outcome: Outcome) -> None:
    assert only(store_of({"a.xml": xunit(case(result=result))})).outcome is outcome


def test_a_failure_has_its_type_its_message_and_its_trace() -> None:
    (record,) = records(read(xunit(case(result="Fail", inner=bad()))))
    (found,) = record.failures
    assert (found.type, found.message, found.text) == ("TrueException", "boom", "at X")


def test_the_name_is_what_goes_beyond_the_class() -> None:
    events = read(xunit(case("N.C.M(x: 1.5)"), case("does what it should. Really")))
    assert [tuple(each.test) for each in records(events)] == [
        ("N.C", "M(x: 1.5)", 1),
        ("N.C", "does what it should. Really", 1),
    ]


def test_names_that_repeat_are_tests_of_their_own() -> None:
    assert store_of({"a.xml": xunit(case(), case())}).overall.tests == 2


def test_a_skipped_test_says_why() -> None:
    assert (
        records(read(xunit(case(result="Skip", inner="<reason><![CDATA[later]]></reason>"))))[0].reason
        == "later"
    )


def test_an_error_of_the_assembly_is_one_test_in_error() -> None:
    store = store_of(
        {"a.xml": xunit(case(), errors=f'<error type="test-class-cleanup" name="N.C">{bad()}</error>')}
    )
    assert counts(store.overall) == (2, 1, 0, 1, 0)
    assert outcomes(store)["N.C::(test-class-cleanup)"] is Outcome.ERROR


def test_the_header_is_read() -> None:
    table = store_of({"a.xml": xunit(case())}).tables["a.xml"]
    assert table.claimed == Claimed(3, 1, 1, 3)
    assert (table.started, table.ended, table.producer) == (BEGAN, BEGAN + 60, "xUnit.net 2.9")


def test_golden_events_are_read_from_traits_and_output() -> None:
    inner = "<output>::golden event=two\n</output><traits><trait name='golden_event' value='one'/></traits>"
    events = read(xunit(case(inner=inner)))
    assert [event.event.name for event in events if isinstance(event, EventSeen)] == ["one", "two"]


def test_version_1_is_read_too() -> None:
    inner = f'<class name="N.C">{case()}</class>'
    xml = f'<assembly name="a.dll" test-framework="xUnit.net 1.9" total="1">{inner}</assembly>'
    assert only(store_of({"a.xml": xml})).outcome is Outcome.PASSED


def test_the_detail_has_everything_the_element_keeps() -> None:
    inner = bad() + "<output>printed</output><traits><trait name='k' value='v'/></traits>"
    detail = formats.BY_NAME["xunit"].detail([case(result="Fail", inner=inner).encode()])
    assert [section.text for section in detail.tracebacks] == ["boom\nat X"]
    assert [section.text for section in detail.outputs] == ["printed"]
    assert detail.properties == (("k", "v"),)


def test_a_test_that_is_open_where_the_file_ends_is_in_flight() -> None:
    xml = xunit(case(), case("N.C.Open"))
    assert counts(store_of({"a.xml": xml[: xml.rindex("</test>")]}).overall) == (2, 1, 0, 1, 0)
