"""Use cases of relocation sites; none of them commits."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows
from events.catalog.households import RelocationSiteRegistered, RelocationSiteUpdated, SiteLeft, SiteSettled
from events.ids import uuid7
from events.locks import locked
from events.log import NewEvent, append
from kit import clock
from kit.etag import require_version

from ..registry import service as registry
from ..stays import Stays
from .queries import Settled, Site, SiteNumbers, living, site, sites_below
from .rules import SettledElsewhere, SiteClosed, SiteHouseholdUnknown, SiteLeftAlready, SiteUnknown, check_order
from .tables import relocation_sites, site_households

__all__ = [
    "Settled",
    "Site",
    "SiteNumbers",
    "close_site",
    "get_site",
    "leave_site",
    "register_site",
    "settle",
    "settled_page",
    "sites_below",
]

_IN_SITES: Final = Stays(
    table=site_households,
    row=Settled,
    place="site_id",
    name="site household",
    entered=SiteSettled,
    left=SiteLeft,
    unknown=SiteHouseholdUnknown,
    gone=SiteLeftAlready,
    check_order=check_order,
)


async def register_site(tx: AsyncConnection, *, name: str, region_code: str, since: date) -> Site:
    """Register a relocation site.

    Raises:
        VillageUnknown: no such village in scope.
    """
    site_id = uuid7()
    await locked(tx, [site_id])
    await registry.village_path(tx, region_code)
    return await _save(tx, Site(id=site_id, version=1, name=name, region_code=region_code, since=since, closed_on=None))


async def get_site(tx: AsyncConnection, site_id: UUID) -> Site:
    """One site in scope.

    Raises:
        SiteUnknown: not there or not in scope.
    """
    found = await site(tx, site_id)
    if found is None:
        raise SiteUnknown
    return found


async def close_site(tx: AsyncConnection, site_id: UUID, *, closed_on: date, version: int) -> Site:
    """The site is given up.

    Raises:
        SiteUnknown, PreconditionFailed, SiteClosed, SiteDates: as they say.
    """
    await locked(tx, [site_id])
    before = await get_site(tx, site_id)
    require_version(before.version, version)
    if before.closed_on is not None:
        raise SiteClosed
    check_order(closed_on, before.since, pointer="/closed_on")
    return await _save(tx, replace(before, closed_on=closed_on, version=before.version + 1))


async def settle(tx: AsyncConnection, site_id: UUID, household_ids: Collection[UUID], *, since: date) -> list[Settled]:
    """Households move into a site, at most 400; those that live there already stay as they are.

    Raises:
        SiteUnknown, SiteClosed, HouseholdUnknown, HouseholdMergedAway, SettledElsewhere, SiteDates: as they say.
    """
    await locked(tx, {site_id, *household_ids})
    place = await get_site(tx, site_id)
    if place.closed_on is not None:
        raise SiteClosed
    check_order(since, place.since, pointer="/since")
    homes = await registry.standing(tx, household_ids)
    here = await living(tx, homes)
    if any(other != site_id for other in here.values()):
        raise SettledElsewhere
    return await _IN_SITES.enter(tx, site_id, homes, since=since)


async def leave_site(tx: AsyncConnection, site_id: UUID, household_id: UUID, *, until: date, version: int) -> Settled:
    """A household moves away.

    Raises:
        SiteHouseholdUnknown, PreconditionFailed, SiteLeftAlready, SiteDates: as they say.
    """
    return await _IN_SITES.leave(tx, site_id, household_id, until=until, version=version)


async def settled_page(tx: AsyncConnection, site_id: UUID, *, after: UUID | None, limit: int) -> list[Settled]:
    """The households of a site in one's area, in the order of ids, those that left too."""
    return await _IN_SITES.page(tx, site_id, after=after, limit=limit)


async def _save(tx: AsyncConnection, row: Site) -> Site:
    await rows.put(tx, relocation_sites, [row])
    told = {name: getattr(row, name) for name in ("name", "region_code", "since", "closed_on")}
    event = (RelocationSiteRegistered if row.version == 1 else RelocationSiteUpdated)(
        aggregate_revision=row.version, site_id=row.id, **told
    )
    new = NewEvent(
        event=event,
        key=row.id,
        region=row.region_code,
        occurred_at=clock.now(),
        fact_id=row.id,
        revision=row.version,
    )
    await append(tx, new)
    return row
