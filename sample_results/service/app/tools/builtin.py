"""The tools an agent may call. They are pure, so that their results can be cached."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Tool = Callable[[str], str]


def search(query: str) -> str:
    return f"3 results for {query}"


def calculator(expression: str) -> str:
    return str(sum(int(part) for part in expression.split("+") if part.strip().isdigit()))


def calendar(day: str) -> str:
    return f"nothing planned on {day}"


def files(name: str) -> str:
    return f"{name}: 12 lines"


def weather(place: str) -> str:
    return f"{place}: 11 degrees, light rain"


TOOLS: Mapping[str, Tool] = {
    "search": search,
    "calculator": calculator,
    "calendar": calendar,
    "files": files,
    "weather": weather,
}
