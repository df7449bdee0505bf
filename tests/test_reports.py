"""The reports: random results say the same in every format, and nothing in them becomes markup."""

import html
import re
import tempfile
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.building import (
    BEGAN,
    SAMPLE,
    case,
    event_log,
    other_xml,
    phase_line,
    phases,
    put,
    pytest_xml,
    report_log,
    store_of,
    written,
)
from tests.reading import (
    MARKDOWN,
    Page,
    Read,
    read_html,
    read_json,
    read_markdown,
    read_svg,
    read_text,
    shown,
)
from tui import config
from tui.cli import main
from tui.core.facts import Facts, gather
from tui.core.model import SourceState
from tui.core.rules import Rules
from tui.core.store import Store
from tui.load import load
from tui.report import as_html, formats, sections
from tui.report.as_markdown import code, inline
from tui.report.depth import BRIEF, FULL, GLANCE

READERS: dict[str, Callable[[str], Read]] = {
    "json": read_json,
    "text": read_text,
    "markdown": read_markdown,
    "html": read_html,
    "svg": read_svg,
}
SUFFIXES = {"json": "json", "text": "txt", "markdown": "md", "html": "html", "svg": "svg"}
EXIT_CODES = {"READY": 0, "NOT READY": 1, "UNKNOWN": 3}

HOSTILE = (
    "@team look",
    "closes #123 and octo/repo#4, GH-12",
    "![x](http://evil.example/a.png)",
    "[click](javascript:alert(1))",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</code></pre></section><h1>x",
    "a | b \\| c | `d` ``e`` |",
    "*bold* __bold__ ~~gone~~ :smile:",
    "- [ ] task",
    "# heading",
    "1. one",
    "```",
    "www.evil.example me@evil.example https://evil.example",
    "&lt;b&gt; &amp; &#64;team",
    'q" onload="x',
    "deadbeefcafe",
    "日本語 \uff5c \uff20team",
    "]]> <!-- -->",
    "[bold red]x[/]",
)
names = st.sampled_from(HOSTILE) | st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=20
)
outcomes = st.sampled_from(("passed", "failed", "error", "skipped", "teardown"))
cases = st.lists(st.tuples(names, outcomes, names), max_size=8)
INNER = {"passed": "", "failed": "<failure {0}>{1}</failure>", "error": "<error {0}>{1}</error>"}
INNER |= {"skipped": "<skipped {0}/>", "teardown": "<failure {0}>{1}</failure>"}

CONFIGURATION = """
title = "<b>@team</b> | `x`"
[[component]]
name = "First *one* | @team"
sources = ["a.xml"]
required = true
[[component]]
name = "Log"
sources = ["log.jsonl"]
min_rate = 50.0
[[golden_path]]
name = "Chat <i>"
events = ["started", "finished"]
[criteria]
min_rate = 60.0
golden_paths = true
required_components = true
readable_sources = true
"""


def xml_case(name: str, outcome: str, message: str) -> str:
    inner = INNER[outcome].format(f"message={quoteattr(message)}", escape(message))
    begun = f'<testcase classname="pkg.mod" name={quoteattr(name)}>'
    told = f"{begun}{inner}</testcase>"
    return f"{told}{begun}<error/></testcase>" if outcome == "teardown" else told


@st.composite
def directories(draw: st.DrawFn) -> dict[str, str | bytes]:
    files: dict[str, str | bytes] = {}
    for name, build in (("a.xml", pytest_xml), ("sub/b.xml", other_xml)):
        if draw(st.booleans()):
            files[name] = build(*(xml_case(*each) for each in draw(cases)))
    for number, each in enumerate(draw(st.lists(outcomes, max_size=5))):
        name = f"t/test_{number}.py::test_x"
        phase = {"error": "setup", "teardown": "teardown"}.get(each, "call")
        result = each if each in ("passed", "skipped") else "failed"
        lines = report_log(*phases(name, **{phase: result}), start=False, finish=False)
        files["log.jsonl"] = str(files.get("log.jsonl") or report_log(finish=False)) + lines
    if draw(st.booleans()):
        files["x.events.jsonl"] = event_log({"event": "started", "test": "t/test_0.py::test_x", "seq": 1})
    if draw(st.booleans()):
        files["broken.xml"] = "<testsuite><testcase"
    return files


