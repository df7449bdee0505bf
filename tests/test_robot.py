"""Robot Framework's output.xml."""

from pathlib import Path

import pytest

from tests.building import SHARED, counts, loaded, only, outcomes, problems, read, records, store_of, written
from tui.core.model import EventSeen, Flag, Location, Outcome, Phase
from tui.readers import formats

PASS, FAIL, SKIP = "PASS", "FAIL", "SKIP"


def status(word: str, text: str = "") -> str:
    return f'<status status="{word}" start="2026-01-13T10:00:00.000000" elapsed="0.5">{text}</status>'


def keyword(word: str = PASS, *, type: str = "", said: str = "") -> str:
    said = said and f'<msg time="x" level="INFO">{said}</msg>'
    return f'<kw name="Log" type="{type}">{said}<arg>a</arg>{status(word)}</kw>'


def case(*inside: str, word: str = PASS, text: str = "", name: str = "Does It") -> str:
    return f'<test id="s1-t1" name="{name}" line="7">{"".join(inside)}{status(word, text)}</test>'


def suite(*inside: str, word: str = PASS, name: str = "Suite") -> str:
    return f'<suite id="s1" name="{name}" source="/a/{name}.robot">{"".join(inside)}{status(word)}</suite>'


def robot(*inside: str) -> str:
    table = '<suite><stat name="Suite" id="s1" pass="1" fail="0">Suite</stat></suite>'
    return (
        '<?xml version="1.0" encoding="UTF-8"?><robot generator="Robot 7.5 " schemaversion="5">'
        f"{''.join(inside)}"
        f'<statistics><total><stat pass="1" fail="0" skip="0">All Tests</stat></total>{table}'
        '</statistics><errors><msg level="ERROR">import failed</msg>'
        '<msg level="WARN">x</msg></errors></robot>'
    )


def test_a_test_is_called_as_robot_calls_it() -> None:
    (record,) = records(read(robot(suite(suite(case(keyword()), name="Inner")))))
    assert tuple(record.test) == ("Suite.Inner", "Does It", 1)
    assert (record.location, record.duration, record.started) == (
        Location("/a/Inner.robot", 7),
        0.5,
        1768298400.0,
    )


@pytest.mark.parametrize(
    ("word", "outcome"),
    [(PASS, Outcome.PASSED), (FAIL, Outcome.FAILED), (SKIP, Outcome.SKIPPED), ("NOT RUN", Outcome.SKIPPED)],
)
def test_an_outcome_is_read(word: str, outcome: Outcome) -> None:
    result = only(store_of({"o.xml": robot(suite(case(keyword(word), word=word, text="because")))}))
    assert result.outcome is outcome
    if outcome is Outcome.SKIPPED:
        assert result.last.reason == "because"


def test_what_failed_before_or_after_the_test_alone_is_an_error() -> None:
    down = keyword(FAIL, type="TEARDOWN")
    tests = (
        case(keyword(FAIL, type="SETUP"), word=FAIL, text="Setup failed:\nx", name="setup"),
        case(keyword(), down, word=FAIL, text="Teardown failed:\nx", name="teardown"),
        case(keyword(FAIL), down, word=FAIL, text="own\n\nAlso teardown failed:\nx", name="both"),
        case(word=FAIL, text="Parent suite setup failed:\nx", name="parent"),
        case(word=FAIL, text="Test cannot be empty.", name="empty"),
    )
    results = {each.test.name: each for each in store_of({"o.xml": robot(suite(*tests))}).tests.values()}
    assert {name: result.outcome.value for name, result in results.items()} == {
        "setup": "error",
        "teardown": "error",
        "both": "failed",
        "parent": "error",
        "empty": "failed",
    }
    assert results["both"].flags == {Flag.TEARDOWN_ERROR}
    assert [each.phase for each in results["teardown"].failures] == [Phase.TEARDOWN]


def test_a_tear_down_of_a_suite_makes_all_its_tests_bad_but_the_skipped() -> None:
    tests = (
        case(keyword(), name="a"),
        case(keyword(FAIL), word=FAIL, text="own", name="b"),
        case(word=SKIP, name="c"),
    )
    torn = suite(suite(*tests, name="Inner"), keyword(FAIL, type="TEARDOWN"), word=FAIL, name="Torn")
    store = store_of({"o.xml": robot(suite(torn, suite(case(name="d"), name="Well")))})
    assert {label.rpartition("::")[2]: word.value for label, word in outcomes(store).items()} == {
        "a": "error",
        "b": "failed",
        "c": "skipped",
        "d": "passed",
    }
    assert store.overall.teardown_errors == 1


def test_an_error_of_the_run_is_a_problem() -> None:
    assert [problem.message for problem in problems(read(robot(suite(case()))))] == ["import failed"]


def test_golden_events_are_read_from_what_was_logged() -> None:
    events = read(robot(suite(case(keyword(said="::golden event=one"), keyword(said="::golden event=two")))))
    assert [event.event.name for event in events if isinstance(event, EventSeen)] == ["one", "two"]


def test_older_schemas_state_their_times_otherwise() -> None:
    old = '<status status="PASS" starttime="20260113 10:00:00.000" endtime="20260113 10:00:01.500"/>'
    (record,) = records(read(robot(suite(case().replace(status(PASS), old)))))
    assert (record.started, record.duration) == (1768298400.0, 1.5)


def test_the_detail_shows_the_keywords_as_they_are_nested() -> None:
    inner = f'<for flavor="IN"><iter>{keyword(FAIL, said="printed")}{status(FAIL)}</iter>{status(FAIL)}</for>'
    record = case(inner, "<tag>smoke</tag>", word=FAIL, text="why").encode()
    detail = formats.BY_NAME["robot"].detail([record])
    assert [section.text for section in detail.tracebacks] == ["why"]
    assert detail.outputs[0].text == "FAIL FOR\n  FAIL ITER\n    FAIL Log    a\n      INFO: printed"
    assert detail.properties == (("tag", "smoke"),)


def test_a_file_that_is_cut_short_keeps_its_tests_and_the_open_one_is_in_flight() -> None:
    xml = robot(suite(case(name="a"), case(keyword(), name="b")))
    store = store_of({"o.xml": xml[: xml.rindex("</kw>")]})
    assert {label: word.value for label, word in outcomes(store).items()} == {
        "Suite::a": "passed",
        "Suite::b": "error",
    }


@pytest.mark.skipif(not (SHARED / "dialects").is_dir(), reason="the corpus is not here")
def test_a_real_run_has_the_numbers_that_robot_says(tmp_path: Path) -> None:
    real = (SHARED / "dialects" / "robotframework" / "output.xml").read_bytes()
    tally = loaded(written(tmp_path, {"output.xml": real})).overall
    assert (tally.tests, tally.passed, tally.bad, tally.skipped) == (19, 6, 11, 2)
    assert counts(tally) == (19, 6, 6, 5, 2)
