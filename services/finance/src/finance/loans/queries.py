"""Reading and writing loans; what the caller may see, row security decides."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows

from .rules import Delay, Loan, Repayment, Stage
from .tables import delays, loans, repayments

OPEN = (Stage.APPLIED, Stage.APPROVED, Stage.DISBURSED)


async def by_id(tx: AsyncConnection, ids: Collection[UUID], *, to_change: bool = False) -> dict[UUID, Loan]:
    """Loans by their ids, those within the scope."""
    return await rows.by_id(tx, loans, Loan, ids, to_change=to_change)


async def repayments_of(tx: AsyncConnection, loan_ids: Collection[UUID]) -> dict[UUID, list[Repayment]]:
    """The repayments of loans, void ones too, in the order of days."""
    wanted = select(repayments).where(repayments.c.loan_id.in_(loan_ids))
    found: dict[UUID, list[Repayment]] = defaultdict(list)
    for row in await tx.execute(wanted.order_by(repayments.c.paid_on, repayments.c.id)):
        found[row.loan_id].append(rows.of(Repayment, row))
    return found


async def delays_of(tx: AsyncConnection, loan_ids: Collection[UUID]) -> dict[UUID, dict[int, Delay]]:
    """What was told of the delays of loans, by instalment."""
    found: dict[UUID, dict[int, Delay]] = defaultdict(dict)
    for row in await tx.execute(select(delays).where(delays.c.loan_id.in_(loan_ids))):
        found[row.loan_id][row.number] = rows.of(Delay, row)
    return found


async def put_loans(tx: AsyncConnection, changed: Sequence[Loan]) -> None:
    """Insert or replace loans."""
    await rows.put(tx, loans, changed)


async def put_repayments(tx: AsyncConnection, changed: Sequence[Repayment]) -> None:
    """Insert or replace repayments."""
    await rows.put(tx, repayments, changed)


async def put_delays(tx: AsyncConnection, changed: Sequence[Delay]) -> None:
    """Insert or replace delays."""
    await rows.put(tx, delays, changed)


async def open_of(tx: AsyncConnection, household_id: UUID | None, blind_index: str | None = None) -> list[Loan]:
    """The open loans and applications of a household, or of somebody not registered yet."""
    whose = and_(loans.c.household_id.is_(None), loans.c.blind_index == blind_index)
    if household_id is not None:
        whose = and_(loans.c.household_id == household_id)
    found = await tx.execute(select(loans).where(whose, loans.c.stage.in_(OPEN)).order_by(loans.c.id))
    return [rows.of(Loan, row) for row in found]


async def kept_numbers(
    tx: AsyncConnection, named: Collection[tuple[UUID | None, str]], *, department: str | None = None
) -> set[tuple[UUID | None, str]]:
    """Which of these households and loan numbers are loans kept here; a number of one's own department always is."""
    wanted = select(loans.c.household_id, loans.c.loan_number, loans.c.department).where(
        loans.c.loan_number.in_({number for _, number in named})
    )
    found = list(await tx.execute(wanted))
    here = {(row.household_id, row.loan_number) for row in found}
    own = {row.loan_number for row in found if row.department == department}
    return {(household_id, number) for household_id, number in named if (household_id, number) in here or number in own}


async def number_taken(tx: AsyncConnection, *, department: str, loan_number: str) -> bool:
    """Whether the department has a loan of this number."""
    mine = loans.c.department == department
    return (await tx.execute(select(loans.c.id).where(mine, loans.c.loan_number == loan_number))).first() is not None


async def passed_due(tx: AsyncConnection, *, on: date, after: UUID | None, most: int) -> list[Loan]:
    """Loans of which time has made another instalment overdue, in the order of ids."""
    wanted = select(loans).where(loans.c.look_on <= on)
    if after is not None:
        wanted = wanted.where(loans.c.id > after)
    return [rows.of(Loan, row) for row in await tx.execute(wanted.order_by(loans.c.id).limit(most))]


async def page(
    tx: AsyncConnection,
    *,
    household_id: UUID | None,
    stage: Stage | None,
    product: str | None,
    overdue_by: tuple[date, int] | None,
    after: UUID | None,
    limit: int,
) -> list[Loan]:
    """Loans in scope in the order of ids; `overdue_by` keeps those overdue for so many days on a day."""
    wanted = select(loans).order_by(loans.c.id).limit(limit)
    for column, value in ((loans.c.household_id, household_id), (loans.c.stage, stage), (loans.c.product, product)):
        if value is not None:
            wanted = wanted.where(column == value)
    if overdue_by is not None:
        wanted = wanted.where(_overdue_by(*overdue_by))
    if after is not None:
        wanted = wanted.where(loans.c.id > after)
    return [rows.of(Loan, row) for row in await tx.execute(wanted)]


def _overdue_by(on: date, days: int) -> ColumnElement[bool]:
    return loans.c.overdue_since <= on - timedelta(days=days)
