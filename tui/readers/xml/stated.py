"""Numbers and times as XML formats state them -> numbers, or None for what is none.

Imports nothing of runwatch. Invariants: what comes out is finite; no duration is negative, nor so long
that sums of them overflow.
"""

import re
from datetime import UTC, datetime

_FIRST_MOMENT = 315_532_800.0  # 1980: runners write year 1 or 1970 for a time that they do not know
_LONGEST = 1e12  # seconds: thirty thousand years
_TOO_MANY = 10**18  # numbers go through a pipe in 8 bytes
_CLOCK = re.compile(r"(?:(\d+)\.)?(\d+):(\d\d):(\d\d(?:\.\d+)?)")
_ZONE = re.compile(r"(?:[Zz]|[+-]\d\d:?\d\d)\s*$")
_FRACTION = re.compile(r"(\.\d{6})\d+")


def duration(text: str | None) -> float | None:
    """Seconds; thousands separators are dropped."""
    if not text:
        return None
    try:
        seconds = float(text.replace(",", ""))
    except ValueError:
        return None
    return seconds if 0 <= seconds < _LONGEST else None


def clock(text: str | None) -> float | None:
    """The seconds of a duration that is written [days.]hours:minutes:seconds."""
    found = _CLOCK.fullmatch((text or "").strip())
    if found is None or len(found[0]) > 64:
        return None
    seconds = int(found[1] or 0) * 86400.0 + int(found[2]) * 3600 + int(found[3]) * 60 + float(found[4])
    return seconds if seconds < _LONGEST else None


def count(text: str | None) -> int | None:
    """A whole number from 0 on, of 18 digits at most; thousands separators are dropped."""
    try:
        number = int(text.replace(",", "")) if text else None
    except ValueError:
        return None
    return number if number is not None and 0 <= number < _TOO_MANY else None


def has_zone(text: str | None) -> bool:
    """Whether an ISO 8601 time says of which zone it is."""
    return bool(_ZONE.search(text or ""))


def moment(text: str | None) -> float | None:
    """Seconds since the epoch of an ISO 8601 time; one without an offset is taken as UTC."""
    if not text:
        return None
    try:
        text = text.strip()
        stated = datetime.fromisoformat(_FRACTION.sub(r"\1", text) if "." in text else text)
        seconds = (stated if stated.tzinfo else stated.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
    return seconds if seconds >= _FIRST_MOMENT else None
