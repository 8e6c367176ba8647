"""What is known of a household that decides whether it is one that a measure is for."""

from collections.abc import Mapping
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
        monitored = self.category is not None and self.risk_eliminated is not True
        return frozenset({self.household_type, MONITORED} if monitored else {self.household_type})


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
