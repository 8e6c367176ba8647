"""What the long-running tasks of a worker share: a pause that a stop ends, and a session that a lock lives in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine


async def stopped(stop: asyncio.Event, seconds: float) -> bool:
    """Pause; true at once when told to stop."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return False
    return True


async def stopped_or_stirred(stop: asyncio.Event, stirred: asyncio.Event, seconds: float) -> bool:
    """Pause, no longer than until somebody stirs; true when told to stop."""
    turns = [asyncio.ensure_future(event.wait()) for event in (stop, stirred)]
    try:
        await asyncio.wait(turns, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for turn in turns:
            turn.cancel()
    return stop.is_set()


@asynccontextmanager
async def own_session(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A session of its own: a lock taken in it lives as long as it, so it must not go back to the pool."""
    async with engine.connect() as plain:
        connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
        try:
            yield connection
        finally:
            await connection.invalidate()
