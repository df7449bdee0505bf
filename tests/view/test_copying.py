"""What is copied of tests, and where it is kept."""

import os
import stat
from pathlib import Path

import pytest

from tests.building import bad, case, failure, pytest_xml, store_of
from tui import state
from tui.core.model import Attempt, Flag, Location, Outcome, TestId, TestResult
from tui.view.acting import clipboard, copying
from tui.view.acting.copying import Traced


def result(name: str = "test_a", outcome: Outcome = Outcome.FAILED) -> TestResult:
    failures = (bad(message="no @everyone <b>"),) if outcome.is_bad else ()
    return TestResult(
        TestId("tests.test_a", name),
        f"tests/test_a.py::{name}",
        outcome,
        (Attempt(outcome, failures),),
        frozenset({Flag.FLAKY}),
        Location("tests/test_a.py", 3),
    )


def test_a_traceback_is_plain_text() -> None:
    traced = Traced(result(), "\x1b[31mE   boom\x1b[0m\n")
    assert copying.tracebacks([traced], 1) == "E   boom"


def test_several_tracebacks_stand_below_their_ids_and_what_is_left_out_is_said() -> None:
    told = copying.tracebacks([Traced(result("test_a"), "one"), Traced(result("test_b"), "")], 5)
    assert told == (
        "tests/test_a.py::test_a\n\none\n\n\n"
        "tests/test_a.py::test_b\n\nfailed in call, without a traceback\n\n\nand 3 more tests"
    )


def test_a_block_for_an_issue_says_what_there_is() -> None:
    assert copying.markdown([Traced(result("test_a[`x`]"), "E   boom")], 1).split("\n") == [
        "### ``tests/test_a.py::test_a[`x`]``",
        "",
        "- outcome: failed in call",
        "- said: `ValueError: no @everyone <b>`",
        "- location: `tests/test_a.py:3`",
        "- flags: flaky",
        "",
        "```",
        "E   boom",
        "```",
    ]


def test_of_several_tests_with_one_cause_one_has_the_traceback() -> None:
    held = store_of({"a.xml": pytest_xml(*(case(f"test_{n}", failure("KeyError: x")) for n in range(3)))})
    (cause,) = held.cause_list()
    traced = [Traced(each, "E   boom", cause) for each in held.tests.values()]
    told = copying.markdown(traced, 3)
    assert told.count("E   boom") == 1
    assert told.count("- traceback: as that of `tests/test_a.py::test_0`") == 2


@pytest.mark.parametrize("inside", ["```", "`````\n# a heading", "a\n````` text\n@everyone"])
def test_nothing_in_a_traceback_ends_its_block(inside: str) -> None:
    lines = copying.markdown([Traced(result(), inside)], 1).split("\n")
    fence = lines[-1]
    assert set(fence) == {"`"}
    assert lines.index(fence) == len(lines) - len(inside.split("\n")) - 2
    assert not any(line.startswith(fence) for line in inside.split("\n"))


def test_a_test_that_passed_has_no_block_of_code() -> None:
    assert "```" not in copying.markdown([Traced(result(outcome=Outcome.PASSED), "")], 1)


def test_what_is_copied_is_kept_for_the_user_alone(tmp_path: Path) -> None:
    sent: list[str] = []
    folder = tmp_path / "state" / "runwatch"
    told = clipboard.copy("one", "Id", sent.append, folder)
    path = folder / "copied.txt"
    assert told == f"Id copied, also in {path}"
    assert (sent, path.read_text()) == (["one"], "one")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_link_or_an_open_file_in_its_place_is_not_written_to(tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("mine")
    (tmp_path / "copied.txt").symlink_to(other)
    clipboard.keep("one", tmp_path)
    (tmp_path / "copied.txt").chmod(0o666)
    path = clipboard.keep("two", tmp_path)
    assert (other.read_text(), path.read_text()) == ("mine", "two")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_is_more_than_terminals_take_is_only_kept(tmp_path: Path) -> None:
    sent: list[str] = []
    told = clipboard.copy("é" * 40_000, "Traceback", sent.append, tmp_path)
    assert not sent
    assert told.startswith("Traceback: 80,000 bytes are more than terminals copy (74,994), so only in")
    assert (tmp_path / "copied.txt").read_text() == "é" * 40_000


def test_where_nothing_can_be_kept_it_is_said(tmp_path: Path) -> None:
    sent: list[str] = []
    (tmp_path / "file").write_text("")
    told = clipboard.copy("one", "Id", sent.append, tmp_path / "file" / "runwatch")
    assert told.startswith("Id copied; ")
    assert "cannot be written" in told
    assert sent == ["one"]


@pytest.mark.parametrize(
    ("stated", "folder"),
    [
        ("/state", "/state/runwatch"),
        ("", "/me/.local/state/runwatch"),
        ("state", "/me/.local/state/runwatch"),
    ],
)
def test_the_folder_is_the_one_for_state(stated: str, folder: str) -> None:
    environment = {"XDG_STATE_HOME": stated} if stated else {}
    assert os.fspath(state.folder(environment, Path("/me"))) == folder
