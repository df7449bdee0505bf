"""What is told to somebody who looks elsewhere: when, which words, and what reaches the terminal."""

import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.building import facts_of, phases, report_log
from tui.config import ConfigError, read
from tui.core.facts import Facts
from tui.core.telling import Notify, Telling, title
from tui.view.terminal import Herald, notification, safe

A, B = "tests/test_a.py::test_a", "tests/test_a.py::test_b"


def facts(*outcomes: str, live: bool = False) -> Facts:
    lines = [line for n, call in enumerate(outcomes) for line in phases(f"{A}{n}", call=call)]
    found = facts_of({"r.jsonl": report_log(*lines)} if lines else {})
    if not live:
        return found
    word = found.verdict.word
    unknown = replace(found.verdict, word=word.__class__.UNKNOWN)
    return replace(found, live=True, verdict=found.verdict if found.overall.tally.bad else unknown)


GREEN, RED, NONE = facts("passed"), facts("passed", "failed"), facts()
LIVE_GREEN, LIVE_RED = facts("passed", live=True), facts("passed", "failed", live=True)


def told(notify: Notify, *moments: Facts) -> list[bool]:
    telling = Telling(notify)
    return [bool(telling.look(each)) for each in moments]


RUNS = (NONE, LIVE_GREEN, LIVE_RED, RED, LIVE_GREEN, GREEN, LIVE_GREEN, GREEN)


@pytest.mark.parametrize(
    ("notify", "wanted"),
    [
        (Notify.CHANGE, [0, 0, 1, 0, 0, 1, 0, 0]),
        (Notify.FAIL, [0, 0, 1, 1, 0, 0, 0, 0]),
        (Notify.ALWAYS, [0, 0, 1, 1, 0, 1, 0, 1]),
        (Notify.NEVER, [0, 0, 0, 0, 0, 0, 0, 0]),
    ],
)
def test_each_kind_tells_its_own(notify: Notify, wanted: list[int]) -> None:
    assert told(notify, *RUNS) == [bool(each) for each in wanted]


@pytest.mark.parametrize("first", [GREEN, RED, LIVE_RED])
def test_what_stands_there_at_the_start_is_no_news(first: Facts) -> None:
    assert told(Notify.ALWAYS, first, first) == [False, False]


def test_nothing_is_told_before_everything_was_read() -> None:
    assert told(Notify.ALWAYS, GREEN, replace(RED, backlog=3), replace(RED, scanned=False)) == [False] * 3


def test_the_words_say_what_failed_and_whether_the_run_goes_on() -> None:
    telling = Telling(Notify.CHANGE)
    telling.look(NONE)
    assert telling.look(LIVE_RED) == "NOT READY, 1 of 2 tests failing, the run goes on"
    assert telling.look(GREEN) == "READY, 1/1 passed"


def test_the_title_says_the_state_and_never_more_than_the_evidence() -> None:
    assert title(RED, "web") == "✖ 1 failing · 2/2 · web"
    assert title(GREEN, "web") == "✔ READY · 1/1 · web"
    assert title(LIVE_GREEN, "web") == "▸ live · 1 test · web"
    assert title(NONE, "web") == "runwatch · web"
    assert title(GREEN, "web", paused=True).startswith("❚❚ · ")


# --- what reaches the terminal ----------------------------------------------------------------------


def test_the_title_is_written_when_it_changes_and_given_back() -> None:
    written: list[str] = []
    herald = Herald(written.append, Notify.NEVER, bell=True, name="web")
    herald.open()
    for each in (GREEN, GREEN, RED):
        herald.entitle(each, paused=False)
        assert herald.look(each) == ""
    herald.close()
    assert written == [
        "\x1b[22;2t",
        "\x1b]2;✔ READY · 1/1 · web\x07",
        "\x1b]2;✖ 1 failing · 2/2 · web\x07",
        "\x1b]2;\x07\x1b[23;2t",
    ]


def test_a_change_is_notified_with_a_bell_where_one_is_wanted() -> None:
    for bell in (False, True):
        written: list[str] = []
        herald = Herald(written.append, Notify.CHANGE, bell=bell, name="web")
        herald.look(GREEN)
        assert herald.look(RED) == "NOT READY, 1 of 2 tests failing"
        assert written == ["\x1b]9;runwatch web: NOT READY, 1 of 2 tests failing\x07"] + ["\x07"] * bell


@pytest.mark.parametrize("name", ["a\x07b", "x\x1b]0;evil\x07", "y\x9b2J", "z\u202ecod", "\ud800", "n" * 500])
def test_no_name_reaches_the_terminal_with_more_than_printable_characters(name: str) -> None:
    written: list[str] = []
    herald = Herald(written.append, Notify.CHANGE, bell=False, name=name)
    herald.entitle(GREEN, paused=False)
    herald.look(GREEN)
    herald.look(RED)
    for sequence in written:
        body = re.fullmatch(r"\x1b\](?:2;|9;)(.*)\x07", sequence)
        assert body is not None
        assert body[1].isprintable()
        assert len(body[1]) <= 220


def test_tmux_is_asked_to_pass_a_notification_on() -> None:
    assert notification("4;1;50", in_tmux=True) == "\x1bPtmux;\x1b\x1b]9;runwatch 4;1;50\x07\x1b\\"


def test_a_long_text_is_cut() -> None:
    assert safe("a" * 10, 5) == "aaaa…"


# --- the configuration ------------------------------------------------------------------------------


def test_the_configuration_says_when_and_refuses_what_is_no_moment(tmp_path: Path) -> None:
    path = tmp_path / "runwatch.toml"
    path.write_text("")
    assert (read(path).notify, read(path).bell) == (Notify.CHANGE, False)
    path.write_text('notify = "fail"\nbell = true\n')
    assert (read(path).notify, read(path).bell) == (Notify.FAIL, True)
    path.write_text('notify = "sometimes"\n')
    with pytest.raises(ConfigError, match=r"runwatch.toml:1: notify: must be one of change, fail, always"):
        read(path)
