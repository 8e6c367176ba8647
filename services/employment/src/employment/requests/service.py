"""What employment can be asked for, and which job spells answer it."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory import requests
from directory.requests import Desk, Given
from events.catalog.employment import WorkChannel
from events.catalog.help import HelpOffer
from events.received import Received

from . import queries
from .tables import help_requests


async def given(tx: AsyncConnection, households: Collection[UUID]) -> Sequence[Given]:
    """The jobs of households: a public-welfare post is one thing, every other job the other."""
    return [
        Given(
            offer=HelpOffer.PUBLIC_POST if job.channel == WorkChannel.PUBLIC_POST else HelpOffer.JOB,
            household_id=job.household_id,
            reference=job.id,
            on=job.started_on,
            stands=not job.void,
        )
        for job in await queries.jobs(tx, households)
    ]


DESK = Desk("employment", help_requests, given)


async def settle(
    tx: AsyncConnection, households: Collection[UUID | None], *, cause: Received[Any] | None = None
) -> None:
    """Jobs of these households have begun, changed or never were."""
    await requests.settle(tx, DESK, households, cause=cause)
