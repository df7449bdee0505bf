"""What a start takes: nothing is imported, compiled or looked at that it can do without."""

import importlib
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator

import tui
from tests.building import ROOT
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


def test_what_is_kept_from_msgspec_is_there_afterwards() -> None:
    program = "import gc, sys, tui.cli; assert gc.isenabled(); print('typing_extensions' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program + "; import typing_extensions"],
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False\n"
