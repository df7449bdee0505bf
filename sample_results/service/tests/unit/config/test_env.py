"""Values read from the environment."""

from __future__ import annotations

import pytest

from app.config.env import flag, number, require, seconds, words


@pytest.mark.parametrize("text", ["1", "true", "TRUE", "yes", "on", " yes "])
def test_flag_is_true(text: str) -> None:
    assert flag(text) is True


@pytest.mark.parametrize("text", ["0", "false", "False", "no", "off", ""])
def test_flag_is_false(text: str) -> None:
    assert flag(text) is False


@pytest.mark.parametrize("text", ["maybe", "2", "y", "oui"])
def test_other_words_are_no_flags(text: str) -> None:
    with pytest.raises(ValueError, match="not a yes or no"):
        flag(text)


@pytest.mark.parametrize(("text", "value"), [("0", 0), ("8080", 8080), ("1_000", 1000), (" 7 ", 7)])
def test_number(text: str, value: int) -> None:
    assert number(text) == value


@pytest.mark.parametrize("text", ["-1", "65536", "1000000"])
def test_number_out_of_range(text: str) -> None:
    with pytest.raises(ValueError, match="is not between"):
        number(text, 0, 65535)


@pytest.mark.parametrize("text", ["", "ten", "1.5", "0x10"])
def test_no_number(text: str) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        number(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("", [], id="empty"),
        pytest.param("a", ["a"], id="one"),
        pytest.param("a,b", ["a", "b"], id="two"),
        pytest.param(" a , b ", ["a", "b"], id="spaces"),
        pytest.param("a,,b,", ["a", "b"], id="gaps"),
        pytest.param(",", [], id="comma"),
    ],
)
def test_words(text: str, value: list[str]) -> None:
    assert words(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5.0),
        ("5s", 5.0),
        ("250ms", 0.25),
        ("2m", 120.0),
        ("1h", 3600.0),
        ("0.5s", 0.5),
        ("0", 0.0),
    ],
)
def test_seconds(text: str, value: float) -> None:
    assert seconds(text) == value


@pytest.mark.parametrize("name", ["PORT", "TOKEN", "lower_case"])
def test_require_returns_the_value(name: str) -> None:
    assert require(name, {name: "value"}) == "value"


def test_require_accepts_empty() -> None:
    assert require("TOKEN", {"TOKEN": ""}) == ""


@pytest.mark.parametrize("name", ["PORT", "TOKEN"])
def test_require_names_what_is_missing(name: str) -> None:
    with pytest.raises(KeyError, match=name):
        require(name, {})
