"""The settings as a whole."""

from __future__ import annotations

import pytest

from app.config.settings import Settings, StoreSettings


class TestSettings:
    def test_defaults(self) -> None:
        assert Settings.read({}) == Settings()

    def test_deployment(self, environ: dict[str, str]) -> None:
        assert Settings.read(environ) == Settings(port=8081)

    @pytest.mark.parametrize("port", ["1", "80", "8080", "65535"])
    def test_port(self, port: str) -> None:
        assert Settings.read({"PORT": port}).port == int(port)

    @pytest.mark.parametrize("port", ["0", "65536"])
    def test_port_out_of_range(self, port: str) -> None:
        with pytest.raises(ValueError, match="is not between"):
            Settings.read({"PORT": port})

    def test_origins(self) -> None:
        assert Settings.read({"ORIGINS": "a.example, b.example"}).origins == (
            "a.example",
            "b.example",
        )

    def test_idle_timeout(self) -> None:
        assert Settings.read({"IDLE_TIMEOUT": "2m"}).idle_timeout == 120.0


class TestStoreSettings:
    def test_store_has_an_address(self, environ: dict[str, str]) -> None:
        assert StoreSettings.read(environ).url.startswith("redis://")

    def test_store_pool(self, environ: dict[str, str]) -> None:
        assert StoreSettings.read(environ).pool == 8

    @pytest.mark.parametrize("pool", ["1", "64", "256"])
    def test_store_pool_size(self, environ: dict[str, str], pool: str) -> None:
        assert StoreSettings.read({**environ, "REDIS_POOL": pool}).pool == int(pool)

    def test_store_default_pool(self, environ: dict[str, str]) -> None:
        del environ["REDIS_POOL"]
        assert StoreSettings.read(environ).pool == 4