@settings(max_examples=25)
@given(files=directories(), configured=st.booleans(), baseline=directories())
def test_every_format_tells_the_same_and_check_agrees(
    files: dict[str, str | bytes],
    configured: bool,  # noqa: FBT001
    baseline: dict[str, str | bytes],
) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary)
        directory = home / "results"
        directory.mkdir()
        written(directory, files)
        written(home / "baseline", baseline)
        settled = home / "runwatch.toml"
        settled.write_text(CONFIGURATION + '[baseline]\npath = "baseline"\n' if configured else "")
        arguments = [str(directory), "--config", str(settled)]
        with redirect_stdout(StringIO()):
            judged = main(["check", *arguments])
        told = {}
        for name, suffix in SUFFIXES.items():
            target = home / f"report.{suffix}"
            assert main(["report", *arguments, "-o", str(target)]) == 0
            told[name] = READERS[name](target.read_text(encoding="utf-8"))
    exact = told["json"]
    parts = [counts for name, counts in exact.components.items() if name != "Overall"]
    for counts in [*parts, exact.account]:
        assert counts["tests"] == sum(counts.values()) - counts["tests"]
    for name, number in exact.account.items():
        assert number == sum(counts[name] for counts in parts)
    for name, read in told.items():
        assert EXIT_CODES[read.verdict] == judged, name
        assert read.account == exact.account, name
        if name != "svg":
            assert read.components == exact.components, name
            assert read.unverified == (exact.unverified or ["nothing that was asked for"]), name


# --- the sample -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample() -> tuple[Store, Facts]:
    store = load(SAMPLE, config.read(SAMPLE / "runwatch.toml"), now=lambda: 4e9)
    return store, gather(store, 4e9)


def drawn(format: str, sample: tuple[Store, Facts], *, all_tests: bool = False) -> str:
    return formats.render(format, *sample, directory="sample_results", title="T", all_tests=all_tests)


@pytest.mark.parametrize("format", ["text", "markdown", "html", "svg"])
def test_the_sections_stand_in_the_same_order_and_none_is_left_out(
    format: str, sample: tuple[Store, Facts]
) -> None:
    report = sections.compose(*sample, directory="d", title="T", depth=GLANCE)
    # The criteria stand under the verdict, without a heading of their own where room is dear.
    wanted = [section.title for section in report.sections[1:]]
    said = READERS[format](drawn(format, sample)).headings
    found = [title for heading in said for title in wanted if heading.startswith(title)]
    assert found == wanted
    assert found[-1] == "Not verified"


@pytest.mark.parametrize("format", ["text", "markdown", "html"])
def test_what_is_not_listed_is_counted(format: str, sample: tuple[Store, Facts]) -> None:
    said = drawn(format, sample)
    more = 101 - (FULL if format == "html" else BRIEF).tests
    assert f"and {more} more test" in said
    assert "tests/unit/websocket/test_heartbeat.py::test_alive_within_patience[none-1]" in said


@pytest.mark.parametrize("format", ["text", "markdown", "html"])
def test_all_tests_are_listed_when_asked_for(format: str, sample: tuple[Store, Facts]) -> None:
    store, _ = sample
    written = html.escape if format == "html" else str
    labels = [written(result.label) for result in store.tests.values()]
    whole, usual = (drawn(format, sample, all_tests=each) for each in (True, False))
    assert all(label in whole for label in labels)
    assert not all(label in usual for label in labels)


def test_a_report_of_nothing_says_so_in_every_format() -> None:
    store = store_of({})
    facts = gather(store, BEGAN)
    for name in ("text", "markdown", "html", "svg"):
        said = formats.render(name, store, facts, directory="d", title="")
        assert "UNKNOWN" in said
        assert "Not verified" in said


