"""Reading measures; row security decides what is there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import MeasureCategory, MeasureSource, RiskCause

from .rules import GivenMeasure
from .tables import given_measures, measure_versions, measures


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


async def measures_as_of(tx: AsyncConnection, household_ids: Collection[UUID], on: date) -> list[Measure]:
    """The measures of these households as recorded by the end of a day."""
    kept = measure_versions.c
    query = (
        select(*(kept[name] for name in Measure.__slots__))
        .ext(distinct_on(kept.id))
        .where(kept.household_id == func.any(list(household_ids)), kept.recorded_on <= on)
        .order_by(kept.id, kept.revision.desc())
    )
    return [_measure(row) for row in (await tx.execute(query)).mappings()]


_GIVEN = [given_measures.c[name] for name in GivenMeasure.__slots__]


async def told_of(
    tx: AsyncConnection, household_ids: Collection[UUID], person_ids: Collection[UUID], *, as_of: date | None
) -> list[GivenMeasure]:
    """What departments told of these households and persons, each fact in its newest revision.

    Args:
        tx: the open transaction.
        household_ids: of families.
        person_ids: of everybody who ever belonged to them.
        as_of: the newest revision by the end of that day; None = by now.
    """
    told = given_measures.c
    query = (
        select(*_GIVEN)
        .ext(distinct_on(told.service, told.fact_id))
        .where(
            or_(told.household_id == func.any(list(household_ids)), told.person_id == func.any(list(person_ids))),
        )
        .order_by(told.service, told.fact_id, told.revision.desc())
    )
    if as_of is not None:
        query = query.where(told.recorded_on <= as_of)
    rows = (await tx.execute(query)).mappings()
    return [GivenMeasure(**{**row, "causes": tuple(row["causes"])}) for row in rows]


def _measure(row: Mapping[Any, Any]) -> Measure:
    causes = tuple(RiskCause(cause) for cause in row["causes"])
    known = {"category": MeasureCategory(row["category"]), "source": MeasureSource(row["source"])}
    return Measure(**{**row, **known, "causes": causes})
