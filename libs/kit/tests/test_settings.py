"""A process says what it misses and does not show what it must hide."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from events.broker import BrokerSettings, read_cluster_id
from kit.settings import MissingSetting, ServiceSettings


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ZENGSHOU_APP_DSN", "postgresql://app:geheim@/x")
    monkeypatch.setenv("ZENGSHOU_KAFKA_BOOTSTRAP", "127.0.0.1:9092")
    monkeypatch.setenv("ZENGSHOU_BROKER_CLUSTER", "c1")
    monkeypatch.setenv("ZENGSHOU_BROKER_EPOCH", "e1")
    settings = ServiceSettings(service="kittest")
    assert settings.dsn("app") == "postgresql://app:geheim@/x"
    assert (settings.broker().cluster, settings.broker().epoch) == ("c1", "e1")
    assert "geheim" not in repr(settings)


def test_missing_setting_is_named() -> None:
    settings = ServiceSettings(service="kittest")
    with pytest.raises(MissingSetting, match="ZENGSHOU_WORKER_DSN"):
        settings.dsn("worker")
    with pytest.raises(MissingSetting, match="ZENGSHOU_KAFKA_BOOTSTRAP"):
        settings.broker()
    with pytest.raises(MissingSetting, match="ZENGSHOU_KEYS_FILE"):
        settings.needed("keys_file")


@pytest.mark.parametrize("issuer", ["http://127.0.0.1:8080", "http://localhost/dev"])
def test_development_issuer_is_refused_in_production(issuer: str) -> None:
    with pytest.raises(ValidationError, match="embedded profile only"):
        ServiceSettings(service="kittest", issuer=issuer)
    assert ServiceSettings(service="kittest", issuer=issuer, profile="embedded").issuer == issuer


def test_without_an_epoch_it_is_the_id_of_the_cluster(monkeypatch: pytest.MonkeyPatch, broker: BrokerSettings) -> None:
    monkeypatch.delenv("ZENGSHOU_BROKER_EPOCH", raising=False)
    settings = ServiceSettings(service="kittest", kafka_bootstrap=broker.bootstrap)
    assert settings.broker().epoch == asyncio.run(read_cluster_id(broker.bootstrap)) != ""


def test_a_worker_may_start_before_its_broker(new_broker: Callable[[], Any]) -> None:
    broker = new_broker()
    broker.stop()
    settings = ServiceSettings(service="kittest", kafka_bootstrap=broker.settings.bootstrap)
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(settings.broker)
        broker.start()
        assert waiting.result(timeout=30).cluster == broker.settings.cluster
    broker.stop()