def test_a_running_test_is_a_term_of_the_account_and_a_column() -> None:
    store = Store(Rules())
    lines = [*phases("t/test_a.py::test_a"), phase_line("t/test_a.py::test_b", "setup")]
    put(store, "log.jsonl", report_log(*lines, finish=False), state=SourceState.GROWING)
    facts = gather(store, BEGAN)
    assert facts.overall.tally.running == 1
    for name in ("text", "markdown", "html", "svg"):
        read = READERS[name](formats.render(name, store, facts, directory="d", title=""))
        assert (read.account["tests"], read.account["passed"], read.account["running"]) == (2, 1, 1)
        if name != "svg":
            assert read.components["Overall"] == read.account
            assert "1 running test" in read.unverified


def test_large_results_are_cut_with_their_number_and_the_page_stays_small() -> None:
    text = "x " * 9000
    failing = [
        case(f"t{number}", f'<failure type="E{number}">{text}</failure>', suite="s") for number in range(400)
    ]
    store = store_of({"r.xml": other_xml(*failing)})
    page = formats.render("html", store, gather(store, BEGAN), directory="d", title="")
    depth = FULL
    assert f"and {400 - depth.causes} more causes" in page
    assert len(page) < 2 * depth.causes * 5000


# --- Markdown ---------------------------------------------------------------------------------------


def inline_tokens(markdown: str) -> set[str]:
    found = set()
    for token in MARKDOWN.parse(markdown):
        found |= {child.type for child in token.children or ()}
        assert token.type not in ("html_block", "fence", "code_block", "hr")
    return found


@given(st.lists(names, min_size=1, max_size=4).map(" ".join))
def test_text_in_markdown_is_shown_and_nothing_else(text: str) -> None:
    words = " ".join(text.split())
    for markdown, cell in ((inline(text), False), (f"- {inline(text)}", False), (code(text), False)):
        del cell
        assert inline_tokens(markdown) <= {"text", "code_inline"}
        said = [shown(token) for token in MARKDOWN.parse(markdown) if token.type == "inline"]
        assert " ".join(" ".join(said).split()) == words


@given(names, names)
def test_text_in_a_table_of_markdown_stays_in_its_cell(one: str, two: str) -> None:
    row = f"| {inline(one, cell=True)} | {code(two, cell=True)} |"
    tokens = MARKDOWN.parse(f"| a | b |\n| --- | --- |\n{row}\n")
    cells = [after for before, after in pairwise(tokens) if before.type == "td_open"]
    assert len(cells) == 2
    for cell, text in zip(cells, (one, two), strict=True):
        assert {child.type for child in cell.children or ()} <= {"text", "code_inline"}
        if "\\|" not in text:
            assert shown(cell) == " ".join(text.split())


@pytest.mark.parametrize(
    "word", ["@team", "#12", "o/r#1", "GH-1", "JIRA-77", "0123abc", "a_b", ":tada:", "www.a.b", "x@y.z"]
)
def test_what_a_host_of_markdown_would_link_stands_in_a_code_span(word: str) -> None:
    outside = re.sub("`.*`", "", inline(f"see {word} please"))
    assert outside.replace(":", "") == "see  please"


@pytest.mark.parametrize(
    "text", ["3 of 5 proven, order not proven", "62.78 % (334/532)", "▼3.1", "NOT RUN", "it's done"]
)
def test_plain_words_stay_plain_in_markdown(text: str) -> None:
    assert inline(text) == text


# --- HTML and SVG -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hostile() -> tuple[Store, Facts]:
    """Results of which every text tries to be something else."""
    told = [xml_case(f"{text} {place}", "failed", text) for place, text in enumerate(HOSTILE)]
    store = store_of({"<b>@a|b.xml": other_xml(*told)})
    return store, gather(store, BEGAN)


