"""Notes when bytes come and how many: tmux pipe-pane 'python tap.py FILE'."""

import os
import sys
import time
from pathlib import Path


def main() -> None:
    """A line for each piece that comes: seconds since the epoch, bytes."""
    with Path(sys.argv[1]).open("w", encoding="ascii", buffering=1) as file:
        while data := os.read(0, 1 << 20):
            file.write(f"{time.time():.4f} {len(data)}\n")


if __name__ == "__main__":
    main()
