"""Reading shocks; row security decides what is there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import DisasterKind, ShockKind

from .tables import shocks


@dataclass(frozen=True, slots=True, kw_only=True)
class Shock:
    """突发事件: as it now stands."""

    fact_id: UUID
    revision: int
    void: bool
    household_id: UUID
    kind: ShockKind
    disaster: DisasterKind | None
    happened_on: date
    means_lost: bool
    loss: Decimal | None
    resolved_on: date | None
    recorded_at: datetime


async def shock_by_id(tx: AsyncConnection, fact_id: UUID) -> Shock | None:
    """One shock, if it is in scope."""
    row = (await tx.execute(select(shocks).where(shocks.c.fact_id == fact_id))).mappings().one_or_none()
    return None if row is None else _shock(row)


async def shocks_of(tx: AsyncConnection, *household_ids: UUID) -> list[Shock]:
    """All shocks of a household and those merged into it, void ones too, the open ones first."""
    query = select(shocks).where(shocks.c.household_id == func.any(list(household_ids)))
    rows = await tx.execute(query.order_by(shocks.c.resolved_on.desc().nulls_first(), shocks.c.happened_on.desc()))
    return [_shock(row) for row in rows.mappings()]


def _shock(row: Mapping[Any, Any]) -> Shock:
    disaster = DisasterKind(row["disaster"]) if row["disaster"] else None
    return Shock(**{**row, "kind": ShockKind(row["kind"]), "disaster": disaster})
