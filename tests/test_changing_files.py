"""Files that are not what the scan found, and files that are mostly nothing (TRUTH 3)."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.building import (
    BEGAN,
    LONG_AFTER,
    at,
    case,
    counts,
    json_lines,
    loaded,
    outcomes,
    phases,
    pytest_xml,
    report_log,
    written,
)
from tests.test_ctrf import a_test, ctrf
from tests.test_intake import Live
from tui.config import Config
from tui.core.model import SourceState
from tui.core.rules import Rules
from tui.core.store import Store
from tui.intake import cursor
from tui.load import open_intake, read_once

XML = pytest_xml(case("a"), case("b"))
LOG = report_log(*phases("tests/test_a.py::a"))
REPORT = ctrf(a_test(name="a"), a_test(name="b"))
ENORMOUS = 100 * 1024**3


def enormous(path: Path, head: str) -> None:
    """A file of 100 GB, of which only its head was written."""
    path.write_text(head)
    os.truncate(path, ENORMOUS)
    os.utime(path, (BEGAN, BEGAN))


# --- files that are mostly nothing ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["results.xml", "results.jsonl", "results.json", "results.tap"])
def test_an_enormous_file_of_nothing_is_refused_at_once(name: str, tmp_path: Path) -> None:
    enormous(tmp_path / name, "")
    written(tmp_path, {"good.xml": XML})
    store = loaded(tmp_path)
    assert store.tables[name].state is SourceState.UNREADABLE
    assert store.tables[name].reason == "unknown format: binary data"
    assert store.overall.tests == 2


@pytest.mark.parametrize(
    ("name", "head"), [("r.xml", XML[:-30]), ("r.jsonl", LOG), ("r.json", REPORT[:-5]), ("whole.xml", XML)]
)
def test_an_enormous_file_with_a_good_head_is_refused_at_once(name: str, head: str, tmp_path: Path) -> None:
    enormous(tmp_path / name, head)
    table = loaded(tmp_path).tables[name]
    assert table.state is SourceState.UNREADABLE
    assert table.reason.startswith("refused: a sparse file of 107,374,182,400 bytes, of which ")


def test_an_enormous_file_that_is_no_result_is_set_aside(tmp_path: Path) -> None:
    enormous(tmp_path / "disk.img", "")
    assert loaded(tmp_path).directory.others == (("disk.img", "binary data"),)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("r.json", REPORT.encode()[:-2] + b"?" + b" " * 50_000),
        ("r.xml", b'<!DOCTYPE t [<!ENTITY e "x">]><testsuite><testcase name="a">' + b" " * 50_000),
        ("r.bin.xml", b"\0" * 50_000),
    ],
)
def test_what_is_hopeless_is_not_read_to_its_end(
    name: str, data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cursor, "_CHUNK", 100)
    live = Live(tmp_path)
    written(tmp_path, {name: data}, live.now)
    store = live.look(0.1)
    revision = live.look(10).revision
    assert live.state(name) is SourceState.UNREADABLE
    assert 0 < live.intake._cursors[name]._offset < 20_000
    live.look(10)
    assert store.revision == revision
    live.write(name, XML)
    assert live.look(10).overall.tests == 2


def test_a_line_without_an_end_is_bounded(tmp_path: Path) -> None:
    data = LOG.encode() + b"x" * (40 * 1024 * 1024) + b"\n" + LOG.encode()
    table = loaded(written(tmp_path, {"r.jsonl": data})).tables["r.jsonl"]
    assert (table.state, table.tally.tests) == (SourceState.COMPLETE, 1)


# --- files that are not what the scan found ----------------------------------------------------------------


def gone(path: Path) -> None:
    path.unlink()


def its_folder_gone(path: Path) -> None:
    shutil.rmtree(path.parent)


def its_folder_a_file(path: Path) -> None:
    shutil.rmtree(path.parent)
    path.parent.write_text("x")


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("becomes", [gone, its_folder_gone, its_folder_a_file, a_folder])
@pytest.mark.parametrize("read_before", [True, False])
def test_a_file_that_went_since_the_scan_is_no_source(
    *, becomes: Callable[[Path], None], read_before: bool, tmp_path: Path
) -> None:
    written(tmp_path, {"sub/a.xml": XML, "good.xml": pytest_xml(case("c"))})
    intake, store = open_intake(tmp_path, Config(), now=at(LONG_AFTER)), Store(Rules())
    if read_before:
        read_once(intake, store)
        written(tmp_path, {"sub/a.xml": XML}, BEGAN + 5)
    for batch in intake.sweep():
        store.apply(batch)
    becomes(tmp_path / "sub" / "a.xml")
    while intake.backlog:
        for batch in intake.step():
            store.apply(batch)
    assert outcomes(store) == {"tests/test_a.py::c": "passed"}
    assert set(store.tables) == {"good.xml"}


def test_a_file_that_went_and_came_back_is_read(tmp_path: Path) -> None:
    written(tmp_path, {"a.xml": XML})
    intake, store = open_intake(tmp_path, Config(), now=at(LONG_AFTER)), Store(Rules())
    for batch in intake.sweep():
        store.apply(batch)
    (tmp_path / "a.xml").rename(tmp_path / "away")
    while intake.backlog:
        for batch in intake.step():
            store.apply(batch)
    (tmp_path / "away").rename(tmp_path / "a.xml")
    read_once(intake, store)
    assert store.overall.tests == 2


def test_a_file_that_became_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    written(tmp_path, {"a.xml": XML})
    intake, store = open_intake(tmp_path, Config(), now=at(LONG_AFTER)), Store(Rules())
    for batch in intake.sweep():
        store.apply(batch)
    (tmp_path / "a.xml").unlink()
    os.mkfifo(tmp_path / "a.xml")
    while intake.backlog:
        for batch in intake.step():
            store.apply(batch)
    assert store.tables["a.xml"].reason == "cannot be read: not a regular file"
    read_once(intake, store)
    assert not store.tables
    assert dict(store.directory.others) == {"a.xml": "not a regular file: not opened"}


@pytest.mark.parametrize(
    ("name", "first", "then"),
    [
        ("a.xml", XML, pytest_xml(case("c"))),
        ("a.xml", pytest_xml(*(case(f"t{n}") for n in range(200))), XML),
        ("r.json", REPORT, ctrf(*(a_test(name=f"t{n}") for n in range(200)))),
        ("r.jsonl", LOG, LOG.replace("::a", "::z") * 2),
        ("r.jsonl", LOG * 5, json_lines({"$report_type": "SessionFinish", "exitstatus": 0})),
    ],
)
def test_a_file_that_changes_while_it_is_read_comes_to_be_what_it_is(
    name: str, first: str, then: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cursor, "_CHUNK", 64)
    monkeypatch.setattr(cursor, "_TURN", -1.0)
    live = Live(tmp_path)
    live.write(name, first)
    for batch in live.intake.sweep():
        live.store.apply(batch)
    for batch in live.intake.step():
        live.store.apply(batch)
    live.now += 0.5
    live.write(name, then)
    for batch in live.intake.step():  # with the old stamp, as a scan that comes too late leaves it
        live.store.apply(batch)
    live.look(10)
    store = live.look(10)
    assert counts(store.overall) == counts(loaded(tmp_path).overall)
    assert set(outcomes(store)) == set(outcomes(loaded(tmp_path)))
