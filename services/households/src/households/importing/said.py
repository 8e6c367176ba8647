"""What the newest export says of a member beyond the register: insurance and work, which the rules of checks read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.bulk import columns_of, write_columns

from ..rechecks import service as rechecks
from .tables import import_members

TOLD: Final = ("resident_insurance", "employee_insurance", "work_place", "work_months")


# Not frozen, as the rows of the registry.
@dataclass(slots=True, kw_only=True)
class Said:
    """成员的参保与务工: None where the export did not say; `work_place` is whether 务工所在地 is filled.

    Attributes:
        work_months: 务工时间, months.
    """

    person_id: UUID
    household_id: UUID
    resident_insurance: bool | None
    employee_insurance: bool | None
    work_place: bool | None
    work_months: int | None


# the register has an index by household
_SAID = text("""
    SELECT person_id, household_id, resident_insurance, employee_insurance, work_place, work_months
    FROM import_members
    WHERE person_id IN (SELECT id FROM persons WHERE household_id = ANY(CAST(:households AS uuid[])))
      AND household_id = ANY(CAST(:households AS uuid[]))
""")


async def members_said(tx: AsyncConnection, household_ids: Collection[UUID]) -> dict[UUID, Said]:
    """What was said of members of these households, by person."""
    rows = (await tx.execute(_SAID, {"households": list(household_ids)})).mappings()
    return {row["person_id"]: Said(**row) for row in rows}


async def say(tx: AsyncConnection, said: Sequence[Said]) -> None:
    """Keep what was said; the households' keys are held."""
    await write_columns(tx, import_members, columns_of(said, Said.__slots__), conflict="replace")
    await rechecks.mark(tx, {item.household_id for item in said})
