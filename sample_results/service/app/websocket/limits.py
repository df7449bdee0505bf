"""Limits that keep one client from starving the others."""

from __future__ import annotations


class TokenBucket:
    """Allows `rate` messages a second with bursts of up to `burst`; the caller brings the time."""

    def __init__(self, rate: float, burst: int) -> None:
        if rate <= 0 or burst < 1:
            raise ValueError("rate and burst must be positive")
        self.rate = rate
        self.burst = burst
        self._tokens = float(burst)
        self._last = 0.0

    def allow(self, now: float) -> bool:
        self._tokens = min(float(self.burst), self._tokens + (now - self._last) * self.rate)
        self._last = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


def backoff(attempt: int, base: float = 0.5, ceiling: float = 30.0) -> float:
    """Seconds to wait before reconnecting for the n-th time."""
    return min(ceiling, base * 2 ** max(0, attempt))
