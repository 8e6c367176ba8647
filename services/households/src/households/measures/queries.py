"""Reading measures; row security decides what is there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import MeasureCategory, MeasureSource, RiskCause

from .tables import measures


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """帮扶措施: as it now stands."""

    id: UUID
    revision: int
    void: bool
    household_id: UUID
    category: MeasureCategory
    causes: tuple[RiskCause, ...]
    started_on: date
    completed_on: date | None
    department: str
    recorded_at: datetime
    source: MeasureSource = MeasureSource.DEPARTMENT


async def measure_by_id(tx: AsyncConnection, measure_id: UUID) -> Measure | None:
    """One measure, if it is in scope."""
    row = (await tx.execute(select(measures).where(measures.c.id == measure_id))).mappings().one_or_none()
    return None if row is None else _measure(row)


async def measures_by_id(tx: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Measure]:
    """Those of the measures that are in scope."""
    rows = await tx.execute(select(measures).where(measures.c.id == func.any(list(ids))))
    return {row["id"]: _measure(row) for row in rows.mappings()}


async def measures_of(tx: AsyncConnection, *household_ids: UUID) -> list[Measure]:
    """All measures of a household and those merged into it, void ones too, the running ones first."""
    query = select(measures).where(measures.c.household_id == func.any(list(household_ids)))
    order = (measures.c.completed_on.desc().nulls_first(), measures.c.started_on.desc(), measures.c.id)
    return [_measure(row) for row in (await tx.execute(query.order_by(*order))).mappings()]


def _measure(row: Mapping[Any, Any]) -> Measure:
    causes = tuple(RiskCause(cause) for cause in row["causes"])
    known = {"category": MeasureCategory(row["category"]), "source": MeasureSource(row["source"])}
    return Measure(**{**row, **known, "causes": causes})
