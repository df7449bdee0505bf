"""How far one file has been read, and what it amounts to.

May import the readers, `core.model` and the rest of `intake` but `sources` and `watcher`. Invariants:
what a cursor says in the end is what a fresh one would say of the same file; half a rewritten file is
never shown, its last whole results are, until it has been quiet for a while; no handle stays open
between turns.
"""

import time
from _blake2 import blake2b  # hashlib's own; with the rest of hashlib comes OpenSSL, which is slow to load
from collections.abc import Generator, Iterator
from typing import BinaryIO, ClassVar

from tui.core.model import (
    Batch,
    Event,
    SourceEvents,
    SourceGone,
    SourceKept,
    SourceOpened,
    SourceSettled,
    SourceState,
)
from tui.intake import unpacked
from tui.intake.opened import hollow, open_file
from tui.intake.tree import Found, Stamp
from tui.intake.writers import Writers
from tui.readers import formats
from tui.readers.reader import Ending, Reader

BATCH = 200
"""The most events that one batch carries."""

_TURN = 0.05
"""So long, in seconds, a file is read before another may be more urgent."""
_CHUNK = 256 * 1024
_PROBE = 256
"""So many bytes at either end tell whether a stream that is longer than it was goes on."""
_UNKNOWN = "unknown"
_RESULT_SUFFIXES = (".json", ".jsonl", ".ndjson", ".tap", ".trx", ".xml")


class _NoReader:
    """Stands in for a file that looks like results and that is not read, for a reason."""

    is_stream: ClassVar[bool] = False
    has_end: ClassVar[bool] = True

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def feed(self, data: bytes) -> list[Event]:
        del data
        return []

    def ending(self) -> Ending:
        return Ending(complete=False, reason=self._reason, fatal=True)


class _Finished:
    """Takes the place of a reader that will be fed no more: ten thousand readers are a lot of memory."""

    is_stream: ClassVar[bool] = False

    def __init__(self, reader: Reader) -> None:
        self.has_end = reader.has_end
        self._ending = reader.ending()

    def feed(self, data: bytes) -> list[Event]:
        raise AssertionError(f"fed {len(data)} bytes after the end")

    def ending(self) -> Ending:
        return self._ending


