"""Reading helpers; row security decides what is there."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import helper_assignments, helper_versions


# Not frozen, as the rows of the registry.
@dataclass(slots=True, kw_only=True)
class Helper:
    """帮扶责任人: a helper of a household as the assignment now stands; name and phone are ciphertext."""

    id: UUID
    revision: int
    household_id: UUID
    name: bytes
    masked_name: str
    phone: bytes | None
    masked_phone: str | None
    organisation: str
    since: date
    until: date | None


async def helpers_by_id(tx: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Helper]:
    """Those of the assignments that are in scope."""
    rows = await tx.execute(select(helper_assignments).where(helper_assignments.c.id == func.any(list(ids))))
    return {row["id"]: Helper(**row) for row in rows.mappings()}


async def helpers_of(tx: AsyncConnection, household_ids: Collection[UUID]) -> dict[UUID, list[Helper]]:
    """All helpers of each household, the active ones first."""
    query = select(helper_assignments).where(helper_assignments.c.household_id == func.any(list(household_ids)))
    result: dict[UUID, list[Helper]] = {household_id: [] for household_id in household_ids}
    order = (helper_assignments.c.until.desc().nulls_first(), helper_assignments.c.since, helper_assignments.c.id)
    rows = await tx.execute(query.order_by(*order))
    for row in rows.mappings():
        result[row["household_id"]].append(Helper(**row))
    return result


@dataclass(frozen=True, slots=True, kw_only=True)
class PastHelper:
    """帮扶责任人 (历史): an assignment as recorded on a date, masked."""

    id: UUID
    revision: int
    household_id: UUID
    masked_name: str
    masked_phone: str | None
    organisation: str
    since: date
    until: date | None


async def helpers_as_of(tx: AsyncConnection, household_ids: Collection[UUID], on: date) -> list[PastHelper]:
    """The assignments of these households as recorded by the end of a day, the active ones first."""
    query = (
        select(helper_versions)
        .ext(distinct_on(helper_versions.c.id))
        .where(helper_versions.c.household_id == func.any(list(household_ids)), helper_versions.c.recorded_on <= on)
        .order_by(helper_versions.c.id, helper_versions.c.revision.desc())
    )
    rows = (await tx.execute(query)).mappings()
    found = [PastHelper(**{name: row[name] for name in PastHelper.__slots__}) for row in rows]
    return sorted(found, key=lambda item: (item.until is not None, item.since, item.id))
