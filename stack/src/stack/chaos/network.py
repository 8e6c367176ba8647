"""All links of a platform: each service reaches the broker and its database through one of its own."""

import asyncio
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from events.broker import BrokerSettings
from events.topology import SERVICES

from ..ports import HOST
from .links import Dial, Link, Readdressed

_SOCKET: Final = ".s.PGSQL.5432"


class FaultyNetwork:
    """网络: stands between services and engines from the first start on, clean until a fault is laid on a link.

    Args:
        broker_port: where the broker listens on 127.0.0.1; its links listen on the same port of other addresses.
    """

    def __init__(self, broker_port: int):
        self._port = broker_port
        # Near the root: the kernel allows 107 bytes for the path of a socket.
        self._place = Path(tempfile.mkdtemp(prefix="zc-", dir="/tmp"))
        self._sockets: dict[str, str] = {}
        self._servers: list[asyncio.Server] = []
        self.to_broker: dict[str, Link] = {}
        self.to_database: dict[str, Link] = {}

    @property
    def links(self) -> Sequence[Link]:
        """Every link."""
        return [*self.to_broker.values(), *self.to_database.values()]

    async def open(self) -> None:
        """Listen for every service."""
        for number, service in enumerate(SERVICES):
            host = _loopback(number)
            told = Readdressed(_address(HOST, self._port), _address(host, self._port))
            link = self.to_broker[service] = Link(f"{service}-broker", self._dial_broker, told)
            self._servers.append(await asyncio.start_server(link.serve, host, self._port))
            link = self.to_database[service] = Link(f"{service}-database", self._dial_database(service))
            place = self._place / service
            place.mkdir(mode=0o700)
            self._servers.append(await asyncio.start_unix_server(link.serve, place / _SOCKET))

    async def close(self) -> None:
        """Listen no more."""
        for server in self._servers:
            server.close()
        for link in self.links:
            link.tear()
        shutil.rmtree(self._place, ignore_errors=True)

    def database(self, service: str, dsn: str) -> str:
        """The same database behind the service's link."""
        parts = urlsplit(dsn)
        asked = dict(parse_qsl(parts.query))
        self._sockets[service] = asked["host"]
        asked["host"] = str(self._place / service)
        return urlunsplit(parts._replace(query=urlencode(asked, quote_via=quote, safe="")))

    def broker(self, service: str, settings: BrokerSettings) -> BrokerSettings:
        """The same broker behind the service's link."""
        host = _loopback(list(SERVICES).index(service))  # type: ignore[arg-type]
        return replace(settings, bootstrap=f"{host}:{self._port}")

    async def _dial_broker(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(HOST, self._port)

    def _dial_database(self, service: str) -> Dial:
        async def dial() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
            return await asyncio.open_unix_connection(Path(self._sockets[service]) / _SOCKET)

        return dial


def _loopback(number: int) -> str:
    """An address of this machine as long as 127.0.0.1."""
    high, low = divmod(number, 9)
    return f"127.0.{high + 1}.{low + 1}"


def _address(host: str, port: int) -> bytes:
    """As the Kafka protocol writes it: host, then the port as a 32-bit number."""
    return host.encode() + port.to_bytes(4)
