"""What goes between the view's process and the worker that reads for it: an order, then batches.

May import `core.model`. A frame is its length, 4 bytes, the lowest first, and a message in MessagePack
(https://github.com/msgpack/msgpack/blob/master/spec.md). Invariant: what was decoded equals what was encoded.
"""

from typing import IO

import msgspec
from msgspec import Struct

from tui.core.model import Batch

_LENGTH = 4

_encoder = msgspec.msgpack.Encoder()


class Order(Struct, frozen=True):
    """What to watch; paths as bytes, since a file name may hold any. See `tui.intake.sources.Intake`."""

    root: bytes
    excluded: tuple[bytes, ...] = ()
    ignored: tuple[str, ...] = ()
    strict: bool = True


def encoded(value: Order | Batch) -> bytes:
    """The message that says `value`. Raises ValueError where a text is not Unicode."""
    return _encoder.encode(value)


def decoder_of_batches() -> msgspec.msgpack.Decoder[Batch]:
    """What decodes the messages of a worker; making one takes a while."""
    return msgspec.msgpack.Decoder(Batch)


def send(stream: IO[bytes], message: bytes) -> None:
    """Write one frame; a large one at once, without waiting for more."""
    stream.write(len(message).to_bytes(_LENGTH, "little") + message)


def receive(stream: IO[bytes]) -> bytes | None:
    """The message of the next frame; None where the stream ends before it is whole."""
    head = stream.read(_LENGTH)
    size = int.from_bytes(head, "little")
    message = stream.read(size) if len(head) == _LENGTH else b""
    return message if message and len(message) == size else None
