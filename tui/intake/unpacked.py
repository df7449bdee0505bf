"""Compressed sources: what is packed in a file -> the bytes that a reader is fed.

gzip (RFC 1952), bzip2, xz, and zstd (RFC 8878) where this Python or the `zstandard` package reads it.
Told by the first bytes, never by the name. Spans of records count unpacked bytes. May import the
readers' `reader` and `formats`, and `core.model`. Invariants: nothing is unpacked in larger pieces than
`PIECE`; what claims to hold far more than it weighs is refused; what was unpacked before a fault counts,
but for the `_SLICE` bytes that have it.
"""

import importlib
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO, ClassVar, Protocol

from msgspec import Struct

from tui.core.model import Event, Problem, ProblemFound, Span
from tui.readers import formats
from tui.readers.reader import Ending, Reader
from tui.regex import regex

PIECE = 1024 * 1024
LARGEST = 4 * 1024 * 1024 * 1024
"""The most bytes that one source may unpack to."""

RATIO, RATIO_FROM = 1000, 64 * 1024 * 1024
"""Past `RATIO_FROM` bytes, no source may unpack to more than `RATIO` times its size."""

_CHUNK = 64 * 1024
_SLICE = 4 * 1024  # what a fault costs: a decompressor gives nothing of what it was fed together with one
_HEAD_READ = 4 * 1024 * 1024  # a block of bzip2 has to be there as a whole before it says anything
_DICTIONARY = 256 * 1024 * 1024
_ZSTD_SLICE = 1024  # the package unpacks all it is given at once, up to 128 KiB for four bytes
_MAGIC_LONGEST = 10
_SUFFIX = regex(r"\.(gz|bz2|xz|zst)$", re.IGNORECASE)
_MAGIC = {
    "gzip": regex(rb"\x1f\x8b\x08"),
    "bzip2": regex(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)"),
    "xz": regex(rb"\xfd7zXZ\x00"),
    "zstd": regex(rb"\x28\xb5\x2f\xfd"),
}


class DamagedError(Exception):
    """What is packed cannot be unpacked, or will not be; says why."""


class _Codec(Protocol):
    """One compressed stream, as `bz2.BZ2Decompressor` has it."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Gzip:
    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=31)
        self.needs_input = True

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        unpacked = self._inner.decompress(self._inner.unconsumed_tail + data, max_length)
        self.needs_input = not self._inner.unconsumed_tail and len(unpacked) < max_length
        return unpacked


class _ZstandardPackage:
    """The `zstandard` package's decompressor, which knows no `max_length`: fed in small slices."""

    def __init__(self, package: Any) -> None:  # noqa: ANN401  # it need not be there, so it has no type
        self._inner = package.ZstdDecompressor(max_window_size=_DICTIONARY).decompressobj()
        self._error: type[Exception] = package.ZstdError
        self._rest = b""

    @property
    def eof(self) -> bool:
        return bool(self._inner.eof)

    @property
    def needs_input(self) -> bool:
        return not self._rest

    @property
    def unused_data(self) -> bytes:
        return bytes(self._inner.unused_data) + self._rest

    def decompress(self, data: bytes, max_length: int) -> bytes:
        self._rest += data
        unpacked: list[bytes] = []
        size = 0
        while self._rest and size < max_length and not self.eof:
            first, self._rest = self._rest[:_ZSTD_SLICE], self._rest[_ZSTD_SLICE:]
            try:
                unpacked.append(self._inner.decompress(first))
            except self._error as error:
                raise ValueError(str(error)) from error
            size += len(unpacked[-1])
        return b"".join(unpacked)


def _zstd() -> _Codec:
    for name in ("compression.zstd", "zstandard"):
        try:
            package = importlib.import_module(name)
        except ImportError:
            continue
        if name == "zstandard":
            return _ZstandardPackage(package)
        limit = {package.DecompressionParameter.window_log_max: _DICTIONARY.bit_length() - 1}
        codec: _Codec = package.ZstdDecompressor(options=limit)
        return codec
    raise DamagedError("packed with zstd: reading it needs the zstandard package")


def _bzip2() -> _Codec:
    import bz2  # noqa: PLC0415  # few sources are packed

    return bz2.BZ2Decompressor()


def _xz() -> _Codec:
    import lzma  # noqa: PLC0415

    return lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=_DICTIONARY)


_CODECS: dict[str, Callable[[], _Codec]] = {
    "gzip": _Gzip,
    "bzip2": _bzip2,
    "xz": _xz,
    "zstd": _zstd,
}


def _damage() -> tuple[type[Exception], ...]:
    """What the codecs raise for what is damaged."""
    import lzma  # noqa: PLC0415  # see `_bzip2`

    return zlib.error, lzma.LZMAError, OSError, EOFError, ValueError


def packing(head: bytes) -> str:
    """How a file that begins with `head` is packed; empty where it is not."""
    return next((kind for kind, magic in _MAGIC.items() if magic.match(head)), "")


def bare_name(name: str) -> str:
    """The name that a packed file had before it was packed."""
    return _SUFFIX.sub("", name)


