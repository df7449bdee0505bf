"""Compressed sources of any format: told by their first bytes, bounded, and re-read for the detail."""

import bz2
import gzip
import lzma
import sys
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import (
    BEGAN,
    case,
    counts,
    event_log,
    failure,
    loaded,
    phases,
    pieces,
    pytest_xml,
    reader_of,
    report_log,
    told,
    written,
)
from tests.test_intake import Live
from tui.core.model import SourceState, Span
from tui.intake import unpacked
from tui.intake.sources import read_detail
from tui.intake.unpacked import UnpackedReader, read_head, read_spans

XML = pytest_xml(case("a"), case("b", failure(text="whole traceback"))).encode()
LOG = report_log(*phases("x.py::b"), *phases("tests/test_a.py::b", call="failed", longrepr="whole traceback"))
MANY = pytest_xml(*(case(f"t{n}", failure() if n % 3 == 0 else "") for n in range(3000))).encode()
LONG = pytest_xml(*(case(f"t{n * n % 99991}") for n in range(8_000))).encode()
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": lambda data: bz2.compress(data, 1),
    "xz": lzma.compress,
}
packers = pytest.mark.parametrize("suffix", PACKERS)
cuts = st.lists(st.integers(0, 10**9), max_size=8)


@packers
@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [("a.xml", XML, (2, 1, 1, 0, 0)), ("r.jsonl", LOG.encode(), (2, 1, 1, 0, 0))],
)
def test_a_packed_source_is_read_as_what_it_holds(
    suffix: str, name: str, data: bytes, expected: tuple[int, ...], tmp_path: Path
) -> None:
    packed = PACKERS[suffix](data)
    store = loaded(written(tmp_path, {f"{name}.{suffix}": packed}))
    table = store.tables[f"{name}.{suffix}"]
    assert (counts(store.overall), table.state, table.reason) == (expected, SourceState.COMPLETE, "")
    assert table.size == len(packed)


@packers
def test_it_is_told_by_its_bytes_and_not_by_its_name(suffix: str, tmp_path: Path) -> None:
    store = loaded(written(tmp_path, {"a.xml": PACKERS[suffix](XML), "plain.xml.gz": XML}))
    tests = {name: table.tally.tests for name, table in store.tables.items()}
    assert tests == {"a.xml": 2, "plain.xml.gz": 2}


def test_a_packed_event_log_is_complete(tmp_path: Path) -> None:
    data = gzip.compress(event_log({"event": "x"}).encode())
    assert loaded(written(tmp_path, {"e.jsonl.gz": data})).tables["e.jsonl.gz"].state is SourceState.COMPLETE


@packers
@pytest.mark.parametrize(("name", "data"), [("a.xml", XML), ("r.jsonl", LOG.encode())])
def test_the_detail_is_read_from_the_unpacked_place(
    suffix: str, name: str, data: bytes, tmp_path: Path
) -> None:
    name = f"{name}.{suffix}"
    store = loaded(written(tmp_path, {name: PACKERS[suffix](data)}))
    result = next(result for result in store.tests.values() if result.label == "tests/test_a.py::b")
    detail = read_detail(tmp_path / name, store.tables[name].format, result.last.spans)
    assert "whole traceback" in detail.tracebacks[0].text


@packers
@given(data=st.binary(max_size=300), spans=st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300))))
def test_spans_are_the_same_packed_and_plain(suffix: str, data: bytes, spans: list[tuple[int, int]]) -> None:
    data = b"plain" + data
    asked = [Span(*span) for span in spans]
    plain = read_spans(BytesIO(data), asked, 200)
    assert plain == read_spans(BytesIO(PACKERS[suffix](data)), asked, 200)


