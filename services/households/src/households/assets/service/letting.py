"""Idle assets: registered, run by an entity or by the collective itself, returned."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows
from events.catalog.base import Event
from events.catalog.households import AssetKind, AssetLeased, AssetRegistered, AssetReturned
from events.ids import uuid7
from events.locks import locked
from events.log import append
from kit.etag import require_version

from ...entities import service as entities
from ...registry import service as registry
from ..queries import Asset, one
from ..rules import NOTHING, AssetBusy, AssetIdle, AssetUnknown, OperatorUnknown, check_since
from ..tables import collective_assets
from .collectives import get_collective, of_collective


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetEntry:
    """资产登记: `household_id` where a household hands its own to the collective."""

    kind: AssetKind
    name: str
    since: date
    household_id: UUID | None = None


async def register_asset(tx: AsyncConnection, collective_id: UUID, entry: AssetEntry) -> Asset:
    """Register an idle asset of a collective, or one that a household hands to it.

    Raises:
        CollectiveUnknown, HouseholdUnknown, HouseholdMergedAway: as they say.
    """
    await locked(tx, [collective_id])
    if entry.household_id is not None:
        await registry.get_standing(tx, entry.household_id)
    asset = Asset(
        id=uuid7(),
        revision=1,
        collective_id=collective_id,
        idle=True,
        operator_id=None,
        yearly_rent=NOTHING,
        **{name: getattr(entry, name) for name in AssetEntry.__slots__},
    )
    event = AssetRegistered(
        asset_id=asset.id, collective_id=collective_id, kind=entry.kind, of_household=entry.household_id is not None
    )
    return await _saved(tx, asset, event)


async def get_asset(tx: AsyncConnection, asset_id: UUID) -> Asset:
    """One asset in scope.

    Raises:
        AssetUnknown: not there or not in scope.
    """
    found = await one(tx, collective_assets, Asset, asset_id)
    if found is None:
        raise AssetUnknown
    return found


async def lease_asset(
    tx: AsyncConnection, asset_id: UUID, *, operator_id: UUID | None, since: date, yearly_rent: Decimal, version: int
) -> Asset:
    """Somebody runs the asset from now on; no operator means the collective itself.

    Raises:
        AssetUnknown, AssetBusy, OperatorUnknown, AssetDates, PreconditionFailed: as they say.
    """
    before = await _held(tx, asset_id, version)
    if not before.idle:
        raise AssetBusy
    check_since(since, before.since, pointer="/since")
    if operator_id is not None:
        operator = (await entities.entities_by_id(tx, [operator_id])).get(operator_id)
        if operator is None or operator.closed:
            raise OperatorUnknown
    after = replace(
        before,
        idle=False,
        operator_id=operator_id,
        since=since,
        yearly_rent=yearly_rent,
        revision=before.revision + 1,
    )
    event = AssetLeased(
        asset_id=asset_id,
        collective_id=before.collective_id,
        operator_id=operator_id,
        since=since,
        yearly_rent=yearly_rent,
    )
    return await _saved(tx, after, event)


async def return_asset(tx: AsyncConnection, asset_id: UUID, *, on: date, version: int) -> Asset:
    """The asset is idle again.

    Raises:
        AssetUnknown, AssetIdle, AssetDates, PreconditionFailed: as they say.
    """
    before = await _held(tx, asset_id, version)
    if before.idle:
        raise AssetIdle
    check_since(on, before.since, pointer="/on")
    after = replace(before, idle=True, operator_id=None, since=on, yearly_rent=NOTHING, revision=before.revision + 1)
    event = AssetReturned(asset_id=asset_id, collective_id=before.collective_id, returned_on=on)
    return await _saved(tx, after, event)


async def _held(tx: AsyncConnection, asset_id: UUID, version: int) -> Asset:
    await locked(tx, [(await get_asset(tx, asset_id)).collective_id])
    asset = await get_asset(tx, asset_id)
    require_version(asset.revision, version)
    return asset


async def _saved(tx: AsyncConnection, asset: Asset, event: Event) -> Asset:
    collective = await get_collective(tx, asset.collective_id)
    await rows.put(tx, collective_assets, [asset])
    await append(tx, of_collective(event, collective, asset.id, asset.revision))
    return asset
