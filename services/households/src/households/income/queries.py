"""Reading figures and the ledger; row security decides what is there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from income.facts import Extra, Kind, Payment
from income.months import Month

from .rules import Amounts, Part, Purpose, Source
from .tables import department_facts, income_figures


# Not frozen, as the rows of the registry.
@dataclass(slots=True, kw_only=True)
class Figure:
    """收入登记: one revision of a figure."""

    fact_id: UUID
    revision: int
    void: bool
    household_id: UUID
    window_from: date
    window_to: date
    purpose: Purpose
    source: Source
    amounts: Amounts
    parts: dict[Part, Decimal]
    persons: int
    verified: bool
    evidence: str | None
    collector: str | None
    recorded_at: datetime


async def latest_figures(
    tx: AsyncConnection,
    *,
    fact_ids: Collection[UUID] | None = None,
    household_id: UUID | None = None,
    household_ids: Collection[UUID] | None = None,
    as_of: date | None = None,
) -> dict[UUID, Figure]:
    """The highest revision of each figure, void ones too; `as_of`, the highest recorded by the end of that day."""
    query = select(income_figures).ext(distinct_on(income_figures.c.fact_id))
    if fact_ids is not None:
        query = query.where(income_figures.c.fact_id == func.any(list(fact_ids)))
    if household_id is not None:
        query = query.where(income_figures.c.household_id == household_id)
    if household_ids is not None:
        query = query.where(income_figures.c.household_id == func.any(list(household_ids)))
    if as_of is not None:
        query = query.where(income_figures.c.recorded_on <= as_of)
    query = query.order_by(income_figures.c.fact_id, income_figures.c.revision.desc())
    return {row.fact_id: _figure(row) for row in await tx.execute(query)}


async def revisions(tx: AsyncConnection, fact_id: UUID) -> list[Figure]:
    """Every revision of a figure, the newest first."""
    query = select(income_figures).where(income_figures.c.fact_id == fact_id)
    return [_figure(row) for row in await tx.execute(query.order_by(income_figures.c.revision.desc()))]


async def payments(
    tx: AsyncConnection, household_ids: Collection[UUID], person_ids: Collection[UUID], *, since: Month
) -> list[Payment]:
    """What was paid to these households, or to persons who ever belonged to them, for months from a month on."""
    income = department_facts.c.kind != Extra.CLAIM.value
    return [
        Payment(
            fact_id=row.fact_id,
            revision=row.revision,
            person_id=row.person_id,
            kind=Kind(row.kind),
            month=Month.parse(row.month),
            last=Month.parse(row.last_month) if row.last_month else None,
            amount=row.amount,
            source=row.source,
            job_id=row.job_id,
        )
        for row in await _paid(tx, household_ids, person_ids, since, income)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """理赔: what an insurer paid in a month; no income, so it stands beside it."""

    fact_id: UUID
    revision: int
    person_id: UUID | None
    month: Month
    amount: Decimal
    source: str
    kind: Extra = Extra.CLAIM
    last: Month | None = None


async def claims(
    tx: AsyncConnection, household_ids: Collection[UUID], person_ids: Collection[UUID], *, since: Month
) -> list[Claim]:
    """What insurers paid to these households, or to persons who ever belonged to them, from a month on."""
    return [
        Claim(
            fact_id=row.fact_id,
            revision=row.revision,
            person_id=row.person_id,
            month=Month.parse(row.month),
            amount=row.amount,
            source=row.source,
        )
        for row in await _paid(tx, household_ids, person_ids, since, department_facts.c.kind == Extra.CLAIM.value)
    ]


async def _paid(
    tx: AsyncConnection,
    household_ids: Collection[UUID],
    person_ids: Collection[UUID],
    since: Month,
    kind: ColumnElement[bool],
) -> Sequence[Row[Any]]:
    query = select(department_facts).where(
        ~department_facts.c.void,
        kind,
        func.coalesce(department_facts.c.last_month, department_facts.c.month) >= str(since),
        or_(
            department_facts.c.household_id == func.any(list(household_ids)),
            department_facts.c.person_id == func.any(list(person_ids)),
        ),
    )
    return (await tx.execute(query.order_by(department_facts.c.month.desc(), department_facts.c.fact_id))).all()


def _figure(row: Row[Any]) -> Figure:
    told = {name: value for name, value in row._mapping.items() if name != "recorded_on"}
    told["amounts"] = Amounts(**{name: told.pop(name) for name in Amounts.__slots__})
    told["parts"] = {Part(part): Decimal(amount) for part, amount in told["parts"].items()}
    told["purpose"], told["source"] = Purpose(told["purpose"]), Source(told["source"])
    return Figure(**told)
