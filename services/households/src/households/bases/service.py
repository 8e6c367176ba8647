"""Use cases of demonstration bases; none of them commits."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows
from events.catalog.base import Event
from events.catalog.households import (
    BaseJoined,
    BaseKind,
    BaseLeft,
    BaseLevel,
    BaseRecognised,
    BaseRecognitionWithdrawn,
    BaseRegistered,
    BaseUpdated,
)
from events.ids import derived_id, uuid7
from events.locks import locked
from events.log import NewEvent, append
from kit import clock
from kit.etag import require_version

from ..assets import service as assets
from ..assets.rules import CollectiveUnknown
from ..entities import service as entities
from ..registry import service as registry
from ..stays import Stays
from .queries import (
    Base,
    InBase,
    Recognition,
    base,
    bases_page,
    recognitions_by_id,
    recognitions_of,
    standing_below,
)
from .rules import (
    BaseClosed,
    BaseHouseholdUnknown,
    BaseLeftAlready,
    BaseUnknown,
    OwnerUnknown,
    RecognitionGone,
    RecognitionStands,
    RecognitionUnknown,
    check_order,
    check_owner,
    highest,
)
from .tables import base_households, base_recognitions, bases

__all__ = [
    "Base",
    "BaseEntry",
    "InBase",
    "Numbers",
    "Recognition",
    "bases_page",
    "change_base",
    "close_base",
    "get_base",
    "households_page",
    "join_base",
    "leave_base",
    "numbers",
    "recognise",
    "recognitions_of",
    "register_base",
    "withdraw_recognition",
]

_IN_BASES: Final = Stays(
    table=base_households,
    row=InBase,
    place="base_id",
    name="base household",
    entered=BaseJoined,
    left=BaseLeft,
    unknown=BaseHouseholdUnknown,
    gone=BaseLeftAlready,
    check_order=check_order,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseEntry:
    """示范基地登记: owned by an entity or a collective, area in mu."""

    kind: BaseKind
    name: str
    trade: str
    region_code: str
    entity_id: UUID | None
    collective_id: UUID | None
    area: Decimal
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """示范基地统计: of one county, kind and highest level; None = not recognised. Area in mu."""

    county: str
    kind: str
    level: str | None
    bases: int
    area: Decimal
    households: int


async def register_base(tx: AsyncConnection, entry: BaseEntry) -> Base:
    """Register a base or a demonstration village.

    Raises:
        VillageUnknown, BaseOwner, OwnerUnknown: as they say.
    """
    check_owner(entry.kind, entry.entity_id, entry.collective_id)
    base_id = uuid7()
    await locked(tx, [base_id])
    await registry.village_path(tx, entry.region_code)
    await _check_owned(tx, entry)
    told = {name: getattr(entry, name) for name in BaseEntry.__slots__}
    return await _save(tx, Base(id=base_id, version=1, closed_on=None, **told))


async def get_base(tx: AsyncConnection, base_id: UUID) -> Base:
    """One base in scope.

    Raises:
        BaseUnknown: not there or not in scope.
    """
    found = await base(tx, base_id)
    if found is None:
        raise BaseUnknown
    return found


async def change_base(tx: AsyncConnection, base_id: UUID, changes: Mapping[str, Any], *, version: int) -> Base:
    """Change name, trade or area.

    Raises:
        BaseUnknown, PreconditionFailed, BaseClosed: as they say.
    """
    before = await _held(tx, base_id, version)
    after = replace(before, **changes)
    return before if after == before else await _save(tx, replace(after, version=before.version + 1))


async def close_base(tx: AsyncConnection, base_id: UUID, *, closed_on: date, version: int) -> Base:
    """The base is given up.

    Raises:
        BaseUnknown, PreconditionFailed, BaseClosed, BaseDates: as they say.
    """
    before = await _held(tx, base_id, version)
    check_order(closed_on, before.since, pointer="/closed_on")
    return await _save(tx, replace(before, closed_on=closed_on, version=before.version + 1))


async def recognise(tx: AsyncConnection, base_id: UUID, *, level: BaseLevel, on: date, document: str) -> Recognition:
    """A base is recognised at a level, again after it was withdrawn too.

    Raises:
        BaseUnknown, BaseClosed, RecognitionStands, BaseDates: as they say.
    """
    owner = await _held(tx, base_id)
    fact_id = derived_id("base recognition", base_id, level)
    before = (await recognitions_by_id(tx, [fact_id])).get(fact_id)
    if before is not None and before.withdrawn_on is None:
        raise RecognitionStands
    check_order(on, (before and before.withdrawn_on) or owner.since, pointer="/recognised_on")
    row = Recognition(
        id=fact_id,
        revision=before.revision + 1 if before else 1,
        base_id=base_id,
        level=level,
        recognised_on=on,
        withdrawn_on=None,
        document=document,
    )
    event = BaseRecognised(base_id=base_id, level=level, recognised_on=on, document=document)
    return await _recognised(tx, row, owner, event)


async def withdraw_recognition(
    tx: AsyncConnection, recognition_id: UUID, *, withdrawn_on: date, version: int
) -> Recognition:
    """A base loses a level.

    Raises:
        RecognitionUnknown, PreconditionFailed, RecognitionGone, BaseDates: as they say.
    """
    seen = (await recognitions_by_id(tx, [recognition_id])).get(recognition_id)
    if seen is None:
        raise RecognitionUnknown
    await locked(tx, [seen.base_id])
    before = (await recognitions_by_id(tx, [recognition_id]))[recognition_id]
    require_version(before.revision, version)
    if before.withdrawn_on is not None:
        raise RecognitionGone
    check_order(withdrawn_on, before.recognised_on, pointer="/withdrawn_on")
    row = replace(before, withdrawn_on=withdrawn_on, revision=before.revision + 1)
    event = BaseRecognitionWithdrawn(base_id=row.base_id, level=BaseLevel(row.level), withdrawn_on=withdrawn_on)
    return await _recognised(tx, row, await get_base(tx, row.base_id), event)


async def join_base(
    tx: AsyncConnection, base_id: UUID, household_ids: Collection[UUID], *, since: date
) -> list[InBase]:
    """Households join a base, at most 400; those that are in it already stay as they are.

    Raises:
        BaseUnknown, BaseClosed, HouseholdUnknown, HouseholdMergedAway, BaseDates: as they say.
    """
    await locked(tx, {base_id, *household_ids})
    owner = await _open(tx, base_id)
    check_order(since, owner.since, pointer="/since")
    homes = await registry.standing(tx, household_ids)
    return await _IN_BASES.enter(tx, base_id, homes, since=since)


async def leave_base(tx: AsyncConnection, base_id: UUID, household_id: UUID, *, until: date, version: int) -> InBase:
    """A household leaves a base.

    Raises:
        BaseHouseholdUnknown, PreconditionFailed, BaseLeftAlready, BaseDates: as they say.
    """
    return await _IN_BASES.leave(tx, base_id, household_id, until=until, version=version)


async def households_page(tx: AsyncConnection, base_id: UUID, *, after: UUID | None, limit: int) -> list[InBase]:
    """The households of a base in one's area, in the order of ids, those that left too."""
    return await _IN_BASES.page(tx, base_id, after=after, limit=limit)


