"""The programs of the platform: what is started, with which settings, and how each says that it is ready."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from events.broker import BrokerSettings
from events.topology import SERVICES

from ..ports import HOST, Ports
from ..postgres import Dsns
from ..state import StateDirectory
from .network import Direct, Network

# What a child may take over from the terminal; everything else it is told by name.
_INHERITED = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "SSL_CERT_FILE",
    "ZENGSHOU_LOG_LEVEL",
    "ZENGSHOU_OTLP_ENDPOINT",
    "ZENGSHOU_DELIVERY_ALLOWED",
    "ZENGSHOU_LINK_BASE",
)
# -P: the working directory must not be searched for modules; its folders are named like our packages.
_PYTHON = (sys.executable, "-P", "-m")


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One process to keep alive."""

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str] = field(repr=False)
    port: int

    @property
    def ready_url(self) -> str:
        """Answers 200 when it can work."""
        return f"http://{HOST}:{self.port}/readyz"

    @property
    def live_url(self) -> str:
        """Answers 200 while it is not stuck."""
        return f"http://{HOST}:{self.port}/livez"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Makes the programs from what is known once PostgreSQL runs."""

    state: StateDirectory
    ports: Ports
    databases: Mapping[str, Dsns] = field(repr=False)
    network: Network = field(default_factory=Direct)

    @property
    def gateway_url(self) -> str:
        """Where everything is reached, and the name of the development issuer."""
        return f"http://{HOST}:{self.ports.gateway}"

    def gateway(self) -> Program:
        """The reverse proxy with the development issuer."""
        upstreams = {service: f"http://{HOST}:{self.ports.api(service)}" for service in SERVICES}
        return Program(
            name="gateway",
            command=uvicorn_command("stack.gateway.app:create", self.ports.gateway),
            env=inherited()
            | {
                "ZENGSHOU_PROFILE": "embedded",
                "ZENGSHOU_ISSUER": self.gateway_url,
                "ZENGSHOU_ISSUER_KEY_FILE": str(self.state.issuer_key),
                "ZENGSHOU_CLIENTS_FILE": str(self.state.clients),
                "ZENGSHOU_UPSTREAMS": json.dumps(upstreams),
            },
            port=self.ports.gateway,
        )

    def api(self, service: str) -> Program:
        """A service's HTTP API; it knows the app role only."""
        port = self.ports.api(service)
        return Program(
            name=f"{service}.api",
            command=uvicorn_command(f"{service}.app:create", port),
            env=self._service_env(service, port)
            | {"ZENGSHOU_APP_DSN": self.network.database(service, self.databases[service].app)},
            port=port,
        )

    def worker(self, service: str, broker: BrokerSettings) -> Program:
        """A service's relay and consumer; it knows the worker role and serves one epoch of the broker."""
        port = self.ports.worker(service)
        broker = self.network.broker(service, broker)
        return Program(
            name=f"{service}.worker",
            command=(*_PYTHON, f"{service}.worker"),
            env=self._service_env(service, port)
            | {
                "ZENGSHOU_HEALTH_PORT": str(port),
                "ZENGSHOU_WORKER_DSN": self.network.database(service, self.databases[service].worker),
                "ZENGSHOU_KAFKA_BOOTSTRAP": broker.bootstrap,
                "ZENGSHOU_BROKER_CLUSTER": broker.epoch,
                "ZENGSHOU_KAFKA_IDEMPOTENT": str(broker.idempotent).lower(),
                "ZENGSHOU_REPLICATION": str(broker.replication),
                "ZENGSHOU_FETCH_WAIT_MS": str(broker.fetch_wait_ms),
                "ZENGSHOU_HEARTBEAT_MS": str(broker.heartbeat_ms),
                "ZENGSHOU_SESSION_MS": str(broker.session_ms),
            },
            port=port,
        )

    def second_worker(self, service: str, broker: BrokerSettings, port: int) -> Program:
        """One more member of a service's consumer group; its relay waits for the lock of the first."""
        first = self.worker(service, broker)
        return replace(
            first, name=f"{service}.worker-2", port=port, env={**first.env, "ZENGSHOU_HEALTH_PORT": str(port)}
        )

    def _service_env(self, service: str, port: int) -> dict[str, str]:
        return inherited() | {
            "ZENGSHOU_SERVICE": service,
            "ZENGSHOU_PROFILE": "embedded",
            "ZENGSHOU_HOST": HOST,
            "ZENGSHOU_PORT": str(port),
            "ZENGSHOU_ISSUER": self.gateway_url,
            "ZENGSHOU_JWKS_URL": f"{self.gateway_url}/oauth/jwks",
            "ZENGSHOU_AUDIENCE": "zengshou",
            "ZENGSHOU_KEYS_FILE": str(self.state.keys),
            "ZENGSHOU_TELEMETRY_DIR": str(self.state.traces / service),
        }


def inherited() -> dict[str, str]:
    """The environment that every child starts from."""
    kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return {"LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1", **kept}


def uvicorn_command(factory: str, port: int, host: str = HOST) -> tuple[str, ...]:
    """Serves an app factory on a port, of this machine only unless told otherwise."""
    # Idle connections live longer here than in the gateway's pool, so the pool never picks one that is just closing.
    options = ("--no-access-log", "--log-level", "warning", "--timeout-keep-alive", "75")
    stopping = ("--timeout-graceful-shutdown", "5")
    return (*_PYTHON, "uvicorn", "--factory", factory, "--host", host, "--port", str(port), *options, *stopping)
