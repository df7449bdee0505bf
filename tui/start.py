"""What is done before all else is imported, so that it takes less: imported first by `cli`, for its effect.

Imports nothing of runwatch.
"""

import gc
import sys

# What is made while modules are imported stays: looking for garbage among it is a tenth of a start. `cli`
# turns the collector on again once it is imported.
gc.disable()

if "typing_extensions" not in sys.modules:
    # msgspec takes two names from it that `typing` has as well, and makes do with those; importing it (and
    # `inspect`, which it wants) takes longer than all of msgspec. Whoever needs it finds it afterwards.
    sys.modules["typing_extensions"] = None  # type: ignore[assignment]
    try:
        import msgspec  # noqa: F401
    finally:
        del sys.modules["typing_extensions"]
