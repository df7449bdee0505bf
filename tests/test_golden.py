"""Golden paths: what an event's evidence is worth, and in which order it came (TRUTH 4)."""

from collections.abc import Mapping

import pytest

from tests.building import case, event_log, facts_of, failure, pytest_xml
from tui.core.criteria import Criteria
from tui.core.golden import EACH_PROVEN, Order, OrderState, PathRule, PathVerdict, Word
from tui.core.model import EvidenceKind
from tui.core.rules import Rules

EVENTS = ("started", "thinking", "completed")
PATH = PathRule("Chat", EVENTS, key="thread")
TEST = "tests/test_a.py::{}"
PASSING, FAILING = pytest_xml(case("good"), case("also")), pytest_xml(case("good", failure()))


def seen(event: str, test: str | None = "good", **more: object) -> dict[str, object]:
    tied = {"test": TEST.format(test)} if test else {}
    return {"event": event, "thread": "th-1", **tied, **more}


def in_turn(*events: str, test: str | None = "good") -> list[dict[str, object]]:
    return [seen(event, test, seq=number) for number, event in enumerate(events, 1)]


def judged(
    events: list[dict[str, object]],
    xml: str = PASSING,
    rule: PathRule = PATH,
    others: Mapping[str, str] | None = None,
) -> PathVerdict:
    logs: Mapping[str, str] = {"chat.events.jsonl": event_log(*events)} if events else {}
    facts = facts_of({"a.xml": xml, **logs, **(others or {})}, Rules(golden_paths=(rule,)))
    (verdict,) = facts.golden_paths
    return verdict


def words(verdict: PathVerdict) -> list[str]:
    return [str(event.word) for event in verdict.events]


def test_one_passing_test_that_shows_every_event_in_order_proves_the_path() -> None:
    verdict = judged(in_turn(*EVENTS))
    assert words(verdict) == ["PROVEN"] * 3
    assert (verdict.state, verdict.order, verdict.is_proven) == ("PROVEN", OrderState.PROVEN, True)
    assert [event.word.grade for event in verdict.events] == ["A"] * 3


def test_repeats_and_other_events_in_between_do_not_break_the_order() -> None:
    assert judged(in_turn("started", "thinking", "noise", "started", "thinking", "completed")).is_proven


def test_the_first_break_of_the_order_is_named_with_its_place() -> None:
    verdict = judged(in_turn("started", "completed", "thinking"))
    assert words(verdict) == ["PROVEN", "PROVEN", "FAILED"]
    assert verdict.first_break == "completed before thinking, chat.events.jsonl line 2"
    assert not verdict.is_proven


def test_the_order_is_the_sequence_not_the_lines() -> None:
    events = in_turn(*EVENTS)
    assert judged([events[2], events[0], events[1]]).is_proven


def test_without_a_sequence_the_times_give_the_order() -> None:
    times = [f"2026-01-13T10:00:0{number}Z" for number in range(3)]
    timed = [seen(event, ts=time) for event, time in zip(EVENTS, times, strict=True)]
    assert judged(timed[::-1]).is_proven
    backwards = [seen(event, ts=time) for event, time in zip(EVENTS, reversed(times), strict=True)]
    assert judged(backwards).first_break == "thinking before started, chat.events.jsonl line 2"


def test_without_sequence_and_time_the_lines_of_one_file_give_the_order() -> None:
    assert judged([seen(event) for event in EVENTS]).is_proven


def test_an_order_that_nothing_states_is_unknown() -> None:
    log = event_log(seen("started"), seen("thinking"))
    other = event_log(seen("completed"))
    verdict = judged([], others={"a.events.jsonl": log, "b.events.jsonl": other})
    assert words(verdict) == ["ORDER UNKNOWN"] * 3
    assert [event.word.grade for event in verdict.events] == ["B"] * 3
    assert (verdict.state, verdict.order) == ("ORDER UNKNOWN", OrderState.UNKNOWN)


def test_an_order_that_nobody_asks_for_is_not_judged() -> None:
    rule = PathRule("Chat", EVENTS, Order.ANY, "thread")
    assert judged(in_turn(*reversed(EVENTS)), rule=rule).is_proven


def test_events_proven_by_different_tests_prove_no_order() -> None:
    names = [f"test_{number}" for number in range(5)]
    events = tuple(f"event_{number}x" for number in range(5))
    rule = PathRule("Chat", events)
    xml = pytest_xml(*(case(name) for name in names))
    verdict = judged([seen(e, name) for e, name in zip(events, names, strict=True)], xml, rule)
    assert words(verdict) == ["PROVEN"] * 5
    assert (verdict.state, verdict.order, verdict.is_proven) == (EACH_PROVEN, OrderState.NOT_PROVEN, False)


def test_events_of_one_test_in_different_threads_prove_no_order() -> None:
    events = [seen(event, thread=f"th-{event}", seq=number) for number, event in enumerate(EVENTS)]
    verdict = judged(events)
    assert (words(verdict), verdict.state) == (["PROVEN"] * 3, EACH_PROVEN)