class Cursor:
    """One file. `strict`: see `tui.intake.sources.Intake`; `quiet`: seconds until what it holds counts."""

    def __init__(self, found: Found, *, strict: bool, quiet: float) -> None:
        self.name = found.name
        self._at = found.at
        self.stamp = found.stamp
        self.dirty = True
        self.set_aside = ""
        self.state: SourceState | None = None
        self._strict = strict
        self._quiet = quiet
        self._generation = 0
        self._format = _UNKNOWN
        self._is_called_like_results = unpacked.bare_name(found.name).lower().endswith(_RESULT_SUFFIXES)
        self._reader: Reader | None = None
        self._begun = found.stamp
        self._offset = 0
        self._next_doubt = formats.HEAD
        self._at_end = False
        self._shown = False
        self._told: tuple[SourceState, str, Stamp] | None = None
        self._ending_told = False
        self._second_look = False
        # None: under the stamp that it has, it cannot have become another.
        self._digest: blake2b | None = None
        self._probes = (b"", b"")

    @property
    def urgency(self) -> tuple[bool, int]:
        """The lowest is read first: what is called like results, and of that what has few bytes to read.

        Streams that grew and small files have few.
        """
        is_unlikely = self._format == _UNKNOWN and not self._is_called_like_results
        return is_unlikely, max(self.stamp.size - self._offset, 0)

    def is_at_rest(self, stamp: Stamp) -> bool:
        """Whether there is nothing to take note of: neither changed nor to be looked at once more."""
        return stamp == self.stamp and not self._second_look

    def notice(self, stamp: Stamp, now: float) -> None:
        """Compare with what the file is now."""
        if stamp != self.stamp:
            self.stamp, self.dirty = stamp, True
        elif self._second_look and not self._is_young(now):
            # Two writes within one tick of the clock leave one stamp: one more look, at the content.
            self._second_look = False
            if not self.dirty and self._differs():
                self.dirty, self._reader = True, None

    def turn(self, now: float, generation: int) -> Iterator[Batch]:
        """Read on for about 50 ms; `generation` is the number of a new one, should one begin here.

        Raises OSError where the file cannot be read.
        """
        with open_file(self._at) as file:
            goes_on, head = self._goes_on(file), b""
            if not goes_on:
                head = yield from self._begin(file, now, generation)
                if self._reader is None:
                    self.dirty = False
                    return
            assert self._reader is not None
            self._at_end = False
            until = time.monotonic() + _TURN
            for data in self._pieces(file, head):
                self._offset += len(data)
                if self._digest is not None:
                    self._digest.update(data)
                yield from self._batches(self._reader.feed(data))
                if self._is_hopeless():
                    break
                if time.monotonic() > until:
                    return
            self.dirty, self._at_end = False, True
            if not self._reader.is_stream:
                self._reader = _Finished(self._reader)
            # Of a stream that went on only its ends were compared: what stands between may be new too.
            self._second_look = self._digest is not None and (goes_on or self._is_young(now))
            if self._reader.is_stream:
                self._probes = self._probed(file)

    def settle(self, now: float, writers: Writers) -> Iterator[Batch]:
        """Say what the bytes so far amount to, where that is new."""
        if self._reader is None or not self._at_end:
            return
        ending = self._reader.ending()
        state, reason = self._judged(ending, writers, young=self._is_young(now))
        if self._told == (state, reason, self.stamp):
            return
        self.state, self._told = state, (state, reason, self.stamp)
        hidden = state is SourceState.GROWING and not self._reader.is_stream
        if hidden and (self._is_young(now) or not self._offset):
            yield SourceKept(self.name, reason, self.stamp.modified)
            return
        whole = not (state is SourceState.GROWING and self._reader.is_stream)
        if ending.events and whole and not self._ending_told:
            self._ending_told = True
            yield from self._batches(list(ending.events))
        self._shown = True
        yield SourceSettled(self.name, self._generation, state, reason, self.stamp.modified, self.stamp.size)

    def fail(self, reason: str, generation: int) -> Iterator[Batch]:
        """Say that the file cannot be read."""
        self.dirty, self._reader, self._told = False, None, None
        self.state, self._shown = SourceState.UNREADABLE, True
        yield SourceOpened(self.name, self._format, generation, staged=True)
        yield SourceSettled(self.name, generation, self.state, reason, self.stamp.modified, self.stamp.size)

    # --- reading ------------------------------------------------------------------------------------

    def _pieces(self, file: BinaryIO, head: bytes) -> Iterator[bytes]:
        """What is still to be read. `head` of it was read to tell the format: of a small file that is all."""
        if head:
            file.seek(len(head))
            yield head if len(head) < formats.HEAD else head + file.read(max(_CHUNK - len(head), 0))
        else:
            file.seek(self._offset)
        while data := file.read(_CHUNK):
            yield data

    def _goes_on(self, file: BinaryIO) -> bool:
        """Whether the file is what was read before and perhaps more, so that reading can go on."""
        reader = self._reader
        if reader is None or self.stamp.file != self._begun.file or self.stamp.size < self._offset:
            return False
        if not reader.is_stream:
            return not self._at_end and self.stamp == self._begun
        if self._ending_told or (self._at_end and self._probed(file) != self._probes):
            return False
        return self._offset >= formats.HEAD or self._is_recognised(file)

    def _is_hopeless(self) -> bool:
        """Whether nothing more can be read of the file, however much follows; asked ever more rarely."""
        assert self._reader is not None
        if self._reader.is_stream or self._offset < self._next_doubt:
            return False
        self._next_doubt = 2 * self._offset
        return self._reader.ending().fatal

    def _is_recognised(self, file: BinaryIO) -> bool:
        """Whether what stands there now has the format that fewer first bytes were told by."""
        file.seek(0)
        known = formats.recognise(file.read(formats.HEAD))
        return known is not None and known.name == self._format

    def _begin(self, file: BinaryIO, now: float, generation: int) -> Generator[Batch, None, bytes]:
        """A new generation: tell the format, and read from the start; the first bytes are given back."""
        head = unpacked.read_head(file)
        known = formats.recognise(head.data)
        self._reader = head.reading(known.open()) if known else None
        self.set_aside = ""
        if known is None:
            self.set_aside = self._put_aside(head)
            if self.set_aside:
                if self._generation:
                    self._generation, self._shown = 0, False
                    yield SourceGone(self.name)
                return b""
            self._reader = _NoReader(f"unknown format: {head.description}")
        elif refused := hollow(file):
            self._reader = _NoReader(refused)
        if known or head.data or head.packing:
            self._format = known.name if known else _UNKNOWN
        self._generation, self._begun = generation, self.stamp
        self._offset, self._ending_told, self._told = 0, False, None
        self._next_doubt = formats.HEAD
        assert self._reader is not None
        # Of a document that nobody touched for a while a digest is a tenth of the reading, for nothing.
        changes = self._reader.is_stream or now - self.stamp.touched < self._quiet
        self._digest = blake2b() if changes else None
        staged = self._shown or (not self._reader.is_stream and self._is_young(now))
        self._shown = self._shown or not staged
        yield SourceOpened(self.name, self._format, generation, staged)
        return head.raw

    def _put_aside(self, head: unpacked.Head) -> str:
        """Why a file that no reader knows is no source; empty where it is one that cannot be read."""
        is_empty = not head.data and not head.packing
        if not self._is_called_like_results:
            return "empty" if is_empty else formats.foreign(head.data, self.name) or head.description
        if is_empty:
            return ""
        return formats.foreign(head.data, self.name) or ("" if self._strict else head.description)

    def _batches(self, events: list[Event]) -> Iterator[Batch]:
        for start in range(0, len(events), BATCH):
            yield SourceEvents(self.name, self._generation, tuple(events[start : start + BATCH]))

    # --- comparing ----------------------------------------------------------------------------------

    def _differs(self) -> bool:
        """Whether the content is another than the one that was read, under the same stamp."""
        if self._reader is None or self._digest is None:
            return True
        digest = blake2b()
        try:
            with open_file(self._at) as file:
                # As far as it was read: what is hopeless is not read to its end.
                while (left := self._offset - file.tell()) and (data := file.read(min(_CHUNK, left))):
                    digest.update(data)
        except OSError:
            return True
        return digest.digest() != self._digest.digest()

    def _probed(self, file: BinaryIO) -> tuple[bytes, bytes]:
        """The first bytes, and the last that were read: a stream that goes on still has them."""
        file.seek(0)
        first = file.read(min(_PROBE, self._offset))
        file.seek(max(self._offset - _PROBE, 0))
        return first, file.read(min(_PROBE, self._offset))

    def _is_young(self, now: float) -> bool:
        return now - self.stamp.modified < self._quiet

    def _judged(self, ending: Ending, writers: Writers, *, young: bool) -> tuple[SourceState, str]:
        assert self._reader is not None
        if ending.complete and self._reader.has_end:
            return SourceState.COMPLETE, ""
        if young:
            return SourceState.GROWING, "being written"
        if writers.has(self.stamp.file):
            return SourceState.GROWING, "its writer has it open"
        if ending.complete:
            return SourceState.COMPLETE, ""
        if not self._offset:
            return SourceState.EMPTY, "0 bytes, and nobody writes it"
        if ending.fatal:
            return SourceState.UNREADABLE, ending.reason
        return SourceState.CUT_SHORT, ending.reason
