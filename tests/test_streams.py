"""What a source says depends on its bytes alone: never on how they were cut, batched or ordered."""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.building import (
    SAMPLE,
    amounts,
    case,
    event_log,
    failure,
    other_xml,
    phases,
    pieces,
    pytest_xml,
    reader_of,
    report_log,
    setup_error,
    teardown_error,
    told,
)
from tui.core.model import Event, ProducerNamed, SourceState, TestRecord
from tui.core.table import Table

SAMPLES = sorted(path for path in SAMPLE.rglob("*") if path.suffix in (".xml", ".jsonl"))
cuts = st.lists(st.integers(0, 10**9), max_size=8)

inners = st.sampled_from(
    [
        "",
        failure(),
        failure("é\x1b[31m", "x &amp; <![CDATA[a]]>"),
        setup_error(),
        teardown_error(),
        "<skipped/>",
        "<system-out>::golden event=e\n</system-out>",
        "<flakyFailure message='m'><system-out>o</system-out></flakyFailure>",
    ]
)
cases = st.lists(st.builds(case, st.sampled_from("abc"), inners), max_size=6)
xml = cases.flatmap(lambda some: st.sampled_from([pytest_xml(*some), other_xml(*some)]))
outcome = st.sampled_from(["passed", "failed", "skipped", "rerun"])
logs = st.lists(
    st.builds(
        lambda name, call, down: phases(f"t.py::{name}", call=call, teardown=down),
        st.sampled_from("abc"),
        outcome,
        outcome,
    ),
    max_size=5,
).map(lambda tests: report_log(*(line for test in tests for line in test)))
events = st.lists(
    st.builds(lambda name, seq: {"event": name, "seq": seq}, st.sampled_from("ab"), st.integers()), min_size=1
)
sources = st.one_of(xml, logs, events.map(lambda some: event_log(*some))).map(str.encode)


@cache
def whole(path: Path) -> tuple[bytes, dict[str, object]]:
    data = path.read_bytes()
    return data, amounts(reader_of(data), [data])


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.relative_to(SAMPLE).as_posix())
@settings(max_examples=6)
@given(cut=cuts)
def test_a_sample_says_the_same_however_it_is_cut(path: Path, cut: list[int]) -> None:
    data, expected = whole(path)
    assert amounts(reader_of(data), pieces(data, cut)) == expected


@given(sources, cuts, st.integers(0))
def test_a_source_says_the_same_however_it_is_cut_wherever_it_ends(
    data: bytes, cut: list[int], end: int
) -> None:
    part = data[: end % (len(data) + 1)]
    assert amounts(reader_of(data), pieces(part, cut)) == amounts(reader_of(data), [part])


@given(sources)
def test_a_source_says_the_same_byte_by_byte(data: bytes) -> None:
    assert amounts(reader_of(data), [data[at : at + 1] for at in range(len(data))]) == amounts(
        reader_of(data), [data]
    )


def folded(parts: Sequence[Sequence[Event]], state: SourceState) -> Table:
    table = Table("a", "any", 1)
    for part in parts:
        table.apply(part)
    table.settle(state, "ends here", 0.0, 0)
    return table


@given(sources, cuts, st.sampled_from([SourceState.COMPLETE, SourceState.CUT_SHORT, SourceState.GROWING]))
def test_the_fold_does_not_depend_on_how_events_were_batched(
    data: bytes, cut: list[int], state: SourceState
) -> None:
    said = told(reader_of(data), [data])
    places = [0, *sorted(each % (len(said) + 1) for each in cut), len(said)]
    batched = folded([said[start:end] for start, end in pairwise(places)], state)
    at_once = folded([said], state)
    assert dict(batched.tests) == dict(at_once.tests)
    assert (batched.tally, batched.events, batched.claimed) == (
        at_once.tally,
        at_once.events,
        at_once.claimed,
    )


@given(sources, st.integers(0))
def test_at_every_moment_the_outcomes_add_up_to_the_tests(data: bytes, end: int) -> None:
    table = folded([told(reader_of(data), [data[: end % (len(data) + 1)]])], SourceState.GROWING)
    tally = table.tally
    assert tally.tests == tally.passed + tally.failed + tally.errors + tally.skipped + tally.running
    assert tally.tests == len(table.tests)
    assert tally.outcomes >= tally.tests


@given(st.lists(st.sampled_from("abc"), min_size=1))
def test_where_names_repeat_every_record_is_a_test_and_where_they_merge_every_name(names: list[str]) -> None:
    apart = told(reader_of(data := other_xml(*map(case, names)).encode()), [data])
    merged: list[Event] = [
        ProducerNamed("pytest", merges=True),
        *(each for each in apart if isinstance(each, TestRecord)),
    ]
    assert len(folded([apart], SourceState.COMPLETE).tests) == len(names)
    assert len(folded([merged], SourceState.COMPLETE).tests) == len(set(names))
