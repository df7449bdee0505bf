"""NUnit 2 and 3."""

import pytest

from tests.building import counts, only, outcomes, read, records, store_of
from tui.core.model import Claimed, Outcome
from tui.readers import formats


def case3(name: str = "M", result: str = "Passed", inner: str = "", *, label: str = "") -> str:
    return (
        f'<test-case id="1" name="{name}" fullname="N.C.{name}" classname="N.C" result="{result}" '
        f'label="{label}" duration="0.5" start-time="2026-01-13 10:00:00Z">{inner}</test-case>'
    )


def suite3(*inside: str, result: str = "Passed", name: str = "N.C", more: str = "") -> str:
    header = f'type="TestFixture" fullname="{name}" result="{result}" {more}'
    return f"<test-suite {header}>{''.join(inside)}</test-suite>"


def run3(*inside: str) -> str:
    return (
        '<test-run id="2" total="4" passed="1" failed="2" skipped="1" inconclusive="1" '
        f'start-time="2026-01-13 10:00:00Z" end-time="2026-01-13 10:01:00Z">{"".join(inside)}</test-run>'
    )


def case2(name: str, attributes: str, inner: str = "") -> str:
    return f'<test-case name="{name}" {attributes}>{inner}</test-case>'


def results2(*inside: str) -> str:
    return (
        '<test-results name="a.dll" total="2" errors="1" failures="1" not-run="1" date="2010-10-18" '
        'time="13:23:35"><test-suite name="a" success="False"><results>'
        f"{''.join(inside)}</results></test-suite>"
        "</test-results>"
    )


@pytest.mark.parametrize(
    ("result", "label", "outcome"),
    [
        ("Passed", "", Outcome.PASSED),
        ("Warning", "", Outcome.PASSED),
        ("Failed", "", Outcome.FAILED),
        ("Failed", "Error", Outcome.ERROR),
        ("Failed", "Invalid", Outcome.ERROR),
        ("Failed", "Cancelled", Outcome.ERROR),
        ("Skipped", "Ignored", Outcome.SKIPPED),
        ("Skipped", "Invalid", Outcome.SKIPPED),
        ("Inconclusive", "", Outcome.SKIPPED),
        ("Novel", "", Outcome.ERROR),
    ],
)
def test_an_outcome_of_version_3_is_read(result: str, label: str, outcome: Outcome) -> None:
    assert only(store_of({"a.xml": run3(suite3(case3(result=result, label=label)))})).outcome is outcome


@pytest.mark.parametrize(
    ("attributes", "outcome"),
    [
        ('executed="True" result="Success" success="True"', Outcome.PASSED),
        ('executed="True" result="Failure" success="False"', Outcome.FAILED),
        ('executed="True" result="Error" success="False"', Outcome.ERROR),
        ('executed="False" result="NotRunnable"', Outcome.SKIPPED),
        ('executed="False" result="Ignored"', Outcome.SKIPPED),
        ('executed="True" success="True"', Outcome.PASSED),
        ('executed="True" success="False"', Outcome.FAILED),
        ('executed="False"', Outcome.SKIPPED),
    ],
)
def test_an_outcome_of_version_2_is_read(attributes: str, outcome: Outcome) -> None:
    assert only(store_of({"a.xml": results2(case2("N.C.M", attributes))})).outcome is outcome


def test_the_class_is_stated_or_stands_in_the_name() -> None:
    stated = records(read(run3(suite3(case3("M(1.5)")))))
    named = records(read(results2(case2('N.C.M("a.b")'.replace('"', "&quot;"), 'result="Success"'))))
    assert [tuple(each.test) for each in stated + named] == [("N.C", "M(1.5)", 1), ("N.C", 'M("a.b")', 1)]


def test_a_failure_has_its_message_and_its_trace() -> None:
    said = "<message><![CDATA[System.Exception : bad]]></message><stack-trace>at X</stack-trace>"
    inner = f"<failure>{said}</failure>"
    (record,) = records(read(run3(suite3(case3(result="Failed", inner=inner)))))
    assert (record.failures[0].message, record.failures[0].text) == ("System.Exception : bad", "at X")
    assert (record.duration, record.started) == (0.5, 1768298400.0)


def test_a_skipped_test_says_why() -> None:
    inner = "<reason><message>not now</message></reason>"
    assert records(read(run3(suite3(case3(result="Skipped", inner=inner)))))[0].reason == "not now"


def test_a_suite_that_is_bad_while_nothing_in_it_is_is_one_test_in_error() -> None:
    why = "<failure><message>TearDown : left open</message></failure>"
    inner = suite3(case3(), why, result="Failed", more='site="TearDown" label="Error"')
    store = store_of({"a.xml": run3(suite3(inner, result="Failed", name="a.dll"))})
    assert counts(store.overall) == (2, 1, 0, 1, 0)
    assert outcomes(store)["N.C"] is Outcome.ERROR


def test_an_assembly_that_could_not_be_loaded_is_one_test_in_error() -> None:
    suite = suite3("<reason><message>no file</message></reason>", result="Failed", name="a.dll")
    result = only(store_of({"a.xml": run3(suite)}))
    assert result.failure is not None
    assert (result.outcome, result.failure.message) == (Outcome.ERROR, "no file")


def test_a_suite_that_is_bad_for_a_test_in_it_is_no_test() -> None:
    store = store_of(
        {"a.xml": run3(suite3(suite3(case3(result="Failed"), result="Failed"), result="Failed"))}
    )
    assert counts(store.overall) == (1, 0, 1, 0, 0)


def test_what_the_headers_claim_is_made_comparable() -> None:
    claims = [event for xml in (run3(), results2()) for event in read(xml) if isinstance(event, Claimed)]
    assert claims == [Claimed(4, None, None, 2), Claimed(3, 1, 1, None)]


def test_the_detail_has_everything_the_element_keeps() -> None:
    inner = (
        "<properties><property name='Category' value='a'/><property name='Category' value='b'/></properties>"
        "<failure><message>m</message><stack-trace>at X</stack-trace></failure><output>printed</output>"
        "<attachments><attachment><filePath>a.png</filePath></attachment></attachments>"
    )
    detail = formats.BY_NAME["nunit"].detail([case3(result="Failed", inner=inner).encode()])
    assert [section.text for section in detail.tracebacks] == ["m\nat X"]
    assert [section.text for section in detail.outputs] == ["printed"]
    assert detail.properties == (("Category", "a"), ("Category", "b"), ("attachment", "a.png"))


def test_a_test_that_is_open_where_the_file_ends_is_in_flight() -> None:
    xml = run3(suite3(case3(), case3("Open")))
    store = store_of({"a.xml": xml[: xml.rindex("</test-case>")]})
    assert counts(store.overall) == (2, 1, 0, 1, 0)
