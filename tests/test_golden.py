"""Golden paths: what an event's evidence is worth, and in which order it came (TRUTH 4)."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.building import (
    BEGAN,
    case,
    event_log,
    facts_of,
    failure,
    phases,
    put,
    pytest_xml,
    report_log,
    store_of,
)
from tui.core.criteria import Criteria
from tui.core.facts import gather
from tui.core.golden import EACH_PROVEN, Order, OrderState, PathRule, PathVerdict, Word
from tui.core.model import EvidenceKind, SourceGone, SourceState
from tui.core.rules import Rules
from tui.core.store import Store
from tui.report import as_json

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


# --- patterns ---------------------------------------------------------------------------------------

TOOLS = PathRule(
    "Chat",
    ("started", "thinking+", "(tool_executing tool_completed)*", "retried?", "completed"),
    key="thread",
)


def test_what_a_pattern_lets_be_absent_is_optional_and_does_not_count() -> None:
    verdict = judged(in_turn("started", "thinking", "thinking", "completed"), rule=TOOLS)
    assert words(verdict) == ["PROVEN", "PROVEN", "OPTIONAL", "OPTIONAL", "OPTIONAL", "PROVEN"]
    assert (verdict.is_proven, verdict.proven, verdict.demanded) == (True, 3, 3)
    assert [event.required for event in verdict.events] == [True, True, False, False, False, True]


def test_an_optional_event_that_only_failing_tests_show_is_no_matter_elsewhere() -> None:
    events = [
        *in_turn("started", "thinking", "completed"),
        *in_turn("started", "thinking", "retried", test="bad"),
    ]
    verdict = judged(events, pytest_xml(case("good"), case("bad", failure())), TOOLS)
    assert (verdict.state, words(verdict)[4]) == ("PROVEN", "FAILED")


def test_an_event_out_of_its_place_in_a_pattern_breaks_the_path_with_its_place() -> None:
    events = in_turn("started", "thinking", "tool_executing", "tool_executing", "tool_completed", "completed")
    verdict = judged(events, rule=TOOLS)
    assert (verdict.state, verdict.order) == ("FAILED", OrderState.NOT_PROVEN)
    assert verdict.first_break == "tool_executing again before tool_completed, chat.events.jsonl line 4"


def test_a_pair_that_stays_open_is_shown_with_its_place_and_breaks_where_it_is_demanded() -> None:
    events = in_turn("started", "tool_executing", "tool_executing", "tool_completed", "completed")
    names = ("started", "tool_executing", "tool_completed", "completed")
    usual = judged(events, rule=PathRule("Chat", names))
    ((instance, pair),) = usual.open_pairs
    assert (pair.opens, pair.closes, pair.line, pair.breaks) == ("tool_executing", "tool_completed", 2, False)
    assert instance.owner.test == TEST.format("good")
    assert usual.is_proven
    demanded = judged(events, rule=PathRule("Chat", names, pairs=(("tool_executing", "tool_completed"),)))
    assert (demanded.state, demanded.order) == ("FAILED", OrderState.NOT_PROVEN)
    assert demanded.first_break == "tool_executing without tool_completed, chat.events.jsonl line 2"


def test_a_pair_is_closed_wherever_the_order_is_unknown() -> None:
    rule = PathRule(
        "Chat", ("tool_completed", "tool_executing"), pairs=(("tool_executing", "tool_completed"),)
    )
    logs = {
        "a.events.jsonl": event_log(seen("tool_completed")),
        "b.events.jsonl": event_log(seen("tool_executing")),
    }
    assert judged([], rule=rule, others=logs).open_pairs == ()


# --- what instances show ----------------------------------------------------------------------------


def test_events_that_no_path_names_are_shown_and_break_nothing() -> None:
    verdict = judged(in_turn("started", "token", "thinking", "token", "completed", "log"))
    assert verdict.is_proven
    assert verdict.extras == (("token", 2), ("log", 1))


def test_an_event_of_another_path_is_no_extra_of_this_one() -> None:
    rules = Rules(golden_paths=(PATH, PathRule("Billing", ("paid",))))
    files = {"a.xml": PASSING, "e.events.jsonl": event_log(*in_turn(*EVENTS, "paid", "other"))}
    chat, billing = facts_of(files, rules).golden_paths
    assert (chat.extras, billing.extras) == ((("other", 1),), (("other", 1),))
    assert (chat.is_proven, billing.is_proven) == (True, True)


def test_instances_that_are_interleaved_in_one_log_are_judged_apart() -> None:
    events = [
        seen("started", thread="th-1", seq=1),
        seen("started", "also", thread="th-2", seq=1),
        seen("thinking", "also", thread="th-2", seq=2),
        seen("thinking", thread="th-1", seq=2),
        seen("completed", thread="th-1", seq=3),
    ]
    verdict = judged(events)
    assert verdict.is_proven
    assert [(each.owner.value, each.order, each.missing) for each in verdict.instances] == [
        ("th-1", OrderState.PROVEN, ()),
        ("th-2", OrderState.NOT_PROVEN, ("completed",)),
    ]


def test_a_passing_test_that_lacks_a_required_event_of_its_own_is_hollow() -> None:
    events = [*in_turn(*EVENTS), *in_turn("started", "thinking", test="also")]
    facts = facts_of({"a.xml": PASSING, "e.events.jsonl": event_log(*events)}, Rules(golden_paths=(PATH,)))
    (verdict,) = facts.golden_paths
    assert [(each.owner.test, each.missing) for each in verdict.hollow] == [
        (TEST.format("also"), ("completed",))
    ]
    assert verdict.hollow_tests == (TEST.format("also"),)
    assert "Chat: hollow, 1 passing test without a required event of its own" in facts.notes


@pytest.mark.parametrize(
    ("xml", "tests"), [(FAILING, ()), (PASSING, ("tests/system/**",)), (pytest_xml(case("other")), ())]
)
def test_a_test_that_fails_may_not_prove_or_is_unknown_is_not_hollow(
    xml: str, tests: tuple[str, ...]
) -> None:
    rule = PathRule("Chat", EVENTS, key="thread", tests=tests)
    assert judged(in_turn("started"), xml, rule).hollow == ()


def test_evidence_without_a_key_makes_no_test_hollow_that_has_the_key_elsewhere() -> None:
    inner = '<properties><property name="golden_event" value="started"/></properties>'
    assert judged(in_turn(*EVENTS), pytest_xml(case("good", inner))).hollow == ()
    assert len(judged([], pytest_xml(case("good", inner))).hollow) == 1


def test_between_two_events_of_an_instance_stands_the_time() -> None:
    events = [seen(event, seq=n, ts=f"2026-01-13T10:00:0{n}.5Z") for n, event in enumerate(EVENTS, 1)]
    (instance,) = judged([*events, seen("log", ts="2026-01-13T10:00:01.7Z", seq=1.5)]).instances
    assert [(name, step.gap) for name, step in instance.steps] == [
        ("started", None),
        ("thinking", 1.0),
        ("completed", 1.0),
    ]
    assert instance.took == 2.0


# --- within -----------------------------------------------------------------------------------------


def timed(*seconds: float) -> list[dict[str, object]]:
    return [seen(event, ts=1768298400 + second) for event, second in zip(EVENTS, seconds, strict=True)]


def test_an_instance_within_its_time_proves_and_a_slower_one_does_not() -> None:
    rule = PathRule("Chat", EVENTS, key="thread", within=60)
    assert judged(timed(0, 30, 60), rule=rule).is_proven
    slow = judged(timed(0, 30, 60.5), rule=rule)
    assert (slow.state, slow.order, words(slow)) == ("TOO SLOW", OrderState.NOT_PROVEN, ["PROVEN"] * 3)
    assert slow.first_break == "took 60.50 s, more than 60 s, chat.events.jsonl line 3"


def test_a_time_that_nobody_states_is_never_within() -> None:
    verdict = judged(in_turn(*EVENTS), rule=PathRule("Chat", EVENTS, key="thread", within=60))
    assert (verdict.state, verdict.order, verdict.is_proven) == ("TIME UNKNOWN", OrderState.UNKNOWN, False)
    half = [*timed(0, 1, 2)[:2], seen("completed", seq=3)]
    assert not judged(half, rule=PathRule("Chat", EVENTS, Order.ANY, "thread", within=60)).is_proven


# --- names ------------------------------------------------------------------------------------------


def test_events_may_be_called_otherwise_where_they_are_observed() -> None:
    rule = PathRule("Chat", EVENTS, key="thread", renamed=(("agent.run", "started"),))
    assert judged(in_turn("agent.run", "thinking", "completed"), rule=rule).is_proven


@pytest.mark.parametrize(
    "test",
    [
        "tests/test_a.py::good",
        "tests/test_a.py::good (call)",
        "tests.test_a.good",
        "tests.test_a::good",
        "tests.test_a#good",
        "tests.test_a/good",
    ],
)
def test_a_test_is_known_by_every_usual_form_of_its_name(test: str) -> None:
    assert judged([event | {"test": test} for event in in_turn(*EVENTS)]).is_proven


@pytest.mark.parametrize("glob", ["tests/**", "tests.test_a.*"])
def test_the_tests_that_may_prove_are_named_by_node_id_or_dotted(glob: str) -> None:
    assert judged(in_turn(*EVENTS), rule=PathRule("Chat", EVENTS, key="thread", tests=(glob,))).is_proven


# --- truth in the corners ---------------------------------------------------------------------------


def test_while_its_test_runs_an_event_is_seen_and_nothing_is_broken() -> None:
    running = report_log(*phases("tests/test_a.py::good")[:1], finish=False)
    store = Store(Rules(golden_paths=(PATH,)))
    put(store, "run.jsonl", running, state=SourceState.GROWING)
    put(store, "e.events.jsonl", event_log(*in_turn("thinking", "started")), state=SourceState.GROWING)
    verdict = gather(store, BEGAN).golden_paths[0]
    assert words(verdict) == ["SEEN", "SEEN", "MISSING"]
    assert (verdict.order, verdict.first_break, verdict.open_pairs) == (OrderState.UNKNOWN, None, ())


def test_a_mocked_event_is_counted_and_leaves_its_test_without_it() -> None:
    events = [*in_turn("started", "thinking"), seen("completed", seq=3, src="mock")]
    verdict = judged(events)
    assert words(verdict) == ["PROVEN", "PROVEN", "MISSING"]
    assert [event.mocked for event in verdict.events] == [0, 0, 1]
    assert verdict.hollow[0].missing == ("completed",)


def test_what_xml_and_report_log_of_one_run_both_carry_is_one_testimony() -> None:
    properties = [["golden.Chat", " ".join(EVENTS)]]
    inner = f'<properties><property name="golden.Chat" value="{properties[0][1]}"/></properties>'
    log = report_log(*phases("tests/test_a.py::good", user_properties=properties))
    for rule in (PathRule("Chat", EVENTS), PathRule("Chat", ("started", "thinking+", "completed"))):
        verdict = judged([], pytest_xml(case("good", inner)), rule, others={"run.jsonl": log})
        assert verdict.is_proven
        assert [len(event.evidence) for event in verdict.events] == [2, 2, 2]


def test_one_carrier_that_shows_the_whole_path_is_enough_beside_one_that_shows_a_part() -> None:
    inner = '<properties><property name="golden_event" value="completed"/></properties>'
    verdict = judged(in_turn(*EVENTS), pytest_xml(case("good", inner)), PathRule("Chat", EVENTS))
    assert verdict.is_proven


def test_equal_numbers_in_two_logs_order_nothing() -> None:
    logs = {
        "a.events.jsonl": event_log(seen("started", seq=1)),
        "b.events.jsonl": event_log(seen("thinking", seq=1), seen("completed", seq=2)),
    }
    assert judged([], others=logs).state == "ORDER UNKNOWN"


def test_what_a_failed_run_carried_does_not_prove_by_the_rerun_that_passed() -> None:
    def holding(*events: str) -> str:
        return f'<properties><property name="golden.Chat" value="{" ".join(events)}"/></properties>'

    first = pytest_xml(case("good", holding(*EVENTS) + failure()), case("also"))
    again = pytest_xml(case("good", holding("started")), began="2026-01-13T11:00:00+00:00")
    verdict = judged([], first, PathRule("Chat", EVENTS), others={"b.xml": again})
    assert words(verdict) == ["PROVEN", "FAILED", "FAILED"]
    assert verdict.hollow[0].missing == ("thinking", "completed")


def test_a_name_that_fits_a_passing_and_a_failing_test_is_not_tied_to_the_passing_one() -> None:
    verdict = judged(in_turn(*EVENTS), others={"b.xml": FAILING})
    assert words(verdict) == ["FAILED"] * 3


def test_a_log_beside_the_results_of_its_folder_is_of_them() -> None:
    files = {
        "py311/a.xml": FAILING,
        "py312/a.xml": PASSING,
        "py312/chat.events.jsonl": event_log(*in_turn(*EVENTS)),
    }
    assert facts_of(files, Rules(golden_paths=(PATH,))).golden_paths[0].is_proven


def test_a_fresh_event_without_a_test_does_not_make_older_proof_count() -> None:
    rules = Rules(golden_paths=(PATH,), criteria=Criteria(max_age=60))
    store = Store(rules)
    put(store, "a.xml", PASSING)
    put(store, "old.events.jsonl", event_log(*in_turn(*EVENTS)))
    put(store, "new.events.jsonl", event_log(*in_turn(*EVENTS, test=None)))
    for source in ("a.xml", "new.events.jsonl"):
        store.tables[source].modified = BEGAN + 3600
    assert words(gather(store, BEGAN + 3601).golden_paths[0]) == ["SEEN"] * 3


def test_tests_that_were_all_skipped_did_not_run() -> None:
    xml = pytest_xml(case("good", "<skipped/>"))
    assert words(judged([], xml)) == ["NOT RUN"] * 3


# --- staying true -----------------------------------------------------------------------------------


def test_a_test_that_turns_turns_its_events() -> None:
    store = store_of(
        {"a.xml": PASSING, "e.events.jsonl": event_log(*in_turn(*EVENTS))}, Rules(golden_paths=(PATH,))
    )
    for generation, (xml, word) in enumerate(
        ((FAILING, "FAILED"), (PASSING, "PROVEN"), (FAILING, "FAILED")), 5
    ):
        put(store, "a.xml", xml, generation=generation)
        assert words(gather(store, BEGAN).golden_paths[0]) == [word] * 3
    store.apply(SourceGone("a.xml"))
    assert words(gather(store, BEGAN).golden_paths[0]) == ["SEEN"] * 3
    store.apply(SourceGone("e.events.jsonl"))
    assert words(gather(store, BEGAN).golden_paths[0]) == ["NOT RUN"] * 3


def test_a_log_that_is_written_anew_is_told_anew() -> None:
    store = store_of(
        {"a.xml": PASSING, "e.events.jsonl": event_log(*in_turn(*EVENTS))}, Rules(golden_paths=(PATH,))
    )
    assert gather(store, BEGAN).golden_paths[0].is_proven
    put(store, "e.events.jsonl", event_log(*in_turn("started")), generation=9)
    assert words(gather(store, BEGAN).golden_paths[0]) == ["PROVEN", "MISSING", "MISSING"]


def test_an_event_of_a_test_that_is_not_yet_known_is_tied_to_it_once_it_is() -> None:
    store = store_of({"e.events.jsonl": event_log(*in_turn(*EVENTS))}, Rules(golden_paths=(PATH,)))
    assert words(gather(store, BEGAN).golden_paths[0]) == ["SEEN"] * 3
    put(store, "a.xml", PASSING, generation=7)
    assert gather(store, BEGAN).golden_paths[0].is_proven


# --- said -------------------------------------------------------------------------------------------


def reported(events: list[dict[str, object]], xml: str, rule: PathRule) -> dict[str, Any]:
    store = store_of({"a.xml": xml, "chat.events.jsonl": event_log(*events)}, Rules(golden_paths=(rule,)))
    report = json.loads(as_json.render(store, gather(store, BEGAN), directory="r", title=""))
    (path,) = report["golden_paths"]
    assert isinstance(path, dict)
    return path


def test_the_json_report_holds_everything_that_instances_show() -> None:
    times = ["2026-01-13T10:00:00Z", "2026-01-13T10:00:01.25Z"]
    events = [
        seen("started", ts=times[0]),
        seen("tool_executing", ts=times[1]),
        seen("token", ts=times[1]),
        seen("started", src="mock"),
    ]
    names = ("started", "tool_executing", "tool_completed*", "completed")
    path = reported(events, PASSING, PathRule("Chat", names, key="thread", within=60))
    test, place = TEST.format("good"), {"source": "chat.events.jsonl", "line": 2}
    opened = {"opens": "tool_executing", "closes": "tool_completed", **place, "breaks": False}
    assert (path["within"], path["took"], path["first_break"]) == (60.0, None, None)
    assert [(e["word"], e["required"], e["mocked"]) for e in path["events"]] == [
        ("PROVEN", True, 1),
        ("PROVEN", True, 0),
        ("OPTIONAL", False, 0),
        ("MISSING", True, 0),
    ]
    assert path["events"][1]["evidence"] == [
        {
            "kind": "event log",
            **place,
            "test": test,
            "outcome": "passed",
            "note": None,
            "instance": "th-1",
            "at": "2026-01-13T10:00:01.250000+00:00",
            "gap": 1.25,
        }
    ]
    (instance,) = path["instances"]
    assert (instance["test"], instance["instance"], instance["order"]) == (test, "th-1", "not proven")
    assert (instance["missing"], instance["took"], instance["late"]) == (["completed"], 1.25, None)
    assert [(step["name"], step["line"], step["gap"]) for step in instance["events"]] == [
        ("started", 1, None),
        ("tool_executing", 2, 1.25),
    ]
    assert path["hollow"] == [{"test": test, "instance": "th-1", "missing": ["completed"]}]
    assert path["extras"] == instance["extras"] == [{"name": "token", "count": 1}]
    assert instance["open_pairs"] == [opened]
    assert path["open_pairs"] == [{"test": test, "instance": "th-1", **opened}]


def test_a_time_that_no_calendar_has_is_not_said() -> None:
    path = reported([seen("started", ts=1e300)], PASSING, PathRule("Chat", ("started",)))
    assert path["events"][0]["evidence"][0]["at"] is None
