"""The worker's task that applies and undoes jobs; killed at any moment, it goes on where the last commit left them."""

import asyncio
from typing import Final

import structlog
from opentelemetry import trace
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from events.log import correlated
from events.tracing import context_of
from events.turns import stopped
from kit.cipher import FieldCipher
from kit.database import begin, refusal_of
from kit.errors import Refusal

from . import service
from .courtesy import QUIET_SECONDS, Courtesy

IDLE_SECONDS: Final = 0.5
_SOON_SECONDS: Final = 0.02
"""A county sends one file after the other, so the next is looked for at once, then less and less often."""
_TIMEOUT_MS: Final = 60_000

_log = structlog.get_logger(__name__)
_tracer = trace.get_tracer("zengshou.households")


class ImportRunner:
    """Applies or undoes what waits, some households per transaction."""

    def __init__(
        self,
        engine: AsyncEngine,
        cipher: FieldCipher,
        *,
        at_once: int = service.AT_ONCE,
        quiet: float = QUIET_SECONDS,
    ):
        """For one process.

        Args:
            engine: of the worker.
            cipher: for what the files say of persons.
            at_once: households in a transaction of an import that is alone.
            quiet: seconds without live work after which it is alone.
        """
        self._engine, self._cipher = engine, cipher
        self._courtesy = Courtesy(engine, full=at_once, quiet=quiet)
        self._limit = at_once

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop; a database that is away is waited for."""
        idle = IDLE_SECONDS
        while not stop.is_set():
            try:
                worked = await self.step()
            except (DBAPIError, Refusal, OSError) as error:
                _log.warning("imports wait", cause=type(error).__name__)
                worked = False
            if worked:
                await self._courtesy.rest(stop)
                idle = _SOON_SECONDS
            else:
                await stopped(stop, idle)
                idle = min(2 * idle, IDLE_SECONDS)

    async def step(self) -> bool:
        """Take the next households of the oldest job that nobody holds; False if there is none.

        If something unforeseen stops them together, fewer are taken, and the one that fails alone is parked.
        """
        most = None
        while True:
            try:
                return await self._take(most)
            except Exception as error:
                if _passes(error):
                    raise
                _log.exception("import stopped", households=self._limit)
            if self._limit <= 1:
                return await self._give_up()
            most = self._limit // 2

    async def _take(self, most: int | None = None) -> bool:
        async with begin(self._engine, timeout_ms=_TIMEOUT_MS) as tx:
            job = await service.next_job(tx)
            if job is None:
                return False
            limit = await self._courtesy.limit(tx)
            self._limit = min(limit, most or limit)
            span = _tracer.start_as_current_span("import.apply", context=context_of(job.traceparent))
            with span, correlated(job.id):
                await self._work(tx, job, self._limit)
            return True

    async def _work(self, tx: AsyncConnection, job: service.Job, limit: int) -> None:
        if job.state is service.JobState.UNDOING:
            await service.undo_some(tx, job, limit=limit)
            return
        villages = await service.gazetteer(tx)
        await service.apply_some(tx, job, gazetteer=villages, cipher=self._cipher, limit=limit)

    async def _give_up(self) -> bool:
        async with begin(self._engine, timeout_ms=_TIMEOUT_MS) as tx:
            job = await service.next_job(tx)
            if job is not None and job.state is service.JobState.UNDOING:
                await service.give_up_undo(tx, job)
            elif job is not None:
                await service.give_up(tx, job)
            return job is not None


def _passes(error: Exception) -> bool:
    """Whether trying again later helps: the database is away, or somebody holds what we need."""
    if isinstance(error, DBAPIError):
        refusal = refusal_of(error)
        return refusal is not None and refusal.status == 503
    return isinstance(error, OSError) or (isinstance(error, Refusal) and error.status == 503)
