"""What departments paid, taken into the ledger; the outcome is a function of the set of facts."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.base import IncomeKind
from events.catalog.employment import WagePaid
from events.received import Received

from .tables import department_facts


async def on_wage_paid(tx: AsyncConnection, received: Sequence[Received[WagePaid]]) -> None:
    """Keep the highest revision of each wage."""
    await _take(tx, [_row(event, IncomeKind.WAGE) for event in received if event.fact_id is not None])


def _row(event: Received[WagePaid], kind: IncomeKind) -> dict[str, Any]:
    return {
        "source": event.source,
        "fact_id": event.fact_id,
        "revision": event.revision,
        "void": event.void,
        "type": event.data.event_name(),
        "household_id": event.household_id,
        "person_id": event.data.person_id,
        "job_id": event.data.spell_id,
        "month": event.data.month,
        "kind": kind,
        "amount": event.data.amount,
        "recorded_at": event.recorded_at,
    }


async def _take(tx: AsyncConnection, rows: Sequence[dict[str, Any]]) -> None:
    newest: dict[object, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: int(row["revision"])):
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
