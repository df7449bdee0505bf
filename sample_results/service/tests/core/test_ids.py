"""Identifiers are short, stable and easy to read out."""

from __future__ import annotations

import pytest

from app.core.ids import ALPHABET, is_thread_id, short_id, thread_id

SEEDS = ["ana", "ben", "ana/1", "", "caf\u00e9", "x" * 40]


@pytest.mark.parametrize("seed", SEEDS, ids=["user", "other", "turn", "empty", "accent", "long"])
def test_same_seed_same_id(seed: str) -> None:
    assert short_id(seed) == short_id(seed)


@pytest.mark.parametrize("other", ["ben", "anna", "ANA", "ana ", "ana/2"])
def test_other_seed_other_id(other: str) -> None:
    assert short_id("ana") != short_id(other)


@pytest.mark.parametrize("length", [1, 2, 4, 8, 16, 32])
def test_length(length: int) -> None:
    assert len(short_id("ana", length)) == length


@pytest.mark.parametrize("length", [0, -1])
def test_length_is_positive(length: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        short_id("ana", length)


@pytest.mark.parametrize("letter", "01ilo")
def test_no_doubtful_letters(letter: str) -> None:
    assert letter not in ALPHABET


@pytest.mark.parametrize("turn", [1, 2, 3, 10, 100])
def test_thread_id(turn: int) -> None:
    made = thread_id("ana", turn)
    print(f"turn {turn}: \x1b[1m{made}\x1b[0m")
    assert is_thread_id(made)


@pytest.mark.parametrize("text", ["", "th", "th-", "th-short", "xx-23456789", "th-2345678l"])
def test_no_thread_id(text: str) -> None:
    assert not is_thread_id(text)
