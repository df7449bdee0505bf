"""Regular expressions that are compiled when they are first asked something.

The lowest layer: imports nothing of runwatch. Compiling takes longer than all else that importing a module
of patterns does, and of a hundred and more a start asks a few.
"""

import re
from typing import Any, AnyStr, cast


class _Uncompiled:
    """Stands in for a pattern, whose methods it takes over one by one: a second call costs no more."""

    def __init__(self, source: str | bytes, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever a pattern has
        found = getattr(re.compile(self._source, self._flags), name)
        setattr(self, name, found)
        return found


def regex(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """The pattern `source`; a fault in it is told at its first use (a test compiles all there are)."""
    return cast("re.Pattern[AnyStr]", _Uncompiled(source, flags))
