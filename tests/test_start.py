"""What a start takes: nothing is imported, compiled or looked at that it can do without."""

import importlib
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import tui
from tests.building import ROOT, SAMPLE
from tui.arguments import plain
from tui.commands import with_command
from tui.parser import parse
from tui.regex import regex


def test_every_pattern_that_waits_for_its_first_use_compiles() -> None:
    for module in pkgutil.walk_packages(tui.__path__, "tui."):
        if module.name != "tui.__main__":
            importlib.import_module(module.name)
    modules = [vars(module) for name, module in sys.modules.items() if name.startswith("tui.")]
    found = [pattern.pattern for module in modules for pattern in _waiting(*module.values())]
    assert len(set(found)) > 150


def _waiting(*values: object) -> Iterator[re.Pattern[str]]:
    """The patterns among `values`, and within the tables that these are."""
    for value in values:
        if type(value) is type(regex("")):
            yield value
        elif isinstance(value, dict):
            yield from _waiting(*value.values())
        elif isinstance(value, tuple):
            yield from _waiting(*value)


def test_a_pattern_is_compiled_when_it_is_asked() -> None:
    pattern = regex(r"(\d+)[a-z]", re.IGNORECASE)
    assert vars(pattern).keys() == {"_source", "_flags"}
    found = pattern.fullmatch("12X")
    assert found is not None
    assert found[1] == "12"
    assert pattern.fullmatch("x") is None
    assert pattern.pattern == r"(\d+)[a-z]"
    assert regex(rb"a+").findall(b"aa b a") == [b"aa", b"a"]


def ran(program: str, *words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """What a process of its own prints that runs `program`."""
    return subprocess.run(
        [sys.executable, "-c", program, *words],
        cwd=cwd,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )


def test_what_is_kept_from_msgspec_is_there_afterwards() -> None:
    program = "import gc, sys, tui.cli; assert gc.isenabled(); print('typing_extensions' in sys.modules)"
    assert ran(program + "; import typing_extensions").stdout == "False\n"


@pytest.mark.parametrize("command", ["check", "report"])
def test_a_check_and_a_report_that_is_piped_import_no_more_than_they_need(command: str) -> None:
    program = "import sys; from tui.cli import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    found = set(ran(program, command, str(SAMPLE)).stderr.split())
    needless = {
        "rich.console",
        "rich.table",
        "rich.text",
        "textual",
        "watchfiles",
        "argparse",
        "asyncio",
        "shutil",
        "typing_extensions",
        "xml.etree.ElementTree",
        "inspect",
        "dataclasses",
        "hashlib",
        "subprocess",
        "getpass",
        "tempfile",
        "tui.core.filters",
        "tui.report.drawn",
    }
    assert "tui.report.as_text" in found
    assert not found & needless


def test_the_first_frame_needs_one_view(tmp_path: Path) -> None:
    program = "import sys, tui.view.app; print(*sys.modules)"
    found = set(ran(program, cwd=tmp_path).stdout.split())
    late = {"rapidfuzz", "rich.syntax", "tui.report.as_markdown", "tui.core.claims.judging"}
    late |= {f"tui.view.{name}" for name in ("failures", "tests", "golden", "regressions", "sources", "help")}
    late |= {"tui.view.presenting.screen", "tui.view.finding.palette", "tui.view.detail.pane"}
    late |= {
        "tui.intake.sources",
        "tui.view.acting.acting",
        "tui.view.finding.box",
        "tui.view.claims",
    }
    late |= {"tui.load", "argparse", "json"}
    assert not found & late


@pytest.mark.parametrize(
    ("words", "starts"), [([], True), (["watch"], True), (["."], True), (["check"], False)]
)
def test_the_worker_is_started_before_anything_else(words: list[str], starts: bool, tmp_path: Path) -> None:  # noqa: FBT001
    program = """if True:
        import os, sys
        from types import SimpleNamespace
        from tui import __main__
        sys.modules["tui.cli"] = SimpleNamespace(run=lambda: None)
        os.isatty = lambda number: True
        __main__.run()
        process = sys.modules.get("tui.intake.process")
        print(len(process._ahead) if process else 0, "msgspec" in sys.modules)"""
    assert ran(program, *words, cwd=tmp_path).stdout.split() == [str(int(starts)), "False"]


def test_the_worker_begins_without_what_only_watches(tmp_path: Path) -> None:
    program = "import sys, tui.intake.worker; print(*sys.modules)"
    found = set(ran(program, cwd=tmp_path).stdout.split())
    late = {"watchfiles", "asyncio", "subprocess", "inspect", "typing_extensions", "xml.etree.ElementTree"}
    assert not found & late


@pytest.mark.parametrize("words", [[], ["DIR"], ["watch"], ["check"], ["check", "DIR"], ["report", "a b"]])
def test_what_is_plain_is_told_as_the_whole_parser_tells_it(words: list[str]) -> None:
    whole = with_command(words)
    assert plain(whole) == parse(whole)


@pytest.mark.parametrize(
    "words", ["--fresh", "check --json", "report -o x", "demo", "watch a b", "init", "-h"]
)
def test_what_is_not_plain_is_left_to_it(words: str) -> None:
    assert plain(with_command(words.split())) is None
