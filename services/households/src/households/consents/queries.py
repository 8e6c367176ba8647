"""Reading consents and plans; row security decides what is there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import ConsentPurpose, MeasureCategory, RiskCause

from .rules import Decision
from .tables import consents, household_plans


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """农户授权: the newest decision of a household on a purpose."""

    id: UUID
    revision: int
    household_id: UUID
    purpose: ConsentPurpose
    decision: Decision
    decided_on: date
    person_id: UUID | None
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """增产增收计划: as it now stands."""

    id: UUID
    revision: int
    household_id: UUID
    year: int
    agreed_on: date
    target_per_head: Decimal
    expected_gain: Decimal
    categories: tuple[MeasureCategory, ...]
    causes: tuple[RiskCause, ...]
    recorded_by: str
    recorded_at: datetime


async def consents_of(tx: AsyncConnection, *household_ids: UUID) -> list[Consent]:
    """The decisions of a household and of those merged into it, the newest first."""
    query = select(consents).where(consents.c.household_id == func.any(list(household_ids)))
    rows = await tx.execute(query.order_by(consents.c.decided_on.desc(), consents.c.recorded_at.desc()))
    return [_consent(row) for row in rows.mappings()]


async def plans_of(tx: AsyncConnection, *household_ids: UUID) -> list[Plan]:
    """The plans of a household and of those merged into it, the newest year first."""
    query = select(household_plans).where(household_plans.c.household_id == func.any(list(household_ids)))
    rows = await tx.execute(query.order_by(household_plans.c.year.desc(), household_plans.c.id))
    return [_plan(row) for row in rows.mappings()]


def _consent(row: Mapping[Any, Any]) -> Consent:
    known = {"purpose": ConsentPurpose(row["purpose"]), "decision": Decision(row["decision"])}
    return Consent(**{**row, **known})


def _plan(row: Mapping[Any, Any]) -> Plan:
    categories = tuple(MeasureCategory(category) for category in row["categories"])
    return Plan(**{**row, "categories": categories, "causes": tuple(RiskCause(cause) for cause in row["causes"])})
