"""A person registers: what waited for the certificate goes out again, under the household's key."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.facts import match, matched
from events.catalog.households import PersonJoined
from events.log import append
from events.received import Received

from ...requests import service as requests
from ..rules.cancelled import CancelledShare
from ..rules.deliveries import DeliveredShare
from ..tables import cancelled_shares, delivered_shares, order_shares
from . import publishing


async def match_shares(tx: AsyncConnection, events: Sequence[Received[PersonJoined]]) -> int:
    """Give the shares of these persons their household, publish what they lost; how many facts that were.

    The shares of orders come first: whoever delivers, settles or cancels holds them, so what such a change wrote of an
    unmatched share is seen by the statements that follow.
    """
    found = await match(tx, order_shares, events)
    parts = await matched(tx, delivered_shares, DeliveredShare, events)
    lost = await matched(tx, cancelled_shares, CancelledShare, events)
    new = [publishing.rejected(part, cause) for part, cause in parts if part.rejected]
    new += [publishing.cancelled(share, cause) for share, cause in lost]
    await append(tx, *new)
    await requests.settle(tx, [share.household_id for share in found], cause=events[-1])
    return len(new)
