"""Tests in blocks: to whoever asks they are the same as tests that are kept one by one."""

from array import array
from collections.abc import Iterable, Sequence
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import bad, one_by_one
from tui.core.baseline import Baseline
from tui.core.blocks import Block, Blocks
from tui.core.components import ComponentRule
from tui.core.counts import Counts
from tui.core.facts import gather
from tui.core.golden import PathRule
from tui.core.marks import Mark, Marks
from tui.core.model import (
    Batch,
    Event,
    EventSeen,
    EvidenceKind,
    GoldenEvent,
    Location,
    Outcome,
    PassedRun,
    ProducerNamed,
    SessionStarted,
    SourceEvents,
    SourceGone,
    SourceOpened,
    SourceSettled,
    SourceState,
    Span,
    TestId,
    TestPlanned,
    TestRecord,
    TestResult,
    TestStarted,
)
from tui.core.rules import Rules
from tui.core.sourcebook import SourceBook
from tui.core.store import Store
from tui.core.table import Table
from tui.core.tally import Tally

SOURCES = ("a.xml", "b.xml", "sub/c.jsonl")
SUITES = ("tests.test_a", "tests.sub.test_b", "pkg.Stub")
NAMES = ("test_1", "test_2", "test_11", "logged_in", "test_todo", "x")
NEVER = 10**9


def run(suite: str, names: Sequence[str], *, began: float | None = None, at: int = 0) -> PassedRun:
    number = len(names)
    return PassedRun(
        suite,
        f"{suite.replace('.', '/')}.py::",
        Location(f"{suite}.py"),
        "\n".join(names),
        array("d", [0.1 * (n + 1) for n in range(number)]).tobytes(),
        array("Q", range(at, at + number)).tobytes(),
        array("I", [7] * number).tobytes(),
        array("d", [began + n for n in range(number)]).tobytes() if began is not None else b"",
    )


# --- a block, and those of a source ------------------------------------------------------------------


def kept(*runs: PassedRun) -> Blocks:
    blocks = Blocks("a.xml")
    for each in runs:
        assert blocks.add(each) is not None
    return blocks


@given(names=st.lists(st.text("ab", min_size=1, max_size=3), min_size=1, unique=True), sought=st.text("ab\n"))
def test_a_test_is_found_by_its_whole_name(names: list[str], sought: str) -> None:
    block = next(iter(kept(run("s", names))))
    assert [block.row(name) for name in names] == list(range(len(names)))
    assert block.row(sought) == (names.index(sought) if sought in names else None)


def test_a_block_says_what_its_records_say() -> None:
    told = run("tests.test_a", ["x", "y"], began=1e9, at=30)
    one_by_one = Table("a.xml", "junit", 1)
    one_by_one.apply([told])
    in_blocks = Table("a.xml", "junit", 1)
    in_blocks.apply([told], in_blocks=True)
    assert len(in_blocks.blocks) == 2
    assert not in_blocks.singles
    assert dict(in_blocks.tests) == dict(one_by_one.tests)
    assert in_blocks.tally == one_by_one.tally
    assert (in_blocks.started, in_blocks.ended) == (one_by_one.started, one_by_one.ended) == (1e9, 1e9 + 1.2)


def test_neighbours_join_and_a_long_suite_stays_apart() -> None:
    blocks = kept(*(run("s", [f"{n}_{m}" for m in range(100)]) for n in range(30)))
    assert len(blocks) == 3_000
    assert 5 <= len(list(blocks)) <= 15
    assert blocks.add(run("s", ["new", "29_99"])) is None
    assert blocks.find(TestId("s", "new")) is None
    result = blocks.take(TestId("s", "29_99"))
    assert result is not None
    assert result.label == "s.py::29_99"
    assert blocks.find(TestId("s", "29_99")) is None
    assert blocks.add(run("s", ["new", "29_99"])) is not None
    assert len(blocks) == 3_001


def test_tests_with_an_ordinal_or_twice_in_a_run_are_in_no_block() -> None:
    blocks = kept(run("s", ["x"]))
    assert blocks.find(TestId("s", "x", 2)) is None
    assert blocks.add(run("s", ["y", "y"])) is None
    assert [key.test.name for block in blocks for key in block.tests()] == ["x"]


