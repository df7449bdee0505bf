"""Identifiers that a person can read out over the telephone."""

from __future__ import annotations

import hashlib

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def short_id(seed: str, length: int = 8) -> str:
    """The same seed gives the same id; no letter or digit that is easily taken for another."""
    if length < 1:
        raise ValueError("an id has at least one character")
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest(), "big")
    out = ""
    for _ in range(length):
        number, index = divmod(number, len(ALPHABET))
        out += ALPHABET[index]
    return out


def thread_id(user: str, turn: int) -> str:
    return f"th-{short_id(f'{user}/{turn}')}"


def is_thread_id(text: str) -> bool:
    head, _, tail = text.partition("-")
    return head == "th" and len(tail) == 8 and set(tail) <= set(ALPHABET)
