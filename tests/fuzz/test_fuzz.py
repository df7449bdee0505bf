"""Mutated documents of every format, some of each; `python -m tests.fuzz` makes as many as it is let."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz import invariants, mutations, seeds
from tests.fuzz.mutations import Step
from tests.fuzz.seeds import Stock
from tui.readers import formats as readers

numbers = st.integers(0, (1 << 24) - 1)
steps = st.lists(st.builds(Step, numbers, numbers, numbers, numbers), max_size=4)
formats = pytest.mark.parametrize("name", seeds.NAMES)


@cache
def stock(name: str) -> Stock:
    return seeds.stock(name)


@formats
def test_the_invariants_hold_of_every_seed(name: str) -> None:
    for seed in stock(name).seeds:
        invariants.check(name, seed, [7, 77, 777])


@formats
@settings(max_examples=40)
@given(which=numbers, changes=steps, cuts=st.lists(numbers, max_size=3))
def test_the_invariants_hold_of_every_mutation(
    name: str, which: int, changes: list[Step], cuts: list[int]
) -> None:
    seed = stock(name).seeds[which % len(stock(name).seeds)]
    invariants.check(name, mutations.mutated(seed, changes, stock(name)), cuts)


@formats
@settings(max_examples=15)
@given(data=st.binary(max_size=300), cuts=st.lists(numbers, max_size=3))
def test_the_invariants_hold_of_any_bytes(name: str, data: bytes, cuts: list[int]) -> None:
    invariants.check(name, data, cuts)


@pytest.mark.parametrize("name", seeds.BUILT_IN)
def test_a_seed_is_told_as_what_it_is(name: str) -> None:
    for seed in seeds.BUILT_IN[name]:
        known = readers.recognise(seed)
        assert known is not None
        assert known.name == name
