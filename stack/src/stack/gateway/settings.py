"""Settings of the gateway process, from `ZENGSHOU_*`."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class GatewaySettings(BaseSettings):
    """Where the services are, and what the development issuer signs with."""

    model_config = SettingsConfigDict(env_prefix="ZENGSHOU_", frozen=True, extra="ignore")

    profile: Literal["embedded", "production"] = "production"
    upstreams: dict[str, str] = Field(description="service → base address")
    patience: float = Field(default=15, ge=0, description="seconds a request waits for a service that is away")
    issuer: str | None = None
    audience: str = "zengshou"
    issuer_key_file: Path | None = None
    clients_file: Path | None = None
