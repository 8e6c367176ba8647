"""Use cases of asset pilots; none of them commits."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows
from events.catalog.base import Event
from events.catalog.households import AssetPilotEnded, AssetPilotStarted, PilotBody
from events.ids import derived_id
from events.locks import locked
from events.log import NewEvent, append
from kit import clock
from kit.etag import require_version
from kit.policy_book import PolicyBook

from ..registry import service as registry
from .queries import County, Pilot, counties_below, pilot, pilots_below
from .rules import EVERYWHERE, LEAST, MOST, Asked, PilotEnded, PilotStands, PilotUnknown, check_order
from .tables import asset_pilots

__all__ = ["County", "Pilot", "asked", "counties_below", "end_pilot", "pilots_below", "start_pilot"]


def asked(book: PolicyBook, path: str, on: date) -> Asked:
    """What is asked of a county on a day."""
    least, most, everywhere = (book.at(name, path, on) for name in (LEAST, MOST, EVERYWHERE))
    return Asked(
        least=least.value if least else None,
        most=most.value if most else None,
        everywhere=everywhere is not None and bool(everywhere.value),
    )


async def start_pilot(tx: AsyncConnection, region_code: str, *, body: PilotBody, since: date, document: str) -> Pilot:
    """A village sets up who runs its assets; one that ended may begin again.

    Raises:
        VillageUnknown, PilotStands, PilotDates: as they say.
    """
    await registry.village_path(tx, region_code)
    pilot_id = derived_id("asset pilot", region_code)
    await locked(tx, [pilot_id])
    before = await pilot(tx, pilot_id)
    if before is not None:
        if before.until is None:
            raise PilotStands
        check_order(since, before.until, pointer="/since")
    row = Pilot(
        id=pilot_id,
        revision=before.revision + 1 if before else 1,
        region_code=region_code,
        body=body,
        since=since,
        until=None,
        document=document,
    )
    event = AssetPilotStarted(pilot_id=row.id, region_code=region_code, body=body, since=since, document=document)
    return await _save(tx, row, event)


async def end_pilot(tx: AsyncConnection, pilot_id: UUID, *, until: date, document: str, version: int) -> Pilot:
    """The pilot ends, and what was learnt from it is written up.

    Raises:
        PilotUnknown, PreconditionFailed, PilotEnded, PilotDates: as they say.
    """
    await locked(tx, [pilot_id])
    before = await pilot(tx, pilot_id)
    if before is None:
        raise PilotUnknown
    require_version(before.revision, version)
    if before.until is not None:
        raise PilotEnded
    check_order(until, before.since, pointer="/until")
    row = replace(before, until=until, document=document, revision=before.revision + 1)
    event = AssetPilotEnded(pilot_id=row.id, region_code=row.region_code, until=until, document=document)
    return await _save(tx, row, event)


async def _save(tx: AsyncConnection, row: Pilot, event: Event) -> Pilot:
    await rows.put(tx, asset_pilots, [row])
    new = NewEvent(
        event=event,
        key=row.id,
        region=row.region_code,
        occurred_at=clock.now(),
        fact_id=row.id,
        revision=row.revision,
    )
    await append(tx, new)
    return row
