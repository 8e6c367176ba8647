"""Asking the directory: who holds a certificate, where a person belongs, which day it is."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, case, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from events.gate import gate_shared
from kit import clock

from .tables import aliases, business_days, households


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdRef:
    """户: where it is, for whoever may know."""

    household_id: UUID
    number: str
    path: str
    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRef:
    """人: a registered person and the household on a day.

    Attributes:
        home: None outside one's scope, and while the household itself has not arrived; nothing may be told then but
            that the person is registered elsewhere.
    """

    person_id: UUID
    home: HouseholdRef | None

    @property
    def in_scope(self) -> bool:
        """Whether the household may be known."""
        return self.home is not None


# The household of the day, else the one joined last: a fact for a month before the move still finds its family.
# CASE, not coalesce: PostgreSQL takes coalesce for something that may tell what row security hides, and would look at
# every household of the city before it joins.
_HOMES: Final = """
    LEFT JOIN LATERAL (
        SELECT joined.household_id FROM directory_memberships AS joined
        WHERE joined.person_id = who.person_id
        ORDER BY joined.since <= :on AND NOT EXISTS (
            SELECT FROM directory_departures AS gone
            WHERE gone.person_id = joined.person_id AND gone.household_id = joined.household_id
              AND gone.revision > joined.revision AND gone.until <= :on) DESC,
            joined.revision DESC
        LIMIT 1
    ) AS membership ON true
    LEFT JOIN directory_aliases AS alias ON alias.household_id = membership.household_id
    LEFT JOIN directory_households AS home
        ON home.id = CASE WHEN alias.into_id IS NULL THEN membership.household_id ELSE alias.into_id END
"""
_BY_INDEX = text(f"""
    SELECT who.blind_index, who.person_id, home.id AS household_id, home.number, home.path, home.region_code
    FROM directory_identities AS who {_HOMES}
    WHERE who.blind_index = ANY(CAST(:wanted AS text[])) AND who.person_id IS NOT NULL
""")  # noqa: S608
_BY_ID = text(f"""
    SELECT who.person_id, home.id AS household_id, home.number, home.path, home.region_code
    FROM unnest(CAST(:wanted AS uuid[])) AS who(person_id) {_HOMES}
    WHERE membership.household_id IS NOT NULL
""")  # noqa: S608


async def resolve(tx: AsyncConnection, blind_index: str, on: date) -> PersonRef | None:
    """Who holds the certificate, and the household on the day; None if nobody is registered with it."""
    return (await resolve_all(tx, [blind_index], on)).get(blind_index)


async def resolve_all(tx: AsyncConnection, blind_indexes: Collection[str], on: date) -> dict[str, PersonRef]:
    """`resolve` for many, in one statement."""
    if not blind_indexes:
        return {}
    found = await tx.execute(_BY_INDEX, {"wanted": sorted(blind_indexes), "on": on})
    return {row.blind_index: _person(row) for row in found}


async def persons_by_id(tx: AsyncConnection, ids: Collection[UUID], on: date) -> dict[UUID, PersonRef]:
    """Registered persons by their ids, with the household on the day."""
    if not ids:
        return {}
    found = await tx.execute(_BY_ID, {"wanted": sorted(ids), "on": on})
    return {row.person_id: _person(row) for row in found}


async def household_by_number(tx: AsyncConnection, number: str) -> HouseholdRef | None:
    """The household of a 户编号, if it lies within the scope; of a merged one, the household that stands."""
    row = (await tx.execute(_STANDING.where(_named.c.number == number))).first()
    return row and _household(row)


async def households_by_id(tx: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, HouseholdRef]:
    """Households by their ids, those within the scope; a merged one is answered by the household that stands."""
    found = await tx.execute(_STANDING.where(_named.c.id.in_(ids)))
    return {row.asked: _household(row) for row in found}


_named = households.alias("named")
_STANDING: Final = (
    select(
        _named.c.id.label("asked"), households.c.id, households.c.number, households.c.path, households.c.region_code
    )
    .select_from(_named)
    .outerjoin(aliases, aliases.c.household_id == _named.c.id)
    .join(households, households.c.id == case((aliases.c.into_id.is_(None), _named.c.id), else_=aliases.c.into_id))
)


def _household(row: Row[*tuple[Any, ...]]) -> HouseholdRef:
    return HouseholdRef(household_id=row.id, number=row.number, path=row.path, region=row.region_code)


async def business_date(tx: AsyncConnection) -> date:
    """业务日期: the platform's date as far as this service has heard; the calendar before the first one."""
    told: date | None = await tx.scalar(select(func.max(business_days.c.business_date)))
    return told or clock.today()


async def today(tx: AsyncConnection) -> date:
    """The business date for a write that depends on it: it does not move before the transaction ends."""
    await gate_shared(tx)
    return await business_date(tx)


def _person(row: Row[tuple[object, ...]]) -> PersonRef:
    if row.household_id is None:
        return PersonRef(person_id=row.person_id, home=None)
    home = HouseholdRef(household_id=row.household_id, number=row.number, path=row.path, region=row.region_code)
    return PersonRef(person_id=row.person_id, home=home)
