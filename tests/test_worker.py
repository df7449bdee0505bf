"""The worker that reads for a live view, and what goes through its pipe."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given

from tests.building import SAMPLE, case, pytest_xml, written
from tests.test_blocks import batches as told_batches
from tui.core.model import Batch, DirectoryScanned
from tui.core.rules import Rules
from tui.core.store import Store
from tui.intake import frames, process
from tui.intake.remote import Worker
from tui.intake.sources import Intake
from tui.load import read_once

_LONG = 30.0


@contextmanager
def worker(root: Path) -> Iterator[Worker]:
    found = Worker()
    try:
        found.watch(root, strict=True)
        found.start(lambda: None)
        yield found
    finally:
        found.stop()


def until_read(found: Worker, store: Store) -> None:
    """Take in what comes until everything is read."""
    while not store.scanned or store.directory.backlog or store.is_live:
        store.apply(found.batches.get(timeout=_LONG))


# --- frames -------------------------------------------------------------------------------------------


def through(batch: Batch) -> Batch:
    return frames.decoder_of_batches().decode(frames.encoded(batch))


@given(told=told_batches())
def test_what_is_decoded_equals_what_was_encoded(told: list[Batch]) -> None:
    assert list(map(through, told)) == told


def test_all_that_is_told_of_the_sample_goes_through_the_pipe() -> None:
    intake = Intake(SAMPLE)
    told = list(intake.sweep())
    while intake.backlog:
        told += intake.step()
    decode = frames.decoder_of_batches().decode
    assert [decode(frames.encoded(batch)) for batch in told] == told


def test_a_frame_that_is_cut_is_none() -> None:
    stream = io.BytesIO()
    frames.send(stream, b"one")
    frames.send(stream, b"three")
    whole = stream.getvalue()
    for end in range(len(whole)):
        cut = io.BytesIO(whole[:end])
        found = [frames.receive(cut), frames.receive(cut)]
        assert found in ([None, None], [b"one", None])
    assert frames.receive(io.BytesIO(whole)) == b"one"


# --- the worker ---------------------------------------------------------------------------------------


def test_it_tells_what_is_read_in_this_process(tmp_path: Path) -> None:
    written(
        tmp_path, {"a.xml": pytest_xml(case("test_a"), case("test_b")), "sub/ü b.xml": pytest_xml(case())}
    )
    here, there = Store(Rules()), Store(Rules())
    read_once(Intake(tmp_path), here)
    with worker(tmp_path) as found:
        until_read(found, there)
    assert there.tests == here.tests
    assert there.directory == here.directory


def test_one_that_was_started_ahead_is_taken_once(tmp_path: Path) -> None:
    process.start_ahead()
    (ahead,) = process._ahead
    with worker(tmp_path) as found, worker(tmp_path) as other:
        assert found._process is ahead
        assert other._process is not ahead
        until_read(found, Store(Rules()))


def test_it_goes_on_to_watch(tmp_path: Path) -> None:
    store = Store(Rules())
    with worker(tmp_path) as found:
        until_read(found, store)
        assert not store.tests
        written(tmp_path, {"a.xml": pytest_xml(case("test_a"))})
        while not store.tests:
            store.apply(found.batches.get(timeout=_LONG))


def test_that_it_has_ended_is_said(tmp_path: Path) -> None:
    with worker(tmp_path) as found:
        until_read(found, Store(Rules()))
        found._process.kill()
        batch: Batch | None = None
        while not (isinstance(batch, DirectoryScanned) and batch.problem):
            batch = found.batches.get(timeout=_LONG)
    assert batch.problem == "reading stopped: its process ended with exit status -9"


def test_it_ends_with_whoever_started_it(tmp_path: Path) -> None:
    with worker(tmp_path) as found:
        assert found._process.stdin is not None
        found._process.stdin.close()
        assert found._process.wait(_LONG) == 0


def test_nothing_of_the_working_directory_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("msgspec.py", "queue.py", "sitecustomize.py", "tui.py"):
        (tmp_path / name).write_text("open('it-was-run', 'w')")
    monkeypatch.chdir(tmp_path)
    with worker(tmp_path) as found:
        until_read(found, Store(Rules()))
    assert not (tmp_path / "it-was-run").exists()


def test_after_its_stop_nothing_waits(tmp_path: Path) -> None:
    written(tmp_path, {f"{n}.xml": pytest_xml(case()) for n in range(200)})
    with worker(tmp_path) as found:
        found.batches.get(timeout=_LONG)
    found._thread.join(_LONG)
    assert not found._thread.is_alive()


def test_a_message_that_is_none_is_said(tmp_path: Path) -> None:
    with worker(tmp_path) as found:
        found._put(b"\xc1")
        problems = iter(lambda: found.batches.get(timeout=_LONG), None)
        told = next(batch for batch in problems if isinstance(batch, DirectoryScanned) and batch.problem)
    assert "cannot be taken in" in told.problem
