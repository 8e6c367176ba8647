"""The worker's task that checks what is due; killed at any moment, it goes on where the last commit left it."""

import asyncio
from typing import Final

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from events.turns import stopped
from kit.cipher import FieldCipher
from kit.database import begin
from kit.errors import Refusal

from . import service

IDLE_SECONDS: Final = 1.0

_log = structlog.get_logger(__name__)


class CheckRunner:
    """查验: a task of the worker; checks what changed or whose day or policy value came, some at a time."""

    def __init__(self, engine: AsyncEngine, cipher: FieldCipher, *, at_once: int = service.AT_ONCE):
        self._engine, self._cipher, self._at_once = engine, cipher, at_once

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop; a database that is away is waited for."""
        while not stop.is_set():
            try:
                worked = await self.step()
            except (DBAPIError, Refusal, OSError) as error:
                _log.warning("checks wait", cause=type(error).__name__)
                worked = 0
            if not worked:
                await stopped(stop, IDLE_SECONDS)

    async def step(self) -> int:
        """Check the next households that are due; gives how many.

        If something unforeseen stops them together, they are checked one by one; one that fails alone waits a day.
        """
        try:
            async with begin(self._engine) as tx:
                return await service.check_some(tx, cipher=self._cipher, limit=self._at_once)
        except (DBAPIError, Refusal, OSError):
            raise
        except Exception:
            _log.exception("check stopped, going on one by one")
        return await self._one_by_one()

    async def _one_by_one(self) -> int:
        async with begin(self._engine) as tx:
            ids = await service.next_due(tx, limit=self._at_once)
        for id_ in ids:
            try:
                async with begin(self._engine) as tx:
                    await service.check(tx, [id_], cipher=self._cipher)
            except (DBAPIError, Refusal, OSError):
                raise
            except Exception:
                _log.exception("household waits a day", household=str(id_))
                async with begin(self._engine) as tx:
                    await service.postpone(tx, id_)
        return len(ids)
