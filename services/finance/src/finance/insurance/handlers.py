"""What other services' facts mean for insurance."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.facts import moving_with_households
from events.catalog.households import PersonJoined
from events.received import Received

from . import service
from .tables import insurance_claims, insurance_policies

on_household_moved = moving_with_households(insurance_policies, insurance_claims)


async def on_person(tx: AsyncConnection, events: Sequence[Received[PersonJoined]]) -> None:
    """Policies and claims that waited for this person find their household."""
    await service.match_policies(tx, events)
    await service.match_claims(tx, events)
