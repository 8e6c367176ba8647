"""What is known of a household that decides whether it is one that a measure is for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import households, persons

MONITORED: Final = "monitored"
"""监测对象 whose risk is not eliminated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """家庭情况.

    Attributes:
        household_type: 户类型.
        category: 监测对象类别; None where it is not monitored.
        risk_eliminated: 风险是否已消除; None = not filled.
        birth_dates: of the members, by person.
    """

    household_id: UUID
    path: str
    region: str
    household_type: str
    category: str | None
    risk_eliminated: bool | None
    birth_dates: Mapping[UUID, date]

    @property
    def groups(self) -> frozenset[str]:
        """The groups it belongs to: its type, and `monitored`."""
        return _groups(self.household_type, self.category, self.risk_eliminated)


async def circumstances(tx: AsyncConnection, household_id: UUID) -> Circumstances | None:
    """Those of a household within the scope."""
    home = (await tx.execute(select(households).where(households.c.id == household_id))).first()
    if home is None:
        return None
    members = await tx.execute(select(persons.c.id, persons.c.birth_date).where(persons.c.household_id == household_id))
    return Circumstances(
        household_id=home.id,
        path=home.path,
        region=home.region_code,
        household_type=home.household_type,
        category=home.category,
        risk_eliminated=home.risk_eliminated,
        birth_dates={row.id: row.birth_date for row in members},
    )


async def groups_of(tx: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, frozenset[str]]:
    """The groups of many households, those within the scope, in one statement."""
    here = select(households.c.id, households.c.household_type, households.c.category, households.c.risk_eliminated)
    found = await tx.execute(here.where(households.c.id.in_(ids)))
    return {row.id: _groups(row.household_type, row.category, row.risk_eliminated) for row in found}


def _groups(household_type: str, category: str | None, risk_eliminated: bool | None) -> frozenset[str]:
    monitored = category is not None and risk_eliminated is not True
    return frozenset({household_type, MONITORED} if monitored else {household_type})
