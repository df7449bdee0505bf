"""The environment that the configuration is read from."""

from __future__ import annotations

import pytest


@pytest.fixture
def environ() -> dict[str, str]:
    """What the deployment sets. The store's address was moved to a secret of its own."""
    return {"PORT": "8081", "DEBUG": "no", "REDIS_POOL": "8"}
