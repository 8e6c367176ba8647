"""Which market entities there are: registered, changed, closed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows
from events.catalog.households import EntityKind, EntityRegistered, EntityUpdated
from events.ids import derived_id, uuid7
from events.locks import locked
from events.log import NewEvent, append
from kit import clock
from kit.credit_code import normalise_credit_code
from kit.errors import Refusal
from kit.etag import require_version

from ...regions import service as regions
from ...registry import service as registry
from ..queries import Entity, entities_by_id, entity_by_code
from ..rules import EntityClosed, EntityElsewhere, EntityKnown, EntityRegionUnknown, EntityUnknown
from ..tables import market_entities


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityEntry:
    """市场主体登记"""

    kind: EntityKind
    name: str
    credit_code: str
    region_code: str


async def register_entity(tx: AsyncConnection, entry: EntityEntry) -> tuple[Entity, bool]:
    """Register an entity in the area of its region; the same again changes nothing. Gives whether it is new.

    Raises:
        CreditCodeForm, CreditCodeChecksum: the code does not hold.
        EntityRegionUnknown, EntityKnown: as they say.
    """
    credit_code = _code(entry.credit_code)
    new = Entity(
        id=uuid7(),
        version=1,
        kind=entry.kind,
        name=entry.name,
        credit_code=credit_code,
        region_code=entry.region_code,
        closed=False,
    )
    # The code is locked too: two who register it at once meet here, not at the index.
    await locked(tx, [new.id, derived_id("credit-code", credit_code)])
    known = await entity_by_code(tx, credit_code)
    if known is not None:
        if replace(known, id=new.id, version=1) != new:
            raise EntityKnown
        return known, False
    await _need_own(tx, new.region_code)
    await _save(tx, new)
    return new, True


def _code(text: str) -> str:
    try:
        return normalise_credit_code(text)
    except Refusal as refusal:
        refusal.pointer = "/credit_code"
        raise


async def _need_own(tx: AsyncConnection, region_code: str) -> None:
    region = (await regions.current_regions(tx, [region_code])).get(region_code)
    if region is None or await registry.outside_scope(tx, [region.path]):
        raise EntityRegionUnknown


async def get_entity(tx: AsyncConnection, entity_id: UUID) -> Entity:
    """One entity of any area, closed or not.

    Raises:
        EntityUnknown: not there.
    """
    found = (await entities_by_id(tx, [entity_id])).get(entity_id)
    if found is None:
        raise EntityUnknown
    return found


async def change_entity(tx: AsyncConnection, entity_id: UUID, changes: Mapping[str, Any], *, version: int) -> Entity:
    """Change kind, name or region; the credit code stays.

    Raises:
        EntityUnknown, EntityElsewhere, EntityClosed, EntityRegionUnknown, PreconditionFailed: as they say.
    """
    before = await _own(tx, entity_id, version)
    after = replace(before, **changes)
    if after == before:
        return before
    if after.region_code != before.region_code:
        await _need_own(tx, after.region_code)
    after = replace(after, version=before.version + 1)
    await _save(tx, after)
    return after


async def close_entity(tx: AsyncConnection, entity_id: UUID, *, version: int) -> Entity:
    """It no longer exists, or was registered wrongly; its links stand until they are ended.

    Raises:
        EntityUnknown, EntityElsewhere, EntityClosed, PreconditionFailed: as they say.
    """
    before = await _own(tx, entity_id, version)
    after = replace(before, closed=True, version=before.version + 1)
    await _save(tx, after)
    return after


async def _own(tx: AsyncConnection, entity_id: UUID, version: int) -> Entity:
    await locked(tx, [entity_id])
    entity = await get_entity(tx, entity_id)
    region = (await regions.current_regions(tx, [entity.region_code])).get(entity.region_code)
    if region is None or await registry.outside_scope(tx, [region.path]):
        raise EntityElsewhere
    require_version(entity.version, version)
    if entity.closed:
        raise EntityClosed
    return entity


async def _save(tx: AsyncConnection, entity: Entity) -> None:
    await rows.put(tx, market_entities, [entity])
    event = (EntityRegistered if entity.version == 1 else EntityUpdated)(
        aggregate_revision=entity.version,
        entity_id=entity.id,
        kind=EntityKind(entity.kind),
        name=entity.name,
        credit_code=entity.credit_code,
        region_code=entity.region_code,
        closed=entity.closed,
    )
    new = NewEvent(
        event=event,
        key=entity.id,
        region=entity.region_code,
        occurred_at=clock.now(),
        fact_id=entity.id,
        revision=entity.version,
    )
    await append(tx, new)
