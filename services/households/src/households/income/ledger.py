"""The ledger of what was paid: the highest revision of each fact, in any order, told any number of times."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from kit.bulk import columns_of, write_columns

from .tables import department_facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """到账: one revision of a payment.

    Attributes:
        source: the service whose event it is.
        type: name of the event that counts.
        month, last_month: `YYYY-MM`; the last one only where it was paid for several months.
        kind: 收入类别, or `claim` 理赔, which is no income.
    """

    source: str
    fact_id: UUID
    revision: int
    void: bool
    type: str
    household_id: UUID | None
    person_id: UUID | None = None
    job_id: UUID | None = None
    month: str
    last_month: str | None = None
    kind: str
    amount: Decimal
    recorded_at: datetime


async def take_payments(tx: AsyncConnection, payments: Sequence[Paid]) -> None:
    """Keep the highest revision of each payment; what this service pays itself it takes in the same transaction."""
    newest = {(paid.source, paid.fact_id): paid for paid in sorted(payments, key=lambda paid: paid.revision)}
    columns = columns_of([*newest.values()], department_facts.c.keys())
    await write_columns(tx, department_facts, columns, conflict="newer")
