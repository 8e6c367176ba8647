"""Reading conditions and expenses; row security decides what is there."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import ExpenseKind, Guarantee

from .tables import conditions, expenses


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """保障问题: as it now stands."""

    fact_id: UUID
    revision: int
    household_id: UUID
    guarantee: Guarantee
    person_id: UUID | None
    since: date
    resolved_on: date | None
    recorded_at: datetime


# Not frozen, as the rows of the registry.
@dataclass(slots=True, kw_only=True)
class Expense:
    """刚性支出: as it now stands."""

    fact_id: UUID
    revision: int
    void: bool
    household_id: UUID
    kind: ExpenseKind
    amount: Decimal
    window_from: date
    window_to: date
    source: str
    recorded_at: datetime


async def conditions_by_id(tx: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Condition]:
    """Those of the conditions that are in scope."""
    rows = await tx.execute(select(conditions).where(conditions.c.fact_id == func.any(list(ids))))
    found = (Condition(**{**row, "guarantee": Guarantee(row["guarantee"])}) for row in rows.mappings())
    return {item.fact_id: item for item in found}


async def conditions_of(tx: AsyncConnection, *household_ids: UUID) -> list[Condition]:
    """All conditions of a household and those merged into it, the open ones first."""
    query = select(conditions).where(conditions.c.household_id == func.any(list(household_ids)))
    rows = await tx.execute(query.order_by(conditions.c.resolved_on.desc().nulls_first(), conditions.c.since))
    return [Condition(**{**row, "guarantee": Guarantee(row["guarantee"])}) for row in rows.mappings()]


async def expenses_by_id(tx: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Expense]:
    """Those of the expenses that are in scope."""
    rows = await tx.execute(select(expenses).where(expenses.c.fact_id == func.any(list(ids))))
    found = (Expense(**{**row, "kind": ExpenseKind(row["kind"])}) for row in rows.mappings())
    return {item.fact_id: item for item in found}


async def expenses_of(tx: AsyncConnection, *household_ids: UUID) -> list[Expense]:
    """All expenses of a household and those merged into it, the latest window first."""
    query = select(expenses).where(expenses.c.household_id == func.any(list(household_ids)))
    rows = await tx.execute(query.order_by(expenses.c.window_to.desc(), expenses.c.kind))
    return [Expense(**{**row, "kind": ExpenseKind(row["kind"])}) for row in rows.mappings()]


async def open_conditions(tx: AsyncConnection, household_ids: Collection[UUID]) -> list[Condition]:
    """The conditions of these households that are not solved."""
    query = select(conditions).where(
        conditions.c.household_id == func.any(list(household_ids)), conditions.c.resolved_on.is_(None)
    )
    rows = (await tx.execute(query)).mappings()
    return [Condition(**{**row, "guarantee": Guarantee(row["guarantee"])}) for row in rows]
