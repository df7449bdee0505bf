"""Golden paths, whatever is observed: what must hold of every verdict."""

from collections.abc import Sequence
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.building import BEGAN, case, event_log, failure, put, pytest_xml, store_of
from tui.core.facts import gather
from tui.core.golden import OrderState, PathRule, PathVerdict, Word
from tui.core.model import Outcome, SourceGone
from tui.core.rules import Rules
from tui.core.store import Store

Line = dict[str, object]

RULES = (
    PathRule("plain", ("a", "b", "c"), key="k"),
    PathRule("pattern", ("a", "b+", "(d e)*", "c"), key="k", within=5),
    PathRule("keyless", ("a", "c?", "b"), pairs=(("a", "b"),)),
)
TESTS = ("t1", "t2", "t3")

lines = st.fixed_dictionaries(
    {"event": st.sampled_from("abcdex")},
    optional={
        "test": st.sampled_from([f"tests/test_a.py::{test}" for test in TESTS] + ["nobody"]),
        "k": st.sampled_from(["1", "2"]),
        "seq": st.integers(0, 9),
        "ts": st.integers(1768298400, 1768298410),
        "src": st.sampled_from(["mock", "real"]),
        "path": st.sampled_from(["plain", "other"]),
    },
)
logs = st.lists(st.lists(lines, max_size=12), min_size=1, max_size=3)
outcomes = st.lists(st.booleans(), min_size=len(TESTS), max_size=len(TESTS))


def results(passed: Sequence[bool]) -> str:
    return pytest_xml(
        *(case(name, "" if good else failure()) for name, good in zip(TESTS, passed, strict=True))
    )


def files(told: Sequence[Sequence[Line]], passed: Sequence[bool]) -> dict[str, str]:
    named = {f"{number}.events.jsonl": event_log(*log) for number, log in enumerate(told) if log}
    return {**named, "a.xml": results(passed)}


def verdicts(store: Store) -> tuple[PathVerdict, ...]:
    return gather(store, BEGAN).golden_paths


@given(logs, outcomes, st.randoms(use_true_random=False))
def test_the_order_in_which_sources_come_changes_nothing(
    told: list[list[Line]], passed: list[bool], random: Random
) -> None:
    there = list(files(told, passed).items())
    expected = verdicts(store_of(dict(there), Rules(golden_paths=RULES)))
    random.shuffle(there)
    assert verdicts(store_of(dict(there), Rules(golden_paths=RULES))) == expected


@given(st.lists(st.tuples(logs, outcomes, st.booleans()), min_size=1, max_size=4))
def test_what_was_kept_from_one_look_to_the_next_equals_a_fresh_look(
    looks: list[tuple[list[list[Line]], list[bool], bool]],
) -> None:
    store = Store(Rules(golden_paths=RULES))
    for generation, (told, passed, gone) in enumerate(looks, 1):
        there = files(told, passed)
        for source in [source for source in store.tables if gone or source not in there]:
            store.apply(SourceGone(source))
        for source, text in there.items():
            put(store, source, text, generation=generation)
        assert verdicts(store) == verdicts(store_of(there, Rules(golden_paths=RULES)))


@given(logs, outcomes, lines)
def test_a_mocked_event_improves_no_word(told: list[list[Line]], passed: list[bool], line: Line) -> None:
    before = verdicts(store_of(files(told, passed), Rules(golden_paths=RULES)))
    more = [*told[:-1], [*told[-1], {**line, "src": "mock"}]]
    after = verdicts(store_of(files(more, passed), Rules(golden_paths=RULES)))
    for one, other in zip(before, after, strict=True):
        assert [event.word for event in other.events] == [event.word for event in one.events]
        assert (other.state, other.order) == (one.state, one.order)


@given(logs, outcomes)
def test_a_proven_path_has_one_instance_of_a_passing_test_with_all_of_it(
    told: list[list[Line]], passed: list[bool]
) -> None:
    for rule, verdict in zip(
        RULES, verdicts(store_of(files(told, passed), Rules(golden_paths=RULES))), strict=True
    ):
        whole = [
            each
            for each in verdict.instances
            if each.owner.outcome is Outcome.PASSED
            and each.names >= {*rule.pattern.required}
            and not each.broken
            and (rule.within is None or (each.took is not None and each.took <= rule.within))
        ]
        assert bool(whole) or not verdict.is_proven
        assert verdict.is_proven is (verdict.order is OrderState.PROVEN)
        for event in verdict.events:
            passing = any(told.outcome is Outcome.PASSED for told in event.evidence)
            assert passing or event.word is not Word.PROVEN


@given(logs, outcomes)
def test_every_event_of_a_path_is_evidence_once(told: list[list[Line]], passed: list[bool]) -> None:
    for rule, verdict in zip(
        RULES, verdicts(store_of(files(told, passed), Rules(golden_paths=RULES))), strict=True
    ):
        mine = [
            line
            for log in told
            for line in log
            if line["event"] in rule.pattern.names and line.get("path", rule.name) == rule.name
        ]
        real = sum(line.get("src") != "mock" for line in mine)
        observed = [each for event in verdict.events for each in event.evidence if each.line is not None]
        assert len(observed) == real == sum(len(each.steps) for each in verdict.instances)
        assert sum(event.mocked for event in verdict.events) == len(mine) - real
