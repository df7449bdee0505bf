"""Reading the environment: every value is asked for by name and checked where it is read."""

from __future__ import annotations

import os
from collections.abc import Mapping

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}
UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


def require(name: str, environ: Mapping[str, str] | None = None) -> str:
    """The value of a variable that the service cannot start without."""
    value = (os.environ if environ is None else environ).get(name)
    if value is None:
        raise KeyError(name)
    return value


def flag(text: str) -> bool:
    word = text.strip().lower()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise ValueError(f"not a yes or no: {text!r}")


def number(text: str, low: int = 0, high: int = 1 << 31) -> int:
    value = int(text.replace("_", ""))
    if not low <= value <= high:
        raise ValueError(f"{value} is not between {low} and {high}")
    return value


def words(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def seconds(text: str) -> float:
    """A duration such as 250ms, 5s or 2m; a bare number is seconds."""
    for unit in sorted(UNITS, key=len, reverse=True):
        if text.endswith(unit):
            return float(text.removesuffix(unit)) * UNITS[unit]
    return float(text)
