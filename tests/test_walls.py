"""What a one-shot command may not import: a static graph cannot see a late import."""

import os
import subprocess
import sys

import pytest

from tests.building import ROOT, SAMPLE

_PROGRAM = """
import sys, time
from pathlib import Path
import tui.load, tui.core.facts
from tui.config import read
sample = Path(sys.argv[1])
store = tui.load.load(sample, read(sample / "runwatch.toml"))
facts = tui.core.facts.gather(store, time.time())
assert facts.overall.tally.tests, "nothing was loaded"
print("\\n".join(sys.modules))
"""


@pytest.fixture(scope="module")
def modules() -> set[str]:
    """All that is imported once the sample is loaded and its facts are gathered."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(SAMPLE)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "package", ["textual", "watchfiles", "rapidfuzz", "rich", "junitparser", "asyncio", "tui.view"]
)
def test_loading_results_does_not_import(package: str, modules: set[str]) -> None:
    assert "tui.load" in modules
    assert package not in modules
