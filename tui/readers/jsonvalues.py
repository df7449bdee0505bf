"""Values of decoded JSON -> values of ours: what has the wrong type is None, empty, or text.

May import `core.model`, `text` and, of the readers, `golden`. Pure; nothing here raises.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from tui.core.model import EventSeen, EvidenceKind, GoldenEvent, TestId
from tui.readers.golden import from_output, from_properties

_LARGEST = 1e15
# No run is as old as 1973: a smaller number counts seconds, not milliseconds.
_MILLISECONDS_FROM = 1e11
_DAY = 86400.0


def text(value: object) -> str:
    """`value` as text: a string as it is, nothing as "", whatever else as JSON."""
    if isinstance(value, str):
        return value
    try:
        return "" if value is None else json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "(nested too deep)"


def texts(value: object) -> list[str]:
    """The texts of a list; one text that stands where a list belongs is a list of one."""
    if isinstance(value, list):
        return [text(item) for item in value if item is not None]
    return [text(value)] if value else []


def mapping(value: object) -> Mapping[str, Any]:
    """`value` where it is an object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def mappings(value: object) -> list[Mapping[str, Any]]:
    """The objects in a list."""
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def number(value: object) -> float | None:
    """A number; what JSON readers allow beyond that (NaN, infinities, huge integers) is None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < _LARGEST else None


def count(value: object) -> int | None:
    """A whole number from 0 on."""
    found = number(value)
    return int(found) if found is not None and 0 <= found <= _LARGEST and found == int(found) else None


def elapsed(value: object) -> float | None:
    """A duration in seconds."""
    found = number(value)
    return found if found is not None and found >= 0 else None


def seconds(milliseconds: object) -> float | None:
    """A duration in milliseconds, in seconds."""
    found = elapsed(milliseconds)
    return found / 1000 if found is not None else None


def moment(value: object) -> float | None:
    """A time in milliseconds since the epoch, in seconds; some writers state seconds in its place.

    The first day of 1970 stands for a time that its writer did not know.
    """
    found = number(value)
    if found is None or found < _DAY:
        return None
    return found / 1000 if found >= _MILLISECONDS_FROM else found


def iso_moment(value: object) -> float | None:
    """A time as ISO 8601 text, in seconds since the epoch; one without an offset is taken as UTC."""
    try:
        found = datetime.fromisoformat(text(value).strip())
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        seconds = found.timestamp()
    except (ValueError, OverflowError):
        return None
    return seconds if seconds >= _DAY else None


def iso_moments(values: Sequence[str]) -> list[float | None]:
    """`iso_moment` of each: in a few calls where all say of which zone they are."""
    try:
        found = list(map(datetime.fromisoformat, values))
        if all(one.tzinfo for one in found):
            seconds = list(map(datetime.timestamp, found))
            if min(seconds, default=_DAY) >= _DAY:
                return [*seconds]
    except (ValueError, OverflowError):
        pass  # one of them is none
    return list(map(iso_moment, values))


def flattened(name: str, value: object) -> Iterator[tuple[str, str]]:
    """`value` as properties: "labels.owner" twice where `labels` holds a list of two under `owner`."""
    if isinstance(value, Mapping):
        for key, member in value.items():
            for each in texts(member) if isinstance(member, list) else [text(member)]:
                yield f"{name}.{key}", each
    else:
        for each in texts(value):
            yield name, each


def golden_events(
    properties: Iterable[tuple[str, str]], outputs: Sequence[str], test: TestId, index: int
) -> list[EventSeen]:
    """The golden-path events that a test carries; `index` is how many its source had before."""
    found = [(EvidenceKind.PROPERTY, path, name) for path, name in from_properties(properties)]
    found += [(EvidenceKind.OUTPUT, None, name) for output in outputs for name in from_output(output)]
    return [
        EventSeen(GoldenEvent(name, kind, index + place, path=path, test=test))
        for place, (kind, path, name) in enumerate(found, 1)
    ]