def test_a_block_stays_as_it_was_while_its_source_goes_on() -> None:
    blocks = kept(run("s", ["x", "y", "z"]))
    before = next(iter(blocks))
    blocks.take(TestId("s", "y"))
    after = next(iter(blocks))
    assert (before.name_list(), after.name_list()) == (["x", "y", "z"], ["x", "z"])
    assert [result.duration for result in after.results()] == pytest.approx([0.1, 0.3])
    assert [result.last.spans for result in after.results()] == [(Span(0, 7),), (Span(2, 7),)]


# --- a Store that keeps them, and one that does not --------------------------------------------------

suites = st.sampled_from(SUITES)
names = st.sampled_from(NAMES)
tests = st.builds(TestId, suites, names, st.just(1))


@st.composite
def runs(draw: st.DrawFn) -> PassedRun:
    began = draw(st.sampled_from([None, 1e9, 2e9]))
    return run(draw(suites), draw(st.lists(names, min_size=1, max_size=6)), began=began)


def _record(test: TestId, outcome: Outcome, *, final: bool) -> TestRecord:
    failures = (bad(),) if outcome.is_bad else ()
    label = f"{test.suite.replace('.', '/')}.py::{test.name}"
    return TestRecord(test, label, outcome, final=final, failures=failures, duration=0.5)


events: st.SearchStrategy[Event] = st.one_of(
    runs(),
    runs(),
    runs(),
    st.builds(
        _record,
        tests,
        st.sampled_from([Outcome.PASSED, Outcome.FAILED, Outcome.SKIPPED]),
        final=st.booleans(),
    ),
    st.builds(TestStarted, tests, st.just("label")),
    st.just(SessionStarted()),
    st.builds(ProducerNamed, st.just("pytest"), st.booleans()),
    st.builds(TestPlanned, tests, st.just("label")),
    st.builds(
        lambda test, name: EventSeen(GoldenEvent(name, EvidenceKind.PROPERTY, 0, test=test)),
        tests,
        st.sampled_from(["logged_in", "paid"]),
    ),
)


@st.composite
def batches(draw: st.DrawFn) -> list[Batch]:
    """What intake may say of a few sources, that open, are rewritten, grow, end and go."""
    found: list[Batch] = []
    generation = 0
    current = dict.fromkeys(SOURCES, 0)
    for source in draw(st.lists(st.sampled_from(SOURCES), max_size=14)):
        if not current[source] or draw(st.integers(0, 3)) == 0:
            generation += 1
            current[source] = generation
            found.append(SourceOpened(source, "junit", generation, staged=draw(st.booleans())))
        told = tuple(draw(st.lists(events, min_size=1, max_size=5)))
        found.append(SourceEvents(source, current[source], told))
        match draw(st.integers(0, 5)):
            case 0:
                found.append(SourceGone(source))
                current[source] = 0
            case 1 | 2 | 3:
                state = draw(st.sampled_from([SourceState.COMPLETE, SourceState.CUT_SHORT]))
                found.append(SourceSettled(source, current[source], state, "why", 5e8, 10))
    return found


RULES = [
    Rules(),
    Rules(components=(ComponentRule("A", tests=("*test_a*",)), ComponentRule("One", tests=("*test_1*",)))),
    Rules(components=(ComponentRule("C", sources=("*.jsonl",), required=True),)),
    Rules(golden_paths=(PathRule("sign in", ("logged_in", "paid"), tests=("*test_a*",)),)),
]


def state(store: Store) -> dict[str, object]:
    """All that can be asked of a Store, but for the order of its tests and of what was placed when."""
    found = store.tests
    facts = gather(store, now=3e9)
    return {
        "tests": dict(found),
        "number": (len(found), len(list(found)), len(store.singles) + sum(map(len, store.blocks))),
        "components": {key: store.component(key) for key in found},
        "tallies": {name: tally for name in store.components if (tally := store.tally(name)).tests},
        "overall": store.overall,
        "meant": {name: sorted(store.meant(f"{suite}.{name}")) for suite in SUITES for name in NAMES},
        "named": {name: sorted(each.key for each in store.named(name)) for name in ("logged_in", "paid")},
        "left": sorted(store.plan.left),
        "groups": {source: store.group(source) for source in store.tables},
        "disagreements": sorted(store.disagreements()),
        "hollow": sorted(map(str, store.hollow())),
        "known": dict(store.marked),
        "changes": {key: store.change(key) for key in found},
        "sources": {source: table.tally for source, table in store.tables.items()},
        "facts": facts.verdict,
    }


