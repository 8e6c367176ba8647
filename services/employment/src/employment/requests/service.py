"""What employment can be asked for, and which job spells and subsidies answer it."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from directory import requests
from directory.requests import Desk, Given
from events.catalog.employment import WorkChannel
from events.catalog.help import HelpOffer
from events.received import Received

from ..subsidies.rules import SubsidyState
from . import queries
from .tables import help_requests


async def given(tx: AsyncConnection, households: Collection[UUID]) -> Sequence[Given]:
    """The jobs and the traffic subsidies of households."""
    return [
        *map(_job, await queries.jobs(tx, households)),
        *map(_subsidy, await queries.traffic_subsidies(tx, households)),
    ]


def _job(job: Row[Any]) -> Given:
    """A public-welfare post is one thing, every other job the other."""
    return Given(
        offer=HelpOffer.PUBLIC_POST if job.channel == WorkChannel.PUBLIC_POST else HelpOffer.JOB,
        household_id=job.household_id,
        reference=job.id,
        on=job.started_on,
        stands=not job.void,
    )


def _subsidy(subsidy: Row[Any]) -> Given:
    """What was paid helps; approval alone does not, and what the bank sent back never did."""
    return Given(
        offer=HelpOffer.TRAFFIC_SUBSIDY,
        household_id=subsidy.household_id,
        reference=subsidy.id,
        on=subsidy.paid_on,
        stands=subsidy.state != SubsidyState.RETURNED,
        under_way=subsidy.state in (SubsidyState.APPLIED, SubsidyState.APPROVED),
    )


DESK = Desk("employment", help_requests, given)


async def settle(
    tx: AsyncConnection, households: Collection[UUID | None], *, cause: Received[Any] | None = None
) -> None:
    """Jobs or subsidies of these households have begun, changed or never were."""
    await requests.settle(tx, DESK, households, cause=cause)
