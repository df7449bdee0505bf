"""The table of keys: whole, without clashes, and what the manual says."""

from collections import Counter
from pathlib import Path
from runpy import run_path

import pytest

from tui.config import ConfigError, read
from tui.keys import PANES, every_action

DOCS = Path(__file__).resolve().parents[1] / "docs"


def test_an_id_is_given_once() -> None:
    assert max(Counter(action.id for action in every_action()).values()) == 1


@pytest.mark.parametrize("pane", PANES)
def test_a_key_is_given_once_in_a_pane(pane: str) -> None:
    keys = Counter(key for action in PANES[pane].actions for key in action.keys.split(","))
    assert max(keys.values()) == 1


def test_the_manual_says_what_the_table_says() -> None:
    manual = run_path(str(DOCS / "keys.py"))["manual"]()
    assert manual == (DOCS / "keys.md").read_text("utf-8"), "renew it: python docs/keys.py"


def configured(tmp_path: Path, text: str) -> tuple[tuple[str, str], ...]:
    path = tmp_path / "runwatch.toml"
    path.write_text(text)
    return read(path).keys


@pytest.mark.parametrize("name", ['"list.down"', "list.down"])
def test_keys_are_mapped_with_quotes_or_without(tmp_path: Path, name: str) -> None:
    assert configured(tmp_path, f'[keys]\n{name} = "down, J"\n') == (("list.down", "down,J"),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[keys]\n"list.donw" = "J"', "list.donw: unknown key, did you mean list.down?"),
        ('[keys]\n"list.down" = 3', "runwatch.toml:2: keys.list.down: must be text"),
        ('[keys]\n"list.down" = "k"', "'k' is the key of both list.up and list.down"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=r".*") as caught:
        configured(tmp_path, text)
    assert said in str(caught.value)
