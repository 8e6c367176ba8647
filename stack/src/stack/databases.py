"""A look into the services' databases, for the operator's checks; one connection at a time, nothing pooled."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool


def engine_of(dsn: str) -> AsyncEngine:
    """An engine that keeps no connection; values never reach an error text."""
    url = make_url(dsn).set(drivername="postgresql+asyncpg")
    return create_async_engine(url, poolclass=NullPool, hide_parameters=True)


def connection(dsn: str) -> AsyncConnection:
    """A connection to look with, not open yet; use it as a context manager."""
    return engine_of(dsn).connect()


@asynccontextmanager
async def transaction(dsn: str) -> AsyncIterator[AsyncConnection]:
    """A transaction that commits at the end of the block."""
    async with engine_of(dsn).begin() as tx:
        yield tx
