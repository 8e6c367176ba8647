"""Waiting until everything published has been taken: the condition for moving the business date."""

import asyncio
import time
from collections.abc import Mapping
from typing import Final

from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from events import delivery
from events.catalog.base import Service
from events.topology import SERVICES

from ..exits import ExitCode, StackError

_DEADLINE: Final = 90.0
_LOGGED = text("SELECT coalesce(max(seq), 0) FROM event_log")


class Settling:
    """Looks at the receipts in each publisher's database; counts events, never a broker's lag."""

    def __init__(self, databases: Mapping[str, Mapping[str, str]], *, deadline: float = _DEADLINE):
        """Args: `deadline`, seconds until it is given up."""
        self._deadline = deadline
        self._engines: dict[Service, AsyncEngine] = {
            service: create_async_engine(
                make_url(databases[service]["worker"]).set(drivername="postgresql+asyncpg"),
                pool_size=1,
                pool_pre_ping=True,
                hide_parameters=True,
            )
            for service in SERVICES
        }

    async def close(self) -> None:
        """Let the connections go."""
        for engine in self._engines.values():
            await engine.dispose()

    async def until_taken(self, *services: Service) -> None:
        """Return when every listener has confirmed every event of these services (default: all).

        Raises:
            StackError: not within the deadline; it says who has not confirmed how many.
        """
        until, wait = time.monotonic() + self._deadline, 0.01
        while waiting := await self._waiting(services or SERVICES):
            if time.monotonic() > until:
                raise StackError(ExitCode.AUDIT, zh=f"事件未被全部消费：{waiting}", en=f"Not consumed: {waiting}")
            await asyncio.sleep(wait)
            wait = min(wait * 1.5, 0.1)

    async def events(self) -> int:
        """Events logged so far, all services."""
        counts = [await self._scalar(engine) for engine in self._engines.values()]
        return sum(counts)

    async def behind(self) -> int:
        """Deliveries that no listener has confirmed yet: an event counts once for each that waits for it."""
        return sum((await self._waiting(SERVICES)).values())

    async def _scalar(self, engine: AsyncEngine) -> int:
        async with engine.connect() as connection:
            return int((await connection.execute(_LOGGED)).scalar_one())

    async def _waiting(self, services: tuple[Service, ...]) -> dict[str, int]:
        waiting: dict[str, int] = {}
        for service in services:
            try:
                async with self._engines[service].connect() as connection:
                    outstanding = await delivery.outstanding(connection, service)
            except (DBAPIError, OSError):
                outstanding = {"database": 1}  # away for a moment: look again
            waiting |= {f"{service} → {listener}": n for listener, n in outstanding.items() if n}
        return waiting
