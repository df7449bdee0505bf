"""A plugin for pytest that writes which functions each test enters: `-p reach`, RUNWATCH_REACH=FILE.

Runs in the suite's own environment and imports nothing of runwatch. The file holds one JSON object:
"path function" -> the number of tests that enter it.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType

import pytest

_counts: Counter[CodeType] = Counter()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol() -> Iterator[None]:
    """Watch one test from its setup to its teardown."""
    entered: set[CodeType] = set()

    def watch(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            entered.add(frame.f_code)

    sys.setprofile(watch)
    yield
    sys.setprofile(None)
    _counts.update(entered)


def pytest_sessionfinish() -> None:
    """Write what was found of the code below the working directory."""
    here = f"{Path.cwd()}{os.sep}"
    told = {
        f"{code.co_filename.removeprefix(here)} {code.co_qualname.replace('.<locals>', '')}": tests
        for code, tests in _counts.items()
        if code.co_filename.startswith(here)
    }
    Path(os.environ["RUNWATCH_REACH"]).write_text(json.dumps(told), "utf-8")
