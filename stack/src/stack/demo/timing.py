"""How long a fact takes from its POST to the household's status, watched in monitoring's database."""

import asyncio
import time
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from ..exits import ExitCode, StackError

_DEADLINE: Final = 60.0
# The received log's row is written in the transaction that renews profile, level and alerts.
_THERE = text("SELECT count(*) FROM received_log WHERE household_id = :household AND fact_id = :fact")


class Watch:
    """Looks for facts as they become status."""

    def __init__(self, databases: Mapping[str, Mapping[str, str]]):
        url = make_url(databases["monitoring"]["worker"]).set(drivername="postgresql+asyncpg")
        self._engine = create_async_engine(url, pool_size=4, pool_pre_ping=True, hide_parameters=True)

    async def close(self) -> None:
        """Let the connection go."""
        await self._engine.dispose()

    async def until_status(self, household: UUID, fact: UUID) -> None:
        """Return when the household's status holds the fact.

        Raises:
            StackError: not within a minute.
        """
        until = time.monotonic() + _DEADLINE
        async with self._engine.connect() as plain:
            connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
            while not (await connection.execute(_THERE, {"household": household, "fact": fact})).scalar_one():
                if time.monotonic() > until:
                    raise StackError(
                        ExitCode.AUDIT,
                        zh=f"事实 {fact} 一分钟内没有进入监测。",
                        en=f"Fact {fact} has not reached monitoring within a minute.",
                    )
                await asyncio.sleep(0.01)
