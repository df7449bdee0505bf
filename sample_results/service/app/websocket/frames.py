"""A small frame format: one opcode byte, a length of one, three or nine bytes, the payload."""

from __future__ import annotations

from app.websocket.errors import FrameError

OPCODES = {"continuation": 0x0, "text": 0x1, "binary": 0x2, "close": 0x8, "ping": 0x9, "pong": 0xA}
CONTROL = {"close", "ping", "pong"}
CONTROL_LIMIT = 125

CLOSE_CODES = {
    1000: "normal closure",
    1001: "going away",
    1002: "protocol error",
    1003: "unsupported data",
    1007: "invalid payload",
    1008: "policy violation",
    1009: "message too big",
    1011: "internal error",
    1012: "service restart",
    1013: "try again later",
}


def pack(kind: str, payload: bytes) -> bytes:
    if kind in CONTROL and len(payload) > CONTROL_LIMIT:
        raise FrameError(f"{kind} frame of {len(payload)} bytes, at most {CONTROL_LIMIT}")
    size = len(payload)
    if size < 126:
        length = bytes([size])
    elif size < 1 << 16:
        length = b"\x7e" + size.to_bytes(2, "big")
    else:
        length = b"\x7f" + size.to_bytes(8, "big")
    return bytes([0x80 | OPCODES[kind]]) + length + payload


def unpack(raw: bytes) -> tuple[str, bytes]:
    if len(raw) < 2:
        raise FrameError("frame is shorter than its header")
    kinds = {code: kind for kind, code in OPCODES.items()}
    kind = kinds.get(raw[0] & 0x0F)
    if kind is None:
        raise FrameError(f"unknown opcode {raw[0] & 0x0F:#x}")
    size, start = raw[1], 2
    if len(raw) < {126: 4, 127: 10}.get(size, 2):
        raise FrameError("frame ends in its length")
    if size == 126:
        size, start = int.from_bytes(raw[2:4], "big"), 4
    elif size == 127:
        size, start = int.from_bytes(raw[2:10], "big"), 10
    payload = raw[start:]
    if len(payload) != size:
        raise FrameError(f"frame says {size} bytes and has {len(payload)}")
    return kind, payload


def close_reason(code: int) -> str:
    """The text for a close code; private codes (4000 and above) are the application's own."""
    if 4000 <= code < 5000:
        return "application"
    return CLOSE_CODES.get(code, "unknown")
