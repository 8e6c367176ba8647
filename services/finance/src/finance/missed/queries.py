"""Reading missed repayments; what the caller may see, row security decides."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows

from .rules import MissedRepayment
from .tables import missed_repayments


async def find(tx: AsyncConnection, missed_id: UUID) -> MissedRepayment | None:
    """One in scope."""
    return (await rows.by_id(tx, missed_repayments, MissedRepayment, [missed_id])).get(missed_id)


async def of_loan(tx: AsyncConnection, *, department: str, loan_number: str, due_on: date) -> MissedRepayment | None:
    """The standing report of a bank's loan and due date."""
    same = {"department": department, "loan_number": loan_number, "due_on": due_on, "void": False}
    row = (await tx.execute(select(missed_repayments).filter_by(**same))).first()
    return rows.of(MissedRepayment, row) if row else None


async def is_behind(tx: AsyncConnection, household_id: UUID) -> bool:
    """Whether a missed repayment of the household stands uncured."""
    standing = ~missed_repayments.c.void & missed_repayments.c.cured_on.is_(None)
    wanted = select(missed_repayments.c.id).where(missed_repayments.c.household_id == household_id, standing)
    return (await tx.execute(wanted.limit(1))).first() is not None


async def is_reported(tx: AsyncConnection, *, household_id: UUID | None, department: str, loan_number: str) -> bool:
    """Whether reports of a loan number stand, for the household or by the department."""
    whose = (missed_repayments.c.household_id == household_id) | (missed_repayments.c.department == department)
    same = (missed_repayments.c.loan_number == loan_number) & ~missed_repayments.c.void
    return (await tx.execute(select(missed_repayments.c.id).where(whose, same).limit(1))).first() is not None


async def put(tx: AsyncConnection, missed: Sequence[MissedRepayment]) -> None:
    """Insert or replace reports."""
    await rows.put(tx, missed_repayments, missed)


async def page(
    tx: AsyncConnection, *, household_id: UUID | None, open_only: bool, after: UUID | None, limit: int
) -> list[MissedRepayment]:
    """Reports in scope, void ones too, in the order of ids."""
    wanted = select(missed_repayments).order_by(missed_repayments.c.id).limit(limit)
    if household_id is not None:
        wanted = wanted.where(missed_repayments.c.household_id == household_id)
    if open_only:
        wanted = wanted.where(~missed_repayments.c.void, missed_repayments.c.cured_on.is_(None))
    if after is not None:
        wanted = wanted.where(missed_repayments.c.id > after)
    return [rows.of(MissedRepayment, row) for row in await tx.execute(wanted)]