@given(
    told=batches(),
    rules=st.sampled_from(RULES),
    with_baseline=st.booleans(),
    with_marks=st.booleans(),
)
def test_to_whoever_asks_it_is_the_same(
    told: list[Batch], rules: Rules, *, with_baseline: bool, with_marks: bool
) -> None:
    slow, fast = Store(rules, blocks_from=NEVER), Store(rules, blocks_from=0)
    baseline = Store(rules, blocks_from=0)
    baseline.apply(SourceOpened("a.xml", "junit", 1, staged=False))
    baseline.apply(SourceEvents("a.xml", 1, (run("tests.test_a", ["test_1", "gone"]),)))
    for store in (slow, fast):
        if with_baseline:
            store.set_baseline(Baseline("then", tuple(baseline.known_tests())))
        if with_marks:
            store.set_known(Marks((Mark("flaky", "me", ("tests/test_a.py::test_1",)),)))
    book, kept = SourceBook(fast), None
    for batch in told:
        # The short way and the long way of the very same batch.
        long = batch
        if isinstance(batch, SourceEvents):
            long = SourceEvents(batch.source, batch.generation, tuple(one_by_one(batch.events)))
        slow.apply(long)
        fast.apply(batch)
        kept = gather(fast, 3e9, book)
        assert len(slow.tests) == len(fast.tests)
    expected = state(slow)
    for what, found in state(fast).items():
        assert found == expected[what], what
    assert kept is None or kept == gather(fast, 3e9), "what is kept of sources is not what they are"


@given(told=batches())
def test_marks_and_a_baseline_may_come_late(told: list[Batch]) -> None:
    slow, fast = Store(RULES[2], blocks_from=NEVER), Store(RULES[2], blocks_from=0)
    for store in (slow, fast):
        for batch in told:
            store.apply(batch)
        store.set_known(Marks((Mark("flaky", "me", ("tests/test_a.py::test_1",)),)))
        store.set_baseline(Baseline("then", tuple(store.known_tests())))
    expected = state(slow)
    for what, found in state(fast).items():
        assert found == expected[what], what


@given(told=batches(), rules=st.sampled_from(RULES[:3]), blocks_from=st.sampled_from([0, NEVER]))
def test_new_tests_count_together_as_they_do_one_by_one(
    told: list[Batch], rules: Rules, blocks_from: int
) -> None:
    slow, fast = (Store(rules, blocks_from=blocks_from) for _ in range(2))
    for batch in told:
        with patch.object(Counts, "wants_each", new=True), patch.object(Tally, "add_all", _add_each):
            one = slow.apply(batch)
        assert fast.apply(batch) == one
        assert fast.causes.failing == slow.causes.failing
    expected = state(slow)
    for what, found in state(fast).items():
        assert found == expected[what], what


def _add_each(tally: Tally, results: Iterable[TestResult]) -> None:
    for result in results:
        tally.add(result)


def test_a_large_source_is_kept_in_blocks_and_a_small_one_is_not() -> None:
    store = Store(Rules())
    store.apply(SourceOpened("a.xml", "junit", 1, staged=False))
    for n in range(30):
        store.apply(SourceEvents("a.xml", 1, (run(f"t.test_{n}", [f"x{m}" for m in range(400)]),)))
    assert store.overall.passed == len(store.tests) == 12_000
    assert 4_000 < len(store.singles) < 6_000
    block = next(iter(store.blocks))
    assert isinstance(block, Block)
    assert all(store.tests[key] == each for key, each in zip(block.tests(), block.results(), strict=True))
    assert store.component_of_block(block) == store.component(block.key(0))
