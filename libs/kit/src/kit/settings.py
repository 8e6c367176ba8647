"""Settings of a service process, from environment variables `ZENGSHOU_*`; built once at start and passed on.

A process is given only what it needs: the API knows the app role, the worker the worker role, a migration the owner.
What must not stand in an environment may lie as one file per setting, named like the variable in lower case, in the
directory that `ZENGSHOU_SECRETS_DIR` names; a variable wins over a file.
"""

import asyncio
import os
from pathlib import Path
from typing import Final, Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SecretsSettingsSource, SettingsConfigDict

from events.broker import BrokerSettings, await_cluster_id

Role = Literal["app", "worker", "owner"]

_BROKER_WITHIN: Final = 60.0
"""Seconds that a worker waits for a broker at its start; what keeps it alive starts it again after that."""


class MissingSetting(RuntimeError):
    """A setting that this process needs is not set."""

    def __init__(self, name: str):
        super().__init__(f"set ZENGSHOU_{name.upper()}")


class ServiceSettings(BaseSettings):
    """What differs between installations; the code is the same everywhere."""

    model_config = SettingsConfigDict(env_prefix="ZENGSHOU_", frozen=True, extra="ignore")

    service: str
    profile: Literal["embedded", "production"] = "production"
    host: str = "127.0.0.1"
    port: int = 8000
    health_port: int = 0
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    app_dsn: SecretStr | None = None
    worker_dsn: SecretStr | None = None
    owner_dsn: SecretStr | None = None
    pool_size: int = Field(default=8, ge=1)
    statement_timeout_ms: int = Field(default=10_000, ge=1)

    kafka_bootstrap: str | None = None
    broker_cluster: str | None = None
    broker_epoch: str | None = None
    kafka_idempotent: bool = True
    replication: int = Field(default=3, ge=1)
    fetch_wait_ms: int = Field(default=500, ge=1)
    heartbeat_ms: int = Field(default=3_000, ge=1)
    session_ms: int = Field(default=10_000, ge=1)

    door_per_caller: str = "10/minute;60/hour;200/day"
    door_in_all: str = "600/minute"

    issuer: str | None = None
    jwks_url: str | None = None
    audience: str = "zengshou"
    keys_file: Path | None = None

    telemetry_dir: Path | None = None
    otlp_endpoint: str | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then the files of the secrets directory."""
        files = SecretsSettingsSource(settings_cls, secrets_dir=os.environ.get("ZENGSHOU_SECRETS_DIR"))
        return init_settings, env_settings, files

    @model_validator(mode="after")
    def _no_dev_issuer_in_production(self) -> Self:
        local = ("http://127.0.0.1", "http://localhost", "http://[::1]")
        if self.profile == "production" and (self.issuer or "").startswith(local):
            raise ValueError("the development issuer is for the embedded profile only")
        return self

    def dsn(self, role: Role) -> str:
        """The database address of a role.

        Raises:
            MissingSetting: it was not given to this process.
        """
        secret: SecretStr | None = getattr(self, f"{role}_dsn")
        if secret is None:
            raise MissingSetting(f"{role}_dsn")
        return secret.get_secret_value()

    def needed(self, name: str) -> str:
        """A text or path setting that must be there.

        Raises:
            MissingSetting: it is not.
        """
        value = getattr(self, name)
        if not value:
            raise MissingSetting(name)
        return str(value)

    def broker(self) -> BrokerSettings:
        """How the relay and the consumer reach the broker; call it before the event loop runs.

        Without `broker_epoch` the epoch is the cluster id, which a Kafka cluster keeps as long as its log.
        """
        bootstrap = self.needed("kafka_bootstrap")
        cluster = self.broker_cluster or asyncio.run(await_cluster_id(bootstrap, _BROKER_WITHIN))
        return BrokerSettings(
            bootstrap=bootstrap,
            epoch=self.broker_epoch or cluster,
            cluster=cluster,
            idempotent=self.kafka_idempotent,
            replication=self.replication,
            fetch_wait_ms=self.fetch_wait_ms,
            heartbeat_ms=self.heartbeat_ms,
            session_ms=self.session_ms,
        )
