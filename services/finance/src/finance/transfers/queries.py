"""Reading and writing public payments; what the caller may see, row security decides."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows
from directory.tables import households
from kit.bulk import as_columns, keys_written, write_rows

from .rules import Batch, Line, Transfer, TransferState
from .tables import batches, lines, transfers

_WAITING: Final = TransferState.WAITING.value

_PAYEES: Final = text("""
    SELECT l.number, l.amount, coalesce(home.number, '') AS household_number,
           coalesce(payee.masked_name, '') AS masked_name
    FROM payment_lines AS l
    JOIN transfers AS t ON t.id = l.transfer_id
    LEFT JOIN directory_aliases AS alias ON alias.household_id = t.household_id
    LEFT JOIN directory_households AS home
        ON home.id = CASE WHEN alias.into_id IS NULL THEN t.household_id ELSE alias.into_id END
    LEFT JOIN LATERAL (
        SELECT named.id, named.masked_name FROM directory_persons AS named WHERE named.id = t.person_id
        UNION ALL
        SELECT head.id, head.masked_name FROM directory_persons AS head
        WHERE t.person_id IS NULL AND head.household_id = home.id AND head.head
        ORDER BY id LIMIT 1
    ) AS payee ON true
    WHERE l.batch_id = :batch ORDER BY l.number
""")
_TIMELINESS: Final = text("""
    SELECT t.purpose, substring(t.path FROM '^[0-9]{4}/([0-9]{6})/') AS county,
           count(*) FILTER (WHERE t.due_on IS NULL) AS undated,
           count(*) FILTER (WHERE t.due_on <= :on) AS due,
           coalesce(sum(t.amount) FILTER (WHERE t.due_on <= :on), 0) AS due_amount,
           count(*) FILTER (WHERE t.due_on <= :on AND t.state = 'paid' AND t.paid_on <= t.due_on) AS in_time,
           count(*) FILTER (WHERE t.due_on <= :on AND t.state = 'paid' AND t.paid_on > t.due_on) AS late,
           count(*) FILTER (WHERE t.due_on <= :on AND t.state <> 'paid') AS overdue,
           count(*) FILTER (WHERE t.state = 'returned') AS returned,
           coalesce(sum(t.amount) FILTER (WHERE t.due_on <= :on AND t.state = 'paid'), 0) AS paid_amount
    FROM transfers AS t
    WHERE NOT t.void AND t.household_id IS NOT NULL
      AND date_part('year', coalesce(t.due_on, t.first_month)) = :year
    GROUP BY t.purpose, county ORDER BY t.purpose, county
