"""What is done before all else is imported, so that it takes less: imported first by `cli`, for its effect.

Imports nothing of runwatch.
"""

import gc
import sys
from importlib import import_module

# What is made while modules are imported stays: looking for garbage among it is a tenth of a start. `cli`
# turns the collector on again once it is imported.
gc.disable()


def import_without(unwanted: str, wanted: str) -> None:
    """Import `wanted`, which makes do without `unwanted`; whoever needs that finds it afterwards."""
    if unwanted in sys.modules:
        return
    sys.modules[unwanted] = None  # type: ignore[assignment]
    try:
        import_module(wanted)
    finally:
        del sys.modules[unwanted]


# msgspec takes two names from it that `typing` has as well, and makes do with those; importing it (and
# `inspect`, which it wants) takes longer than all of msgspec.
import_without("typing_extensions", "msgspec")
