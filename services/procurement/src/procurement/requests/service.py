"""What procurement can be asked for, and which orders answer it."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory import requests
from directory.requests import Desk, Given
from events.catalog.help import HelpOffer
from events.received import Received

from . import queries
from .tables import help_requests


async def given(tx: AsyncConnection, households: Collection[UUID]) -> Sequence[Given]:
    """The orders behind which households stand; one that was cancelled whole never was help."""
    return [
        Given(
            offer=HelpOffer.ORDER,
            household_id=share.household_id,
            reference=share.order_id,
            on=share.placed_on,
            stands=share.stands,
        )
        for share in await queries.shares(tx, households)
    ]


DESK = Desk("procurement", help_requests, given)


async def settle(
    tx: AsyncConnection, households: Collection[UUID | None], *, cause: Received[Any] | None = None
) -> None:
    """Orders from these households were placed, cancelled or reinstated, or found their household."""
    await requests.settle(tx, DESK, households, cause=cause)
