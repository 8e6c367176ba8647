"""Whether a household lets departments compare what it owns, as it decided last; nothing else waits for it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import ConsentGiven, ConsentPurpose, ConsentWithdrawn
from events.received import Handlers, Received

from . import queries
from .rules.refusals import ConsentWithheld


async def on_consent(tx: AsyncConnection, events: Sequence[Received[Any]]) -> None:
    """Keep the newest decision of each household on the comparison of its assets."""
    newest: dict[UUID, Received[Any]] = {}
    for event in events:
        asset = event.data.purpose is ConsentPurpose.ASSET_COMPARISON
        if asset and (event.key not in newest or event.revision > newest[event.key].revision):
            newest[event.key] = event
    rows = [
        {
            "household_id": event.key,
            "revision": event.revision,
            "given": isinstance(event.data, ConsentGiven),
            "decided_on": event.data.decided_on,
        }
        for _, event in sorted(newest.items())
    ]
    await queries.keep_consents(tx, rows)


HANDLERS: Handlers = dict.fromkeys((ConsentGiven, ConsentWithdrawn), (on_consent,))


async def check_consent(tx: AsyncConnection, household_id: UUID) -> None:
    """Pass unless the household refused the comparison or took its consent back.

    Raises:
        ConsentWithheld: it did.
    """
    row = await queries.consent(tx, household_id)
    if row is not None and not row.given:
        raise ConsentWithheld
