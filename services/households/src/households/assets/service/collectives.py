"""Village collectives: registered once per village, changed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows
from events.catalog.base import Event
from events.catalog.households import CollectiveRegistered, CollectiveUpdated
from events.ids import derived_id
from events.locks import locked
from events.log import NewEvent, append
from kit import clock
from kit.credit_code import normalise_credit_code
from kit.errors import Refusal
from kit.etag import require_version

from ...regions import service as regions
from ...registry import service as registry
from ..queries import Collective, one, quantified
from ..rules import CollectiveKnown, CollectiveUnknown, TooManyShares, VillageUnknown
from ..tables import collectives


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectiveEntry:
    """村集体登记"""

    region_code: str
    name: str
    credit_code: str | None
    total_shares: Decimal


async def register_collective(tx: AsyncConnection, entry: CollectiveEntry) -> tuple[Collective, bool]:
    """Register the collective of a village; the same again changes nothing. Gives whether it is new.

    Raises:
        CreditCodeForm, CreditCodeChecksum: the code does not hold.
        VillageUnknown, CollectiveKnown: as they say.
    """
    new = Collective(
        id=derived_id("collective", entry.region_code),
        version=1,
        region_code=entry.region_code,
        name=entry.name,
        credit_code=_code(entry.credit_code),
        total_shares=entry.total_shares,
    )
    await locked(tx, [new.id])
    village = (await regions.current_regions(tx, [entry.region_code])).get(entry.region_code)
    if village is None or village.level != "village" or await registry.outside_scope(tx, [village.path]):
        raise VillageUnknown
    known = await one(tx, collectives, Collective, new.id)
    if known is not None:
        if replace(known, version=1) != new:
            raise CollectiveKnown
        return known, False
    await _save(tx, new)
    return new, True


def _code(text: str | None) -> str | None:
    try:
        return None if text is None else normalise_credit_code(text)
    except Refusal as refusal:
        refusal.pointer = "/credit_code"
        raise


async def get_collective(tx: AsyncConnection, collective_id: UUID) -> Collective:
    """One collective in scope.

    Raises:
        CollectiveUnknown: not there or not in scope.
    """
    found = await one(tx, collectives, Collective, collective_id)
    if found is None:
        raise CollectiveUnknown
    return found


async def change_collective(
    tx: AsyncConnection, collective_id: UUID, changes: Mapping[str, Any], *, version: int
) -> Collective:
    """Change name, credit code or the total of shares.

    Raises:
        CollectiveUnknown, PreconditionFailed: as they say.
        TooManyShares: households have more than the new total.
    """
    await locked(tx, [collective_id])
    before = await get_collective(tx, collective_id)
    require_version(before.version, version)
    after = replace(before, **changes)
    if "credit_code" in changes:
        after = replace(after, credit_code=_code(after.credit_code))
    if after == before:
        return before
    if await quantified(tx, collective_id) > after.total_shares:
        raise TooManyShares(pointer="/total_shares")
    after = replace(after, version=before.version + 1)
    await _save(tx, after)
    return after


async def _save(tx: AsyncConnection, collective: Collective) -> None:
    await rows.put(tx, collectives, [collective])
    told = {name: getattr(collective, name) for name in ("region_code", "name", "credit_code", "total_shares")}
    event = (CollectiveRegistered if collective.version == 1 else CollectiveUpdated)(
        aggregate_revision=collective.version, collective_id=collective.id, **told
    )
    await append(tx, of_collective(event, collective, collective.id, collective.version))


def of_collective(
    event: Event, collective: Collective, fact_id: UUID, revision: int, *, void: bool = False
) -> NewEvent:
    """An event under the key of its collective."""
    return NewEvent(
        event=event,
        key=collective.id,
        region=collective.region_code,
        occurred_at=clock.now(),
        fact_id=fact_id,
        revision=revision,
        void=void,
    )