def test_the_same_test_of_two_runs_of_a_matrix_is_two_tests() -> None:
    def holding(*events: str, inner: str = "") -> str:
        stated = "".join(f'<property name="golden_event" value="{event}"/>' for event in events)
        return pytest_xml(case("good", f"<properties>{stated}</properties>{inner}"))

    rule = PathRule("Chat", EVENTS)
    verdict = judged(
        [], holding("started", "thinking"), rule, others={"b.xml": holding("completed", inner=failure())}
    )
    assert words(verdict) == ["PROVEN", "PROVEN", "FAILED"]
    assert [event.tests for event in verdict.events] == [1, 1, 1]


def test_an_event_in_failing_tests_only_failed() -> None:
    verdict = judged(in_turn(*EVENTS), FAILING)
    assert words(verdict) == ["FAILED"] * 3
    assert verdict.events[0].word.grade == "F"


def test_a_passing_test_proves_what_a_failing_one_shows_too() -> None:
    xml = pytest_xml(case("good"), case("bad", failure()))
    verdict = judged([*in_turn(*EVENTS), *in_turn(*EVENTS, test="bad")], xml)
    assert verdict.is_proven
    assert [(event.passing_tests, event.tests) for event in verdict.events] == [(1, 2)] * 3


@pytest.mark.parametrize("test", [None, "unheard_of"])
def test_an_event_that_is_tied_to_no_test_is_only_seen(test: str | None) -> None:
    verdict = judged(in_turn(*EVENTS, test=test))
    assert words(verdict) == ["SEEN"] * 3
    assert verdict.events[0].word.grade == "D"


def test_a_test_that_may_not_prove_proves_nothing() -> None:
    rule = PathRule("Chat", EVENTS, tests=("tests/system/**",))
    assert words(judged(in_turn(*EVENTS), rule=rule)) == ["SEEN"] * 3


def test_an_event_that_a_stand_in_sent_proves_nothing() -> None:
    verdict = judged([event | {"src": "mock"} for event in in_turn(*EVENTS)])
    assert words(verdict) == ["MISSING"] * 3
    assert not any(event.evidence for event in verdict.events)


def test_a_passing_test_with_the_name_of_an_event_only_claims_it() -> None:
    verdict = judged([], pytest_xml(case("test_started_twice")))
    assert words(verdict) == ["CLAIMED", "MISSING", "MISSING"]
    assert [event.word.grade for event in verdict.events] == ["C", "-", "-"]
    assert verdict.events[0].evidence[0].kind is EvidenceKind.NAME


def test_an_event_whose_named_tests_all_fail_failed() -> None:
    xml = pytest_xml(case("test_started", failure()), case("test_started_again", failure()))
    assert words(judged([], xml)) == ["FAILED", "MISSING", "MISSING"]


def test_an_event_whose_tests_did_not_run_did_not_run() -> None:
    facts = facts_of({"e.events.jsonl": event_log({"event": "unrelated"})}, Rules(golden_paths=(PATH,)))
    assert words(facts.golden_paths[0]) == ["NOT RUN"] * 3


def test_an_event_in_older_results_only_is_stale() -> None:
    rules = Rules(golden_paths=(PATH,), criteria=Criteria(max_age=60))
    files = {"a.xml": PASSING, "chat.events.jsonl": event_log(*in_turn(*EVENTS))}
    verdict = facts_of(files, rules).golden_paths[0]
    assert words(verdict) == ["STALE"] * 3
    assert verdict.events[0].word.grade == "-"


def test_an_event_of_another_path_is_not_this_one_s() -> None:
    assert words(judged([event | {"path": "Other"} for event in in_turn(*EVENTS)])) == ["MISSING"] * 3


def test_properties_and_printed_lines_of_a_test_are_evidence() -> None:
    inner = (
        '<properties><property name="golden_event" value="started"/>'
        '<property name="golden.Chat" value="thinking"/></properties>'
        "<system-out>::golden event=completed\n</system-out>"
    )
    verdict = judged([], pytest_xml(case("good", inner)), PathRule("Chat", EVENTS))
    kinds = [event.evidence[0].kind for event in verdict.events]
    assert kinds == [EvidenceKind.PROPERTY, EvidenceKind.PROPERTY, EvidenceKind.OUTPUT]
    assert words(verdict) == ["ORDER UNKNOWN"] * 3


def test_properties_of_one_test_keep_their_order() -> None:
    inner = '<properties><property name="golden.Chat" value="started thinking completed"/></properties>'
    assert judged([], pytest_xml(case("good", inner)), PathRule("Chat", EVENTS)).is_proven


def test_the_state_of_a_path_is_that_of_its_worst_event() -> None:
    verdict = judged(
        in_turn("started", "thinking"), pytest_xml(case("good"), case("test_completed", failure()))
    )
    assert words(verdict) == ["PROVEN", "PROVEN", "FAILED"]
    assert (verdict.state, verdict.proven) == (Word.FAILED, 2)
