"""Use cases of relocation sites; none of them commits."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows
from events.catalog.base import Event
from events.catalog.households import RelocationSiteRegistered, RelocationSiteUpdated, SiteLeft, SiteSettled
from events.ids import derived_id, uuid7
from events.locks import locked
from events.log import NewEvent, append
from kit import clock
from kit.etag import require_version

from ..registry import service as registry
from .queries import Settled, Site, SiteNumbers, living, settled_by_id, settled_page, site, sites_below
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
    ids = {home: derived_id("site household", site_id, home) for home in homes if home not in here}
    known, moved = await settled_by_id(tx, ids.values()), list[Settled]()
    for home, fact_id in ids.items():
        before = known.get(fact_id)
        if before is not None and before.until is not None:
            check_order(since, before.until, pointer="/since")
        revision = before.revision + 1 if before else 1
        row = Settled(id=fact_id, revision=revision, site_id=site_id, household_id=home, since=since, until=None)
        moved.append(row)
    await rows.put(tx, site_households, moved)
    told = SiteSettled(site_id=site_id, since=since)
    await append(tx, *(_of_household(told, row, homes[row.household_id]) for row in moved))
    return moved


async def leave_site(tx: AsyncConnection, site_id: UUID, household_id: UUID, *, until: date, version: int) -> Settled:
    """A household moves away.

    Raises:
        SiteHouseholdUnknown, PreconditionFailed, SiteLeftAlready, SiteDates: as they say.
    """
    fact_id = derived_id("site household", site_id, household_id)
    await locked(tx, [household_id])
    before = (await settled_by_id(tx, [fact_id])).get(fact_id)
    if before is None:
        raise SiteHouseholdUnknown
    require_version(before.revision, version)
    if before.until is not None:
        raise SiteLeftAlready
    check_order(until, before.since, pointer="/until")
    row = replace(before, until=until, revision=before.revision + 1)
    await rows.put(tx, site_households, [row])
    home = await registry.get_household(tx, household_id)
    await append(tx, _of_household(SiteLeft(site_id=site_id, until=until), row, home))
    return row


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


def _of_household(event: Event, row: Settled, home: registry.Household) -> NewEvent:
    return NewEvent(
        event=event,
        key=home.id,
        household_id=home.id,
        region=home.region_code,
        occurred_at=clock.now(),
        fact_id=row.id,
        revision=row.revision,
    )
