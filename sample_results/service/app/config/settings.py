"""The settings of the service, read once at the start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.config.env import flag, number, require, seconds, words


@dataclass(frozen=True)
class Settings:
    port: int = 8080
    debug: bool = False
    origins: tuple[str, ...] = ()
    idle_timeout: float = 30.0

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Settings:
        return cls(
            port=number(environ.get("PORT", "8080"), 1, 65535),
            debug=flag(environ.get("DEBUG", "no")),
            origins=tuple(words(environ.get("ORIGINS", ""))),
            idle_timeout=seconds(environ.get("IDLE_TIMEOUT", "30s")),
        )


@dataclass(frozen=True)
class StoreSettings:
    """Where sessions and cached tool results are kept."""

    url: str
    pool: int

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> StoreSettings:
        return cls(
            url=require("REDIS_URL", environ),
            pool=number(environ.get("REDIS_POOL", "4"), 1, 256),
        )
