"""A person registers: the sales that waited for the certificate go out again, under the household's key."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.facts import matched
from events.catalog.households import PersonJoined
from events.log import append
from events.received import Received

from ..rules import Sale
from ..tables import sales
from . import publishing


async def match_sales(tx: AsyncConnection, events: Sequence[Received[PersonJoined]]) -> int:
    """Publish the sales that waited for these persons; gives how many there were."""
    found = await matched(tx, sales, Sale, events)
    await append(tx, *(publishing.sold(sale, cause) for sale, cause in found))
    return len(found)