class Unpacker:
    """Unpacks one file that is fed to it: several streams, one after the other, are one content."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.size = 0
        self.has_garbage = False
        self._codec: _Codec | None = None
        self._between = b""
        self._fed = 0

    @property
    def ended(self) -> bool:
        """Whether the bytes so far end with a whole stream."""
        return self._codec is None and bool(self._fed)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What `data` unpacks to, in pieces. Raises DamagedError."""
        for start in range(0, len(data), _SLICE):
            yield from self._unpack(data[start : start + _SLICE])

    def _unpack(self, data: bytes) -> Iterator[bytes]:
        self._fed += len(data)
        while not self.has_garbage:
            if self._codec is None:
                data = self._next_stream(data)
                if self._codec is None:
                    return
            try:
                unpacked = self._codec.decompress(data, PIECE)
            except _damage() as error:
                raise DamagedError(f"damaged {self.kind} data after {self.size:,} bytes: {error}") from error
            data = b""
            self.size += len(unpacked)
            self._check()
            if unpacked:
                yield unpacked
            if self._codec.eof:
                data, self._codec = self._codec.unused_data, None
            elif self._codec.needs_input:
                return

    def _next_stream(self, data: bytes) -> bytes:
        """Open the stream that begins here, where one does; gzip may be padded with NULs."""
        data = (self._between + data).lstrip(b"\0")
        self._between = b""
        if packing(data) == self.kind:
            self._codec = _CODECS[self.kind]()
        elif len(data) < _MAGIC_LONGEST:
            self._between = data
        else:
            self.has_garbage = True
        return data

    def _check(self) -> None:
        if self.size > LARGEST:
            raise DamagedError(f"refused: it unpacks to more than {LARGEST // 1024**3} GiB")
        if self.size > RATIO_FROM and self.size > RATIO * self._fed:
            raise DamagedError(f"refused: it unpacks to more than {RATIO:,} times its size")


class UnpackedReader:
    """A reader of what is packed: unpacks and feeds another.

    No stream: one that grew is unpacked anew. An archive says itself where it ends.
    """

    is_stream: ClassVar[bool] = False
    has_end: ClassVar[bool] = True

    def __init__(self, kind: str, reader: Reader) -> None:
        self._unpacker = Unpacker(kind)
        self._reader = reader
        self._refused = ""
        self._said_garbage = False

    def feed(self, data: bytes) -> list[Event]:
        """The events of what `data` unpacks to."""
        events: list[Event] = []
        if self._refused:
            return events
        try:
            for piece in self._unpacker.feed(data):
                events += self._reader.feed(piece)
        except DamagedError as error:
            self._refused = str(error)
        if self._unpacker.has_garbage and not self._said_garbage:
            self._said_garbage = True
            message = f"what follows the {self._unpacker.kind} data is not read"
            events.append(ProblemFound(Problem("trailing data", message)))
        return events

    def ending(self) -> Ending:
        """What was unpacked amounts to, unless the packed data are damaged or end early."""
        ending = self._reader.ending()
        if self._refused:
            return Ending(complete=False, reason=self._refused, fatal=True, events=ending.events)
        if self._unpacker.ended:
            return ending
        reason = f"its {self._unpacker.kind} data end early, after {self._unpacker.size:,} bytes unpacked"
        if ending.reason:
            reason += f"; {ending.reason}"
        return Ending(complete=False, reason=reason, fatal=ending.fatal, events=ending.events)


class Head(Struct, frozen=True):
    """The first bytes of a file, unpacked; `packing` is how, `fault` what was wrong; `raw`: as they are."""

    raw: bytes
    data: bytes
    packing: str = ""
    fault: str = ""

    @property
    def description(self) -> str:
        """What can be said of a file that no reader knows."""
        if not self.packing:
            return formats.description(self.data)
        if self.fault or not self.data:
            return self.fault or f"{self.packing} data that end before they say anything"
        return f"{self.packing} data: {formats.description(self.data)}"

    def reading(self, reader: Reader) -> Reader:
        """What feeds `reader` with the file that begins so."""
        return UnpackedReader(self.packing, reader) if self.packing else reader


def read_head(file: BinaryIO) -> Head:
    """The first bytes of `file`, as many as tell a format where there are so many. Raises OSError."""
    file.seek(0)
    raw = file.read(formats.HEAD)
    kind = packing(raw)
    if not kind:
        return Head(raw, raw)
    unpacked, fault = bytearray(), ""
    try:
        for piece in _unpacked(file, kind, until=_HEAD_READ):
            unpacked += piece
            if len(unpacked) >= formats.HEAD:
                break
    except DamagedError as error:
        fault = str(error)
    return Head(raw, bytes(unpacked[: formats.HEAD]), kind, fault)


def read_spans(file: BinaryIO, spans: Sequence[Span], longest: int) -> list[bytes]:
    """The bytes that stand at `spans` of what `file` holds, at most `longest` of each. Raises OSError."""
    file.seek(0)
    kind = packing(file.read(_MAGIC_LONGEST))
    if kind:
        return _packed_spans(file, kind, spans, longest)
    found = []
    for span in spans:
        file.seek(span.offset)
        found.append(file.read(min(span.length, longest)))
    return found


def _packed_spans(file: BinaryIO, kind: str, spans: Sequence[Span], longest: int) -> list[bytes]:
    """One pass over what is packed: skip to each span, keep what stands there."""
    found = [bytearray() for _ in spans]
    ends = [span.offset + min(span.length, longest) for span in spans]
    at, last = 0, max(ends, default=0)
    try:
        for piece in _unpacked(file, kind):
            for record, span, end in zip(found, spans, ends, strict=True):
                record.extend(piece[max(span.offset - at, 0) : max(end - at, 0)])
            at += len(piece)
            if at >= last:
                break
    except DamagedError:
        pass  # what stood before the damage is what the source said
    return [bytes(record) for record in found]


def _unpacked(file: BinaryIO, kind: str, until: int | None = None) -> Iterator[bytes]:
    """All that `file` unpacks to; `until` is how many of its own bytes are looked at."""
    unpacker = Unpacker(kind)
    file.seek(0)
    while (until is None or file.tell() < until) and (data := file.read(_CHUNK)):
        yield from unpacker.feed(data)
