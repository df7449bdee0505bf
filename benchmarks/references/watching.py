"""watchfiles alone, as the design sets it: watching.py DIRECTORY. A line with the moment of each batch."""

import sys
import time

import watchfiles

if __name__ == "__main__":
    for _ in watchfiles.watch(
        sys.argv[1], watch_filter=None, debounce=50, step=5, yield_on_timeout=True, rust_timeout=500
    ):
        sys.stdout.write(f"{time.perf_counter():.6f} {len(_)}\n")
        sys.stdout.flush()
