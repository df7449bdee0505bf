"""A client that does not answer is taken to be away."""

from __future__ import annotations

import pytest

from app.websocket.manager import WebSocketManager


@pytest.mark.parametrize("patience", [1, 5, 10, 30, 60, 120])
@pytest.mark.parametrize("share", ["none", "half", "all"])
def test_alive_within_patience(ws_manager: WebSocketManager, patience: int, share: str) -> None:
    ws_manager.pong(100.0)
    waited = {"none": 0.0, "half": patience / 2, "all": float(patience)}[share]
    assert ws_manager.is_alive(100.0 + waited, patience)


@pytest.mark.parametrize("patience", [1, 5, 10, 30, 60, 120])
@pytest.mark.parametrize("late", [0.1, 1, 60])
def test_away_after_patience(ws_manager: WebSocketManager, patience: int, late: float) -> None:
    ws_manager.pong(100.0)
    assert not ws_manager.is_alive(100.0 + patience + late, patience)


@pytest.mark.parametrize("pongs", [1, 2, 3, 5, 8, 13, 21, 34])
def test_latest_pong_counts(ws_manager: WebSocketManager, pongs: int) -> None:
    for number in range(pongs):
        ws_manager.pong(float(number))
    assert ws_manager.last_pong == float(pongs - 1)


@pytest.mark.parametrize("now", [0.0, 10.0, 29.0, 30.0, 31.0, 60.0, 3600.0, 86400.0])
def test_dropped_is_never_alive(ws_manager: WebSocketManager, now: float) -> None:
    ws_manager.pong(now)
    ws_manager.drop()
    assert not ws_manager.is_alive(now)