""")


async def by_id(tx: AsyncConnection, ids: Collection[UUID], *, to_change: bool = False) -> dict[UUID, Transfer]:
    """Payments by their ids, those within the scope."""
    return await rows.by_id(tx, transfers, Transfer, ids, to_change=to_change)


async def add(tx: AsyncConnection, new: Sequence[Transfer]) -> set[UUID]:
    """Insert payments whose ids are free; gives the ids that were."""
    return set(await keys_written(tx, transfers, as_columns([asdict(one) for one in new]), conflict="keep"))


async def put(tx: AsyncConnection, changed: Sequence[Transfer]) -> None:
    """Write how payments stand now, in one statement."""
    await rows.put(tx, transfers, changed)


async def take_approved(tx: AsyncConnection, approved: Sequence[Transfer]) -> None:
    """Write what approvals say is owed; the highest revision counts, until it is in a batch."""
    if not approved:
        return
    new = insert(transfers)
    told = ("void", "amount", "due_on", "state", "approval_revision")
    values = {name: new.excluded[name] for name in told} | {"version": transfers.c.version + 1}
    still = transfers.c.state == _WAITING
    newer = transfers.c.approval_revision < new.excluded.approval_revision
    new = new.on_conflict_do_update(index_elements=["id"], set_=values, where=still & newer)
    await tx.execute(new.returning(transfers.c.id), [asdict(one) for one in approved])


async def homes(tx: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, str]:
    """Where households are managed, those that have arrived."""
    found = await tx.execute(select(households.c.id, households.c.path).where(households.c.id.in_(ids)))
    return {row.id: row.path for row in found}


async def waiting(tx: AsyncConnection, purpose: str, *, due_by: date | None, most: int) -> list[Transfer]:
    """Payments in scope that wait, of households that have arrived, the earliest due first, held until the end."""
    here = select(transfers).where(transfers.c.state == _WAITING, transfers.c.purpose == purpose, ~transfers.c.void)
    here = here.where(transfers.c.household_id.in_(select(households.c.id)))
    if due_by is not None:
        here = here.where(transfers.c.due_on <= due_by)
    here = here.order_by(transfers.c.due_on.nulls_last(), transfers.c.id).limit(most)
    found = await tx.execute(here.with_for_update(skip_locked=True))
    return [rows.of(Transfer, row) for row in found]


async def batch_by_id(tx: AsyncConnection, id_: UUID, *, to_change: bool = False) -> Batch | None:
    """One batch, if it is in scope."""
    return (await rows.by_id(tx, batches, Batch, [id_], to_change=to_change)).get(id_)


async def put_batch(tx: AsyncConnection, batch: Batch) -> None:
    """Insert or replace a batch."""
    await rows.put(tx, batches, [batch])


async def lines_of(tx: AsyncConnection, batch_id: UUID) -> dict[int, Line]:
    """The lines of a batch, by number."""
    found = await tx.execute(select(lines).where(lines.c.batch_id == batch_id).order_by(lines.c.number))
    return {row.number: rows.of(Line, row) for row in found}


async def put_lines(tx: AsyncConnection, changed: Sequence[Line]) -> None:
    """Insert or replace lines."""
    await write_rows(tx, lines, [asdict(line) for line in changed], conflict="replace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """收款明细: a line of the payment file; the name is masked."""

    number: int
    household_number: str
    masked_name: str
    amount: Decimal


async def payees(tx: AsyncConnection, batch_id: UUID) -> list[Payee]:
    """The lines of a batch with whom they are for: the person, else the head of the household."""
    found = await tx.execute(_PAYEES, {"batch": batch_id})
    return [rows.of(Payee, row) for row in found]


async def transfers_page(
    tx: AsyncConnection, filters: dict[str, object], *, unmatched: bool, after: UUID | None, limit: int
) -> list[Transfer]:
    """Payments in scope, in the order of ids; a filter that is None is none."""
    wanted = select(transfers).order_by(transfers.c.id).limit(limit)
    wanted = wanted.filter_by(**{name: value for name, value in filters.items() if value is not None})
    if unmatched:
        wanted = wanted.where(transfers.c.household_id.is_(None))
    if after is not None:
        wanted = wanted.where(transfers.c.id > after)
    return [rows.of(Transfer, row) for row in await tx.execute(wanted)]


async def batches_page(
    tx: AsyncConnection, filters: dict[str, object], *, after: UUID | None, limit: int
) -> list[Batch]:
    """Batches in scope, in the order of ids."""
    wanted = select(batches).order_by(batches.c.id).limit(limit)
    wanted = wanted.filter_by(**{name: value for name, value in filters.items() if value is not None})
    if after is not None:
        wanted = wanted.where(batches.c.id > after)
    return [rows.of(Batch, row) for row in await tx.execute(wanted)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeliness:
    """发放及时率: of a purpose and county, what was due by a day and what of it was paid; counts, and yuan.

    Attributes:
        undated: without a planned day, so that nobody can say whether they are late.
        overdue: due and not paid, those that came back too.
    """

    purpose: str
    county: str | None
    undated: int
    due: int
    due_amount: Decimal
    in_time: int
    late: int
    overdue: int
    returned: int
    paid_amount: Decimal


async def timeliness(tx: AsyncConnection, year: int, on: date) -> list[Timeliness]:
    """Whether public payments planned for a year were paid in time and in full, by purpose and county."""
    found = await tx.execute(_TIMELINESS, {"year": year, "on": on})
    return [rows.of(Timeliness, row) for row in found]
