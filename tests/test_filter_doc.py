"""Every example of docs/filter.md finds what the page says, and its configuration is one."""

import re
from pathlib import Path

import pytest

from tests.building import ROOT, SAMPLE
from tui.config import read
from tui.core.filters.fields import Field
from tui.core.filters.index import Index
from tui.core.filters.language import Filter
from tui.core.filters.matching import Matching
from tui.core.store import Store
from tui.load import load

PAGE = (ROOT / "docs" / "filter.md").read_text("utf-8")
EXAMPLES = re.findall(r"^\| `(.+?)` \|.*\| ([\d,]+) \|$", PAGE, re.MULTILINE)


@pytest.fixture(scope="module")
def store() -> Store:
    return load(SAMPLE, read(SAMPLE / "runwatch.toml"))


@pytest.mark.parametrize(("text", "number"), EXAMPLES)
def test_an_example_finds_what_the_page_says(text: str, number: str, store: Store) -> None:
    matching = Matching(Filter.parse(text), store, Index())
    while not matching.step():
        pass
    assert matching.found is not None
    assert not matching.wanted.fault
    assert len(matching.found.keys or ()) == int(number.replace(",", ""))


def test_the_page_has_an_example_of_every_term() -> None:
    shown = {term.field for text, _ in EXAMPLES for term in Filter.parse(text).terms}
    assert shown == {None, *Field}


def test_the_configuration_on_the_page_is_one(tmp_path: Path) -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    path = tmp_path / "runwatch.toml"
    path.write_text(text)
    assert [saved.name for saved in read(path).filters] == ["Broken by this branch", "Slow websocket"]
