"""What is found on disk, in which state, and what is passed over, with the reason (TRUTH 3)."""

import os
from pathlib import Path
from unittest.mock import Mock, patch

import pytest
from msgspec.structs import replace

from tests.building import (
    BEGAN,
    LONG_AFTER,
    at,
    case,
    counts,
    event_log,
    failure,
    loaded,
    outcomes,
    phases,
    pytest_xml,
    report_log,
    written,
)
from tui.config import Config
from tui.core.facts import gather
from tui.core.model import DirectoryScanned, SourceEvents, SourceGone, SourceOpened, SourceState
from tui.core.rules import Rules
from tui.core.store import Store
from tui.intake import cursor, sources
from tui.intake.sources import Intake, read_detail
from tui.intake.tree import Tree
from tui.intake.watcher import Watcher
from tui.load import load, open_intake, read_once

XML = pytest_xml(case("a"), case("b", failure()))
HALF = XML[: XML.index("</testsuite>")]
LOG = report_log(*phases("tests/test_a.py::a"))


class Live:
    """A Store that follows a directory, with a clock that is set by hand."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.now = BEGAN
        self.store = Store(Rules())
        self.intake = open_intake(root, Config(), now=lambda: self.now)

    def write(self, name: str, text: str) -> None:
        written(self.root, {name: text}, self.now)

    def look(self, after: float = 0.0) -> Store:
        self.now += after
        read_once(self.intake, self.store)
        return self.store

    def state(self, name: str) -> SourceState:
        facts = gather(self.store, self.now)
        return next(row.state for row in facts.sources if row.path == name)


@pytest.fixture
def live(tmp_path: Path) -> Live:
    return Live(tmp_path)


# --- states -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "state", "reason"),
    [
        ("a.xml", XML, SourceState.COMPLETE, ""),
        ("a.xml", HALF, SourceState.CUT_SHORT, "ends at line 1"),
        ("a.xml", "", SourceState.EMPTY, "0 bytes, and nobody writes it"),
        (
            "a.xml",
            '<!DOCTYPE t [<!ENTITY e "x">]><testsuite/>',
            SourceState.UNREADABLE,
            "refused at line 1: it declares the entity 'e'",
        ),
        ("a.xml", "no xml", SourceState.UNREADABLE, "unknown format: text of an unknown shape"),
        ("a.json", "[]", SourceState.UNREADABLE, "unknown format: JSON of an unknown shape"),
        ("r.jsonl", LOG, SourceState.COMPLETE, ""),
        ("r.jsonl", report_log(finish=False), SourceState.CUT_SHORT, "no SessionFinish"),
        ("e.events.jsonl", event_log({"event": "x"}), SourceState.COMPLETE, ""),
        ("e.events.jsonl", event_log({"event": "x"}) + '{"ev', SourceState.CUT_SHORT, "ends inside line 2"),
    ],
)
def test_a_source_that_came_to_rest(
    name: str, text: str, state: SourceState, reason: str, tmp_path: Path
) -> None:
    table = loaded(written(tmp_path, {name: text})).tables[name]
    assert table.state is state
    assert table.reason.startswith(reason)


def test_a_whole_file_counts_at_once_and_a_half_one_is_not_shown_while_it_is_young(live: Live) -> None:
    live.write("a.xml", HALF)
    assert counts(live.look(0.1).overall) == (0, 0, 0, 0, 0)
    assert live.store.is_live
    live.write("a.xml", XML)
    assert counts(live.look(0.1).overall) == (2, 1, 1, 0, 0)
    assert not live.store.is_live


def test_while_a_file_is_rewritten_its_last_whole_results_stay(live: Live) -> None:
    live.write("a.xml", XML)
    live.look(10)
    live.write("a.xml", HALF[:200])
    assert counts(live.look(0.1).overall) == (2, 1, 1, 0, 0)
    assert live.state("a.xml") is SourceState.GROWING


def test_once_it_is_quiet_what_is_there_counts_and_it_says_what_it_held(live: Live) -> None:
    live.write("a.xml", XML)
    live.look(10)
    live.write("a.xml", "")
    assert counts(live.look(10).overall) == (0, 0, 0, 0, 0)
    assert live.state("a.xml") is SourceState.EMPTY
    held = live.store.tables["a.xml"].held_before
    assert held is not None
    assert held[0] == 2


def test_a_deleted_file_takes_its_results_along_and_is_listed(live: Live) -> None:
    live.write("a.xml", XML)
    live.look(10)
    (live.root / "a.xml").unlink()
    assert counts(live.look(10).overall) == (0, 0, 0, 0, 0)
    assert dict(live.store.gone) == {"a.xml": "held 2 tests"}
    assert gather(live.store, live.now).gone == (("a.xml", "held 2 tests"),)


def test_a_stream_counts_line_by_line_as_it_grows(live: Live) -> None:
    lines = LOG.splitlines(keepends=True)
    live.write("r.jsonl", "".join(lines[:3]))
    live.look(0.1)
    assert (live.store.overall.running, live.state("r.jsonl")) == (1, SourceState.GROWING)
    live.write("r.jsonl", LOG)
    live.look(0.1)
    assert (live.store.overall.passed, live.state("r.jsonl")) == (1, SourceState.COMPLETE)


def test_a_stream_that_is_changed_in_its_middle_is_read_anew(live: Live) -> None:
    long = report_log(*(line for n in range(9) for line in phases(f"tests/test_a.py::test_{n}")))
    live.write("r.jsonl", long)
    live.look(10)
    live.write("r.jsonl", long.replace("test_4", "test_X"))
    live.look(10)
    live.look(10)
    assert "tests/test_a.py::test_X" in outcomes(live.store)


def test_a_stream_is_what_its_first_line_says_once_it_is_whole(live: Live) -> None:
    live.write("r.jsonl", '{"event": "a", "ty')
    live.look(10)
    live.write("r.jsonl", '{"event": "a", "type": "test"}\n' + LOG)
    live.look(10)
    assert live.store.tables["r.jsonl"].format == loaded(live.root).tables["r.jsonl"].format == "reportlog"


def test_reading_an_unchanged_generation_again_changes_nothing(live: Live) -> None:
    live.write("a.xml", XML)
    live.write("r.jsonl", LOG)
    live.look(10)
    revision = live.store.revision
    live.look(10)
    live.look(10)
    assert live.store.revision == revision


def test_two_writes_under_one_stamp_are_told_apart(live: Live) -> None:
    live.write("a.xml", XML)
    live.look(0.1)
    written(live.root, {"a.xml": XML.replace('name="a"', 'name="z"')}, BEGAN)
    live.look(10)
    assert "tests/test_a.py::z" in outcomes(live.store)


@pytest.mark.parametrize(
    ("name", "now", "digests"), [("a.xml", LONG_AFTER, 0), ("a.xml", BEGAN, 1), ("a.jsonl", LONG_AFTER, 1)]
)
def test_only_what_may_become_another_under_its_stamp_has_a_digest(
    name: str, now: float, digests: int, tmp_path: Path
) -> None:
    intake = Intake(written(tmp_path, {name: XML if name == "a.xml" else LOG}), now=at(now))
    read_once(intake, Store(Rules()))
    assert [found._digest is not None for found in intake._cursors.values()].count(True) == digests


def test_a_file_that_its_writer_still_has_open_is_growing(live: Live) -> None:
    live.write("a.xml", HALF)
    with (live.root / "a.xml").open("r+b"):
        live.look(100)
        assert live.state("a.xml") is SourceState.GROWING
        assert counts(live.store.overall) == (2, 1, 1, 0, 0)


def test_a_source_older_than_it_may_be_is_stale(tmp_path: Path) -> None:
    rules = replace(Rules(), criteria=replace(Rules().criteria, max_age=60.0))
    store = loaded(written(tmp_path, {"a.xml": XML}), Config(rules=rules))
    (row,) = gather(store, LONG_AFTER).sources
    assert row.state is SourceState.STALE


def test_a_directory_that_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    live = Live(tmp_path / "later")
    assert not live.look().directory.exists
    live.write("a.xml", XML)
    assert live.look(10).directory.exists
    assert live.store.overall.tests == 2


def test_a_single_file_is_a_directory_of_one(tmp_path: Path) -> None:
    written(tmp_path, {"a.xml": XML, "b.xml": XML})
    assert loaded(tmp_path / "a.xml").overall.tests == 2


def test_large_files_are_read_in_turns_with_the_same_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cursor, "_CHUNK", 100)
    monkeypatch.setattr(cursor, "_TURN", -1.0)
    monkeypatch.setattr(cursor, "BATCH", 2)
    many = pytest_xml(*(case(f"t{n}", failure() if n % 3 == 0 else "") for n in range(30)))
    store = loaded(written(tmp_path, {"a.xml": many, "r.jsonl": LOG}))
    assert counts(store.overall) == (31, 21, 10, 0, 0)


def test_a_reader_that_breaks_on_one_file_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "tui.readers.streams.reportlog.ReportLogReader.feed", Mock(side_effect=RuntimeError("oh"))
    )
    store = loaded(written(tmp_path, {"a.xml": XML, "r.jsonl": LOG}))
    assert store.overall.tests == 2
    assert store.tables["r.jsonl"].reason == "its reader broke off: RuntimeError: oh"
    assert store.tables["r.jsonl"].state is SourceState.UNREADABLE


# --- what is no result ------------------------------------------------------------------------------------


def test_what_is_no_result_is_set_aside_with_its_reason(tmp_path: Path) -> None:
    files = {
        "notes.txt": "x",
        "cov.xml": "<coverage/>",
        "lint.xml": "<checkstyle/>",
        "node_modules/a.xml": XML,
    }
    store = loaded(written(tmp_path, files))
    assert dict(store.directory.others) == {
        "notes.txt": "text of an unknown shape",
        "cov.xml": "code coverage",
        "lint.xml": "linter findings",
    }
    assert not store.tables


def test_the_configuration_and_the_baseline_are_no_results(tmp_path: Path) -> None:
    written(tmp_path, {"a.xml": XML, "old/a.xml": XML, "runwatch.toml": ""})
    config = Config(path=tmp_path / "runwatch.toml", baseline=tmp_path / "old")
    store = load(tmp_path, config, now=at(LONG_AFTER))
    assert list(store.tables) == ["a.xml"]
    assert store.comparison is not None
    assert store.directory.others == ()


def test_what_the_user_ignores_is_named(tmp_path: Path) -> None:
    store = loaded(written(tmp_path, {"a.xml": XML, "b/c.xml": XML}), Config(ignored=("c.xml",)))
    assert list(store.tables) == ["a.xml"]
    assert store.directory.others == (("b/c.xml", "ignored by the configuration"),)


@pytest.mark.parametrize("absent", [True, False])
def test_a_baseline_that_holds_nothing_is_said(*, absent: bool, tmp_path: Path) -> None:
    root = written(tmp_path / "now", {"a.xml": XML})
    if not absent:
        (tmp_path / "old").mkdir()
    store = loaded(root, Config(baseline=tmp_path / "old"))
    assert store.comparison is None
    assert ("not found" if absent else "holds no results") in store.baseline_problem
    assert gather(store, LONG_AFTER).regressions.known is False


# --- detail -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.xml", pytest_xml(case("b"), case("a", failure(text="whole traceback")))),
        (
            "r.jsonl",
            report_log(
                *phases("x.py::b"), *phases("tests/test_a.py::a", call="failed", longrepr="whole traceback")
            ),
        ),
    ],
)
def test_the_detail_of_a_test_is_read_again_from_its_place(name: str, text: str, tmp_path: Path) -> None:
    store = loaded(written(tmp_path, {name: text}))
    result = next(result for result in store.tests.values() if result.label == "tests/test_a.py::a")
    detail = read_detail(tmp_path / name, store.tables[name].format, result.last.spans)
    assert "whole traceback" in detail.tracebacks[0].text


def test_the_one_shot_pulls_what_the_live_view_pulls(tmp_path: Path) -> None:
    written(tmp_path, {"a.xml": XML, "r.jsonl": LOG})
    intake, store = Intake(tmp_path, now=at(LONG_AFTER)), Store(Rules())
    read_once(intake, store)
    assert outcomes(store) == outcomes(loaded(tmp_path))
    assert store.overall.tests == 2  # two sources of one run


def test_a_file_is_found_by_the_name_that_it_has_on_screen(tmp_path: Path) -> None:
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/a\xff.xml")
    for path in (odd, str(tmp_path / "b.xml"), str(tmp_path / "c\nd.xml")):
        Path(path).write_text(pytest_xml(case()))
    tree = Tree(tmp_path)
    named = {found.name: found.path for found in tree.walk()}
    assert "a\\xff.xml" in named
    assert {name: tree.path(name) for name in named} == named
    assert tree.path("gone.xml") == tmp_path / "gone.xml"


def test_of_many_files_the_smallest_is_read_first_and_each_once(tmp_path: Path) -> None:
    for number in range(30):
        cases = [case(f"test_{n}") for n in range(30 - number)]
        written(tmp_path, {f"{number:02}.xml": pytest_xml(*cases)})
    intake = Intake(tmp_path, now=at(LONG_AFTER))
    list(intake.sweep())
    assert intake.backlog == 30
    read = [batch.source for _ in range(30) for batch in intake.step() if isinstance(batch, SourceOpened)]
    assert read == [f"{number:02}.xml" for number in reversed(range(30))]
    assert intake.backlog == 0
    assert [batch for batch in intake.sweep() if isinstance(batch, SourceOpened)] == []


def fresh_others(root: Path) -> tuple[tuple[str, str], ...]:
    store = Store(Rules())
    read_once(Intake(root, now=at(LONG_AFTER)), store)
    return store.directory.others


def test_what_changes_during_a_sweep_is_read_before_it_goes_on(tmp_path: Path) -> None:
    names = [f"{number:02}.xml" for number in range(8)]
    written(tmp_path, dict.fromkeys(names, XML) | {"notes.txt": "none", "z.jsonl": LOG})
    intake = Intake(tmp_path, now=at(LONG_AFTER))
    watcher, store = Watcher(intake), Store(Rules())
    with patch.object(sources, "_SWEPT_AT_ONCE", 2):
        read_once(intake, store)
        (tmp_path / names[0]).unlink()
        (tmp_path / names[7]).write_text(pytest_xml(case("c")))
        (tmp_path / "new.xml").write_text(XML)
        stream = tmp_path / "z.jsonl"
        stream.write_text(report_log(*phases("tests/test_a.py::a"), *phases("tests/test_a.py::b")))
        watcher._hinted |= {str(stream), str(tmp_path / "new.xml")}
        watcher._sweep()
    told = []
    while not watcher.batches.empty():
        told.append(watcher.batches.get())
    for batch in told:
        store.apply(batch)
    gone = next(n for n, batch in enumerate(told) if isinstance(batch, SourceGone))
    grown = next(n for n, batch in enumerate(told) if isinstance(batch, SourceEvents))
    assert grown < gone
    others = {batch.others for batch in told if isinstance(batch, DirectoryScanned)}
    assert others <= {fresh_others(tmp_path)}
    read_once(intake, store)
    fresh = Store(Rules())
    read_once(Intake(tmp_path, now=at(LONG_AFTER)), fresh)
    assert outcomes(store) == outcomes(fresh)
    assert store.directory == fresh.directory


def test_what_came_and_went_calls_for_no_sweep_what_is_gone_or_new_does(tmp_path: Path) -> None:
    written(tmp_path, {"a.xml": XML, "deep/b.xml": XML, "deeper.xml": XML})
    intake = Intake(tmp_path, now=at(LONG_AFTER))
    list(intake.sweep())
    assert intake.knows(
        [tmp_path / "a.xml", tmp_path / "deep" / "b.xml", tmp_path / ".aside", tmp_path / "de"]
    )
    assert not intake.knows([tmp_path.parent / "elsewhere"])
    (tmp_path / "new.xml").write_text(XML)
    assert not intake.knows([tmp_path / "new.xml"])
    (tmp_path / "deep" / "b.xml").unlink()
    (tmp_path / "deep").rmdir()
    (tmp_path / "a.xml").unlink()
    assert not intake.knows([tmp_path / "deep"])
    assert not intake.knows([tmp_path / "a.xml"])
