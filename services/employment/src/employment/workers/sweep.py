"""Looks through all spells for missed wages once the business date has moved, in transactions of bounded size."""

import asyncio
from contextlib import suppress
from datetime import date
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from directory.people import business_date
from events.consumer import transient
from kit.database import begin
from kit.errors import Unavailable

from . import service

EVERY_SECONDS: Final = 2.0

_log = structlog.get_logger(__name__)


async def sweep(engine: AsyncEngine, stop: asyncio.Event) -> None:
    """Sweep after each move of the business date until told to stop; what it has found it does not find again."""
    swept: date | None = None
    while not stop.is_set():
        try:
            swept = await sweep_once(engine, swept, stop)
        except Exception as error:
            if not isinstance(error, Unavailable) and not transient(error):
                raise
            _log.warning("waiting to sweep again", error=type(error).__name__)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), EVERY_SECONDS)


async def sweep_once(engine: AsyncEngine, swept: date | None, stop: asyncio.Event) -> date | None:
    """Go through all spells unless the business date is still the one that was swept; gives the date swept last."""
    async with begin(engine) as tx:
        on = await business_date(tx)
    if on == swept:
        return on
    after = None
    while not stop.is_set():
        async with begin(engine) as tx:
            after = await service.find_missed_wages(tx, after=after)
        if after is None:
            return on
    return swept
