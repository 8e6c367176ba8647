"""A database that vanishes is given up after seconds, from this side too."""

import asyncio
import socket
from urllib.parse import parse_qs, urlsplit

from kit.database import engine
from stack.chaos.links import Link
from stack.ports import HOST
from stack.postgres import Postgres


async def test_a_connection_by_network_asks_whether_the_other_side_is_there(postgres: Postgres) -> None:
    dsn = urlsplit(postgres.create_service_database("keeping").app)
    told = parse_qs(dsn.query)

    async def far() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if dsn.hostname:
            return await asyncio.open_connection(dsn.hostname, dsn.port or 5432)
        return await asyncio.open_unix_connection(f"{told['host'][0]}/.s.PGSQL.{told['port'][0]}")

    link = Link("keeping-database", far)
    near = await asyncio.start_server(link.serve, HOST, 0)
    login = dsn.netloc.rpartition("@")[0]
    made = engine(f"postgresql://{login}@{HOST}:{near.sockets[0].getsockname()[1]}{dsn.path}")
    async with made.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        line = driver._transport.get_extra_info("socket")  # type: ignore[union-attr]
        assert line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 25_000
    await made.dispose()
    link.tear()
    near.close()
