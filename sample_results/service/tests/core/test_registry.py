"""Named things are found again."""

from __future__ import annotations

import pytest

from app.core.registry import Registry

NAMES = ["search", "calculator", "calendar", "files", "weather"]


@pytest.fixture
def tools() -> Registry[int]:
    registry: Registry[int] = Registry("tool")
    for number, name in enumerate(NAMES):
        registry.add(name, number)
    return registry


class TestNames:
    def test_names_are_sorted(self, tools: Registry[int]) -> None:
        assert tools.names() == sorted(NAMES)

    def test_error_lists_names_sorted(self, tools: Registry[int]) -> None:
        with pytest.raises(LookupError) as problem:
            tools.get("translate")
        assert str(problem.value).endswith("calculator, calendar, files, search, weather")

    def test_empty_registry_says_none(self) -> None:
        with pytest.raises(LookupError, match="none"):
            Registry[int]("model").get("small")


class TestEntries:
    @pytest.mark.parametrize("name", NAMES)
    def test_entry_is_found(self, tools: Registry[int], name: str) -> None:
        assert tools.get(name) == NAMES.index(name)

    @pytest.mark.parametrize("name", NAMES)
    def test_name_is_taken_once(self, tools: Registry[int], name: str) -> None:
        with pytest.raises(ValueError, match="there already"):
            tools.add(name, 9)

    @pytest.mark.parametrize("name", ["", "two words", "1st", "a-b", "a.b"])
    def test_bad_names_are_refused(self, tools: Registry[int], name: str) -> None:
        with pytest.raises(ValueError, match="not a name"):
            tools.add(name, 9)

    def test_length(self, tools: Registry[int]) -> None:
        assert len(tools) == len(NAMES)
