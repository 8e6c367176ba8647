"""A database that vanishes is given up after seconds, from this side too; one that came back is used at once."""

import asyncio
import socket
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import text

from kit.database import begin, engine
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


async def test_connections_that_the_server_closed_are_replaced_before_anybody_has_them(
    postgres: Postgres, eventually: Any
) -> None:
    made = engine(postgres.create_service_database("closing").app, application="closing")
    async with made.connect() as one, made.connect() as other:
        raw = [(await connection.get_raw_connection()).driver_connection for connection in (one, other)]
    async with made.connect() as last:
        await last.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                " WHERE application_name = 'closing' AND pid <> pg_backend_pid()"))  # fmt: skip
        await last.invalidate()

    async def noticed() -> bool:
        return all(driver.is_closed() for driver in raw if driver is not None)

    await eventually(noticed)
    for _ in range(2):
        async with begin(made) as tx:
            assert (await tx.execute(text("SELECT 1"))).scalar_one() == 1
    await made.dispose()
