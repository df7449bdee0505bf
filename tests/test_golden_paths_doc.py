"""docs/golden-paths.md: every example in it is run as it stands, and says what the page says it does."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.building import ROOT

PAGE = (ROOT / "docs" / "golden-paths.md").read_text("utf-8")
_HEADING = re.compile(r"^#{2,3} (.+)$", re.MULTILINE)
_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_BLANKS = re.compile(r"\s+")


class Block(NamedTuple):
    """A block of code, and the file that it is."""

    language: str
    path: str
    text: str


def sections() -> dict[str, list[Block]]:
    """The blocks of code below each heading; the path's declaration holds for all that bring none."""
    parts = _HEADING.split(PAGE)[1:]
    titles, bodies = parts[::2], parts[1::2]
    found = {
        title: [Block(*block) for block in _BLOCK.findall(body)]
        for title, body in zip(titles, bodies, strict=True)
    }
    declared = next(block for blocks in found.values() for block in blocks if block.path == "runwatch.toml")
    return {
        title: [declared, *blocks]
        for title, blocks in found.items()
        if any(b.language == "sh" for b in blocks)
    }


EXAMPLES = sections()


def outcome(example: list[Block], folder: Path) -> str:
    """What the example's commands print, in a folder that holds its files."""
    for block in example:
        if block.path:
            target = folder / block.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.text, "utf-8")
    bin_folder = Path(sys.executable).parent
    done = subprocess.run(
        ["sh", "-ec", next(block.text for block in example if block.language == "sh")],
        cwd=folder,
        env={
            "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder),
            "PYTEST_ADDOPTS": "-p no:randomly -p no:cacheprovider",
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_way_to_send_events_has_an_example() -> None:
    assert len(EXAMPLES) == 7
    assert all(any(block.language == "text" for block in example) for example in EXAMPLES.values())


def test_no_example_imports_runwatch() -> None:
    code = [block.text for example in EXAMPLES.values() for block in example if block.language == "python"]
    assert code
    assert not any(re.search(r"\b(?:tui|runwatch)\b", text) for text in code)


@pytest.mark.parametrize("title", EXAMPLES)
def test_the_example_does_what_the_page_says(title: str, tmp_path: Path) -> None:
    printed = [_BLANKS.sub(" ", line).strip() for line in outcome(EXAMPLES[title], tmp_path).splitlines()]
    for block in EXAMPLES[title]:
        if block.language == "text":
            for line in block.text.splitlines():
                assert _BLANKS.sub(" ", line).strip() in printed
