"""Looking for what the passing of days has made true, in transactions of bounded size."""

import asyncio
from collections.abc import Coroutine
from datetime import date
from typing import Any, Final, Protocol
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from events.consumer import transient
from events.turns import stopped
from kit.database import begin
from kit.errors import Unavailable

from .people import business_date

EVERY_SECONDS: Final = 2.0

_log = structlog.get_logger(__name__)


class Step(Protocol):
    """One transaction of a sweep: looks at some rows after a place; gives the place to go on after, None at the end."""

    def __call__(self, tx: AsyncConnection, *, after: UUID | None) -> Coroutine[Any, Any, UUID | None]:
        """What it finds it writes down, so that it does not find it again."""


async def sweep(step: Step, engine: AsyncEngine, stop: asyncio.Event) -> None:
    """Sweep after each move of the business date until told to stop; a task of a worker, `partial(sweep, step, …)`."""
    swept: date | None = None
    while not stop.is_set():
        try:
            swept = await sweep_once(step, engine, swept, stop)
        except Exception as error:
            if not isinstance(error, Unavailable) and not transient(error):
                raise
            _log.warning("waiting to sweep again", error=type(error).__name__)
        await stopped(stop, EVERY_SECONDS)


async def sweep_once(step: Step, engine: AsyncEngine, swept: date | None, stop: asyncio.Event) -> date | None:
    """Go through everything unless the business date is still the one that was swept; gives the date swept last."""
    async with begin(engine) as tx:
        on = await business_date(tx)
    if on == swept:
        return on
    after = None
    while not stop.is_set():
        async with begin(engine) as tx:
            after = await step(tx, after=after)
        if after is None:
            return on
    return swept
