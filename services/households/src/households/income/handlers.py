"""What departments paid, taken into the ledger; the outcome is a function of the set of facts."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.base import IncomeKind
from events.catalog.employment import WagePaid
from events.catalog.procurement import HouseholdSalePaid
from events.received import Received
from income.months import Month

from .tables import department_facts


async def on_wage_paid(tx: AsyncConnection, received: Sequence[Received[WagePaid]]) -> None:
    """Keep the highest revision of each wage."""
    rows = [
        _row(
            event,
            kind=IncomeKind.WAGE,
            month=event.data.month,
            person_id=event.data.person_id,
            job_id=event.data.spell_id,
        )
        for event in received
    ]
    await _take(tx, rows)


async def on_household_sale_paid(tx: AsyncConnection, received: Sequence[Received[HouseholdSalePaid]]) -> None:
    """Keep the highest revision of each sale: business income of the household in the month it was paid."""
    rows = [_row(event, kind=IncomeKind.BUSINESS, month=str(Month.of(event.data.paid_on))) for event in received]
    await _take(tx, rows)


def _row(
    event: Received[Any], *, kind: IncomeKind, month: str, person_id: UUID | None = None, job_id: UUID | None = None
) -> dict[str, Any]:
    return {
        "source": event.source,
        "fact_id": event.fact_id,
        "revision": event.revision,
        "void": event.void,
        "type": event.data.event_name(),
        "household_id": event.household_id,
        "person_id": person_id,
        "job_id": job_id,
        "month": month,
        "kind": kind,
        "amount": event.data.amount,
        "recorded_at": event.recorded_at,
    }


async def _take(tx: AsyncConnection, rows: Sequence[dict[str, Any]]) -> None:
    newest: dict[object, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: int(row["revision"])):
        if row["fact_id"] is not None:
            newest[row["source"], row["fact_id"]] = row
    if not newest:
        return
    statement = insert(department_facts)
    keys = {"source", "fact_id"}
    columns = {name: statement.excluded[name] for name in department_facts.c.keys() if name not in keys}  # noqa: SIM118
    statement = statement.on_conflict_do_update(
        index_elements=sorted(keys),
        set_=columns,
        where=department_facts.c.revision < statement.excluded.revision,
    )
    await tx.execute(statement.returning(department_facts.c.fact_id), list(newest.values()))
