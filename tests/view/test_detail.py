"""The detail of one test: what each key and each click does, and what is shown of what there is."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from rich.color import Color
from textual.pilot import Pilot
from textual.widgets import Input

from tests.view.driving import NOW, drive, inks, screen, settled
from tui.view.acting import outside
from tui.view.app import RunwatchApp
from tui.view.detail.document import MOST_LINES
from tui.view.detail.pane import DetailPane
from tui.view.detail.textpane import TextPane
from tui.view.lists.listing import Listing

TRACEBACK = """\
    def test_a():
        payload = "{nope"
>       load(payload)

tests/test_a.py:3:
_ _ _ _ _ _ _ _ _ _ _ _

    def loads(s):
        return decoder.decode(s)
>       raise error

/usr/lib/python3.11/json/__init__.py:346:
_ _ _ _ _ _ _ _ _ _ _ _

    def decode(s):
>       raise JSONDecodeError(s)
E       ValueError: no JSON
E         - the quick brown fix
E         + the quick brown fox

/usr/lib/python3.11/json/decoder.py:353: ValueError"""
SOURCE = 'def test_a():\n    payload = "{nope"\n    load(payload)\n'
PASSED = "passed"


def lines(
    longrepr: str = TRACEBACK,
    sections: Sequence[tuple[str, str]] = (),
    properties: Sequence[tuple[str, str]] = (),
    outcomes: Sequence[str] = ("failed",),
    name: str = "test_a",
) -> str:
    """A report log of one test; each of its outcomes is an attempt."""
    told = []
    for outcome in outcomes:
        for when in ("setup", "call", "teardown"):
            became = outcome if when == "call" else PASSED
            report = {
                "$report_type": "TestReport",
                "nodeid": f"tests/test_a.py::{name}",
                "when": when,
                "outcome": became,
                "duration": 0.1,
                "start": NOW - 90,
                "longrepr": longrepr if became in ("failed", "rerun") else None,
                "sections": list(sections) if when != "setup" else [],
                "user_properties": list(properties),
            }
            told.append(json.dumps(report) + "\n")
    return "".join(told)


def write(path: Path, text: str, seconds: float = 60) -> None:
    """Put `text` there as if it had been written so many seconds before NOW."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (NOW - seconds, NOW - seconds))


def pane(app: RunwatchApp) -> DetailPane:
    return app.query_one("#failures-detail", DetailPane)


def text_of(app: RunwatchApp) -> TextPane:
    return app.query_one("#failures-detail #detail-text", TextPane)


def names(app: RunwatchApp) -> list[str]:
    return [tab.name for tab in pane(app)._tabs]


def said(app: RunwatchApp) -> str:
    """What the app tells beside the views."""
    return "\n".join(each.message for each in app._notifications)


async def opened(app: RunwatchApp, pilot: Pilot[None], *keys: str) -> None:
    """The detail of the first failure, with the keyboard in it, and `keys` pressed."""
    await pilot.press("n", "enter")
    await settled(app, pilot)
    for key in keys:
        await pilot.press(key)
        await settled(app, pilot)


