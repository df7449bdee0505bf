"""No client may starve the others."""

from __future__ import annotations

import pytest

from app.websocket.limits import TokenBucket


@pytest.mark.parametrize("burst", [1, 2, 3, 5, 8, 13, 21])
def test_burst_is_allowed(burst: int) -> None:
    bucket = TokenBucket(rate=1, burst=burst)
    assert [bucket.allow(0.0) for _ in range(burst + 1)] == [True] * burst + [False]


@pytest.mark.parametrize("rate", [1, 2, 4, 5, 8, 10, 20, 50, 100])
def test_tokens_come_back(rate: int) -> None:
    bucket = TokenBucket(rate=rate, burst=1)
    assert bucket.allow(0.0)
    assert not bucket.allow(0.5 / rate)
    assert bucket.allow(2.0 / rate)


@pytest.mark.parametrize("burst", [1, 2, 4, 8, 16, 32])
def test_tokens_do_not_pile_up(burst: int) -> None:
    bucket = TokenBucket(rate=100, burst=burst)
    assert [bucket.allow(60.0) for _ in range(burst + 1)].count(True) == burst


@pytest.mark.parametrize(("rate", "burst"), [(0, 1), (-1, 1), (1, 0), (1, -4)])
def test_limits_are_positive(rate: float, burst: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        TokenBucket(rate, burst)
