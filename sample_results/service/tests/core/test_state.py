"""A session goes from state to state on the allowed ways only."""

from __future__ import annotations

import logging
from itertools import product

import pytest

from app.core.state import ALLOWED, SessionState

log = logging.getLogger(__name__)
STATES = list(ALLOWED)
TO = {
    "new": [],
    "open": ["open"],
    "busy": ["open", "busy"],
    "closing": ["open", "closing"],
    "closed": ["closed"],
}


@pytest.mark.parametrize(("start", "end"), product(STATES, STATES))
def test_way(start: str, end: str) -> None:
    state = SessionState()
    for name in TO[start]:
        state.to(name)
    log.info("from %s to %s", start, end)
    if end in ALLOWED[start]:
        state.to(end)
        assert state.trail[-2:] == [start, end]
    else:
        with pytest.raises(ValueError, match="no way"):
            state.to(end)


@pytest.mark.parametrize("turns", [1, 2, 5, 20])
def test_many_turns(turns: int) -> None:
    state = SessionState()
    state.to("open")
    for _ in range(turns):
        state.to("busy")
        state.to("open")
    assert len(state.trail) == 2 + 2 * turns