def test_hostile_text_stays_text_in_html(hostile: tuple[Store, Facts]) -> None:
    text = formats.render("html", *hostile, directory='"><script>', title="<h1>&", all_tests=True)
    page = Page(text)
    layout = "html head meta title style body header main section footer div span"
    layout += " h1 h2 small p ul li details summary pre code table thead tbody tr th td"
    assert {tag for tag, _ in page.tags} <= set(layout.split())
    attributes = {name for _, found in page.tags for name in found}
    allowed = "lang charset http-equiv content name class style id role scope tabindex"
    allowed += " aria-label aria-labelledby data-label"
    assert attributes <= set(allowed.split())
    said = "\n".join(page.texts)
    assert all(each in said for each in HOSTILE)


def test_a_page_forbids_itself_everything_but_its_style(sample: tuple[Store, Facts]) -> None:
    text = drawn("html", sample)
    policies = [found["content"] for tag, found in Page(text).tags if tag == "meta" and "http-equiv" in found]
    (policy,) = policies
    assert str(policy).startswith("default-src 'none'; style-src 'unsafe-inline'")
    style = text[text.index("<style>") : text.index("</style>")]
    assert not re.search(r"url\(|@import|://", style)


def test_a_page_folds_the_tracebacks_of_each_cause(sample: tuple[Store, Facts]) -> None:
    _, facts = sample
    text = drawn("html", sample)
    assert text.count("<pre") == FULL.excerpts * len(facts.causes)
    assert re.search('<span class="failed">E +KeyError: &#x27;REDIS_URL&#x27;</span>', text)
    assert "<details open" not in text


def test_the_colours_of_a_traceback_leave_no_sequence_behind() -> None:
    said = "\x1b[31mE   boom\x1b[0m\n> here"
    coloured = report_log(*phases("t/test_a.py::t", call="failed", longrepr=said))
    store = store_of({"log.jsonl": coloured})
    page = formats.render("html", store, gather(store, BEGAN), directory="d", title="")
    assert "\x1b" not in page
    assert '<span class="failed">E   boom</span>\n<span class="warning">&gt; here</span>' in page


def test_hostile_text_stays_text_in_the_picture(hostile: tuple[Store, Facts]) -> None:
    text = formats.render("svg", *hostile, directory='"/><script>', title="<a href='x'>\ufffe")
    assert read_svg(text).account["failed"] == len(HOSTILE)
    assert {each.tag.rpartition("}")[2] for each in ET.fromstring(text).iter()} == {  # noqa: S314  # made by us
        "svg", "title", "rect", "g", "path", "text",
    }  # fmt: skip
    assert text == formats.render("svg", *hostile, directory='"/><script>', title="<a href='x'>\ufffe")


def contrast(one: str, two: str) -> float:
    """The contrast of two colours (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted((luminance(one), luminance(two)))
    return (lighter + 0.05) / (darker + 0.05)


def test_every_colour_of_a_page_can_be_read_on_every_ground() -> None:
    style = Path(as_html.__file__).with_name("page.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    themes = [dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", block)) for block in blocks]
    assert len(themes) == 2
    for theme in themes:
        for ground in ("back", "surface", "raised"):
            for ink in ("text", "muted", "passed", "failed", "error", "warning", "running"):
                assert contrast(theme[ink], theme[ground]) >= 4.5, (ink, ground)


# --- the command ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "begin"),
    [
        ("r.md", "## "),
        ("r.HTML", "<!doctype"),
        ("r.htm", "<!doctype"),
        ("r.json", "{"),
        ("r.svg", "<svg"),
        ("r.log", "Agent platform"),
    ],
)
def test_the_suffix_chooses_the_format(name: str, begin: str, tmp_path: Path) -> None:
    assert main(["report", str(SAMPLE), "-o", str(tmp_path / name)]) == 0
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(begin)


def test_a_format_that_is_named_counts_more_than_a_suffix(tmp_path: Path) -> None:
    assert main(["report", str(SAMPLE), "--format", "markdown", "-o", str(tmp_path / "r.html")]) == 0
    assert (tmp_path / "r.html").read_text(encoding="utf-8").startswith("## ")
