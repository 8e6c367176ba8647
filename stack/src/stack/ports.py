"""Which TCP ports of 127.0.0.1 the platform uses, all counted from one base."""

import random
import socket
from dataclasses import dataclass
from typing import Final

from events.topology import SERVICES

from .exits import ExitCode, StackError

HOST = "127.0.0.1"
DEFAULT_BASE = 8700
# Below the ports that the kernel lends to outgoing connections: while a part is down, nobody may get its port.
_FREE_BASES: Final = range(15_000, 32_000, 100)


@dataclass(frozen=True, slots=True)
class Ports:
    """Gateway at the base, broker next, then ten for each service: its API first, its worker's probes next."""

    base: int = DEFAULT_BASE

    @property
    def gateway(self) -> int:
        """The one address that people and departments use."""
        return self.base

    @property
    def broker(self) -> int:
        """Kafka protocol."""
        return self.base + 1

    def api(self, service: str) -> int:
        """HTTP API of a service, behind the gateway."""
        return self.base + 10 * (list(SERVICES).index(service) + 1)  # type: ignore[arg-type]

    def worker(self, service: str) -> int:
        """Probes and metrics of a service's worker."""
        return self.api(service) + 1

    def all(self) -> dict[str, int]:
        """Every port by the process that listens there."""
        services = {f"{service}.api": self.api(service) for service in SERVICES}
        workers = {f"{service}.worker": self.worker(service) for service in SERVICES}
        return {"gateway": self.gateway, "broker": self.broker, **services, **workers}

    def refuse_taken(self) -> None:
        """Look at every port before anything starts.

        Raises:
            StackError: one of them is taken.
        """
        for name, port in self.all().items():
            refuse_taken_port(port, name)

    @classmethod
    def free(cls) -> "Ports":
        """A base from which all ports were free a moment ago."""
        while True:
            found = cls(random.choice(_FREE_BASES))  # noqa: S311 - no secret
            try:
                found.refuse_taken()
            except StackError:
                continue
            return found


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def refuse_taken_port(port: int, wanted_by: str) -> None:
    """Say clearly that a port is taken, before anything is started on it.

    Raises:
        StackError: somebody listens there.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise StackError(
                ExitCode.PORT_TAKEN,
                zh=f"端口 {port}（{wanted_by}）已被占用。请换一个：zengshou up --port-base <端口>。",
                en=f"Port {port} ({wanted_by}) is taken. Choose others: zengshou up --port-base <port>.",
            ) from error