async def numbers(tx: AsyncConnection, path: str, on: date) -> list[Numbers]:
    """Per county, kind and highest level: bases that stand on a day, their area and households of one's area."""
    told = defaultdict[tuple[str, str, str | None], list[tuple[Decimal, int]]](list)
    for row in await standing_below(tx, path, on):
        told[row.county, row.kind, highest(row.levels)].append((row.area, row.households))
    return [
        Numbers(
            county=county,
            kind=kind,
            level=level,
            bases=len(found),
            area=sum((area for area, _ in found), Decimal(0)),
            households=sum(households for _, households in found),
        )
        for (county, kind, level), found in told.items()
    ]


async def _check_owned(tx: AsyncConnection, entry: BaseEntry) -> None:
    if entry.entity_id is not None:
        owner = (await entities.entities_by_id(tx, [entry.entity_id])).get(entry.entity_id)
        if owner is None or owner.closed:
            raise OwnerUnknown
    if entry.collective_id is not None:
        try:
            await assets.get_collective(tx, entry.collective_id)
        except CollectiveUnknown:
            raise OwnerUnknown(pointer="/collective_id") from None


async def _held(tx: AsyncConnection, base_id: UUID, version: int | None = None) -> Base:
    await locked(tx, [base_id])
    return await _open(tx, base_id, version)


async def _open(tx: AsyncConnection, base_id: UUID, version: int | None = None) -> Base:
    found = await get_base(tx, base_id)
    if version is not None:
        require_version(found.version, version)
    if found.closed_on is not None:
        raise BaseClosed
    return found


async def _save(tx: AsyncConnection, row: Base) -> Base:
    await rows.put(tx, bases, [row])
    told = {name: getattr(row, name) for name in Base.__slots__ if name not in ("id", "version")}
    event = (BaseRegistered if row.version == 1 else BaseUpdated)(
        aggregate_revision=row.version, base_id=row.id, **told
    )
    await append(tx, _of_base(event, row, row.id, row.version))
    return row


async def _recognised(tx: AsyncConnection, row: Recognition, owner: Base, event: Event) -> Recognition:
    await rows.put(tx, base_recognitions, [row])
    await append(tx, _of_base(event, owner, row.id, row.revision))
    return row


def _of_base(event: Event, row: Base, fact_id: UUID, revision: int) -> NewEvent:
    return NewEvent(
        event=event,
        key=row.id,
        region=row.region_code,
        occurred_at=clock.now(),
        fact_id=fact_id,
        revision=revision,
    )
