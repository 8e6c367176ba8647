"""Saying that a household changed, finding those that are due, noting when they are due again.

Whoever writes what a rule reads calls `mark` in the same transaction, under the household's key: no change is missed,
and no change waits for the check.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Transaction, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.bulk import write_columns, write_rows

from .tables import household_checks

__all__ = ["NEVER", "due", "mark", "settle"]

NEVER: Final = date.max
"""No day to come changes anything."""


_marked: WeakKeyDictionary[Transaction, set[UUID]] = WeakKeyDictionary()


async def mark(tx: AsyncConnection, household_ids: Collection[UUID]) -> None:
    """These households are to be checked again; their keys are held.

    An import says it of the same ones four times in a transaction, and writes it once.
    """
    marked = _marked_within(tx)
    ids = sorted(set(household_ids) - marked)
    told: dict[str, list[Any]] = {"household_id": ids, "due_on": [date.min] * len(ids), "edition": [0] * len(ids)}
    await write_columns(tx, household_checks, told, conflict="replace")
    marked.update(ids)


def _marked_within(tx: AsyncConnection) -> set[UUID]:
    """What was marked since the transaction began, or its innermost savepoint, with which a mark may be taken back."""
    connection = tx.sync_connection
    within = connection and (connection.get_nested_transaction() or connection.get_transaction())
    return _marked.setdefault(within, set()) if isinstance(within, Transaction) else set()


async def due(tx: AsyncConnection, on: date, edition: int, *, limit: int) -> list[UUID]:
    """Households to be checked: changed, due by their dates, or checked by other rules or policy values than now."""
    checks = household_checks.c
    # below or above, as no index finds what differs
    other = or_(checks.edition < edition, checks.edition > edition)
    query = select(checks.household_id).where(or_(checks.due_on <= on, other))
    return list((await tx.execute(query.limit(limit))).scalars())


async def settle(tx: AsyncConnection, due_on: Mapping[UUID, date], *, edition: int) -> None:
    """These households were checked; each is due again on its day."""
    rows = [{"household_id": id_, "due_on": day, "edition": edition} for id_, day in due_on.items()]
    await write_rows(tx, household_checks, rows, conflict="replace")
    _marked_within(tx).difference_update(due_on)
