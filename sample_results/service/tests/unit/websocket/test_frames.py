"""Frames and events on the wire."""

from __future__ import annotations

import pytest

from app.websocket.errors import FrameError
from app.websocket.events import Event, decode, encode
from app.websocket.frames import CLOSE_CODES, close_reason, pack, unpack

SIZES = [0, 1, 2, 64, 125]
LONG_SIZES = [126, 127, 1024, 65535, 65536]


@pytest.mark.parametrize("kind", ["text", "binary", "continuation", "ping", "pong", "close"])
@pytest.mark.parametrize("size", SIZES)
def test_round_trip(kind: str, size: int) -> None:
    assert unpack(pack(kind, b"x" * size)) == (kind, b"x" * size)


@pytest.mark.parametrize("kind", ["text", "binary", "continuation"])
@pytest.mark.parametrize("size", LONG_SIZES)
def test_long_round_trip(kind: str, size: int) -> None:
    assert unpack(pack(kind, b"y" * size)) == (kind, b"y" * size)


@pytest.mark.parametrize("kind", ["ping", "pong", "close"])
def test_control_frames_are_short(kind: str) -> None:
    with pytest.raises(FrameError, match="at most 125"):
        pack(kind, b"z" * 126)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\x81", id="header-only"),
        pytest.param(b"\x83\x00", id="unknown-opcode"),
        pytest.param(b"\x81\x05hi", id="too-short"),
        pytest.param(b"\x81\x01hello", id="too-long"),
        pytest.param(b"\x82\x7e\x00", id="cut-length"),
    ],
)
def test_broken_frames_are_refused(raw: bytes) -> None:
    with pytest.raises(FrameError):
        unpack(raw)


@pytest.mark.parametrize("code", sorted(CLOSE_CODES))
def test_close_codes_have_a_reason(code: int) -> None:
    assert close_reason(code) == CLOSE_CODES[code]


@pytest.mark.parametrize(
    ("code", "reason"), [(4000, "application"), (4999, "application"), (1, "unknown")]
)
def test_other_close_codes(code: int, reason: str) -> None:
    assert close_reason(code) == reason


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({}, id="none"),
        pytest.param({"text": "hi"}, id="text"),
        pytest.param({"n": 1}, id="number"),
        pytest.param({"x": 1.5}, id="float"),
        pytest.param({"ok": True}, id="flag"),
        pytest.param({"missing": None}, id="null"),
        pytest.param({"names": ["a", "b"]}, id="list"),
        pytest.param({"inner": {"a": 1}}, id="object"),
        pytest.param({"text": "caf\u00e9"}, id="accent"),
        pytest.param({"text": "a\nb"}, id="newline"),
        pytest.param({"text": '"'}, id="quote"),
        pytest.param({"text": "\\"}, id="backslash"),
    ],
)
def test_event_round_trip(data: dict[str, object]) -> None:
    event = Event("chunk", 7, "th-1", data)
    assert decode(encode(event)) == event


@pytest.mark.parametrize("seq", [1, 2, 1000, 2**31, 2**53])
def test_sequence_survives(seq: int) -> None:
    assert decode(encode(Event("chunk", seq, "th-1"))).seq == seq
