"""The figures as JSON: with the machine, the versions and how long each part took."""

import json
import os
import platform
import time
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.figures import Row


def machine() -> dict[str, str]:
    """What it was measured on."""
    model = ""
    cpu = Path("/proc/cpuinfo")
    if cpu.exists():
        lines = cpu.read_text().splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    versions = " ".join(
        f"{name} {metadata.version(name)}"
        for name in ("textual", "rich", "watchfiles", "msgspec", "junitparser")
    )
    python = f"Python {platform.python_version()}"
    return {
        "words": f"{os.cpu_count()} x {model or platform.machine()}, {platform.system()}, {python}",
        "versions": versions,
        "load": " ".join(f"{one:.1f}" for one in os.getloadavg()),
    }


def write(path: Path, rows: Sequence[Row], *, quick: bool, took: dict[str, float], began: float) -> None:
    """Keep the figures."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written: dict[str, Any] = {
        "when": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(began)),
        "quick": quick,
        "seconds": round(time.time() - began),
        "machine": machine(),
        "parts": {part: round(seconds, 1) for part, seconds in took.items()},
        "rows": [msgspec.to_builtins(row) | {"reached": row.reached} for row in rows],
    }
    path.write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read(path: Path) -> tuple[dict[str, Any], list[Row]]:
    """What was kept: all of it, and its rows."""
    kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return kept, msgspec.convert(kept["rows"], list[Row])
