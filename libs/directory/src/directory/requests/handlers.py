"""What other services' events mean for requests: the asking itself, and where their households are."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import HouseholdMerged, HouseholdRegistered, HouseholdUnmerged, HouseholdUpdated
from events.catalog.monitoring import HelpRequested, HelpRequestedV2, HelpWithdrawn
from events.received import Handlers, Received

from ..facts import moving_with_households
from .service import Desk, receive, settle, withdraw


def handlers(desk: Desk) -> Handlers:
    """Merged into the worker's table behind the directory's and the service's own."""
    move = moving_with_households(desk.table)

    async def on_request(tx: AsyncConnection, events: Sequence[Received[HelpRequested | HelpRequestedV2]]) -> None:
        await receive(tx, desk, events)

    async def on_withdrawn(tx: AsyncConnection, events: Sequence[Received[HelpWithdrawn]]) -> None:
        await withdraw(tx, desk, events)

    async def on_household(tx: AsyncConnection, events: Sequence[Received[Any]]) -> None:
        """A household arrived, moved, or is one with another: facts of theirs may be in sight now."""
        await move(tx, events)
        await settle(tx, desk, [event.key for event in events], cause=events[-1])

    return {
        HelpRequested: (on_request,),
        HelpRequestedV2: (on_request,),
        HelpWithdrawn: (on_withdrawn,),
        HouseholdRegistered: (on_household,),
        HouseholdUpdated: (on_household,),
        HouseholdMerged: (on_household,),
        HouseholdUnmerged: (on_household,),
    }