async def shown(app: RunwatchApp, pilot: Pilot[None], tab: str) -> None:
    """The detail of the first failure, with `tab` in sight."""
    await opened(app, pilot)
    for _ in range(len(pane(app)._tabs)):
        if pane(app)._tab == tab:
            return
        await pilot.press("right_square_bracket")
        await settled(app, pilot)
    raise AssertionError(names(app))


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty results directory in a project that somebody works in."""
    monkeypatch.chdir(tmp_path)
    directory = tmp_path / "results"
    directory.mkdir()
    return directory


def test_the_exception_comes_first_and_library_frames_are_folded(results: Path) -> None:
    write(results / "run.jsonl", lines())

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await opened(app, pilot)
        told = screen(app)
        assert told.index("E ValueError: no JSON") < told.index("load(payload)")
        assert "▸ 2 library frames" in told
        assert "raise JSONDecodeError(s)" not in told

    drive(results, steps)


def test_b_unfolds_library_frames_and_folds_them(results: Path) -> None:
    write(results / "run.jsonl", lines())

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await opened(app, pilot, "b")
        assert "▾ 2 library frames" in screen(app)
        assert "raise JSONDecodeError(s)" in screen(app)
        await pilot.press("b")
        assert "raise JSONDecodeError(s)" not in screen(app)

    drive(results, steps)


def test_enter_unfolds_the_fold_in_sight_and_a_click_folds_it(results: Path) -> None:
    write(results / "run.jsonl", lines())

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await opened(app, pilot, "enter")
        assert "raise JSONDecodeError(s)" in screen(app)
        text = text_of(app)
        row = next(n for n in range(len(text._document)) if "▾" in text._document.plain(n))
        await pilot.click("#failures-detail #detail-text", offset=(4, row))
        assert "raise JSONDecodeError(s)" not in screen(app)

    drive(results, steps)


def test_the_failing_line_is_marked_and_numbered(results: Path) -> None:
    write(results / "run.jsonl", lines())

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await opened(app, pilot)
        assert ">    3      load(payload)" in screen(app)
        assert "     2      payload" in screen(app)

    drive(results, steps)


def test_what_was_wanted_and_what_was_got_have_colours_of_their_own(results: Path) -> None:
    write(results / "run.jsonl", lines())

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await opened(app, pilot)
        told = list(zip(screen(app).split("\n"), inks(app).split("\n"), strict=True))
        wanted = next(ink for line, ink in told if "- the quick" in line)
        got = next(ink for line, ink in told if "+ the quick" in line)
        # What differs lies on a ground of its own, and keeps the colour of text.
        assert wanted.count("g") == len("-thequickbrown") + 2
        assert got.count("r") == len("E+thequickbrown") + 2

    drive(results, steps)


def test_the_source_is_shown_at_the_failing_line(results: Path, tmp_path: Path) -> None:
    write(results / "run.jsonl", lines())
    write(tmp_path / "tests/test_a.py", SOURCE + "\n" * 200, seconds=300)

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await shown(app, pilot, "Source")
        assert "Source test_a.py:3" in screen(app)
        assert ">    3      load(payload)" in screen(app)
        assert "▲" not in screen(app)

    drive(results, steps)


def test_a_source_that_changed_since_is_not_taken_for_what_ran(results: Path, tmp_path: Path) -> None:
    write(results / "run.jsonl", lines())
    write(tmp_path / "tests/test_a.py", "# new\n" + SOURCE, seconds=10)

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await shown(app, pilot, "Source")
        assert "The file has changed: the failure shows another line" in screen(app)

    drive(results, steps)


def test_a_source_newer_than_the_result_says_so(results: Path, tmp_path: Path) -> None:
    write(results / "run.jsonl", lines())
    write(tmp_path / "tests/test_a.py", SOURCE, seconds=10)

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await shown(app, pilot, "Source")
        assert "newer than this result" in screen(app)

    drive(results, steps)


def test_a_click_on_the_place_shows_the_source(results: Path, tmp_path: Path) -> None:
    write(results / "run.jsonl", lines())
    write(tmp_path / "tests/test_a.py", SOURCE, seconds=300)

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await opened(app, pilot)
        await pilot.click("#failures-detail #detail-head", offset=(3, 1))
        assert pane(app)._tab == "Source"

    drive(results, steps)


def test_every_output_is_a_tab_with_its_size(results: Path) -> None:
    sections = [("Captured stdout call", "a\nb\n"), ("Captured log setup", "INFO x"), ("Metrics", "cpu 3")]
    write(results / "run.jsonl", lines(sections=sections, properties=[("ticket", "A-1")]))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await opened(app, pilot)
        assert names(app) == ["Traceback", "stdout call", "log setup", "Metrics", "Properties"]
        assert "stdout call 2" in screen(app)

    drive(results, steps, size=(200, 60))


def test_a_tab_can_be_clicked(results: Path) -> None:
    write(results / "run.jsonl", lines(sections=[("Captured stdout call", "out of the test")]))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await opened(app, pilot)
        assert "out of the test" not in screen(app)
        await pilot.click("#failures-detail #detail-tabs", offset=(16, 0))
        assert "out of the test" in screen(app)

    drive(results, steps)


def test_colours_of_output_go_on_from_line_to_line(results: Path) -> None:
    output = "\x1b[38;2;250;90;140mred\nstill red\x1b[0m\nplain"
    write(results / "run.jsonl", lines(sections=[("Captured stdout call", output)]))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await shown(app, pilot, "stdout call")
        first = [next(iter(text_of(app).render_line(y))) for y in range(3)]
        assert [segment.text.strip() for segment in first] == ["red", "still red", "plain"]
        colours = [segment.style.color for segment in first if segment.style]
        assert colours[0] == colours[1] == Color.from_rgb(250, 90, 140)
        assert colours[2] != colours[0]

    drive(results, steps)


def test_slash_searches_in_the_text_and_n_goes_from_match_to_match(results: Path) -> None:
    output = "\n".join(f"line {n} {'fox' if n in (50, 150) else ''}" for n in range(200))
    write(results / "run.jsonl", lines(sections=[("Captured stdout call", output)]))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await shown(app, pilot, "stdout call")
        await pilot.press("slash", *"FOX")
        await settled(app, pilot)
        assert "not found" in screen(app)
        await pilot.press(*["backspace"] * 3, *"fox", "enter")
        await settled(app, pilot)
        assert "line 50 fox" in screen(app)
        assert "/fox 1 of 2" in screen(app)
        key = pane(app).key
        await pilot.press("n")
        assert "line 150 fox" in screen(app)
        assert "/fox 2 of 2" in screen(app)
        await pilot.press("n")
        assert "/fox 1 of 2" in screen(app)
        await pilot.press("N")
        assert "/fox 2 of 2" in screen(app)
        assert pane(app).key == key
        await pilot.press("escape")
        await settled(app, pilot)
        assert "/fox" not in screen(app)
        assert text_of(app).has_focus
        assert not app.query_one("#filter", Input).display

    drive(results, steps)


def test_a_search_finds_what_is_folded(results: Path) -> None:
    write(results / "run.jsonl", lines())

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await opened(app, pilot, "slash", *"JSOND")
        assert "/JSOND 1 of 1" in screen(app)
        assert "raise JSONDecodeError(s)" in screen(app)
        await pilot.press("escape")
        await settled(app, pilot)
        assert "raise JSONDecodeError(s)" not in screen(app)

    drive(results, steps)


def test_n_is_the_next_failure_where_nothing_is_searched_for(results: Path) -> None:
    write(results / "run.jsonl", lines() + lines(name="test_b"))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await opened(app, pilot)
        before = pane(app).key
        await pilot.press("n")
        assert pane(app).key not in (None, before)

    drive(results, steps)


def test_huge_output_is_shown_as_head_and_tail_and_o_opens_the_whole(
    results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = "\n".join(f"line {n}" for n in range(MOST_LINES * 2))
    write(results / "run.jsonl", lines(sections=[("Captured stdout call", output)]))
    asked: list[str] = []

    def page_wanted(_: RunwatchApp, event: DetailPane.PageWanted) -> None:
        asked.append(event.text)

    monkeypatch.setattr(RunwatchApp, "on_detail_pane_page_wanted", page_wanted)

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await shown(app, pilot, "stdout call")
        document = text_of(app)._document
        assert len(document) == MOST_LINES + 1
        assert document.plain(0) == "line 0"
        assert document.plain(len(document) - 1) == f"line {MOST_LINES * 2 - 1}"
        assert f"{MOST_LINES:,} lines not shown" in document.plain(MOST_LINES // 2)
        await pilot.press("o")
        await settled(app, pilot)
        assert asked == [output]

    drive(results, steps)


def test_without_a_terminal_there_is_no_pager(results: Path) -> None:
    write(results / "run.jsonl", lines())

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await opened(app, pilot, "o")
        assert "no terminal here" in said(app)

    drive(results, steps)


def attached(results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """A failure with three attachments, and a list of what is opened."""
    found: list[Path] = []

    def open_in_program(path: Path) -> str:
        found.append(path)
        return ""

    monkeypatch.setattr(outside, "open_in_program", open_in_program)
    write(results / "shots/one.png", "picture")
    write(results / "shots/two.png", "picture")
    write(tmp_path.parent / "elsewhere.png", "picture")
    paths = ["shots/one.png", "shots/two.png", "../../elsewhere.png"]
    write(results / "run.jsonl", lines(properties=[("attachment", path) for path in paths]))
    return found


def test_attachments_open_with_o(results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = attached(results, tmp_path, monkeypatch)

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await shown(app, pilot, "Attachments")
        await pilot.press("o", "j", "o")
        await settled(app, pilot)
        assert [path.name for path in found] == ["one.png", "two.png"]

    drive(results, steps)


def test_an_attachment_elsewhere_is_refused(
    results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = attached(results, tmp_path, monkeypatch)

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await shown(app, pilot, "Attachments")
        await pilot.press("j", "j", "enter")
        await settled(app, pilot)
        assert "outside the results" in said(app)
        assert not found

    drive(results, steps, size=(200, 60))


def test_attempts_stand_side_by_side(results: Path) -> None:
    write(results / "run.jsonl", lines(outcomes=("rerun", "rerun", "failed")))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await shown(app, pilot, "Attempts")
        assert names(app)[:4] == ["Traceback", "Attempts", "Attempt 1", "Attempt 2"]
        told = screen(app)
        assert "attempt 3 of 3" in told
        assert told.count("F failed") == 3
        headings = next(line for line in told.split("\n") if "Attempt 2" in line and "Attempt 3" in line)
        assert headings.index("Attempt 2") < headings.index("Attempt 3")

    drive(results, steps, size=(200, 60))


def test_the_head_takes_few_rows_in_a_small_terminal(results: Path) -> None:
    write(results / "run.jsonl", lines(longrepr=TRACEBACK.replace("no JSON", "no JSON " * 40)))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await opened(app, pilot)
        head = app.query_one("#failures-detail #detail-head")
        assert head.size.height <= 6
        assert head.size.width > 70

    drive(results, steps, size=(80, 24))


def test_what_is_open_stays_as_it_is_while_other_tests_change(results: Path) -> None:
    log = results / "run.jsonl"
    write(log, lines(sections=[("Captured stdout call", "\n".join(map(str, range(300))))]))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await shown(app, pilot, "stdout call")
        await pilot.press("pagedown", "slash", *"17", "enter")
        await settled(app, pilot)
        before = text_of(app).scroll_offset, pane(app)._tab, text_of(app).search
        write(log, log.read_text() + lines(name="test_b"))
        await settled(app, pilot, lambda app: app.facts.failing_tests == 2)
        assert (text_of(app).scroll_offset, pane(app)._tab, text_of(app).search) == before

    drive(results, steps)


def test_w_lets_long_lines_run_out_of_sight(results: Path) -> None:
    write(results / "run.jsonl", lines(sections=[("Captured stdout call", "x" * 500 + "end")]))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await shown(app, pilot, "stdout call")
        assert "xend" in screen(app)
        await pilot.press("w")
        await settled(app, pilot)
        assert "xend" not in screen(app)
        assert text_of(app).virtual_size.width == 503

    drive(results, steps)


def test_the_sections_of_the_detail_change_from_the_list_too(
    results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(results / "run.jsonl", lines(sections=[("Captured stdout call", "hello")]))
    pages: list[str] = []
    monkeypatch.setattr(
        RunwatchApp, "on_detail_pane_page_wanted", lambda _app, event: pages.append(event.text)
    )

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("2")
        await settled(app, pilot)
        listing, detail = (
            app.query_one("#failures-list", Listing),
            app.query_one("#failures-detail", DetailPane),
        )
        assert listing.has_focus
        names = [tab.name for tab in detail._tabs]
        assert len(names) > 1
        await pilot.press("right_square_bracket")
        assert detail._tab == names[1]
        await pilot.press("left_square_bracket")
        assert detail._tab == names[0]
        await pilot.press("b")
        assert detail._unfolded.everything
        await pilot.press("o")
        assert pages == [detail._tabs[0].text]
        assert listing.has_focus

    drive(results, steps)


def test_the_ends_of_a_text_are_gone_to_at_once(results: Path) -> None:
    write(results / "run.jsonl", lines(longrepr="\n".join(f"line {n}" for n in range(500))))

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        await opened(app, pilot)
        await settled(app, pilot)
        text = text_of(app)
        text.action_scroll_end()
        assert text.scroll_offset.y == text.max_scroll_y > 0
        text.action_page_up()
        await pilot.pause()
        assert text.scroll_offset.y < text.max_scroll_y
        text.action_scroll_home()
        assert text.scroll_offset.y == 0

    drive(results, steps)
