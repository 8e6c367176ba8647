"""Indexing at start: who was registered before persons were found by name and phone is found afterwards."""

import asyncio

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from events.turns import stopped
from kit.cipher import FieldCipher
from kit.database import begin
from kit.errors import Refusal

from . import service

_WAIT_SECONDS = 5.0
_log = structlog.get_logger(__name__)


class Indexing:
    """姓名与电话索引: a task of the worker; done once everybody is indexed, since new persons are indexed at once."""

    def __init__(self, engine: AsyncEngine, cipher: FieldCipher):
        self._engine, self._cipher = engine, cipher

    async def run(self, stop: asyncio.Event) -> None:
        """Index until nothing is left, then wait to be told to stop; a database that is away is waited for."""
        left = 1
        while left and not stop.is_set():
            try:
                async with begin(self._engine) as tx:
                    left = await service.fill_indexes(tx, cipher=self._cipher)
            except (DBAPIError, Refusal, OSError) as error:
                _log.warning("indexing waits", cause=type(error).__name__)
                await stopped(stop, _WAIT_SECONDS)
        await stop.wait()
