"""Lines of JSON among lines of anything else, for the streams that runners write to their stdout.

May import nothing of runwatch. Pure.
"""

import json
from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]

_DECODER = json.JSONDecoder(strict=False)


def parse_object(data: bytes) -> Json | None:
    """The JSON object that a line holds; None where it holds none.

    What a test printed without a line end stands before the object on one line with it.
    """
    text = data.decode("utf-8", "replace")
    start = text.find("{")
    return loads(text[start:]) if start >= 0 else None


def loads(text: str) -> Json | None:
    """`text` as a JSON object; None where it is none."""
    try:
        said = _DECODER.decode(text)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def text_of(said: Json, key: str) -> str:
    """The text under `key`; empty where there is none."""
    value = said.get(key)
    return value if isinstance(value, str) else ""