@packers
def test_a_truncated_archive_is_cut_short_and_what_was_read_counts(suffix: str, tmp_path: Path) -> None:
    packed = PACKERS[suffix](LONG)
    table = loaded(written(tmp_path, {"a.xml": packed[: len(packed) * 9 // 10]})).tables["a.xml"]
    assert table.state is SourceState.CUT_SHORT
    assert 4000 < table.tally.tests < 8000
    assert "data end early, after " in table.reason


def test_an_archive_of_which_only_the_trailer_is_missing_is_cut_short_too(tmp_path: Path) -> None:
    table = loaded(written(tmp_path, {"a.xml.gz": gzip.compress(XML)[:-4]})).tables["a.xml.gz"]
    assert (table.state, table.tally.tests) == (SourceState.CUT_SHORT, 2)
    assert table.reason == f"its gzip data end early, after {len(XML):,} bytes unpacked"


@packers
def test_damage_is_said_and_what_stood_before_it_counts(suffix: str, tmp_path: Path) -> None:
    whole = PACKERS[suffix](LONG)
    middle = len(whole) // 2
    packed = whole[:middle] + bytes(n * n % 251 for n in range(middle))
    table = loaded(written(tmp_path, {"a.xml": packed})).tables["a.xml"]
    assert table.state in (SourceState.UNREADABLE, SourceState.CUT_SHORT)  # chance decides what it reads as
    assert table.reason
    assert 2000 < table.tally.tests < 8000


def test_a_wrong_checksum_is_damage(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(XML))
    packed[-8] ^= 1
    table = loaded(written(tmp_path, {"a.xml.gz": bytes(packed)})).tables["a.xml.gz"]
    assert table.state is SourceState.UNREADABLE
    assert "incorrect data check" in table.reason


@packers
def test_several_streams_in_a_row_are_one_content(suffix: str, tmp_path: Path) -> None:
    pack = PACKERS[suffix]
    data = pack(XML[:100]) + pack(b"") + pack(XML[100:])
    data += b"\0" * 8 if suffix != "bz2" else b""
    table = loaded(written(tmp_path, {"a.xml": data})).tables["a.xml"]
    assert (table.state, table.tally.tests, table.problems) == (SourceState.COMPLETE, 2, [])


def test_what_follows_the_packed_data_is_said(tmp_path: Path) -> None:
    table = loaded(written(tmp_path, {"a.xml.gz": gzip.compress(XML) + b"something else"})).tables["a.xml.gz"]
    assert (table.state, table.tally.tests) == (SourceState.COMPLETE, 2)
    assert [problem.message for problem in table.problems] == ["what follows the gzip data is not read"]


@packers
@given(cut=cuts, end=st.integers(0))
def test_a_packed_source_says_the_same_however_it_is_cut_wherever_it_ends(
    suffix: str, cut: list[int], end: int
) -> None:
    packed = PACKERS[suffix](XML[:50]) + PACKERS[suffix](XML[50:])
    kind = unpacked.packing(packed)
    for part in (packed, packed[: end % (len(packed) + 1)]):
        ours, whole = (UnpackedReader(kind, reader_of(XML)) for _ in range(2))
        assert told(ours, pieces(part, cut)) == told(whole, [part])
        assert ours.ending() == whole.ending()


# --- what grows ---------------------------------------------------------------------------------------


def test_a_packed_log_that_grows_is_read_anew(tmp_path: Path) -> None:
    live = Live(tmp_path)
    first, rest = LOG[: LOG.index("tests/test_a.py::b")], LOG[LOG.index("tests/test_a.py::b") :]
    written(tmp_path, {"r.jsonl.gz": gzip.compress(first.encode())}, live.now)
    assert live.look(10).overall.tests == 1
    assert live.state("r.jsonl.gz") is SourceState.CUT_SHORT
    whole = gzip.compress(first.encode()) + gzip.compress(rest.encode())
    written(tmp_path, {"r.jsonl.gz": whole}, live.now)
    assert live.look(0.1).overall.tests == 2
    assert live.state("r.jsonl.gz") is SourceState.COMPLETE


@pytest.mark.parametrize("data", [b"", gzip.compress(XML)[:10]], ids=["nothing", "a head"])
def test_a_packed_source_that_was_only_begun_is_named(data: bytes, tmp_path: Path) -> None:
    table = loaded(written(tmp_path, {"r.jsonl.gz": data})).tables["r.jsonl.gz"]
    if data:
        assert table.reason == "unknown format: gzip data that end before they say anything"
    else:
        assert table.state is SourceState.EMPTY


# --- what is no result, and what is too much -----------------------------------------------------------


def test_a_packed_file_that_holds_no_result_is_set_aside(tmp_path: Path) -> None:
    files = {"notes.txt.gz": gzip.compress(b"x"), "cov.xml.gz": gzip.compress(b"<coverage/>")}
    store = loaded(written(tmp_path, files | {"odd.json.gz": gzip.compress(b"{}")}))
    assert dict(store.directory.others) == {
        "notes.txt.gz": "gzip data: text of an unknown shape",
        "cov.xml.gz": "code coverage",
    }
    assert store.tables["odd.json.gz"].reason == "unknown format: gzip data: JSON of an unknown shape"


def bomb(size: int) -> bytes:
    """A packed report log that is nearly all blanks."""
    return gzip.compress(LOG.encode() + b" " * size, compresslevel=9)


def test_what_unpacks_to_far_more_than_its_size_is_refused(tmp_path: Path) -> None:
    table = loaded(written(tmp_path, {"r.jsonl.gz": bomb(100 * 1024 * 1024)})).tables["r.jsonl.gz"]
    assert table.state is SourceState.UNREADABLE
    assert table.reason == "refused: it unpacks to more than 1,000 times its size"
    assert table.tally.tests == 2


def test_what_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacked, "LARGEST", 1024 * 1024)
    table = loaded(written(tmp_path, {"r.jsonl.gz": bomb(3 * 1024 * 1024)})).tables["r.jsonl.gz"]
    assert table.state is SourceState.UNREADABLE
    assert table.reason.startswith("refused: it unpacks to more than")


@packers
def test_the_head_of_a_bomb_costs_little(suffix: str) -> None:
    packed = PACKERS[suffix](b" " * 50_000_000)
    head = read_head(BytesIO(packed))
    assert (len(head.data), head.fault) == (16 * 1024, "")


def test_a_dictionary_that_would_fill_memory_is_refused() -> None:
    small = lzma.compress(XML, filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 4096}])
    # The header of the block states the size of the dictionary, and has a checksum.
    block = bytearray(small[12:24])
    block[block.index(b"\x21\x01") + 2] = 36
    block[-4:] = zlib.crc32(bytes(block[:-4])).to_bytes(4, "little")
    head = read_head(BytesIO(small[:12] + bytes(block) + small[24:]))
    assert "damaged xz data" in head.fault
    assert "Memory" in head.fault


# --- zstd ---------------------------------------------------------------------------------------------

ZSTD = b"\x28\xb5\x2f\xfd"


def test_without_its_library_zstd_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("compression.zstd", "zstandard"):
        monkeypatch.setitem(sys.modules, name, None)
    store = loaded(written(tmp_path, {"a.xml.zst": ZSTD + b"x" * 20, "notes.zst": ZSTD + b"x" * 20}))
    said = "packed with zstd: reading it needs the zstandard package"
    assert store.tables["a.xml.zst"].reason == f"unknown format: {said}"
    assert dict(store.directory.others) == {"notes.zst": said}


class FakeFrame:
    """Stands in for the package: a frame is the magic number, a length in one byte, then its bytes."""

    def __init__(self) -> None:
        self.eof = False
        self.unused_data = b""
        self._seen = b""

    def decompress(self, data: bytes) -> bytes:
        before = max(len(self._seen) - 5, 0)
        self._seen += data
        if len(self._seen) < 5:
            return b""
        length = self._seen[4]
        if length == 255:
            raise FakeError("bad frame")
        self.eof = len(self._seen) >= 5 + length
        self.unused_data = self._seen[5 + length :]
        return self._seen[5 : 5 + length][before:]


class FakeError(Exception):
    """What the package raises."""


class FakeDecompressor:
    """What the package unpacks with."""

    def __init__(self, max_window_size: int) -> None:
        assert max_window_size

    def decompressobj(self) -> FakeFrame:
        return FakeFrame()


@pytest.fixture
def fake_package(monkeypatch: pytest.MonkeyPatch) -> None:
    package = ModuleType("zstandard")
    package.__dict__.update(ZstdDecompressor=FakeDecompressor, ZstdError=FakeError)
    monkeypatch.setitem(sys.modules, "compression.zstd", None)
    monkeypatch.setitem(sys.modules, "zstandard", package)


def frames(data: bytes) -> bytes:
    parts = [data[at : at + 200] for at in range(0, len(data), 200)]
    return b"".join(ZSTD + bytes([len(part)]) + part for part in parts)


@pytest.mark.usefixtures("fake_package")
def test_with_the_package_zstd_is_read_frame_by_frame(tmp_path: Path) -> None:
    table = loaded(written(tmp_path, {"a.xml.zst": frames(XML)})).tables["a.xml.zst"]
    assert (table.state, table.tally.tests) == (SourceState.COMPLETE, 2)
    table = loaded(written(tmp_path, {"a.xml.zst": frames(XML) + ZSTD + b"\xff"})).tables["a.xml.zst"]
    assert (table.state, table.tally.tests) == (SourceState.UNREADABLE, 2)
    assert "bad frame" in table.reason


def test_the_package_itself_reads_what_it_wrote(tmp_path: Path) -> None:
    package = pytest.importorskip("zstandard")
    data = package.ZstdCompressor().compress(MANY)
    store = loaded(written(tmp_path, {"a.xml.zst": data + package.ZstdCompressor().compress(b"\n")}))
    assert store.tables["a.xml.zst"].state is SourceState.COMPLETE
    assert store.overall.tests == 3000
    huge = package.ZstdCompressor().compress(LOG.encode() + b" " * (200 * 1024 * 1024))
    store = loaded(written(tmp_path / "b", {"r.jsonl.zst": huge}, BEGAN))
    assert "1,000 times" in store.tables["r.jsonl.zst"].reason
